//! Whose a team's cases are within it, and cases that nobody has. A case is its id here.

use super::{
    admin_lists::{self as lists, person, team},
    error::administering,
};
use crate::{
    args::admin::{AdminAssignArgs, TeamCaseloadArgs},
    exit::Exit,
    failure::Failure,
    output::Output,
    words::W,
};
use samspor_documents::id::{PractitionerId, SpaceId, TeamId};
use samspor_protocol::fact::Caseload;
use samspor_server::admin::Admin;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The setting of a text: `whole-team` or `assigned`.
///
/// # Errors
/// `unknown_caseload`.
pub fn caseload(text: &str) -> Result<Caseload, Failure> {
    let code = text.trim().to_lowercase().replace('-', "_");
    Caseload::of_code(&code).ok_or_else(|| {
        Failure::new(Exit::Input, "unknown_caseload", W::UNKNOWN_CASELOAD)
            .with("known", "whole-team, assigned")
    })
}

/// Sets whose the cases of a team are within it.
///
/// # Errors
/// `unknown_caseload`, `unknown_team`, `ambiguous`; the database's.
pub async fn set(admin: &Admin, args: &TeamCaseloadArgs, out: &Output) -> Result<(), Failure> {
    let caseload = caseload(&args.caseload)?;
    let team = team(admin, &args.team).await?;
    let set = admin.set_caseload(team, caseload).await;
    set.map_err(|error| administering(&error))?;
    let words = match caseload {
        Caseload::WholeTeam => W::CASELOAD_WHOLE_TEAM,
        Caseload::Assigned => W::CASELOAD_ASSIGNED,
    };
    out.result(
        &json!({"team": team, "caseload": caseload.code()}),
        &out.say(words, &[]),
    );
    Ok(())
}

/// Assigns a case to a member of its team.
///
/// # Errors
/// `bad_id`, `unknown_case`, `unknown_practitioner`, `ambiguous`, `unknown_membership`, `no_colleague`; the database's.
pub async fn assign(admin: &Admin, args: &AdminAssignArgs, out: &Output) -> Result<(), Failure> {
    let case: SpaceId = args.case.trim().parse().map_err(|_| {
        Failure::new(Exit::Input, "bad_id", W::BAD_ID)
            .with("what", out.say(W::ID_CASE, &[]))
            .with("where", "samspor admin unassigned")
    })?;
    let practitioner = person(admin, &args.practitioner).await?;
    let assigned = admin.assign(case, practitioner).await;
    assigned.map_err(|error| administering(&error))?;
    out.result(
        &json!({"case": case, "practitioner": practitioner}),
        &out.say(W::ADMIN_ASSIGNED, &[]),
    );
    Ok(())
}

/// Lists the cases that no member of their team has.
///
/// # Errors
/// The database's.
pub async fn unassigned(admin: &Admin, out: &Output) -> Result<(), Failure> {
    let failed = |error| administering(&error);
    let rows = admin.cases_with_nobody().await.map_err(failed)?;
    let teams = admin.teams().await.map_err(failed)?;
    let teams: HashMap<TeamId, String> =
        teams.into_iter().map(|row| (row.team, row.name)).collect();
    let people = admin.practitioners().await.map_err(failed)?;
    let people: HashMap<PractitionerId, String> = people
        .into_iter()
        .map(|row| (row.practitioner, row.name))
        .collect();
    let json: Vec<Value> = rows
        .iter()
        .map(|row| {
            let last = row
                .last
                .map(|last| json!({"id": last, "name": people.get(&last)}));
            json!({
                "case": row.case,
                "team": {"id": row.team, "name": teams.get(&row.team)},
                "last": last,
            })
        })
        .collect();
    let mut table = vec![lists::head(
        out,
        &[W::LABEL_CASE, W::LABEL_TEAM, W::LABEL_LAST_ASSIGNED],
    )];
    table.extend(rows.iter().map(|row| {
        let last = row.last.and_then(|last| people.get(&last));
        vec![
            row.case.to_string(),
            teams.get(&row.team).cloned().unwrap_or_default(),
            last.cloned().unwrap_or_default(),
        ]
    }));
    lists::print(out, &json!({"cases": json}), &table, W::NOTHING_UNASSIGNED);
    Ok(())
}
