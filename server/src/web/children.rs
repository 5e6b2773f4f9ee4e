//! `/` and `/api/v1/children`: the children whose cases the signed-in practitioner may see.

use super::{
    devices::{self, DeviceView},
    format,
    language::{Language, Wishes},
    respond::{self, Frame},
    rows::{self, CaseState},
    sign_in::signed_in,
    view::{Reader, TeamView, TimeView},
};
use crate::{
    app::App,
    clock,
    names::Names,
    problem::Failure,
    store::StoreError,
    timeline::{self, Child, ChildrenPage, WithoutCard},
};
use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use samspor_documents::{
    card::CardView,
    id::{DocumentId, SpaceId, TeamId},
    time::UnixMillis,
};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, sync::Arc};

/// Children on one page.
const PAGE: usize = 200;

/// Which part of the list.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    after: Option<DocumentId>,
    limit: Option<usize>,
}

/// A child's age or what stands for it: before birth the day the child is due.
pub(super) fn age(card: &CardView, now: UnixMillis, language: Language) -> String {
    let today = format::local(now).map(|now| now.date());
    match (card.birth_date, card.due_date, today) {
        (Some(born), _, Some(today)) => format::age(born, today, language),
        (None, Some(due), _) => format!(
            "{} {}",
            language.texts().due.to_lowercase(),
            format::day(due, language)
        ),
        _ => String::new(),
    }
}

/// A child's name, or what stands for it.
pub(super) fn name(card: &CardView, language: Language) -> String {
    if card.name.is_empty() {
        language.texts().unnamed.to_owned()
    } else {
        card.name.clone()
    }
}

/// One row of the list.
struct ChildRow {
    id: String,
    href: String,
    name: String,
    age: String,
    teams: Vec<TeamView>,
    last_entry: Option<TimeView>,
    conflicts: usize,
    closed: bool,
    /// Whether its team has made no card of it yet.
    no_card: bool,
}

#[derive(Template)]
#[template(path = "children.html")]
struct ChildrenTemplate {
    frame: Frame,
    children: Vec<ChildRow>,
    next: Option<DocumentId>,
    first: bool,
    devices: Vec<DeviceView>,
    /// Whether there are figures to show to the reader.
    figures: bool,
}

/// How a child stands over all of its cases.
fn state_of(child: &Child, states: &HashMap<SpaceId, CaseState>) -> CaseState {
    let mut whole = CaseState::default();
    for case in &child.cases {
        let state = states.get(&case.case).copied().unwrap_or_default();
        whole.last_entry_at = whole.last_entry_at.max(state.last_entry_at);
        whole.conflicts = whole.conflicts.saturating_add(state.conflicts);
    }
    whole
}

fn child_row(reader: &Reader<'_>, child: &Child, state: CaseState) -> ChildRow {
    let mut teams: Vec<TeamView> = Vec::new();
    for team in child.cases.iter().map(|case| reader.team(case.team)) {
        if !teams.contains(&team) {
            teams.push(team);
        }
    }
    ChildRow {
        id: child.case.to_string(),
        href: format!("/children/{}", child.case),
        name: name(&child.card, reader.language),
        age: age(&child.card, reader.now, reader.language),
        teams,
        last_entry: state.last_entry_at.map(|at| reader.recent(at)),
        conflicts: state.conflicts,
        closed: child.card.closed,
        no_card: false,
    }
}

/// The row of a case that a disclosure opened.
fn opened_row(reader: &Reader<'_>, opened: &WithoutCard) -> ChildRow {
    ChildRow {
        id: opened.case.to_string(),
        href: format!("/children/{}", opened.case),
        name: opened.about.clone(),
        age: String::new(),
        teams: vec![reader.team(opened.team)],
        last_entry: None,
        conflicts: 0,
        closed: false,
        no_card: true,
    }
}

