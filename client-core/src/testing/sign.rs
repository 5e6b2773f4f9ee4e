//! The model server's answers to signatures, and the evidence of them.

use super::*;
use samspor_documents::{
    reading::Reading,
    signed::{SignedText, TextPlace},
    template::{TemplateKind, Templates},
};
use samspor_protocol::{
    evidence::EvidenceRequest,
    fact::CoSignature,
    push::Sign,
    sign::{ServerReceipt, SignedRecord},
};

/// A document that is signed.
pub(super) struct SignedDoc {
    pub(super) seq: u64,
    pub(super) sign: Sign,
    operation: OperationId,
    co: Vec<(OperationId, u64, TextSignature)>,
}

fn reading(changes: &[Logged]) -> Reading {
    load(changes).reading(Templates::built_in())
}

impl State {
    pub(super) fn sign(
        &mut self,
        by: PractitionerId,
        space: SpaceId,
        document: DocumentId,
        operation: &Operation,
    ) -> Answer {
        let name = operation.operation.expect("a signature has a name");
        if let Some(seq) = self.signed_by(document, name) {
            return Answer::Accepted { seq };
        }
        if let Some(reason) = &self.refuse_signatures {
            return Answer::refused(reason.clone(), "the model refuses");
        }
        let sign = Sign::from_body(&operation.body).expect("a signature");
        let (practitioner, key) = self.devices[&sign.signature.device];
        assert_eq!((practitioner, sign.signature.signer), (by, by));
        assert!(
            sign.signature
                .holds(Hash32::of(&sign.text), &sign.heads, &key)
        );
        let doc = self.docs.get(&document).filter(|doc| doc.space == space);
        let Some(doc) = doc.filter(|_| self.sees(by, space)) else {
            return Answer::refused(Reason::NoAccess, "no access");
        };
        let refused = match &doc.signed {
            Some(first) => refuses_co_signature(first, &sign),
            None => self.refuses_signature(document, doc, &sign),
        };
        if let Some(reason) = refused {
            return Answer::refused(reason, "");
        }
        self.log_signature(document, name, sign);
        Answer::Accepted { seq: self.seq }
    }

    fn signed_by(&self, document: DocumentId, name: OperationId) -> Option<u64> {
        let signed = self.docs.get(&document)?.signed.as_ref()?;
        let others = signed.co.iter().map(|(name, seq, _)| (*name, *seq));
        let mut all = std::iter::once((signed.operation, signed.seq)).chain(others);
        all.find(|(one, _)| *one == name).map(|(_, seq)| seq)
    }

    fn refuses_signature(&self, id: DocumentId, doc: &Doc, sign: &Sign) -> Option<Reason> {
        let known = |head: &Hash32| doc.changes.iter().any(|one| one.hash == head.0);
        if !sign.heads.iter().all(known) {
            return Some(Reason::MissingDeps);
        }
        let mut heads: Vec<Hash32> = load(&doc.changes).heads().into_iter().map(Hash32).collect();
        heads.sort_unstable();
        if heads != sign.heads {
            return Some(Reason::UnseenChanges);
        }
        let reading = reading(&doc.changes);
        if reading.authors.first() != Some(&sign.signature.signer) {
            return Some(Reason::NoAccess);
        }
        let place = TextPlace {
            organisation: self.organisation,
            space: doc.space,
            document: id,
            card: self.card(doc.space),
        };
        let text = SignedText::new(place, &reading).map(|text| text.encode());
        (text.ok().as_deref() != Some(sign.text.as_slice())).then_some(Reason::TextDiffers)
    }

    fn card(&self, space: SpaceId) -> Option<DocumentId> {
        let mut docs = self.docs.iter().filter(|(_, doc)| doc.space == space);
        let card = docs.find(|(_, doc)| reading(&doc.changes).kind == TemplateKind::Card);
        card.map(|(id, _)| *id)
    }

    fn log_signature(&mut self, document: DocumentId, operation: OperationId, sign: Sign) {
        let signature = sign.signature.clone();
        let doc = self.docs.get_mut(&document).expect("it was looked up");
        let space = doc.space;
        if let Some(signed) = &mut doc.signed {
            signed.co.push((operation, self.seq + 1, signature.clone()));
            let body = FactBody::CoSignature(CoSignature {
                document,
                signature,
            });
            let mut id = *document.as_bytes();
            id[0] ^= sign.signature.signer.as_bytes()[0];
            self.log_fact(FactId::from_bytes(id), space, &body);
        } else {
            self.seq += 1;
            doc.signed = Some(SignedDoc {
                seq: self.seq,
                sign,
                operation,
                co: Vec::new(),
            });
        }
    }

    pub(super) fn evidence(&self, reader: PractitionerId, body: &[u8]) -> Reply {
        let request: EvidenceRequest = wire::decode("evidence", body).expect("a request");
        if let Some(damaged) = &self.damaged_evidence {
            return good(damaged.clone());
        }
        let doc = self.docs.get(&request.document);
        let seen = doc.filter(|doc| self.sees(reader, doc.space));
        let Some(signed) = seen.and_then(|doc| doc.signed.as_ref()) else {
            return problem(404, code::NOT_FOUND, None);
        };
        let co_signatures: Vec<_> = signed.co.iter().map(|(_, _, one)| one.clone()).collect();
        let all = co_signatures.iter().chain([&signed.sign.signature]);
        let mut devices: Vec<DeviceId> = all.map(|one| one.device).collect();
        devices.sort_unstable();
        devices.dedup();
        let certificates = devices.into_iter().map(|device| self.certificate(device));
        let record = SignedRecord {
            certificates: certificates.collect(),
            text: signed.sign.text.clone(),
            heads: signed.sign.heads.clone(),
            signature: signed.sign.signature.clone(),
            co_signatures,
            organisation_key: self.key.verifying_key().to_bytes(),
            receipt: Some(ServerReceipt {
                seq: signed.seq,
                received_at: self.now(),
                receipt: Receipt([1; 16]),
            }),
        };
        good(record.to_file())
    }

    pub(super) fn certificate(&self, device: DeviceId) -> DeviceCertificate {
        let (practitioner, public_key) = self.devices[&device];
        let statement = DeviceStatement {
            organisation: self.organisation,
            device,
            practitioner,
            public_key,
            issued_at: self.now(),
        };
        DeviceCertificate::issue(statement, &self.key)
    }
}

/// Others sign the very same, each once.
fn refuses_co_signature(first: &SignedDoc, sign: &Sign) -> Option<Reason> {
    let signers = first.co.iter().map(|(_, _, one)| one.signer);
    let mut signers = signers.chain([first.sign.signature.signer]);
    let is_same = first.sign.text == sign.text && first.sign.heads == sign.heads;
    (!is_same || signers.any(|one| one == sign.signature.signer)).then_some(Reason::Signed)
}
