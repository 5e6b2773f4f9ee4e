//! The wire's bytes, per version, in files: a change in them is a change of the protocol and must be
//! accepted on purpose (`SAMSPOR_ACCEPT_GOLDEN=1 cargo test -p samspor-protocol`) and named in the changelog.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test reads and writes its golden files, and fails by panic"
)]

use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{
        DeviceId, DocumentId, FactId, OperationId, OrganisationId, PractitionerId, SpaceId, TeamId,
    },
    time::UnixMillis,
};
use samspor_protocol::{
    certificate::{DeviceCertificate, DeviceStatement},
    circle::{Circle, Join, Leave, OpenCircle, Participant},
    enrol::{CodeSecret, EnrolRequest, EnrolResponse, EnrolmentCode},
    evidence::EvidenceRequest,
    fact::{
        CoSignature, Fact, FactBody, Membership, Organisation, Practitioner, Published, Role, Seen,
        Space, Team, TeamKind,
    },
    feed::{
        ChangeItem, Content, DocumentItem, FactItem, FeedRequest, Gone, Page, PageEnd, Receipt,
        SetAside, Tells,
    },
    hash::Hash32,
    limits,
    problem::{Problem, code},
    push::{Answer, Group, OpenCase, Operation, Publish, PushRequest, PushResponse},
    reason::Reason,
    repair::{ItemId, RepairRequest, Tags},
    sign::TextSignature,
    tag::{Digest, Tag},
    token::{self, Speaker},
    wire,
};
use std::path::PathBuf;

#[path = "golden/assignments.rs"]
mod assignments;
#[path = "golden/closings.rs"]
mod closings;
#[path = "golden/devices.rs"]
mod devices;
#[path = "golden/shares.rs"]
mod shares;
#[path = "golden/templates.rs"]
mod templates;

const AT: UnixMillis = UnixMillis(1_790_000_000_123);

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format!("v1-{name}.hex"))
}

