//! Nobody learns what they may not see: whatever a colleague of another team asks, by every operation, route and command,
//! what is somebody else's is answered as what is not there.
//!
//! One thing is accepted: an id that is taken cannot be opened anew. Ids are random; whoever knows one has it from
//! somebody who may see it.

#![allow(
    clippy::indexing_slicing,
    reason = "what a story sets up by number is there"
)]

use anyhow::{Context as _, Result};
use samspor_client_core::NewShare;
use samspor_documents::id::{DocumentId, OperationId, PractitionerId, ShareId, SpaceId, TeamId};
use samspor_protocol::{
    assignment::{Assign, Unassign},
    circle::{Join, OpenCircle},
    closing::{CloseCircle, ReflectionKind},
    disclosure::Disclose,
    evidence::EvidenceRequest,
    fact::TeamKind,
    frame,
    hash::Hash32,
    push::{Answer, OpenCase, Operation, Publish, Sign, kind},
    reason::Reason,
    repair::{ItemId, RepairRequest},
    restrict::Restrict,
    share::{Consent, LegalBasis, Recipient, Share, Terms, Withdraw},
    sign::SignatureStatement,
    version::path,
    wire,
};
use samspor_tests::{
    browser::Browser,
    hand_made::{HandMade, now, random},
    needles::{found, make_needle},
    person::{prose, settle},
    world::World,
};
use std::collections::BTreeSet;

/// What an operation can be about.
#[derive(Clone, Copy)]
struct Ids {
    case: SpaceId,
    circle: SpaceId,
    private: SpaceId,
    open: DocumentId,
    signed: DocumentId,
    draft: DocumentId,
    contact: DocumentId,
    share: ShareId,
}

impl Ids {
    /// Of nothing that is there.
    fn nowhere() -> Result<Self> {
        let space = || -> Result<SpaceId> { Ok(SpaceId::make(now(), random()?)) };
        let document = || -> Result<DocumentId> { Ok(DocumentId::make(now(), random()?)) };
        Ok(Self {
            case: space()?,
            circle: space()?,
            private: space()?,
            open: document()?,
            signed: document()?,
            draft: document()?,
            contact: document()?,
            share: ShareId::make(now(), random()?),
        })
    }

    fn all(&self) -> Vec<[u8; 16]> {
        let documents =
            [self.open, self.signed, self.draft, self.contact].map(|one| *one.as_bytes());
        let spaces = [self.case, self.circle].map(|one| *one.as_bytes());
        let mut all = documents.to_vec();
        all.extend(spaces);
        all.push(*self.share.as_bytes());
        all
    }
}

/// Anna's things, in one team; Peter, a colleague of another with a case of his own.
struct Begun {
    world: World,
    theirs: Ids,
    own: SpaceId,
    peter: HandMade,
    anna_team: TeamId,
    colleague: PractitionerId,
    needles: Vec<String>,
    anna: samspor_tests::person::Person,
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let anna_team = world
        .team("Sundhedsplejen", TeamKind::HealthVisiting)
        .await?;
    let ppr = world.team("PPR", TeamKind::Ppr).await?;
    let anna_id = world.practitioner("Anna Holm", &[anna_team]).await?;
    let bodil = world.practitioner("Bodil Kjær", &[anna_team]).await?;
    let peter = world.practitioner("Peter Bæk", &[ppr]).await?;
    let anna = world.device(anna_id).await?;
    anna.until_member_of(&[anna_team]).await?;
    let needles = [
        "barnet", "åbent", "godkendt", "kladde", "kreds", "formål", "aftale",
    ];
    let needles: Result<Vec<String>> = needles.into_iter().map(make_needle).collect();
    let needles = needles?;
    let case = anna.open_named_case(anna_team, &needles[0]).await?;
    let open = anna.note(case, &needles[1]).await?;
    let signed = anna.note(case, &needles[2]).await?;
    anna.sign(signed).await?;
    let fields = vec![prose("text", &needles[3])];
    let draft = anna.draft(case, "note", fields, None).await?;
    let contact = anna.plan_now(case, &needles[6]).await?;
    let circle = anna
        .open_circle(&needles[4], vec![bodil], vec![case])
        .await?;
    let share = NewShare {
        document: None,
        to: Recipient::Practitioner(bodil),
        about: None,
        purpose: needles[5].clone(),
        basis: basis(),
        consent: consent(),
        until: None,
    };
    let share = anna.share(&[case], share).await?[0];
    settle(&[&anna]).await?;
    let peter = world.hand_made(peter).await?;
    let own = peter.open_case(ppr).await?;
    let private = anna_id.private_space();
    let theirs = Ids {
        case,
        circle,
        private,
        open,
        signed,
        draft,
        contact,
        share,
    };
    Ok(Begun {
        world,
        theirs,
        own,
        peter,
        anna_team,
        colleague: bodil,
        needles,
        anna,
    })
}

