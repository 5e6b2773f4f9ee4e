//! Drafts in the store: their list, whether one is published here, and what is left of one that was published.
//!
//! A draft is a document in the private space. From the moment it is published here it stands in no list, unless the
//! server refuses the publish: then it is a draft again. Once the server tells that it was published (here or on
//! another device) it goes; what was written here and nobody answered stays in the outbox, and what the published
//! document was not made from is shown (see [`super::remainder`]).

use super::{
    Store, Tx,
    apply::Applying,
    facts, gone, remainder, sql,
    standing::{self, COLUMNS as STANDING},
};
use crate::{error::DeviceError, views::DraftRow};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    time::{Moment, UnixMillis},
};
use samspor_protocol::fact::{FactBody, Published};
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

/// How many drafts one list reads at most.
const LIST_MAX: i64 = 10_000;

/// A publish of the row's document that waits or was accepted.
pub(super) const PUBLISHED_HERE: &str =
    "EXISTS (SELECT 1 FROM outbox p WHERE p.draft = r.document AND p.state < 2)";

/// The document that a draft became by a publish of this device that was not refused.
pub(crate) async fn published_here(
    db: &mut SqliteConnection,
    draft: DocumentId,
) -> Result<Option<DocumentId>, DeviceError> {
    let document =
        sqlx::query("SELECT document FROM outbox WHERE draft = ? AND state < 2 ORDER BY n LIMIT 1")
            .bind(draft.as_bytes().as_slice())
            .fetch_optional(db)
            .await?;
    document.as_ref().map(|row| sql::id(row, 0)).transpose()
}

/// The document that a draft became, as a fact says.
pub(crate) async fn became(
    db: &mut SqliteConnection,
    draft: DocumentId,
) -> Result<Option<DocumentId>, DeviceError> {
    let bodies: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM facts WHERE kind = ? AND subject = ?")
            .bind(facts::kind::PUBLISHED)
            .bind(draft.as_bytes().as_slice())
            .fetch_all(db)
            .await?;
    for body in &bodies {
        if let FactBody::Published(one) = facts::body(body)? {
            return Ok(Some(one.document));
        }
    }
    Ok(None)
}

/// The drafts that facts of a page say were published: they go from here, as what may no longer be seen does.
pub(crate) async fn close(
    applying: &mut Applying,
    published: Vec<(SpaceId, Published)>,
) -> Result<(), DeviceError> {
    let drafts: Vec<DocumentId> = published.iter().map(|(_, one)| one.draft).collect();
    applying.left_over += remainder::settle(&mut applying.tx, &drafts).await?;
    for (space, one) in published {
        if !lives_in(&mut applying.tx, one.draft, space).await? {
            continue;
        }
        gone::purge_document(applying, one.draft).await?;
    }
    Ok(())
}

async fn lives_in(tx: &mut Tx, draft: DocumentId, space: SpaceId) -> Result<bool, DeviceError> {
    let here: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM documents WHERE document = ? AND space = ?")
            .bind(draft.as_bytes().as_slice())
            .bind(space.as_bytes().as_slice())
            .fetch_optional(&mut **tx)
            .await?;
    Ok(here.is_some())
}

impl Store {
    /// The drafts of this private space, the last written first.
    pub(crate) async fn drafts(
        &self,
        private: SpaceId,
        discarded: bool,
    ) -> Result<Vec<DraftRow>, DeviceError> {
        let sql = format!(
            "SELECT r.document, r.subject, r.template, r.occurred_at, r.offset_minutes, r.edited_at, r.title_da, r.title_en,
               r.conflicts, r.discarded, r.adds_to, {STANDING}
             FROM rows r
             WHERE r.space = ? AND r.discarded = ? AND NOT {PUBLISHED_HERE}
             ORDER BY r.edited_at DESC, r.document DESC LIMIT ?"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(private.as_bytes().as_slice())
            .bind(discarded)
            .bind(LIST_MAX)
            .fetch_all(self.read())
            .await?;
        rows.iter().map(draft_row).collect()
    }
}

fn draft_row(row: &SqliteRow) -> Result<DraftRow, DeviceError> {
    let standing = standing::of(row, true)?;
    Ok(DraftRow {
        document: sql::id(row, 0)?,
        subject: sql::id_opt(row, 1)?,
        template: row.try_get(2)?,
        occurred_at: Moment {
            at: UnixMillis(row.try_get(3)?),
            offset_minutes: i16::try_from(row.try_get::<i64, _>(4)?).unwrap_or(0),
        },
        edited_at: UnixMillis(row.try_get(5)?),
        title_da: row.try_get(6)?,
        title_en: row.try_get(7)?,
        conflicts: u32::try_from(row.try_get::<i64, _>(8)?).unwrap_or(u32::MAX),
        discarded: row.try_get(9)?,
        waiting: standing.waiting,
        refused: standing.refused,
        state: standing.state,
        adds_to: sql::id_opt(row, 10)?,
    })
}
