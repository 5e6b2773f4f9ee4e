//! Decides about one publish: the first change of a new document, and the end of the draft it was made from.
//!
//! The draft is looked up among the caller's own publications and nowhere else: whether another practitioner has a
//! draft of that id, or the server knows any, changes no answer.

use super::{
    Admitted, ChangeQuestion, DocumentState, NO_ACCESS, Refusal, State, check_content,
    circle::check_open, conflict, may_write,
};
use crate::sync::Caller;
use samspor_documents::id::{DocumentId, OperationId};
use samspor_protocol::{fact::Seen, reason::Reason};

/// A publish: its change and where that is to go, its own name, the draft, and what of it was read.
pub(in crate::push) struct PublishQuestion<'a> {
    pub change: ChangeQuestion<'a>,
    pub operation: OperationId,
    pub draft: DocumentId,
    pub seen: &'a [Seen],
}

const fn malformed(detail: &'static str) -> Refusal {
    Refusal::new(Reason::Malformed, detail)
}

/// Refuses what comes after a draft of the caller's own was published.
pub(super) fn check_draft(
    state: &State,
    caller: &Caller,
    draft: DocumentId,
) -> Result<(), Refusal> {
    let became = state.publications.get(&(caller.practitioner, draft));
    became.map_or(Ok(()), |by| Err(Refusal::superseded(*by)))
}

/// Decides about one publish.
pub(in crate::push) fn admit_publish(
    state: &State,
    question: &PublishQuestion<'_>,
) -> Result<Admitted, Refusal> {
    let change = &question.change;
    let caller = change.caller;
    let logged = state.changes.get(&(change.document, change.facts.hash));
    let device = state.lines.first(caller.device);
    if let Some(known) = state.operations.get(&(device, question.operation)) {
        let is_this = known.space == change.space && logged.is_some_and(|one| one.seq == known.seq);
        return if is_this {
            Ok(Admitted::Already(known.seq))
        } else {
            Err(malformed("this device has used the operation's id before"))
        };
    }
    let ground = may_write(state, caller, change.space)?;
    let elsewhere = |known: &DocumentState| known.space != change.space;
    if state.documents.get(&change.document).is_some_and(elsewhere) {
        return Err(NO_ACCESS);
    }
    if change.space == caller.practitioner.private_space() || change.document == question.draft {
        return Err(malformed(
            "a publish makes another document, in a case or circle",
        ));
    }
    check_open(state, change.space)?;
    check_draft(state, caller, question.draft)?;
    if logged.is_some() {
        return Err(conflict("this change was pushed before, as something else"));
    }
    if !change.facts.deps.is_empty() {
        return Err(Refusal::new(
            Reason::MissingDeps,
            "a publish carries a document's first change",
        ));
    }
    check_content(state, change)?;
    Ok(Admitted::New { ground })
}

#[cfg(test)]
mod tests;
