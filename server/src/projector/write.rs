//! A projected batch into the database: one transaction, written in sets.

use super::{
    apply::{NewContent, Projected},
    read::Closed,
    sums::{Movement, NewItem, SUPERSEDED},
};
use crate::{
    log::Seq,
    store::{StoreError, Tx, bulk_chunks, hex_list, id16},
};
use samspor_protocol::tag::Digest;
use sqlx::QueryBuilder;
use std::collections::BTreeMap;

/// Moves the projector's position; false when it does not stand at `from`: another one was at work.
pub(super) async fn move_position(tx: &mut Tx, from: Seq, to: Seq) -> Result<bool, StoreError> {
    let moved = sqlx::query("UPDATE projection SET seq = ? WHERE only_row = 1 AND seq = ?")
        .bind(to)
        .bind(from)
        .execute(&mut **tx)
        .await?
        .rows_affected();
    Ok(moved == 1)
}

pub(super) async fn write_items(tx: &mut Tx, items: &[NewItem]) -> Result<(), StoreError> {
    for chunk in bulk_chunks(items) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO items (kind, id, space, ground, rank, first_seq, last_seq, state, tag, received_at, bytes, about,
               with_entry, own_only, told) ",
        );
        insert.push_values(chunk, |mut row, item| {
            row.push_bind(item.kind)
                .push_bind(item.id.to_vec())
                .push_bind(item.space.to_vec())
                .push_bind(item.ground)
                .push_bind(item.rank)
                .push_bind(item.first_seq)
                .push_bind(item.last_seq)
                .push_bind(item.state)
                .push_bind(item.tag.0.to_vec())
                .push_bind(item.received_at)
                .push_bind(item.bytes)
                .push_bind(item.about.map(|document| document.to_vec()))
                .push_bind(item.with_entry.map(|entry| entry.to_vec()))
                .push_bind(item.own_only)
                .push_bind(item.told);
        });
        insert.push(
            " ON CONFLICT (kind, id) DO UPDATE SET rank = excluded.rank, last_seq = excluded.last_seq,
              state = excluded.state, tag = excluded.tag, bytes = excluded.bytes,
              with_entry = excluded.with_entry",
        );
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}

/// Closes drafts that were published: they are no longer fed nor counted. What they hold stays.
pub(super) async fn write_closings(tx: &mut Tx, closings: &[Closed]) -> Result<(), StoreError> {
    if closings.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE items SET state = ? WHERE kind = 1 AND id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(SUPERSEDED)
    .bind(hex_list(closings.iter().map(|one| one.draft.0.into_bytes())))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn write_snapshots(
    tx: &mut Tx,
    documents: &[Projected],
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(documents.len());
    for document in documents {
        if let Some(NewContent::Open { snapshot, .. }) =
            document.state.as_ref().map(|state| &state.content)
        {
            rows.push((document.document, snapshot));
        }
    }
    for chunk in bulk_chunks(&rows) {
        let mut insert = QueryBuilder::new("INSERT INTO snapshots (document, key_id, body) ");
        insert.push_values(chunk, |mut row, (document, snapshot)| {
            row.push_bind(document.as_bytes().to_vec())
                .push("NULL")
                .push_bind(snapshot.to_vec());
        });
        insert.push(" ON CONFLICT (document) DO UPDATE SET body = excluded.body");
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}

pub(super) async fn write_aside(tx: &mut Tx, documents: &[Projected]) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for document in documents {
        rows.extend(
            document
                .aside
                .iter()
                .map(|aside| (document.document, aside)),
        );
    }
    for chunk in bulk_chunks(&rows) {
        let mut insert =
            QueryBuilder::new("INSERT INTO set_aside (seq, device, document, hash, detail) ");
        insert.push_values(chunk, |mut row, (document, aside)| {
            row.push_bind(aside.seq)
                .push_bind(aside.device.as_bytes().to_vec())
                .push_bind(document.as_bytes().to_vec())
                .push_bind(aside.hash.to_vec())
                .push_bind(aside.detail.clone());
        });
        insert.build().execute(&mut **tx).await?;
        let seqs: Vec<i64> = chunk.iter().map(|(_, aside)| aside.seq.0).collect();
        sqlx::query("UPDATE changes SET state = 1 WHERE seq IN (SELECT value FROM json_each(?))")
            .bind(serde_json::json!(seqs).to_string())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

type GroundRow = (i64, i64, Vec<u8>, Seq, i64, Vec<u8>);

/// Adds the movements to the grounds' sums.
pub(super) async fn write_sums(
    tx: &mut Tx,
    movements: &BTreeMap<i64, Movement>,
) -> Result<(), StoreError> {
    let numbers: Vec<i64> = movements.keys().copied().collect();
    let grounds: Vec<GroundRow> = sqlx::query_as(
        "SELECT g.ground, g.kind, g.team, g.last_seq, g.items, g.digest
         FROM json_each(?) AS wanted CROSS JOIN grounds AS g ON g.ground = wanted.value",
    )
    .bind(serde_json::json!(numbers).to_string())
    .fetch_all(&mut **tx)
    .await?;
    let mut rows = Vec::with_capacity(grounds.len());
    for (ground, kind, team, last_seq, items, digest) in grounds {
        let movement = movements.get(&ground).copied().unwrap_or_default();
        let digest = Digest::from_bytes(id16("ground", &digest)?).plus(movement.digest);
        let last_seq = last_seq.max(movement.last_seq);
        let items = items.saturating_add(movement.items);
        rows.push((ground, kind, team, last_seq, items, digest));
    }
    for chunk in bulk_chunks(&rows) {
        let mut insert =
            QueryBuilder::new("INSERT INTO grounds (ground, kind, team, last_seq, items, digest) ");
        insert.push_values(
            chunk,
            |mut row, (ground, kind, team, last_seq, items, digest)| {
                row.push_bind(*ground)
                    .push_bind(*kind)
                    .push_bind(team.clone())
                    .push_bind(*last_seq)
                    .push_bind(*items)
                    .push_bind(digest.to_bytes().to_vec());
            },
        );
        insert.push(
            " ON CONFLICT (ground) DO UPDATE SET last_seq = excluded.last_seq,
              items = excluded.items, digest = excluded.digest",
        );
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}
