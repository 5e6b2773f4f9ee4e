//! A model of the server for tests: the protocol's own bytes, no network, no disk, one team. It answers as the
//! real one does where a device can tell the difference, and fails in every way a road can.

mod circle;
mod feed;
mod publish;
mod quarantine;
mod restrict;
mod sign;

use crate::transport::{Courier, Letter, Reply, TransportError};
use ed25519_dalek::SigningKey;
use futures_util::future::BoxFuture;
use publish::superseded;
use samspor_documents::{
    document::Document,
    guard,
    id::{
        DeviceId, DocumentId, FactId, OperationId, OrganisationId, PractitionerId, SpaceId, TeamId,
    },
    time::UnixMillis,
};
use samspor_protocol::{
    certificate::{DeviceCertificate, DeviceStatement},
    enrol::{CodeSecret, EnrolRequest, EnrolResponse, EnrolmentCode},
    fact::{Fact, FactBody, Membership, Role, Space, Team, TeamKind},
    feed::{
        ChangeItem, Content, DocumentItem, FactItem, FeedRequest, Gone, Page, PageEnd, Receipt,
    },
    frame,
    hash::Hash32,
    limits,
    problem::{Problem, code},
    push::{Answer, Group, OpenCase, Operation, PushRequest, PushResponse, kind},
    reason::Reason,
    repair::{ItemId, RepairRequest, Tags},
    sign::TextSignature,
    tag::{Digest, Tag},
    token, version, wire,
};
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is answered.
    None,
    /// It never arrives.
    LoseRequest,
    /// It arrives; the answer is lost.
    LoseAnswer,
    /// It arrives twice; the second answer is the one that comes back.
    Twice,
    /// The server is busy.
    Busy,
    /// Its operations are all answered "try again later".
    Postpone,
}

#[derive(Clone)]
struct Logged {
    seq: u64,
    device: DeviceId,
    hash: [u8; 32],
    body: Vec<u8>,
}

struct Doc {
    space: SpaceId,
    changes: Vec<Logged>,
    signed: Option<sign::SignedDoc>,
}

/// What the server holds.
pub(crate) struct State {
    pub(crate) organisation: OrganisationId,
    pub(crate) team: TeamId,
    seq: u64,
    key: SigningKey,
    devices: HashMap<DeviceId, (PractitionerId, [u8; 32])>,
    spaces: HashMap<SpaceId, u64>,
    docs: BTreeMap<DocumentId, Doc>,
    /// What became of drafts.
    published: HashMap<DocumentId, DocumentId>,
    facts: BTreeMap<FactId, (Fact, u64)>,
    /// Circles with who takes part in them.
    circles: Vec<(SpaceId, Vec<PractitionerId>)>,
    /// Operations on circles, and restrictions, by their names.
    by_name: HashMap<OperationId, u64>,
    /// Who reads and writes the team's cases.
    pub(crate) members: Vec<PractitionerId>,
    /// How many documents a page carries.
    pub(crate) page_items: usize,
    /// What the next requests meet; `None` when the list is empty.
    pub(crate) faults: VecDeque<Fault>,
    /// What every push of a change is answered with.
    pub(crate) refuse: Option<Reason>,
    /// What every signature is answered with.
    pub(crate) refuse_signatures: Option<Reason>,
    /// What is told instead of the right evidence.
    pub(crate) damaged_evidence: Option<Vec<u8>>,
    /// Added to every digest told.
    pub(crate) digest_error: u128,
    /// The log up to here is covered by a backup.
    pub(crate) safe_seq: u64,
    /// What pages tell of how long a device may be out of contact.
    pub(crate) lease_millis: Option<i64>,
    /// Whether every device is revoked.
    pub(crate) revoked: bool,
    /// Whether what revoked devices are answered is not signed by the organisation.
    pub(crate) is_impostor: bool,
    /// What a revoked device handed over.
    pub(crate) handed_over: Option<Vec<u8>>,
    /// The server's clock.
    pub(crate) now: Option<UnixMillis>,
    /// Requests that were answered, by path.
    pub(crate) answered: HashMap<&'static str, u64>,
    /// A document's bytes told instead of the right ones.
    pub(crate) damaged: HashMap<DocumentId, Vec<u8>>,
}

