//! Scopes that shares and assignments open: which items they cover, and their sums beside those of the grounds the items
//! stand on.
//!
//! A scope is counted from the batch on that has its first entry (a first share, a case that is opened, a caseload that
//! becomes by assignment): what stood in it before is summed then, once, from the
//! items; afterwards it moves with them.

use super::{
    read::OldItem,
    sums::{Movement, NewItem},
};
use crate::{
    log::Seq,
    store::{StoreError, Tx, hex_list, id16},
};
use samspor_documents::{id::DocumentId, time::UnixMillis};
use samspor_protocol::{fact::FactBody, tag::Tag};
use std::collections::{BTreeMap, BTreeSet};

/// What of its space a scope covers, as `scopes.cover` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// What is shared of a case: all of it, or one document.
    Shared(Option<[u8; 16]>),
    /// A case with all that is told in it to its own people.
    Own,
    /// What a team, on the ground of its cases, is told of shares with it.
    Told,
}

/// A scope that the projector counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub ground: i64,
    pub space: [u8; 16],
    /// The ground of its team's cases.
    pub cases: i64,
    pub reach: Reach,
}

/// What of a fact decides which scopes cover it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cover {
    /// The document that it is about.
    pub about: Option<DocumentId>,
    /// Whether it is told to the case's own people only.
    pub own_only: bool,
    /// Whether it tells the recipient of a share of it.
    pub told: bool,
}

impl Cover {
    /// Of what a fact says; one of a kind that this build does not know is told to nobody by a share.
    pub(super) fn of(body: Option<&FactBody>) -> Self {
        match body {
            Some(FactBody::CoSignature(one)) => Self {
                about: Some(one.document),
                ..Self::default()
            },
            Some(FactBody::Restriction(one)) => Self {
                about: Some(one.document),
                ..Self::default()
            },
            Some(FactBody::Received(_)) => Self {
                told: true,
                ..Self::default()
            },
            Some(FactBody::Shared(_) | FactBody::Assignment(_)) | None => Self {
                own_only: true,
                ..Self::default()
            },
            Some(_) => Self::default(),
        }
    }
}

impl Counted {
    /// Whether the scope covers an item.
    pub(super) fn covers(&self, item: &NewItem) -> bool {
        match self.reach {
            Reach::Told => item.told && item.ground == self.cases,
            Reach::Own => item.space == self.space,
            Reach::Shared(_) if item.own_only || item.space != self.space => false,
            Reach::Shared(document) => document.is_none_or(|document| {
                let is_it = item.kind == 1 && item.id == document;
                is_it || item.about == Some(document) || item.with_entry == Some(document)
            }),
        }
    }

    /// Whether what an item was before is in the scope's sums, where the scope covers what it is now: it is not where it
    /// became an addition to the scope's document.
    pub(super) fn covered(&self, old: &OldItem, item: &NewItem) -> bool {
        match self.reach {
            Reach::Shared(Some(document)) if item.with_entry == Some(document) => {
                old.with_entry == Some(document)
            }
            _ => true,
        }
    }
}

/// Scope, case, document, ground of its team's cases, what it covers.
type Row = (i64, Vec<u8>, Option<Vec<u8>>, i64, i64);

fn counted((ground, space, document, cases, cover): Row) -> Result<Counted, StoreError> {
    let document = document
        .map(|document| id16("scope", &document))
        .transpose()?;
    Ok(Counted {
        ground,
        space: id16("scope", &space)?,
        cases,
        reach: match cover {
            0 => Reach::Shared(document),
            1 => Reach::Own,
            2 => Reach::Told,
            _ => return Err(StoreError::Damaged { what: "scope" }),
        },
    })
}

/// The counted scopes in the spaces of a batch, and over what is told on the grounds where it tells of shares.
pub(super) async fn read(
    tx: &mut Tx,
    spaces: &BTreeSet<[u8; 16]>,
    told_on: &BTreeSet<i64>,
) -> Result<Vec<Counted>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT p.ground, p.space, p.document, p.cases, p.cover FROM json_each(?1) AS wanted
         CROSS JOIN scopes AS p ON p.space = unhex(wanted.value) AND p.counted = 1 AND p.cover <> 2
         UNION ALL
         SELECT p.ground, p.space, p.document, p.cases, p.cover FROM json_each(?2) AS wanted
         CROSS JOIN scopes AS p ON p.cases = wanted.value AND p.cover = 2 AND p.counted = 1",
    )
    .bind(hex_list(spaces))
    .bind(serde_json::json!(told_on).to_string())
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(counted).collect()
}

/// Counts the scopes whose first entry is projected now, after the batch's items are written.
pub(super) async fn count_new(
    tx: &mut Tx,
    upto: Seq,
) -> Result<BTreeMap<i64, Movement>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT ground, space, document, cases, cover FROM scopes WHERE counted = 0 AND since_seq <= ?",
    )
    .bind(upto)
    .fetch_all(&mut **tx)
    .await?;
    let mut movements = BTreeMap::new();
    for row in rows {
        let scope = counted(row)?;
        let mut movement = Movement::default();
        for (tag, last_seq) in items(tx, &scope).await? {
            movement.digest = movement.digest.with(Tag(id16("item", &tag)?));
            movement.items = movement.items.saturating_add(1);
            movement.last_seq = movement.last_seq.max(last_seq);
        }
        movements.insert(scope.ground, movement);
    }
    if !movements.is_empty() {
        sqlx::query("UPDATE scopes SET counted = 1 WHERE counted = 0 AND since_seq <= ?")
            .bind(upto)
            .execute(&mut **tx)
            .await?;
    }
    Ok(movements)
}

/// The tags and last entries of what stands in a scope.
async fn items(tx: &mut Tx, scope: &Counted) -> Result<Vec<(Vec<u8>, Seq)>, StoreError> {
    let (space, cases) = (scope.space.to_vec(), scope.cases);
    let found =
        match scope.reach {
            Reach::Told => {
                sqlx::query_as(
                    "SELECT tag, last_seq FROM items WHERE state <= 1 AND told = 1 AND ground = ?",
                )
                .bind(cases)
                .fetch_all(&mut **tx)
                .await?
            }
            Reach::Own => {
                sqlx::query_as("SELECT tag, last_seq FROM items WHERE state <= 1 AND space = ?")
                    .bind(space)
                    .fetch_all(&mut **tx)
                    .await?
            }
            Reach::Shared(None) => sqlx::query_as(
                "SELECT tag, last_seq FROM items WHERE state <= 1 AND own_only = 0 AND space = ?",
            )
            .bind(space)
            .fetch_all(&mut **tx)
            .await?,
            Reach::Shared(Some(document)) => {
                sqlx::query_as(
                    "SELECT tag, last_seq FROM items WHERE state <= 1 AND kind = 1 AND id = ?1
                 UNION ALL SELECT tag, last_seq FROM items
                 WHERE state <= 1 AND own_only = 0 AND about = ?1
                 UNION ALL SELECT tag, last_seq FROM items
                 WHERE state <= 1 AND own_only = 0 AND with_entry = ?1",
                )
                .bind(document.to_vec())
                .fetch_all(&mut **tx)
                .await?
            }
        };
    Ok(found)
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
