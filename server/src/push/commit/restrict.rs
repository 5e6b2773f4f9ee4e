//! What an admitted restriction does: the next version of the fact that tells of it, in the document's space.

use super::Batch;
use crate::{
    log::Seq,
    push::{
        admission::{self, AdmittedRestriction, RestrictQuestion},
        restrictions,
        stage::Refusal,
    },
};
use samspor_protocol::{restrict::Restrict, wire};

impl Batch {
    /// Decides about a restriction, or its lifting.
    pub(super) fn restrict(
        &mut self,
        asked: &RestrictQuestion<'_>,
        said: &Restrict,
    ) -> Result<Seq, Refusal> {
        let ground = match admission::admit_restriction(&self.state, asked)? {
            AdmittedRestriction::Already(seq) => return Ok(seq),
            AdmittedRestriction::New { ground } => ground,
        };
        let seq = self.next_seq();
        let (id, body) = restrictions::fact(asked.document, asked.caller.practitioner, said);
        let version = self.state.restrictions.next_version(id);
        self.take_version(seq, (id, version), asked.space, ground, wire::encode(&body));
        self.note_operation(asked.caller, asked.operation, asked.space, seq);
        Ok(seq)
    }
}
