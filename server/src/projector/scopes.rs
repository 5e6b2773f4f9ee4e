//! Scopes that shares open: which items they cover, and their sums beside those of the grounds the items stand on.
//!
//! A scope is counted from the batch on that has its first share: what stood in it before is summed then, once, from the
//! items; afterwards it moves with them.

use super::sums::{Movement, NewItem};
use crate::{
    log::Seq,
    store::{StoreError, Tx, hex_list, id16},
};
use samspor_documents::{id::DocumentId, time::UnixMillis};
use samspor_protocol::{fact::FactBody, tag::Tag};
use std::collections::{BTreeMap, BTreeSet};

/// A scope that the projector counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub ground: i64,
    pub space: [u8; 16],
    /// The whole case when none.
    pub document: Option<[u8; 16]>,
}

/// What of a fact decides which scopes cover it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cover {
    /// The document that it is about.
    pub about: Option<DocumentId>,
    /// Whether it is told to those of its ground only.
    pub own_only: bool,
}

impl Cover {
    /// Of what a fact says; one of a kind that this build does not know is told to nobody by a share.
    pub(super) fn of(body: Option<&FactBody>) -> Self {
        match body {
            Some(FactBody::CoSignature(one)) => Self {
                about: Some(one.document),
                own_only: false,
            },
            Some(FactBody::Restriction(one)) => Self {
                about: Some(one.document),
                own_only: false,
            },
            Some(FactBody::Shared(_)) | None => Self {
                about: None,
                own_only: true,
            },
            Some(_) => Self::default(),
        }
    }
}

impl Counted {
    /// Whether the scope covers an item.
    pub(super) fn covers(&self, item: &NewItem) -> bool {
        if item.own_only || item.space != self.space {
            return false;
        }
        self.document.is_none_or(|document| match item.kind {
            1 => item.id == document,
            _ => item.about == Some(document),
        })
    }
}

/// The counted scopes in the spaces of a batch.
pub(super) async fn read(
    tx: &mut Tx,
    spaces: &BTreeSet<[u8; 16]>,
) -> Result<Vec<Counted>, StoreError> {
    let rows: Vec<(i64, Vec<u8>, Option<Vec<u8>>)> = sqlx::query_as(
        "SELECT p.ground, p.space, p.document FROM json_each(?) AS wanted
         CROSS JOIN scopes AS p ON p.space = unhex(wanted.value) AND p.counted = 1",
    )
    .bind(hex_list(spaces))
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|(ground, space, document)| {
            Ok(Counted {
                ground,
                space: id16("scope", &space)?,
                document: document
                    .map(|document| id16("scope", &document))
                    .transpose()?,
            })
        })
        .collect()
}

/// Counts the scopes whose first share is projected now, after the batch's items are written.
pub(super) async fn count_new(
    tx: &mut Tx,
    upto: Seq,
) -> Result<BTreeMap<i64, Movement>, StoreError> {
    let rows: Vec<(i64, Vec<u8>, Option<Vec<u8>>)> = sqlx::query_as(
        "SELECT ground, space, document FROM scopes WHERE counted = 0 AND since_seq <= ?",
    )
    .bind(upto)
    .fetch_all(&mut **tx)
    .await?;
    let mut movements = BTreeMap::new();
    for (ground, space, document) in rows {
        let items: Vec<(Vec<u8>, Seq)> = match document {
            None => sqlx::query_as(
                "SELECT tag, last_seq FROM items WHERE state <= 1 AND own_only = 0 AND space = ?",
            )
            .bind(space)
            .fetch_all(&mut **tx)
            .await?,
            Some(document) => {
                sqlx::query_as(
                    "SELECT tag, last_seq FROM items WHERE state <= 1 AND kind = 1 AND id = ?1
                     UNION ALL SELECT tag, last_seq FROM items
                     WHERE state <= 1 AND own_only = 0 AND about = ?1",
                )
                .bind(document)
                .fetch_all(&mut **tx)
                .await?
            }
        };
        let mut movement = Movement::default();
        for (tag, last_seq) in items {
            movement.digest = movement.digest.with(Tag(id16("item", &tag)?));
            movement.items = movement.items.saturating_add(1);
            movement.last_seq = movement.last_seq.max(last_seq);
        }
        movements.insert(ground, movement);
    }
    if !movements.is_empty() {
        sqlx::query("UPDATE scopes SET counted = 1 WHERE counted = 0 AND since_seq <= ?")
            .bind(upto)
            .execute(&mut **tx)
            .await?;
    }
    Ok(movements)
}

/// When the next share ends by itself.
pub(super) async fn due(tx: &mut Tx) -> Result<Option<UnixMillis>, StoreError> {
    let due: Option<i64> = sqlx::query_scalar(
        "SELECT min(until_at) FROM shares WHERE until_seq IS NULL AND until_at IS NOT NULL",
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(due.map(UnixMillis))
}
