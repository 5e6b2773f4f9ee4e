//! What is told of a child over time, gathered for its page and as JSON: growth, progress, factors, agreements, what is to be
//! followed up, whether it was heard, which visits are due, what its cards say differently, and where its parents' own records
//! are. Every part is computed by `documents`, from what the reader may see now.

use super::{
    format,
    growth::{Growth, GrowthView, SeriesData},
    language::Language,
    methods::{MethodsView, as_entries},
    rows::{self, CardRow},
    sign_in::signed_in,
    view::{Reader, TeamView},
    visits::{DueData, DueView},
};
use crate::{
    app::App,
    clock,
    names::Names,
    problem::Failure,
    timeline::{self, DueVisits, Parent, Part, ToldEntries, told::CASE_MAX},
};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use samspor_documents::{
    card::RelationKind,
    id::{PractitionerId, SpaceId, TeamId},
    method::{
        agreements::{Agreed, Agreement, agreements},
        factors::{Domain, factors},
        follow_up::{FollowUp, follow_ups},
        heard::{ChildHeard, child_heard},
        progress::{Progress, progress},
    },
    one_child::differing,
    reading::Reading,
    value::Value,
};
use samspor_protocol::fact::TeamKind;
use serde::Serialize;
use std::sync::Arc;

/// What was read of a child.
pub(super) struct Overview {
    entries: ToldEntries,
    growth: Growth,
    parents: Vec<Parent>,
    due: DueVisits,
}

impl Overview {
    /// Reads it, as far as this practitioner may.
    pub(super) async fn read(
        app: &App,
        reader: &Reader<'_>,
        practitioner: PractitionerId,
        cases: &[SpaceId],
        cards: &[CardRow],
    ) -> Result<Self, Failure> {
        let entries = timeline::told_entries(&app.store, practitioner, cases).await?;
        let parents = timeline::parents(&app.store, practitioner, cases).await?;
        let due = match format::local(reader.now) {
            Some(now) => {
                let visits = |team| visits_by_schedule(reader.names, team);
                timeline::due(&app.store, practitioner, Some(cases), now.date(), visits).await?
            }
            None => DueVisits::default(),
        };
        Ok(Self {
            growth: Growth::of(&entries.entries, cards),
            entries,
            parents,
            due,
        })
    }
}

/// Whether a team visits by the schedule.
pub(super) fn visits_by_schedule(names: &Names, team: TeamId) -> bool {
    let kind = names.team(team).map(|team| team.kind);
    kind == Some(TeamKind::HealthVisiting)
}

/// What of it stands on the page; empty parts are left out.
#[derive(Default)]
pub(super) struct OverviewView {
    /// Growth, an indicator each.
    pub growth: Vec<GrowthView>,
    /// What the methods' entries say, and the cards.
    pub methods: MethodsView,
    /// The parents whose records the reader may see.
    pub parents: Vec<ParentView>,
    /// Visits that are due.
    pub due: Vec<DueView>,
    /// From how many entries of a case this is told, where it has more.
    pub cut: Option<usize>,
}

/// A parent.
pub(super) struct ParentView {
    /// The name on the card.
    pub name: String,
    /// How they belong together.
    pub relations: String,
    /// The parent's own timeline.
    pub href: String,
    /// The teams whose records they are.
    pub teams: Vec<TeamView>,
}

impl OverviewView {
    pub(super) fn of(reader: &Reader<'_>, overview: &Overview, cards: &[CardRow]) -> Self {
        // What is agreed stands among the planned contacts.
        let due = overview.due.visits.iter();
        let due = due.filter(|one| one.visit.due.agreed.is_none());
        Self {
            growth: GrowthView::all(reader, &overview.growth),
            methods: MethodsView::of(reader, &overview.entries.entries, cards),
            parents: overview
                .parents
                .iter()
                .map(|one| parent(reader, one))
                .collect(),
            due: due
                .map(|one| DueView::of(reader, one, String::new()))
                .collect(),
            cut: overview.entries.is_cut.then_some(CASE_MAX),
        }
    }
}

fn parent(reader: &Reader<'_>, parent: &Parent) -> ParentView {
    let mut teams: Vec<TeamView> = Vec::new();
    for team in parent.cases.iter().map(|(_, team)| reader.team(*team)) {
        if !teams.contains(&team) {
            teams.push(team);
        }
    }
    let relations = parent.relations.iter().map(|kind| relation(reader, *kind));
    let name = match parent.name.is_empty() {
        true => reader.language.texts().unnamed.to_owned(),
        false => parent.name.clone(),
    };
    ParentView {
        name,
        relations: relations.collect::<Vec<_>>().join(" · "),
        href: format!("/children/{}", parent.case),
        teams,
    }
}

