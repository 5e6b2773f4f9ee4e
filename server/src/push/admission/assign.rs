//! Decides about assignments: assigning a case to a colleague, ending that.
//!
//! Whoever has the case does both. Whether a case, a practitioner or an assignment is not there, or is somebody else's,
//! changes no answer. A case is never left with nobody.

use super::{NO_ACCESS, Refusal, State, already, may};
use crate::{log::Seq, push::shares::Cases, sync::Caller};
use samspor_documents::{
    id::{OperationId, PractitionerId, SpaceId},
    permission::Act,
};
use samspor_protocol::reason::Reason;

const LAST: Refusal = Refusal::new(
    Reason::LastAssigned,
    "a case is never left with nobody: assign it to somebody else first",
);

/// What becomes of an operation on an assignment that is not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::push) enum AdmittedAssignment {
    /// This very operation is in the log, here.
    Already(Seq),
    /// It is so already, from this entry on: nothing is appended.
    Holds(Seq),
    /// It is to be logged: whose case it is, the scope of it where there is one, and the version of its fact.
    New {
        cases: Cases,
        scope: Option<i64>,
        version: u32,
    },
}

/// An assignment that somebody makes or ends.
#[derive(Debug, Clone, Copy)]
pub(in crate::push) struct AssignmentQuestion<'a> {
    pub caller: &'a Caller,
    pub case: SpaceId,
    pub operation: OperationId,
    pub practitioner: PractitionerId,
}

/// The case, where the caller may assign it.
fn place(state: &State, asked: &AssignmentQuestion<'_>) -> Result<(Cases, Option<i64>), Refusal> {
    may(state, asked.caller, Act::Assign, asked.case)?;
    let known = state.assignments.cases.get(&asked.case);
    known.copied().ok_or(NO_ACCESS)
}

/// Decides about assigning a case.
pub(in crate::push) fn admit_assignment(
    state: &State,
    asked: &AssignmentQuestion<'_>,
) -> Result<AdmittedAssignment, Refusal> {
    if let Some(seq) = already(state, asked.caller, asked.case, asked.operation)? {
        return Ok(AdmittedAssignment::Already(seq));
    }
    let (cases, scope) = place(state, asked)?;
    let colleague = state.histories.get(&asked.practitioner);
    let member = colleague.and_then(|one| one.cases_of(cases.team, state.position));
    if member != Some(cases.ground) {
        return Err(NO_ACCESS);
    }
    let known = state.assignments.of(asked.case, asked.practitioner);
    Ok(match known {
        Some(known) if known.ended.is_none() => AdmittedAssignment::Holds(known.from),
        known => AdmittedAssignment::New {
            cases,
            scope,
            version: next(known.map(|known| known.version)),
        },
    })
}

/// Decides about ending an assignment. One that has ended already is answered with where it did.
pub(in crate::push) fn admit_unassignment(
    state: &State,
    asked: &AssignmentQuestion<'_>,
) -> Result<AdmittedAssignment, Refusal> {
    if let Some(seq) = already(state, asked.caller, asked.case, asked.operation)? {
        return Ok(AdmittedAssignment::Already(seq));
    }
    let (cases, scope) = place(state, asked)?;
    let known = state.assignments.of(asked.case, asked.practitioner);
    let known = known.ok_or(NO_ACCESS)?;
    if let Some(seq) = known.ended {
        return Ok(AdmittedAssignment::Holds(seq));
    }
    if !state
        .assignments
        .is_with_others(asked.case, asked.practitioner)
    {
        return Err(LAST);
    }
    Ok(AdmittedAssignment::New {
        cases,
        scope,
        version: next(Some(known.version)),
    })
}

fn next(version: Option<u32>) -> u32 {
    version.unwrap_or_default().saturating_add(1)
}

#[cfg(test)]
mod tests;
