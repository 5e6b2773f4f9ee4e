//! Which entries of a child are to be read, from rows.

use super::{Store, restrictions::IS_RESTRICTED, sql};
use crate::error::DeviceError;
use samspor_documents::{
    id::{DocumentId, SpaceId},
    time::UnixMillis,
};
use sqlx::QueryBuilder;

/// How many entries of one child are read at once, at most: more contacts than a childhood has.
const ENTRIES_MAX: i64 = 500;
/// Among how many the last one is looked for: of the newest, some say no settled time.
const LAST_MAX: i64 = 16;

impl Store {
    /// The entries by these templates in these cases, the newest.
    pub(crate) async fn entries_of(
        &self,
        cases: &[SpaceId],
        templates: &[&str],
        restricted: bool,
    ) -> Result<Vec<DocumentId>, DeviceError> {
        if cases.is_empty() || templates.is_empty() {
            return Ok(Vec::new());
        }
        let mut query =
            QueryBuilder::new("SELECT r.document FROM rows r WHERE r.kind = 1 AND r.space IN (");
        let mut list = query.separated(", ");
        for case in cases {
            list.push_bind(case.as_bytes().to_vec());
        }
        query.push(") AND r.template IN (");
        let mut list = query.separated(", ");
        for template in templates {
            list.push_bind((*template).to_owned());
        }
        query.push(") AND (").push_bind(restricted).push(" OR NOT ");
        query.push(IS_RESTRICTED);
        query.push(") ORDER BY r.occurred_at DESC, r.document LIMIT ");
        query.push_bind(ENTRIES_MAX);
        let rows = query.build().fetch_all(self.read()).await?;
        rows.iter().map(|row| sql::id(row, 0)).collect()
    }

    /// The entries by this template in a case that happened last before a time.
    pub(crate) async fn last_entries(
        &self,
        case: SpaceId,
        template: &str,
        before: UnixMillis,
    ) -> Result<Vec<DocumentId>, DeviceError> {
        let sql = format!(
            "SELECT r.document FROM rows r WHERE r.space = ? AND r.kind = 1 AND r.occurred_at < ? AND r.template = ?
               AND NOT {IS_RESTRICTED}
             ORDER BY r.occurred_at DESC, r.document LIMIT ?"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(case.as_bytes().as_slice())
            .bind(before.0)
            .bind(template)
            .bind(LAST_MAX)
            .fetch_all(self.read())
            .await?;
        rows.iter().map(|row| sql::id(row, 0)).collect()
    }
}
