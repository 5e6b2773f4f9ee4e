//! Admission: what becomes of one operation. Pure: it decides from what was read under the lock.
//!
//! The questions come in a fixed order. Already logged and this device's own: accepted. May the device write
//! here: if not, `no_access`, whether or not anything is there. Only then what is wrong with the operation.
//! So no answer tells what somebody else's records hold.

use super::{
    lineage,
    stage::Refusal,
    state::{DocumentState, State},
};
use crate::{log::Seq, sync::Caller};
use samspor_documents::{
    guard::ChangeFacts,
    id::{DocumentId, OperationId, SpaceId},
    permission::Act,
};
use samspor_protocol::{limits, push::OpenCase, reason::Reason};

/// What becomes of an operation that is not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admitted {
    /// It is in the log, here.
    Already(Seq),
    /// It is to be appended, on this ground.
    New { ground: i64 },
}

/// A change, and where it is to go.
pub(super) struct ChangeQuestion<'a> {
    pub caller: &'a Caller,
    pub space: SpaceId,
    pub document: DocumentId,
    pub facts: &'a ChangeFacts,
    pub bytes: usize,
}

pub(super) const NO_ACCESS: Refusal = Refusal::new(
    Reason::NoAccess,
    "this device may not write there, or there is no such place",
);

fn conflict(detail: &'static str) -> Refusal {
    Refusal::new(Reason::ActorConflict, detail)
}

/// Whether the caller may write documents in the space, and on which ground.
pub(super) fn may_write(state: &State, caller: &Caller, space: SpaceId) -> Result<i64, Refusal> {
    may(state, caller, Act::Write, space)
}

/// Whether the caller may do this in the space, and on which ground.
fn may(state: &State, caller: &Caller, act: Act, space: SpaceId) -> Result<i64, Refusal> {
    let ground = state.spaces.get(&space).copied().ok_or(NO_ACCESS)?;
    let history = state.histories.get(&caller.practitioner).ok_or(NO_ACCESS)?;
    if history.may(act, ground, space, state.position) && !state.told_only.contains(&space) {
        Ok(ground)
    } else {
        Err(NO_ACCESS)
    }
}

/// Decides about one change.
pub(super) fn admit_change(
    state: &State,
    question: &ChangeQuestion<'_>,
) -> Result<Admitted, Refusal> {
    let facts = question.facts;
    let document = state.documents.get(&question.document);
    let logged = state.changes.get(&(question.document, facts.hash));
    if let (Some(known), Some(document)) = (logged, document)
        && state.lines.speaks_for(question.caller.device, known.device)
        && document.space == question.space
    {
        return Ok(Admitted::Already(known.seq));
    }
    let ground = may_write(state, question.caller, question.space)?;
    if document.is_some_and(|known| known.space != question.space) {
        return Err(NO_ACCESS);
    }
    if question.space == question.caller.practitioner.private_space() {
        // Before its own changes are looked at: what it builds on may never have come.
        publish::check_draft(state, question.caller, question.document)?;
    }
    if logged.is_some() {
        return Err(conflict("another device has pushed this change"));
    }
    circle::check_open(state, question.space)?;
    check_content(state, question)?;
    Ok(Admitted::New { ground })
}

/// What is asked of a change that is new, where it may be written.
fn check_content(state: &State, question: &ChangeQuestion<'_>) -> Result<(), Refusal> {
    let document = state.documents.get(&question.document);
    // Of a document that was filed signed there is no change that one could build on.
    if let Some(known) = document.filter(|known| known.state != 0) {
        return Err(closed(known.state));
    }
    check_actor(state, question)?;
    check_deps(state, question, document)?;
    check_size(question, document)
}

/// Author, actor and device belong together: bound at the actor's first change, matched ever after. An actor is its own
/// device's also when another, that took its place, pushes what it wrote.
fn check_actor(state: &State, question: &ChangeQuestion<'_>) -> Result<(), Refusal> {
    let (facts, caller) = (question.facts, question.caller);
    let actor = &facts.actor;
    let owner = lineage::device_of(actor);
    let owner = owner.filter(|owner| state.lines.speaks_for(caller.device, *owner));
    let owner = owner.ok_or(conflict("the actor is not this device's"))?;
    let binding = state.actors.get(&(question.document, actor.clone()));
    match (binding, facts.seq) {
        (None, 1) if facts.author == Some(caller.practitioner) => Ok(()),
        (None, 1) => Err(conflict(
            "an actor's first change names its author: this device's practitioner",
        )),
        (None, _) => Err(conflict("the actor's earlier changes are not here")),
        (Some(_), _) if facts.author.is_some() => {
            Err(conflict("only an actor's first change names an author"))
        }
        (Some(known), _) if known.device != owner || known.author != caller.practitioner => {
            Err(conflict("the actor is another device's or author's"))
        }
        (Some(known), seq) if seq != known.actor_seq.saturating_add(1) => {
            Err(conflict("the actor's sequence does not follow"))
        }
        (Some(_), _) => Ok(()),
    }
}

