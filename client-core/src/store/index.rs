//! Lists are made from rows, and rows from readings: in the transaction of a local edit, or right after
//! documents came, in bounded pieces.
//!
//! A piece is read and made into rows beside the writer, and written only where the document is still what was read: its
//! stamp says so.

mod kinds;
mod write;

pub(crate) use kinds::{CONTACT, kind_number, kind_of};
pub(crate) use write::{RowsOf, push_begun, write_rows, write_rows_after};

use super::{
    Store, Tx,
    apply::push_ids,
    document::{self, Stored},
    search, sql,
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
    collections::HashMap,
    num::NonZero,
    sync::{Arc, atomic::Ordering},
};

/// How many documents are read and made into rows at once.
const PIECE: i64 = 256;
/// How many pieces one transaction writes, at most.
const PIECES_MAX: usize = 16;
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
    let title_da = reading.title(templates, Language::Danish);
    let title_en = reading.title(templates, Language::English);
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
        words: words_of(reading, templates, [&title_da, &title_en]),
        title_da,
        title_en,
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
fn words_of(reading: &Reading, templates: &Templates, titles: [&str; 2]) -> String {
    if reading.discarded {
        return String::new();
    }
    let mut words = vec![
        search::of_kind(reading.kind),
        search::of_template(&reading.template),
    ];
    words.extend(reading.authors.iter().map(|one| search::of_author(*one)));
    words.extend(samspor_documents::search::words_with(
        reading, templates, titles,
    ));
    words.join(" ")
}

/// Documents that are behind, as they were read.
struct Piece {
    batch: Vec<Stored>,
    templates: Arc<Templates>,
    /// The number of the last of them.
    last: i64,
}

/// Their rows.
struct Ready {
    rows: Vec<Row>,
    last: i64,
}

impl Piece {
    async fn make(self) -> Result<Ready, DeviceError> {
        Ok(Ready {
            rows: make_all(self.batch, &self.templates).await?,
            last: self.last,
        })
    }
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
    // One that was set aside may be no text at all.
    let decode = match stored.aside {
        None => SignedText::decode_checked,
        Some(_) => SignedText::decode,
    };
    let text = match decode(text) {
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
    ///
    /// One transaction takes several pieces: each page of an index that it touches is written, and encrypted, once for
    /// all of them. The first takes one, so that something is there to see soon; each after it twice as many as the one
    /// before, unless somebody waits to write: a page that comes, a visit that is saved. While a piece is written the
    /// next is read and made into rows.
    pub(crate) async fn index(&self) -> Result<u64, DeviceError> {
        let Some(first) = self.next_to_index(0).await? else {
            self.index_pieces.store(1, Ordering::SeqCst);
            return self.list_found().await;
        };
        let pieces = self.index_pieces.load(Ordering::SeqCst);
        self.write_pieces(first.make().await?, pieces).await?;
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM documents WHERE stamp <> indexed")
            .fetch_one(self.read())
            .await?;
        let next = if left == 0 { 1 } else { pieces * 2 };
        self.index_pieces
            .store(next.min(PIECES_MAX), Ordering::SeqCst);
        // Lists first; what is found after them.
        if left == 0 {
            return self.list_found().await;
        }
        Ok(u64::try_from(left).unwrap_or(0))
    }

    /// Writes these rows, and those of the pieces that follow, in one transaction.
    async fn write_pieces(&self, mut made: Ready, pieces: usize) -> Result<(), DeviceError> {
        let mut tx = self.begin().await?;
        for _ in 1..pieces {
            let next = async {
                match self.next_to_index(made.last).await? {
                    Some(piece) => Ok(Some(piece.make().await?)),
                    None => Ok(None),
                }
            };
            if self.is_waited_for() {
                break;
            }
            let (written, next) = tokio::join!(write_index(&mut tx, made.rows), next);
            written?;
            let next: Result<Option<Ready>, DeviceError> = next;
            match next? {
                Some(next) => made = next,
                None => return Ok(tx.commit().await?),
            }
        }
        write_index(&mut tx, made.rows).await?;
        Ok(tx.commit().await?)
    }

    /// What is behind after a document by its number, with the templates of the same moment; none when nothing is.
    async fn next_to_index(&self, after: i64) -> Result<Option<Piece>, DeviceError> {
        let mut tx = self.snapshot().await?;
        let templates = self.templates_in(&mut tx).await?;
        let rows = sqlx::query(
            "SELECT document, space, stamp, seq, CASE signed WHEN 0 THEN snapshot END, signed, text, n, aside
             FROM documents WHERE stamp <> indexed AND n > ? ORDER BY n LIMIT ?",
        )
        .bind(after)
        .bind(PIECE)
        .fetch_all(&mut *tx)
        .await?;
        let Some(last) = rows.last() else {
            return Ok(None);
        };
        let last = last.try_get(7)?;
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
                aside: row.try_get(8)?,
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
        let piece = |batch| Piece {
            batch,
            templates,
            last,
        };
        if open.is_empty() {
            return Ok(Some(piece(batch)));
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
        Ok(Some(piece(batch)))
    }
}

/// Writes rows of documents that are still what was read.
async fn write_index(tx: &mut Tx, rows: Vec<Row>) -> Result<(), DeviceError> {
    let mut query =
        sqlx::QueryBuilder::new("SELECT document, stamp, seq FROM documents WHERE document IN (");
    push_ids(&mut query, rows.iter().map(|row| row.document));
    let mut stands: HashMap<DocumentId, (i64, Option<i64>)> = HashMap::new();
    for row in query.build().fetch_all(&mut **tx).await? {
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
    query.build().execute(&mut **tx).await?;
    write(tx, current).await
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
