//! The not-delivered box: work that the server refused. It stays, readable, until a person deals with it.

use super::{
    Store, Tx, document, drafts, meta,
    outbox::{kind_name, written},
    restrictions, signed, sql,
};
use crate::{
    error::DeviceError,
    views::{NotDelivered, RefusedOperation, SetAsideDocument},
};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::{feed::SetAside, push::kind, reason::Reason};
use sqlx::Row as _;
use std::collections::HashSet;
use uuid::Uuid;

/// How many refused operations a list shows.
const LIST_MAX: i64 = 10_000;

/// A change that the server's projector could not apply returns to its author, with everything of this device
/// that builds on it. Answers how many went.
pub(crate) async fn set_aside(tx: &mut Tx, one: &SetAside) -> Result<u64, DeviceError> {
    let rows = sqlx::query(
        "SELECT hash, deps FROM changes WHERE document = ? AND own = 1 AND state < 2 ORDER BY n",
    )
    .bind(one.document.as_bytes().as_slice())
    .fetch_all(&mut **tx)
    .await?;
    let mut out: HashSet<[u8; 32]> = HashSet::new();
    let mut count = 0;
    for row in rows {
        let hash = sql::hash32(row.try_get(0)?)?;
        let follows = sql::hashes(row.try_get(1)?)?
            .iter()
            .any(|dep| out.contains(dep));
        if hash == one.hash.0 || follows {
            out.insert(hash);
            count += 1;
            take_out(tx, one, &hash).await?;
        }
    }
    if count > 0 {
        document::mark_behind(tx, one.document).await?;
    }
    Ok(count)
}

async fn take_out(tx: &mut Tx, one: &SetAside, hash: &[u8; 32]) -> Result<(), DeviceError> {
    sqlx::query("UPDATE changes SET state = 2 WHERE document = ? AND hash = ?")
        .bind(one.document.as_bytes().as_slice())
        .bind(hash.as_slice())
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "UPDATE outbox SET state = 2, reason = ?, detail = ? WHERE document = ? AND hash = ?",
    )
    .bind(Reason::SetAside.code())
    .bind(&one.detail)
    .bind(one.document.as_bytes().as_slice())
    .bind(hash.as_slice())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets acknowledged operations that a completed backup covers and whose echo came. Those on a draft are kept as
