//! Commit: a batch's operations decided one after the other, and their rows written in sets.

mod publish;

use super::{
    admission::{self, Admitted, ChangeQuestion, PublishQuestion},
    stage::{Refusal, Staged},
    state::{Binding, DocumentState, KnownChange, KnownOperation, Question, State},
};
use crate::{
    log::{self, Entry, EntryKind, Head, NewFact, Secret, Seq},
    store::{StoreError, Tx, bulk_chunks},
    sync::Caller,
};
use publish::NewPublication;
use samspor_documents::{
    guard::ChangeFacts,
    id::{DeviceId, DocumentId, FactId, OperationId, PractitionerId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::{
    fact::{FactBody, Space},
    hash::Hash32,
    push::OpenCase,
    wire,
};
use sqlx::QueryBuilder;
use std::collections::BTreeMap;
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

/// An operation that is named by its device.
struct NewOperation {
    device: DeviceId,
    operation: OperationId,
    space: SpaceId,
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
}

fn stored(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Batch {
    /// Reads what the questions are about, under the lock.
    pub(super) async fn read(
        tx: &mut Tx,
        now: UnixMillis,
        questions: &[Question<'_>],
    ) -> Result<Self, StoreError> {
        let head = log::head(tx).await?;
        Ok(Self {
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
        })
    }

    fn next_seq(&self) -> Seq {
        let appended = i64::try_from(self.entries.len()).unwrap_or(i64::MAX);
        Seq(self.head.seq.0.saturating_add(appended)).next()
    }

    /// Decides about one operation; its place in the log when it is accepted.
    pub(super) fn decide(&mut self, question: &Question<'_>) -> Result<Seq, Refusal> {
        let (caller, space) = (question.caller, question.group.space);
        match (question.operation, question.group.document) {
            (Staged::Change { facts, body }, Some(document)) => {
                let asked = ChangeQuestion {
                    caller,
                    space,
                    document,
                    facts,
                    bytes: body.len(),
                };
                match admission::admit_change(&self.state, &asked)? {
                    Admitted::Already(seq) => Ok(seq),
                    Admitted::New { ground } => Ok(self.take_change(&asked, ground, body.clone())),
                }
            }
            (
                Staged::Publish {
                    operation,
                    draft,
                    facts,
                    change,
                },
                Some(document),
            ) => {
                let asked = PublishQuestion {
                    change: ChangeQuestion {
                        caller,
                        space,
                        document,
                        facts,
                        bytes: change.len(),
                    },
                    operation: *operation,
                    draft: *draft,
                };
                self.publish(&asked, change)
            }
            (Staged::OpenCase { operation, body }, _) => {
                match admission::admit_case(&self.state, caller, space, *operation, body)? {
                    Admitted::Already(seq) => Ok(seq),
                    Admitted::New { ground } => {
                        Ok(self.take_case(caller, space, ground, *operation, body))
                    }
                }
            }
            (Staged::Bad(refusal), None) => Err(refusal.clone()),
            (Staged::Bad(refusal), Some(_)) => {
                admission::may_write(&self.state, caller, space)?;
                Err(refusal.clone())
            }
            (Staged::Change { .. } | Staged::Publish { .. }, None) => Err(Refusal::new(
                samspor_protocol::reason::Reason::Malformed,
                "a change stands in a document's group",
            )),
        }
    }

    fn take_change(&mut self, asked: &ChangeQuestion<'_>, ground: i64, body: Vec<u8>) -> Seq {
        let seq = self.next_seq();
        let (facts, document, caller): (&ChangeFacts, _, _) =
            (asked.facts, asked.document, asked.caller);
        let actor = facts.actor.clone();
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
            device: caller.device,
            first_seq: seq,
        });
        self.documents.entry(document).or_insert(made);
        self.state.changes.insert(
            (document, facts.hash),
            KnownChange {
                seq,
                device: caller.device,
                max_op: facts.max_op,
            },
        );
        self.state.actors.insert(
            (document, actor.clone()),
            Binding {
                device: caller.device,
                author: caller.practitioner,
                actor_seq: facts.seq,
            },
        );
        self.actors.insert((document, actor.clone()), ());
        self.changes.push(NewChange {
            seq,
            document,
            hash: facts.hash,
            actor,
            actor_seq: stored(facts.seq),
            max_op: stored(facts.max_op),
            device: caller.device,
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
        let body = wire::encode(&FactBody::Space(Space {
            team: body.team,
            opened_by: caller.practitioner,
            opened_at: body.opened_at,
        }));
        let id = FactId(Uuid::new_v5(&space.0, b"space"));
        self.entries.push(Entry {
            kind: EntryKind::Fact,
            item: *id.as_bytes(),
            content: Hash32::of(&body),
        });
        self.facts.push(NewFact {
            seq,
            id,
            version: 1,
            space,
            ground,
            body,
        });
        self.spaces.push(NewSpace { space, ground, seq });
        self.state.spaces.insert(space, ground);
        self.take_operation(NewOperation {
            device: caller.device,
            operation,
            space,
            seq,
        });
        seq
    }

    fn take_operation(&mut self, new: NewOperation) {
        let known = KnownOperation {
            space: new.space,
            seq: new.seq,
        };
        self.state
            .operations
            .insert((new.device, new.operation), known);
        self.operations.push(new);
    }

    /// Writes what was admitted; the new head of the log.
    pub(super) async fn write(mut self, tx: &mut Tx, secret: &Secret) -> Result<Seq, StoreError> {
        if self.entries.is_empty() {
            return Ok(self.head.seq);
        }
        log::append(tx, secret, &mut self.head, &self.entries).await?;
        self.write_spaces(tx).await?;
        self.write_operations(tx).await?;
        self.write_publications(tx).await?;
        log::insert_facts(tx, &self.facts).await?;
        self.write_documents(tx).await?;
        self.write_changes(tx).await?;
        self.write_actors(tx).await?;
        Ok(self.head.seq)
    }

    async fn write_spaces(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for chunk in bulk_chunks(&self.spaces) {
            let mut insert = QueryBuilder::new("INSERT INTO spaces (space, ground, seq) ");
            insert.push_values(chunk, |mut row, new| {
                row.push_bind(new.space.as_bytes().to_vec())
                    .push_bind(new.ground)
                    .push_bind(new.seq);
            });
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }

    async fn write_operations(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for chunk in bulk_chunks(&self.operations) {
            let mut insert =
                QueryBuilder::new("INSERT INTO operations (device, operation, space, seq) ");
            insert.push_values(chunk, |mut row, new| {
                row.push_bind(new.device.as_bytes().to_vec())
                    .push_bind(new.operation.as_bytes().to_vec())
                    .push_bind(new.space.as_bytes().to_vec())
                    .push_bind(new.seq);
            });
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }

    async fn write_documents(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(self.documents.len());
        for (document, made) in &self.documents {
            if let Some(known) = self.state.documents.get(document) {
                rows.push((document, known, made));
            }
        }
        for chunk in bulk_chunks(&rows) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO documents (document, space, ground, device, state, first_seq, received_at, bytes) ",
            );
            insert.push_values(chunk, |mut row, (document, known, made)| {
                // What an existing document keeps is not overwritten below.
                let device = made
                    .as_ref()
                    .map_or([0; 16], |made| *made.device.as_bytes());
                let first_seq = made.as_ref().map_or(Seq::ZERO, |made| made.first_seq);
                row.push_bind(document.as_bytes().to_vec())
                    .push_bind(known.space.as_bytes().to_vec())
                    .push_bind(known.ground)
                    .push_bind(device.to_vec())
                    .push_bind(known.state)
                    .push_bind(first_seq)
                    .push_bind(self.now.0)
                    .push_bind(known.bytes);
            });
            insert.push(
                " ON CONFLICT (document) DO UPDATE SET bytes = excluded.bytes, state = excluded.state",
            );
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }

    async fn write_changes(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for chunk in bulk_chunks(&self.changes) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO changes (seq, document, hash, actor, actor_seq, max_op, device, author, received_at, state, key_id, body) ",
            );
            insert.push_values(chunk, |mut row, new| {
                row.push_bind(new.seq)
                    .push_bind(new.document.as_bytes().to_vec())
                    .push_bind(new.hash.to_vec())
                    .push_bind(new.actor.clone())
                    .push_bind(new.actor_seq)
                    .push_bind(new.max_op)
                    .push_bind(new.device.as_bytes().to_vec())
                    .push_bind(new.author.as_bytes().to_vec())
                    .push_bind(self.now.0)
                    .push("0, NULL")
                    .push_bind(new.body.clone());
            });
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }

    async fn write_actors(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(self.actors.len());
        for key in self.actors.keys() {
            if let Some(binding) = self.state.actors.get(key) {
                rows.push((key, binding));
            }
        }
        for chunk in bulk_chunks(&rows) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO actors (document, actor, device, author, actor_seq) ",
            );
            insert.push_values(chunk, |mut row, ((document, actor), binding)| {
                row.push_bind(document.as_bytes().to_vec())
                    .push_bind(actor.clone())
                    .push_bind(binding.device.as_bytes().to_vec())
                    .push_bind(binding.author.as_bytes().to_vec())
                    .push_bind(stored(binding.actor_seq));
            });
            insert.push(
                " ON CONFLICT (document, actor) DO UPDATE SET actor_seq = excluded.actor_seq",
            );
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }
}
