//! What the store holds of the documents that a page speaks of, read many at a time.

use crate::{
    error::DeviceError,
    store::{Tx, sql},
};
use samspor_documents::id::{DocumentId, SpaceId};
use samspor_protocol::{
    feed::{DocumentItem, Receipt},
    tag::Tag,
};
use sqlx::{QueryBuilder, Row as _, Sqlite};
use std::collections::HashMap;

/// A document as the store holds it. The default: nothing of it.
#[derive(Default)]
pub(super) struct Held {
    /// Whether its row is there; own changes may be there without it.
    pub(super) is_here: bool,
    pub(super) seq: Option<i64>,
    pub(super) tag: Option<Tag>,
    pub(super) heads: Vec<[u8; 32]>,
    /// Whether it is signed: one of [`crate::store::signed::state`].
    pub(super) signed: i64,
    /// Whether it is set aside.
    pub(super) is_aside: bool,
    /// This device's own changes that are not in the snapshot.
    pub(super) own: HashMap<[u8; 32], Own>,
}

/// An own change.
pub(super) struct Own {
    pub(super) deps: Vec<[u8; 32]>,
    pub(super) state: i64,
}

/// Where a document stands in the log.
pub(super) struct Place {
    pub(super) document: DocumentId,
    pub(super) space: SpaceId,
    pub(super) seq: i64,
    pub(super) received_at: i64,
    pub(super) receipt: Receipt,
}

impl Place {
    /// Where an item stands.
    pub(super) fn of(item: &DocumentItem) -> Self {
        Self {
            document: item.document,
            space: item.space,
            seq: sql::seq_column(item.seq),
            received_at: item.received_at.0,
            receipt: item.receipt,
        }
    }
}

/// Reads a tag from its column.
pub(crate) fn tag_of(bytes: Option<&[u8]>) -> Result<Option<Tag>, DeviceError> {
    bytes
        .map(|bytes| {
            bytes
                .try_into()
                .map(Tag)
                .map_err(|_| DeviceError::Damaged { what: "tag" })
        })
        .transpose()
}

/// Puts ids and the closing bracket after `IN (`.
pub(crate) fn push_ids(query: &mut QueryBuilder<Sqlite>, ids: impl Iterator<Item = DocumentId>) {
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id.as_bytes().to_vec());
    }
    query.push(")");
}

/// What is held of these documents.
pub(super) async fn held(
    tx: &mut Tx,
    items: &[DocumentItem],
) -> Result<HashMap<DocumentId, Held>, DeviceError> {
    let mut held: HashMap<DocumentId, Held> = HashMap::new();
    let mut query = QueryBuilder::new(
        "SELECT document, seq, tag, heads, signed, aside IS NOT NULL FROM documents WHERE document IN (",
    );
    push_ids(&mut query, items.iter().map(|item| item.document));
    for row in query.build().fetch_all(&mut **tx).await? {
        let one = Held {
            is_here: true,
            seq: row.try_get(1)?,
            tag: tag_of(row.try_get(2)?)?,
            heads: sql::hashes(row.try_get(3)?)?,
            signed: row.try_get(4)?,
            is_aside: row.try_get(5)?,
            own: HashMap::new(),
        };
        held.insert(sql::id(&row, 0)?, one);
    }
    let mut query = QueryBuilder::new(
        "SELECT document, hash, deps, state FROM changes WHERE own = 1 AND state <> 3 AND document IN (",
    );
    push_ids(&mut query, items.iter().map(|item| item.document));
    for row in query.build().fetch_all(&mut **tx).await? {
        let own = Own {
            deps: sql::hashes(row.try_get(2)?)?,
            state: row.try_get(3)?,
        };
        let hash = sql::hash32(row.try_get(1)?)?;
        let document: DocumentId = sql::id(&row, 0)?;
        held.entry(document).or_default().own.insert(hash, own);
    }
    Ok(held)
}
