//! Commit: a batch's operations decided one after the other; `rows` writes what was admitted.

mod assign;
mod circle;
mod disclosure;
mod publish;
mod restrict;
mod rows;
mod share;

use super::{
    admission::{
        self, Admitted, AssignmentQuestion, ChangeQuestion, DiscloseQuestion, PublishQuestion,
        RestrictQuestion,
    },
    disclosures::NewDisclosure,
    lineage,
    shares::Cases,
    signatures::NewSignature,
    signing::{self, AdmittedSignature, Frozen, SignQuestion},
    stage::{Refusal, Staged},
    state::{Binding, DocumentState, KnownChange, KnownOperation, Question, State},
};
use crate::{
    certifier::Certifier,
    log::{self, Entry, EntryKind, Head, NewFact, Seq},
    store::{StoreError, Tx},
    sync::Caller,
};
use assign::AssignmentRows;
use circle::CircleRows;
use publish::NewPublication;
use samspor_documents::{
    guard::ChangeFacts,
    id::{DeviceId, DocumentId, FactId, OperationId, PractitionerId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::{
    fact::{CoSignature, FactBody, Space},
    hash::Hash32,
    push::OpenCase,
    reason::Reason,
    wire,
};
use share::ShareRows;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

struct NewChange {
    seq: Seq,
    document: DocumentId,
    hash: [u8; 32],
    actor: Vec<u8>,
    actor_seq: i64,
    max_op: i64,
    device: DeviceId,
    author: PractitionerId,
    body: Vec<u8>,
}

struct NewDocument {
    device: DeviceId,
    first_seq: Seq,
}

struct NewSpace {
    space: SpaceId,
    ground: i64,
    seq: Seq,
}

/// A batch being decided: what is read grows by what is admitted.
pub(super) struct Batch {
    state: State,
    head: Head,
    now: UnixMillis,
    entries: Vec<Entry>,
    changes: Vec<NewChange>,
    /// Documents that have changes in this batch; new ones with who made them.
    documents: BTreeMap<DocumentId, Option<NewDocument>>,
    actors: BTreeMap<(DocumentId, Vec<u8>), ()>,
    spaces: Vec<NewSpace>,
    operations: Vec<NewOperation>,
    publications: Vec<NewPublication>,
    facts: Vec<NewFact>,
    signatures: Vec<NewSignature>,
    circles: CircleRows,
    shares: ShareRows,
    disclosures: Vec<NewDisclosure>,
    certifier: Arc<Certifier>,
    assignments: AssignmentRows,
}

/// An operation that has a device-made name.
struct NewOperation {
    device: DeviceId,
    operation: OperationId,
    space: SpaceId,
    seq: Seq,
}

/// Staging has refused it already.
const OTHER_GROUP: Refusal = Refusal::new(
    Reason::Malformed,
    "this kind of operation does not stand in this kind of group",
);

const fn assignment(
    caller: &Caller,
    case: SpaceId,
    operation: OperationId,
    practitioner: PractitionerId,
) -> AssignmentQuestion<'_> {
    AssignmentQuestion {
        caller,
        case,
        operation,
        practitioner,
    }
}

fn stored(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Batch {
    /// Reads what the questions are about, under the lock. What ends by the clock ends first.
    pub(super) async fn read(
        tx: &mut Tx,
        certifier: Arc<Certifier>,
        now: UnixMillis,
        questions: &[Question<'_>],
    ) -> Result<Self, StoreError> {
        let head = log::head(tx).await?;
        let mut batch = Self {
            state: State::read(tx, head.seq, questions).await?,
            head,
            now,
            entries: Vec::new(),
            changes: Vec::new(),
            documents: BTreeMap::new(),
            actors: BTreeMap::new(),
            spaces: Vec::new(),
            operations: Vec::new(),
            publications: Vec::new(),
            facts: Vec::new(),
            signatures: Vec::new(),
            circles: CircleRows::default(),
            shares: ShareRows::default(),
            disclosures: Vec::new(),
            certifier,
            assignments: AssignmentRows::default(),
        };
        batch.end_due(tx).await?;
        Ok(batch)
    }

    fn next_seq(&self) -> Seq {
        let appended = i64::try_from(self.entries.len()).unwrap_or(i64::MAX);
        Seq(self.head.seq.0.saturating_add(appended)).next()
    }

    /// Decides about one operation; its place in the log when it is accepted.
    pub(super) fn decide(&mut self, question: &Question<'_>) -> Result<Seq, Refusal> {
        // Access follows from every entry before this one: those of this batch, too.
        self.state.position = Seq(self.next_seq().0.saturating_sub(1));
        match question.group.document {
            Some(document) => self.decide_on_document(question, document),
            None => self.decide_on_space(question),
        }
    }

    fn decide_on_document(
        &mut self,
        question: &Question<'_>,
        document: DocumentId,
    ) -> Result<Seq, Refusal> {
        let (caller, space) = (question.caller, question.group.space);
        let change = |facts, bytes| ChangeQuestion {
            caller,
            space,
            document,
            facts,
            bytes,
        };
        match question.operation {
            Staged::Change { facts, body } => {
                let asked = change(facts, body.len());
                match admission::admit_change(&self.state, &asked)? {
                    Admitted::Already(seq) => Ok(seq),
                    Admitted::New { ground } => Ok(self.take_change(&asked, ground, body.clone())),
                }
            }
            Staged::Publish {
                operation,
                draft,
                facts,
                change: body,
                seen,
            } => {
                let asked = PublishQuestion {
                    change: change(facts, body.len()),
                    operation: *operation,
                    draft: *draft,
                    seen,
                };
                self.publish(&asked, body)
            }
            Staged::Sign {
                operation,
                body,
                rendering,
            } => self.decide_signature(&SignQuestion {
                caller,
                space,
                document,
                operation: *operation,
                sign: body,
                rendering: rendering.as_ref(),
            }),
            Staged::Restrict { operation, body } => {
                let asked = RestrictQuestion {
                    caller,
                    space,
                    document,
                    operation: *operation,
                };
                self.restrict(&asked, body)
            }
            Staged::OpenCase { .. }
            | Staged::OpenCircle { .. }
            | Staged::Join { .. }
            | Staged::Leave { .. }
            | Staged::CloseCircle { .. }
            | Staged::Share { .. }
            | Staged::Disclose { .. }
            | Staged::Withdraw { .. }
            | Staged::Assign { .. }
            | Staged::Unassign { .. } => Err(OTHER_GROUP),
            Staged::Bad(refusal) => {
                admission::may_write(&self.state, caller, space)?;
                Err(refusal.clone())
            }
        }
    }

    fn decide_on_space(&mut self, question: &Question<'_>) -> Result<Seq, Refusal> {
        let (caller, space) = (question.caller, question.group.space);
        match question.operation {
            Staged::OpenCase { operation, body } => {
                match admission::admit_case(&self.state, caller, space, *operation, body)? {
                    Admitted::Already(seq) => Ok(seq),
                    Admitted::New { ground } => {
                        Ok(self.take_case(caller, space, ground, *operation, body))
                    }
                }
            }
            Staged::OpenCircle { .. }
            | Staged::Join { .. }
            | Staged::Leave { .. }
            | Staged::CloseCircle { .. } => self.decide_circle(caller, space, question.operation),
            Staged::Share { .. } | Staged::Withdraw { .. } => {
                self.decide_share(caller, space, question.operation)
            }
            Staged::Disclose {
                operation,
                body,
                filed,
                is_projected,
            } => self.disclose(&DiscloseQuestion {
                caller,
                case: space,
                operation: *operation,
                body,
                filed: *filed,
                is_projected: *is_projected,
            }),
            Staged::Assign { operation, body } => {
                let (operation, practitioner) = (*operation, body.practitioner);
                let asked = assignment(caller, space, operation, practitioner);
                self.assign(&asked, body.at)
            }
            Staged::Unassign { operation, body } => {
                let (operation, practitioner) = (*operation, body.practitioner);
                let asked = assignment(caller, space, operation, practitioner);
                self.unassign(&asked, body.at)
            }
            Staged::Bad(refusal) => Err(refusal.clone()),
            Staged::Change { .. }
            | Staged::Publish { .. }
            | Staged::Sign { .. }
            | Staged::Restrict { .. } => Err(OTHER_GROUP),
        }
    }

    fn decide_signature(&mut self, asked: &SignQuestion<'_>) -> Result<Seq, Refusal> {
        Ok(match signing::admit(&self.state, asked)? {
            AdmittedSignature::Already(seq) => seq,
            AdmittedSignature::First => self.take_signature(asked),
            AdmittedSignature::Another { ground } => self.take_co_signature(asked, ground),
        })
    }

    /// The first signature: the document is frozen.
    fn take_signature(&mut self, asked: &SignQuestion<'_>) -> Seq {
        let seq = self.next_seq();
        let text = Hash32::of(&asked.sign.text);
        self.entries.push(Entry {
            kind: EntryKind::Signature,
            item: *asked.document.as_bytes(),
            content: text,
        });
        if let Some(known) = self.state.documents.get_mut(&asked.document) {
            known.state = 1;
        }
        self.documents.entry(asked.document).or_insert(None);
        let known = self.state.signing.entry(asked.document).or_default();
        known.frozen = Some(Frozen {
            text,
            heads: asked.sign.heads.clone(),
        });
        if asked
            .rendering
            .is_some_and(|rendering| rendering.adds_to.is_some())
        {
            self.state.additions.insert(asked.document);
        }
        self.note_signature(asked, seq, true);
        seq
    }

    /// A signature beside the first: told to its readers as a fact.
    fn take_co_signature(&mut self, asked: &SignQuestion<'_>, ground: i64) -> Seq {
        let seq = self.next_seq();
        let signature = asked.sign.signature.clone();
        let body = FactBody::CoSignature(CoSignature {
            document: asked.document,
            signature,
        });
        let id = log::fact_id(&body);
        self.take_fact(seq, id, asked.space, ground, wire::encode(&body));
        self.note_signature(asked, seq, false);
        seq
    }

    fn note_signature(&mut self, asked: &SignQuestion<'_>, seq: Seq, is_first: bool) {
        let known = self.state.signing.entry(asked.document).or_default();
        known.signers.push(asked.caller.practitioner);
        self.note_operation(asked.caller, asked.operation, asked.space, seq);
        self.signatures.push(NewSignature {
            seq,
            document: asked.document,
            sign: asked.sign.clone(),
            adds_to: asked.rendering.and_then(|rendering| rendering.adds_to),
            is_first,
        });
    }

    /// The first version of a fact.
    fn take_fact(&mut self, seq: Seq, id: FactId, space: SpaceId, ground: i64, body: Vec<u8>) {
        self.take_version(seq, (id, 1), space, ground, body);
    }

    /// A version of a fact.
    fn take_version(
        &mut self,
        seq: Seq,
        (id, version): (FactId, u32),
        space: SpaceId,
        ground: i64,
        body: Vec<u8>,
    ) {
        self.entries.push(Entry {
            kind: EntryKind::Fact,
            item: *id.as_bytes(),
            content: Hash32::of(&body),
        });
        self.facts.push(NewFact {
            seq,
            id,
            version,
            space,
            ground,
            body,
        });
    }

    fn note_operation(
        &mut self,
        caller: &Caller,
        operation: OperationId,
        space: SpaceId,
        seq: Seq,
    ) {
        let device = self.state.lines.first(caller.device);
        self.operations.push(NewOperation {
            device,
            operation,
            space,
            seq,
        });
        self.state
            .operations
            .insert((device, operation), KnownOperation { space, seq });
    }

    fn take_change(&mut self, asked: &ChangeQuestion<'_>, ground: i64, body: Vec<u8>) -> Seq {
        let seq = self.next_seq();
        let (facts, document, caller): (&ChangeFacts, _, _) =
            (asked.facts, asked.document, asked.caller);
        let actor = facts.actor.clone();
        // Whoever of its line pushes it: it is the device's that wrote it.
        let device = lineage::device_of(&actor).unwrap_or(caller.device);
        self.entries.push(Entry {
            kind: EntryKind::Change,
            item: *document.as_bytes(),
            content: Hash32(facts.hash),
        });
        let known = self.state.documents.entry(document);
        let is_new = matches!(known, std::collections::hash_map::Entry::Vacant(_));
        let known = known.or_insert(DocumentState {
            space: asked.space,
            ground,
            state: 0,
            bytes: 0,
        });
        known.bytes = known
            .bytes
            .saturating_add(i64::try_from(asked.bytes).unwrap_or(i64::MAX));
        let made = is_new.then_some(NewDocument {
            device,
            first_seq: seq,
        });
        self.documents.entry(document).or_insert(made);
        self.state.changes.insert(
            (document, facts.hash),
            KnownChange {
                seq,
                device,
                max_op: facts.max_op,
            },
        );
        self.state.actors.insert(
            (document, actor.clone()),
            Binding {
                device,
                author: caller.practitioner,
                actor_seq: facts.seq,
            },
        );
        self.actors.insert((document, actor.clone()), ());
        if let Some(signing) = self.state.signing.get_mut(&document) {
            signing.changes = signing.changes.saturating_add(1);
            signing.author.get_or_insert(caller.practitioner);
        }
        self.changes.push(NewChange {
            seq,
            document,
            hash: facts.hash,
            actor,
            actor_seq: stored(facts.seq),
            max_op: stored(facts.max_op),
            device,
            author: caller.practitioner,
            body,
        });
        seq
    }

    fn take_case(
        &mut self,
        caller: &Caller,
        space: SpaceId,
        ground: i64,
        operation: OperationId,
        body: &OpenCase,
    ) -> Seq {
        let seq = self.next_seq();
        let team = body.team;
        let body = wire::encode(&FactBody::Space(Space {
            team,
            opened_by: caller.practitioner,
            opened_at: body.opened_at,
        }));
        let id = FactId(Uuid::new_v5(&space.0, b"space"));
        self.take_fact(seq, id, space, ground, body);
        self.spaces.push(NewSpace { space, ground, seq });
        self.state.spaces.insert(space, ground);
        let cases = Cases { ground, team };
        self.state.shares.cases.insert(space, cases);
        self.take_opener(caller, space, cases, seq);
        self.note_operation(caller, operation, space, seq);
        seq
    }
}
