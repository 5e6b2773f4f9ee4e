//! What is added to entries: addenda, and citizens' remarks. Each stands with its entry, wherever it would sort.
//!
//! It stands there only where the entry is in the same case and adds to nothing itself: so nothing that is written can
//! take itself, or anything else, off a page.

use super::{Before, restrictions::IS_RESTRICTED};
use crate::store::{StoreError, Tx, hex_list, id16};
use samspor_documents::id::DocumentId;
use std::collections::BTreeMap;

/// Whether the row `t` stands with the entry that it adds to.
pub(super) const STANDS_WITH_ENTRY: &str = "t.adds_to IS NOT NULL AND EXISTS
    (SELECT 1 FROM timeline AS e WHERE e.document = t.adds_to AND e.space = t.space AND e.adds_to IS NULL)";

/// Entry, and the place of what is added to it.
type Row = (Vec<u8>, i64, crate::log::Seq, Vec<u8>);

/// What is added to these entries and signed, each with its entry.
pub(super) async fn signed<'a>(
    tx: &mut Tx,
    entries: impl Iterator<Item = &'a DocumentId>,
) -> Result<Vec<(DocumentId, DocumentId)>, StoreError> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT i.id, i.with_entry FROM json_each(?) AS wanted
         CROSS JOIN items AS i ON i.with_entry = unhex(wanted.value) AND i.kind = 1 AND i.state = 1",
    )
    .bind(hex_list(entries.map(DocumentId::as_bytes)))
    .fetch_all(&mut **tx)
    .await?;
    let id = |bytes: &[u8]| id16("item", bytes).map(DocumentId::from_bytes);
    rows.iter()
        .map(|(addition, entry)| Ok((id(addition)?, id(entry)?)))
        .collect()
}

/// The places of what is added to these entries, by entry, the first that was written first. Restricted additions are
/// among them only when they are asked for.
pub(super) async fn places(
    tx: &mut Tx,
    entries: &[Before],
    restricted: bool,
) -> Result<BTreeMap<DocumentId, Vec<Before>>, StoreError> {
    let sql = format!(
        "SELECT t.adds_to, t.occurred_at, t.seq, t.document FROM json_each(?1) AS wanted
         CROSS JOIN timeline AS t ON t.adds_to = unhex(wanted.value)
         WHERE {STANDS_WITH_ENTRY} AND (?2 OR NOT {IS_RESTRICTED}) ORDER BY t.written_at, t.document"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(hex_list(
            entries.iter().map(|place| place.document.as_bytes()),
        ))
        .bind(restricted)
        .fetch_all(&mut **tx)
        .await?;
    let mut places: BTreeMap<DocumentId, Vec<Before>> = BTreeMap::new();
    for (entry, occurred_at, seq, document) in rows {
        let entry = DocumentId::from_bytes(id16("timeline row", &entry)?);
        places.entry(entry).or_default().push(Before {
            occurred_at,
            seq,
            document: DocumentId::from_bytes(id16("timeline row", &document)?),
        });
    }
    Ok(places)
}
