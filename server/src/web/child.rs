//! `/children/{case}` and `/api/v1/children/{case}/timeline`: one child's entries over the teams, newest first.
//!
//! A case that is not there and one that the reader may not see get the same answer, and cost the same questions.

use super::{
    children::{CaseData, age, cases_data, name},
    format,
    language::{Language, Wishes},
    respond::{self, Frame},
    rows::{self, CardRow},
    sign_in::signed_in,
    view::{EntrySource, EntryView, FieldView, Reader, Shown, TeamView, days, fields, is_late},
};
use crate::{
    app::App,
    clock,
    problem::Failure,
    timeline::{self, Before, Child, SignedBy, TimelineRow},
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
    template::Templates,
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
}

/// What a request for one child finds.
struct Found {
    child: Option<Child>,
    rows: Vec<TimelineRow>,
    next: Option<Before>,
    cards: Vec<CardRow>,
    before: Option<Before>,
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
    let page = timeline::timeline(&app.store, practitioner, case, before, limit).await?;
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
    entries: Vec<EntryView>,
    older: Option<String>,
    newest: Option<String>,
}

fn card_panel(reader: &Reader<'_>, card: &CardRow) -> CardPanel {
    let template = card.reading.template(Templates::built_in());
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

fn source(row: TimelineRow) -> EntrySource {
    EntrySource {
        document: row.document,
        team: row.team,
        occurred_at: UnixMillis(row.place.occurred_at),
        received_at: row.received_at,
        reading: row.reading,
        signed: row.signed,
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

/// `GET /children/{case}?before=&limit=`
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
    let teams = teams(&reader, &found);
    let cards = found.cards.iter().map(|card| card_panel(&reader, card));
    let cards = cards.collect();
    let above = found.before.map(|before| UnixMillis(before.occurred_at));
    let sources: Vec<EntrySource> = found.rows.into_iter().map(source).collect();
    let day = |date: jiff::civil::Date| format::day(date, wishes.language);
    let template = ChildTemplate {
        frame: Frame::signed_in(&wishes, &session, &names, at),
        name: card.map_or_else(
            || wishes.language.texts().unnamed.to_owned(),
            |card| name(card, wishes.language),
        ),
        age: card.map_or_else(String::new, |card| age(card, reader.now, wishes.language)),
        born: card.and_then(|card| card.birth_date).map(day),
        cpr: card
            .and_then(|card| card.cpr.as_ref())
            .map(|cpr| cpr.as_str().to_owned()),
        closed: card.is_some_and(|card| card.closed),
        teams,
        cards,
        entries: days(&reader, &sources, above),
        older: found.next.map(|next| format!("?before={next}")),
        newest: found.before.map(|_| format!("/children/{case}")),
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
    late: bool,
    /// Who signed it, the first one first.
    signed: Vec<SignatureData>,
    /// Every field with every value, its authors and times; concurrent values included.
    reading: Reading,
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
    entries: Vec<EntryData>,
    /// For `?before=`; none when this is the last page.
    next: Option<String>,
}

/// `GET /api/v1/children/{case}/timeline?before=&limit=`: the same timeline as JSON, at most 200 entries at once.
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
    let signature = |one: &SignedBy| SignatureData {
        signer: one.signer,
        name: reader.people(&[one.signer]),
        at: one.at,
    };
    let entry = |row: TimelineRow| EntryData {
        document: row.document,
        case: row.case,
        team: row.team,
        team_name: reader.team(row.team).name,
        occurred_at: row.place.occurred_at,
        written_at: row.reading.written_at,
        received_at: row.received_at,
        late: is_late(
            row.reading.occurred_at.map(|at| at.at),
            row.reading.written_at,
        ),
        signed: row.signed.iter().map(signature).collect(),
        reading: row.reading,
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
        entries: found.rows.into_iter().map(entry).collect(),
        next: found.next.map(|next| next.to_string()),
    })
}
