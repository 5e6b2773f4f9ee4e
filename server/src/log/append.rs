//! Appending: rows of the log and the head's move, in the caller's transaction.

use super::{Chain, EntryKind, Secret, Seq, chain};
use crate::store::{StoreError, Tx, bulk_chunks, id32};
use samspor_protocol::hash::Hash32;
use sqlx::QueryBuilder;

/// The log's head as it was read under the write lock, moved by each append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The newest entry.
    pub seq: Seq,
    /// The chain there.
    pub chain: Chain,
}

/// One entry to append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Its document's or fact's id.
    pub item: [u8; 16],
    /// The digest of what is logged: a change's hash, a fact's body hash.
    pub content: Hash32,
}

/// The log's head. Under [`crate::store::Store::write`] nobody else moves it.
///
/// # Errors
/// `Unavailable` or `Query`; `Damaged` when the log was never begun.
pub async fn head(tx: &mut Tx) -> Result<Head, StoreError> {
    let row: Option<(Seq, Vec<u8>)> =
        sqlx::query_as("SELECT head_seq, head_chain FROM log_state WHERE only_row = 1")
            .fetch_optional(&mut **tx)
            .await?;
    let (seq, chain) = row.ok_or(StoreError::Damaged { what: "log head" })?;
    Ok(Head {
        seq,
        chain: Chain(id32("chain", &chain)?),
    })
}

/// Appends entries after `head`, which moves with them: the first gets the position after it, and so on.
///
/// # Errors
/// `Unavailable` or `Query`: the transaction is to be dropped.
pub async fn append(
    tx: &mut Tx,
    secret: &Secret,
    head: &mut Head,
    entries: &[Entry],
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let commitment = chain::commitment(secret, entry.kind, &entry.item, &entry.content);
        let seq = head.seq.next();
        let chain = head.chain.after(seq, &commitment);
        *head = Head { seq, chain };
        rows.push((seq, entry, commitment, chain));
    }
    for chunk in bulk_chunks(&rows) {
        let mut insert =
            QueryBuilder::new("INSERT INTO entries (seq, kind, item, commitment, chain) ");
        insert.push_values(chunk, |mut row, (seq, entry, commitment, chain)| {
            row.push_bind(*seq)
                .push_bind(entry.kind.code())
                .push_bind(entry.item.to_vec())
                .push_bind(commitment.0.to_vec())
                .push_bind(chain.0.to_vec());
        });
        insert.build().execute(&mut **tx).await?;
    }
    sqlx::query("UPDATE log_state SET head_seq = ?, head_chain = ? WHERE only_row = 1")
        .bind(head.seq)
        .bind(head.chain.0.to_vec())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
