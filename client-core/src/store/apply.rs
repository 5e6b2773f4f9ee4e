//! A page goes into the store together with its cursor, in one transaction: what is gone, then facts, then
//! documents. Applied a second time it changes nothing.
//!
//! Documents become durable here by their bytes alone: their heads stand in the snapshot's header, so the tag
//! needs no document to be loaded. Whether they open is found out when they are indexed.

use super::{
    Store, Tx,
    document::{self, NewChange, state},
    facts, gone, meta, refusals, sql,
};
use crate::{engine::Applied, error::DeviceError};
use samspor_documents::{
    document::Document,
    guard,
    id::{DocumentId, SpaceId},
};
use samspor_protocol::{
    feed::{ChangeItem, Content, DocumentItem, Page, Receipt},
    limits,
    repair::ItemId,
    tag::{Digest, Tag},
};
use sqlx::Row as _;
use std::collections::{HashMap, HashSet};

/// What a page does while it is applied.
pub(crate) struct Applying {
    pub(crate) tx: Tx,
    pub(crate) digest: Digest,
    pub(crate) received: u64,
    missing: Vec<DocumentId>,
    /// Items come by repair: what a later page says of them may be in them already.
    by_repair: bool,
}

impl Store {
    /// Applies a page of the feed, and its cursor.
    pub(crate) async fn apply_page(&self, page: Page) -> Result<Applied, DeviceError> {
        let progress = meta::Progress {
            visible: page.end.visible,
            safe_seq: page.end.safe_seq,
            server_time: page.end.server_time,
        };
        let cursor = page.end.cursor.clone();
        let (mut applying, set_aside) = self.apply(page, false).await?;
        meta::set(&mut applying.tx, meta::name::CURSOR, &cursor).await?;
        meta::set_cbor(&mut applying.tx, meta::name::PROGRESS, &progress).await?;
        refusals::forget_safe(&mut applying.tx, progress.safe_seq).await?;
        applying.finish(set_aside).await
    }

    /// Applies items that were asked for whole. The cursor stays.
    pub(crate) async fn apply_whole(&self, page: Page) -> Result<Applied, DeviceError> {
        let (applying, set_aside) = self.apply(page, true).await?;
        applying.finish(set_aside).await
    }

    /// Purges items that a repair found to be too much.
    pub(crate) async fn purge_items(&self, items: &[ItemId]) -> Result<(), DeviceError> {
        let mut applying = self.applying(true).await?;
        gone::purge_items(&mut applying, items).await?;
        applying.finish(0).await?;
        Ok(())
    }

    async fn applying(&self, by_repair: bool) -> Result<Applying, DeviceError> {
        let mut tx = self.begin().await?;
        let digest = meta::digest(&mut *tx).await?;
        Ok(Applying {
            tx,
            digest,
            received: 0,
            missing: Vec::new(),
            by_repair,
        })
    }

    async fn apply(&self, page: Page, by_repair: bool) -> Result<(Applying, u64), DeviceError> {
        let mut applying = self.applying(by_repair).await?;
        gone::apply(&mut applying, &page.gone).await?;
        facts::apply(&mut applying, page.facts).await?;
        let mut items = page.documents.into_iter().peekable();
        while items.peek().is_some() {
            let chunk: Vec<_> = items.by_ref().take(sql::CHUNK).collect();
            documents(&mut applying, chunk).await?;
        }
        let mut set_aside = 0;
        for one in page.set_aside {
            set_aside += refusals::set_aside(&mut applying.tx, &one).await?;
        }
        Ok((applying, set_aside))
    }
}

impl Applying {
    async fn finish(mut self, set_aside: u64) -> Result<Applied, DeviceError> {
        meta::set(&mut self.tx, meta::name::DIGEST, &self.digest.to_bytes()).await?;
        let unconfirmed: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM changes c WHERE c.state = 1
             AND EXISTS (SELECT 1 FROM outbox o WHERE o.hash = c.hash AND o.state = 1)",
        )
        .fetch_one(&mut *self.tx)
        .await?;
        self.tx.commit().await?;
        Ok(Applied {
            received: self.received,
            digest: self.digest,
            unconfirmed: u64::try_from(unconfirmed).unwrap_or(0),
            missing: self.missing,
            set_aside,
        })
    }

    fn replace_tag(&mut self, old: Option<Tag>, new: Option<Tag>) {
        if let Some(old) = old {
            self.digest = self.digest.without(old);
        }
        if let Some(new) = new {
            self.digest = self.digest.with(new);
        }
    }
}

