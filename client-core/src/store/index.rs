//! Lists are made from rows, and rows from readings: in the transaction of a local edit, or right after
//! documents came, in bounded batches.
//!
//! A batch is read, made into rows without holding the writer, and written only where the document is still
//! what was read: its stamp says so.

mod kinds;

pub(crate) use kinds::{CONTACT, kind_number, kind_of};

use super::{
    Store, Tx, agreed,
    apply::push_ids,
    card, disclosed,
    document::{self, Stored},
    search::{self, Found},
    sql,
};
use crate::error::DeviceError;
use samspor_documents::{
    card::CardView,
    contact::{self, Statuses},
    document::Document,
    guard,
    id::{DocumentId, PractitionerId, SpaceId},
    method::agreements::Says,
    reading::{Outstanding, Reading},
    signed::SignedText,
    template::{Language, TemplateKind, Templates},
    time::{Moment, UnixMillis},
    visit::schedule::{self, Subject},
};
use sqlx::Row as _;
use std::{
    collections::{BTreeSet, HashMap},
    num::NonZero,
    sync::Arc,
};

/// How many documents one batch takes.
const BATCH: i64 = 256;
/// How many processors read documents at once, at most: a phone has other things to do.
const WORKERS_MAX: usize = 4;
/// How many lines of an entry a timeline shows.
const SUMMARY_LINES: usize = 3;

/// What lists need of one document.
pub(crate) struct Row {
    document: DocumentId,
    space: SpaceId,
    stamp: i64,
    made: Made,
    /// A new snapshot, where many changes were folded.
    folded: Option<Vec<u8>>,
}

enum Made {
    /// It reads.
    Rows(Box<Rows>),
    /// It does not open, and why.
    Aside(String),
    /// Nothing of it is left: every change was refused.
    Empty,
}

/// The rows of a document.
pub(crate) struct Rows {
    kind: i64,
    template: String,
    occurred_at: Moment,
    written_at: UnixMillis,
    title_da: String,
    title_en: String,
    summary_da: String,
    summary_en: String,
    authors: Vec<u8>,
    conflicts: i64,
    invalid: i64,
    seq: i64,
    subject: Option<SpaceId>,
    edited_at: UnixMillis,
    discarded: bool,
    adds_to: Option<DocumentId>,
    /// What it is found by; empty when it is not to be found.
    words: String,
    /// The planned contact that an entry names.
    contact: Option<DocumentId>,
    /// Of a planned contact: what its status says, and who is to make it.
    planned: Option<(Statuses, Option<PractitionerId>)>,
    /// Of a copy that was filed: the document that its text is of.
    original: Option<DocumentId>,
    /// What it says of agreements and of being followed up.
    agreed: Option<Says>,
    /// The kind of visit that it was or is to be; empty of a planned contact that says none.
    visit_type: Option<String>,
    /// Of a contact that must carry something still: which readings of the guide say so (`outstanding`).
    outstanding: Option<i64>,
    card: Option<(CardView, Subject)>,
}

/// The rows of a reading.
pub(crate) fn rows_of(reading: &Reading, templates: &Templates, seq: Option<i64>) -> Rows {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let written_at = reading.written_at.unwrap_or_default();
    let lines = |language| {
        reading
            .summary(templates, language, SUMMARY_LINES)
            .join("\n")
    };
    Rows {
        kind: kind_number(reading.kind),
        template: reading.template.clone(),
        occurred_at: reading.occurred_at.unwrap_or(Moment {
            at: written_at,
            offset_minutes: 0,
        }),
        written_at,
        title_da: reading.title(templates, Language::Danish),
        title_en: reading.title(templates, Language::English),
        summary_da: lines(Language::Danish),
        summary_en: lines(Language::English),
        authors: reading
            .authors
            .iter()
            .flat_map(|author| *author.as_bytes())
            .collect(),
        conflicts: number(reading.conflicts),
        invalid: number(reading.invalid),
        seq: seq.unwrap_or(i64::MAX),
        subject: reading.subject,
        edited_at: reading.edited_at.unwrap_or(written_at),
        discarded: reading.discarded,
        adds_to: reading.adds_to(),
        words: words_of(reading, templates),
        contact: reading.planned_contact(),
        planned: (reading.kind == TemplateKind::PlannedContact)
            .then(|| (Statuses::of(reading), contact::made_by(reading))),
        original: None,
        agreed: Says::of(reading),
        visit_type: visit_type_of(reading, templates),
        outstanding: Outstanding::of(reading, templates).bits(),
        card: (reading.kind == TemplateKind::Card)
            .then(|| (CardView::of(reading), Subject::of(reading))),
    }
}

fn visit_type_of(reading: &Reading, templates: &Templates) -> Option<String> {
    let said = schedule::visit_type(reading, templates).map(str::to_owned);
    said.or_else(|| (reading.kind == TemplateKind::PlannedContact).then(String::new))
}

