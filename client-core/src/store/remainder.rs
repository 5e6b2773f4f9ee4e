//! What is left over of a published draft: what this device wrote in it, the server acknowledged, and the document was
//! not made from. It goes to the not-delivered box, where an edit goes that the server refuses as `superseded`.
//!
//! Looked for whenever one of two things becomes known, in the transaction that makes it so: that a draft was
//! published, and that the server has an edit. They come in either order, since an answer can be lost on its way.

use super::{
    Tx,
    apply::push_ids,
    document::state,
    facts::{self, kind},
    sql,
};
use crate::error::DeviceError;
use samspor_documents::{
    authoring::ACTOR_BYTES,
    guard,
    id::{DocumentId, SpaceId},
};
use samspor_protocol::{fact::FactBody, limits, push, reason::Reason};
use sqlx::{QueryBuilder, Row as _, Sqlite};
use std::collections::HashMap;

/// As the server puts it.
const DETAIL: &str = "the draft was published before";

/// How far each actor was read when a draft was published.
type Read = HashMap<[u8; ACTOR_BYTES], u64>;

/// What was acknowledged of documents, by its place in the outbox.
#[derive(Default)]
struct Acknowledged {
    seen: Vec<i64>,
    unseen: Vec<i64>,
}

/// Settles what the server acknowledged of those of these documents that are drafts and were published. Answers how
/// many operations were left over. Called again, it finds the same.
pub(crate) async fn settle(tx: &mut Tx, documents: &[DocumentId]) -> Result<u64, DeviceError> {
    let mut left_over = 0;
    for some in documents.chunks(sql::CHUNK) {
        let published = published(tx, some).await?;
        if published.is_empty() {
            continue;
        }
        let found = acknowledged(tx, some, &published).await?;
        for numbers in found.unseen.chunks(sql::CHUNK) {
            left_over += return_to_box(tx, numbers).await?;
        }
        for numbers in found.seen.chunks(sql::CHUNK) {
            await_no_echo(tx, numbers).await?;
        }
    }
    Ok(left_over)
}

/// Those that facts say were published, each in its author's private space.
async fn published(
    tx: &mut Tx,
    documents: &[DocumentId],
) -> Result<HashMap<(SpaceId, DocumentId), Read>, DeviceError> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT space, body FROM facts WHERE kind = ");
    query.push_bind(kind::PUBLISHED).push(" AND subject IN (");
    push_ids(&mut query, documents.iter().copied());
    let mut published = HashMap::new();
    for row in query.build().fetch_all(&mut **tx).await? {
        // What this build cannot read closes no draft either.
        if let Ok(FactBody::Published(one)) = facts::body(row.try_get(1)?) {
            let seen = one.seen.into_iter().map(|seen| (seen.actor, seen.seq));
            published.insert((sql::id(&row, 0)?, one.draft), seen.collect());
        }
    }
    Ok(published)
}

async fn acknowledged(
    tx: &mut Tx,
    documents: &[DocumentId],
    published: &HashMap<(SpaceId, DocumentId), Read>,
) -> Result<Acknowledged, DeviceError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT o.n, o.space, o.document, coalesce(c.body, x'') FROM outbox o
         LEFT JOIN changes c ON c.hash = o.hash AND c.document = o.document
         WHERE o.state = 1 AND o.kind = ",
    );
    query
        .push_bind(i64::from(push::kind::CHANGE))
        .push(" AND o.document IN (");
    push_ids(&mut query, documents.iter().copied());
    let mut found = Acknowledged::default();
    for row in query.build().fetch_all(&mut **tx).await? {
        let (number, draft) = (row.try_get(0)?, (sql::id(&row, 1)?, sql::id(&row, 2)?));
        match published.get(&draft) {
            None => {}
            Some(read) if is_in(read, row.try_get(3)?) => found.seen.push(number),
            Some(_) => found.unseen.push(number),
        }
    }
    Ok(found)
}

/// Whether a change was read. One that does not tell whose it is counts as unread: better shown than lost.
fn is_in(read: &Read, change: &[u8]) -> bool {
    let Ok(facts) = guard::check_change(change, &limits::CHANGE) else {
        return false;
    };
    read.get(facts.actor.as_slice())
        .is_some_and(|last| facts.seq <= *last)
}

/// As [`super::refusals`] keeps what was refused: out of its document, and readable.
async fn return_to_box(tx: &mut Tx, numbers: &[i64]) -> Result<u64, DeviceError> {
    take_to(tx, state::OUT, numbers).await?;
    let mut query = QueryBuilder::<Sqlite>::new("UPDATE outbox SET state = 2, reason = ");
    query
        .push_bind(Reason::Superseded.code())
        .push(", detail = ")
        .push_bind(DETAIL)
        .push(" WHERE n IN (");
    push_numbers(&mut query, numbers);
    let done = query.build().execute(&mut **tx).await?;
    Ok(done.rows_affected())
}

/// The draft left the feed: what it took in comes back by no page.
async fn await_no_echo(tx: &mut Tx, numbers: &[i64]) -> Result<(), DeviceError> {
    take_to(tx, state::FOLDED, numbers).await
}

async fn take_to(tx: &mut Tx, state: i64, numbers: &[i64]) -> Result<(), DeviceError> {
    let mut query = QueryBuilder::<Sqlite>::new("UPDATE changes SET state = ");
    query.push_bind(state).push(
        " WHERE own = 1 AND (hash, document) IN (SELECT hash, document FROM outbox WHERE n IN (",
    );
    push_numbers(&mut query, numbers);
    query.push(")");
    query.build().execute(&mut **tx).await?;
    Ok(())
}

/// Puts numbers and the closing bracket after `IN (`.
fn push_numbers(query: &mut QueryBuilder<Sqlite>, numbers: &[i64]) {
    let mut list = query.separated(", ");
    for number in numbers {
        list.push_bind(*number);
    }
    query.push(")");
}
