//! What admission needs to know, read in sets under the log's lock, and moved by what is admitted.

use super::{
    assignments::{self, Assignments},
    circles::{self, Circles},
    disclosures::{self, Disclosures},
    lineage::Lines,
    restrictions::{self, Restrictions},
    shares::{self, Shares},
    signatures,
    signing::Signing,
    stage::{Staged, StagedGroup},
};
use crate::{
    access::{self, History},
    log::Seq,
    store::{StoreError, Tx, hex_list, id16, id32},
    sync::Caller,
};
use samspor_documents::{
    guard::ChangeFacts,
    id::{DeviceId, DocumentId, OperationId, PractitionerId, SpaceId},
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A document as admission sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DocumentState {
    pub space: SpaceId,
    pub ground: i64,
    /// 0 open, 1 signed, 2 superseded, 3 expunged.
    pub state: i64,
    pub bytes: i64,
}

/// A change that is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KnownChange {
    pub seq: Seq,
    pub device: DeviceId,
    pub max_op: u64,
}

/// Who an actor is in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Binding {
    pub device: DeviceId,
    pub author: PractitionerId,
    pub actor_seq: u64,
}

/// An operation that is in the log by its device-made name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KnownOperation {
    pub space: SpaceId,
    pub seq: Seq,
}

/// What stands in the log, as far as a batch asks.
#[derive(Debug, Default)]
pub(super) struct State {
    pub position: Seq,
    pub histories: HashMap<PractitionerId, History>,
    pub spaces: HashMap<SpaceId, i64>,
    /// Those of them in which facts are told and no document stands.
    pub told_only: HashSet<SpaceId>,
    /// Those of them that are closed circles.
    pub closed: HashSet<SpaceId>,
    pub documents: HashMap<DocumentId, DocumentState>,
    pub changes: HashMap<(DocumentId, [u8; 32]), KnownChange>,
    pub actors: HashMap<(DocumentId, Vec<u8>), Binding>,
    /// Whose places the devices that push took.
    pub lines: Lines,
    /// By the first device of the line, and the operation's own name.
    pub operations: HashMap<(DeviceId, OperationId), KnownOperation>,
    /// What became of drafts, by their author and their own id.
    pub publications: HashMap<(PractitionerId, DocumentId), DocumentId>,
    /// Of the documents that a batch signs.
    pub signing: HashMap<DocumentId, Signing>,
    /// Of the entries that a batch's signed texts add to: those that add to one themselves.
    pub additions: BTreeSet<DocumentId>,
    /// Of the circles that a batch opens or changes.
    pub circles: Circles,
    /// Of the shares that a batch records or ends.
    pub shares: Shares,
    /// Of the disclosures that a batch records.
    pub disclosures: Disclosures,
    /// Of the cases that a batch assigns.
    pub assignments: Assignments,
    /// The number that the next new ground gets, where a batch may make one.
    pub next_ground: i64,
    /// Of the documents that a batch restricts.
    pub restrictions: Restrictions,
}

/// One operation of a batch, with who sent it and where it stands.
pub(super) struct Question<'a> {
    pub caller: &'a Caller,
    pub group: &'a StagedGroup,
    pub operation: &'a Staged,
}

/// Document, space, ground, state, bytes.
type DocumentRow = (Vec<u8>, Vec<u8>, i64, i64, i64);
/// Document, hash, position, device, number of the last operation.
type ChangeRow = (Vec<u8>, Vec<u8>, Seq, Vec<u8>, i64);
/// Document, actor, device, author, the actor's last sequence.
type ActorRow = (Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>, i64);
/// Device, operation, space, position.
type OperationRow = (Vec<u8>, Vec<u8>, Vec<u8>, Seq);
/// Practitioner, draft, document.
type PublicationRow = (Vec<u8>, Vec<u8>, Vec<u8>);