/// long as the draft is: another device may publish it without them.
pub(crate) async fn forget_safe(tx: &mut Tx, safe_seq: u64) -> Result<(), DeviceError> {
    let enrolment: Option<meta::Enrolment> =
        meta::get_cbor(&mut **tx, meta::name::ENROLMENT).await?;
    let private = enrolment.map(|one| one.practitioner.private_space());
    sqlx::query(
        "DELETE FROM outbox WHERE state = 1 AND seq <= ? AND NOT EXISTS
           (SELECT 1 FROM changes c WHERE c.document = outbox.document AND c.hash = outbox.hash AND c.state = 1)
         AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.document = outbox.document AND d.space = ?)",
    )
    .bind(sql::seq_column(safe_seq))
    .bind(private.map(|space| space.as_bytes().to_vec()))
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "DELETE FROM changes WHERE state = 3 AND NOT EXISTS
           (SELECT 1 FROM outbox o WHERE o.document = changes.document AND o.hash = changes.hash)",
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl Store {
    /// Everything refused that nobody has dealt with, one entry per document or space.
    pub(crate) async fn not_delivered(&self) -> Result<Vec<NotDelivered>, DeviceError> {
        let rows = sqlx::query(
            "SELECT n, space, document, kind, reason, detail, written_at, written FROM outbox
             WHERE state = 2 ORDER BY n LIMIT ?",
        )
        .bind(LIST_MAX)
        .fetch_all(self.read())
        .await?;
        let mut list: Vec<NotDelivered> = Vec::new();
        for row in rows {
            let space: SpaceId = sql::id(&row, 1)?;
            let document: Option<DocumentId> = sql::id_opt(&row, 2)?;
            let id = document.map_or(space.0, |document| document.0);
            let reason = row.try_get::<Option<String>, _>(4)?.unwrap_or_default();
            let operation = RefusedOperation {
                number: row.try_get(0)?,
                operation: kind_name(row.try_get(3)?),
                reason: reason.clone(),
                written_at: UnixMillis(row.try_get(6)?),
                written: written(&row, 7)?,
            };
            match list.iter_mut().find(|one| one.id == id) {
                Some(one) => one.operations.push(operation),
                None => list.push(NotDelivered {
                    id,
                    space,
                    document,
                    detail: row.try_get::<Option<String>, _>(5)?.unwrap_or_default(),
                    retryable: false,
                    ways_out: Vec::new(),
                    reason,
                    operations: vec![operation],
                }),
            }
        }
        let signed = self.signed_documents_refused().await?;
        for one in &mut list {
            let operations = one.operations.iter();
            one.retryable = can_be_retried(
                signed.contains(&one.id),
                operations.map(|one| (Sort::of_name(one.operation), one.reason.as_str())),
            );
        }
        Ok(list)
    }

    /// Signed documents of which something was refused.
    async fn signed_documents_refused(&self) -> Result<HashSet<Uuid>, DeviceError> {
        let rows = sqlx::query(
            "SELECT DISTINCT o.document FROM outbox o JOIN documents d ON d.document = o.document
             WHERE o.state = 2 AND d.signed > 0",
        )
        .fetch_all(self.read())
        .await?;
        rows.iter().map(|row| sql::id(row, 0)).collect()
    }

    /// Puts refused work back: into its document, and into the outbox at its old place, or behind what it
    /// waits on. A signature goes along only where the document says still what was signed; else
    /// it stays in the box.
    pub(crate) async fn retry(&self, id: Uuid) -> Result<(), DeviceError> {
        let mut tx = self.begin().await?;
        let refused: Vec<Refused> = sqlx::query_as(
            "SELECT n, kind, coalesce(reason, ''), body FROM outbox
             WHERE state = 2 AND coalesce(document, space) = ? ORDER BY n",
        )
        .bind(id.as_bytes().as_slice())
        .fetch_all(&mut *tx)
        .await?;
        if refused.is_empty() {
            return Err(DeviceError::UnknownRefusal);
        }
        let all = refused.iter();
        let is_signed = signed::text(&mut tx, DocumentId(id)).await?.is_some();
        if !can_be_retried(is_signed, all.map(|one| (Sort::of(one.1), one.2.as_str()))) {
            return Err(DeviceError::NotRetryable);
        }
        put_back_changes(&mut tx, id).await?;
        restore_document(&mut tx, id).await?;
        let mut back = false;
        for (number, kind, reason, body) in refused {
            let sort = Sort::of(kind);
            back |= match sort {
                Sort::Writing => true,
                _ if !is_retryable(sort, &reason) => false,
                Sort::Signature => {
                    let body = body.unwrap_or_default();
                    signed::put_back(&mut tx, DocumentId(id), number, &body).await?
                }
                Sort::Restriction => put_back_one(&mut tx, number).await?,
            };
        }
        if !back {
            return Err(DeviceError::NotRetryable);
        }
        put_behind(&mut tx, id).await?;
        restrictions::settle(&mut tx, &[DocumentId(id)]).await?;
        document::mark_behind(&mut tx, DocumentId(id)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Deletes refused work. Only ever on a person's word.
    pub(crate) async fn discard(&self, id: Uuid) -> Result<(), DeviceError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM changes WHERE state = 2 AND (document, hash) IN
               (SELECT document, hash FROM outbox WHERE state = 2 AND document = ?)",
        )
        .bind(id.as_bytes().as_slice())
        .execute(&mut *tx)
        .await?;
        let done =
            sqlx::query("DELETE FROM outbox WHERE state = 2 AND coalesce(document, space) = ?")
                .bind(id.as_bytes().as_slice())
                .execute(&mut *tx)
                .await?;
        if done.rows_affected() == 0 {
            return Err(DeviceError::UnknownRefusal);
        }
        tx.commit().await?;
        Ok(())
    }

    /// Documents that came damaged.
    pub(crate) async fn set_aside_documents(&self) -> Result<Vec<SetAsideDocument>, DeviceError> {
        let rows = sqlx::query(
            "SELECT document, space, aside FROM documents WHERE aside IS NOT NULL ORDER BY n LIMIT ?",
        )
        .bind(LIST_MAX)
        .fetch_all(self.read())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SetAsideDocument {
                    document: sql::id(row, 0)?,
                    space: sql::id(row, 1)?,
                    detail: row.try_get(2)?,
                })
            })
            .collect()
    }
}

/// What refused work was meant for.
pub(crate) struct Target {
    /// The document: of a draft that was published, what it became.
    pub(crate) document: Option<DocumentId>,
    /// The case or circle it is about; none where that is not known (any more).
    pub(crate) subject: Option<SpaceId>,
}

/// What an entry of the box was meant for.
pub(crate) async fn target(tx: &mut Tx, item: &NotDelivered) -> Result<Target, DeviceError> {
    let enrolment: Option<meta::Enrolment> =
        meta::get_cbor(&mut **tx, meta::name::ENROLMENT).await?;
    let private = enrolment.map(|one| one.practitioner.private_space());
    let Some(document) = item.document.filter(|_| private == Some(item.space)) else {
        return Ok(Target {
            document: item.document,
            subject: Some(item.space),
        });
    };
    if let Some(published) = drafts::became(tx, document).await? {
        let space = sqlx::query("SELECT space FROM documents WHERE document = ?")
            .bind(published.as_bytes().as_slice())
            .fetch_optional(&mut **tx)
            .await?;
        return Ok(Target {
            document: Some(published),
            subject: space.as_ref().map(|row| sql::id(row, 0)).transpose()?,
        });
    }
    let row = sqlx::query("SELECT subject FROM rows WHERE document = ?")
        .bind(document.as_bytes().as_slice())
        .fetch_optional(&mut **tx)
        .await?;
    let subject = row.map(|row| sql::id_opt(&row, 0)).transpose()?;
    Ok(Target {
        document: Some(document),
        subject: subject.flatten(),
    })
}

