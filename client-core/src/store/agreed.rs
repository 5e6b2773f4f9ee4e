//! What entries and reflections say of agreements and of being followed up, beside their rows: asked over a caseload
//! without reading a document.

use super::{
    Store,
    apply::push_ids,
    restrictions::IS_RESTRICTED,
    sql::{self, Script},
};
use crate::error::DeviceError;
use samspor_documents::{
    id::{DocumentId, SpaceId},
    method::agreements::Says,
};
use sqlx::{QueryBuilder, Row as _, Sqlite};

/// How many are asked for at once.
const AGREED_MAX: i64 = 100_000;
/// How many entries of one case its views are told from.
const ENTRIES_MAX: i64 = 10_000;

/// One document, where it stands, and, of a copy of another team's record, the document that it is of.
pub(crate) struct Told<T> {
    pub(crate) document: DocumentId,
    pub(crate) space: SpaceId,
    pub(crate) original: Option<DocumentId>,
    pub(crate) says: T,
}

/// The statements that keep what these documents say, at most [`sql::CHUNK`] of them, and forget what they said.
pub(super) fn push(script: &mut Script, told: Vec<(DocumentId, SpaceId, Option<Says>)>) {
    if told.is_empty() {
        return;
    }
    script.push("DELETE FROM agreed WHERE document IN (");
    push_ids(script, told.iter().map(|(document, ..)| *document));
    script.push(";");
    let said = told.into_iter().filter_map(|(document, space, says)| {
        let says = serde_json::to_string(&says?).ok()?;
        Some((document, space, says))
    });
    let mut said = said.peekable();
    if said.peek().is_none() {
        return;
    }
    script.push("INSERT INTO agreed (document, space, says) ");
    script.push_values(said, |mut row, (document, space, says)| {
        row.push_bind(document.as_bytes().to_vec())
            .push_bind(space.as_bytes().to_vec())
            .push_bind(says);
    });
    script.push(";");
}

impl Store {
    /// What is said of agreements and of being followed up: in these cases, or anywhere that is no private space and no
    /// case with a closed card. What is restricted is left out.
    pub(crate) async fn agreed(
        &self,
        private: SpaceId,
        cases: Option<&[SpaceId]>,
    ) -> Result<Vec<Told<Says>>, DeviceError> {
        let mut query = QueryBuilder::<Sqlite>::new(format!(
            "SELECT a.document, a.space, r.original, a.says FROM agreed a JOIN rows r ON r.document = a.document
             LEFT JOIN cards c ON c.space = a.space
             WHERE NOT {IS_RESTRICTED}"
        ));
        match cases {
            Some(cases) => {
                query.push(" AND a.space IN (");
                let mut list = query.separated(", ");
                for case in cases {
                    list.push_bind(case.as_bytes().to_vec());
                }
                query.push(")");
            }
            None => {
                query
                    .push(" AND coalesce(c.closed, 0) = 0 AND a.space <> ")
                    .push_bind(private.as_bytes().to_vec());
            }
        }
        query
            .push(" ORDER BY r.occurred_at DESC LIMIT ")
            .push_bind(AGREED_MAX);
        let rows = query.build().fetch_all(self.read()).await?;
        let mut agreed = Vec::with_capacity(rows.len());
        for row in &rows {
            let says = serde_json::from_str(row.try_get(3)?);
            agreed.push(Told {
                document: sql::id(row, 0)?,
                space: sql::id(row, 1)?,
                original: sql::id_opt(row, 2)?,
                says: says.map_err(|_| DeviceError::Damaged { what: "agreed" })?,
            });
        }
        Ok(agreed)
    }

    /// The entries of these cases, the last first; what is restricted is left out.
    pub(crate) async fn told_in(&self, cases: &[SpaceId]) -> Result<Vec<Told<()>>, DeviceError> {
        let sql = format!(
            "SELECT r.document, r.space, r.original FROM rows r WHERE r.space = ? AND r.kind = 1 AND NOT {IS_RESTRICTED}
             ORDER BY r.occurred_at DESC, r.document DESC LIMIT ?"
        );
        let mut entries = Vec::new();
        for case in cases {
            let rows = sqlx::query(sqlx::AssertSqlSafe(sql.as_str()))
                .bind(case.as_bytes().as_slice())
                .bind(ENTRIES_MAX)
                .fetch_all(self.read())
                .await?;
            for row in &rows {
                entries.push(Told {
                    document: sql::id(row, 0)?,
                    space: sql::id(row, 1)?,
                    original: sql::id_opt(row, 2)?,
                    says: (),
                });
            }
        }
        Ok(entries)
    }

    /// The cases here whose cards name this one among their relations.
    pub(crate) async fn related_to(&self, case: SpaceId) -> Result<Vec<SpaceId>, DeviceError> {
        let rows = sqlx::query("SELECT space FROM cards WHERE instr(view, ?) > 0 AND space <> ?")
            .bind(case.to_string())
            .bind(case.as_bytes().as_slice())
            .fetch_all(self.read())
            .await?;
        rows.iter().map(|row| sql::id(row, 0)).collect()
    }
}
