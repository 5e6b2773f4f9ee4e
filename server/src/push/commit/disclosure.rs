//! What an admitted disclosure does: the two facts that tell of it, the copy in the recipient's case, and its row.
//!
//! Always four entries, in this order: the fact in the case (whose place is the answer), the one for the recipient, the
//! case that is opened or an entry that says nothing, and the copy. So neither the answer nor the places of what follows
//! tell whether the recipient's team had a case of the citizen.

use super::{Batch, NewDocument, NewSpace};
use crate::{
    log::{self, Entry, EntryKind, Seq},
    push::{
        admission::{self, AdmittedDisclosure, DiscloseQuestion},
        disclosures::{NewDisclosure, Original},
        shares::Cases,
        stage::Refusal,
        state::DocumentState,
    },
};
use samspor_documents::id::{FactId, SpaceId};
use samspor_protocol::{
    certificate::DeviceCertificate,
    fact::{FactBody, Space},
    hash::Hash32,
    reason::Reason,
    share::{Form, Received, Shared},
    sign::SignedRecord,
    wire,
};
use uuid::Uuid;

/// The signatures, or a device that made one, are not there as they have to be.
const NO_RECORD: Refusal = Refusal::new(
    Reason::Unavailable,
    "the signed record could not be put together",
);

impl Batch {
    /// Decides about a disclosure; its place in the log is that of the fact in the case.
    pub(super) fn disclose(&mut self, asked: &DiscloseQuestion<'_>) -> Result<Seq, Refusal> {
        let (cases, ground) = match admission::admit_disclosure(&self.state, asked)? {
            AdmittedDisclosure::Already(seq) => return Ok(seq),
            AdmittedDisclosure::New { cases, ground } => (cases, ground),
        };
        let record = self.record(asked)?;
        let told = Received {
            case: asked.case,
            team: cases.team,
            shared: Shared {
                share: asked.body.share,
                by: asked.caller.practitioner,
                terms: asked.body.terms.clone(),
                ended: None,
                form: Some(Form::Disclosure),
            },
        };
        let from = self.tell_disclosure(&told, cases.ground, ground);
        let filed_in = self.place_of(asked, ground);
        let seq = self.file(asked, filed_in, ground, &record);
        self.state
            .disclosures
            .known
            .insert(asked.body.share, asked.case);
        self.disclosures.push(NewDisclosure {
            told,
            team: asked.filed.team,
            told_ground: ground,
            from,
            copy: asked.filed.copy,
            filed_in,
            seq,
            record,
        });
        self.note_operation(asked.caller, asked.operation, asked.case, from);
        Ok(from)
    }

    fn tell_disclosure(&mut self, told: &Received, cases: i64, ground: i64) -> Seq {
        let from = self.next_seq();
        let space = told.shared.share.space();
        for (body, space, ground) in [
            (FactBody::Shared(told.shared.clone()), told.case, cases),
            (FactBody::Received(told.clone()), space, ground),
        ] {
            let (seq, id) = (self.next_seq(), log::fact_id(&body));
            self.take_fact(seq, id, space, ground, wire::encode(&body));
        }
        self.state.spaces.insert(space, ground);
        self.state.told_only.insert(space);
        from
    }

    /// The case of the recipient's that the copy stands in; opened where there is none.
    fn place_of(&mut self, asked: &DiscloseQuestion<'_>, ground: i64) -> SpaceId {
        let seq = self.next_seq();
        let key = (asked.case, asked.filed.team);
        if let Some(case) = self.state.disclosures.places.get(&key) {
            self.entries.push(Entry {
                kind: EntryKind::Nothing,
                item: *asked.body.share.as_bytes(),
                content: Hash32::of(&[]),
            });
            return *case;
        }
        let (case, team) = (asked.body.share.case(), asked.filed.team);
        let body = FactBody::Space(Space {
            team,
            opened_by: asked.caller.practitioner,
            opened_at: asked.body.terms.shared_at,
        });
        let id = FactId(Uuid::new_v5(&case.0, b"space"));
        self.take_fact(seq, id, case, ground, wire::encode(&body));
        self.spaces.push(NewSpace {
            space: case,
            ground,
            seq,
        });
        self.state.spaces.insert(case, ground);
        let cases = Cases { ground, team };
        self.state.shares.cases.insert(case, cases);
        self.make_nobodys(case, cases, seq);
        self.state.disclosures.places.insert(key, case);
        case
    }

    fn file(
        &mut self,
        asked: &DiscloseQuestion<'_>,
        space: SpaceId,
        ground: i64,
        record: &[u8],
    ) -> Seq {
        let (seq, copy) = (self.next_seq(), asked.filed.copy);
        self.entries.push(Entry {
            kind: EntryKind::Filed,
            item: *copy.as_bytes(),
            content: Hash32::of(record),
        });
        let made = NewDocument {
            device: asked.caller.device,
            first_seq: seq,
        };
        self.documents.insert(copy, Some(made));
        self.state.documents.insert(
            copy,
            DocumentState {
                space,
                ground,
                state: 1,
                bytes: i64::try_from(record.len()).unwrap_or(i64::MAX),
            },
        );
        self.state.disclosures.records.insert(copy, record.to_vec());
        seq
    }

    /// The record of what is disclosed, as it stands now; of a copy that was filed here itself the one that it is.
    fn record(&self, asked: &DiscloseQuestion<'_>) -> Result<Vec<u8>, Refusal> {
        let document = asked.filed.original;
        let known = &self.state.disclosures;
        if let Some(record) = known.records.get(&document) {
            return Ok(record.clone());
        }
        let here = self
            .signatures
            .iter()
            .filter(|one| one.document == document);
        let mut original = known.originals.get(&document).cloned();
        for new in here {
            let original = original.get_or_insert_with(|| Original {
                text: new.sign.text.to_vec(),
                heads: new.sign.heads.clone(),
                signatures: Vec::new(),
            });
            original.signatures.push(new.sign.signature.clone());
        }
        let original = original.ok_or(NO_RECORD)?;
        let certificates: Option<Vec<DeviceCertificate>> = original
            .signatures
            .iter()
            .map(|one| Some(self.certifier.certify(known.devices.get(&one.device)?)))
            .collect();
        let mut signatures = original.signatures.into_iter();
        let record = SignedRecord {
            text: original.text.into(),
            heads: original.heads,
            signature: signatures.next().ok_or(NO_RECORD)?,
            co_signatures: signatures.collect(),
            certificates: certificates.ok_or(NO_RECORD)?,
            organisation_key: self.certifier.public(),
            receipt: None,
        };
        Ok(record.to_file())
    }
}
