//! The list of one's own contacts that must carry something still, from a column of their rows.

use super::{Store, drafts::PUBLISHED_HERE, restrictions::IS_RESTRICTED, rows};
use crate::{
    error::DeviceError,
    views::{IncompleteRow, TimelineRow},
};
use samspor_documents::{
    id::{PractitionerId, SpaceId},
    reading::{Guide, Outstanding},
    time::UnixMillis,
};
use sqlx::Row as _;

/// How many contacts one list reads at most.
const LIST_MAX: i64 = 10_000;

impl Store {
    /// Contacts that this practitioner wrote in and that are not complete, those that are overdue longest first; their
    /// drafts in this private space as well. What is signed stays until something is added to it.
    pub(crate) async fn incomplete(
        &self,
        me: PractitionerId,
        private: SpaceId,
        guide: Guide,
        now: UnixMillis,
    ) -> Result<Vec<IncompleteRow>, DeviceError> {
        let sql = format!(
            "{} WHERE r.outstanding IS NOT NULL AND r.outstanding & ? <> 0 AND instr(r.authors, ?) > 0
               AND NOT {PUBLISHED_HERE} AND NOT {IS_RESTRICTED}
               AND NOT (d.signed <> 0 AND EXISTS (SELECT 1 FROM rows a WHERE a.adds_to = r.document))
             ORDER BY r.occurred_at, r.document LIMIT ?",
            rows::select_with(
                "r.subject, (SELECT c.name FROM cards c WHERE c.space = coalesce(r.subject, r.space)) AS citizen"
            )
        );
        let found = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(Outstanding::bit(guide))
            .bind(me.as_bytes().as_slice())
            .bind(LIST_MAX)
            .fetch_all(self.read())
            .await?;
        let mut incomplete = Vec::with_capacity(found.len());
        for row in &found {
            let entry: TimelineRow = rows::timeline_row(row, Some(private))?;
            let subject = row
                .try_get::<Option<&[u8]>, _>("subject")?
                .and_then(|id| SpaceId::from_slice(id).ok());
            incomplete.push(IncompleteRow {
                case: subject.unwrap_or(entry.case),
                citizen: row.try_get("citizen")?,
                completeness: entry.completeness(guide, now),
                entry,
            });
        }
        Ok(incomplete)
    }
}
