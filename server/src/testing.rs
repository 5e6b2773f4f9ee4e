//! A small world for the tests of this crate: one organisation with its core, teams, and devices that write
//! raw documents.

pub mod caseloads;
pub mod signed;

use crate::{
    certifier::Certifier,
    log::{self, Secret, Seq},
    store::Store,
    sync::{Caller, Core},
};
use automerge::{
    ActorId, Author, Automerge, ROOT, ReadDoc as _, TextEncoding,
    transaction::{Transactable as _, Transaction},
};
use ed25519_dalek::SigningKey;
use samspor_documents::{
    id::{
        DeviceId, DocumentId, OperationId, OrganisationId, PractitionerId, ShareId, SpaceId, TeamId,
    },
    time::UnixMillis,
};
use samspor_protocol::{
    circle::{Join, OpenCircle},
    closing::{CloseCircle, ReflectionKind},
    disclosure::Disclose,
    fact::{FactBody, Membership, Organisation, Practitioner, Role, Seen, Team, TeamKind},
    push::{Answer, Group, OpenCase, Operation, Publish, PushRequest},
    share::{Consent, LegalBasis, Recipient, Share, Terms, Withdraw},
    wire,
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use tempfile::TempDir;

/// The organisation of every test.
pub const ORGANISATION: OrganisationId = OrganisationId::from_bytes([1; 16]);
/// What the clock says.
pub const NOW: UnixMillis = UnixMillis(1_790_000_000_000);

/// Sixteen bytes that no other call with another number gives.
pub fn bytes16(kind: u8, number: u64) -> [u8; 16] {
    let mut bytes = [kind; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    bytes
}

pub fn team(number: u64) -> TeamId {
    TeamId::from_bytes(bytes16(0x22, number))
}

pub fn practitioner(number: u64) -> PractitionerId {
    PractitionerId::from_bytes(bytes16(0x33, number))
}

/// A practitioner's first device.
pub fn caller(number: u64) -> Caller {
    Caller {
        device: DeviceId::from_bytes(bytes16(0x44, number)),
        practitioner: practitioner(number),
    }
}

pub fn space(number: u64) -> SpaceId {
    SpaceId::from_bytes(bytes16(0x55, number))
}

pub fn document(number: u64) -> DocumentId {
    DocumentId::from_bytes(bytes16(0x66, number))
}

/// A running core in a folder of its own.
pub struct World {
    pub folder: TempDir,
    pub core: Core,
    now: Arc<AtomicI64>,
}

/// The organisation's key.
pub fn certifier() -> Certifier {
    Certifier::new(ORGANISATION, SigningKey::from_bytes(&[0x5a; 32]))
}

pub fn secret() -> Secret {
    Secret::new(&[9; 32])
}

async fn start(folder: &TempDir, now: &Arc<AtomicI64>) -> Core {
    let store = Store::open(folder.path()).await.expect("opens");
    let now = Arc::clone(now);
    let clock = Arc::new(move || UnixMillis(now.load(Ordering::SeqCst)));
    Core::start(store, ORGANISATION, secret(), certifier(), clock)
        .await
        .expect("starts")
}

impl World {
    /// An organisation with teams 1 and 2.
    pub async fn new() -> Self {
        let folder = TempDir::new().expect("folder");
        let now = Arc::new(AtomicI64::new(NOW.0));
        let core = start(&folder, &now).await;
        let world = Self { folder, core, now };
        let organisation = Organisation {
            organisation: ORGANISATION,
            name: "Prøvekommune".to_owned(),
        };
        let mut facts = vec![FactBody::Organisation(organisation)];
        facts.extend([1, 2].map(|number| {
            FactBody::Team(Team {
                team: team(number),
                name: format!("Team {number}"),
                kind: TeamKind::Ppr,
                caseload: None,
            })
        }));
        world.say(&facts).await;
        world
    }

    /// Stops the core and starts another one on the same folder.
    pub async fn restart(self) -> Self {
        self.core.stop().await;
        self.core.store().close().await;
        let core = start(&self.folder, &self.now).await;
        Self { core, ..self }
    }

    /// Sets the clock so many milliseconds after [`NOW`].
    pub fn at(&self, millis: i64) {
        self.now.store(NOW.0 + millis, Ordering::SeqCst);
    }

    /// Appends facts, as another process would.
    pub async fn say(&self, facts: &[FactBody]) -> Seq {
        let mut tx = self.core.store().write().await.expect("writes");
        let appended = log::append_facts(&mut tx, &secret(), ORGANISATION, facts)
            .await
            .expect("appends");
        tx.commit().await.expect("commits");
        appended.last().map(|(_, seq)| *seq).unwrap_or_default()
    }

    pub async fn member(&self, who: u64, of: u64, role: Role, ended: bool) -> Seq {
        let membership = Membership {
            practitioner: practitioner(who),
            team: team(of),
            role,
            ended,
        };
        self.say(&[FactBody::Membership(membership)]).await
    }

    /// Practitioners with this number and their private spaces.
    pub async fn people(&self, numbers: &[u64]) {
        let fact = |number: &u64| {
            FactBody::Practitioner(Practitioner {
                practitioner: practitioner(*number),
                name: format!("Medarbejder {number}"),
                title: String::new(),
            })
        };
        self.say(&numbers.iter().map(fact).collect::<Vec<_>>())
            .await;
    }

    /// Waits until everything logged is projected.
    pub async fn projected(&self) -> Seq {
        let mut tx = self.core.store().read().await.expect("reads");
        let head = log::head(&mut tx).await.expect("head").seq;
        drop(tx);
        let mut heads = self.core.heads();
        let wait = heads.wait_for(|heads| heads.position >= head);
        tokio::time::timeout(std::time::Duration::from_secs(20), wait)
            .await
            .expect("the projector follows")
            .expect("the projector runs");
        head
    }

    pub async fn push(&self, caller: &Caller, groups: Vec<Group>) -> Vec<Vec<Answer>> {
        let body = wire::encode(&PushRequest { groups });
        crate::push::push(&self.core, caller, &body)
            .await
            .expect("answers")
            .groups
    }

    /// Opens a case and says what was answered.
    pub async fn open_case(&self, caller: &Caller, of: u64, case: u64) -> Answer {
        let groups = vec![open_case(of, case)];
        self.push(caller, groups).await[0][0].clone()
    }
}

/// A group that opens a case of a team.
pub fn open_case(of: u64, case: u64) -> Group {
    let body = OpenCase {
        team: team(of),
        opened_at: NOW,
    };
    let operation = OperationId::from_bytes(bytes16(0x77, case));
    Group {
        space: space(case),
        document: None,
        operations: vec![Operation::open_case(operation, &body)],
    }
}

/// What the publish of this number says it was made from.
pub fn seen(number: u64) -> Vec<Seen> {
    let seen = |seq| Seen {
        actor: [7; 24],
        seq,
    };
    // The server passes on what it is told, sensible or not.
    vec![seen(number), seen(0), seen(u64::MAX)]
}

fn on_circle(circle: u64, operation: Operation) -> Group {
    Group {
        space: space(circle),
        document: None,
        operations: vec![operation],
    }
}

/// A group that opens a circle with these practitioners, by the operation of this number.
pub fn open_circle(number: u64, circle: u64, with: &[u64]) -> Group {
    let body = OpenCircle {
        title: format!("Kreds {circle}"),
        participants: with.iter().map(|one| practitioner(*one)).collect(),
        about: vec![space(1)],
        opened_at: NOW,
    };
    let operation = OperationId::from_bytes(bytes16(0x79, number));
    on_circle(circle, Operation::open_circle(operation, &body))
}

/// A group that brings somebody into a circle.
pub fn join(number: u64, circle: u64, whom: u64) -> Group {
    let body = Join {
        practitioner: practitioner(whom),
    };
    let operation = OperationId::from_bytes(bytes16(0x79, number));
    on_circle(circle, Operation::join(operation, &body))
}

/// A group that leaves a circle.
pub fn leave(number: u64, circle: u64) -> Group {
    let operation = OperationId::from_bytes(bytes16(0x79, number));
    on_circle(circle, Operation::leave(operation))
}

/// What a share of this case says that is about nothing but whom it is for.
pub fn terms(document: Option<DocumentId>, to: Recipient, until: Option<i64>) -> Terms {
    Terms {
        document,
        to,
        about: "Barnet".to_owned(),
        purpose: "fælles indsats".to_owned(),
        basis: LegalBasis {
            code: "samtykke".to_owned(),
            text: String::new(),
        },
        consent: Consent::Given {
            by: "mor".to_owned(),
            at: NOW,
        },
        until: until.map(|millis| UnixMillis(NOW.0 + millis)),
        shared_at: NOW,
    }
}

pub fn share_id(number: u64) -> ShareId {
    ShareId::from_bytes(bytes16(0x7b, number))
}

/// A group that records a share of a case, by the operation of the same number.
pub fn share(number: u64, case: u64, terms: Terms) -> Group {
    let body = Share {
        share: share_id(number),
        terms,
    };
    let operation = OperationId::from_bytes(bytes16(0x7a, number));
    on_circle(case, Operation::share(operation, &body))
}

/// A group that discloses a document of a case to a team, by the operation of the same number.
pub fn disclose(number: u64, case: u64, document: DocumentId, of: u64) -> Group {
    let body = Disclose {
        share: share_id(number),
        terms: terms(Some(document), Recipient::Team(team(of)), None),
    };
    let operation = OperationId::from_bytes(bytes16(0x7a, number));
    on_circle(case, Operation::disclose(operation, &body))
}

/// A group that withdraws a share of a case, by the operation of a number of its own.
pub fn withdraw(operation: u64, number: u64, case: u64) -> Group {
    let body = Withdraw {
        share: share_id(number),
        why: "ønskes ikke".to_owned(),
        withdrawn_at: NOW,
    };
    let operation = OperationId::from_bytes(bytes16(0x7a, 1_000 + operation));
    on_circle(case, Operation::withdraw(operation, &body))
}

/// A group that closes a circle with these lines, shared with these teams.
pub fn close_circle(number: u64, circle: u64, lines: &[&str], teams: &[u64]) -> Group {
    let body = CloseCircle {
        at: NOW,
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        shared_with: teams.iter().map(|one| team(*one)).collect(),
        kind: ReflectionKind::Shared,
    };
    let operation = OperationId::from_bytes(bytes16(0x79, number));
    on_circle(circle, Operation::close_circle(operation, &body))
}

/// A group that publishes a draft as this document, by the operation of this number.
pub fn publish(
    number: u64,
    case: SpaceId,
    draft: DocumentId,
    document: DocumentId,
    first: &[u8],
) -> Group {
    let body = Publish {
        draft,
        change: first.to_vec().into(),
        seen: seen(number),
    };
    let operation = OperationId::from_bytes(bytes16(0x78, number));
    Group {
        space: case,
        document: Some(document),
        operations: vec![Operation::publish(operation, &body)],
    }
}

/// Another device of the same practitioner.
pub fn second_device(number: u64) -> Caller {
    Caller {
        device: DeviceId::from_bytes(bytes16(0x45, number)),
        ..caller(number)
    }
}

/// A group of changes of one document.
pub fn changes(case: SpaceId, document: DocumentId, bodies: &[Vec<u8>]) -> Group {
    Group {
        space: case,
        document: Some(document),
        operations: bodies.iter().cloned().map(Operation::change).collect(),
    }
}

/// A document as a device writes it, without templates.
pub struct Draft(pub Automerge);

impl Draft {
    pub fn new() -> Self {
        Self(Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint))
    }

    /// One change that sets a field; its bytes.
    pub fn set(&mut self, caller: &Caller, session: u64, field: &str, value: &str) -> Vec<u8> {
        self.change(caller, session, |tx| {
            tx.put(ROOT, field, value).expect("puts");
        })
    }

    /// One change of any content; its bytes.
    pub fn change(
        &mut self,
        caller: &Caller,
        session: u64,
        write: impl FnOnce(&mut Transaction<'_>),
    ) -> Vec<u8> {
        let mut actor = caller.device.as_bytes().to_vec();
        actor.extend(session.to_be_bytes());
        self.0
            .set_author(Some(Author::from(caller.practitioner.as_bytes().to_vec())));
        self.0.set_actor(ActorId::from(actor.as_slice()));
        let mut tx = self.0.transaction();
        write(&mut tx);
        let (hash, _) = tx.commit();
        let hash = hash.expect("a change");
        let change = self.0.get_change_by_hash(&hash).expect("there");
        change.raw_bytes().to_vec()
    }

    pub fn apply(&mut self, body: &[u8]) {
        let change = automerge::Change::try_from(body).expect("a change");
        self.0.apply_changes([change]).expect("applies");
    }
}

/// The positions of a list of answers, all accepted.
pub fn seqs(answers: &[Answer]) -> Vec<u64> {
    let seq = |answer: &Answer| match answer {
        Answer::Accepted { seq } => *seq,
        Answer::Refused { reason, detail, .. } => panic!("refused: {reason}: {detail}"),
    };
    answers.iter().map(seq).collect()
}
