//! One entry of a timeline.

use super::{FieldView, Reader, TeamView, TimeView, fields};
use crate::{timeline::SignedBy, web::format};
use samspor_documents::{
    id::{DocumentId, TeamId},
    reading::Reading,
    template::Templates,
    time::UnixMillis,
};

/// Written more than this after it occurred, an entry is late.
const LATE_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// What the database has of an entry.
#[derive(Debug, Clone)]
pub struct EntrySource {
    /// Its document.
    pub document: DocumentId,
    /// The team whose case it stands in.
    pub team: TeamId,
    /// What the order follows.
    pub occurred_at: UnixMillis,
    /// When the server received its first change.
    pub received_at: UnixMillis,
    /// What it says.
    pub reading: Reading,
    /// Who signed it.
    pub signed: Vec<SignedBy>,
}

/// What is shown of an entry.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// Its document's id: its place on the page.
    pub id: String,
    /// The day it occurred, where it is the first of that day.
    pub day: Option<String>,
    /// Its team.
    pub team: TeamView,
    /// What it is called.
    pub title: String,
    /// Who wrote it.
    pub authors: String,
    /// When it occurred.
    pub occurred: TimeView,
    /// When it was typed.
    pub written: Option<TimeView>,
    /// When the server received it.
    pub received: TimeView,
    /// Written more than a day after it occurred.
    pub late: bool,
    /// Who signed it, and when.
    pub signed: Vec<SignatureView>,
    /// Fields to settle.
    pub conflicts: usize,
    /// What it says.
    pub fields: Vec<FieldView>,
}

/// One signature.
#[derive(Debug, Clone)]
pub struct SignatureView {
    /// Who signed.
    pub name: String,
    /// When, by their device.
    pub at: TimeView,
}

/// Whether an entry was written more than a day after it occurred.
#[must_use]
pub fn is_late(occurred: Option<UnixMillis>, written: Option<UnixMillis>) -> bool {
    occurred
        .zip(written)
        .is_some_and(|(occurred, written)| written.since(occurred) > LATE_MILLIS)
}

/// The view of one entry. Its day is set by [`days`].
#[must_use]
pub fn entry(reader: &Reader<'_>, source: &EntrySource) -> EntryView {
    let templates = Templates::built_in();
    let reading = &source.reading;
    let language = reader.language;
    let occurred = source.occurred_at;
    let written = reading
        .written_at
        .map(|at| TimeView::new(at, format::moment_beside(at, Some(occurred), language)));
    let received = source.received_at;
    let beside = reading.written_at.unwrap_or(occurred);
    EntryView {
        id: source.document.to_string(),
        day: None,
        team: reader.team(source.team),
        title: reading.title(templates, language.of_documents()),
        authors: reader.people(&reading.authors),
        occurred: TimeView::new(occurred, format::moment(occurred, language)),
        written,
        received: TimeView::new(
            received,
            format::moment_beside(received, Some(beside), language),
        ),
        late: is_late(reading.occurred_at.map(|at| at.at), reading.written_at),
        signed: source
            .signed
            .iter()
            .map(|one| SignatureView {
                name: reader.people(&[one.signer]),
                at: TimeView::new(
                    one.at,
                    format::moment_beside(one.at, Some(beside), language),
                ),
            })
            .collect(),
        conflicts: reading.conflicts,
        fields: fields(reader, &reading.fields, reading.template(templates)),
    }
}

/// The views of entries, newest first, each day named where it begins. `above` is the entry before them on an
/// earlier page.
#[must_use]
pub fn days(
    reader: &Reader<'_>,
    sources: &[EntrySource],
    above: Option<UnixMillis>,
) -> Vec<EntryView> {
    let date = |at: UnixMillis| format::local(at).map(|at| at.date());
    let mut last = above.and_then(date);
    let mut views = Vec::with_capacity(sources.len());
    for source in sources {
        let mut view = entry(reader, source);
        let this = date(source.occurred_at);
        if this != last {
            view.day = this.map(|date| format::weekday(date, reader.language));
            last = this;
        }
        views.push(view);
    }
    views
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_late_only_after_more_than_a_day() {
        let occurred = UnixMillis(1_000);
        let rows = [
            (Some(occurred), Some(occurred), false),
            (Some(occurred), Some(occurred.plus(LATE_MILLIS)), false),
            (Some(occurred), Some(occurred.plus(LATE_MILLIS + 1)), true),
            (Some(occurred), Some(occurred.plus(-LATE_MILLIS)), false),
            (None, Some(occurred), false),
            (Some(occurred), None, false),
        ];
        for (occurred, written, late) in rows {
            assert_eq!(is_late(occurred, written), late, "{occurred:?} {written:?}");
        }
    }
}
