//! The model server's circles of chosen participants.

use super::*;
use samspor_protocol::{
    circle::{Circle, Join, OpenCircle, Participant},
    fact::Practitioner,
};

impl ModelServer {
    /// Tells everybody what a practitioner is called.
    pub(crate) fn name(&self, practitioner: PractitionerId, name: &str) {
        let body = FactBody::Practitioner(Practitioner {
            practitioner,
            name: name.to_owned(),
            title: String::new(),
        });
        let mut state = self.state();
        let space = state.organisation.space();
        let mut id = *practitioner.as_bytes();
        id[0] = 0xb1;
        state.log_fact(FactId::from_bytes(id), space, &body);
    }
}

impl State {
    pub(super) fn is_circle(&self, space: SpaceId) -> bool {
        self.circles.iter().any(|(circle, _)| *circle == space)
    }

    pub(super) fn takes_part(&self, practitioner: PractitionerId, space: SpaceId) -> bool {
        let circle = self.circles.iter().find(|(circle, _)| *circle == space);
        circle.is_some_and(|(_, inside)| inside.contains(&practitioner))
    }

    /// The circles of a practitioner, a bit for each.
    pub(super) fn circles_of(&self, practitioner: PractitionerId) -> u64 {
        let inside = self
            .circles
            .iter()
            .map(|(_, inside)| inside.contains(&practitioner));
        inside
            .enumerate()
            .fold(0, |bits, (place, inside)| bits | u64::from(inside) << place)
    }

    /// What is gone with circles that were left.
    pub(super) fn left(&self, bits: u64) -> Vec<Gone> {
        let circles = self.circles.iter().enumerate();
        let left = circles.filter(|(place, _)| bits >> place & 1 == 1);
        left.map(|(_, (circle, _))| Gone::Space(*circle)).collect()
    }

    pub(super) fn on_circle(
        &mut self,
        by: PractitionerId,
        circle: SpaceId,
        operation: &Operation,
    ) -> Answer {
        let name = operation.operation.expect("it has a name");
        if let Some(seq) = self.by_name.get(&name) {
            return Answer::Accepted { seq: *seq };
        }
        if let Some(reason) = &self.refuse {
            return Answer::refused(reason.clone(), "the model refuses");
        }
        let seq = match operation.kind {
            kind::OPEN_CIRCLE => self.open_circle(by, circle, &operation.body),
            _ if !self.takes_part(by, circle) => {
                return Answer::refused(Reason::NoAccess, "no access");
            }
            kind::JOIN => {
                let body: Join = wire::decode("join", &operation.body).expect("a join");
                if body.practitioner == PractitionerId::from_bytes([0xee; 16]) {
                    return Answer::refused(Reason::NoAccess, "no access");
                }
                self.say_participant(circle, body.practitioner, false)
            }
            kind::LEAVE => self.say_participant(circle, by, true),
            _ => return Answer::refused(Reason::Unsupported, "the model knows no other"),
        };
        self.by_name.insert(name, seq);
        Answer::Accepted { seq }
    }

    fn open_circle(&mut self, by: PractitionerId, circle: SpaceId, body: &[u8]) -> u64 {
        let body = OpenCircle::from_body(body).expect("an opening");
        let fact = FactBody::Circle(Circle {
            title: body.title.clone(),
            opened_by: by,
            opened_at: body.opened_at,
            about: body.about.clone(),
        });
        self.circles.push((circle, Vec::new()));
        self.log_fact(FactId(circle.0), circle, &fact);
        let seq = self.seq;
        for practitioner in body.all_participants(by) {
            self.say_participant(circle, practitioner, false);
        }
        seq
    }

    fn say_participant(
        &mut self,
        circle: SpaceId,
        practitioner: PractitionerId,
        ended: bool,
    ) -> u64 {
        let since = self.now();
        for (space, inside) in &mut self.circles {
            if *space == circle {
                inside.retain(|one| *one != practitioner);
                inside.extend((!ended).then_some(practitioner));
            }
        }
        let body = FactBody::Participant(Participant {
            circle,
            practitioner,
            since,
            ended,
        });
        let mut id = *circle.as_bytes();
        for (byte, other) in id.iter_mut().zip(practitioner.as_bytes()) {
            *byte ^= other.rotate_left(3) ^ 0x5a;
        }
        self.log_fact(FactId::from_bytes(id), circle, &body);
        self.seq
    }
}
