//! Timeline rows and card rows of a batch into the database, in sets.

use super::{
    apply::Projected,
    render::{MADE, TimelineRow},
};
use crate::store::{StoreError, Tx, bulk_chunks, hex_list};
use samspor_documents::id::SpaceId;
use sqlx::QueryBuilder;

/// A document's row with where it stands.
pub(super) struct Placed<'a> {
    pub space: SpaceId,
    pub ground: i64,
    pub row: &'a TimelineRow,
}

pub(super) async fn write_rows(tx: &mut Tx, documents: &[Projected]) -> Result<(), StoreError> {
    let mut placed = Vec::with_capacity(documents.len());
    for document in documents {
        if let Some(row) = document.state.as_ref().and_then(|state| state.row.as_ref()) {
            placed.push(Placed {
                space: document.space,
                ground: document.ground,
                row,
            });
        }
    }
    write_placed(tx, &placed).await
}

/// Rows take the place of those of before.
pub(super) async fn write_placed(tx: &mut Tx, placed: &[Placed<'_>]) -> Result<(), StoreError> {
    for chunk in bulk_chunks(placed) {
        write_timeline(tx, chunk).await?;
    }
    write_outstanding(tx, placed).await?;
    write_cards(tx, placed).await
}

async fn write_timeline(tx: &mut Tx, chunk: &[Placed<'_>]) -> Result<(), StoreError> {
    let mut insert = QueryBuilder::new(
        "INSERT INTO timeline (document, space, ground, kind, template, occurred_at, written_at, received_at,
            seq, conflicts, invalid, adds_to, contact, statuses, visit_type, offset_minutes, counted, made,
            unknown_version, reading) ",
    );
    insert.push_values(chunk, |mut values, placed| {
        let row = placed.row;
        values
            .push_bind(row.document.as_bytes().to_vec())
            .push_bind(placed.space.as_bytes().to_vec())
            .push_bind(placed.ground)
            .push_bind(row.kind)
            .push_bind(row.template.clone())
            .push_bind(row.occurred_at)
            .push_bind(row.written_at)
            .push_bind(row.received_at)
            .push_bind(row.seq)
            .push_bind(row.conflicts)
            .push_bind(row.invalid)
            .push_bind(row.adds_to.map(|entry| entry.as_bytes().to_vec()))
            .push_bind(row.contact.map(|contact| contact.as_bytes().to_vec()))
            .push_bind(row.statuses)
            .push_bind(row.visit_type.clone())
            .push_bind(row.offset_minutes)
            .push_bind(row.counted)
            .push_bind(MADE)
            .push_bind(row.unknown_version)
            .push_bind(row.reading.clone());
    });
    insert.push(
        " ON CONFLICT (document) DO UPDATE SET kind = excluded.kind, template = excluded.template,
            occurred_at = excluded.occurred_at, written_at = excluded.written_at, seq = excluded.seq,
            conflicts = excluded.conflicts, invalid = excluded.invalid, adds_to = excluded.adds_to,
            contact = excluded.contact, statuses = excluded.statuses, visit_type = excluded.visit_type,
            offset_minutes = excluded.offset_minutes, counted = excluded.counted, made = excluded.made,
            unknown_version = excluded.unknown_version, reading = excluded.reading",
    );
    insert.build().execute(&mut **tx).await?;
    Ok(())
}

/// What contacts lack takes the place of what they lacked.
async fn write_outstanding(tx: &mut Tx, documents: &[Placed<'_>]) -> Result<(), StoreError> {
    let ids = documents.iter().map(|placed| placed.row.document.0);
    sqlx::query(
        "DELETE FROM outstanding WHERE document IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(hex_list(ids.map(uuid::Uuid::into_bytes)))
    .execute(&mut **tx)
    .await?;
    let mut lacking = Vec::new();
    for placed in documents {
        if let Some((bits, authors)) = &placed.row.outstanding {
            lacking.extend(authors.iter().map(|who| (placed, *bits, *who)));
        }
    }
    for chunk in bulk_chunks(&lacking) {
        let mut insert =
            QueryBuilder::new("INSERT OR IGNORE INTO outstanding (practitioner, document, bits) ");
        insert.push_values(chunk, |mut values, (placed, bits, who)| {
            values
                .push_bind(who.as_bytes().to_vec())
                .push_bind(placed.row.document.as_bytes().to_vec())
                .push_bind(*bits);
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}

/// Cards take the place of what they said before.
async fn write_cards(tx: &mut Tx, documents: &[Placed<'_>]) -> Result<(), StoreError> {
    let ids = documents.iter().map(|placed| placed.row.document.0);
    sqlx::query("DELETE FROM cards WHERE document IN (SELECT unhex(value) FROM json_each(?))")
        .bind(hex_list(ids.map(uuid::Uuid::into_bytes)))
        .execute(&mut **tx)
        .await?;
    let mut cards = Vec::new();
    let (mut links, mut relations) = (Vec::new(), Vec::new());
    for placed in documents {
        if let Some(card) = &placed.row.card {
            cards.push((placed, card));
            links.extend(card.same_as.iter().map(|other| (placed, *other)));
            relations.extend(card.relations.iter().map(|other| (placed, *other)));
        }
    }
    for chunk in bulk_chunks(&cards) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO cards (document, space, ground, kind, sort_name, cpr_key, born, term, gestational_days,
                closed, is_over) ",
        );
        insert.push_values(chunk, |mut values, (placed, card)| {
            values
                .push_bind(placed.row.document.as_bytes().to_vec())
                .push_bind(placed.space.as_bytes().to_vec())
                .push_bind(placed.ground)
                .push_bind(card.kind)
                .push_bind(card.sort_name.clone())
                .push_bind(card.cpr_key.map(|key| key.to_vec()))
                .push_bind(card.born)
                .push_bind(card.term)
                .push_bind(card.gestational_days)
                .push_bind(card.closed)
                .push_bind(card.is_over);
        });
        insert.build().execute(&mut **tx).await?;
    }
    const LINKS: &str = "INSERT OR IGNORE INTO card_links (document, space, other) ";
    const RELATIONS: &str = "INSERT OR IGNORE INTO card_relations (document, space, other) ";
    write_links(tx, LINKS, &links).await?;
    write_links(tx, RELATIONS, &relations).await
}

async fn write_links(
    tx: &mut Tx,
    into: &str,
    links: &[(&Placed<'_>, SpaceId)],
) -> Result<(), StoreError> {
    for chunk in bulk_chunks(links) {
        let mut insert = QueryBuilder::new(into);
        insert.push_values(chunk, |mut values, (placed, other)| {
            values
                .push_bind(placed.row.document.as_bytes().to_vec())
                .push_bind(placed.space.as_bytes().to_vec())
                .push_bind(other.as_bytes().to_vec());
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}