/// What the store holds of a document that a page speaks of.
struct Held {
    seq: Option<i64>,
    tag: Option<Tag>,
    heads: Vec<[u8; 32]>,
    recheck: bool,
    own: HashMap<[u8; 32], Vec<[u8; 32]>>,
}

/// Reads a tag from its column.
pub(crate) fn tag_of(bytes: Option<&[u8]>) -> Result<Option<Tag>, DeviceError> {
    bytes
        .map(|bytes| {
            bytes
                .try_into()
                .map(Tag)
                .map_err(|_| DeviceError::Damaged { what: "tag" })
        })
        .transpose()
}

async fn held(
    tx: &mut Tx,
    items: &[DocumentItem],
) -> Result<HashMap<DocumentId, Held>, DeviceError> {
    let mut query = sqlx::QueryBuilder::new(
        "SELECT document, seq, tag, heads, recheck FROM documents WHERE document IN (",
    );
    push_ids(&mut query, items.iter().map(|item| item.document));
    let mut held = HashMap::new();
    for row in query.build().fetch_all(&mut **tx).await? {
        let one = Held {
            seq: row.try_get(1)?,
            tag: tag_of(row.try_get(2)?)?,
            heads: sql::hashes(row.try_get(3)?)?,
            recheck: row.try_get(4)?,
            own: HashMap::new(),
        };
        held.insert(sql::id(&row, 0)?, one);
    }
    // Own changes may be here without their document: it was gone once, or it is known by its echo only.
    let mut query = sqlx::QueryBuilder::new(
        "SELECT document, hash, deps FROM changes WHERE own = 1 AND state <> 3 AND document IN (",
    );
    push_ids(&mut query, items.iter().map(|item| item.document));
    for row in query.build().fetch_all(&mut **tx).await? {
        if let Some(one) = held.get_mut(&sql::id(&row, 0)?) {
            one.own
                .insert(sql::hash32(row.try_get(1)?)?, sql::hashes(row.try_get(2)?)?);
        }
    }
    Ok(held)
}

/// Puts ids and the closing bracket into `IN (`.
pub(crate) fn push_ids(
    query: &mut sqlx::QueryBuilder<sqlx::Sqlite>,
    ids: impl Iterator<Item = DocumentId>,
) {
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id.as_bytes().to_vec());
    }
    query.push(")");
}

async fn documents(applying: &mut Applying, items: Vec<DocumentItem>) -> Result<(), DeviceError> {
    let mut held = held(&mut applying.tx, &items).await?;
    let mut whole = Vec::new();
    for item in items {
        let known = held.remove(&item.document);
        let place = Place::of(&item);
        match item.content {
            Content::Whole(bytes) => {
                whole.push(received_whole(applying, place, bytes.into(), known).await?);
            }
            Content::Changes(changes) => {
                received_changes(applying, place, changes, known).await?;
            }
        }
    }
    insert_whole(applying, whole).await
}

/// Where a document stands in the log.
struct Place {
    document: DocumentId,
    space: SpaceId,
    seq: i64,
    received_at: i64,
    receipt: Receipt,
}

impl Place {
    fn of(item: &DocumentItem) -> Self {
        Self {
            document: item.document,
            space: item.space,
            seq: sql::seq_column(item.seq),
            received_at: item.received_at.0,
            receipt: item.receipt,
        }
    }
}

/// A whole document on its way into the store.
struct Whole {
    place: Place,
    bytes: Vec<u8>,
    heads: Vec<[u8; 32]>,
    tag: Option<Tag>,
    aside: Option<String>,
    known: bool,
}

async fn received_whole(
    applying: &mut Applying,
    place: Place,
    bytes: Vec<u8>,
    known: Option<Held>,
) -> Result<Whole, DeviceError> {
    let document = place.document;
    let read = if bytes.len() > limits::DOCUMENT_BYTES_MAX {
        Err(guard::GuardError::TooLarge {
            bytes_max: limits::DOCUMENT_BYTES_MAX,
        })
    } else {
        guard::snapshot_heads(&bytes)
    };
    let (heads, tag, aside) = match read {
        Ok(heads) => {
            let tag = Tag::of_open_document(document, &heads);
            (heads, Some(tag), None)
        }
        Err(error) => (Vec::new(), None, Some(error.to_string())),
    };
    applying.received += 1;
    applying.replace_tag(known.as_ref().and_then(|held| held.tag), tag);
    if let Some(held) = known.as_ref().filter(|held| !held.own.is_empty()) {
        sort_own(&mut applying.tx, document, held, &bytes).await?;
    }
    Ok(Whole {
        place,
        bytes,
        heads,
        tag,
        aside,
        known: known.is_some(),
    })
}

