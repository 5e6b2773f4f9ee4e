//! `/today` and `/api/v1/today`: a practitioner's day over every case that they may see. Which contacts are planned for it,
//! which visits are due or overdue in their own teams, and which contacts of their own lack what they must carry.
//!
//! A page of its own, beside the list of children: what is due is counted over the whole caseload, and a list page reads no
//! more than it shows.

use super::{
    contacts::{ContactData, ContactView},
    format,
    language::{Language, Wishes},
    overview::visits_by_schedule,
    respond::{self, Frame},
    sign_in::signed_in,
    view::{Reader, TeamView, TimeView},
    visits::{DueData, DueView},
};
use crate::{
    app::App,
    clock,
    names::Names,
    problem::Failure,
    timeline::{self, ContactRow, DueVisits, IncompleteContact},
};
use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    reading::{Completeness, Guide},
    time::UnixMillis,
    visit::schedule::Urgency,
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Visits on the page, the most urgent first. Those whose window is only open are counted, not listed.
const DUE_MAX: usize = 200;
/// By which reading of the guide a contact is complete: its words, which people follow.
const GUIDE: Guide = Guide::Text;

/// What was read of a day.
struct Day {
    planned: Vec<ContactRow>,
    due: DueVisits,
    incomplete: Vec<IncompleteContact>,
    /// Whose the cases are.
    names: BTreeMap<SpaceId, String>,
}

impl Day {
    async fn read(
        app: &App,
        names: &Names,
        practitioner: PractitionerId,
        now: UnixMillis,
    ) -> Result<Self, Failure> {
        let today = format::local(now).ok_or(Failure::NotFound)?.date();
        let tomorrow = today.tomorrow().map_err(Failure::internal)?;
        let day = (format::begins(today), format::begins(tomorrow));
        let store = &app.store;
        let planned = timeline::planned(store, practitioner, day).await?;
        let visits = |team| visits_by_schedule(names, team);
        let due = timeline::due(store, practitioner, None, today, visits).await?;
        let incomplete = timeline::incomplete(store, practitioner, GUIDE, now).await?;
        let of_due = listed(&due).map(|one| one.visit.case);
        let cases: BTreeSet<SpaceId> = of_due
            .chain(planned.iter().map(|one| one.case))
            .chain(incomplete.iter().map(|one| one.case))
            .collect();
        Ok(Self {
            names: timeline::names_of(store, practitioner, &cases).await?,
            planned,
            due,
            incomplete,
        })
    }

    fn name(&self, reader: &Reader<'_>, case: SpaceId) -> String {
        let name = self.names.get(&case).filter(|name| !name.is_empty());
        let unnamed = reader.language.texts().unnamed;
        name.map_or_else(|| unnamed.to_owned(), Clone::clone)
    }
}

/// What of it is listed.
fn listed(due: &DueVisits) -> impl Iterator<Item = &timeline::DueVisit> {
    let urgent = due.visits.iter();
    let urgent = urgent.filter(|one| one.visit.due.urgency != Urgency::Open);
    urgent.take(DUE_MAX)
}

/// A planned contact with whose it is.
struct PlannedView {
    name: String,
    href: String,
    contact: ContactView,
}

/// A contact that is not complete.
struct IncompleteView {
    name: String,
    href: String,
    team: TeamView,
    title: String,
    occurred: TimeView,
    /// Until or since when something is outstanding.
    standing: String,
    waits: bool,
    /// What is missing.
    missing: String,
}