fn basis() -> LegalBasis {
    LegalBasis {
        code: "samtykke".to_owned(),
        text: String::new(),
    }
}

fn consent() -> Consent {
    Consent::NotAsked {
        why: "underretning".to_owned(),
    }
}

fn closing() -> CloseCircle {
    CloseCircle {
        at: now(),
        lines: Vec::new(),
        shared_with: Vec::new(),
        kind: ReflectionKind::Shared,
    }
}

type Asked = (u8, SpaceId, Option<DocumentId>, Operation);

impl Begun {
    fn terms(&self, document: Option<DocumentId>) -> Terms {
        Terms {
            document,
            to: Recipient::Practitioner(self.colleague),
            about: "Barnet".to_owned(),
            purpose: "sparring".to_owned(),
            basis: basis(),
            consent: consent(),
            until: None,
            shared_at: now(),
        }
    }

    fn disclose(&self, document: DocumentId) -> Result<Operation> {
        let body = Disclose {
            share: ShareId::make(now(), random()?),
            terms: Terms {
                to: Recipient::Team(self.anna_team),
                ..self.terms(Some(document))
            },
        };
        let name = OperationId::make(now(), random()?);
        Ok(Operation::disclose(name, &body))
    }

    fn signature(&self) -> Sign {
        let (text, heads) = (b"text".to_vec(), vec![Hash32([7; 32])]);
        let statement = SignatureStatement {
            text_hash: Hash32::of(&text),
            heads: &heads,
            signer: self.peter.practitioner,
            device: self.peter.speaker.device,
            signed_at: now(),
        };
        let signature = statement.sign(&self.peter.key);
        Sign {
            heads,
            text: text.into(),
            signature,
        }
    }

    /// Every operation on these things, where they are, and in Peter's own case where it only names them.
    fn questions(&self, ids: &Ids, change: &[u8]) -> Result<Vec<Asked>> {
        let name = || -> Result<OperationId> { Ok(OperationId::make(now(), random()?)) };
        let mut asked: Vec<Asked> = Vec::new();
        let open = OpenCase {
            team: self.anna_team,
            opened_at: now(),
        };
        let close = closing();
        let join = Join {
            practitioner: self.colleague,
        };
        let publish = |draft| Publish {
            draft,
            change: change.to_vec().into(),
            seen: Vec::new(),
        };
        let restrict = Restrict {
            restricted: true,
            ground: "klage".to_owned(),
            at: now(),
        };
        let share = |document| -> Result<Share> {
            let share = ShareId::make(now(), random()?);
            let terms = self.terms(document);
            Ok(Share { share, terms })
        };
        let withdraw = Withdraw {
            share: ids.share,
            why: String::new(),
            withdrawn_at: now(),
        };
        for space in [ids.case, ids.circle, ids.private] {
            let mut on_space = |kind, operation| asked.push((kind, space, None, operation));
            on_space(kind::OPEN_CASE, Operation::open_case(name()?, &open));
            on_space(kind::JOIN, Operation::join(name()?, &join));
            on_space(kind::LEAVE, Operation::leave(name()?));
            on_space(kind::CLOSE_CIRCLE, Operation::close_circle(name()?, &close));
            for document in [None, Some(ids.open), Some(ids.signed)] {
                on_space(kind::SHARE, Operation::share(name()?, &share(document)?));
            }
            for document in [ids.open, ids.signed] {
                on_space(kind::DISCLOSE, self.disclose(document)?);
            }
            on_space(kind::WITHDRAW, Operation::withdraw(name()?, &withdraw));
            for document in [ids.open, ids.signed, ids.draft, ids.contact] {
                let mut on = |kind, operation| asked.push((kind, space, Some(document), operation));
                on(kind::CHANGE, Operation::change(change.to_vec()));
                on(
                    kind::PUBLISH,
                    Operation::publish(name()?, &publish(ids.draft)),
                );
                on(kind::SIGN, Operation::sign(name()?, &self.signature()));
                on(kind::RESTRICT, Operation::restrict(name()?, &restrict));
            }
        }
        for document in [ids.open, ids.signed] {
            let own = Operation::share(name()?, &share(Some(document))?);
            asked.push((kind::SHARE, self.own, None, own));
            asked.push((kind::DISCLOSE, self.own, None, self.disclose(document)?));
            let own = Operation::restrict(name()?, &restrict);
            asked.push((kind::RESTRICT, self.own, Some(document), own));
        }
        let own = Operation::withdraw(name()?, &withdraw);
        asked.push((kind::WITHDRAW, self.own, None, own));
        for space in [ids.case, ids.circle, ids.private, self.own] {
            asked.extend(self.assignments(space)?);
        }
        Ok(asked)
    }