/// Compares `bytes` with the file of this name.
fn compare(name: &str, bytes: &[u8]) {
    if std::env::var_os("SAMSPOR_ACCEPT_GOLDEN").is_some() {
        std::fs::write(file(name), hex(bytes) + "\n").expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(file(name)).expect("there is a golden file");
    assert_eq!(hex(bytes), golden.trim(), "the bytes of {name} changed");
}

/// Compares a message's bytes with its file, and reads it back from them.
fn golden<T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + std::fmt::Debug>(
    name: &str,
    message: &T,
) {
    let bytes = wire::encode(message);
    compare(name, &bytes);
    assert_eq!(
        &wire::decode::<T>("message", &bytes).expect("reads back"),
        message,
        "{name}"
    );
}

fn space() -> SpaceId {
    SpaceId::from_bytes([0x11; 16])
}
fn document() -> DocumentId {
    DocumentId::from_bytes([0x22; 16])
}
fn team() -> TeamId {
    TeamId::from_bytes([0x33; 16])
}
fn practitioner() -> PractitionerId {
    PractitionerId::from_bytes([0x44; 16])
}
fn organisation() -> OrganisationId {
    OrganisationId::from_bytes([0x55; 16])
}
fn device() -> DeviceId {
    DeviceId::from_bytes([0x66; 16])
}

fn seen() -> Vec<Seen> {
    let seen = |number, seq| Seen {
        actor: [number; 24],
        seq,
    };
    vec![seen(0x66, 300), seen(0x67, 1)]
}

#[test]
fn a_push_keeps_its_bytes() {
    let open = OpenCase {
        team: team(),
        opened_at: AT,
    };
    let opened = Operation::open_case(OperationId::from_bytes([0x77; 16]), &open);
    let request = PushRequest {
        groups: vec![
            Group {
                space: space(),
                document: None,
                operations: vec![opened],
            },
            Group {
                space: space(),
                document: Some(document()),
                operations: vec![Operation::change(b"change".to_vec())],
            },
        ],
    };
    golden("push-request", &request);
    assert_eq!(
        PushRequest::from_body(&wire::encode(&request)).expect("within limits"),
        request
    );
    let refused = Answer::refused(
        Reason::MissingDeps,
        "the change builds on changes that are not here",
    );
    golden(
        "push-response",
        &PushResponse {
            groups: vec![vec![Answer::Accepted { seq: 7 }], vec![refused]],
            server_time: AT,
        },
    );
}

#[test]
fn a_publish_and_its_refusal_keep_their_bytes() {
    let body = Publish {
        draft: document(),
        change: b"change".to_vec().into(),
        seen: seen(),
    };
    golden("publish", &body);
    assert_eq!(
        Publish::from_body(&wire::encode(&body)).expect("within limits"),
        body
    );
    let operation = Operation::publish(OperationId::from_bytes([0x77; 16]), &body);
    golden("publish-operation", &operation);
    golden(
        "superseded",
        &Answer::Refused {
            reason: Reason::Superseded,
            detail: "the draft was published before".into(),
            by: Some(DocumentId::from_bytes([0x23; 16])),
        },
    );
}

#[test]
fn a_publish_tells_of_no_more_actors_than_its_fact_can_hold() {
    let mut body = Publish {
        draft: document(),
        change: b"change".to_vec().into(),
        seen: vec![
            Seen {
                actor: [0xff; 24],
                seq: u64::MAX,
            };
            limits::SEEN_ACTORS_MAX
        ],
    };
    assert!(Publish::from_body(&wire::encode(&body)).is_ok());
    let fact = FactBody::Published(Published {
        draft: body.draft,
        document: DocumentId::from_bytes([0x23; 16]),
        seen: body.seen.clone(),
    });
    assert!(wire::encode(&fact).len() <= limits::FACT_BYTES_MAX);
    body.seen.extend(seen());
    assert!(Publish::from_body(&wire::encode(&body)).is_err());
}

#[test]
fn what_is_asked_of_a_circle_keeps_its_bytes() {
    let open = OpenCircle {
        title: "Overgang til skole på Ærø".into(),
        participants: vec![practitioner(), PractitionerId::from_bytes([0x45; 16])],
        about: vec![space()],
        opened_at: AT,
    };
    golden("open-circle", &open);
    let join = Join {
        practitioner: practitioner(),
    };
    golden("join", &join);
    golden("leave", &Leave {});
    let operation = OperationId::from_bytes([0x77; 16]);
    let request = PushRequest {
        groups: vec![Group {
            space: SpaceId::from_bytes([0x12; 16]),
            document: None,
            operations: vec![
                Operation::open_circle(operation, &open),
                Operation::join(operation, &join),
                Operation::leave(operation),
            ],
        }],
    };
    golden("circle-push", &request);
}

#[test]
fn facts_of_circles_keep_their_bytes() {
    let circle = SpaceId::from_bytes([0x12; 16]);
    let bodies = [
        FactBody::Circle(Circle {
            title: "Overgang til skole på Ærø".into(),
            opened_by: practitioner(),
            opened_at: AT,
            about: vec![space()],
        }),
        FactBody::Participant(Participant {
            circle,
            practitioner: practitioner(),
            since: AT,
            ended: false,
        }),
    ];
    for (number, body) in (7..).zip(&bodies) {
        let fact = Fact::new(FactId::from_bytes([0x88; 16]), circle, 1, body);
        golden(&format!("fact-{number}"), &fact);
        assert_eq!(&fact.read().expect("reads back"), body);
    }
}

#[test]
fn facts_keep_their_bytes() {
    let bodies = [
        FactBody::Organisation(Organisation {
            organisation: organisation(),
            name: "Egelund Kommune".into(),
        }),
        FactBody::Team(Team {
            team: team(),
            name: "Team Øst".into(),
            kind: TeamKind::HealthVisiting,
            caseload: None,
        }),
        FactBody::Practitioner(Practitioner {
            practitioner: practitioner(),
            name: "Åse Lykke".into(),
            title: "sundhedsplejerske".into(),
        }),
        FactBody::Membership(Membership {
            practitioner: practitioner(),
            team: team(),
            role: Role::Coordinator,
            ended: false,
        }),
        FactBody::Space(Space {
            team: team(),
            opened_by: practitioner(),
            opened_at: AT,
        }),
        FactBody::Published(Published {
            draft: document(),
            document: DocumentId::from_bytes([0x23; 16]),
            seen: seen(),
        }),
    ];
    let co_signature = FactBody::CoSignature(CoSignature {
        document: document(),
        signature: TextSignature {
            signer: practitioner(),
            device: device(),
            signed_at: AT,
            signature: [0xdd; 64],
        },
    });
    // Number 5 is another fact's.
    let numbered = bodies.iter().enumerate().chain([(6, &co_signature)]);
    for (number, body) in numbered {
        let fact = Fact::new(FactId::from_bytes([0x88; 16]), space(), 1, body);
        golden(&format!("fact-{number}"), &fact);
        assert_eq!(&fact.read().expect("reads back"), body);
    }
}

#[test]
fn a_page_keeps_its_bytes() {
    let item = |content| DocumentItem {
        document: document(),
        space: space(),
        seq: 9,
        received_at: AT,
        receipt: Receipt([0x99; 16]),
        content,
    };
    let body = FactBody::Space(Space {
        team: team(),
        opened_by: practitioner(),
        opened_at: AT,
    });
    let page = Page {
        gone: vec![Gone::Space(space()), Gone::Document(document())],
        facts: vec![FactItem {
            fact: Fact::new(FactId::from_bytes([0x88; 16]), space(), 1, &body),
            seq: 8,
        }],
        documents: vec![
            item(Content::Whole(b"snapshot".to_vec().into())),
            item(Content::Changes(vec![
                ChangeItem::Body(b"change".to_vec().into()),
                ChangeItem::Own(Hash32([0xaa; 32])),
            ])),
        ],
        set_aside: vec![SetAside {
            document: document(),
            hash: Hash32([0xbb; 32]),
            detail: "cannot be applied".into(),
        }],
        end: PageEnd {
            cursor: b"cursor".to_vec(),
            up_to_date: true,
            digest: Some(Digest(5)),
            visible: 3,
            safe_seq: 0,
            server_time: AT,
            lease_millis: None,
        },
    };
    golden("page", &page);
    golden(
        "document-signed",
        &item(Content::Signed(b"text".to_vec().into())),
    );
    golden(
        "document-filed",
        &item(Content::Filed(b"record".to_vec().into())),
    );
}

#[test]
fn what_a_device_asks_the_feed_keeps_its_bytes() {
    golden(
        "feed-request",
        &FeedRequest {
            cursor: Some(b"cursor".to_vec().into()),
            wait_millis: 25_000,
            bytes_max: 1_048_576,
            tells: None,
        },
    );
    golden(
        "feed-request-tells",
        &FeedRequest {
            cursor: Some(b"cursor".to_vec().into()),
            wait_millis: 25_000,
            bytes_max: 1_048_576,
            tells: Some(Tells {
                waiting: 3,
                oldest_millis: Some(86_400_000),
                clock_offset_millis: -1_500,
            }),
        },
    );
}

#[test]
fn what_is_asked_for_on_demand_keeps_its_bytes() {
    golden(
        "repair-tags",
        &RepairRequest::Tags(Some(ItemId::Document(document()))),
    );
    golden(
        "repair-whole",
        &RepairRequest::Whole(vec![ItemId::Fact(FactId::from_bytes([0x88; 16]))]),
    );
    golden(
        "evidence-request",
        &EvidenceRequest {
            document: document(),
        },
    );
    golden(
        "tags",
        &Tags {
            items: vec![(ItemId::Document(document()), Tag([0xcc; 16]))],
            more: true,
        },
    );
}

#[test]
fn an_enrolment_keeps_its_bytes() {
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let code = EnrolmentCode {
        server: "https://localhost:8443".into(),
        secret: CodeSecret([1; 16]),
        organisation_key: [2; 32],
        pin: Some(Hash32([3; 32])),
    };
    compare("enrolment-code", code.to_text().as_bytes());
    let request = EnrolRequest::sign(CodeSecret([1; 16]), device(), [5; 16], AT, &key);
    compare("enrol-request", &wire::encode(&request));
    let statement = DeviceStatement {
        organisation: organisation(),
        device: device(),
        practitioner: practitioner(),
        public_key: key.verifying_key().to_bytes(),
        issued_at: AT,
    };
    let certificate = DeviceCertificate::issue(statement, &key);
    assert!(certificate.is_signed_by(&key.verifying_key().to_bytes()));
    assert!(!certificate.is_signed_by(&[2; 32]));
    golden(
        "enrol-response",
        &EnrolResponse {
            organisation: organisation(),
            practitioner: practitioner(),
            certificate,
            server_time: AT,
            lease_millis: 1_209_600_000,
        },
    );
}

#[test]
fn tokens_tags_and_problems_keep_their_bytes() {
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let speaker = Speaker {
        device: device(),
        organisation: organisation(),
        install: [5; 16],
    };
    let request = token::Request {
        method: "POST",
        path: "/v1/push",
        body: b"body",
    };
    compare(
        "token",
        token::make(&speaker, &key, AT, &request).as_bytes(),
    );
    compare(
        "tag-open",
        &Tag::of_open_document(document(), &[[1; 32], [2; 32]]).0,
    );
    compare(
        "tag-signed",
        &Tag::of_signed_document(document(), [1; 32]).0,
    );
    golden(
        "problem",
        &Problem {
            code: code::CLOCK.into(),
            detail: "set the clock".into(),
            request_id: "r1".into(),
            server_time: Some(AT.0),
        },
    );
}
