//! What selected items hold, read in sets: facts, changes where the device has the rest, whole documents else.

use super::{receipt, select::Item};
use crate::{
    log::{Secret, Seq},
    store::{StoreError, Tx, hex_list, id16, id32},
    sync::Caller,
};
use samspor_documents::{
    id::{DocumentId, FactId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::{
    fact::Fact,
    feed::{ChangeItem, Content, DocumentItem, FactItem, SetAside},
    hash::Hash32,
};
use std::collections::HashMap;

const DOCUMENT: i64 = 1;
/// The state of a signed document.
const SIGNED: i64 = 1;
const FACT: i64 = 2;

type FactRow = (Seq, Vec<u8>, i64, Vec<u8>, Vec<u8>);

/// The facts among these items, in their order.
pub async fn facts(tx: &mut Tx, items: &[Item]) -> Result<Vec<FactItem>, StoreError> {
    let seqs: Vec<i64> = items
        .iter()
        .filter(|item| item.kind == FACT)
        .map(|item| item.last_seq.0)
        .collect();
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = serde_json::to_string(&seqs).unwrap_or_default();
    let rows: Vec<FactRow> = sqlx::query_as(
        "SELECT f.seq, f.fact, f.version, f.space, f.body
         FROM json_each(?) AS wanted CROSS JOIN facts AS f ON f.seq = wanted.value",
    )
    .bind(wanted)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|(seq, id, version, space, body)| {
            let fact = Fact {
                id: FactId::from_bytes(id16("fact", &id)?),
                space: SpaceId::from_bytes(id16("fact", &space)?),
                version: u32::try_from(version).unwrap_or(u32::MAX),
                body: body.into(),
            };
            Ok(FactItem {
                fact,
                seq: seq.to_wire(),
            })
        })
        .collect()
}

/// The stretch of the log that a page tells of.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The device holds everything up to here,
    pub held: Seq,
    /// and what newer pages told it up to here: an item that changed again is not among that.
    pub after: Seq,
    /// The projector's position.
    pub upto: Seq,
}

/// The documents among these items, in their order.
pub async fn documents(
    tx: &mut Tx,
    secret: &Secret,
    caller: &Caller,
    span: Span,
    items: &[Item],
) -> Result<Vec<DocumentItem>, StoreError> {
    let documents: Vec<&Item> = items.iter().filter(|item| item.kind == DOCUMENT).collect();
    let (signed, open): (Vec<&Item>, Vec<&Item>) =
        documents.iter().partition(|item| item.state == SIGNED);
    let mut texts = texts(tx, signed.iter().map(|item| item.id.as_slice())).await?;
    let filed = signed.iter().filter(|item| !texts.contains_key(&item.id));
    let mut records = records(tx, filed.map(|item| item.id.as_slice())).await?;
    let mut changes = changes(tx, caller, span, &open).await?;
    let whole = open
        .iter()
        .filter(|item| !changes.contains_key(&item.id))
        .map(|item| item.id.as_slice());
    let mut snapshots = snapshots(tx, whole).await?;
    documents
        .into_iter()
        .map(|item| {
            let content = texts
                .remove(&item.id)
                .map(|text| Content::Signed(text.into()))
                .or_else(|| {
                    let record = records.remove(&item.id)?;
                    Some(Content::Filed(record.into()))
                })
                .or_else(|| changes.remove(&item.id).map(Content::Changes))
                .or_else(|| {
                    let snapshot = snapshots.remove(&item.id)?;
                    Some(Content::Whole(snapshot.into()))
                })
                .ok_or(StoreError::Damaged {
                    what: "document: its text, record or snapshot is missing",
                })?;
            let tag = id16("tag", &item.tag)?;
            let document = DocumentId::from_bytes(id16("item", &item.id)?);
            let space = SpaceId::from_bytes(id16("item", &item.space)?);
            let received_at = UnixMillis(item.received_at);
            let receipt = receipt::make(secret, document, space, tag, received_at, item.last_seq);
            Ok(DocumentItem {
                document,
                space,
                seq: item.last_seq.to_wire(),
                received_at,
                receipt,
                content,
            })
        })
        .collect()
}

type ChangeRow = (Vec<u8>, Vec<u8>, Option<Vec<u8>>);

