//! One entry of a timeline.

use super::{FieldView, Reader, TeamView, TimeView, fields};
use crate::{
    timeline::{Disclosed, SignedBy},
    web::format,
};
use samspor_documents::{
    id::{DocumentId, TeamId},
    reading::Reading,
    time::{UnixMillis, days_late},
};
use samspor_protocol::restrict::Restriction;

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
    /// What is added to it.
    pub additions: Vec<EntrySource>,
    /// What was said of its restriction, while it is restricted.
    pub restriction: Option<Restriction>,
    /// How it came here, where it is another team's record.
    pub disclosed: Option<Disclosed>,
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
    /// How late it was written, where that is more than a day after it occurred.
    pub late: Option<String>,
    /// Who signed it, and when.
    pub signed: Vec<SignatureView>,
    /// From where it was disclosed, where it is another team's record.
    pub disclosed: Option<DisclosedView>,
    /// Fields to settle.
    pub conflicts: usize,
    /// What it says.
    pub fields: Vec<FieldView>,
    /// What is added to it, the first that was written first.
    pub additions: Vec<EntryView>,
    /// Who restricted it, when and why, while it is restricted.
    pub restriction: Option<RestrictionView>,
    /// Whether it adds to an entry that it does not stand with: the entry is not on this page, or not for this reader.
    pub entry_unseen: bool,
}

/// A restriction that holds.
#[derive(Debug, Clone)]
pub struct RestrictionView {
    /// Who restricted it.
    pub name: String,
    /// When, by their device.
    pub at: TimeView,
    /// Why.
    pub ground: String,
}

/// How an entry was disclosed.
#[derive(Debug, Clone)]
pub struct DisclosedView {
    /// By which team.
    pub team: String,
    /// By whom.
    pub by: String,
    /// When, by their device.
    pub at: TimeView,
    /// What for.
    pub purpose: String,
}

/// One signature.
#[derive(Debug, Clone)]
pub struct SignatureView {
    /// Who signed.
    pub name: String,
    /// When, by their device.
    pub at: TimeView,
}

/// How many days after it occurred an entry was written, where that is more than one.
#[must_use]
pub fn late_by(occurred: Option<UnixMillis>, written: Option<UnixMillis>) -> Option<i64> {
    let (occurred, written) = occurred.zip(written)?;
    days_late(occurred, written)
}

fn disclosed(reader: &Reader<'_>, one: &Disclosed) -> DisclosedView {
    DisclosedView {
        team: reader.team(one.team).name,
        by: reader.person(one.by),
        at: TimeView::new(one.at, format::moment(one.at, reader.language)),
        purpose: one.purpose.clone(),
    }
}

/// The view of one entry. Its day is set by [`days`].
#[must_use]
pub fn entry(reader: &Reader<'_>, source: &EntrySource) -> EntryView {
    let templates = &*reader.names.templates;
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
        late: late_by(reading.occurred_at.map(|at| at.at), reading.written_at)
            .map(|days| format::written_late(days, language)),
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
        disclosed: source.disclosed.as_ref().map(|one| disclosed(reader, one)),
        conflicts: reading.conflicts,
        fields: fields(reader, &reading.fields, reading.template(templates)),
        additions: source
            .additions
            .iter()
            .map(|one| EntryView {
                entry_unseen: false,
                ..entry(reader, one)
            })
            .collect(),
        restriction: source.restriction.as_ref().map(|said| RestrictionView {
            name: reader.people(&[said.by]),
            at: TimeView::new(said.at, format::moment(said.at, language)),
            ground: said.ground.clone(),
        }),
        entry_unseen: reading.adds_to().is_some(),
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