/// As the card's template calls it.
fn relation(reader: &Reader<'_>, kind: RelationKind) -> String {
    let language = reader.language.of_documents();
    let path = ["relations", "relation"];
    let templates = &reader.names.templates;
    samspor_documents::method::code_label(templates, "card", &path, kind.code(), language)
}

/// A field of which the cards say different things, as data.
#[derive(Debug, Serialize)]
struct DifferingData {
    field: String,
    said: Vec<SaysData>,
}

#[derive(Debug, Serialize)]
struct SaysData {
    case: SpaceId,
    /// Every value that stands there; none where they cannot be read.
    values: Vec<Value>,
}

/// A parent, as data.
#[derive(Debug, Serialize)]
struct ParentData {
    name: String,
    relations: Vec<RelationKind>,
    case: SpaceId,
    cases: Vec<SpaceId>,
}

/// All of it, as data.
#[derive(Debug, Serialize)]
struct OverviewData {
    /// From at most so many entries of each case, the newest first.
    entries_max: usize,
    /// Whether a case has more.
    is_cut: bool,
    growth: Vec<SeriesData>,
    progress: Progress,
    agreements: Vec<Agreement>,
    follow_ups: Vec<FollowUp>,
    child_heard: ChildHeard,
    factors: Vec<Domain>,
    cards_differ: Vec<DifferingData>,
    parents: Vec<ParentData>,
    due: Vec<DueData>,
}

impl OverviewData {
    fn of(reader: &Reader<'_>, overview: &Overview, cards: &[CardRow]) -> Option<Self> {
        let today = format::local(reader.now)?.date();
        let entries = as_entries(&overview.entries.entries);
        let agreed: Vec<Agreed> = entries.iter().filter_map(Agreed::of).collect();
        let parent = |one: &Parent| ParentData {
            name: one.name.clone(),
            relations: one.relations.clone(),
            case: one.case,
            cases: one.cases.iter().map(|(case, _)| *case).collect(),
        };
        let due = overview.due.visits.iter();
        Some(Self {
            entries_max: CASE_MAX,
            is_cut: overview.entries.is_cut,
            growth: overview.growth.series.iter().map(SeriesData::of).collect(),
            progress: progress(&entries),
            agreements: agreements(&agreed, today),
            follow_ups: follow_ups(&agreed, today),
            child_heard: child_heard(&entries, today),
            factors: factors(&entries),
            cards_differ: differing_data(cards),
            parents: overview.parents.iter().map(parent).collect(),
            due: due.map(DueData::of).collect(),
        })
    }
}

fn differing_data(cards: &[CardRow]) -> Vec<DifferingData> {
    let readings: Vec<(SpaceId, &Reading)> = cards
        .iter()
        .map(|card| (card.case, &card.reading))
        .collect();
    let differing = differing(&readings).into_iter();
    let said = differing.map(|one| DifferingData {
        field: one.field,
        said: one
            .said
            .into_iter()
            .map(|says| SaysData {
                case: says.case,
                values: says.values,
            })
            .collect(),
    });
    said.collect()
}

/// `GET /api/v1/children/{case}/overview`: what is told of a child over time, as JSON. Of a parent's case every part is empty.
///
/// # Errors
/// As the child's page.
pub async fn overview_data(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let case: SpaceId = case.parse().map_err(|_| Failure::NotFound)?;
    let practitioner = session.practitioner;
    let part = Part {
        before: None,
        limit: 1,
        restricted: false,
    };
    let seen = timeline::timeline(&app.store, practitioner, case, part).await?;
    seen.ok_or(Failure::NotFound)?;
    let child = timeline::child(&app.store, practitioner, case).await?;
    let cases = child.map_or_else(Vec::new, |child| child.cases);
    let cases: Vec<SpaceId> = cases.iter().map(|one| one.case).collect();
    let mut tx = app.store.read().await?;
    let cards = rows::cards(&mut tx, &cases).await?;
    drop(tx);
    let names = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: Language::Danish,
        names: &names,
        now: clock::now(),
    };
    let overview = Overview::read(&app, &reader, practitioner, &cases, &cards).await?;
    let data = OverviewData::of(&reader, &overview, &cards).ok_or(Failure::NotFound)?;
    super::respond::data(&data)
}
