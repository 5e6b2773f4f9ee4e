//! The outbox: what this device did and the server has to be told, in order. Nothing leaves it unanswered.

use super::{
    Store, Tx,
    document::state as change_state,
    remainder, restrictions, signed,
    sql::{self, Script},
};
use crate::{
    engine::{Batch, Settled},
    error::DeviceError,
    views::{OutboxRow, Written},
};
use samspor_documents::{
    id::{DocumentId, OperationId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::{
    limits,
    push::{Answer, Group, Operation, PushRequest, PushResponse, kind},
    reason::Reason,
};
use sqlx::{Row as _, sqlite::SqliteRow};
use std::collections::{HashMap, HashSet};

/// How many bytes of operations go into one push: the rest of the limit is for what is around them.
const BATCH_BYTES_MAX: i64 = (limits::PUSH_BYTES_MAX - limits::CHANGE_BYTES_MAX) as i64;
/// What one operation costs around its body.
const OPERATION_BYTES: i64 = 96;
/// How many withdrawals overtake the rest in one push.
const WITHDRAWALS_MAX: i64 = 100;
/// How many rows a list of the outbox shows.
const LIST_MAX: i64 = 10_000;

/// An operation about to be queued.
pub(crate) struct NewOperation {
    /// Of which space.
    pub(crate) space: SpaceId,
    /// Of which document; none when it is about the space.
    pub(crate) document: Option<DocumentId>,
    /// One of [`kind`].
    pub(crate) kind: u8,
    /// Its name, unless it is a change.
    pub(crate) operation: Option<OperationId>,
    /// The hash of the change that it is or carries.
    pub(crate) hash: Option<[u8; 32]>,
    /// The draft that it closes, when it is a publish.
    pub(crate) draft: Option<DocumentId>,
    /// Its body, unless it is a change.
    pub(crate) body: Option<Vec<u8>>,
    /// The size of what is sent.
    pub(crate) bytes: usize,
    /// The machine's clock.
    pub(crate) queued_at: UnixMillis,
    /// The writer's clock.
    pub(crate) written_at: UnixMillis,
    /// What was typed.
    pub(crate) written: Written,
}

/// Queues an operation.
pub(crate) async fn insert(tx: &mut Tx, new: &NewOperation) -> Result<(), DeviceError> {
    let mut script = sql::script();
    push(&mut script, new)?;
    sql::run(tx, &mut script).await
}

/// The statement that queues an operation.
pub(crate) fn push(script: &mut Script, new: &NewOperation) -> Result<(), DeviceError> {
    let written = serde_json::to_string(&new.written).map_err(|_| DeviceError::Damaged {
        what: "what was written",
    })?;
    script.push(
        "INSERT INTO outbox (space, document, kind, operation, hash, draft, body, bytes, state, queued_at, written_at, written) ",
    );
    script.push_values([new], |mut row, new| {
        row.push_bind(new.space.as_bytes().to_vec())
            .push_bind(new.document.map(|id| id.as_bytes().to_vec()))
            .push_bind(i64::from(new.kind))
            .push_bind(new.operation.map(|id| id.as_bytes().to_vec()))
            .push_bind(new.hash.map(|hash| hash.to_vec()))
            .push_bind(new.draft.map(|draft| draft.as_bytes().to_vec()))
            .push_bind(new.body.clone())
            .push_bind(i64::try_from(new.bytes).unwrap_or(i64::MAX))
            .push("0")
            .push_bind(new.queued_at.0)
            .push_bind(new.written_at.0)
            .push_bind(written.clone());
    });
    script.push(";");
    Ok(())
}

/// The name of a kind of operation, as people and scripts see it.
pub(crate) fn kind_name(number: i64) -> &'static str {
    match u8::try_from(number) {
        Ok(kind::OPEN_CASE) => "open_case",
        Ok(kind::OPEN_CIRCLE) => "open_circle",
        Ok(kind::JOIN) => "join",
        Ok(kind::LEAVE) => "leave",
        Ok(kind::SHARE) => "share",
        Ok(kind::WITHDRAW) => "withdraw",
        Ok(kind::CLOSE_CIRCLE) => "close_circle",
        Ok(kind::DISCLOSE) => "disclose",
        Ok(kind::ASSIGN) => "assign",
        Ok(kind::UNASSIGN) => "unassign",
        Ok(kind::CHANGE) => "change",
        Ok(kind::PUBLISH) => "publish",
        Ok(kind::SIGN) => "sign",
        Ok(kind::RESTRICT) => "restrict",
        _ => "other",
    }
}

/// Reads what was written from its column.
pub(crate) fn written(row: &SqliteRow, column: usize) -> Result<Written, DeviceError> {
    serde_json::from_str(row.try_get(column)?).map_err(|_| DeviceError::Damaged {
        what: "what was written",
    })
}

struct Waiting {
    number: i64,
    space: SpaceId,
    document: Option<DocumentId>,
    operation: Operation,
}

fn waiting(row: &SqliteRow) -> Result<Waiting, DeviceError> {
    let operation = sql::id_opt::<uuid::Uuid>(row, 4)?.map(OperationId);
    Ok(Waiting {
        number: row.try_get(0)?,
        space: sql::id(row, 1)?,
        document: sql::id_opt(row, 2)?,
        operation: Operation {
            kind: u8::try_from(row.try_get::<i64, _>(3)?).unwrap_or(u8::MAX),
            operation,
            body: row.try_get::<Vec<u8>, _>(5)?.into(),
        },
    })
}

/// Whether an operation is about a space that is there whatever becomes of it: who sees it, or its end.
const fn is_about_access(number: u8) -> bool {
    matches!(
        number,
        kind::JOIN
            | kind::LEAVE
            | kind::CLOSE_CIRCLE
            | kind::SHARE
            | kind::DISCLOSE
            | kind::WITHDRAW
            | kind::ASSIGN
            | kind::UNASSIGN
    )
}

/// Where a group stands: spaces are there before what is written in them; what is shared is there before it is shared,
/// and a share before it is withdrawn: `shared` are the cases of which a share is sent along. Who closes or leaves a
/// circle, or gives a case away, has sent before what they wrote in it.
fn rank(group: &Group, shared: &HashSet<SpaceId>) -> u8 {
    let has = |number| group.operations.iter().any(|one| one.kind == number);
    match group.document {
        Some(_) => 1,
        None if has(kind::SHARE) || has(kind::CLOSE_CIRCLE) => 2,
        None if has(kind::WITHDRAW) && shared.contains(&group.space) => 2,
        None if has(kind::LEAVE) || has(kind::ASSIGN) || has(kind::UNASSIGN) => 3,
        None => 0,
    }
}

/// Groups in the order of their first operation and of their [`rank`]. Each operation about a space that is there is a
/// group of its own: that one is refused says nothing of the next.
fn grouped(waiting: Vec<Waiting>) -> Batch {
    let shares = waiting
        .iter()
        .filter(|one| one.operation.kind == kind::SHARE);
    let shared: HashSet<SpaceId> = shares.map(|one| one.space).collect();
    let mut index = HashMap::new();
    let mut groups: Vec<(Group, Vec<i64>)> = Vec::new();
    for one in waiting {
        let alone = is_about_access(one.operation.kind).then_some(one.number);
        let key = (one.space, one.document, alone);
        let at = *index.entry(key).or_insert_with(|| {
            groups.push((
                Group {
                    space: one.space,
                    document: one.document,
                    operations: Vec::new(),
                },
                Vec::new(),
            ));
            groups.len() - 1
        });
        if let Some((group, numbers)) = groups.get_mut(at) {
            group.operations.push(one.operation);
            numbers.push(one.number);
        }
    }
    groups.sort_by_key(|(group, _)| rank(group, &shared));
    let (groups, numbers) = groups.into_iter().unzip();
    Batch {
        numbers,
        request: PushRequest { groups },
    }
}

impl Store {
    /// The next operations to push, within one push's limits; none when nothing waits.
    pub(crate) async fn next_batch(&self) -> Result<Option<Batch>, DeviceError> {
        let mut next = self.withdrawals().await?;
        next.extend(self.next_waiting(false).await?);
        if next.is_empty() {
            next = self.next_waiting(true).await?;
        }
        let mut seen = HashSet::new();
        next.retain(|(number, _)| seen.insert(*number));
        let mut total = 0;
        let numbers: Vec<i64> = next
            .iter()
            .take(limits::PUSH_OPERATIONS_MAX)
            .take_while(|(_, bytes)| {
                let first = total == 0;
                total += bytes + OPERATION_BYTES;
                first || total <= BATCH_BYTES_MAX
            })
            .map(|(number, _)| *number)
            .collect();
        if numbers.is_empty() {
            return Ok(None);
        }
        let rows = sqlx::query(
            "SELECT o.n, o.space, o.document, o.kind, o.operation, coalesce(o.body, c.body, x'')
             FROM outbox o LEFT JOIN changes c ON c.hash = o.hash AND c.document = o.document
             WHERE o.state = 0 AND o.n IN (SELECT value FROM json_each(?)) ORDER BY o.n",
        )
        .bind(serde_json::to_string(&numbers).unwrap_or_default())
        .fetch_all(self.read())
        .await?;
        let waiting: Result<Vec<_>, _> = rows.iter().map(waiting).collect();
        Ok(Some(grouped(waiting?)))
    }

    /// What waits in order, by number and size: disclosures, or all but those. They are sent when nothing else waits: where
    /// the server files one follows from what it knows of the case by then.
    async fn next_waiting(&self, disclosures: bool) -> Result<Vec<(i64, i64)>, DeviceError> {
        Ok(sqlx::query_as(
            "SELECT n, bytes FROM outbox WHERE state = 0 AND (kind = ?) = ? ORDER BY n LIMIT ?",
        )
        .bind(i64::from(kind::DISCLOSE))
        .bind(disclosures)
        .bind(i64::try_from(limits::PUSH_OPERATIONS_MAX).unwrap_or(i64::MAX))
        .fetch_all(self.read())
        .await?)
    }

    /// The withdrawals that wait, but those whose share may wait still: they overtake everything else.
    async fn withdrawals(&self) -> Result<Vec<(i64, i64)>, DeviceError> {
        Ok(sqlx::query_as(
            "SELECT n, bytes FROM outbox WHERE state = 0 AND kind = 6 AND NOT EXISTS
               (SELECT 1 FROM outbox s WHERE s.space = outbox.space AND s.document IS NULL AND s.state = 0 AND s.kind = ?)
             ORDER BY n LIMIT ?",
        )
        .bind(i64::from(kind::SHARE))
        .bind(WITHDRAWALS_MAX)
        .fetch_all(self.read())
        .await?)
    }

    /// Puts the answers of a push into the outbox, all in one transaction. A refusal for good takes with it
    /// what was written after it on the same document, or in the same space, where that could not be opened. Answers
    /// that are missing leave their operations waiting.
    pub(crate) async fn settle(
        &self,
        batch: &Batch,
        response: &PushResponse,
    ) -> Result<Settled, DeviceError> {
        let mut settled = Settled::default();
        let (mut accepted, mut accepted_in) = (Vec::new(), Vec::new());
        let mut tx = self.begin().await?;
        let groups = batch.request.groups.iter().zip(&batch.numbers);
        for ((group, numbers), answers) in groups.zip(&response.groups) {
            let mut is_postponed = false;
            for (number, answer) in numbers.iter().zip(answers) {
                match answer {
                    // What stands behind something postponed is refused for that alone.
                    _ if is_postponed => settled.postponed += 1,
                    Answer::Accepted { seq } => {
                        accepted.push((*number, *seq));
                        accepted_in.extend(group.document);
                    }
                    Answer::Refused { reason, detail, .. } if reason.is_permanent() => {
                        settled.refused += refuse(&mut tx, group, *number, reason, detail).await?;
                    }
                    Answer::Refused { .. } => {
                        is_postponed = true;
                        settled.postponed += 1;
                    }
                }
            }
        }
        for chunk in accepted.chunks(sql::CHUNK) {
            settled.accepted += accept(&mut tx, chunk).await?;
        }
        accepted_in.dedup();
        let left_over = remainder::settle(&mut tx, &accepted_in).await?;
        settled.accepted = settled.accepted.saturating_sub(left_over);
        settled.refused += left_over;
        tx.commit().await?;
        Ok(settled)
    }

    /// What waits, in order.
    pub(crate) async fn outbox_rows(&self) -> Result<Vec<OutboxRow>, DeviceError> {
        let rows = sqlx::query(
            "SELECT n, space, document, kind, bytes, queued_at, written FROM outbox WHERE state = 0 ORDER BY n LIMIT ?",
        )
        .bind(LIST_MAX)
        .fetch_all(self.read())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(OutboxRow {
                    number: row.try_get(0)?,
                    space: sql::id(row, 1)?,
                    document: sql::id_opt(row, 2)?,
                    operation: kind_name(row.try_get(3)?),
                    bytes: sql::count(row, 4)?,
                    queued_at: UnixMillis(row.try_get(5)?),
                    written: written(row, 6)?,
                })
            })
            .collect()
    }
}