    /// Assigning a case to a colleague of Anna's, and ending that.
    fn assignments(&self, space: SpaceId) -> Result<[Asked; 2]> {
        let name = || -> Result<OperationId> { Ok(OperationId::make(now(), random()?)) };
        let (practitioner, at) = (self.colleague, now());
        let assign = Operation::assign(name()?, &Assign { practitioner, at });
        let unassign = Operation::unassign(name()?, &Unassign { practitioner, at });
        Ok([
            (kind::ASSIGN, space, None, assign),
            (kind::UNASSIGN, space, None, unassign),
        ])
    }

    /// One of them after the other, each in a push of its own.
    async fn answers(&self, ids: &Ids, change: &[u8]) -> Result<Vec<(u8, Answer)>> {
        let mut answers = Vec::new();
        for (kind, space, document, operation) in self.questions(ids, change)? {
            answers.push((kind, self.peter.push_one(space, document, operation).await?));
        }
        Ok(answers)
    }
}

/// A document's first change, as Peter's device writes it.
fn first_change(begun: &Begun) -> Result<Vec<u8>> {
    use samspor_documents::{document::*, template::Templates, time::Moment};
    let new = NewDocument {
        template: "note",
        subject: begun.own,
        occurred_at: Moment {
            at: now(),
            offset_minutes: 60,
        },
        fields: Vec::new(),
    };
    let made = Document::create(Templates::built_in(), &new, &begun.peter.authoring()?);
    Ok(made?.1)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_on_what_is_somebody_elses_is_answered_as_on_what_is_not_there() {
    let begun = begin().await.unwrap();
    let change = first_change(&begun).unwrap();
    let theirs = begun.answers(&begun.theirs, &change).await.unwrap();
    let nowhere = Ids::nowhere().unwrap();
    let nowhere = begun.answers(&nowhere, &change).await.unwrap();
    assert_eq!(theirs, nowhere);
    for (kind, answer) in &theirs {
        assert!(
            matches!(answer, Answer::Refused { reason, .. } if *reason == Reason::NoAccess),
            "{kind}: {answer:?}"
        );
    }
    // A draft that is somebody else's is published by nobody, and told of to nobody.
    for ids in [begun.theirs, Ids::nowhere().unwrap()] {
        let body = Publish {
            draft: ids.draft,
            change: first_change(&begun).unwrap().into(),
            seen: Vec::new(),
        };
        let name = OperationId::make(now(), random().unwrap());
        let document = DocumentId::make(now(), random().unwrap());
        let operation = Operation::publish(name, &body);
        let answer = begun.peter.push_one(begun.own, Some(document), operation);
        assert!(matches!(answer.await.unwrap(), Answer::Accepted { .. }));
    }
    assert!(begun.anna.read(begun.theirs.draft).await.is_ok());
    settle(&[&begun.anna]).await.unwrap();
    assert_eq!(begun.anna.drafts(false).await.unwrap().len(), 1);

    // No operation that the server knows is left out; opening a circle asks about nothing that is there.
    let asked: BTreeSet<u8> = theirs.iter().map(|(kind, _)| *kind).collect();
    for number in 1..=60 {
        let mut known = false;
        for document in [None, Some(DocumentId::make(now(), random().unwrap()))] {
            let operation = Operation {
                kind: number,
                operation: Some(OperationId::make(now(), random().unwrap())),
                body: Vec::new().into(),
            };
            let answer = begun.peter.push_one(begun.own, document, operation).await;
            known |= !matches!(
                answer.unwrap(),
                Answer::Refused { reason, .. } if reason == Reason::Unsupported
            );
        }
        let is_asked = asked.contains(&number) || number == kind::OPEN_CIRCLE;
        assert_eq!(known, is_asked, "operation {number}");
    }
    let open = OpenCircle {
        title: "Kreds".to_owned(),
        participants: Vec::new(),
        about: vec![begun.theirs.case],
        opened_at: now(),
    };
    let name = OperationId::make(now(), random().unwrap());
    let place = SpaceId::make(now(), random().unwrap());
    let answer = begun
        .peter
        .push_one(place, None, Operation::open_circle(name, &open));
    assert!(matches!(answer.await.unwrap(), Answer::Accepted { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_a_device_tells_of_what_is_somebody_elses_as_of_what_is_not_there() {
    let begun = begin().await.unwrap();
    let peter = &begun.peter;
    let nowhere = Ids::nowhere().unwrap();
    for (theirs, nowhere) in [
        (begun.theirs.signed, nowhere.signed),
        (begun.theirs.open, nowhere.open),
        (begun.theirs.draft, nowhere.draft),
        (begun.theirs.contact, nowhere.contact),
    ] {
        let mut said = Vec::new();
        for document in [theirs, nowhere] {
            let body = wire::encode(&EvidenceRequest { document });
            let answer = peter.send(peter.draft(path::EVIDENCE, body)).await.unwrap();
            let problem = answer.problem().unwrap();
            said.push((answer.status, problem.code, problem.detail));
        }
        assert_eq!(said[0], said[1]);
        let mut pages = Vec::new();
        for document in [theirs, nowhere] {
            let wanted = RepairRequest::Whole(vec![ItemId::Document(document)]);
            let body = wire::encode(&wanted);
            let answer = peter.send(peter.draft(path::REPAIR, body)).await.unwrap();
            let page = frame::decode_page(&answer.body).unwrap();
            pages.push((
                page.gone.len(),
                page.facts,
                page.documents,
                page.end.visible,
            ));
        }
        assert_eq!(pages[0], pages[1]);
    }
    // All that is told of its own accord, and all tags: none of their ids, none of their words; and nothing of it moves
    // when they write on.
    let ends = |pages: &[samspor_protocol::feed::Page]| {
        let end = pages.last().map(|page| (page.end.digest, page.end.visible));
        end.context("a page").unwrap()
    };
    let before = peter.read_everything().await.unwrap();
    begun
        .anna
        .note(begun.theirs.case, &begun.needles[1])
        .await
        .unwrap();
    settle(&[&begun.anna]).await.unwrap();
    let after = peter.read_everything().await.unwrap();
    assert_eq!(ends(&before), ends(&after));
    let mut bytes: Vec<u8> = after.iter().flat_map(wire::encode).collect();
    let tags = wire::encode(&RepairRequest::Tags(None));
    let answer = peter.send(peter.draft(path::REPAIR, tags)).await.unwrap();
    bytes.extend(answer.body);
    assert!(found(&begun.needles, &bytes).is_empty());
    for id in begun.theirs.all() {
        assert!(!bytes.windows(16).any(|part| part == id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_and_every_command_of_the_administration_tells_nothing_of_what_is_somebody_elses()
 {
    let begun = begin().await.unwrap();
    let admin = begun.world.admin().await.unwrap();
    let url = begun.world.server_url();
    let link = admin.sign_in_link(begun.peter.practitioner, &url);
    let link = link.await.unwrap();
    let browser = Browser::sign_in(&url, &link).await.unwrap();
    let nowhere = Ids::nowhere().unwrap();
    for place in ["/children/{}", "/api/v1/children/{}/timeline"] {
        for theirs in [begun.theirs.case, begun.theirs.circle, begun.theirs.private] {
            let mut said = Vec::new();
            for id in [theirs.to_string(), nowhere.case.to_string()] {
                let (status, text) = browser.answer(&place.replace("{}", &id)).await.unwrap();
                // What names the request is another each time.
                let names_request =
                    |line: &&str| line.contains("request_id") || line.contains("<code>");
                let lines = text.lines().filter(|line| !names_request(line));
                let text: Vec<String> = lines.map(|line| line.replace(&id, "")).collect();
                said.push((status, text));
            }
            assert_eq!(said[0], said[1], "{place}");
        }
    }
    let mut told = String::new();
    for place in ["/", "/learning", "/shared", "/api/v1/children"] {
        told.push_str(&browser.read(place).await.unwrap());
    }
    told.push_str(&format!("{:?}", admin.teams().await.unwrap()));
    told.push_str(&format!("{:?}", admin.practitioners().await.unwrap()));
    told.push_str(&format!("{:?}", admin.memberships().await.unwrap()));
    told.push_str(&format!("{:?}", admin.devices().await.unwrap()));
    told.push_str(&format!("{:?}", admin.quarantine().await.unwrap()));
    told.push_str(&format!("{:?}", admin.shares(true).await.unwrap()));
    admin.close().await;
    assert!(found(&begun.needles, told.as_bytes()).is_empty());
    for space in [begun.theirs.case, begun.theirs.circle] {
        assert!(!told.contains(&space.to_string()));
    }
}