/// Own changes that the snapshot holds are confirmed by it; the others still stand on top of it.
async fn sort_own(
    tx: &mut Tx,
    document: DocumentId,
    held: &Held,
    snapshot: &[u8],
) -> Result<(), DeviceError> {
    let Ok(loaded) = guard::load(snapshot, document::BYTES_MAX) else {
        return Ok(());
    };
    for hash in held.own.keys() {
        if loaded.has_change(hash) {
            confirm(tx, document, hash, state::FOLDED).await?;
        }
    }
    Ok(())
}

async fn confirm(
    tx: &mut Tx,
    document: DocumentId,
    hash: &[u8; 32],
    state: i64,
) -> Result<(), DeviceError> {
    sqlx::query("UPDATE changes SET state = ? WHERE document = ? AND hash = ?")
        .bind(state)
        .bind(document.as_bytes().as_slice())
        .bind(hash.as_slice())
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "UPDATE outbox SET state = 1, reason = NULL, detail = NULL WHERE hash = ? AND document = ? AND state <> 1",
    )
    .bind(hash.as_slice())
    .bind(document.as_bytes().as_slice())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn insert_whole(applying: &mut Applying, whole: Vec<Whole>) -> Result<(), DeviceError> {
    if whole.is_empty() {
        return Ok(());
    }
    let known: Vec<DocumentId> = whole
        .iter()
        .filter(|one| one.known)
        .map(|one| one.place.document)
        .collect();
    let by_repair = applying.by_repair;
    let mut query = sqlx::QueryBuilder::new(
        "INSERT INTO documents (document, space, seq, received_at, receipt, tag, heads, stamp, indexed, recheck, aside, snapshot) ",
    );
    query.push_values(whole, |mut row, one| {
        row.push_bind(one.place.document.as_bytes().to_vec())
            .push_bind(one.place.space.as_bytes().to_vec())
            .push_bind(one.place.seq)
            .push_bind(one.place.received_at)
            .push_bind(one.place.receipt.0.to_vec())
            .push_bind(one.tag.map(|tag| tag.0.to_vec()))
            .push_bind(sql::concat(&one.heads))
            .push("1")
            .push("0")
            .push_bind(by_repair)
            .push_bind(one.aside)
            .push_bind(one.bytes);
    });
    query.push(
        " ON CONFLICT (document) DO UPDATE SET space = excluded.space, seq = excluded.seq,
          received_at = excluded.received_at, receipt = excluded.receipt, tag = excluded.tag,
          heads = excluded.heads, stamp = documents.stamp + 1, recheck = excluded.recheck,
          aside = excluded.aside, snapshot = excluded.snapshot",
    );
    query.build().execute(&mut *applying.tx).await?;
    if !known.is_empty() {
        let mut query =
            sqlx::QueryBuilder::new("DELETE FROM changes WHERE own = 0 AND document IN (");
        push_ids(&mut query, known.into_iter());
        query.build().execute(&mut *applying.tx).await?;
    }
    Ok(())
}

