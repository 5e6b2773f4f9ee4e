//! A document in the store: a confirmed snapshot and changes on top of it, put together when it is needed.

use super::{
    Tx,
    sql::{self, Script},
};
use crate::error::DeviceError;
use samspor_documents::{
    document::Document,
    guard::{self, GuardError},
    id::{DocumentId, SpaceId},
};
use samspor_protocol::limits;
use sqlx::{Row as _, SqliteConnection};

/// With so many changes on top, a document is folded into a new snapshot.
const FOLD_CHANGES: usize = 32;
/// A document's bytes here: what the server holds and what waits on top.
pub(crate) const BYTES_MAX: usize = limits::DOCUMENT_BYTES_MAX * 2;

/// States of a change.
pub(crate) mod state {
    /// The server told of it.
    pub(crate) const CONFIRMED: i64 = 0;
    /// This device's own, and not told of yet.
    pub(crate) const OWN: i64 = 1;
    /// Refused or set aside: not part of the document.
    pub(crate) const OUT: i64 = 2;
    /// Confirmed and in the snapshot: kept for the outbox.
    pub(crate) const FOLDED: i64 = 3;
}

/// A change as it is about to be kept.
#[derive(Debug, Clone)]
pub(crate) struct NewChange {
    /// Of which document.
    pub(crate) document: DocumentId,
    /// Its hash.
    pub(crate) hash: [u8; 32],
    /// What it builds on.
    pub(crate) deps: Vec<[u8; 32]>,
    /// Whether this device wrote it.
    pub(crate) own: bool,
    /// One of [`state`].
    pub(crate) state: i64,
    /// Its bytes.
    pub(crate) body: Vec<u8>,
}

/// A document's bytes, as read.
pub(crate) struct Stored {
    /// Which.
    pub(crate) document: DocumentId,
    /// Where it lives.
    pub(crate) space: SpaceId,
    /// Grows with every change of what it holds.
    pub(crate) stamp: i64,
    /// Its place in the log.
    pub(crate) seq: Option<i64>,
    /// Why it is set aside.
    pub(crate) aside: Option<String>,
    /// Whether it is signed: one of [`super::signed::state`].
    pub(crate) signed: i64,
    /// The canonical text of a signed one.
    pub(crate) text: Option<Vec<u8>>,
    /// What is confirmed, whole.
    pub(crate) snapshot: Option<Vec<u8>>,
    /// What stands on top: bytes and state.
    pub(crate) changes: Vec<(Vec<u8>, i64)>,
}

impl Stored {
    /// The document itself, whether or not it is signed.
    pub(crate) fn build(&self) -> Result<Document, GuardError> {
        let mut document = match &self.snapshot {
            Some(snapshot) => guard::load(snapshot, BYTES_MAX)?,
            None => Document::empty(),
        };
        for (change, _) in &self.changes {
            guard::apply(&mut document, change)?;
        }
        Ok(document)
    }

    /// Whether it holds anything: a document whose every change was refused does not.
    pub(crate) fn is_empty(&self) -> bool {
        self.snapshot.is_none() && self.changes.is_empty() && self.text.is_none()
    }

    /// Whether its changes are worth folding: many, and none of this device's that waits.
    pub(crate) fn is_foldable(&self) -> bool {
        self.changes.len() >= FOLD_CHANGES
            && self
                .changes
                .iter()
                .all(|(_, state)| *state == state::CONFIRMED)
    }
}

/// A document's bytes; none when it is not here.
pub(crate) async fn read(
    db: &mut SqliteConnection,
    document: DocumentId,
) -> Result<Option<Stored>, DeviceError> {
    let row = sqlx::query(
        "SELECT space, stamp, seq, aside, snapshot, signed, text FROM documents WHERE document = ?",
    )
    .bind(document.as_bytes().as_slice())
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let changes = changes(db, document).await?;
    Ok(Some(Stored {
        document,
        space: sql::id(&row, 0)?,
        stamp: row.try_get(1)?,
        seq: row.try_get(2)?,
        aside: row.try_get(3)?,
        snapshot: row.try_get(4)?,
        signed: row.try_get(5)?,
        text: row.try_get(6)?,
        changes,
    }))
}

