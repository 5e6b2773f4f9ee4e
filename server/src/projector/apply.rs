//! A document's next changes applied to it. CPU only; whatever goes wrong in the library stays in its document.

use super::{
    read::{LoggedChange, TouchedDocument},
    render::{self, Rendered, TimelineRow},
};
use crate::{
    access::GroundKind,
    log::{Secret, Seq},
};
use samspor_documents::{
    document::Document,
    guard::{self, GuardError},
    id::{DeviceId, DocumentId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::limits;

/// A stored snapshot may be this much: what admission let in, and room for the library's own tables.
const SNAPSHOT_BYTES_MAX: usize = 2 * limits::DOCUMENT_BYTES_MAX;

/// A change that could not be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aside {
    pub seq: Seq,
    pub device: DeviceId,
    pub hash: [u8; 32],
    /// For support: one English sentence, nothing of the content.
    pub detail: String,
}

/// A document after its changes of a batch.
#[derive(Debug)]
pub(super) struct Projected {
    pub document: DocumentId,
    pub space: SpaceId,
    pub ground: i64,
    pub received_at: UnixMillis,
    pub first_seq: Seq,
    /// Whether it has a row for pages: what stands in a private space has none.
    pub is_rendered: bool,
    /// The newest state, none when no change of the batch could be applied.
    pub state: Option<NewState>,
    pub aside: Vec<Aside>,
}

/// A document's newest state.
#[derive(Debug)]
pub(super) struct NewState {
    pub last_seq: Seq,
    pub heads: Vec<[u8; 32]>,
    pub snapshot: Vec<u8>,
    /// Its row; none when it is not rendered or could not be: it is fed all the same.
    pub row: Option<TimelineRow>,
}

fn aside(change: &LoggedChange, error: &GuardError) -> Aside {
    Aside {
        seq: change.seq,
        device: change.device,
        hash: change.hash,
        detail: error.to_string(),
    }
}

/// Applies a document's changes in log order. Never panics, never fails: what cannot be applied is set aside.
pub(super) fn apply(secret: &Secret, touched: TouchedDocument) -> Projected {
    let outcome = guard::guarded(|| apply_changes(secret, &touched)).and_then(|outcome| outcome);
    let (state, aside) = outcome.unwrap_or_else(|error| {
        let all = touched.changes.iter().map(|change| aside(change, &error));
        (None, all.collect())
    });
    Projected {
        document: touched.document,
        space: touched.space,
        ground: touched.ground,
        received_at: touched.received_at,
        first_seq: touched.first_seq,
        is_rendered: touched.kind != GroundKind::Private,
        state,
        aside,
    }
}

type Outcome = (Option<NewState>, Vec<Aside>);

fn apply_changes(secret: &Secret, touched: &TouchedDocument) -> Result<Outcome, GuardError> {
    let mut document = match &touched.snapshot {
        Some(snapshot) => guard::load(snapshot, SNAPSHOT_BYTES_MAX)?,
        None => Document::empty(),
    };
    let mut last_seq = None;
    let mut asides = Vec::new();
    for change in &touched.changes {
        match guard::apply(&mut document, &change.body) {
            Ok(_) => last_seq = Some(change.seq),
            Err(error) => asides.push(aside(change, &error)),
        }
    }
    let state = match last_seq {
        Some(last_seq) => {
            let snapshot = document.save();
            Some(NewState {
                last_seq,
                heads: document.heads(),
                snapshot,
                row: row(secret, touched, &document, last_seq),
            })
        }
        None => None,
    };
    Ok((state, asides))
}

/// What pages show of it. Of what stands in a private space they show nothing, and nothing is made.
fn row(
    secret: &Secret,
    touched: &TouchedDocument,
    document: &Document,
    seq: Seq,
) -> Option<TimelineRow> {
    if touched.kind == GroundKind::Private {
        return None;
    }
    let rendered = Rendered {
        id: touched.document,
        document,
        in_case: touched.kind == GroundKind::Cases,
        received_at: touched.received_at,
        seq,
    };
    guard::guarded(|| render::render(secret, &rendered))
        .ok()
        .flatten()
}
