//! What admitted operations on assignments do: the fact that says so, and the assignment's row, from and until the very
//! entry of that fact. Whoever opens a case is assigned to it by the entry of the case's own fact.

use super::Batch;
use crate::{
    access::{Ground, GroundKind, Scope},
    log::{self, Seq},
    push::{
        admission::{self, AdmittedAssignment, AssignmentQuestion},
        assignments::{self, EndedAssignment, KnownAssignment, NewAssignment},
        shares::{Cases, NewScope},
        stage::Refusal,
    },
    store::{StoreError, Tx},
    sync::Caller,
};
use samspor_documents::id::{PractitionerId, SpaceId};
use samspor_documents::time::UnixMillis;
use samspor_protocol::{
    assignment::Assignment,
    fact::{FactBody, Role},
    tag::Digest,
    wire,
};

/// What a batch does to assignments.
#[derive(Default)]
pub(super) struct AssignmentRows {
    begun: Vec<NewAssignment>,
    ended: Vec<EndedAssignment>,
}

impl AssignmentRows {
    pub(super) async fn write(&self, tx: &mut Tx) -> Result<(), StoreError> {
        assignments::write(tx, &self.ended, &self.begun).await
    }
}

impl Batch {
    /// Decides about assigning a case.
    pub(super) fn assign(
        &mut self,
        asked: &AssignmentQuestion<'_>,
        at: UnixMillis,
    ) -> Result<Seq, Refusal> {
        let admitted = admission::admit_assignment(&self.state, asked)?;
        Ok(
            self.admitted(asked, admitted, (at, false), |batch, to_log, seq| {
                let (cases, scope, version) = to_log;
                batch.take_assignment(asked.case, asked.practitioner, cases, seq, version);
                batch.open_assigned(asked.case, asked.practitioner, cases, scope, seq);
            }),
        )
    }

    /// Decides about ending an assignment.
    pub(super) fn unassign(
        &mut self,
        asked: &AssignmentQuestion<'_>,
        at: UnixMillis,
    ) -> Result<Seq, Refusal> {
        let admitted = admission::admit_unassignment(&self.state, asked)?;
        Ok(
            self.admitted(asked, admitted, (at, true), |batch, to_log, seq| {
                let (_, scope, version) = to_log;
                batch.end_assignment(asked, seq, version);
                if let Some(scope) = scope
                    && let Some(history) = batch.state.histories.get_mut(&asked.practitioner)
                {
                    history.end_grant(scope, seq);
                }
            }),
        )
    }

    /// What was admitted is logged, unless it is there: by its fact, and by what `does` does from that fact's entry on.
    fn admitted(
        &mut self,
        asked: &AssignmentQuestion<'_>,
        admitted: AdmittedAssignment,
        said: (UnixMillis, bool),
        does: impl FnOnce(&mut Self, (Cases, Option<i64>, u32), Seq),
    ) -> Seq {
        let seq = match admitted {
            AdmittedAssignment::Already(seq) => return seq,
            AdmittedAssignment::Holds(seq) => seq,
            AdmittedAssignment::New {
                cases,
                scope,
                version,
            } => {
                let seq = self.say_assignment(asked, cases, version, said);
                does(self, (cases, scope, version), seq);
                seq
            }
        };
        self.note_operation(asked.caller, asked.operation, asked.case, seq);
        seq
    }

    /// Whoever opens a case has it, from the entry of its fact on; in a team whose caseload is by assignment that opens it.
    pub(super) fn take_opener(&mut self, caller: &Caller, case: SpaceId, cases: Cases, seq: Seq) {
        let history = self.state.histories.get(&caller.practitioner);
        let by_assignment =
            history.is_some_and(|one| one.is_by_assignment(cases.ground, self.state.position));
        let scope = by_assignment.then(|| self.make_own_scope(case, cases, seq));
        self.state.assignments.cases.insert(case, (cases, scope));
        self.take_assignment(case, caller.practitioner, cases, seq, 0);
        self.open_assigned(case, caller.practitioner, cases, scope, seq);
    }

    /// A case that somebody of another team opened by a disclosure is nobody's until it is assigned: its scope is there for
    /// that, whatever the team's setting.
    pub(super) fn make_nobodys(&mut self, case: SpaceId, cases: Cases, seq: Seq) {
        let scope = self.make_own_scope(case, cases, seq);
        let known = (cases, Some(scope));
        self.state.assignments.cases.insert(case, known);
    }

    fn make_own_scope(&mut self, case: SpaceId, cases: Cases, since: Seq) -> i64 {
        let ground = self.state.take_ground();
        self.shares.make_scope(NewScope {
            ground,
            kind: GroundKind::AssignedCase,
            space: case,
            document: None,
            cases: cases.ground,
            since,
        });
        ground
    }

    /// The fact that says so; its place in the log.
    fn say_assignment(
        &mut self,
        asked: &AssignmentQuestion<'_>,
        cases: Cases,
        version: u32,
        (at, ended): (UnixMillis, bool),
    ) -> Seq {
        let body = FactBody::Assignment(Assignment {
            case: asked.case,
            practitioner: asked.practitioner,
            by: Some(asked.caller.practitioner),
            at,
            ended,
        });
        let (seq, id) = (self.next_seq(), log::fact_id(&body));
        self.take_version(
            seq,
            (id, version),
            asked.case,
            cases.ground,
            wire::encode(&body),
        );
        seq
    }

    fn take_assignment(
        &mut self,
        case: SpaceId,
        practitioner: PractitionerId,
        cases: Cases,
        from: Seq,
        version: u32,
    ) {
        let known = KnownAssignment {
            from,
            ended: None,
            version,
            is_member: true,
        };
        let all = self.state.assignments.known.entry(case).or_default();
        all.insert(practitioner, known);
        self.assignments.begun.push(NewAssignment {
            case,
            practitioner,
            team: cases.team,
            from,
            until: None,
            version,
        });
    }

    /// The case is open to them from here on, also for what follows in this batch, unless it is to their whole team.
    fn open_assigned(
        &mut self,
        case: SpaceId,
        practitioner: PractitionerId,
        cases: Cases,
        scope: Option<i64>,
        seq: Seq,
    ) {
        let position = self.state.position;
        let Some(history) = self.state.histories.get_mut(&practitioner) else {
            return;
        };
        let Some(ground) = scope.filter(|_| history.is_by_assignment(cases.ground, position))
        else {
            return;
        };
        let ground = Ground {
            ground,
            kind: GroundKind::AssignedCase,
            team: cases.team,
            scope: Some(Scope {
                space: case,
                document: None,
                cases: cases.ground,
                with_entry: None,
            }),
            last_seq: Seq::ZERO,
            items: 0,
            digest: Digest::default(),
        };
        history.add_grant(ground, Role::Practitioner, seq, None);
    }

    fn end_assignment(&mut self, asked: &AssignmentQuestion<'_>, until: Seq, version: u32) {
        let (case, practitioner) = (asked.case, asked.practitioner);
        let all = self.state.assignments.known.entry(case).or_default();
        if let Some(known) = all.get_mut(&practitioner) {
            known.ended = Some(until);
            known.version = version;
        }
        let begun_here = self.assignments.begun.iter_mut().find(|one| {
            one.case == case && one.practitioner == practitioner && one.until.is_none()
        });
        match begun_here {
            Some(begun) => {
                begun.until = Some(until);
                begun.version = version;
            }
            None => self.assignments.ended.push(EndedAssignment {
                case,
                practitioner,
                until,
                version,
            }),
        }
    }
}
