//! `/children/{case}` and `/api/v1/children/{case}/timeline`: one child's entries over the teams, newest first.
//!
//! A case that is not there and one that the reader may not see get the same answer, and cost the same questions.

use super::{
    children::{CaseData, age, cases_data, name},
    contacts::{ContactData, ContactView},
    format,
    language::{Language, Wishes},
    overview::{Overview, OverviewView},
    respond::{self, Frame},
    rows::{self, CardRow},
    sign_in::signed_in,
    view::{EntrySource, EntryView, FieldView, Reader, Shown, TeamView, days, fields, late_by},
};
use crate::{
    app::App,
    clock,
    problem::Failure,
    timeline::{self, Before, Child, ContactRow, Disclosed, Part, SignedBy, TimelineRow},
};
use askama::Template;
use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use samspor_documents::{
    card::CardView,
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    reading::Reading,
    time::UnixMillis,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Entries on one page, unless more are asked for.
const PAGE: usize = 40;
/// Entries at once, at most: what `timeline` gives.
const PAGE_MAX: usize = 200;

/// Which part of the timeline.
#[derive(Debug, Deserialize)]
pub struct PartQuery {
    before: Option<String>,
    limit: Option<usize>,
    /// Whether restricted entries are shown, too.
    restricted: Option<String>,
}

impl PartQuery {
    fn with_restricted(&self) -> bool {
        self.restricted.is_some()
    }
}

/// What a request for one child finds.
struct Found {
    child: Option<Child>,
    rows: Vec<TimelineRow>,
    next: Option<Before>,
    cards: Vec<CardRow>,
    before: Option<Before>,
    /// How many entries and additions are restricted.
    restricted: usize,
    /// On the first page: planned contacts of which something has still to be done.
    contacts: Vec<ContactRow>,
}

async fn find(
    app: &App,
    practitioner: PractitionerId,
    case: &str,
    query: &PartQuery,
) -> Result<Found, Failure> {
    let case: SpaceId = case.parse().map_err(|_| Failure::NotFound)?;
    let before = query.before.as_deref().map(str::parse).transpose();
    let before: Option<Before> = before.map_err(|_| Failure::NotFound)?;
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let part = Part {
        before,
        limit,
        restricted: query.with_restricted(),
    };
    let page = timeline::timeline(&app.store, practitioner, case, part).await?;
    let page = page.ok_or(Failure::NotFound)?;
    let child = timeline::child(&app.store, practitioner, case).await?;
    let cases: Vec<SpaceId> = match &child {
        Some(child) => child.cases.iter().map(|one| one.case).collect(),
        None => vec![case],
    };
    let mut tx = app.store.read().await?;
    let cards = rows::cards(&mut tx, &cases).await?;
    Ok(Found {
        child,
        rows: page.rows,
        next: page.next,
        cards,
        before,
        restricted: page.restricted,
        contacts: page.contacts,
    })
}

/// A case's card beside the timeline.
struct CardPanel {
    team: TeamView,
    fields: Vec<FieldView>,
    conflicts: usize,
    protected: bool,
}

#[derive(Template)]
#[template(path = "child.html")]
struct ChildTemplate {
    frame: Frame,
    name: String,
    age: String,
    born: Option<String>,
    cpr: Option<String>,
    closed: bool,
    teams: Vec<TeamView>,
    cards: Vec<CardPanel>,
    contacts: Vec<ContactView>,
    overview: OverviewView,
    entries: Vec<EntryView>,
    older: Option<String>,
    newest: Option<String>,
    /// How many entries are restricted.
    restricted: usize,
    /// Whether they are shown.
    restricted_shown: bool,
    /// The same timeline with them, or without.
    restricted_href: String,
}

fn card_panel(reader: &Reader<'_>, card: &CardRow) -> CardPanel {
    let template = card.reading.template(&reader.names.templates);
    // What the page is about already: that it is a child.
    let told = |field: &FieldView| field.name != "kind" || !matches!(field.shown, Shown::Line(_));
    let shown = fields(reader, &card.reading.fields, template);
    CardPanel {
        team: reader.team(card.team),
        fields: shown.into_iter().filter(told).collect(),
        conflicts: card.reading.conflicts,
        protected: CardView::of(&card.reading).protected_address,
    }
}

/// What a view is made of.
pub(super) fn source(row: TimelineRow) -> EntrySource {
    EntrySource {
        document: row.document,
        team: row.team,
        occurred_at: UnixMillis(row.place.occurred_at),
        received_at: row.received_at,
        reading: row.reading,
        signed: row.signed,
        additions: row.additions.into_iter().map(source).collect(),
        restriction: row.restriction,
        disclosed: row.disclosed,
    }
}

/// The teams of the cases, each once.
fn teams(reader: &Reader<'_>, found: &Found) -> Vec<TeamView> {
    let cases = found.child.iter().flat_map(|child| &child.cases);
    let known = cases.map(|case| case.team);
    let cards = found.cards.iter().map(|card| card.team);
    let mut teams = Vec::new();
    for team in known.chain(cards).map(|team| reader.team(team)) {
        if !teams.contains(&team) {
            teams.push(team);
        }
    }
    teams
}

/// Who the page is about: the child, or (a parent's case) whom the card names.
fn card_of(found: &Found) -> Option<CardView> {
    let child = found.child.as_ref().map(|child| child.card.clone());
    child.or_else(|| found.cards.first().map(|card| CardView::of(&card.reading)))
}

/// What is told over time, on the first page.
async fn told(
    app: &App,
    practitioner: PractitionerId,
    found: &Found,
    reader: &Reader<'_>,
) -> Result<OverviewView, Failure> {
    let Some(child) = found.child.as_ref().filter(|_| found.before.is_none()) else {
        return Ok(OverviewView::default());
    };
    let cases: Vec<SpaceId> = child.cases.iter().map(|one| one.case).collect();
    let overview = Overview::read(app, reader, practitioner, &cases, &found.cards).await?;
    Ok(OverviewView::of(reader, &overview, &found.cards))
}

/// `GET /children/{case}?before=&limit=&restricted=`
///
/// # Errors
/// `Unauthenticated` without a session; `NotFound` for a case that is not there or not for this reader.
pub async fn child_page(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    headers: HeaderMap,
    uri: Uri,
    query: Result<Query<PartQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let Query(query) = query.map_err(|_| Failure::NotFound)?;
    let wishes = Wishes::of(&headers, uri.query());
    let at = app.core.heads().borrow().position;
    let found = find(&app, session.practitioner, &case, &query).await?;
    let names = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: wishes.language,
        names: &names,
        now: clock::now(),
    };
    let card = card_of(&found);
    let card = card.as_ref();
    let mut opened = None;
    if card.is_none() {
        let all = timeline::without_card(&app.store, session.practitioner).await?;
        opened = all.into_iter().find(|one| one.case.to_string() == case);
    }
    let teams = teams(&reader, &found);
    let cards = found.cards.iter().map(|card| card_panel(&reader, card));
    let cards = cards.collect();
    let overview = told(&app, session.practitioner, &found, &reader).await?;
    let contacts = found.contacts.iter();
    let contacts = contacts.map(|row| ContactView::of(&reader, row)).collect();
    let with_restricted = query.with_restricted();
    let above = found.before.map(|before| UnixMillis(before.occurred_at));
    let sources: Vec<EntrySource> = found.rows.into_iter().map(source).collect();
    let day = |date: jiff::civil::Date| format::day(date, wishes.language);
    let template = ChildTemplate {
        frame: Frame::signed_in(&wishes, &session, &names, at),
        name: match (card, opened) {
            (Some(card), _) => name(card, wishes.language),
            (None, Some(opened)) => opened.about,
            (None, None) => wishes.language.texts().unnamed.to_owned(),
        },
        age: card.map_or_else(String::new, |card| age(card, reader.now, wishes.language)),
        born: card.and_then(|card| card.birth_date).map(day),
        cpr: card
            .and_then(|card| card.cpr.as_ref())
            .map(|cpr| cpr.as_str().to_owned()),
        closed: card.is_some_and(|card| card.closed),
        teams,
        cards,
        contacts,
        overview,
        entries: days(&reader, &sources, above),
        older: found.next.map(|next| match with_restricted {
            true => format!("?restricted=1&before={next}"),
            false => format!("?before={next}"),
        }),
        newest: found.before.map(|_| match with_restricted {
            true => format!("/children/{case}?restricted=1"),
            false => format!("/children/{case}"),
        }),
        restricted: found.restricted,
        restricted_shown: with_restricted,
        restricted_href: match with_restricted {
            true => format!("/children/{case}"),
            false => format!("/children/{case}?restricted=1"),
        },
    };
    respond::page(StatusCode::OK, &template, &wishes)
}

