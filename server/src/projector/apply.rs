//! A document's next changes applied to it. CPU only; whatever goes wrong in the library stays in its document.

use super::{
    filed::FiledText,
    read::{LoggedChange, LoggedRecord, LoggedSignature, TouchedDocument},
    render::{self, Placed, TimelineRow},
};
use crate::{
    access::GroundKind,
    log::{Secret, Seq},
};
use samspor_documents::{
    document::Document,
    guard::{self, GuardError},
    id::{DeviceId, DocumentId, SpaceId},
    reading::Reading,
    signed::SignedText,
    template::Templates,
    time::UnixMillis,
};
use samspor_protocol::{limits, sign::SignedRecord};
use std::sync::Arc;

/// A stored snapshot may be this much: what admission let in, and room for the library's own tables.
pub(super) const SNAPSHOT_BYTES_MAX: usize = 2 * limits::DOCUMENT_BYTES_MAX;

/// What documents are made into rows with.
#[derive(Clone)]
pub(super) struct With {
    pub secret: Secret,
    pub templates: Arc<Templates>,
}

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
    /// What it says, where it is a copy that was filed.
    pub filed: Option<FiledText>,
    pub aside: Vec<Aside>,
}

/// A document's newest state.
#[derive(Debug)]
pub(super) struct NewState {
    pub last_seq: Seq,
    /// What a device holds of it.
    pub content: NewContent,
    /// Its row; none when it is not rendered or could not be: it is fed all the same.
    pub row: Option<TimelineRow>,
}

/// What a device holds of a document.
#[derive(Debug)]
pub(super) enum NewContent {
    /// An open document.
    Open {
        heads: Vec<[u8; 32]>,
        snapshot: Vec<u8>,
    },
    /// A signed one, or a record that was filed. Its snapshot, if any, stays as it is.
    Signed { hash: [u8; 32], bytes: usize },
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
pub(super) fn apply(with: &With, touched: TouchedDocument) -> Projected {
    let outcome = guard::guarded(|| apply_changes(with, &touched)).and_then(|outcome| outcome);
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
        is_rendered: is_rendered(touched.kind),
        state,
        filed: touched.filed.and_then(|filed| filed.text),
        aside,
    }
}

type Outcome = (Option<NewState>, Vec<Aside>);

fn apply_changes(with: &With, touched: &TouchedDocument) -> Result<Outcome, GuardError> {
    let (state, asides) = match touched.changes.is_empty() {
        true => (None, Vec::new()),
        false => open_state(with, touched)?,
    };
    if let Some(filed) = &touched.filed {
        return Ok((Some(filed_state(with, touched, filed)), asides));
    }
    // A signature comes after every change that it froze: nothing is logged behind it.
    let signed = touched.signed.as_ref();
    Ok((
        signed
            .map(|signed| signed_state(with, touched, signed))
            .or(state),
        asides,
    ))
}

fn open_state(with: &With, touched: &TouchedDocument) -> Result<Outcome, GuardError> {
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
    let state = last_seq.map(|last_seq| NewState {
        last_seq,
        content: NewContent::Open {
            heads: document.heads(),
            snapshot: document.save(),
        },
        row: row(with, touched, last_seq, || {
            Some(document.reading(&with.templates))
        }),
    });
    Ok((state, asides))
}

fn signed_state(with: &With, touched: &TouchedDocument, signed: &LoggedSignature) -> NewState {
    NewState {
        last_seq: signed.seq,
        content: NewContent::Signed {
            hash: signed.hash,
            bytes: signed.text.len(),
        },
        row: row(with, touched, signed.seq, || {
            let text = SignedText::decode(&signed.text).ok()?;
            Some(text.reading(&with.templates))
        }),
    }
}

/// A record is a signed document like any other; what it says is read from the text inside.
fn filed_state(with: &With, touched: &TouchedDocument, filed: &LoggedRecord) -> NewState {
    NewState {
        last_seq: filed.seq,
        content: NewContent::Signed {
            hash: filed.hash,
            bytes: filed.record.len(),
        },
        row: row(with, touched, filed.seq, || {
            let record = SignedRecord::from_file(&filed.record).ok()?;
            let text = SignedText::decode(&record.text).ok()?;
            Some(text.reading(&with.templates))
        })
        .map(|row| TimelineRow {
            adds_to: filed.text.and_then(|text| text.entry).or(row.adds_to),
            ..row
        }),
    }
}

/// Whether pages show anything of a document. What stands in a private space or in a circle of chosen participants
/// stands on no timeline: what it says is kept nowhere but in the document.
const fn is_rendered(kind: GroundKind) -> bool {
    !matches!(kind, GroundKind::Private | GroundKind::Chosen)
}

/// What pages show of it, where they show anything.
fn row(
    with: &With,
    touched: &TouchedDocument,
    seq: Seq,
    read: impl FnOnce() -> Option<Reading>,
) -> Option<TimelineRow> {
    if !is_rendered(touched.kind) {
        return None;
    }
    let placed = Placed {
        id: touched.document,
        in_case: touched.kind == GroundKind::Cases,
        received_at: touched.received_at,
        seq,
    };
    guard::guarded(|| render::render(with, &read()?, &placed))
        .ok()
        .flatten()
}
