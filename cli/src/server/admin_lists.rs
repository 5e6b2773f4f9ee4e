//! Lists of the administration, and finding a person or a team by id or by name.

use super::error::administering;
use crate::{args::Lang, exit::Exit, failure::Failure, layout, output::Output, words::W};
use samspor_documents::id::{PractitionerId, TeamId};
use samspor_protocol::fact::Role;
use samspor_server::admin::{Admin, MembershipRow, PractitionerRow, TeamRow};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The practitioner of an id or a name.
///
/// # Errors
/// `unknown_practitioner`, `ambiguous`.
pub async fn person(admin: &Admin, text: &str) -> Result<PractitionerId, Failure> {
    let rows = admin
        .practitioners()
        .await
        .map_err(|error| administering(&error))?;
    let named = rows.iter().map(|row| (row.practitioner, row.name.as_str()));
    let unknown = Failure::new(
        Exit::NotFound,
        "unknown_practitioner",
        W::UNKNOWN_PRACTITIONER,
    );
    one(named, text, text.trim().parse().ok(), unknown)
}

/// The team of an id or a name.
///
/// # Errors
/// `unknown_team`, `ambiguous`.
pub async fn team(admin: &Admin, text: &str) -> Result<TeamId, Failure> {
    let rows = admin.teams().await.map_err(|error| administering(&error))?;
    let named = rows.iter().map(|row| (row.team, row.name.as_str()));
    let unknown = Failure::new(Exit::NotFound, "unknown_team", W::UNKNOWN_SERVER_TEAM);
    one(named, text, text.trim().parse().ok(), unknown)
}

fn one<'a, T: Copy + PartialEq>(
    rows: impl Iterator<Item = (T, &'a str)>,
    text: &str,
    id: Option<T>,
    unknown: Failure,
) -> Result<T, Failure> {
    let wanted = text.trim().to_lowercase();
    let mut found = rows.filter(|(row, name)| Some(*row) == id || name.to_lowercase() == wanted);
    match (found.next(), found.next()) {
        (Some((row, _)), None) => Ok(row),
        (Some(_), Some(_)) => Err(Failure::new(Exit::Input, "ambiguous", W::AMBIGUOUS_NAME)),
        (None, _) => Err(unknown),
    }
}

/// `team list`.
///
/// # Errors
/// The database's.
pub async fn teams(admin: &Admin, out: &Output) -> Result<(), Failure> {
    let rows = admin.teams().await.map_err(|error| administering(&error))?;
    let json: Vec<Value> = rows
        .iter()
        .map(|row| json!({"team": row.team, "name": row.name, "kind": row.kind.code(), "caseload": row.caseload.code()}))
        .collect();
    let kind = |row: &TeamRow| match out.lang {
        Lang::Da => row.kind.danish(),
        Lang::En => row.kind.english(),
    };
    let caseload = |row: &TeamRow| match out.lang {
        Lang::Da => row.caseload.danish(),
        Lang::En => row.caseload.english(),
    };
    let labels = [W::LABEL_TEAM, W::LABEL_KIND, W::LABEL_CASELOAD, W::LABEL_ID];
    let mut table = vec![head(out, &labels)];
    table.extend(rows.iter().map(|row| {
        vec![
            row.name.clone(),
            kind(row).to_owned(),
            caseload(row).to_owned(),
            row.team.to_string(),
        ]
    }));
    print(out, &json!({"teams": json}), &table, W::NO_TEAMS_HERE);
    Ok(())
}

/// `practitioner list`, with the teams they belong to.
///
/// # Errors
/// The database's.
pub async fn practitioners(admin: &Admin, out: &Output) -> Result<(), Failure> {
    let rows = admin
        .practitioners()
        .await
        .map_err(|error| administering(&error))?;
    let memberships = admin
        .memberships()
        .await
        .map_err(|error| administering(&error))?;
    let teams = admin.teams().await.map_err(|error| administering(&error))?;
    let teams: HashMap<TeamId, String> =
        teams.into_iter().map(|row| (row.team, row.name)).collect();
    let of = |row: &PractitionerRow| -> Vec<&MembershipRow> {
        let practitioner = row.practitioner;
        memberships
            .iter()
            .filter(|one| one.practitioner == practitioner && !one.ended)
            .collect()
    };
    let json: Vec<Value> = rows
        .iter()
        .map(|row| {
            let member = |one: &&MembershipRow| {
                json!({"team": one.team, "name": teams.get(&one.team), "role": one.role.code()})
            };
            let memberships: Vec<Value> = of(row).iter().map(member).collect();
            json!({
                "practitioner": row.practitioner, "name": row.name, "title": row.title, "memberships": memberships,
            })
        })
        .collect();
    let mut table = vec![head(
        out,
        &[W::LABEL_NAME, W::LABEL_TITLE, W::LABEL_ID, W::LABEL_TEAM],
    )];
    for row in &rows {
        let member = |one: &&MembershipRow| member_text(one, &teams, out.lang);
        let memberships: Vec<String> = of(row).iter().map(member).collect();
        let id = row.practitioner.to_string();
        table.push(vec![
            row.name.clone(),
            row.title.clone(),
            id,
            memberships.join(", "),
        ]);
    }
    print(
        out,
        &json!({"practitioners": json}),
        &table,
        W::NO_PRACTITIONERS,
    );
    Ok(())
}

fn member_text(row: &MembershipRow, teams: &HashMap<TeamId, String>, lang: Lang) -> String {
    let team = teams
        .get(&row.team)
        .cloned()
        .unwrap_or_else(|| row.team.to_string());
    let role = match lang {
        Lang::Da => row.role.danish(),
        Lang::En => row.role.english(),
    };
    match row.role {
        Role::Practitioner => team,
        _ => format!("{team} ({role})"),
    }
}

/// Everybody's name.
///
/// # Errors
/// The database's.
pub async fn names(admin: &Admin) -> Result<HashMap<PractitionerId, String>, Failure> {
    let rows = admin.practitioners().await;
    let rows = rows.map_err(|error| administering(&error))?;
    let named = rows.into_iter().map(|row| (row.practitioner, row.name));
    Ok(named.collect())
}

/// The first line of a table.
pub fn head(out: &Output, labels: &[W]) -> Vec<String> {
    labels.iter().map(|words| out.say(*words, &[])).collect()
}

/// Prints a list: `none` where there is nothing but its first line.
pub fn print(out: &Output, json: &Value, table: &[Vec<String>], none: W) {
    let text = match table.len() {
        0 | 1 => out.say(none, &[]),
        _ => layout::table(table),
    };
    out.result(json, &layout::harmless(&text));
}