async fn accept(tx: &mut Tx, answers: &[(i64, u64)]) -> Result<u64, DeviceError> {
    let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new("WITH answer (n, seq) AS (");
    query.push_values(answers, |mut row, (number, seq)| {
        row.push_bind(*number).push_bind(sql::seq_column(*seq));
    });
    query.push(
        ") UPDATE outbox SET state = 1, echoed = 0, seq = answer.seq FROM answer WHERE outbox.n = answer.n AND outbox.state = 0",
    );
    let done = query.build().execute(&mut **tx).await?;
    signed::receive(tx, answers).await?;
    Ok(done.rows_affected())
}

/// Refuses an operation and what depends on it.
async fn refuse(
    tx: &mut Tx,
    group: &Group,
    number: i64,
    reason: &Reason,
    detail: &str,
) -> Result<u64, DeviceError> {
    let first = refuse_one(tx, number, reason.code(), detail).await?;
    if group.operations.iter().all(|one| is_about_access(one.kind)) {
        return Ok(first);
    }
    let later = match group.document {
        Some(document) => {
            sqlx::query(
                "UPDATE outbox SET state = 2, reason = ?, detail = '' WHERE document = ? AND n > ? AND +state = 0",
            )
            .bind(Reason::EarlierRefused.code())
            .bind(document.as_bytes().to_vec())
            .bind(number)
        }
        None => sqlx::query(
            "UPDATE outbox SET state = 2, reason = ?, detail = '' WHERE space = ? AND n > ? AND state = 0",
        )
        .bind(Reason::EarlierRefused.code())
        .bind(group.space.as_bytes().to_vec())
        .bind(number),
    }
    .execute(&mut **tx)
    .await?
    .rows_affected();
    take_out_refused(tx, group).await?;
    Ok(first + later)
}