/// What a document is found by. One that was discarded is not.
fn words_of(reading: &Reading, templates: &Templates) -> String {
    if reading.discarded {
        return String::new();
    }
    let mut words = vec![
        search::of_kind(reading.kind),
        search::of_template(&reading.template),
    ];
    words.extend(reading.authors.iter().map(|one| search::of_author(*one)));
    words.extend(samspor_documents::search::words(reading, templates));
    words.join(" ")
}

/// Rows of a batch. Reading documents is work for the processors: shared among them, and not on the threads that
/// serve the network.
async fn make_all(batch: Vec<Stored>, templates: &Arc<Templates>) -> Result<Vec<Row>, DeviceError> {
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = batch.len().div_ceil(processors.min(WORKERS_MAX)).max(1);
    let mut rows = Vec::with_capacity(batch.len());
    let mut batch = batch.into_iter().peekable();
    let mut shares = Vec::new();
    while batch.peek().is_some() {
        let share: Vec<Stored> = batch.by_ref().take(share).collect();
        let templates = Arc::clone(templates);
        shares.push(tokio::task::spawn_blocking(move || {
            let rows = share
                .into_iter()
                .map(|stored| make_row(&stored, &templates));
            rows.collect::<Vec<_>>()
        }));
    }
    for share in shares {
        rows.extend(
            share
                .await
                .map_err(|_| DeviceError::Damaged { what: "index" })?,
        );
    }
    Ok(rows)
}

fn make_row(stored: &Stored, templates: &Templates) -> Row {
    let (made, folded) = make(stored, templates);
    Row {
        document: stored.document,
        space: stored.space,
        stamp: stored.stamp,
        made,
        folded,
    }
}

/// The rows of a signed document, from its text alone.
fn make_signed(stored: &Stored, text: &[u8], templates: &Templates) -> Made {
    let text = match SignedText::decode(text) {
        Ok(text) => text,
        Err(error) => return Made::Aside(error.to_string()),
    };
    match guard::guarded(|| text.reading(templates)) {
        Ok(reading) => {
            let of = text.place().document;
            Made::Rows(Box::new(Rows {
                original: (of != stored.document).then_some(of),
                ..rows_of(&reading, templates, stored.seq)
            }))
        }
        Err(error) => Made::Aside(error.to_string()),
    }
}

fn make(stored: &Stored, templates: &Templates) -> (Made, Option<Vec<u8>>) {
    if stored.is_empty() {
        return (Made::Empty, None);
    }
    if let Some(text) = &stored.text {
        return (make_signed(stored, text, templates), None);
    }
    let read = stored.build().and_then(|document: Document| {
        let reading = guard::guarded(|| document.reading(templates))?;
        let folded = match stored.is_foldable() {
            true => Some(guard::guarded(|| document.save())?),
            false => None,
        };
        Ok((reading, folded))
    });
    match read {
        Ok((reading, folded)) => {
            let rows = rows_of(&reading, templates, stored.seq);
            (Made::Rows(Box::new(rows)), folded)
        }
        Err(error) => (Made::Aside(error.to_string()), None),
    }
}

impl Store {
    /// Puts the next documents into lists, and says how many are behind still.
    pub(crate) async fn index(&self) -> Result<u64, DeviceError> {
        let (batch, templates) = self.next_to_index().await?;
        if batch.is_empty() {
            return self.list_found().await;
        }
        self.write_index(make_all(batch, &templates).await?).await?;
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM documents WHERE stamp <> indexed")
            .fetch_one(self.read())
            .await?;
        // Lists first; what is found after them.
        if left == 0 {
            return self.list_found().await;
        }
        Ok(u64::try_from(left).unwrap_or(0))
    }

    /// What is behind, with the templates of the same moment.
    async fn next_to_index(&self) -> Result<(Vec<Stored>, Arc<Templates>), DeviceError> {
        let mut tx = self.snapshot().await?;
        let templates = self.templates_in(&mut tx).await?;
        let rows = sqlx::query(
            "SELECT document, space, stamp, seq, CASE signed WHEN 0 THEN snapshot END, signed, text
             FROM documents WHERE stamp <> indexed ORDER BY n LIMIT ?",
        )
        .bind(BATCH)
        .fetch_all(&mut *tx)
        .await?;
        let mut batch = Vec::with_capacity(rows.len());
        let mut places = HashMap::new();
        for row in rows {
            let document: DocumentId = sql::id(&row, 0)?;
            places.insert(document, batch.len());
            batch.push(Stored {
                document,
                space: sql::id(&row, 1)?,
                stamp: row.try_get(2)?,
                seq: row.try_get(3)?,
                aside: None,
                snapshot: row.try_get(4)?,
                signed: row.try_get(5)?,
                text: row.try_get(6)?,
                changes: Vec::new(),
            });
        }
        let open: Vec<DocumentId> = batch
            .iter()
            .filter(|stored| stored.text.is_none())
            .map(|stored| stored.document)
            .collect();
        if open.is_empty() {
            return Ok((batch, templates));
        }
        let mut query = sqlx::QueryBuilder::new(
            "SELECT document, body, state FROM changes WHERE state < 2 AND document IN (",
        );
        push_ids(&mut query, open.into_iter());
        query.push(" ORDER BY document, n");
        for row in query.build().fetch_all(&mut *tx).await? {
            let place = places.get(&sql::id::<DocumentId>(&row, 0)?);
            if let Some(stored) = place.and_then(|place| batch.get_mut(*place)) {
                stored.changes.push((row.try_get(1)?, row.try_get(2)?));
            }
        }
        Ok((batch, templates))
    }

