//! What admitted operations on shares do: the scope that is opened, the two facts that tell of it, and its row, from and
//! until the very entries of the fact in the case.

use super::Batch;
use crate::{
    access::GroundKind,
    log::{self, Seq},
    push::{
        admission::{self, AdmittedShare, AdmittedWithdrawal},
        shares::{self, EndedShare, KnownShare, NewScope, NewShare},
        stage::{Refusal, Staged},
    },
    store::{StoreError, Tx},
    sync::Caller,
};
use samspor_documents::id::{OperationId, SpaceId};
use samspor_protocol::{
    reason::Reason,
    share::{Ended, Share, Shared, Withdraw},
    wire,
};

/// What a batch does to shares.
#[derive(Default)]
pub(super) struct ShareRows {
    scopes: Vec<NewScope>,
    begun: Vec<NewShare>,
    ended: Vec<EndedShare>,
}

impl ShareRows {
    /// Has a scope made.
    pub(super) fn make_scope(&mut self, scope: NewScope) {
        self.scopes.push(scope);
    }

    /// Makes scopes and records what begins and ends.
    pub(super) async fn write(&self, tx: &mut Tx) -> Result<(), StoreError> {
        shares::write_scopes(tx, &self.scopes).await?;
        shares::write_new(tx, &self.begun).await?;
        shares::write_ended(tx, &self.ended).await
    }
}

impl Batch {
    /// Ends the shares whose time is over: before anything else is decided.
    pub(super) async fn end_due(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        for known in shares::due(tx, self.now).await? {
            self.end_share(known, Ended::Expired);
        }
        Ok(())
    }

    /// Decides about an operation on a share.
    pub(super) fn decide_share(
        &mut self,
        caller: &Caller,
        case: SpaceId,
        operation: &Staged,
    ) -> Result<Seq, Refusal> {
        match operation {
            Staged::Share { operation, body } => self.share(caller, case, *operation, body),
            Staged::Withdraw { operation, body } => self.withdraw(caller, case, *operation, body),
            _ => Err(Refusal::new(
                Reason::Unsupported,
                "not an operation on a share",
            )),
        }
    }

    /// Decides about recording a share; its place in the log is that of the fact in the case.
    fn share(
        &mut self,
        caller: &Caller,
        case: SpaceId,
        operation: OperationId,
        body: &Share,
    ) -> Result<Seq, Refusal> {
        let admitted = admission::admit_share(&self.state, caller, case, operation, body)?;
        let (cases, told_ground, scope) = match admitted {
            AdmittedShare::Already(seq) => return Ok(seq),
            AdmittedShare::New {
                cases,
                told_ground,
                scope,
            } => (cases, told_ground, scope),
        };
        let document = body.terms.document;
        let from = self.next_seq();
        let scope = scope.unwrap_or_else(|| {
            let ground = self.state.take_ground();
            let kind = match document {
                None => GroundKind::Case,
                Some(_) => GroundKind::Document,
            };
            self.shares.make_scope(NewScope {
                ground,
                kind,
                space: case,
                document,
                cases: cases.ground,
                since: from,
            });
            self.state.shares.scopes.insert((case, document), ground);
            ground
        });
        let known = KnownShare {
            space: case,
            team: cases.team,
            cases: cases.ground,
            told_ground,
            ended: None,
            version: 1,
            shared: Shared {
                share: body.share,
                by: caller.practitioner,
                terms: body.terms.clone(),
                ended: None,
                form: None,
            },
        };
        self.tell_share(&known);
        let space = body.share.space();
        self.state.spaces.insert(space, told_ground);
        self.state.told_only.insert(space);
        self.state.shares.known.insert(body.share, known.clone());
        self.shares.begun.push(NewShare { scope, from, known });
        self.note_operation(caller, operation, case, from);
        Ok(from)
    }

    /// Decides about withdrawing a share.
    fn withdraw(
        &mut self,
        caller: &Caller,
        case: SpaceId,
        operation: OperationId,
        body: &Withdraw,
    ) -> Result<Seq, Refusal> {
        let admitted = admission::admit_withdrawal(&self.state, caller, case, operation, body)?;
        let seq = match admitted {
            AdmittedWithdrawal::Already(seq) => return Ok(seq),
            AdmittedWithdrawal::Holds(seq) => seq,
            AdmittedWithdrawal::New(known) => self.end_share(
                *known,
                Ended::Withdrawn {
                    by: Some(caller.practitioner),
                    at: body.withdrawn_at,
                    why: body.why.clone(),
                },
            ),
        };
        self.note_operation(caller, operation, case, seq);
        Ok(seq)
    }

    fn end_share(&mut self, mut known: KnownShare, ended: Ended) -> Seq {
        let until = self.next_seq();
        known.end(until, ended);
        self.tell_share(&known);
        let share = known.shared.share;
        self.state.shares.known.insert(share, known.clone());
        self.shares.ended.push(EndedShare { until, known });
        until
    }

    /// The next version of both facts: in the case, then for the recipient.
    fn tell_share(&mut self, known: &KnownShare) {
        for (body, space, ground) in known.facts() {
            let (seq, id) = (self.next_seq(), log::fact_id(&body));
            self.take_version(seq, (id, known.version), space, ground, wire::encode(&body));
        }
    }
}
