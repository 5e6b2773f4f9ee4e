//! Repair: the tags of everything visible, and items whole by their ids, for a device whose digest did not
//! agree. Should never be needed: each one is logged.

use crate::{
    access::{self, Ground},
    feed::{self, Item, Part},
    log::Seq,
    store::{StoreError, Tx, hex_list, id16},
    sync::{Caller, Core, CoreError},
};
use samspor_documents::id::{DocumentId, FactId};
use samspor_protocol::{
    feed::{Gone, Page, PageEnd},
    limits,
    repair::{ItemId, RepairRequest, Tags},
    tag::Tag,
    wire,
};
use sqlx::{QueryBuilder, Sqlite};

const DOCUMENT: i64 = 1;
const FACT: i64 = 2;
/// Parts of one statement: `SQLite` takes 500 at most.
const PARTS_MAX: usize = 200;

/// An answer and what it is.
#[derive(Debug)]
pub enum RepairAnswer {
    /// CBOR of [`Tags`].
    Tags(Vec<u8>),
    /// A page as one frame.
    Page(Vec<u8>),
}

/// Answers one repair request.
///
/// # Errors
/// `Malformed` or `TooLarge` for the request, `Unavailable` when the database cannot be read now.
pub async fn repair(core: &Core, caller: &Caller, body: &[u8]) -> Result<RepairAnswer, CoreError> {
    let request: RepairRequest = wire::decode("repair request", body)?;
    core.end_due().await?;
    let mut tx = core.store.read().await?;
    let position = access::position(&mut tx).await?;
    let history = access::load_one(&mut tx, caller.practitioner, position).await?;
    let grounds: Vec<Ground> = history
        .at(position)
        .map(|standing| standing.ground)
        .collect();
    match request {
        RepairRequest::Tags(after) => {
            tracing::warn!(device = %caller.device, "a device's digest did not agree: it asks for all tags");
            Ok(RepairAnswer::Tags(wire::encode(
                &tags(&mut tx, &grounds, after).await?,
            )))
        }
        RepairRequest::Whole(ids) if ids.len() > limits::REPAIR_WHOLE_MAX => {
            let limit = limits::REPAIR_WHOLE_MAX;
            Err(CoreError::TooLarge(wire::WireError::TooLarge {
                what: "repair request",
                limit,
            }))
        }
        RepairRequest::Whole(ids) => {
            let page = whole(core, &mut tx, caller, position, &grounds, &ids).await?;
            Ok(RepairAnswer::Page(feed::encode_page(&page).await?))
        }
    }
}

const fn key(item: &ItemId) -> (i64, &[u8; 16]) {
    match item {
        ItemId::Document(id) => (DOCUMENT, id.as_bytes()),
        ItemId::Fact(id) => (FACT, id.as_bytes()),
    }
}

