//! What admitted operations on circles do: the circle's ground and space, the facts that say what it is and who takes
//! part, and grants from and until the very entries of those facts.

mod closing;

use super::{Batch, NewSpace};
use crate::{
    access::{Ground, GroundKind},
    log::Seq,
    push::{
        admission::{self, AdmittedCircle, AdmittedPart},
        circles::{self, EndedGrant, NewGrant, NewGround},
        stage::{Refusal, Staged},
    },
    store::{StoreError, Tx},
    sync::Caller,
};
use samspor_documents::id::{FactId, OperationId, PractitionerId, SpaceId, TeamId};
use samspor_protocol::{
    circle::{Circle, OpenCircle},
    fact::{FactBody, Role},
    reason::Reason,
    tag::Digest,
    wire,
};
use uuid::Uuid;

/// What a batch does to circles.
#[derive(Default)]
pub(super) struct CircleRows {
    grounds: Vec<NewGround>,
    begun: Vec<NewGrant>,
    ended: Vec<EndedGrant>,
    closed: Vec<(SpaceId, Seq)>,
}

impl CircleRows {
    /// Makes the grounds: before anything stands on them.
    pub(super) async fn write_grounds(&self, tx: &mut Tx) -> Result<(), StoreError> {
        circles::write_grounds(tx, &self.grounds).await
    }

    pub(super) async fn write_grants(&self, tx: &mut Tx) -> Result<(), StoreError> {
        circles::write_grants(tx, &self.ended, &self.begun).await
    }

    pub(super) async fn write_closings(&self, tx: &mut Tx) -> Result<(), StoreError> {
        closing::write(tx, &self.closed).await
    }
}

impl Batch {
    /// Decides about an operation on a circle.
    pub(super) fn decide_circle(
        &mut self,
        caller: &Caller,
        circle: SpaceId,
        operation: &Staged,
    ) -> Result<Seq, Refusal> {
        match operation {
            Staged::OpenCircle { operation, body } => {
                self.open_circle(caller, circle, *operation, body)
            }
            Staged::Join {
                operation,
                practitioner,
            } => self.join(caller, circle, *operation, *practitioner),
            Staged::Leave { operation } => self.leave(caller, circle, *operation),
            Staged::CloseCircle { operation, body } => {
                self.close_circle(caller, circle, *operation, body)
            }
            _ => Err(Refusal::new(
                Reason::Unsupported,
                "not an operation on a circle",
            )),
        }
    }

    /// Decides about opening a circle; its place in the log is that of the fact that says what it is.
    fn open_circle(
        &mut self,
        caller: &Caller,
        circle: SpaceId,
        operation: OperationId,
        body: &OpenCircle,
    ) -> Result<Seq, Refusal> {
        let admitted = admission::admit_circle(&self.state, caller, circle, operation, body)?;
        let participants = match admitted {
            AdmittedCircle::Already(seq) => return Ok(seq),
            AdmittedCircle::New(participants) => participants,
        };
        let ground = self.state.take_ground();
        self.circles.grounds.push(NewGround { ground, circle });
        let seq = self.next_seq();
        self.spaces.push(NewSpace {
            space: circle,
            ground,
            seq,
        });
        self.state.spaces.insert(circle, ground);
        let fact = FactBody::Circle(Circle {
            title: body.title.clone(),
            opened_by: caller.practitioner,
            opened_at: body.opened_at,
            about: body.about.clone(),
        });
        let id = FactId(Uuid::new_v5(&circle.0, b"circle"));
        self.take_fact(seq, id, circle, ground, wire::encode(&fact));
        for practitioner in participants {
            self.take_participant(circle, ground, practitioner);
        }
        self.note_operation(caller, operation, circle, seq);
        Ok(seq)
    }

    /// Decides about bringing somebody into a circle.
    fn join(
        &mut self,
        caller: &Caller,
        circle: SpaceId,
        operation: OperationId,
        practitioner: PractitionerId,
    ) -> Result<Seq, Refusal> {
        let seq = match admission::admit_join(&self.state, caller, circle, operation, practitioner)?
        {
            AdmittedPart::Already(seq) => return Ok(seq),
            AdmittedPart::Holds(seq) => seq,
            AdmittedPart::New { ground } => self.take_participant(circle, ground, practitioner),
        };
        self.note_operation(caller, operation, circle, seq);
        Ok(seq)
    }

    /// Decides about leaving a circle.
    fn leave(
        &mut self,
        caller: &Caller,
        circle: SpaceId,
        operation: OperationId,
    ) -> Result<Seq, Refusal> {
        let seq = match admission::admit_leave(&self.state, caller, circle, operation)? {
            AdmittedPart::Already(seq) => return Ok(seq),
            AdmittedPart::Holds(seq) => seq,
            AdmittedPart::New { ground } => self.take_leaving(circle, ground, caller.practitioner),
        };
        self.note_operation(caller, operation, circle, seq);
        Ok(seq)
    }

    /// Somebody takes part from here on: also for what follows in this batch.
    fn take_participant(
        &mut self,
        circle: SpaceId,
        ground: i64,
        practitioner: PractitionerId,
    ) -> Seq {
        let seq = self.say_participant(circle, ground, practitioner, false);
        let inside = self.state.circles.inside.entry(circle).or_default();
        inside.insert(practitioner, seq);
        if let Some(history) = self.state.histories.get_mut(&practitioner) {
            let ground = Ground {
                ground,
                kind: GroundKind::Chosen,
                team: TeamId(circle.0),
                scope: None,
                last_seq: Seq::ZERO,
                items: 0,
                digest: Digest::default(),
            };
            history.add_grant(ground, Role::Practitioner, seq, None);
        }
        self.circles.begun.push(NewGrant {
            circle,
            practitioner,
            from: seq,
            until: None,
        });
        seq
    }

    fn take_leaving(&mut self, circle: SpaceId, ground: i64, practitioner: PractitionerId) -> Seq {
        let seq = self.say_participant(circle, ground, practitioner, true);
        if let Some(inside) = self.state.circles.inside.get_mut(&circle) {
            inside.remove(&practitioner);
        }
        if let Some(history) = self.state.histories.get_mut(&practitioner) {
            history.end_grant(ground, seq);
        }
        let begun_here = self.circles.begun.iter_mut().find(|one| {
            one.circle == circle && one.practitioner == practitioner && one.until.is_none()
        });
        match begun_here {
            Some(begun) => begun.until = Some(seq),
            None => self.circles.ended.push(EndedGrant {
                circle,
                practitioner,
                until: seq,
            }),
        }
        seq
    }

    /// The next version of the fact about somebody in a circle.
    fn say_participant(
        &mut self,
        circle: SpaceId,
        ground: i64,
        practitioner: PractitionerId,
        ended: bool,
    ) -> Seq {
        let seq = self.next_seq();
        let (id, body) = circles::participant(circle, practitioner, self.now, ended);
        let version = self.state.circles.versions.entry(id).or_default();
        *version = version.saturating_add(1);
        let version = *version;
        self.take_version(seq, (id, version), circle, ground, wire::encode(&body));
        seq
    }
}
