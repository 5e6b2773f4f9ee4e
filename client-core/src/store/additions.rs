//! What is added to signed entries: addenda, and citizens' remarks. Each is a document of its own that names its entry,
//! and stands with it in lists, wherever it would sort.
//!
//! It stands there only where the entry is here, in the same case or circle, and adds to nothing itself: so nothing
//! that is written can take itself, or anything else, out of a list.

use super::{Store, Tx, apply::push_ids, restrictions::IS_RESTRICTED, rows, signed, sql};
use crate::{error::DeviceError, views::TimelineRow};
use samspor_documents::id::{DocumentId, SpaceId};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};
use std::collections::{BTreeSet, HashMap};

/// Whether the row `r` stands with the entry that it adds to.
pub(super) const STANDS_WITH_ENTRY: &str = "r.adds_to IS NOT NULL AND EXISTS
   (SELECT 1 FROM rows e WHERE e.document = r.adds_to AND e.space = r.space AND e.adds_to IS NULL)";

/// The entry that is added to, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) document: DocumentId,
    pub(crate) space: SpaceId,
}

/// The entry that an addition to this document would name: the document, or the entry that it adds to itself.
///
/// # Errors
/// `UnknownDocument`, `SetAside`; `EntryNotSigned` while it can be edited.
pub(crate) async fn entry_of(
    db: &mut SqliteConnection,
    document: DocumentId,
) -> Result<Entry, DeviceError> {
    let sql = format!(
        "SELECT CASE WHEN {STANDS_WITH_ENTRY} THEN r.adds_to ELSE r.document END FROM rows r WHERE r.document = ?"
    );
    let entry = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(document.as_bytes().as_slice())
        .fetch_optional(&mut *db)
        .await?;
    let entry = entry.map_or(Ok(document), |row| sql::id(&row, 0))?;
    let row = sqlx::query(
        "SELECT d.space, d.signed, d.aside IS NOT NULL FROM documents d WHERE d.document = ?
           AND (d.signed > 0 OR EXISTS (SELECT 1 FROM rows r WHERE r.document = d.document))",
    )
    .bind(entry.as_bytes().as_slice())
    .fetch_optional(&mut *db)
    .await?
    .ok_or(DeviceError::UnknownDocument)?;
    if row.try_get(2)? {
        return Err(DeviceError::SetAside { document: entry });
    }
    if row.try_get::<i64, _>(1)? == signed::state::OPEN {
        return Err(DeviceError::EntryNotSigned { document: entry });
    }
    Ok(Entry {
        document: entry,
        space: sql::id(&row, 0)?,
    })
}

/// Whether a document about `subject` may add to this entry.
///
/// # Errors
/// As [`entry_of`]; `EntryElsewhere` where the entry stands in another case or circle, or is no entry but adds to one.
pub(crate) async fn check(
    db: &mut SqliteConnection,
    subject: SpaceId,
    entry: DocumentId,
) -> Result<(), DeviceError> {
    let found = entry_of(db, entry).await?;
    let wanted = Entry {
        document: entry,
        space: subject,
    };
    if found == wanted {
        Ok(())
    } else {
        Err(DeviceError::EntryElsewhere)
    }
}

/// Puts with each of these rows what is added to it, the first that was written first, signers included. Restricted
/// additions are among them only when they are asked for.
pub(super) async fn add_to(
    tx: &mut Tx,
    entries: &mut [TimelineRow],
    restricted: bool,
) -> Result<(), DeviceError> {
    let mut found: HashMap<DocumentId, Vec<TimelineRow>> = HashMap::new();
    for some in entries.chunks(sql::CHUNK) {
        let mut query = QueryBuilder::<Sqlite>::new(rows::select());
        query
            .push(" WHERE ")
            .push(STANDS_WITH_ENTRY)
            .push(" AND (")
            .push_bind(restricted)
            .push(" OR NOT ")
            .push(IS_RESTRICTED)
            .push(") AND r.adds_to IN (");
        push_ids(&mut query, some.iter().map(|row| row.document));
        query.push(" ORDER BY r.written_at, r.document");
        for row in query.build().fetch_all(&mut **tx).await? {
            let row = rows::timeline_row(&row, None)?;
            if let Some(entry) = row.adds_to {
                found.entry(entry).or_default().push(row);
            }
        }
    }
    for entry in entries {
        let mut additions = found.remove(&entry.document).unwrap_or_default();
        signed::add_signers(tx, &mut additions).await?;
        entry.additions = additions;
    }
    Ok(())
}

impl Store {
    /// What is added to these entries and signed, each after its entry, the first that was written first. Restricted
    /// additions are among them only when they are asked for.
    pub(crate) async fn signed_additions(
        &self,
        entries: &BTreeSet<DocumentId>,
        restricted: bool,
    ) -> Result<Vec<(DocumentId, DocumentId)>, DeviceError> {
        let entries: Vec<DocumentId> = entries.iter().copied().collect();
        let mut found = Vec::new();
        for some in entries.chunks(sql::CHUNK) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT r.adds_to, r.document FROM rows r CROSS JOIN documents d
                 ON d.document = r.document AND d.signed > 0 AND d.aside IS NULL WHERE ",
            );
            query
                .push(STANDS_WITH_ENTRY)
                .push(" AND (")
                .push_bind(restricted)
                .push(" OR NOT ")
                .push(IS_RESTRICTED)
                .push(") AND r.adds_to IN (");
            push_ids(&mut query, some.iter().copied());
            query.push(" ORDER BY r.written_at, r.document");
            for row in query.build().fetch_all(self.read()).await? {
                found.push((sql::id(&row, 0)?, sql::id(&row, 1)?));
            }
        }
        Ok(found)
    }

    /// As [`entry_of`].
    pub(crate) async fn entry_of(&self, document: DocumentId) -> Result<Entry, DeviceError> {
        let mut tx = self.snapshot().await?;
        entry_of(&mut tx, document).await
    }
}
