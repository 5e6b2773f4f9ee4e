//! The model server's private spaces, and what publishing a draft does to them.

use super::*;
use samspor_protocol::{fact::Published, push::Publish};

pub(super) fn superseded(by: DocumentId) -> Answer {
    Answer::Refused {
        reason: Reason::Superseded,
        detail: "published before".to_owned(),
        by: Some(by),
    }
}

impl State {
    /// Whether somebody writes there: in their private space, in a circle they take part in, or as a member in a case.
    pub(super) fn writes(&self, by: PractitionerId, space: SpaceId) -> bool {
        let in_case = self.members.contains(&by) && self.spaces.contains_key(&space);
        space == by.private_space() || in_case || self.takes_part(by, space)
    }

    /// Whether the space is some practitioner's own.
    pub(super) fn is_private(&self, space: SpaceId) -> bool {
        self.devices
            .values()
            .any(|(practitioner, _)| practitioner.private_space() == space)
    }

    /// Whether it is a draft that was published: neither fed nor counted any more.
    pub(super) fn is_closed(&self, document: DocumentId) -> bool {
        self.published.contains_key(&document)
    }

    pub(super) fn publish(
        &mut self,
        device: DeviceId,
        by: PractitionerId,
        group: &Group,
        operation: &Operation,
    ) -> Answer {
        let body = Publish::from_body(&operation.body).expect("a publish");
        let document = group.document.expect("a publish makes a document");
        if let Some(became) = self.published.get(&body.draft)
            && *became != document
        {
            return superseded(*became);
        }
        let answer = self.change(device, by, (group.space, document), &body.change);
        if matches!(answer, Answer::Accepted { .. }) && !self.is_closed(body.draft) {
            self.published.insert(body.draft, document);
            let fact = FactBody::Published(Published {
                draft: body.draft,
                document,
                seen: body.seen,
            });
            self.log_fact(FactId(body.draft.0), by.private_space(), &fact);
        }
        answer
    }
}
