//! `case assign` and `case unassign`, and how it is shown to whom a case is assigned.

use super::{
    error::failure,
    names::Names,
    session::{Saved, Session, case_id},
};
use crate::{args::device::CaseAssignArgs, exit::Exit, failure::Failure, words::W};
use samspor_client_core::AssignedRow;
use serde_json::{Value, json};

/// Assigns a case to a colleague.
///
/// # Errors
/// `bad_id`, `unknown_case`, `unknown_practitioner`, `ambiguous`, `no_colleague`, `shared_for_reading`; why it could not be
/// delivered.
pub async fn assign(session: &Session<'_>, args: &CaseAssignArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let practitioner = Names::read(session).await?.colleague(&args.practitioner)?;
    let changed = session.device.assign(case, practitioner).await;
    let changed = changed.map_err(failure)?;
    finish(session, W::CASE_ASSIGNED, case.to_string(), changed).await
}

/// Ends an assignment.
///
/// # Errors
/// `bad_id`, `unknown_case`, `unknown_practitioner`, `ambiguous`, `last_assigned`, `shared_for_reading`; why it could not be
/// delivered.
pub async fn unassign(session: &Session<'_>, args: &CaseAssignArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let practitioner = Names::read(session).await?.colleague(&args.practitioner)?;
    let changed = session.device.unassign(case, practitioner).await;
    let changed = changed.map_err(failure)?;
    finish(session, W::CASE_UNASSIGNED, case.to_string(), changed).await
}

async fn finish(
    session: &Session<'_>,
    words: W,
    id: String,
    changed: bool,
) -> Result<Exit, Failure> {
    let saved = Saved {
        words,
        name: "case",
        id,
        changed,
        notices: Vec::new(),
    };
    session.deliver().await.finish(session.out, &saved)
}

/// `[{"practitioner","waiting","end_waiting"}]`.
pub fn told(assigned: &[AssignedRow], names: &Names) -> Value {
    let one = |row: &AssignedRow| {
        json!({
            "practitioner": names.practitioner_json(row.practitioner),
            "waiting": !row.confirmed,
            "end_waiting": row.end_waits,
        })
    };
    assigned.iter().map(one).collect()
}

/// Their names, each with what waits.
pub fn shown(session: &Session<'_>, assigned: &[AssignedRow], names: &Names) -> String {
    let one = |row: &AssignedRow| {
        let name = names.practitioner(row.practitioner);
        match (row.confirmed, row.end_waits) {
            (_, true) => session.out.say(W::ASSIGNED_END_WAITS, &[("name", &name)]),
            (false, _) => session.out.say(W::ASSIGNED_WAITS, &[("name", &name)]),
            _ => name,
        }
    };
    assigned.iter().map(one).collect::<Vec<_>>().join(", ")
}
