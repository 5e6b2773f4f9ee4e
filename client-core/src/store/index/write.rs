//! Rows, cards and what is found of documents, written many per statement.

use super::Rows;
use crate::{
    error::DeviceError,
    store::{
        Tx, agreed, card, disclosed,
        search::{self, Found},
        sql::{self, Script},
    },
};
use samspor_documents::id::{DocumentId, SpaceId};
use std::{collections::BTreeSet, mem};

/// A document's rows, and where it lives.
pub(crate) type RowsOf = (DocumentId, SpaceId, Rows);

/// What becomes of a row that is there.
const WRITTEN_ANEW: &str = " ON CONFLICT (document) DO UPDATE SET space = excluded.space, kind = excluded.kind,
          template = excluded.template, occurred_at = excluded.occurred_at,
          offset_minutes = excluded.offset_minutes, seq = excluded.seq, written_at = excluded.written_at,
          title_da = excluded.title_da, title_en = excluded.title_en, summary_da = excluded.summary_da,
          summary_en = excluded.summary_en, authors = excluded.authors, conflicts = excluded.conflicts, invalid = excluded.invalid,
          subject = excluded.subject, edited_at = excluded.edited_at, discarded = excluded.discarded,
          adds_to = excluded.adds_to, contact = excluded.contact, statuses = excluded.statuses,
          made_by = excluded.made_by, original = excluded.original, names = excluded.names,
          visit_type = excluded.visit_type, outstanding = excluded.outstanding";

/// Writes list rows and cards.
pub(crate) async fn write_rows(tx: &mut Tx, rows: Vec<RowsOf>) -> Result<(), DeviceError> {
    write_rows_after(tx, sql::script(), rows).await
}

/// The same after what a script holds, in as few pieces as there are chunks of rows.
pub(crate) async fn write_rows_after(
    tx: &mut Tx,
    mut script: Script,
    rows: Vec<RowsOf>,
) -> Result<(), DeviceError> {
    let filed = filed_in(&rows);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut chunk: Vec<RowsOf> = rows.by_ref().take(sql::CHUNK).collect();
        let found = chunk.iter_mut().map(found_of).collect();
        search::push(&mut script, search::place_all(tx, found).await?);
        push_chunk(&mut script, chunk);
        sql::run(tx, &mut script).await?;
    }
    sql::run(tx, &mut script).await?;
    disclosed::stand_with_copies(tx, filed).await
}

/// The statements that write the rows of a document which is begun before them: nothing stands of it.
pub(crate) fn push_begun(script: &mut Script, mut rows: RowsOf) {
    search::push_here(script, found_of(&mut rows));
    push_chunk(script, vec![rows]);
}

/// Rows, with what stands beside them; what they are found by is written already.
fn push_chunk(script: &mut Script, mut chunk: Vec<RowsOf>) {
    let agreed = chunk
        .iter_mut()
        .map(|(document, space, made)| (*document, *space, made.agreed.take()));
    agreed::push(script, agreed.collect());
    let cards = chunk.iter_mut().filter_map(|(document, space, made)| {
        made.card.take().map(|card| (*document, *space, card))
    });
    card::push(script, cards.collect());
    push_rows(script, chunk);
}

/// The cases into which some of them were filed.
fn filed_in(rows: &[RowsOf]) -> BTreeSet<SpaceId> {
    let filed = rows.iter().filter(|(.., made)| made.original.is_some());
    filed.map(|(_, space, _)| *space).collect()
}

fn found_of((document, space, made): &mut RowsOf) -> Found {
    Found {
        document: *document,
        space: *space,
        subject: made.subject,
        occurred_at: made.occurred_at.at,
        words: mem::take(&mut made.words),
    }
}

/// The statement that writes rows, at most [`sql::CHUNK`]; at least one.
fn push_rows(script: &mut Script, rows: Vec<RowsOf>) {
    script.push(
        "INSERT INTO rows (document, space, kind, template, occurred_at, offset_minutes, seq, written_at,
           title_da, title_en, summary_da, summary_en, authors, conflicts, invalid, subject, edited_at, discarded, adds_to,
           contact, statuses, made_by, original, names, visit_type, outstanding) ",
    );
    script.push_values(rows, |mut row, (document, space, made)| {
        row.push_bind(document.as_bytes().to_vec())
            .push_bind(space.as_bytes().to_vec())
            .push_bind(made.kind)
            .push_bind(made.template)
            .push_bind(made.occurred_at.at.0)
            .push_bind(i64::from(made.occurred_at.offset_minutes))
            .push_bind(made.seq)
            .push_bind(made.written_at.0)
            .push_bind(made.title_da)
            .push_bind(made.title_en)
            .push_bind(made.summary_da)
            .push_bind(made.summary_en)
            .push_bind(made.authors)
            .push_bind(made.conflicts)
            .push_bind(made.invalid)
            .push_bind(made.subject.map(|subject| subject.as_bytes().to_vec()))
            .push_bind(made.edited_at.0)
            .push_bind(made.discarded)
            .push_bind(made.adds_to.map(|entry| entry.as_bytes().to_vec()))
            .push_bind(made.contact.map(|contact| contact.as_bytes().to_vec()))
            .push_bind(made.planned.map(|(statuses, _)| statuses.bits()))
            .push_bind(
                made.planned
                    .and_then(|(_, who)| who.map(|who| who.as_bytes().to_vec())),
            )
            .push_bind(made.original.map(|original| original.as_bytes().to_vec()))
            .push_bind(
                made.original
                    .and(made.adds_to)
                    .map(|entry| entry.as_bytes().to_vec()),
            )
            .push_bind(made.visit_type)
            .push_bind(made.outstanding);
    });
    script.push(WRITTEN_ANEW).push(";");
}
