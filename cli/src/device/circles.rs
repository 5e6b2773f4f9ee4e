//! `circle open`, `list`, `show`, `join` and `leave`: circles of chosen participants.

use super::{
    closings,
    error::failure,
    names::Names,
    restrict,
    session::{Saved, Session, case_id},
    timeline,
};
use crate::{
    args::device::{CircleArgs, CircleJoinArgs, CircleOpenArgs, CircleShowArgs},
    exit::Exit,
    failure::Failure,
    layout, when,
    words::W,
};
use samspor_client_core::CircleRow;
use samspor_documents::id::SpaceId;
use serde_json::{Value, json};

/// Opens a circle.
///
/// # Errors
/// `unknown_practitioner`, `ambiguous`, `unknown_case`, `bad_circle_title`, `circle_too_large`; why it could not be
/// delivered.
pub async fn open(session: &Session<'_>, args: &CircleOpenArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let with: Result<Vec<_>, Failure> = args.with.iter().map(|one| names.colleague(one)).collect();
    let about: Result<Vec<_>, Failure> = args
        .about
        .iter()
        .map(|one| case_id(one, session.out))
        .collect();
    let circle = session
        .device
        .open_circle(&args.title, with?, about?)
        .await
        .map_err(failure)?;
    finish(session, W::CIRCLE_OPENED, circle, true).await
}

/// Brings somebody into a circle.
///
/// # Errors
/// `unknown_circle`, `unknown_practitioner`, `ambiguous`; why it could not be delivered.
pub async fn join(session: &Session<'_>, args: &CircleJoinArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let circle = names.chosen_circle(&args.circle)?.circle;
    let practitioner = names.colleague(&args.practitioner)?;
    let changed = session
        .device
        .join(circle, practitioner)
        .await
        .map_err(failure)?;
    finish(session, W::CIRCLE_JOINED, circle, changed).await
}

/// Leaves a circle.
///
/// # Errors
/// `unknown_circle`, `ambiguous`; why it could not be delivered.
pub async fn leave(session: &Session<'_>, args: &CircleArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let circle = names.chosen_circle(&args.circle)?.circle;
    session.device.leave(circle).await.map_err(failure)?;
    finish(session, W::CIRCLE_LEFT, circle, true).await
}

/// Delivers what was asked of a circle, and says what became of it.
///
/// # Errors
/// Why it could not be delivered.
pub(super) async fn finish(
    session: &Session<'_>,
    words: W,
    circle: SpaceId,
    changed: bool,
) -> Result<Exit, Failure> {
    let saved = Saved {
        words,
        name: "circle",
        id: circle.to_string(),
        changed,
        notices: Vec::new(),
    };
    session.deliver().await.finish(session.out, &saved)
}

/// Lists the circles in which the practitioner takes part.
///
/// # Errors
/// The store's.
pub async fn list(session: &Session<'_>) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let json: Vec<Value> = names
        .circles()
        .iter()
        .map(|row| told(row, &names))
        .collect();
    let text = match names.circles() {
        [] => session.say(W::NO_CIRCLES),
        rows => rows
            .iter()
            .map(|row| shown(session, row, &names))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    session
        .out
        .result(&json!({"circles": json}), &layout::harmless(&text));
    Ok(Exit::Done)
}

/// Shows one with what stands in it.
///
/// # Errors
/// `unknown_circle`, `ambiguous`.
pub async fn show(session: &Session<'_>, args: &CircleShowArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let row = names.chosen_circle(&args.circle)?;
    let documents = session
        .device
        .written_in(row.circle, args.restricted)
        .await
        .map_err(failure)?;
    let restricted = session.device.restricted_in(row.circle).await;
    let restricted = restricted.map_err(failure)?;
    let mut json = told(row, &names);
    if let Some(object) = json.as_object_mut() {
        let all = documents.iter();
        let all = all.map(|row| timeline::told(session, row, &names));
        object.insert("documents".to_owned(), all.collect());
        object.insert("restricted".to_owned(), json!(restricted));
    }
    let mut text = shown(session, row, &names);
    for document in &documents {
        text.push('\n');
        text.push_str(&timeline::shown(session, document, &names));
    }
    if documents.is_empty() {
        text.push_str(&format!("\n{}", session.say(W::NOTHING_IN_CIRCLE)));
    }
    let left_out = restrict::left_out(session, restricted).filter(|_| !args.restricted);
    if let Some(left_out) = left_out {
        text.push_str(&format!("\n{left_out}\n"));
    }
    session.out.result(&json, &layout::harmless(&text));
    Ok(Exit::Done)
}

fn told(row: &CircleRow, names: &Names) -> Value {
    let participants = row.participants.iter().map(|one| {
        json!({
            "practitioner": names.practitioner_json(one.practitioner),
            "waiting": !one.confirmed,
        })
    });
    let (authors, closed) = closings::told(row, names);
    json!({
        "authors": authors,
        "closed": closed,
        "circle": row.circle,
        "title": row.title,
        "opened_by": names.practitioner_json(row.opened_by),
        "opened_at": when::iso_local(row.opened_at),
        "about": row.about,
        "participants": participants.collect::<Vec<_>>(),
        "waiting": !row.confirmed,
    })
}

fn shown(session: &Session<'_>, row: &CircleRow, names: &Names) -> String {
    let lang = session.out.lang;
    let mut text = format!("{}  {}\n", when::show(lang, row.opened_at), row.title);
    let who: Vec<String> = row
        .participants
        .iter()
        .map(|one| {
            let name = one.name.clone();
            let name = name.unwrap_or_else(|| one.practitioner.to_string());
            // While the circle itself waits, so do all: that is said once.
            if one.confirmed || !row.confirmed {
                name
            } else {
                format!("{name} ({})", session.say(W::WAITING))
            }
        })
        .collect();
    text.push_str(&format!("  {}\n", who.join(" · ")));
    for case in &row.about {
        let case = case.to_string();
        let about = session.out.say(W::CIRCLE_ABOUT, &[("case", &case)]);
        text.push_str(&format!("  {about}\n"));
    }
    text.push_str(&closings::shown(session, row, names));
    if !row.confirmed {
        text.push_str(&format!("  ! {}\n", session.say(W::MARK_WAITING)));
    }
    text.push_str(&format!("  {}\n", row.circle));
    text
}