/// The keys to look up.
#[derive(Default)]
struct Keys {
    practitioners: BTreeSet<PractitionerId>,
    spaces: BTreeSet<SpaceId>,
    documents: BTreeSet<DocumentId>,
    changes: BTreeSet<Vec<u8>>,
    actors: BTreeSet<Vec<u8>>,
    operations: BTreeSet<Vec<u8>>,
    publications: BTreeSet<Vec<u8>>,
    signed: BTreeSet<DocumentId>,
    entries: BTreeSet<DocumentId>,
    circles: circles::Keys,
    shares: shares::Keys,
    restrictions: restrictions::Keys,
    disclosures: disclosures::Keys,
    assignments: assignments::Keys,
}

fn joined(one: &[u8; 16], other: &[u8]) -> Vec<u8> {
    let mut bytes = one.to_vec();
    bytes.extend(other);
    bytes
}

impl Keys {
    fn add(&mut self, question: &Question<'_>, lines: &Lines) {
        let device = lines.first(question.caller.device);
        self.practitioners.insert(question.caller.practitioner);
        self.spaces.insert(question.group.space);
        if let Some(document) = question.group.document {
            self.documents.insert(document);
        }
        self.circles.add(question);
        self.shares.add(question);
        self.restrictions.add(question);
        self.disclosures.add(question);
        if let Staged::Disclose { body, filed, .. } = question.operation {
            self.spaces.extend([body.share.space(), body.share.case()]);
            self.documents.extend([filed.original, filed.copy]);
        }
        self.assignments.add(question);
        self.practitioners
            .extend(assignments::colleague(question.operation));
        self.add_named(question, device);
    }

    /// What the operation itself names: it under its device's line, changes, drafts, documents.
    fn add_named(&mut self, question: &Question<'_>, device: DeviceId) {
        match (question.operation, question.group.document) {
            (Staged::Change { facts, .. }, Some(document)) => {
                self.add_change(document, facts);
                if question.group.space == question.caller.practitioner.private_space() {
                    self.add_draft(question.caller, document);
                }
            }
            (
                Staged::Publish {
                    operation,
                    draft,
                    facts,
                    ..
                },
                Some(document),
            ) => {
                self.add_change(document, facts);
                self.add_operation(device, *operation);
                self.add_draft(question.caller, *draft);
                self.documents.insert(*draft);
                self.spaces
                    .insert(question.caller.practitioner.private_space());
            }
            (
                Staged::OpenCase { operation, .. }
                | Staged::OpenCircle { operation, .. }
                | Staged::Join { operation, .. }
                | Staged::Leave { operation }
                | Staged::CloseCircle { operation, .. }
                | Staged::Withdraw { operation, .. }
                | Staged::Disclose { operation, .. }
                | Staged::Restrict { operation, .. }
                | Staged::Assign { operation, .. }
                | Staged::Unassign { operation, .. },
                _,
            ) => {
                self.add_operation(device, *operation);
            }
            (Staged::Share { operation, body }, _) => {
                self.add_operation(device, *operation);
                self.spaces.insert(body.share.space());
                self.documents.extend(body.terms.document);
            }
            (
                Staged::Sign {
                    operation,
                    rendering,
                    ..
                },
                Some(document),
            ) => {
                self.add_operation(device, *operation);
                self.signed.insert(document);
                let entry = rendering.as_ref().and_then(|rendering| rendering.adds_to);
                let card = rendering.as_ref().and_then(|rendering| rendering.card);
                self.documents.extend(card.into_iter().chain(entry));
                self.entries.extend(entry);
            }
            _ => {}
        }
    }

    fn add_change(&mut self, document: DocumentId, facts: &ChangeFacts) {
        let document = document.as_bytes();
        for hash in facts.deps.iter().chain(std::iter::once(&facts.hash)) {
            self.changes.insert(joined(document, hash));
        }
        self.actors.insert(joined(document, &facts.actor));
    }

    fn add_operation(&mut self, device: DeviceId, operation: OperationId) {
        let named = joined(device.as_bytes(), operation.as_bytes());
        self.operations.insert(named);
    }

    fn add_draft(&mut self, caller: &Caller, draft: DocumentId) {
        let author = caller.practitioner.as_bytes();
        self.publications.insert(joined(author, draft.as_bytes()));
    }
}