/// What changed since the cursor in documents that the device has: those it was fed, and those it made. What a device
/// wrote whose place it took is its own. What
/// changed while news were cut may have been sent or not: such a document comes whole.
/// A document whose changes outweigh it is left out: it comes whole.
async fn changes(
    tx: &mut Tx,
    caller: &Caller,
    span: Span,
    documents: &[&Item],
) -> Result<HashMap<Vec<u8>, Vec<ChangeItem>>, StoreError> {
    let known = documents.iter().filter(|item| item.has_rest);
    let wanted = hex_list(known.map(|item| &item.id));
    if wanted == "[]" {
        return Ok(HashMap::new());
    }
    let rows: Vec<ChangeRow> = sqlx::query_as(
        "WITH own (device) AS (
           SELECT ?2 UNION ALL SELECT predecessor FROM successions WHERE device = ?2)
         SELECT c.document, c.hash, CASE WHEN c.device IN own THEN NULL ELSE c.body END
         FROM json_each(?1) AS wanted
         CROSS JOIN documents AS d ON d.document = unhex(wanted.value)
         CROSS JOIN changes AS c ON c.document = d.document
         WHERE (d.first_seq <= ?3 OR d.device IN own) AND c.seq > ?3 AND c.seq <= ?4 AND c.state = 0
           AND (?5 = ?3 OR NOT EXISTS (
             SELECT 1 FROM changes AS e
             WHERE e.document = d.document AND e.seq > ?5 AND e.seq <= ?3 AND e.state = 0))
         ORDER BY c.document, c.seq",
    )
    .bind(wanted)
    .bind(caller.device.as_bytes().to_vec())
    .bind(span.after)
    .bind(span.upto)
    .bind(span.held)
    .fetch_all(&mut **tx)
    .await?;
    let mut changes: HashMap<Vec<u8>, Vec<ChangeItem>> = HashMap::new();
    for (document, hash, body) in rows {
        let item = match body {
            Some(body) => ChangeItem::Body(body.into()),
            None => ChangeItem::Own(Hash32(id32("change", &hash)?)),
        };
        changes.entry(document).or_default().push(item);
    }
    let weight = |items: &[ChangeItem]| -> i64 {
        let bytes = items.iter().map(|item| match item {
            ChangeItem::Body(body) => body.len(),
            ChangeItem::Own(_) => 32,
        });
        i64::try_from(bytes.sum::<usize>()).unwrap_or(i64::MAX)
    };
    let size: HashMap<&[u8], i64> = documents
        .iter()
        .map(|item| (item.id.as_slice(), item.bytes))
        .collect();
    changes.retain(|id, items| {
        weight(items) <= size.get(id.as_slice()).copied().unwrap_or(0).max(1024)
    });
    Ok(changes)
}

async fn snapshots<'a>(
    tx: &mut Tx,
    documents: impl Iterator<Item = &'a [u8]>,
) -> Result<HashMap<Vec<u8>, Vec<u8>>, StoreError> {
    let sql = "SELECT s.document, s.body FROM json_each(?) AS wanted
         CROSS JOIN snapshots AS s ON s.document = unhex(wanted.value)";
    by_document(tx, sql, documents).await
}

async fn texts<'a>(
    tx: &mut Tx,
    documents: impl Iterator<Item = &'a [u8]>,
) -> Result<HashMap<Vec<u8>, Vec<u8>>, StoreError> {
    let sql = "SELECT t.document, t.text FROM json_each(?) AS wanted
         CROSS JOIN signed_texts AS t ON t.document = unhex(wanted.value)";
    by_document(tx, sql, documents).await
}

async fn records<'a>(
    tx: &mut Tx,
    documents: impl Iterator<Item = &'a [u8]>,
) -> Result<HashMap<Vec<u8>, Vec<u8>>, StoreError> {
    let sql = "SELECT d.document, d.record FROM json_each(?) AS wanted
         CROSS JOIN disclosures AS d ON d.document = unhex(wanted.value)";
    by_document(tx, sql, documents).await
}

/// What a query finds for each of these documents.
async fn by_document<'a>(
    tx: &mut Tx,
    sql: &'static str,
    documents: impl Iterator<Item = &'a [u8]>,
) -> Result<HashMap<Vec<u8>, Vec<u8>>, StoreError> {
    let wanted = hex_list(documents);
    if wanted == "[]" {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(sql)
        .bind(wanted)
        .fetch_all(&mut **tx)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Changes of this device, and of those whose place it took, that could not be applied, logged after one entry, up to another.
pub async fn set_aside(
    tx: &mut Tx,
    caller: &Caller,
    after: Seq,
    upto: Seq,
) -> Result<Vec<SetAside>, StoreError> {
    let rows: Vec<(Vec<u8>, Vec<u8>, String)> = sqlx::query_as(
        "SELECT document, hash, detail FROM set_aside
         WHERE device IN (SELECT ?1 UNION ALL SELECT predecessor FROM successions WHERE device = ?1)
           AND seq > ?2 AND seq <= ?3 ORDER BY seq",
    )
    .bind(caller.device.as_bytes().to_vec())
    .bind(after)
    .bind(upto)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|(document, hash, detail)| {
            let document = DocumentId::from_bytes(id16("document", &document)?);
            Ok(SetAside {
                document,
                hash: Hash32(id32("change", &hash)?),
                detail,
            })
        })
        .collect()
}
