//! Decides about circles: opening one, bringing another practitioner in, leaving, closing it.
//!
//! Whether a circle is not there, is something else, or is one that the caller takes no part in changes no answer; nor
//! does whether somebody named is unknown. The cases that a circle concerns are looked up nowhere.

use super::{NO_ACCESS, Refusal, State, already};
use crate::{log::Seq, sync::Caller};
use samspor_documents::id::{OperationId, PractitionerId, SpaceId, TeamId};
use samspor_protocol::{circle::OpenCircle, closing::CloseCircle, limits, reason::Reason};
use std::collections::BTreeMap;

const TOO_MANY: Refusal = Refusal::new(
    Reason::TooLarge,
    "a circle takes no more participants than that",
);

const CLOSED: Refusal = Refusal::new(
    Reason::Closed,
    "the circle was closed: what stands in it stays as it is",
);

/// What becomes of an opening that is not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::push) enum AdmittedCircle {
    /// It is in the log, here.
    Already(Seq),
    /// It is to be opened, with these participants.
    New(Vec<PractitionerId>),
}

/// What becomes of a joining or leaving that is not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::push) enum AdmittedPart {
    /// This very operation is in the log, here.
    Already(Seq),
    /// It is so already, since this entry: nothing is appended.
    Holds(Seq),
    /// It is to be appended, on this ground.
    New { ground: i64 },
}

/// What becomes of a closing that is not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::push) enum AdmittedClosing {
    /// This very operation is in the log, here.
    Already(Seq),
    /// The circle is to be closed.
    New {
        /// The circle's ground.
        ground: i64,
        /// How many take part.
        participants: usize,
        /// The teams that the lines are shared with, each with its circle's ground.
        teams: BTreeMap<TeamId, i64>,
    },
}

/// Decides about opening a circle.
pub(in crate::push) fn admit_circle(
    state: &State,
    caller: &Caller,
    circle: SpaceId,
    operation: OperationId,
    body: &OpenCircle,
) -> Result<AdmittedCircle, Refusal> {
    if let Some(seq) = already(state, caller, circle, operation)? {
        return Ok(AdmittedCircle::Already(seq));
    }
    let people = &state.circles.people;
    if !people.contains(&caller.practitioner) || state.spaces.contains_key(&circle) {
        return Err(NO_ACCESS);
    }
    let participants = body.all_participants(caller.practitioner);
    if participants.len() > limits::CIRCLE_PARTICIPANTS_MAX {
        return Err(TOO_MANY);
    }
    if !participants.iter().all(|one| people.contains(one)) {
        return Err(NO_ACCESS);
    }
    Ok(AdmittedCircle::New(participants))
}

/// The circle's ground, where the caller takes part in it.
fn own_circle(state: &State, caller: &Caller, circle: SpaceId) -> Result<i64, Refusal> {
    let ground = state.spaces.get(&circle).copied().ok_or(NO_ACCESS)?;
    let history = state.histories.get(&caller.practitioner).ok_or(NO_ACCESS)?;
    let since = history.takes_part(ground, state.position);
    since.map(|_| ground).ok_or(NO_ACCESS)
}

/// Refuses what is new in a circle that was closed.
pub(super) fn check_open(state: &State, space: SpaceId) -> Result<(), Refusal> {
    if state.closed.contains(&space) {
        return Err(CLOSED);
    }
    Ok(())
}

/// Decides about closing a circle. Lines are shared with teams of those who take part, and with no others.
pub(in crate::push) fn admit_close(
    state: &State,
    caller: &Caller,
    circle: SpaceId,
    operation: OperationId,
    body: &CloseCircle,
) -> Result<AdmittedClosing, Refusal> {
    if let Some(seq) = already(state, caller, circle, operation)? {
        return Ok(AdmittedClosing::Already(seq));
    }
    let ground = own_circle(state, caller, circle)?;
    check_open(state, circle)?;
    let inside = state.circles.inside.get(&circle).ok_or(NO_ACCESS)?;
    let ground_of = |team: &TeamId| {
        let mut teams = inside.keys().filter_map(|one| state.circles.teams.get(one));
        teams.find_map(|teams| teams.get(team)).copied()
    };
    let mut teams = BTreeMap::new();
    for team in &body.shared_with {
        teams.insert(*team, ground_of(team).ok_or(NO_ACCESS)?);
    }
    Ok(AdmittedClosing::New {
        ground,
        participants: inside.len(),
        teams,
    })
}

/// Decides about bringing another practitioner into a circle.
pub(in crate::push) fn admit_join(
    state: &State,
    caller: &Caller,
    circle: SpaceId,
    operation: OperationId,
    practitioner: PractitionerId,
) -> Result<AdmittedPart, Refusal> {
    if let Some(seq) = already(state, caller, circle, operation)? {
        return Ok(AdmittedPart::Already(seq));
    }
    let ground = own_circle(state, caller, circle)?;
    if !state.circles.people.contains(&practitioner) {
        return Err(NO_ACCESS);
    }
    let inside = state.circles.inside.get(&circle);
    if let Some(since) = inside.and_then(|inside| inside.get(&practitioner)) {
        return Ok(AdmittedPart::Holds(*since));
    }
    check_open(state, circle)?;
    if inside.is_some_and(|inside| inside.len() >= limits::CIRCLE_PARTICIPANTS_MAX) {
        return Err(TOO_MANY);
    }
    Ok(AdmittedPart::New { ground })
}

/// Decides about leaving a circle. Who has left it before, from another device, is told where they did.
pub(in crate::push) fn admit_leave(
    state: &State,
    caller: &Caller,
    circle: SpaceId,
    operation: OperationId,
) -> Result<AdmittedPart, Refusal> {
    if let Some(seq) = already(state, caller, circle, operation)? {
        return Ok(AdmittedPart::Already(seq));
    }
    match own_circle(state, caller, circle) {
        Ok(ground) => Ok(AdmittedPart::New { ground }),
        Err(refusal) => {
            let ground = state.spaces.get(&circle);
            let history = state.histories.get(&caller.practitioner);
            let left = history
                .zip(ground)
                .and_then(|(history, ground)| history.has_left(*ground, state.position));
            left.map(AdmittedPart::Holds).ok_or(refusal)
        }
    }
}

#[cfg(test)]
mod tests;