async fn states(app: &App, page: &ChildrenPage) -> Result<HashMap<SpaceId, CaseState>, StoreError> {
    let cases = page.children.iter().flat_map(|child| &child.cases);
    let cases: Vec<SpaceId> = cases.map(|case| case.case).collect();
    let mut tx = app.store.read().await?;
    rows::states(&mut tx, &cases).await
}

/// `GET /`
///
/// # Errors
/// `Unauthenticated` without a session.
pub async fn children_page(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let Query(query) = query.map_err(|_| Failure::NotFound)?;
    let wishes = Wishes::of(&headers, uri.query());
    let at = app.core.heads().borrow().position;
    let practitioner = session.practitioner;
    let page = timeline::children(&app.store, practitioner, query.after, PAGE).await?;
    let states = states(&app, &page).await?;
    let names: Arc<Names> = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: wishes.language,
        names: &names,
        now: clock::now(),
    };
    let row = |child: &Child| child_row(&reader, child, state_of(child, &states));
    let opened = match query.after {
        None => timeline::without_card(&app.store, practitioner).await?,
        Some(_) => Vec::new(),
    };
    let opened = opened.iter().map(|one| opened_row(&reader, one));
    let children = opened.chain(page.children.iter().map(row)).collect();
    let devices = devices::of_teams(&app, &reader, practitioner).await?;
    let mut tx = app.store.read().await?;
    let figures = !timeline::figure_teams(&mut tx, practitioner)
        .await?
        .is_empty();
    drop(tx);
    let template = ChildrenTemplate {
        frame: Frame::signed_in(&wishes, &session, &names, at),
        children,
        next: page.next,
        first: query.after.is_none(),
        devices,
        figures,
    };
    respond::page(StatusCode::OK, &template, &wishes)
}

/// One case of a child, as data.
#[derive(Debug, Serialize)]
pub(super) struct CaseData {
    pub case: SpaceId,
    pub team: TeamId,
    pub team_name: String,
    pub team_kind: &'static str,
}

/// A child, as data.
#[derive(Debug, Serialize)]
struct ChildData {
    /// The case that stands for the child in `/api/v1/children/{case}/timeline`.
    case: SpaceId,
    name: String,
    birth_date: Option<String>,
    due_date: Option<String>,
    closed: bool,
    cases: Vec<CaseData>,
    /// Unix milliseconds.
    last_entry_at: Option<UnixMillis>,
    conflicts: usize,
}

#[derive(Debug, Serialize)]
struct ChildrenData {
    children: Vec<ChildData>,
    /// For `?after=`; none when this is the last page.
    next: Option<DocumentId>,
}

pub(super) fn cases_data(reader: &Reader<'_>, child: &Child) -> Vec<CaseData> {
    let data = |case: &timeline::ChildCase| {
        let team = reader.team(case.team);
        CaseData {
            case: case.case,
            team: case.team,
            team_name: team.name,
            team_kind: team.kind,
        }
    };
    child.cases.iter().map(data).collect()
}

/// `GET /api/v1/children?after=&limit=`: the same children as JSON, at most 200 at once.
///
/// # Errors
/// `Unauthenticated` without a session.
pub async fn children_data(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let Query(query) = query.map_err(|_| Failure::Malformed("after or limit is not valid"))?;
    let limit = query.limit.unwrap_or(PAGE);
    let page = timeline::children(&app.store, session.practitioner, query.after, limit).await?;
    let states = states(&app, &page).await?;
    let names = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: Language::Danish,
        names: &names,
        now: clock::now(),
    };
    let child = |child: &Child| {
        let state = state_of(child, &states);
        ChildData {
            case: child.case,
            name: child.card.name.clone(),
            birth_date: child.card.birth_date.map(|date| date.to_string()),
            due_date: child.card.due_date.map(|date| date.to_string()),
            closed: child.card.closed,
            cases: cases_data(&reader, child),
            last_entry_at: state.last_entry_at,
            conflicts: state.conflicts,
        }
    };
    respond::data(&ChildrenData {
        children: page.children.iter().map(child).collect(),
        next: page.next,
    })
}
