//! Documents that come whole. Their bytes become durable with the page; own work that they do not hold yet
//! stays on top of them.

use super::{
    Applying,
    held::{Held, Place, push_ids},
};
use crate::{
    error::DeviceError,
    store::document::{self, state},
};
use samspor_documents::{guard, id::DocumentId};
use samspor_protocol::{limits, reason::Reason, tag::Tag};
use sqlx::{QueryBuilder, Sqlite};

/// A change of this device, by its document and hash.
pub(super) type OwnChange = (DocumentId, [u8; 32]);

/// A whole document on its way into the store.
pub(super) struct Whole {
    place: Place,
    bytes: Vec<u8>,
    heads: Vec<[u8; 32]>,
    tag: Option<Tag>,
    /// Why it cannot be read.
    aside: Option<String>,
    is_here: bool,
    /// Own changes that it holds.
    confirmed: Vec<OwnChange>,
}

/// What a whole document means for what is held.
pub(super) fn received(
    applying: &mut Applying,
    place: Place,
    bytes: Vec<u8>,
    held: &Held,
) -> Whole {
    let read = if bytes.len() > limits::DOCUMENT_BYTES_MAX {
        Err(guard::GuardError::TooLarge {
            bytes_max: limits::DOCUMENT_BYTES_MAX,
        })
    } else {
        guard::snapshot_heads(&bytes)
    };
    let (heads, tag, aside) = match read {
        Ok(heads) => {
            let tag = Tag::of_open_document(place.document, &heads);
            (heads, Some(tag), None)
        }
        Err(error) => (Vec::new(), None, Some(error.to_string())),
    };
    applying.received += 1;
    applying.replace_tag(held.tag, tag);
    Whole {
        confirmed: own_in(place.document, &bytes, held),
        place,
        bytes,
        heads,
        tag,
        aside,
        is_here: held.is_here,
    }
}

/// The own changes that a snapshot holds. Only where there are any is it loaded here.
fn own_in(document: DocumentId, snapshot: &[u8], held: &Held) -> Vec<OwnChange> {
    if held.own.is_empty() {
        return Vec::new();
    }
    let Ok(loaded) = guard::load(snapshot, document::BYTES_MAX) else {
        return Vec::new();
    };
    let own = held.own.keys().filter(|hash| loaded.has_change(hash));
    own.map(|hash| (document, *hash)).collect()
}

/// Writes them, many per statement.
pub(super) async fn insert(applying: &mut Applying, whole: Vec<Whole>) -> Result<(), DeviceError> {
    if whole.is_empty() {
        return Ok(());
    }
    let here = whole.iter().filter(|one| one.is_here);
    let here: Vec<DocumentId> = here.map(|one| one.place.document).collect();
    let confirmed: Vec<_> = whole.iter().flat_map(|one| one.confirmed.clone()).collect();
    let mut query = QueryBuilder::new(
        "INSERT INTO documents (document, space, seq, received_at, receipt, tag, heads, stamp, indexed, aside, snapshot) ",
    );
    query.push_values(whole, |mut row, one| {
        row.push_bind(one.place.document.as_bytes().to_vec())
            .push_bind(one.place.space.as_bytes().to_vec())
            .push_bind(one.place.seq)
            .push_bind(one.place.received_at)
            .push_bind(one.place.receipt.0.to_vec())
            .push_bind(one.tag.map(|tag| tag.0.to_vec()))
            .push_bind(one.heads.concat())
            .push("1")
            .push("0")
            .push_bind(one.aside)
            .push_bind(one.bytes);
    });
    query.push(
        " ON CONFLICT (document) DO UPDATE SET space = excluded.space, seq = excluded.seq,
          received_at = excluded.received_at, receipt = excluded.receipt, tag = excluded.tag,
          heads = excluded.heads, stamp = documents.stamp + 1,
          aside = excluded.aside, snapshot = excluded.snapshot",
    );
    query.build().execute(&mut *applying.tx).await?;
    if !here.is_empty() {
        let mut query = QueryBuilder::new("DELETE FROM changes WHERE own = 0 AND document IN (");
        push_ids(&mut query, here.into_iter());
        query.build().execute(&mut *applying.tx).await?;
    }
    confirm(applying, &confirmed, state::FOLDED).await
}

/// Own changes that the server told of: no longer only this device's.
pub(super) async fn confirm(
    applying: &mut Applying,
    changes: &[OwnChange],
    state: i64,
) -> Result<(), DeviceError> {
    for chunk in changes.chunks(crate::store::sql::CHUNK) {
        let mut query = told(chunk);
        query
            .push(" UPDATE changes SET state = ")
            .push_bind(state)
            .push(" WHERE own = 1 AND (document, hash) IN (SELECT document, hash FROM told)");
        query.build().execute(&mut *applying.tx).await?;
        let mut query = told(chunk);
        // What is left over of a published draft stays so, even where a late answer still holds the draft.
        query
            .push(
                " UPDATE outbox SET state = 1, reason = NULL, detail = NULL
                 WHERE state <> 1 AND coalesce(reason, '') <> ",
            )
            .push_bind(Reason::Superseded.code())
            .push(" AND document IS NOT NULL AND (document, hash) IN (SELECT document, hash FROM told)");
        query.build().execute(&mut *applying.tx).await?;
    }
    Ok(())
}

/// A statement that goes on with these changes as a table.
fn told(changes: &[OwnChange]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("WITH told (document, hash) AS (");
    query.push_values(changes, |mut row, (document, hash)| {
        row.push_bind(document.as_bytes().to_vec())
            .push_bind(hash.to_vec());
    });
    query.push(")");
    query
}
