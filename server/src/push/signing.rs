//! Admission of a signature. Pure: it decides from what was rendered before the lock and read under it.
//!
//! The first signature is its author's and freezes the document; those of others are over the very same text. Nothing
//! that arrived after the rendering may be frozen unseen: then the document has more changes than were rendered.

use super::{
    admission::{self, NO_ACCESS},
    render::Rendering,
    stage::Refusal,
    state::State,
};
use crate::{log::Seq, sync::Caller};
use samspor_documents::id::{DocumentId, OperationId, PractitionerId, SpaceId};
use samspor_protocol::{hash::Hash32, limits, push::Sign, reason::Reason};

/// The document is not what was read.
pub(super) const UNSEEN_CHANGES: Refusal = Refusal::new(
    Reason::UnseenChanges,
    "the document has changes that were not read before it was signed",
);

/// The text of a document that is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frozen {
    pub text: Hash32,
    pub heads: Vec<Hash32>,
}

/// A document as the admission of a signature sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Signing {
    /// How many changes the log holds.
    pub changes: i64,
    /// Who wrote the first of them.
    pub author: Option<PractitionerId>,
    /// Its text, once it is signed.
    pub frozen: Option<Frozen>,
    /// Who has signed.
    pub signers: Vec<PractitionerId>,
}

/// What becomes of a signature that is not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AdmittedSignature {
    /// It is in the log, here.
    Already(Seq),
    /// It freezes the document.
    First,
    /// It stands beside the first, as a fact on this ground.
    Another { ground: i64 },
}

/// A signature, and where it is to go.
pub(super) struct SignQuestion<'a> {
    pub caller: &'a Caller,
    pub space: SpaceId,
    pub document: DocumentId,
    pub operation: OperationId,
    pub sign: &'a Sign,
    pub rendering: Option<&'a Rendering>,
}

/// Decides about one signature.
pub(super) fn admit(
    state: &State,
    question: &SignQuestion<'_>,
) -> Result<AdmittedSignature, Refusal> {
    let (caller, space) = (question.caller, question.space);
    if let Some(seq) = admission::already(state, caller, space, question.operation)? {
        return Ok(AdmittedSignature::Already(seq));
    }
    let ground = admission::may_write(state, caller, space)?;
    if space == caller.practitioner.private_space() {
        return Err(Refusal::new(
            Reason::Malformed,
            "a draft is published before it is signed",
        ));
    }
    let document = state.documents.get(&question.document);
    if document.is_some_and(|known| known.space != space) {
        return Err(NO_ACCESS);
    }
    let none = Refusal::new(Reason::MissingDeps, "nothing of the document is here");
    let document = document.ok_or(none)?;
    let nothing = Signing::default();
    let signing = state.signing.get(&question.document).unwrap_or(&nothing);
    match document.state {
        0 => first(state, signing, question).map(|()| AdmittedSignature::First),
        1 => another(signing, question).map(|()| AdmittedSignature::Another { ground }),
        _ => Err(admission::closed(document.state)),
    }
}

/// The signature is what it has to be, for the document as it was rendered.
fn rendered<'a>(question: &SignQuestion<'a>) -> Result<&'a Rendering, Refusal> {
    // The device could not write there a moment ago, and now can.
    let later = Refusal::new(Reason::Unavailable, "the document was not rendered");
    question.rendering.ok_or(later)
}

fn first(state: &State, signing: &Signing, question: &SignQuestion<'_>) -> Result<(), Refusal> {
    let rendering = rendered(question)?;
    rendering.outcome.clone()?;
    let card = rendering.card.map(|card| state.documents.get(&card));
    if card.is_some_and(|card| card.is_none_or(|card| card.space != question.space)) {
        return Err(Refusal::new(
            Reason::TextDiffers,
            "the card that the text names is not the case's",
        ));
    }
    if let Some(entry) = rendering.adds_to {
        adds_to(state, question, entry)?;
    }
    if rendering.changes != signing.changes {
        return Err(UNSEEN_CHANGES);
    }
    if signing.author == Some(question.caller.practitioner) {
        Ok(())
    } else {
        Err(Refusal::new(
            Reason::NoAccess,
            "who began the document signs it first",
        ))
    }
}

/// What is added to is a signed entry of the same space. One answer for everything else, so that none tells of what
/// stands elsewhere.
fn adds_to(state: &State, question: &SignQuestion<'_>, entry: DocumentId) -> Result<(), Refusal> {
    let known = state.documents.get(&entry);
    let is_signed = known.is_some_and(|known| known.space == question.space && known.state == 1);
    if is_signed && !state.additions.contains(&entry) {
        Ok(())
    } else {
        Err(Refusal::new(
            Reason::NotSigned,
            "what it adds to is no signed entry of this case or circle",
        ))
    }
}

fn another(signing: &Signing, question: &SignQuestion<'_>) -> Result<(), Refusal> {
    if signing.signers.contains(&question.caller.practitioner) {
        return Err(Refusal::new(
            Reason::Signed,
            "this practitioner has signed it already",
        ));
    }
    if signing.signers.len() > limits::CO_SIGNATURES_MAX {
        return Err(Refusal::new(
            Reason::TooLarge,
            "as many have signed as one record can carry",
        ));
    }
    let frozen = signing.frozen.as_ref().ok_or(Refusal::new(
        Reason::Signed,
        "a copy that was disclosed is signed where it comes from",
    ))?;
    if frozen.text != Hash32::of(&question.sign.text) || frozen.heads != question.sign.heads {
        return Err(Refusal::new(
            Reason::TextDiffers,
            "another text of the document was signed",
        ));
    }
    rendered(question)?.outcome.clone()
}

#[cfg(test)]
mod tests;