/// An entry, as data.
#[derive(Debug, Serialize)]
struct EntryData {
    document: DocumentId,
    case: SpaceId,
    team: TeamId,
    team_name: String,
    /// What the order follows, Unix milliseconds.
    occurred_at: i64,
    written_at: Option<UnixMillis>,
    received_at: UnixMillis,
    /// Written more than a day after it occurred.
    late: bool,
    /// How many whole days, then.
    late_days: Option<i64>,
    /// Who signed it, the first one first.
    signed: Vec<SignatureData>,
    /// The entry that it adds to.
    adds_to: Option<DocumentId>,
    /// What is added to it, the first that was written first.
    additions: Vec<EntryData>,
    /// What was said of its restriction, while it is restricted.
    restriction: Option<RestrictionData>,
    /// How it came here, where it is another team's record.
    disclosed: Option<DisclosedData>,
    /// Every field with every value, its authors and times; concurrent values included.
    reading: Reading,
}

/// A restriction, as data.
#[derive(Debug, Serialize)]
struct RestrictionData {
    by: PractitionerId,
    name: String,
    /// By the device of who said it.
    at: UnixMillis,
    ground: String,
}

impl EntryData {
    fn of(reader: &Reader<'_>, row: TimelineRow) -> Self {
        let signature = |one: &SignedBy| SignatureData {
            signer: one.signer,
            name: reader.people(&[one.signer]),
            at: one.at,
        };
        let additions = row.additions.into_iter();
        let occurred = row.reading.occurred_at.map(|at| at.at);
        let late = late_by(occurred, row.reading.written_at);
        let restriction = row.restriction.map(|said| RestrictionData {
            by: said.by,
            name: reader.people(&[said.by]),
            at: said.at,
            ground: said.ground,
        });
        Self {
            restriction,
            disclosed: row
                .disclosed
                .as_ref()
                .map(|one| disclosed_data(reader, one)),
            document: row.document,
            case: row.case,
            team: row.team,
            team_name: reader.team(row.team).name,
            occurred_at: row.place.occurred_at,
            written_at: row.reading.written_at,
            received_at: row.received_at,
            late: late.is_some(),
            late_days: late,
            signed: row.signed.iter().map(signature).collect(),
            adds_to: row.reading.adds_to(),
            additions: additions.map(|one| Self::of(reader, one)).collect(),
            reading: row.reading,
        }
    }
}

