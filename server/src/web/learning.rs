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
use samspor_documents::id::PractitionerId;
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
    team: TeamView,
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

fn view(reader: &Reader<'_>, learning: Learning) -> LearningView {
    let t = reader.language.texts();
    let words = if learning.participants == 1 {
        t.one_took_part
    } else {
        t.took_part
    };
    LearningView {
        kind: kind(learning.kind, reader.language),
        day: super::format::day_in_utc(learning.day, reader.language),
        team: reader.team(learning.team),
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
        learning: learning.into_iter().map(|one| view(&reader, one)).collect(),
    };
    respond::page(StatusCode::OK, &template, &wishes)
}
