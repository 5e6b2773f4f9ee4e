//! `case open` and `case list`.

use super::{
    assignments,
    error::failure,
    names::Names,
    session::{Saved, Session},
};
use crate::{
    args::device::{CaseListArgs, CaseOpenArgs, ItemChangeArgs},
    content::{self, notice, resolve},
    exit::Exit,
    failure::Failure,
    layout,
    words::W,
};
use samspor_client_core::{CaseFilter, CaseRow};
use samspor_documents::document::Edit;
use serde_json::{Value, json};

/// Opens a case of one of the practitioner's own teams.
///
/// # Errors
/// A team that is not theirs, fields that do not hold; why it could not be delivered.
pub async fn open(session: &Session<'_>, args: &CaseOpenArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let team = names.own_team(&args.team)?;
    let content = content::gather(&args.content, &ItemChangeArgs::default())?;
    let card = resolve::card(&session.templates)?;
    let mut edits = resolve::edits(&content.wanted, card, session.out.lang)?;
    edits.extend(
        session
            .occurred(content.file.as_ref())?
            .map(Edit::OccurredAt),
    );
    let notices = notice::unusual(&edits, card);
    let case = session
        .device
        .open_case(team, edits)
        .await
        .map_err(failure)?;
    let saved = Saved {
        words: W::CASE_OPENED,
        name: "case",
        id: case.to_string(),
        changed: true,
        notices,
    };
    session.deliver().await.finish(session.out, &saved)
}

/// Lists cases, those that belong to one child together.
///
/// # Errors
/// The store's.
pub async fn list(session: &Session<'_>, args: &CaseListArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let filter = CaseFilter {
        name: args.find.clone(),
        closed: args.closed,
        ..CaseFilter::default()
    };
    let rows = session.device.cases(filter).await.map_err(failure)?;
    let json: Vec<Value> = rows.iter().map(|row| told(row, &names)).collect();
    let mut table = vec![
        [
            W::LABEL_NAME,
            W::LABEL_TEAM,
            W::LABEL_BORN,
            W::LABEL_CASE,
            W::LABEL_ASSIGNED,
            W::LABEL_STATUS,
        ]
        .map(|words| session.say(words))
        .to_vec(),
    ];
    table.extend(rows.iter().map(|row| line(session, row, &names)));
    let text = match rows.len() {
        0 => session.say(W::NO_CASES),
        _ => layout::table(&table),
    };
    session.out.result(&json!({"cases": json}), &text);
    Ok(Exit::Done)
}

fn told(row: &CaseRow, names: &Names) -> Value {
    let view = row.view.as_ref();
    json!({
        "case": row.case,
        "card": row.card,
        "team": names.team_json(row.team),
        "name": view.map(|view| &view.name),
        "about": row.about,
        "kind": view.map(|view| view.kind),
        "birth_date": view.and_then(|view| view.birth_date).map(|date| date.to_string()),
        "due_date": view.and_then(|view| view.due_date).map(|date| date.to_string()),
        "closed": view.is_some_and(|view| view.closed),
        "assigned": assignments::told(&row.assigned, names),
        "waiting": !row.confirmed,
        "same_citizen": row.same_citizen,
    })
}

fn line(session: &Session<'_>, row: &CaseRow, names: &Names) -> Vec<String> {
    let view = row.view.as_ref();
    let name = view
        .map(|view| view.name.clone())
        .filter(|name| !name.is_empty());
    let born = view
        .and_then(|view| view.birth_date.or(view.due_date))
        .map(|date| date.strftime("%d.%m.%Y").to_string());
    let name = name.or_else(|| row.about.clone());
    let state = if row.about.is_some() {
        session.say(W::NO_CARD)
    } else if view.is_some_and(|view| view.closed) {
        session.say(W::CLOSED)
    } else if row.confirmed {
        String::new()
    } else {
        session.say(W::WAITING)
    };
    vec![
        layout::shortened(
            &layout::harmless(&name.unwrap_or_else(|| session.say(W::NO_NAME))),
            40,
        ),
        layout::shortened(&names.team(row.team), 30),
        born.unwrap_or_default(),
        row.case.to_string(),
        assignments::shown(session, &row.assigned, names),
        state,
    ]
}