/// A disclosure, as data.
#[derive(Debug, Serialize)]
struct DisclosedData {
    /// Whose record it is.
    team: TeamId,
    team_name: String,
    by: PractitionerId,
    by_name: String,
    /// By the device of who disclosed it.
    at: UnixMillis,
    purpose: String,
}

fn disclosed_data(reader: &Reader<'_>, one: &Disclosed) -> DisclosedData {
    DisclosedData {
        team: one.team,
        team_name: reader.team(one.team).name,
        by: one.by,
        by_name: reader.person(one.by),
        at: one.at,
        purpose: one.purpose.clone(),
    }
}

/// A signature, as data.
#[derive(Debug, Serialize)]
struct SignatureData {
    signer: PractitionerId,
    name: String,
    /// By the signer's device.
    at: UnixMillis,
}

/// A card, as data.
#[derive(Debug, Serialize)]
struct CardData {
    document: DocumentId,
    case: SpaceId,
    reading: Reading,
}

#[derive(Debug, Serialize)]
struct TimelineData {
    cases: Vec<CaseData>,
    /// On the first page only.
    cards: Vec<CardData>,
    /// On the first page only: planned contacts to come, or whose note is missing.
    contacts: Vec<ContactData>,
    entries: Vec<EntryData>,
    /// For `?before=`; none when this is the last page.
    next: Option<String>,
    /// How many entries and additions are restricted: left out unless `?restricted=1` asks for them.
    restricted: usize,
}

/// `GET /api/v1/children/{case}/timeline?before=&limit=&restricted=`: the same timeline as JSON, at most 200 entries at
/// once.
///
/// # Errors
/// As [`child_page`].
pub async fn timeline_data(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    headers: HeaderMap,
    query: Result<Query<PartQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let Query(query) = query.map_err(|_| Failure::Malformed("limit is not a number"))?;
    let found = find(&app, session.practitioner, &case, &query).await?;
    let names = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: Language::Danish,
        names: &names,
        now: clock::now(),
    };
    let card = |card: CardRow| CardData {
        document: card.document,
        case: card.case,
        reading: card.reading,
    };
    let cards = if found.before.is_none() {
        found.cards
    } else {
        Vec::new()
    };
    respond::data(&TimelineData {
        cases: found
            .child
            .as_ref()
            .map_or_else(Vec::new, |child| cases_data(&reader, child)),
        cards: cards.into_iter().map(card).collect(),
        contacts: found
            .contacts
            .into_iter()
            .map(|row| ContactData::of(&reader, row))
            .collect(),
        entries: found
            .rows
            .into_iter()
            .map(|row| EntryData::of(&reader, row))
            .collect(),
        next: found.next.map(|next| next.to_string()),
        restricted: found.restricted,
    })
}