#[derive(Template)]
#[template(path = "today.html")]
struct TodayTemplate {
    frame: Frame,
    planned: Vec<PlannedView>,
    due: Vec<DueView>,
    /// How many are overdue, due today, due this week.
    counts: [(&'static str, usize); 3],
    /// How many may be held, and are not listed.
    open: usize,
    /// Urgent ones that are not listed.
    more: usize,
    is_cut: bool,
    incomplete: Vec<IncompleteView>,
}

fn incomplete_view(reader: &Reader<'_>, day: &Day, one: &IncompleteContact) -> IncompleteView {
    let told = reader.language.told();
    let (templates, language) = (&*reader.names.templates, reader.language.of_documents());
    let required = one.reading.required(templates, GUIDE);
    let missing = required.iter().filter(|one| one.filling.is_outstanding());
    let missing: Vec<&str> = missing.map(|one| one.field.labels.get(language)).collect();
    let at =
        |label: &str, at: UnixMillis| format!("{label} {}", format::moment(at, reader.language));
    IncompleteView {
        name: day.name(reader, one.case),
        href: format!("/children/{}#e{}", one.case, one.document),
        team: reader.team(one.team),
        title: one.reading.title(templates, language),
        occurred: TimeView::new(
            one.occurred_at,
            format::moment(one.occurred_at, reader.language),
        ),
        standing: match one.completeness {
            Completeness::OverdueSince(since) => at(told.complete_overdue, since),
            Completeness::Until(until) => at(told.complete_until, until),
            Completeness::Undated | Completeness::Complete => told.complete_undated.to_owned(),
        },
        waits: !matches!(one.completeness, Completeness::Until(_)),
        missing: missing.join(", "),
    }
}

/// `GET /today`
///
/// # Errors
/// `Unauthenticated` without a session.
pub async fn today_page(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let wishes = Wishes::of(&headers, uri.query());
    let at = app.core.heads().borrow().position;
    let names = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: wishes.language,
        names: &names,
        now: clock::now(),
    };
    let day = Day::read(&app, &names, session.practitioner, reader.now).await?;
    let told = reader.language.told();
    let planned = day.planned.iter().map(|row| PlannedView {
        name: day.name(&reader, row.case),
        href: format!("/children/{}", row.case),
        contact: ContactView::of(&reader, row),
    });
    let due = listed(&day.due);
    let due = due.map(|one| DueView::of(&reader, one, day.name(&reader, one.visit.case)));
    let due: Vec<DueView> = due.collect();
    let open = day.due.count(Urgency::Open);
    let incomplete = day.incomplete.iter();
    let template = TodayTemplate {
        frame: Frame::signed_in(&wishes, &session, &names, at),
        planned: planned.collect(),
        counts: [
            (reader.language.texts().overdue, Urgency::Overdue),
            (told.due_today, Urgency::Today),
            (told.due_this_week, Urgency::ThisWeek),
        ]
        .map(|(label, urgency)| (label, day.due.count(urgency))),
        more: day.due.visits.len().saturating_sub(open + due.len()),
        due,
        open,
        is_cut: day.due.is_cut,
        incomplete: incomplete
            .map(|one| incomplete_view(&reader, &day, one))
            .collect(),
    };
    respond::page(StatusCode::OK, &template, &wishes)
}

/// A contact that is not complete, as data.
#[derive(Debug, Serialize)]
struct IncompleteData {
    document: DocumentId,
    case: SpaceId,
    team: TeamId,
    /// Unix milliseconds.
    occurred_at: UnixMillis,
    /// Until when there is time, or since when it is overdue; neither where it does not say when it happened.
    until: Option<UnixMillis>,
    overdue_since: Option<UnixMillis>,
    /// The fields in which something is outstanding.
    missing: Vec<String>,
}

#[derive(Debug, Serialize)]
struct TodayData {
    planned: Vec<ContactData>,
    /// All of them, also those whose window is only open.
    due: Vec<DueData>,
    /// Whether there are more cards than were looked at.
    due_is_cut: bool,
    incomplete: Vec<IncompleteData>,
}

fn incomplete_data(reader: &Reader<'_>, one: &IncompleteContact) -> IncompleteData {
    let required = one.reading.required(&reader.names.templates, GUIDE);
    let missing = required.iter().filter(|one| one.filling.is_outstanding());
    IncompleteData {
        document: one.document,
        case: one.case,
        team: one.team,
        occurred_at: one.occurred_at,
        until: match one.completeness {
            Completeness::Until(until) => Some(until),
            _ => None,
        },
        overdue_since: match one.completeness {
            Completeness::OverdueSince(since) => Some(since),
            _ => None,
        },
        missing: missing.map(|one| one.field.name.clone()).collect(),
    }
}

/// `GET /api/v1/today`: the same day as JSON.
///
/// # Errors
/// As [`today_page`].
pub async fn today_data(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let names = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: Language::Danish,
        names: &names,
        now: clock::now(),
    };
    let day = Day::read(&app, &names, session.practitioner, reader.now).await?;
    let incomplete = day.incomplete.iter();
    let incomplete = incomplete.map(|one| incomplete_data(&reader, one));
    let incomplete = incomplete.collect();
    respond::data(&TodayData {
        due: day.due.visits.iter().map(DueData::of).collect(),
        due_is_cut: day.due.is_cut,
        planned: day
            .planned
            .into_iter()
            .map(|row| ContactData::of(&reader, row))
            .collect(),
        incomplete,
    })
}