    /// Writes rows of documents that are still what was read.
    async fn write_index(&self, rows: Vec<Row>) -> Result<(), DeviceError> {
        let mut tx = self.begin().await?;
        let mut query = sqlx::QueryBuilder::new(
            "SELECT document, stamp, seq FROM documents WHERE document IN (",
        );
        push_ids(&mut query, rows.iter().map(|row| row.document));
        let mut stands: HashMap<DocumentId, (i64, Option<i64>)> = HashMap::new();
        for row in query.build().fetch_all(&mut *tx).await? {
            stands.insert(sql::id(&row, 0)?, (row.try_get(1)?, row.try_get(2)?));
        }
        let current = rows.into_iter().filter_map(|mut row| {
            let (stamp, seq) = stands.get(&row.document)?;
            // A page may have told its place in the log since the document was read.
            if let Made::Rows(made) = &mut row.made {
                made.seq = seq.unwrap_or(i64::MAX);
            }
            (*stamp == row.stamp).then_some(row)
        });
        let current: Vec<Row> = current.collect();
        if current.is_empty() {
            return Ok(());
        }
        let mut query =
            sqlx::QueryBuilder::new("UPDATE documents SET indexed = stamp WHERE document IN (");
        push_ids(&mut query, current.iter().map(|row| row.document));
        query.build().execute(&mut *tx).await?;
        write(&mut tx, current).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn write(tx: &mut Tx, rows: Vec<Row>) -> Result<(), DeviceError> {
    let mut lists = Vec::new();
    for row in rows {
        if let Some(snapshot) = row.folded {
            document::fold(tx, row.document, snapshot).await?;
        }
        match row.made {
            Made::Rows(made) => lists.push((row.document, row.space, *made)),
            Made::Aside(detail) => {
                sqlx::query("UPDATE documents SET aside = ? WHERE document = ?")
                    .bind(detail)
                    .bind(row.document.as_bytes().as_slice())
                    .execute(&mut **tx)
                    .await?;
            }
            Made::Empty => forget(tx, row.document).await?,
        }
    }
    write_rows(tx, lists).await
}

/// A document whose every change was refused stands in no list; its work is in the not-delivered box.
async fn forget(tx: &mut Tx, document: DocumentId) -> Result<(), DeviceError> {
    for sql in [
        "DELETE FROM rows WHERE document = ?",
        "DELETE FROM found WHERE document = ?",
        "DELETE FROM card_links WHERE space IN (SELECT space FROM cards WHERE document = ?)",
        "DELETE FROM cards WHERE document = ?",
    ] {
        sqlx::query(sql)
            .bind(document.as_bytes().as_slice())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// The cases into which some of them were filed.
fn filed_in(rows: &[(DocumentId, SpaceId, Rows)]) -> BTreeSet<SpaceId> {
    let filed = rows.iter().filter(|(.., made)| made.original.is_some());
    filed.map(|(_, space, _)| *space).collect()
}

type AgreedOf = (DocumentId, SpaceId, Option<Says>);

fn agreed_of(rows: &mut [(DocumentId, SpaceId, Rows)]) -> Vec<AgreedOf> {
    let take = |(document, space, made): &mut (DocumentId, SpaceId, Rows)| {
        (*document, *space, made.agreed.take())
    };
    rows.iter_mut().map(take).collect()
}

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

/// Writes list rows and cards, many per statement.
pub(crate) async fn write_rows(
    tx: &mut Tx,
    mut rows: Vec<(DocumentId, SpaceId, Rows)>,
) -> Result<(), DeviceError> {
    if rows.is_empty() {
        return Ok(());
    }
    agreed::write(tx, agreed_of(&mut rows)).await?;
    let (mut cards, mut found) = (Vec::new(), Vec::with_capacity(rows.len()));
    let filed = filed_in(&rows);
    let mut query = sqlx::QueryBuilder::new(
        "INSERT INTO rows (document, space, kind, template, occurred_at, offset_minutes, seq, written_at,
           title_da, title_en, summary_da, summary_en, authors, conflicts, invalid, subject, edited_at, discarded, adds_to,
           contact, statuses, made_by, original, names, visit_type, outstanding) ",
    );
    query.push_values(rows, |mut row, (document, space, made)| {
        cards.extend(made.card.map(|card| (document, space, card)));
        found.push(Found {
            document,
            space,
            subject: made.subject,
            occurred_at: made.occurred_at.at,
            words: made.words,
        });
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
    query.push(WRITTEN_ANEW);
    query.build().execute(&mut **tx).await?;
    search::write(tx, found).await?;
    disclosed::stand_with_copies(tx, filed).await?;
    card::write(tx, cards).await
}