/// Refuses one operation, unless it was answered already.
pub(crate) async fn refuse_one(
    tx: &mut Tx,
    number: i64,
    reason: &str,
    detail: &str,
) -> Result<u64, DeviceError> {
    let done = sqlx::query(
        "UPDATE outbox SET state = 2, reason = ?, detail = ? WHERE n = ? AND state = 0",
    )
    .bind(reason)
    .bind(detail)
    .bind(number)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Takes refused changes out of their documents: what is shown is what can be delivered.
async fn take_out_refused(tx: &mut Tx, group: &Group) -> Result<(), DeviceError> {
    let (column, value) = match group.document {
        Some(document) => ("document", document.as_bytes().to_vec()),
        None => ("space", group.space.as_bytes().to_vec()),
    };
    let sql = format!(
        "UPDATE changes SET state = {out} WHERE state = {own} AND EXISTS (SELECT 1 FROM outbox o
           WHERE o.hash = changes.hash AND o.document = changes.document AND o.state = 2 AND o.{column} = ?)",
        out = change_state::OUT,
        own = change_state::OWN,
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(value.clone())
        .execute(&mut **tx)
        .await?;
    let sql = format!(
        "UPDATE documents SET stamp = stamp + 1 WHERE document IN
           (SELECT document FROM outbox WHERE {column} = ? AND state = 2 AND document IS NOT NULL)"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(value.clone())
        .execute(&mut **tx)
        .await?;
    signed::reopen_refused(tx, column, &value).await?;
    restrictions::settle_own(tx, column, &value).await
}