/// What it builds on is in the log, in this document, and its operations are numbered right after that.
fn check_deps(
    state: &State,
    question: &ChangeQuestion<'_>,
    document: Option<&DocumentState>,
) -> Result<(), Refusal> {
    let facts = question.facts;
    if facts.deps.is_empty() == document.is_some() {
        return Err(Refusal::new(
            Reason::MissingDeps,
            "a document's first change builds on none, and only that one",
        ));
    }
    let mut newest = 0;
    for dep in &facts.deps {
        let known = state.changes.get(&(question.document, *dep));
        let known = known.ok_or(Refusal::new(
            Reason::MissingDeps,
            "it builds on changes that are not here",
        ))?;
        newest = known.max_op.max(newest);
    }
    if facts.start_op != newest.saturating_add(1) {
        return Err(Refusal::new(
            Reason::Malformed,
            "its operations are not numbered after those it builds on",
        ));
    }
    Ok(())
}

/// The document has room for this change.
fn check_size(
    question: &ChangeQuestion<'_>,
    document: Option<&DocumentState>,
) -> Result<(), Refusal> {
    let before = document.map_or(0, |known| {
        usize::try_from(known.bytes).unwrap_or(usize::MAX)
    });
    if before.saturating_add(question.bytes) > limits::DOCUMENT_BYTES_MAX {
        return Err(Refusal::new(
            Reason::TooLarge,
            "the document would be over its limit",
        ));
    }
    Ok(())
}

/// Why a document of this state, which is not open, takes no change.
pub(super) fn closed(state: i64) -> Refusal {
    let (reason, detail) = match state {
        1 => (Reason::Signed, "the document is signed"),
        2 => (Reason::Superseded, "the document was superseded"),
        _ => (Reason::Expunged, "the document was expunged"),
    };
    Refusal::new(reason, detail)
}

/// Where an operation that is not a change is logged already, by its name; none when it is new.
pub(super) fn already(
    state: &State,
    caller: &Caller,
    space: SpaceId,
    operation: OperationId,
) -> Result<Option<Seq>, Refusal> {
    let device = state.lines.first(caller.device);
    match state.operations.get(&(device, operation)) {
        Some(known) if known.space == space => Ok(Some(known.seq)),
        Some(_) => Err(Refusal::new(
            Reason::Malformed,
            "this device has used the operation's id before",
        )),
        None => Ok(None),
    }
}

/// Decides about opening a case.
pub(super) fn admit_case(
    state: &State,
    caller: &Caller,
    space: SpaceId,
    operation: OperationId,
    body: &OpenCase,
) -> Result<Admitted, Refusal> {
    if let Some(seq) = already(state, caller, space, operation)? {
        return Ok(Admitted::Already(seq));
    }
    let history = state.histories.get(&caller.practitioner).ok_or(NO_ACCESS)?;
    let ground = history
        .cases_of(body.team, state.position)
        .ok_or(NO_ACCESS)?;
    if state.spaces.contains_key(&space) {
        return Err(NO_ACCESS);
    }
    Ok(Admitted::New { ground })
}

mod assign;
mod circle;
mod disclosure;
mod publish;
mod restrict;
mod share;

pub(super) use assign::{
    AdmittedAssignment, AssignmentQuestion, admit_assignment, admit_unassignment,
};
pub(super) use circle::{
    AdmittedCircle, AdmittedClosing, AdmittedPart, admit_circle, admit_close, admit_join,
    admit_leave,
};
pub(super) use disclosure::{AdmittedDisclosure, DiscloseQuestion, admit_disclosure};
pub(super) use publish::{PublishQuestion, admit_publish};
pub(super) use restrict::{AdmittedRestriction, RestrictQuestion, admit_restriction};
pub(super) use share::{AdmittedShare, AdmittedWithdrawal, admit_share, admit_withdrawal};

#[cfg(test)]
mod tests;
