//! Decides about restricting a signed document, and about lifting its restriction.
//!
//! Where the caller may not write, nothing is looked at; and a document that is not in the space gets the same answer
//! as one that is nowhere.

use super::{NO_ACCESS, Refusal, State, already, closed, may_write};
use crate::{log::Seq, sync::Caller};
use samspor_documents::id::{DocumentId, OperationId, SpaceId};
use samspor_protocol::reason::Reason;

/// A restriction, and where it is to go.
pub(in crate::push) struct RestrictQuestion<'a> {
    pub caller: &'a Caller,
    pub space: SpaceId,
    pub document: DocumentId,
    pub operation: OperationId,
}

/// What becomes of a restriction that is not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::push) enum AdmittedRestriction {
    /// It is in the log, here.
    Already(Seq),
    /// It is to be appended, on this ground.
    New { ground: i64 },
}

/// Decides about one restriction, or its lifting.
pub(in crate::push) fn admit_restriction(
    state: &State,
    question: &RestrictQuestion<'_>,
) -> Result<AdmittedRestriction, Refusal> {
    let (caller, space) = (question.caller, question.space);
    if let Some(seq) = already(state, caller, space, question.operation)? {
        return Ok(AdmittedRestriction::Already(seq));
    }
    let ground = may_write(state, caller, space)?;
    let document = state.documents.get(&question.document);
    let document = document
        .filter(|known| known.space == space)
        .ok_or(NO_ACCESS)?;
    match document.state {
        0 => Err(Refusal::new(
            Reason::NotSigned,
            "the document is not signed: it is edited instead",
        )),
        1 => Ok(AdmittedRestriction::New { ground }),
        state => Err(closed(state)),
    }
}
