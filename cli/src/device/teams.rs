//! `teams`: the organisation's teams, the practitioner's own first.

use super::{names::Names, session::Session};
use crate::{args::Lang, exit::Exit, failure::Failure, layout, words::W};
use samspor_client_core::TeamRow;
use samspor_documents::name_order::sort_name;
use serde_json::{Value, json};

/// Lists them.
///
/// # Errors
/// The store's.
pub async fn run(session: &Session<'_>) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let mut teams: Vec<&TeamRow> = names.teams().iter().collect();
    teams.sort_by_cached_key(|row| (row.role.is_none(), sort_name(&row.name)));
    let json: Vec<Value> = teams.iter().map(|row| told(row)).collect();
    let head =
        [W::LABEL_TEAM, W::LABEL_KIND, W::LABEL_ROLE, W::LABEL_ID].map(|words| session.say(words));
    let mut table = vec![head.to_vec()];
    table.extend(teams.iter().map(|row| line(row, session.out.lang)));
    let text = match teams.len() {
        0 => session.say(W::NO_TEAMS),
        _ => layout::table(&table),
    };
    session
        .out
        .result(&json!({"teams": json}), &layout::harmless(&text));
    Ok(Exit::Done)
}

fn told(row: &TeamRow) -> Value {
    json!({
        "team": row.team,
        "name": row.name,
        "kind": row.kind.code(),
        "role": row.role.map(|role| role.code()),
    })
}

fn line(row: &TeamRow, lang: Lang) -> Vec<String> {
    let (kind, role) = match lang {
        Lang::Da => (row.kind.danish(), row.role.map(|role| role.danish())),
        Lang::En => (row.kind.english(), row.role.map(|role| role.english())),
    };
    vec![
        layout::shortened(&row.name, 40),
        kind.to_owned(),
        role.unwrap_or("-").to_owned(),
        row.team.to_string(),
    ]
}