/// Takes refused operations out of the box: what was typed in them is kept elsewhere by the same transaction.
pub(crate) async fn resolve(tx: &mut Tx, numbers: &[i64]) -> Result<(), DeviceError> {
    for number in numbers {
        for sql in [
            "DELETE FROM changes WHERE state = 2 AND (document, hash) IN
               (SELECT document, hash FROM outbox WHERE n = ? AND state = 2)",
            "DELETE FROM outbox WHERE n = ? AND state = 2",
        ] {
            sqlx::query(sql).bind(number).execute(&mut **tx).await?;
        }
    }
    Ok(())
}

/// A document that was written here and is gone since stands again, so that it can be seen while it waits.
async fn restore_document(tx: &mut Tx, id: Uuid) -> Result<(), DeviceError> {
    sqlx::query(
        "INSERT INTO documents (document, space, heads, stamp, indexed)
         SELECT o.document, o.space, x'', 0, 0 FROM outbox o JOIN changes c ON c.hash = o.hash AND c.document = o.document
         WHERE o.document = ? AND c.deps = x'' AND c.state = 1 LIMIT 1 ON CONFLICT (document) DO NOTHING",
    )
    .bind(id.as_bytes().as_slice())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A refused operation: number, kind, reason, body.
type Refused = (i64, i64, String, Option<Vec<u8>>);

/// What a refused operation is, as far as trying again goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// What was typed, or the place where it is to stand.
    Writing,
    Signature,
    Restriction,
}

impl Sort {
    fn of(number: i64) -> Self {
        Self::of_name(kind_name(number))
    }

    fn of_name(name: &str) -> Self {
        match name {
            "sign" => Self::Signature,
            "restrict" => Self::Restriction,
            _ => Self::Writing,
        }
    }
}

/// Whether something of refused work can be tried again, and all that was typed. A signature alone never holds that
/// back: it is given again by reading and signing again; nor does a restriction. What was typed never goes back into a
/// document that was signed since.
fn can_be_retried<'a>(is_signed: bool, operations: impl Iterator<Item = (Sort, &'a str)>) -> bool {
    let mut helps = false;
    for (sort, reason) in operations {
        let is_writing = sort == Sort::Writing;
        match is_retryable(sort, reason) && !(is_writing && is_signed) {
            true => helps = true,
            false if !is_writing => {}
            false => return false,
        }
    }
    helps
}

/// What the server has already, or will never take, is not tried again.
fn is_retryable(sort: Sort, reason: &str) -> bool {
    match Reason::of_code(reason) {
        Reason::SetAside
        | Reason::Expunged
        | Reason::Signed
        | Reason::Superseded
        | Reason::Closed
        | Reason::Malformed
        | Reason::TooLarge
        | Reason::TooManyOperations => false,
        Reason::UnseenChanges | Reason::TextDiffers => sort != Sort::Signature,
        _ => true,
    }
}

/// Queues one refused operation again.
async fn put_back_one(tx: &mut Tx, number: i64) -> Result<bool, DeviceError> {
    let done = sqlx::query(
        "UPDATE outbox SET state = 0, reason = NULL, detail = NULL WHERE n = ? AND state = 2",
    )
    .bind(number)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What waits on something that was done since goes behind it, in its own order: a restriction behind the signature, the
/// end of an assignment behind the assignment of a colleague. Before it, the server would refuse it again, and a
/// signature with it.
async fn put_behind(tx: &mut Tx, id: Uuid) -> Result<(), DeviceError> {
    for (late, first) in [(kind::RESTRICT, kind::SIGN), (kind::UNASSIGN, kind::ASSIGN)] {
        let early: Vec<i64> = sqlx::query_scalar(
            "SELECT n FROM outbox WHERE coalesce(document, space) = ?1 AND kind = ?2 AND state = 0
               AND (SELECT max(n) FROM outbox WHERE coalesce(document, space) = ?1 AND kind = ?3 AND state = 0) >
                 (SELECT min(n) FROM outbox WHERE coalesce(document, space) = ?1 AND kind = ?2 AND state = 0)
             ORDER BY n",
        )
        .bind(id.as_bytes().as_slice())
        .bind(i64::from(late))
        .bind(i64::from(first))
        .fetch_all(&mut **tx)
        .await?;
        for number in early {
            sqlx::query("UPDATE outbox SET n = (SELECT max(n) + 1 FROM outbox) WHERE n = ?")
                .bind(number)
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}

/// Puts refused changes and openings of cases back.
async fn put_back_changes(tx: &mut Tx, id: Uuid) -> Result<(), DeviceError> {
    sqlx::query(
        "UPDATE changes SET state = 1 WHERE state = 2 AND (document, hash) IN
           (SELECT document, hash FROM outbox WHERE state = 2 AND document = ?)",
    )
    .bind(id.as_bytes().as_slice())
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "UPDATE outbox SET state = 0, reason = NULL, detail = NULL
         WHERE state = 2 AND kind NOT IN (?, ?) AND coalesce(document, space) = ?",
    )
    .bind(i64::from(kind::SIGN))
    .bind(i64::from(kind::RESTRICT))
    .bind(id.as_bytes().as_slice())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
