//! The model server's restrictions.

use super::*;
use samspor_protocol::restrict::{Restrict, Restriction};

impl State {
    pub(super) fn restrict(
        &mut self,
        by: PractitionerId,
        (space, document): (SpaceId, DocumentId),
        operation: &Operation,
    ) -> Answer {
        let name = operation.operation.expect("it has a name");
        if let Some(seq) = self.by_name.get(&name) {
            return Answer::Accepted { seq: *seq };
        }
        if let Some(reason) = &self.refuse {
            return Answer::refused(reason.clone(), "the model refuses");
        }
        if !self.writes(by, space) {
            return Answer::refused(Reason::NoAccess, "no access");
        }
        match self.docs.get(&document) {
            Some(doc) if doc.space != space => {
                return Answer::refused(Reason::NoAccess, "no access");
            }
            None => return Answer::refused(Reason::NoAccess, "no access"),
            Some(doc) if doc.signed.is_none() => {
                return Answer::refused(Reason::NotSigned, "not signed");
            }
            Some(_) => {}
        }
        let said = Restrict::from_body(&operation.body).expect("a restriction");
        let body = FactBody::Restriction(Restriction {
            document,
            restricted: said.restricted,
            ground: said.ground,
            by,
            at: said.at,
        });
        let mut id = *document.as_bytes();
        id[0] ^= 0x5b;
        self.log_fact(FactId::from_bytes(id), space, &body);
        let seq = self.seq;
        self.by_name.insert(name, seq);
        Answer::Accepted { seq }
    }
}