/// Changes on top of what is held. When the page takes for known what is not here, the document is asked
/// for whole.
async fn received_changes(
    applying: &mut Applying,
    place: Place,
    changes: Vec<ChangeItem>,
    known: Option<Held>,
) -> Result<(), DeviceError> {
    if known
        .as_ref()
        .is_some_and(|held| held.seq >= Some(place.seq))
    {
        return Ok(());
    }
    let Some(plan) = plan(applying, &place, changes, known.as_ref()).await? else {
        applying.missing.push(place.document);
        return Ok(());
    };
    let tag = plan
        .aside
        .is_none()
        .then(|| Tag::of_open_document(place.document, &plan.heads));
    applying.received += 1;
    applying.replace_tag(known.as_ref().and_then(|held| held.tag), tag);
    let behind = !plan.bodies.is_empty() || plan.revived;
    for hash in &plan.own {
        confirm(&mut applying.tx, place.document, hash, state::CONFIRMED).await?;
    }
    document::insert_changes(&mut applying.tx, plan.bodies).await?;
    sqlx::query(
        "INSERT INTO documents (document, space, seq, received_at, receipt, tag, heads, stamp, indexed, recheck, aside)
         VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, 0, ?)
         ON CONFLICT (document) DO UPDATE SET seq = excluded.seq, received_at = excluded.received_at,
           receipt = excluded.receipt, tag = excluded.tag, heads = excluded.heads,
           stamp = documents.stamp + ?, recheck = 0, aside = coalesce(excluded.aside, documents.aside)",
    )
    .bind(place.document.as_bytes().as_slice())
    .bind(place.space.as_bytes().as_slice())
    .bind(place.seq)
    .bind(place.received_at)
    .bind(place.receipt.0.as_slice())
    .bind(tag.map(|tag| tag.0.to_vec()))
    .bind(sql::concat(&plan.heads))
    .bind(plan.aside)
    .bind(i64::from(behind))
    .execute(&mut *applying.tx)
    .await?;
    sqlx::query("UPDATE rows SET seq = ? WHERE document = ?")
        .bind(place.seq)
        .bind(place.document.as_bytes().as_slice())
        .execute(&mut *applying.tx)
        .await?;
    Ok(())
}

/// What changes do to a document.
struct Plan {
    heads: Vec<[u8; 32]>,
    own: Vec<[u8; 32]>,
    bodies: Vec<NewChange>,
    aside: Option<String>,
    /// An own change that was taken out is in again.
    revived: bool,
}

async fn plan(
    applying: &mut Applying,
    place: &Place,
    changes: Vec<ChangeItem>,
    known: Option<&Held>,
) -> Result<Option<Plan>, DeviceError> {
    let empty = HashMap::new();
    let own = known.map_or(&empty, |held| &held.own);
    let loaded = match known {
        Some(held) if held.recheck => confirmed_document(&mut applying.tx, place.document).await?,
        _ => None,
    };
    let already = |hash: &[u8; 32]| loaded.as_ref().is_some_and(|doc| doc.has_change(hash));
    let mut heads: HashSet<[u8; 32]> =
        known.map_or_else(HashSet::new, |held| held.heads.iter().copied().collect());
    let mut plan = Plan {
        heads: Vec::new(),
        own: Vec::new(),
        bodies: Vec::new(),
        aside: None,
        revived: false,
    };
    let mut first = heads.is_empty();
    for change in changes {
        let (hash, deps, body) = match change {
            ChangeItem::Own(hash) => match own.get(&hash.0) {
                Some(deps) => (hash.0, deps.clone(), None),
                None if already(&hash.0) => continue,
                None => return Ok(None),
            },
            ChangeItem::Body(body) => match guard::check_change(&body, &limits::CHANGE) {
                Ok(facts) => (facts.hash, facts.deps, Some(body)),
                Err(error) => {
                    plan.aside = Some(error.to_string());
                    continue;
                }
            },
        };
        if first && !deps.is_empty() {
            return Ok(None);
        }
        first = false;
        if !already(&hash) {
            for dep in &deps {
                heads.remove(dep);
            }
            heads.insert(hash);
        }
        match body {
            None => plan.own.push(hash),
            Some(body) => plan.bodies.push(NewChange {
                document: place.document,
                hash,
                deps,
                own: false,
                state: state::CONFIRMED,
                body: body.into(),
            }),
        }
    }
    plan.heads = heads.into_iter().collect();
    plan.heads.sort_unstable();
    plan.revived = is_out(&mut applying.tx, place.document, &plan.own).await?;
    Ok(Some(plan))
}

/// What is confirmed of a document, loaded: only after a repair, to see what a page repeats.
async fn confirmed_document(
    tx: &mut Tx,
    document: DocumentId,
) -> Result<Option<Document>, DeviceError> {
    let Some(mut stored) = document::read(&mut **tx, document).await? else {
        return Ok(None);
    };
    stored
        .changes
        .retain(|(_, state)| *state == state::CONFIRMED);
    Ok(stored.build().ok())
}

async fn is_out(tx: &mut Tx, document: DocumentId, own: &[[u8; 32]]) -> Result<bool, DeviceError> {
    if own.is_empty() {
        return Ok(false);
    }
    let out: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT hash FROM changes WHERE document = ? AND own = 1 AND state = 2")
            .bind(document.as_bytes().as_slice())
            .fetch_all(&mut **tx)
            .await?;
    Ok(out
        .iter()
        .any(|hash| own.iter().any(|one| one.as_slice() == hash)))
}
