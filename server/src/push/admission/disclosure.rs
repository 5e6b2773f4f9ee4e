//! Decides about disclosures: recording one. Nothing ends one.
//!
//! The questions are those of a share. What the recipient's team has of the citizen changes no answer: it is not looked
//! at here.

use super::{NO_ACCESS, Refusal, State, already, may};
use crate::{log::Seq, push::shares::Cases, sync::Caller};
use samspor_documents::{
    id::{OperationId, SpaceId},
    permission::Act,
};
use samspor_protocol::{
    disclosure::{Disclose, Filed},
    reason::Reason,
};

/// A document that is signed.
const SIGNED: i64 = 1;

/// A disclosure, and where it is recorded.
#[derive(Clone, Copy)]
pub(in crate::push) struct DiscloseQuestion<'a> {
    pub caller: &'a Caller,
    pub case: SpaceId,
    pub operation: OperationId,
    pub body: &'a Disclose,
    pub filed: Filed,
    /// Whether what was logged before the push came is projected.
    pub is_projected: bool,
}

/// What becomes of a disclosure that is not refused.
#[derive(Debug)]
pub(in crate::push) enum AdmittedDisclosure {
    /// It is in the log, here.
    Already(Seq),
    /// It is to be recorded: whose case it is, and the ground of the recipient's cases.
    New { cases: Cases, ground: i64 },
}

/// Decides about one disclosure.
pub(in crate::push) fn admit_disclosure(
    state: &State,
    asked: &DiscloseQuestion<'_>,
) -> Result<AdmittedDisclosure, Refusal> {
    let (caller, case, filed) = (asked.caller, asked.case, asked.filed);
    if let Some(seq) = already(state, caller, case, asked.operation)? {
        return Ok(AdmittedDisclosure::Already(seq));
    }
    may(state, caller, Act::Share, case)?;
    let cases = state.shares.cases.get(&case).copied().ok_or(NO_ACCESS)?;
    let share = asked.body.share;
    let is_taken = state.spaces.contains_key(&share.space())
        || state.spaces.contains_key(&share.case())
        || state.shares.known.contains_key(&share)
        || state.documents.contains_key(&filed.copy);
    if is_taken {
        return Err(NO_ACCESS);
    }
    let ground = state.shares.recipients.get(&asked.body.terms.to).copied();
    let ground = ground.ok_or(NO_ACCESS)?;
    if filed.team == cases.team {
        return Err(Refusal::new(
            Reason::Malformed,
            "the case is this team's own",
        ));
    }
    let document = state.documents.get(&filed.original);
    let document = document.filter(|known| known.space == case && known.state <= SIGNED);
    if document.ok_or(NO_ACCESS)?.state != SIGNED {
        return Err(Refusal::new(
            Reason::NotSigned,
            "only what is signed is disclosed, and its signature is not here",
        ));
    }
    if state.disclosures.restricted.contains(&filed.original) {
        return Err(Refusal::new(
            Reason::Restricted,
            "what is restricted is not disclosed",
        ));
    }
    if !asked.is_projected {
        return Err(Refusal::new(
            Reason::Unavailable,
            "what was pushed before is not projected yet",
        ));
    }
    Ok(AdmittedDisclosure::New { cases, ground })
}