impl State {
    /// Reads what a batch asks about. `position` is the log's head.
    pub(super) async fn read(
        tx: &mut Tx,
        position: Seq,
        questions: &[Question<'_>],
    ) -> Result<Self, StoreError> {
        let devices = questions.iter().map(|question| question.caller.device);
        let lines = Lines::read(tx, &devices.collect()).await?;
        let mut keys = Keys::default();
        questions
            .iter()
            .for_each(|question| keys.add(question, &lines));
        let practitioners: Vec<PractitionerId> = keys.practitioners.into_iter().collect();
        let mut state = Self {
            position,
            histories: access::load(tx, &practitioners, position).await?,
            circles: Circles::read(tx, &keys.circles).await?,
            shares: Shares::read(tx, &keys.shares).await?,
            lines,
            restrictions: Restrictions::read(tx, &keys.restrictions).await?,
            disclosures: Disclosures::read(tx, keys.disclosures).await?,
            assignments: Assignments::read(tx, &keys.assignments).await?,
            ..Self::default()
        };
        if keys.circles.opens || keys.shares.opens || keys.assignments.opens {
            // Under the lock nobody else makes one.
            state.next_ground =
                sqlx::query_scalar("SELECT coalesce(max(ground), 0) + 1 FROM grounds")
                    .fetch_one(&mut **tx)
                    .await?;
        }
        state.read_spaces(tx, &keys.spaces).await?;
        state.read_documents(tx, &keys.documents).await?;
        if !state.documents.is_empty() {
            state.read_changes(tx, &keys.changes).await?;
            state.read_actors(tx, &keys.actors).await?;
        }
        if !keys.operations.is_empty() {
            state.read_operations(tx, &keys.operations).await?;
        }
        if !keys.publications.is_empty() {
            state.read_publications(tx, &keys.publications).await?;
        }
        if !keys.signed.is_empty() {
            state.signing = signatures::read(tx, &keys.signed).await?;
        }
        if !keys.entries.is_empty() {
            state.additions = signatures::read_additions(tx, &keys.entries).await?;
        }
        Ok(state)
    }

    /// The number of a new ground.
    pub(super) const fn take_ground(&mut self) -> i64 {
        let ground = self.next_ground;
        self.next_ground = ground.saturating_add(1);
        ground
    }

    async fn read_spaces(
        &mut self,
        tx: &mut Tx,
        spaces: &BTreeSet<SpaceId>,
    ) -> Result<(), StoreError> {
        let rows: Vec<(Vec<u8>, i64, bool, bool)> = sqlx::query_as(
            "SELECT s.space, s.ground, s.told_only, c.circle IS NOT NULL FROM json_each(?) AS wanted
             CROSS JOIN spaces AS s ON s.space = unhex(wanted.value)
             LEFT JOIN closings AS c ON c.circle = s.space",
        )
        .bind(hex_list(spaces.iter().map(SpaceId::as_bytes)))
        .fetch_all(&mut **tx)
        .await?;
        for (space, ground, told_only, is_closed) in rows {
            let space = SpaceId::from_bytes(id16("space", &space)?);
            self.spaces.insert(space, ground);
            if told_only {
                self.told_only.insert(space);
            }
            if is_closed {
                self.closed.insert(space);
            }
        }
        Ok(())
    }

    async fn read_documents(
        &mut self,
        tx: &mut Tx,
        documents: &BTreeSet<DocumentId>,
    ) -> Result<(), StoreError> {
        if documents.is_empty() {
            return Ok(());
        }
        let rows: Vec<DocumentRow> = sqlx::query_as(
            "SELECT d.document, d.space, d.ground, d.state, d.bytes FROM json_each(?) AS wanted
             CROSS JOIN documents AS d ON d.document = unhex(wanted.value)",
        )
        .bind(hex_list(documents.iter().map(DocumentId::as_bytes)))
        .fetch_all(&mut **tx)
        .await?;
        for (document, space, ground, state, bytes) in rows {
            let known = DocumentState {
                space: SpaceId::from_bytes(id16("document", &space)?),
                ground,
                state,
                bytes,
            };
            let document = DocumentId::from_bytes(id16("document", &document)?);
            self.documents.insert(document, known);
        }
        Ok(())
    }

    async fn read_changes(
        &mut self,
        tx: &mut Tx,
        keys: &BTreeSet<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let rows: Vec<ChangeRow> = sqlx::query_as(
            "SELECT c.document, c.hash, c.seq, c.device, c.max_op FROM json_each(?) AS wanted
             CROSS JOIN changes AS c ON c.document = unhex(substr(wanted.value, 1, 32))
                AND c.hash = unhex(substr(wanted.value, 33))",
        )
        .bind(hex_list(keys))
        .fetch_all(&mut **tx)
        .await?;
        for (document, hash, seq, device, max_op) in rows {
            let known = KnownChange {
                seq,
                device: DeviceId::from_bytes(id16("change", &device)?),
                max_op: u64::try_from(max_op).unwrap_or(0),
            };
            let document = DocumentId::from_bytes(id16("change", &document)?);
            self.changes
                .insert((document, id32("change", &hash)?), known);
        }
        Ok(())
    }

    async fn read_actors(
        &mut self,
        tx: &mut Tx,
        keys: &BTreeSet<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let rows: Vec<ActorRow> = sqlx::query_as(
            "SELECT a.document, a.actor, a.device, a.author, a.actor_seq FROM json_each(?) AS wanted
             CROSS JOIN actors AS a ON a.document = unhex(substr(wanted.value, 1, 32))
                AND a.actor = unhex(substr(wanted.value, 33))",
        )
        .bind(hex_list(keys))
        .fetch_all(&mut **tx)
        .await?;
        for (document, actor, device, author, actor_seq) in rows {
            let binding = Binding {
                device: DeviceId::from_bytes(id16("actor", &device)?),
                author: PractitionerId::from_bytes(id16("actor", &author)?),
                actor_seq: u64::try_from(actor_seq).unwrap_or(0),
            };
            let document = DocumentId::from_bytes(id16("actor", &document)?);
            self.actors.insert((document, actor), binding);
        }
        Ok(())
    }

    async fn read_operations(
        &mut self,
        tx: &mut Tx,
        keys: &BTreeSet<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let rows: Vec<OperationRow> = sqlx::query_as(
            "SELECT o.device, o.operation, o.space, o.seq FROM json_each(?) AS wanted
             CROSS JOIN operations AS o ON o.device = unhex(substr(wanted.value, 1, 32))
                AND o.operation = unhex(substr(wanted.value, 33))",
        )
        .bind(hex_list(keys))
        .fetch_all(&mut **tx)
        .await?;
        for (device, operation, space, seq) in rows {
            let device = DeviceId::from_bytes(id16("operation", &device)?);
            let operation = OperationId::from_slice(&operation)
                .map_err(|_| StoreError::Damaged { what: "operation" })?;
            let space = SpaceId::from_bytes(id16("operation", &space)?);
            self.operations
                .insert((device, operation), KnownOperation { space, seq });
        }
        Ok(())
    }

    async fn read_publications(
        &mut self,
        tx: &mut Tx,
        keys: &BTreeSet<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let rows: Vec<PublicationRow> = sqlx::query_as(
            "SELECT p.practitioner, p.draft, p.document FROM json_each(?) AS wanted
             CROSS JOIN publications AS p ON p.practitioner = unhex(substr(wanted.value, 1, 32))
                AND p.draft = unhex(substr(wanted.value, 33))",
        )
        .bind(hex_list(keys))
        .fetch_all(&mut **tx)
        .await?;
        for (practitioner, draft, document) in rows {
            let author = PractitionerId::from_bytes(id16("publication", &practitioner)?);
            let draft = DocumentId::from_bytes(id16("publication", &draft)?);
            let document = DocumentId::from_bytes(id16("publication", &document)?);
            self.publications.insert((author, draft), document);
        }
        Ok(())
    }
}