async fn tags(tx: &mut Tx, grounds: &[Ground], after: Option<ItemId>) -> Result<Tags, StoreError> {
    let (kind, id) = after
        .as_ref()
        .map_or((0, [0; 16]), |item| (key(item).0, *key(item).1));
    let limit = i64::try_from(limits::REPAIR_TAGS_MAX)
        .unwrap_or(i64::MAX)
        .saturating_add(1);
    let parts: Vec<Part> = grounds.iter().flat_map(feed::parts).collect();
    let mut rows: Vec<(i64, Vec<u8>, Vec<u8>)> = Vec::new();
    for parts in parts.chunks(PARTS_MAX) {
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("");
        for (position, part) in parts.iter().enumerate() {
            query.push(if position > 0 { " UNION ALL " } else { "" });
            query.push("SELECT * FROM (SELECT kind, id, tag FROM items WHERE state <= 1 AND ");
            part.push(&mut query);
            query.push(" AND (kind, id) > (").push_bind(kind).push(", ");
            query
                .push_bind(id.to_vec())
                .push(") ORDER BY kind, id LIMIT ")
                .push_bind(limit)
                .push(")");
        }
        rows.extend(query.build_query_as().fetch_all(&mut **tx).await?);
    }
    rows.sort_unstable();
    let more = rows.len() > limits::REPAIR_TAGS_MAX;
    rows.truncate(limits::REPAIR_TAGS_MAX);
    let items = rows
        .iter()
        .map(|(kind, id, tag)| {
            let id = id16("item", id)?;
            let item = if *kind == DOCUMENT {
                ItemId::Document(DocumentId::from_bytes(id))
            } else {
                ItemId::Fact(FactId::from_bytes(id))
            };
            Ok((item, Tag(id16("tag", tag)?)))
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Tags { items, more })
}

async fn whole(
    core: &Core,
    tx: &mut Tx,
    caller: &Caller,
    position: Seq,
    grounds: &[Ground],
    ids: &[ItemId],
) -> Result<Page, StoreError> {
    let items = visible(tx, grounds, ids).await?;
    let facts = feed::facts(tx, &items).await?;
    let span = feed::Span {
        held: position,
        after: position,
        upto: position,
    };
    let documents = feed::documents(tx, &core.secret, caller, span, &items).await?;
    let is_there = |id: &DocumentId| {
        items
            .iter()
            .any(|item| item.kind == DOCUMENT && item.id == id.as_bytes())
    };
    let gone = ids
        .iter()
        .filter_map(|item| match item {
            ItemId::Document(id) if !is_there(id) => Some(Gone::Document(*id)),
            _ => None,
        })
        .collect();
    let end = PageEnd {
        cursor: Vec::new(),
        up_to_date: false,
        digest: None,
        visible: grounds
            .iter()
            .map(|ground| u64::try_from(ground.items).unwrap_or(0))
            .sum(),
        safe_seq: 0,
        server_time: (core.clock)(),
        lease_millis: None,
    };
    Ok(Page {
        gone,
        facts,
        documents,
        set_aside: Vec::new(),
        end,
    })
}

/// Those of the wanted items that these grounds open.
async fn visible(tx: &mut Tx, grounds: &[Ground], ids: &[ItemId]) -> Result<Vec<Item>, StoreError> {
    let of = |kind: i64| {
        hex_list(
            ids.iter()
                .map(key)
                .filter(|one| one.0 == kind)
                .map(|one| one.1),
        )
    };
    let (mut cases, mut own, mut told, mut documents) = (vec![], vec![], vec![], vec![]);
    for part in grounds.iter().flat_map(feed::parts) {
        match part {
            Part::Case(space) => cases.push(*space.as_bytes()),
            Part::Own(space) => own.push(*space.as_bytes()),
            Part::Told(ground) => told.push(ground),
            Part::Document(document) => documents.push(*document.as_bytes()),
            Part::Ground(_) | Part::About(_) | Part::Added(_) => {}
        }
    }
    let grounds: Vec<i64> = grounds.iter().map(|ground| ground.ground).collect();
    let rows: Vec<Item> = sqlx::query_as(
        "SELECT i.kind, i.id, i.space, i.rank, i.last_seq, i.state, i.tag, i.received_at, i.bytes, i.ground
         FROM (SELECT 1 AS kind, unhex(value) AS id FROM json_each(?1)
               UNION ALL SELECT 2, unhex(value) FROM json_each(?2)) AS wanted
         CROSS JOIN items AS i ON i.kind = wanted.kind AND i.id = wanted.id
         WHERE i.state <= 1 AND (i.ground IN (SELECT value FROM json_each(?3))
           OR i.space IN (SELECT unhex(value) FROM json_each(?6))
           OR (i.told = 1 AND i.ground IN (SELECT value FROM json_each(?7)))
           OR i.own_only = 0 AND (i.space IN (SELECT unhex(value) FROM json_each(?4))
             OR (i.kind = 1 AND i.id IN (SELECT unhex(value) FROM json_each(?5)))
             OR i.about IN (SELECT unhex(value) FROM json_each(?5))
             OR i.with_entry IN (SELECT unhex(value) FROM json_each(?5))))",
    )
    .bind(of(DOCUMENT))
    .bind(of(FACT))
    .bind(serde_json::to_string(&grounds).unwrap_or_default())
    .bind(hex_list(&cases))
    .bind(hex_list(&documents))
    .bind(hex_list(&own))
    .bind(serde_json::to_string(&told).unwrap_or_default())
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows)
}

#[cfg(test)]
mod tests;