/// The model server.
#[derive(Clone)]
pub(crate) struct ModelServer {
    state: Arc<Mutex<State>>,
}

fn team_facts(organisation: OrganisationId, team: TeamId) -> Vec<(FactId, SpaceId, FactBody)> {
    let body = FactBody::Team(Team {
        team,
        name: "Sundhedsplejen Nord".to_owned(),
        kind: TeamKind::HealthVisiting,
        caseload: None,
    });
    vec![(FactId::from_bytes([0xa1; 16]), organisation.space(), body)]
}

impl ModelServer {
    pub(crate) fn new() -> Self {
        let organisation = OrganisationId::from_bytes([0x0e; 16]);
        let team = TeamId::from_bytes([0x7e; 16]);
        let server = Self {
            state: Arc::new(Mutex::new(State {
                organisation,
                team,
                seq: 0,
                key: SigningKey::from_bytes(&[9; 32]),
                devices: HashMap::new(),
                spaces: HashMap::new(),
                docs: BTreeMap::new(),
                published: HashMap::new(),
                circles: Vec::new(),
                by_name: HashMap::new(),
                facts: BTreeMap::new(),
                members: Vec::new(),
                page_items: 50,
                faults: VecDeque::new(),
                refuse: None,
                refuse_signatures: None,
                damaged_evidence: None,
                digest_error: 0,
                safe_seq: 0,
                lease_millis: None,
                revoked: false,
                is_impostor: false,
                handed_over: None,
                now: None,
                answered: HashMap::new(),
                damaged: HashMap::new(),
            })),
        };
        for (id, space, body) in team_facts(organisation, team) {
            server.state().log_fact(id, space, &body);
        }
        server
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A code for a member of the team.
    pub(crate) fn code(&self, practitioner: PractitionerId) -> EnrolmentCode {
        let mut state = self.state();
        if !state.members.contains(&practitioner) {
            state.members.push(practitioner);
        }
        let body = FactBody::Membership(Membership {
            practitioner,
            team: state.team,
            role: Role::Practitioner,
            ended: false,
        });
        let circle = state.team.circle();
        state.log_fact(FactId(practitioner.0), circle, &body);
        EnrolmentCode {
            server: "https://model.invalid".to_owned(),
            secret: CodeSecret(*practitioner.as_bytes()),
            organisation_key: state.key.verifying_key().to_bytes(),
            pin: Some(Hash32([0; 32])),
        }
    }

    /// A page with one document whole, as a repair answers.
    pub(crate) fn page_of(&self, reader: PractitionerId, document: DocumentId) -> Page {
        self.page_of_item(reader, ItemId::Document(document))
    }

    /// A page with the news that a draft was published.
    pub(crate) fn news_of(&self, author: PractitionerId, draft: DocumentId) -> Page {
        self.page_of_item(author, ItemId::Fact(FactId(draft.0)))
    }

    fn page_of_item(&self, reader: PractitionerId, item: ItemId) -> Page {
        let wanted = RepairRequest::Whole(vec![item]);
        let reply = self.state().repair(reader, &wire::encode(&wanted));
        frame::decode_page(&reply.body).expect("a page")
    }

    pub(crate) fn road(&self) -> Arc<dyn Courier> {
        Arc::new(self.clone())
    }

    /// The text of every change that is in the log, for looking up what was acknowledged.
    pub(crate) fn has_change(&self, document: DocumentId, hash: &[u8; 32]) -> bool {
        let state = self.state();
        let doc = state.docs.get(&document);
        doc.is_some_and(|doc| doc.changes.iter().any(|change| change.hash == *hash))
    }

    /// Holds a feed request until something was logged, or its wait is over.
    async fn hold(&self, letter: &Letter) {
        if letter.path != version::path::FEED {
            return;
        }
        let request: FeedRequest = wire::decode("feed", &letter.body).expect("a feed request");
        let cursor = request.cursor.as_ref();
        let cursor =
            cursor.map(|cursor| wire::decode::<Cursor>("cursor", cursor).expect("a cursor"));
        for _ in 0..request.wait_millis / 5 {
            let is_quiet =
                cursor.is_some_and(|cursor| !cursor.filling && cursor.seq >= self.state().seq);
            if !is_quiet {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    fn answer(&self, letter: &Letter) -> Reply {
        let mut state = self.state();
        let reply = state.answer(letter);
        *state.answered.entry(letter.path).or_default() += 1;
        reply
    }
}

impl Courier for ModelServer {
    fn post(&self, letter: Letter) -> BoxFuture<'_, Result<Reply, TransportError>> {
        Box::pin(async move {
            let fault = self.state().faults.pop_front().unwrap_or(Fault::None);
            tokio::task::yield_now().await;
            self.hold(&letter).await;
            match fault {
                Fault::LoseRequest => Err(TransportError::Cut),
                Fault::LoseAnswer => {
                    self.answer(&letter);
                    Err(TransportError::Cut)
                }
                Fault::Twice => {
                    self.answer(&letter);
                    Ok(self.answer(&letter))
                }
                Fault::Busy => Ok(problem(503, code::UNAVAILABLE, None)),
                Fault::Postpone if letter.path == version::path::PUSH => {
                    let before = self.state().refuse.replace(Reason::Rate);
                    let reply = self.answer(&letter);
                    self.state().refuse = before;
                    Ok(reply)
                }
                Fault::None | Fault::Postpone => Ok(self.answer(&letter)),
            }
        })
    }
}

fn problem(status: u16, code: &str, server_time: Option<i64>) -> Reply {
    let problem = Problem {
        code: code.to_owned(),
        detail: String::new(),
        request_id: "model".to_owned(),
        server_time,
    };
    Reply {
        status,
        body: wire::encode(&problem),
    }
}

const fn good(body: Vec<u8>) -> Reply {
    Reply { status: 200, body }
}

/// Where a device stands: what it was told up to, whether it was a member, while filling after which document,
/// and what it held when the news under way began.
#[derive(Clone, Copy, Default, minicbor::Encode, minicbor::Decode)]
struct Cursor {
    #[n(0)]
    seq: u64,
    #[n(1)]
    member: bool,
    #[n(2)]
    fill_after: Option<DocumentId>,
    #[n(3)]
    filling: bool,
    #[n(4)]
    base: u64,
    /// The circles it takes part in, a bit for each.
    #[n(5)]
    circles: u64,
}

impl State {
    pub(crate) fn log_fact(&mut self, id: FactId, space: SpaceId, body: &FactBody) {
        self.seq += 1;
        let version = self.facts.get(&id).map_or(1, |(fact, _)| fact.version + 1);
        let fact = Fact::new(id, space, version, body);
        self.facts.insert(id, (fact, self.seq));
    }

    fn now(&self) -> UnixMillis {
        self.now.unwrap_or(UnixMillis(1_795_000_000_000))
    }

    fn answer(&mut self, letter: &Letter) -> Reply {
        if letter.path == version::path::ENROL {
            return self.enrol(&letter.body);
        }
        let token = letter.token.as_deref().unwrap_or_default();
        let unchecked = token::Unchecked::parse(token).expect("a token");
        let device = unchecked.speaker.device;
        let (practitioner, public_key) = self.devices[&device];
        let request = token::Request {
            method: "POST",
            path: letter.path,
            body: &letter.body,
        };
        if let Some(now) = self.now
            && unchecked
                .check(&public_key, self.organisation, now, &request)
                .is_err()
        {
            return problem(401, code::CLOCK, Some(now.0));
        }
        match letter.path {
            version::path::QUARANTINE => self.quarantine(device, &letter.body),
            _ if self.revoked => problem(401, code::REVOKED, None),
            version::path::PUSH => self.push(device, practitioner, &letter.body),
            version::path::FEED => self.feed(device, practitioner, &letter.body),
            version::path::EVIDENCE => self.evidence(practitioner, &letter.body),
            _ => self.repair(practitioner, &letter.body),
        }
    }

    fn enrol(&mut self, body: &[u8]) -> Reply {
        let request: EnrolRequest = wire::decode("enrolment", body).expect("an enrolment");
        assert!(request.is_proven());
        let practitioner = PractitionerId::from_bytes(request.secret.0);
        if let Some(succeeds) = &request.succeeds {
            let (of, public_key) = self.devices[&succeeds.device];
            assert!(request.may_succeed(succeeds, &public_key));
            if of != practitioner {
                return problem(403, code::OTHER_PRACTITIONER, None);
            }
        }
        self.devices
            .insert(request.device, (practitioner, request.public_key));
        good(wire::encode(&EnrolResponse {
            organisation: self.organisation,
            practitioner,
            certificate: self.certificate(request.device),
            server_time: request.at,
            lease_millis: 30 * 24 * 60 * 60 * 1000,
        }))
    }

    fn push(&mut self, device: DeviceId, by: PractitionerId, body: &[u8]) -> Reply {
        let body = frame::unpack(body, limits::PUSH_BYTES_MAX).expect("a body");
        let request = PushRequest::from_body(&body).expect("a push within the limits");
        let mut groups = Vec::new();
        for group in &request.groups {
            let mut answers: Vec<Answer> = Vec::new();
            for operation in &group.operations {
                let refused = answers
                    .iter()
                    .any(|answer| matches!(answer, Answer::Refused { .. }));
                answers.push(if refused {
                    Answer::refused(Reason::EarlierRefused, "")
                } else if operation.kind == kind::OPEN_CASE {
                    self.open_case(by, group.space, operation)
                } else if matches!(operation.kind, kind::OPEN_CIRCLE | kind::JOIN | kind::LEAVE) {
                    self.on_circle(by, group.space, operation)
                } else if operation.kind == kind::PUBLISH {
                    self.publish(device, by, group, operation)
                } else if operation.kind == kind::RESTRICT {
                    let document = group.document.expect("a restriction has a document");
                    self.restrict(by, (group.space, document), operation)
                } else if operation.kind == kind::SIGN {
                    let document = group.document.expect("a signature has a document");
                    self.sign(by, group.space, document, operation)
                } else {
                    let document = group.document.expect("a change has a document");
                    self.change(device, by, (group.space, document), &operation.body)
                });
            }
            groups.push(answers);
        }
        good(wire::encode(&PushResponse {
            groups,
            server_time: self.now(),
        }))
    }

    fn open_case(&mut self, by: PractitionerId, space: SpaceId, operation: &Operation) -> Answer {
        if let Some(seq) = self.spaces.get(&space) {
            return Answer::Accepted { seq: *seq };
        }
        if !self.members.contains(&by) {
            return Answer::refused(Reason::NoAccess, "no access");
        }
        let open: OpenCase = wire::decode("open_case", &operation.body).expect("an open_case");
        let body = FactBody::Space(Space {
            team: open.team,
            opened_by: by,
            opened_at: open.opened_at,
        });
        self.log_fact(FactId(space.0), space, &body);
        self.spaces.insert(space, self.seq);
        Answer::Accepted { seq: self.seq }
    }

    fn change(
        &mut self,
        device: DeviceId,
        by: PractitionerId,
        (space, document): (SpaceId, DocumentId),
        body: &[u8],
    ) -> Answer {
        let facts = guard::check_change(body, &limits::CHANGE).expect("a change");
        let held = self.docs.get(&document);
        let logged = held.and_then(|doc| doc.changes.iter().find(|one| one.hash == facts.hash));
        if let Some(logged) = logged {
            return Answer::Accepted { seq: logged.seq };
        }
        if let Some(reason) = &self.refuse {
            return Answer::refused(reason.clone(), "the model refuses");
        }
        if !self.writes(by, space) {
            return Answer::refused(Reason::NoAccess, "no access");
        }
        if let Some(by) = self.published.get(&document) {
            return superseded(*by);
        }
        if held.is_some_and(|doc| doc.signed.is_some()) {
            return Answer::refused(Reason::Signed, "signed");
        }
        let known =
            |dep: &[u8; 32]| held.is_some_and(|doc| doc.changes.iter().any(|one| one.hash == *dep));
        if !facts.deps.iter().all(known) {
            return Answer::refused(Reason::MissingDeps, "missing");
        }
        self.seq += 1;
        let seq = self.seq;
        let doc = self.docs.entry(document).or_insert_with(|| Doc {
            space,
            changes: Vec::new(),
            signed: None,
        });
        doc.changes.push(Logged {
            seq,
            device,
            hash: facts.hash,
            body: body.to_vec(),
        });
        Answer::Accepted { seq }
    }
}

fn load(changes: &[Logged]) -> Document {
    let mut document = Document::empty();
    for change in changes {
        guard::apply(&mut document, &change.body).expect("applies");
    }
    document
}
