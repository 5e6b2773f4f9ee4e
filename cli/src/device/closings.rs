//! `circle close` and `learning list`: a reflection ends, and what it taught is shared.

use super::{circles, error::failure, names::Names, session::Session};
use crate::{
    args::{Lang, device::CircleCloseArgs},
    exit::Exit,
    failure::Failure,
    layout, when,
    words::W,
};
use samspor_client_core::{CircleRow, LearningRow, NewClosing};
use samspor_protocol::closing::ReflectionKind;
use serde_json::{Value, json};

/// Closes a circle.
///
/// # Errors
/// `unknown_circle`, `ambiguous`, `circle_closed`, `unknown_kind`, `unknown_team`, `bad_learning_line`,
/// `learning_too_large`; why it could not be delivered.
pub async fn close(session: &Session<'_>, args: &CircleCloseArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let circle = names.chosen_circle(&args.circle)?.circle;
    let kind = ReflectionKind::of_code(&args.kind).ok_or(Failure::new(
        Exit::Input,
        "unknown_kind",
        W::UNKNOWN_REFLECTION_KIND,
    ))?;
    let teams: Result<Vec<_>, Failure> = args.share.iter().map(|one| names.any_team(one)).collect();
    let closing = NewClosing {
        kind,
        lines: args.line.clone(),
        shared_with: teams?,
    };
    session
        .device
        .close_circle(circle, closing)
        .await
        .map_err(failure)?;
    circles::finish(session, W::CIRCLE_CLOSED, circle, true).await
}

/// Lists what was shared with one's own teams.
///
/// # Errors
/// The store's.
pub async fn learning(session: &Session<'_>) -> Result<Exit, Failure> {
    let rows = session.device.learning().await.map_err(failure)?;
    let names = Names::read(session).await?;
    let json: Vec<Value> = rows.iter().map(|row| learning_told(row, &names)).collect();
    let text = match rows.len() {
        0 => session.say(W::NO_LEARNING),
        _ => rows
            .iter()
            .map(|row| learning_shown(session, row, &names))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    session
        .out
        .result(&json!({"learning": json}), &layout::harmless(&text));
    Ok(Exit::Done)
}

fn learning_told(row: &LearningRow, names: &Names) -> Value {
    json!({
        "teams": row.teams.iter().map(|team| names.team_json(*team)).collect::<Vec<_>>(),
        "kind": row.kind.code(),
        "day": when::iso_day(row.day),
        "lines": row.lines,
        "participants": row.participants,
    })
}

fn learning_shown(session: &Session<'_>, row: &LearningRow, names: &Names) -> String {
    let places = [
        ("kind", kind(row.kind, session.out.lang).to_owned()),
        ("day", when::show_day(session.out.lang, row.day)),
        ("count", row.participants.to_string()),
    ];
    let places = places
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let mut text = format!("{}\n", session.out.say(W::LEARNING_OF, &places));
    let teams: Vec<String> = row.teams.iter().map(|team| names.team(*team)).collect();
    let teams = teams.join(", ");
    let shared = session.out.say(W::SHARED_WITH, &[("teams", &teams)]);
    text.push_str(&format!("  {shared}\n"));
    text.push_str(&lines(&row.lines));
    text
}

fn lines(lines: &[String]) -> String {
    let one = |line: &String| layout::prose(&format!("- {line}"), 2, layout::width());
    lines.iter().map(one).collect()
}

const fn kind(kind: ReflectionKind, lang: Lang) -> &'static str {
    match lang {
        Lang::Da => kind.danish(),
        Lang::En => kind.english(),
    }
}

/// Who wrote in a circle and how it was closed, as JSON.
pub(super) fn told(row: &CircleRow, names: &Names) -> (Value, Value) {
    let authors = row
        .authors
        .iter()
        .map(|id| names.practitioner_json(*id))
        .collect();
    let closed = row.closing.as_ref().map(|closing| {
        json!({
            "by": names.practitioner_json(closing.closed_by),
            "at": when::iso_local(closing.closed_at),
            "kind": closing.kind.code(),
            "lines": closing.lines,
            "shared_with": closing.shared_with.iter().map(|team| names.team_json(*team)).collect::<Vec<_>>(),
            "waiting": !closing.confirmed,
        })
    });
    (authors, json!(closed))
}

/// How a circle was closed, as people read it: by whom, who wrote in it, what was learned. Nothing while it is open.
pub(super) fn shown(session: &Session<'_>, row: &CircleRow, names: &Names) -> String {
    let Some(closing) = &row.closing else {
        return String::new();
    };
    let lang = session.out.lang;
    let (who, at) = (
        names.practitioner(closing.closed_by),
        when::show(lang, closing.closed_at),
    );
    let closed = session.out.say(W::CLOSED_BY, &[("who", &who), ("at", &at)]);
    let mut text = format!("  {closed}\n  {}\n", kind(closing.kind, lang));
    if !row.authors.is_empty() {
        let who = names.practitioners(&row.authors);
        let written = session.out.say(W::WRITTEN_BY, &[("who", &who)]);
        text.push_str(&format!("  {written}\n"));
    }
    text.push_str(&lines(&closing.lines));
    if !closing.shared_with.is_empty() {
        let teams: Vec<String> = closing
            .shared_with
            .iter()
            .map(|team| names.team(*team))
            .collect();
        let shared = session
            .out
            .say(W::SHARED_WITH, &[("teams", &teams.join(", "))]);
        text.push_str(&format!("  {shared}\n"));
    }
    if !closing.confirmed {
        text.push_str(&format!("  ! {}\n", session.say(W::MARK_WAITING)));
    }
    text
}