/// The space that a document lives in; none when it is not here.
pub(crate) async fn space_of(
    db: &mut SqliteConnection,
    document: DocumentId,
) -> Result<Option<SpaceId>, DeviceError> {
    sqlx::query("SELECT space FROM documents WHERE document = ?")
        .bind(document.as_bytes().as_slice())
        .fetch_optional(db)
        .await?
        .as_ref()
        .map(|row| sql::id(row, 0))
        .transpose()
}

/// The changes on top of a document's snapshot, in order.
pub(crate) async fn changes(
    db: &mut SqliteConnection,
    document: DocumentId,
) -> Result<Vec<(Vec<u8>, i64)>, DeviceError> {
    Ok(sqlx::query_as(
        "SELECT body, state FROM changes WHERE document = ? AND state < 2 ORDER BY n",
    )
    .bind(document.as_bytes().as_slice())
    .fetch_all(db)
    .await?)
}

/// Keeps changes, many per statement. One that is here already stays as it is.
pub(crate) async fn insert_changes(
    tx: &mut Tx,
    changes: Vec<NewChange>,
) -> Result<(), DeviceError> {
    let mut changes = changes.into_iter().peekable();
    while changes.peek().is_some() {
        let mut script = sql::script();
        push_changes(&mut script, changes.by_ref().take(sql::CHUNK));
        sql::run(tx, &mut script).await?;
    }
    Ok(())
}

/// The statement that keeps at most [`sql::CHUNK`] changes; at least one.
pub(crate) fn push_changes(script: &mut Script, changes: impl IntoIterator<Item = NewChange>) {
    script.push("INSERT OR IGNORE INTO changes (document, hash, deps, own, state, body) ");
    script.push_values(changes, |mut row, change| {
        row.push_bind(change.document.as_bytes().to_vec())
            .push_bind(change.hash.to_vec())
            .push_bind(sql::concat(&change.deps))
            .push_bind(change.own)
            .push_bind(change.state)
            .push_bind(change.body);
    });
    script.push(";");
}

/// Puts the changes on top of a snapshot into it. What the outbox still needs stays beside it.
pub(crate) async fn fold(
    tx: &mut Tx,
    document: DocumentId,
    snapshot: Vec<u8>,
) -> Result<(), DeviceError> {
    sqlx::query("UPDATE documents SET snapshot = ? WHERE document = ?")
        .bind(snapshot)
        .bind(document.as_bytes().as_slice())
        .execute(&mut **tx)
        .await?;
    drop_confirmed(tx, document).await
}

/// Forgets the confirmed changes of a document whose snapshot holds them.
pub(crate) async fn drop_confirmed(tx: &mut Tx, document: DocumentId) -> Result<(), DeviceError> {
    sqlx::query(
        "UPDATE changes SET state = 3 WHERE document = ?1 AND state = 0 AND own = 1
         AND hash IN (SELECT hash FROM outbox WHERE document = ?1)",
    )
    .bind(document.as_bytes().as_slice())
    .execute(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM changes WHERE document = ? AND state = 0")
        .bind(document.as_bytes().as_slice())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The statement that makes room for a document which is written here first.
pub(crate) fn push_local(script: &mut Script, document: DocumentId, space: SpaceId) {
    script
        .push("INSERT INTO documents (document, space, heads, stamp, indexed) VALUES (")
        .push_bind(document.as_bytes().to_vec())
        .push(", ")
        .push_bind(space.as_bytes().to_vec())
        .push(", x'', 1, 1);");
}

/// The statement that says: what a document holds changed, and its rows are made in the same transaction.
pub(crate) fn push_indexed(script: &mut Script, document: DocumentId) {
    script
        .push(
            "UPDATE documents SET stamp = stamp + 1, indexed = stamp + 1, aside = NULL WHERE document = ",
        )
        .push_bind(document.as_bytes().to_vec())
        .push(";");
}

/// What a document holds changed; its rows are behind now.
pub(crate) async fn mark_behind(tx: &mut Tx, document: DocumentId) -> Result<(), DeviceError> {
    sqlx::query("UPDATE documents SET stamp = stamp + 1 WHERE document = ?")
        .bind(document.as_bytes().as_slice())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
