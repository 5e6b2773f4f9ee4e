//! Decides about shares: recording one, withdrawing one.
//!
//! Any writer of a case does both. Whether a share, a document or a recipient is not there, or is somebody else's,
//! changes no answer.

use super::{NO_ACCESS, Refusal, State, already, may};
use crate::{
    log::Seq,
    push::shares::{Cases, KnownShare},
    sync::Caller,
};
use samspor_documents::{
    id::{OperationId, SpaceId},
    permission::Act,
};
use samspor_protocol::{
    reason::Reason,
    share::{Recipient, Share, Withdraw},
};

/// What becomes of a share that is not refused.
#[derive(Debug)]
pub(in crate::push) enum AdmittedShare {
    /// It is in the log, here.
    Already(Seq),
    /// It is to be recorded: whose case it is, where its recipient is told of it, and its scope, if it is there.
    New {
        cases: Cases,
        told_ground: i64,
        scope: Option<i64>,
    },
}

/// What becomes of a withdrawal that is not refused.
#[derive(Debug)]
pub(in crate::push) enum AdmittedWithdrawal {
    /// This very operation is in the log, here.
    Already(Seq),
    /// The share has ended, here: nothing is appended.
    Holds(Seq),
    /// It is to be ended.
    New(Box<KnownShare>),
}

/// Decides about recording a share.
pub(in crate::push) fn admit_share(
    state: &State,
    caller: &Caller,
    case: SpaceId,
    operation: OperationId,
    body: &Share,
) -> Result<AdmittedShare, Refusal> {
    if let Some(seq) = already(state, caller, case, operation)? {
        return Ok(AdmittedShare::Already(seq));
    }
    may(state, caller, Act::Share, case)?;
    let cases = state.shares.cases.get(&case).copied().ok_or(NO_ACCESS)?;
    let share = body.share;
    if state.spaces.contains_key(&share.space()) || state.shares.known.contains_key(&share) {
        return Err(NO_ACCESS);
    }
    let recipient = body.terms.to;
    let told_ground = state.shares.recipients.get(&recipient).copied();
    let told_ground = told_ground.ok_or(NO_ACCESS)?;
    if recipient == Recipient::Team(cases.team) {
        return Err(Refusal::new(
            Reason::Malformed,
            "the case is this team's own",
        ));
    }
    if let Some(document) = body.terms.document {
        let known = state.documents.get(&document);
        let is_here = known.is_some_and(|known| known.space == case && known.state <= 1);
        is_here.then_some(()).ok_or(NO_ACCESS)?;
    }
    let scope = state.shares.scopes.get(&(case, body.terms.document));
    Ok(AdmittedShare::New {
        cases,
        told_ground,
        scope: scope.copied(),
    })
}

/// Decides about withdrawing a share. One that has ended already is answered with where it did.
pub(in crate::push) fn admit_withdrawal(
    state: &State,
    caller: &Caller,
    case: SpaceId,
    operation: OperationId,
    body: &Withdraw,
) -> Result<AdmittedWithdrawal, Refusal> {
    if let Some(seq) = already(state, caller, case, operation)? {
        return Ok(AdmittedWithdrawal::Already(seq));
    }
    may(state, caller, Act::Share, case)?;
    if state.disclosures.known.get(&body.share) == Some(&case) {
        return Err(Refusal::new(
            Reason::Signed,
            "what was disclosed is filed elsewhere, and stays",
        ));
    }
    let known = state.shares.known.get(&body.share);
    let known = known.filter(|known| known.space == case).ok_or(NO_ACCESS)?;
    Ok(match known.ended {
        Some(seq) => AdmittedWithdrawal::Holds(seq),
        None => AdmittedWithdrawal::New(Box::new(known.clone())),
    })
}
