//! `/learning`: what reflections taught, as circles shared it with the reader's teams. Any member of a team sees it,
//! whatever their role: that a reflection took place and its lines, never which one, about whom or by whom.

use super::{
    language::{Language, Wishes},
    respond::{self, Frame},
    sign_in::signed_in,
    view::{Reader, TeamView},
};
use crate::{
    access::{self, GroundKind},
    app::App,
    clock,
    problem::Failure,
    store::{StoreError, Tx},
};
use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use samspor_documents::id::{PractitionerId, TeamId};
use samspor_protocol::{
    closing::{Learning, ReflectionKind},
    fact::FactBody,
    wire,
};
use std::sync::Arc;

/// Facts of one's teams that one page looks through, the newest first.
const FACTS_MAX: i64 = 5_000;
/// Reflections on one page.
const PAGE: usize = 200;

/// One reflection on the page.
struct LearningView {
    kind: &'static str,
    day: String,
    teams: Vec<TeamView>,
    took_part: String,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "learning.html")]
struct LearningTemplate {
    frame: Frame,
    learning: Vec<LearningView>,
}

/// What was shared with the teams of a practitioner, the last first.
async fn shared(tx: &mut Tx, practitioner: PractitionerId) -> Result<Vec<Learning>, StoreError> {
    let position = access::position(tx).await?;
    let history = access::load_one(tx, practitioner, position).await?;
    let open = history.at(position).map(|standing| standing.ground);
    let circles: Vec<i64> = open
        .filter(|ground| ground.kind == GroundKind::Circle)
        .map(|ground| ground.ground)
        .collect();
    let circles = serde_json::to_string(&circles).unwrap_or_default();
    let bodies: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT f.body FROM json_each(?) AS wanted
         CROSS JOIN items AS i ON i.ground = wanted.value AND i.kind = 2
         CROSS JOIN facts AS f ON f.seq = i.last_seq
         ORDER BY f.seq DESC LIMIT ?",
    )
    .bind(circles)
    .bind(FACTS_MAX)
    .fetch_all(&mut **tx)
    .await?;
    let facts = bodies
        .iter()
        .filter_map(|body| wire::decode("fact", body).ok());
    let learning = facts.filter_map(|fact| match fact {
        FactBody::Learning(learning) => Some(learning),
        _ => None,
    });
    Ok(learning.take(PAGE).collect())
}

/// What one closing shared with several of a reader's teams, once: it was logged team by team, in one go. Where there
/// are no lines, nothing tells one reflection from another.
fn together(learning: Vec<Learning>) -> Vec<(Learning, Vec<TeamId>)> {
    let mut all: Vec<(Learning, Vec<TeamId>)> = Vec::new();
    for one in learning {
        let said = |other: &Learning| {
            let (a, b) = (&one, other);
            !a.lines.is_empty()
                && (a.kind, a.day, &a.lines, a.participants)
                    == (b.kind, b.day, &b.lines, b.participants)
        };
        match all.last_mut() {
            Some((last, teams)) if said(last) && !teams.contains(&one.team) => {
                teams.push(one.team);
            }
            _ => {
                let team = one.team;
                all.push((one, vec![team]));
            }
        }
    }
    all
}

fn view(reader: &Reader<'_>, learning: Learning, teams: &[TeamId]) -> LearningView {
    let t = reader.language.texts();
    let words = if learning.participants == 1 {
        t.one_took_part
    } else {
        t.took_part
    };
    LearningView {
        kind: kind(learning.kind, reader.language),
        day: super::format::day_in_utc(learning.day, reader.language),
        teams: teams.iter().map(|team| reader.team(*team)).collect(),
        took_part: format!("{} {words}", learning.participants),
        lines: learning.lines,
    }
}

const fn kind(kind: ReflectionKind, language: Language) -> &'static str {
    match language {
        Language::Danish => kind.danish(),
        Language::English => kind.english(),
    }
}

/// `GET /learning`
///
/// # Errors
/// `Unauthenticated` without a session.
pub async fn learning_page(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let wishes = Wishes::of(&headers, uri.query());
    let at = app.core.heads().borrow().position;
    let mut tx = app.store.read().await?;
    let learning = shared(&mut tx, session.practitioner).await?;
    drop(tx);
    let names = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: wishes.language,
        names: &names,
        now: clock::now(),
    };
    let template = LearningTemplate {
        frame: Frame::signed_in(&wishes, &session, &names, at),
        learning: together(learning)
            .into_iter()
            .map(|(one, teams)| view(&reader, one, &teams))
            .collect(),
    };
    respond::page(StatusCode::OK, &template, &wishes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use samspor_documents::time::UnixMillis;

    fn team(number: u8) -> TeamId {
        TeamId::from_bytes([number; 16])
    }

    fn learning(of: u8, lines: &[&str]) -> Learning {
        Learning {
            team: team(of),
            kind: ReflectionKind::Shared,
            day: UnixMillis(0),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            participants: 3,
        }
    }

    #[test]
    fn what_one_closing_shared_with_several_teams_stands_once() {
        let more = Learning {
            participants: 4,
            ..learning(3, &["en"])
        };
        let cases = [
            ("nothing", vec![], vec![]),
            (
                "two teams",
                vec![learning(1, &["en"]), learning(2, &["en"])],
                vec![vec![team(1), team(2)]],
            ),
            (
                "other lines",
                vec![learning(1, &["en"]), learning(2, &["to"])],
                vec![vec![team(1)], vec![team(2)]],
            ),
            (
                "the same team again",
                vec![learning(1, &["en"]), learning(1, &["en"])],
                vec![vec![team(1)], vec![team(1)]],
            ),
            (
                "no lines",
                vec![learning(1, &[]), learning(2, &[])],
                vec![vec![team(1)], vec![team(2)]],
            ),
            (
                "others took part",
                vec![learning(1, &["en"]), more],
                vec![vec![team(1)], vec![team(3)]],
            ),
        ];
        for (name, told, expected) in cases {
            let teams = together(told).into_iter().map(|(_, teams)| teams);
            assert_eq!(teams.collect::<Vec<_>>(), expected, "{name}");
        }
    }
}
