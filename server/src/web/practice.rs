//! `/practice` and `/api/v1/practice`: the figures of the teams that the signed-in practitioner coordinates or leads. Counts,
//! each with what it is out of; never a child, a case, an author or a word of what was written.

use super::{
    language::{Language, Told, Wishes},
    respond::{self, Frame},
    sign_in::signed_in,
    view::{Reader, TeamView},
};
use crate::{
    app::App,
    clock,
    problem::Failure,
    timeline::{self, TeamPractice},
};
use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use samspor_documents::{
    id::{PractitionerId, TeamId},
    method::{
        contributions::{Answers, Feedback},
        heard::Counts,
    },
    time::UnixMillis,
};
use serde::Serialize;
use std::sync::Arc;

/// Over so many days.
const DAYS: i64 = 365;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// A number with what it counts.
struct Figure {
    label: &'static str,
    count: usize,
}

/// What one side answered.
struct AnswersView {
    from: &'static str,
    entries: usize,
    /// Each mark from 0 to 10 that was given, and how often.
    marks: Vec<(i64, usize)>,
    /// What else is counted, each out of all.
    figures: Vec<Figure>,
}

/// A team.
struct PracticeView {
    team: TeamView,
    decisions: usize,
    /// Before how many of them the child was heard, whole or in part.
    heard: usize,
    /// Each decision under one of these.
    figures: Vec<Figure>,
    answers: Vec<AnswersView>,
    is_cut: bool,
}

#[derive(Template)]
#[template(path = "practice.html")]
struct PracticeTemplate {
    frame: Frame,
    teams: Vec<PracticeView>,
    most: usize,
}

fn since(now: UnixMillis) -> UnixMillis {
    now.plus(-DAYS * DAY_MILLIS)
}

/// As somebody whose role shows no figures asks: the page is not there.
async fn of_reader(
    app: &App,
    practitioner: PractitionerId,
    now: UnixMillis,
) -> Result<Vec<TeamPractice>, Failure> {
    let teams = timeline::practice(&app.store, practitioner, since(now)).await?;
    match teams.is_empty() {
        true => Err(Failure::NotFound),
        false => Ok(teams),
    }
}

fn heard_figures(told: &Told, heard: &Counts) -> Vec<Figure> {
    let figures = [
        (told.decisions_heard, heard.heard),
        (told.decisions_in_part, heard.in_part),
        (told.decisions_after, heard.after),
        (told.decisions_with_ground, heard.not_heard_with_ground),
        (
            told.decisions_without_ground,
            heard.not_heard_without_ground,
        ),
        (told.decisions_not_said, heard.not_said),
        (told.decisions_unsettled, heard.unsettled),
    ];
    let figure = |(label, count)| Figure { label, count };
    figures.map(figure).into()
}

fn answers(told: &Told, from: &'static str, answers: &Answers) -> AnswersView {
    let figures = [
        (told.no_mark, answers.no_mark),
        (told.marks_unsettled, answers.unsettled),
        (told.said_works, answers.works),
        (told.said_hinders, answers.hinders),
        (told.said_solutions, answers.solutions),
    ];
    let marks = answers.usefulness.iter();
    AnswersView {
        from,
        entries: answers.entries,
        marks: marks.map(|(mark, count)| (*mark, *count)).collect(),
        figures: figures.map(|(label, count)| Figure { label, count }).into(),
    }
}

fn view(reader: &Reader<'_>, practice: &TeamPractice) -> PracticeView {
    let told = reader.language.told();
    let Feedback {
        staff,
        leaders,
        others,
    } = &practice.feedback;
    let mut all = vec![
        answers(told, told.from_staff, staff),
        answers(told, told.from_leaders, leaders),
    ];
    if others.entries > 0 {
        all.push(answers(told, told.from_not_said, others));
    }
    PracticeView {
        team: reader.team(practice.team),
        decisions: practice.heard.decisions,
        heard: practice.heard.heard + practice.heard.in_part,
        figures: heard_figures(told, &practice.heard),
        answers: all,
        is_cut: practice.is_cut,
    }
}

/// `GET /practice`
///
/// # Errors
/// `Unauthenticated` without a session; `NotFound` for who coordinates and leads no team.
pub async fn practice_page(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let wishes = Wishes::of(&headers, uri.query());
    let at = app.core.heads().borrow().position;
    let now = clock::now();
    let teams = of_reader(&app, session.practitioner, now).await?;
    let names = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: wishes.language,
        names: &names,
        now,
    };
    let template = PracticeTemplate {
        frame: Frame::signed_in(&wishes, &session, &names, at),
        teams: teams.iter().map(|team| view(&reader, team)).collect(),
        most: timeline::ENTRIES_MAX,
    };
    respond::page(StatusCode::OK, &template, &wishes)
}

/// A team's figures, as data.
#[derive(Debug, Serialize)]
struct TeamData {
    team: TeamId,
    team_name: String,
    /// Decisions, each under one of the counts beside their number.
    heard: Counts,
    feedback: Feedback,
    /// Whether there is more than is counted, and from at most how many of each kind.
    is_cut: bool,
    entries_max: usize,
}

#[derive(Debug, Serialize)]
struct PracticeData {
    /// What happened from this time on, Unix milliseconds.
    since: UnixMillis,
    teams: Vec<TeamData>,
}

/// `GET /api/v1/practice`: the same figures as JSON.
///
/// # Errors
/// As [`practice_page`].
pub async fn practice_data(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let now = clock::now();
    let teams = of_reader(&app, session.practitioner, now).await?;
    let names = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: Language::Danish,
        names: &names,
        now,
    };
    let team = |one: TeamPractice| TeamData {
        team: one.team,
        team_name: reader.team(one.team).name,
        heard: one.heard,
        feedback: one.feedback,
        is_cut: one.is_cut,
        entries_max: timeline::ENTRIES_MAX,
    };
    respond::data(&PracticeData {
        since: since(now),
        teams: teams.into_iter().map(team).collect(),
    })
}
