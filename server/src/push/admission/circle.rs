//! Decides about circles: opening one, bringing another practitioner in, leaving.
//!
//! Whether a circle is not there, is something else, or is one that the caller takes no part in changes no answer; nor
//! does whether somebody named is unknown. The cases that a circle concerns are looked up nowhere.

use super::{NO_ACCESS, Refusal, State, already};
use crate::{log::Seq, sync::Caller};
use samspor_documents::id::{OperationId, PractitionerId, SpaceId};
use samspor_protocol::{circle::OpenCircle, limits, reason::Reason};

const TOO_MANY: Refusal = Refusal::new(
    Reason::TooLarge,
    "a circle takes no more participants than that",
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
