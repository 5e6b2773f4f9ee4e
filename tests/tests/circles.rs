//! Circles of chosen participants: professionals of different teams write one reflection together, and nobody else is
//! told that it is there.

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{CaseFilter, CircleRow, TimelinePage};
use samspor_documents::{
    document::{Edit, Splice},
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
};
use samspor_protocol::{
    circle::{Join, OpenCircle},
    evidence::EvidenceRequest,
    fact::{Role, TeamKind},
    push::{Answer, Operation},
    reason::Reason,
    repair::{ItemId, RepairRequest},
    version, wire,
};
use samspor_tests::{
    hand_made::{HandMade, now, random},
    needles::{found, make_needle},
    person::{Person, prose, settle},
    wait,
    world::World,
};

/// Anna of health visiting with a case, Peter of PPR and Sara of family counselling; Bodil and Karen of Anna's team,
/// Karen its coordinator.
struct Begun {
    world: World,
    team: TeamId,
    anna: PractitionerId,
    peter: PractitionerId,
    sara: PractitionerId,
    bodil: PractitionerId,
    karen: PractitionerId,
    phones: [Person; 3],
    case: SpaceId,
    name: String,
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let ppr = world.team("PPR", TeamKind::Ppr).await?;
    let family = world
        .team("Familierådgivningen", TeamKind::FamilyCounselling)
        .await?;
    let anna = world.practitioner("Anna Holm", &[team]).await?;
    let peter = world.practitioner("Peter Bæk", &[ppr]).await?;
    let sara = world.practitioner("Sara Østergård", &[family]).await?;
    let bodil = world.practitioner("Bodil Kjær", &[team]).await?;
    let karen = world.practitioner("Karen Ravn", &[]).await?;
    let admin = world.admin().await?;
    admin.add_membership(karen, team, Role::Coordinator).await?;
    admin.close().await;
    let mut phones = Vec::new();
    for (who, of) in [(anna, team), (peter, ppr), (sara, family)] {
        let phone = world.device(who).await?;
        phone.until_member_of(&[of]).await?;
        phones.push(phone);
    }
    let phones = <[Person; 3]>::try_from(phones).ok();
    let phones = phones.context("three phones")?;
    let name = make_needle("barnet på Ærø")?;
    let case = phones[0].open_named_case(team, &name).await?;
    settle(&phones.each_ref()).await?;
    Ok(Begun {
        world,
        team,
        anna,
        peter,
        sara,
        bodil,
        karen,
        phones,
        case,
        name,
    })
}

impl Begun {
    /// A circle of Anna, Peter and Sara about Anna's case, with a reflection that Anna began; all of them have both.
    async fn circle(&self, title: &str, text: &str) -> Result<(SpaceId, DocumentId)> {
        let with = vec![self.peter, self.sara];
        let anna = &self.phones[0];
        let circle = anna.open_circle(title, with, vec![self.case]).await?;
        let reflection = write(anna, circle, text).await?;
        settle(&self.phones.each_ref()).await?;
        Ok((circle, reflection))
    }
}

async fn write(person: &Person, circle: SpaceId, text: &str) -> Result<DocumentId> {
    let fields = vec![prose("text", text)];
    Ok(person
        .write(circle, "team_reflection", fields, None)
        .await?)
}

async fn only_circle(person: &Person) -> Result<CircleRow> {
    let mut circles = person.circles().await?;
    ensure!(circles.len() == 1, "{circles:?}");
    circles.pop().context("one")
}

fn participants(row: &CircleRow) -> Vec<&str> {
    let names = row.participants.iter();
    names.filter_map(|one| one.name.as_deref()).collect()
}

async fn written_in(person: &Person, circle: SpaceId) -> Result<Vec<DocumentId>> {
    let rows = person.written_in(circle, false).await?;
    Ok(rows.iter().map(|row| row.document).collect())
}

/// Everything that the server tells a device of its own accord, and when it is asked for these by name: as bytes.
async fn told(by_hand: &HandMade, documents: &[DocumentId]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for page in by_hand.read_everything().await? {
        bytes.extend(wire::encode(&page));
    }
    let whole = documents.iter().copied().map(ItemId::Document).collect();
    for asked in [RepairRequest::Whole(whole), RepairRequest::Tags(None)] {
        let body = wire::encode(&asked);
        let said = by_hand
            .send(by_hand.draft(version::path::REPAIR, body))
            .await?;
        match samspor_protocol::frame::decode_page(&said.body) {
            Ok(page) => bytes.extend(wire::encode(&page)),
            Err(_) => bytes.extend(&said.body),
        }
    }
    for document in documents {
        let body = wire::encode(&EvidenceRequest {
            document: *document,
        });
        let said = by_hand
            .send(by_hand.draft(version::path::EVIDENCE, body))
            .await?;
        bytes.extend(&said.body);
    }
    Ok(bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn three_professionals_of_different_teams_write_one_reflection_offline_at_once_and_agree() {
    let begun = begin().await.unwrap();
    let phones = begun.phones.each_ref();
    begun.world.relay.set_cover(false);
    let title = "Overgang til børnehave på Ærø";
    let with = vec![begun.peter, begun.sara];
    let circle = phones[0]
        .open_circle(title, with, vec![begun.case])
        .await
        .unwrap();
    let reflection = write(phones[0], circle, "Hvad ser vi?").await.unwrap();
    assert!(phones[0].try_sync().await.is_err());
    assert!(!only_circle(phones[0]).await.unwrap().confirmed);
    begun.world.relay.set_cover(true);
    settle(&phones).await.unwrap();
    for phone in phones {
        let row = only_circle(phone).await.unwrap();
        assert_eq!((row.circle, row.title.as_str()), (circle, title));
        assert!(row.confirmed);
        assert_eq!(
            participants(&row),
            ["Anna Holm", "Peter Bæk", "Sara Østergård"]
        );
        assert_eq!(written_in(phone, circle).await.unwrap(), [reflection]);
    }

    // No cover for anybody: each writes on, in the same place, and leaves a line of learning.
    begun.world.relay.set_cover(false);
    let length = "Hvad ser vi?".chars().count();
    let mut said = Vec::new();
    for (phone, who) in phones.into_iter().zip(["anna", "peter", "sara"]) {
        let words = make_needle(who).unwrap();
        let splice = Splice {
            at: length,
            delete: 0,
            insert: format!("\n{words}"),
        };
        let text = Edit::Text {
            field: "text".to_owned(),
            edits: vec![splice],
        };
        assert!(phone.edit(reflection, &[text]).await.unwrap());
        assert!(phone.try_sync().await.is_err());
        said.push(words);
    }
    begun.world.relay.set_cover(true);
    settle(&phones).await.unwrap();
    let agreed = phones[0].text_of(reflection).await.unwrap();
    for words in &said {
        assert!(agreed.contains(words.as_str()), "{agreed}");
    }
    for phone in phones {
        assert_eq!(phone.text_of(reflection).await.unwrap(), agreed);
        let reading = phone.read(reflection).await.unwrap();
        assert_eq!(reading.subject, Some(circle));
        assert_eq!(reading.authors.len(), 3);
        assert_eq!(phone.status().await.unwrap().repairs, 0);
    }
    // It stands on no timeline, the case's it is about included.
    let page = TimelinePage::default();
    assert!(
        phones[0]
            .timeline(begun.case, page)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_03_an_outsider_of_the_same_team_and_a_coordinator_are_told_of_nothing() {
    let begun = begin().await.unwrap();
    let needles = ["titlen på kredsen", "det, vi skrev", "det sidste"];
    let needles: Vec<String> = needles
        .into_iter()
        .map(|of| make_needle(of).unwrap())
        .collect();
    let (circle, reflection) = begun.circle(&needles[0], &needles[1]).await.unwrap();
    let signed = write(&begun.phones[1], circle, &needles[2]).await.unwrap();
    begun.phones[1].sign(signed).await.unwrap();
    settle(&begun.phones.each_ref()).await.unwrap();
    let documents = [reflection, signed];

    let inside = begun.world.hand_made(begun.sara).await.unwrap();
    let bytes = told(&inside, &documents).await.unwrap();
    let mut all: Vec<&str> = needles.iter().map(String::as_str).collect();
    all.sort_unstable();
    let mut read = found(&needles, &bytes);
    read.sort_unstable();
    assert_eq!(read, all, "what is looked for can be found");

    for outsider in [begun.bodil, begun.karen] {
        let outside = begun.world.hand_made(outsider).await.unwrap();
        let bytes = told(&outside, &documents).await.unwrap();
        assert!(found(&needles, &bytes).is_empty());
        let id = circle.as_bytes().as_slice();
        assert!(!bytes.windows(16).any(|part| part == id), "not its id");
        // Nor is there a way in; and none is another's than that of a circle that is not there.
        let nowhere = SpaceId::make(now(), random().unwrap());
        let mut answers = Vec::new();
        for place in [circle, nowhere] {
            let body = Join {
                practitioner: outsider,
            };
            let name = || samspor_documents::id::OperationId::make(now(), random().unwrap());
            for operation in [Operation::join(name(), &body), Operation::leave(name())] {
                let answer = outside.push_one(place, None, operation).await;
                answers.push(answer.unwrap());
            }
        }
        let refused = |answer: &Answer| matches!(answer, Answer::Refused { reason, .. } if *reason == Reason::NoAccess);
        assert!(answers.iter().all(refused), "{answers:?}");
        assert!(answers.iter().all(|one| *one == answers[0]));
    }
    // A device of the team, in the team's hands: its lists are as they were.
    let bodil = begun.world.device(begun.bodil).await.unwrap();
    bodil.until_member_of(&[begun.team]).await.unwrap();
    assert!(bodil.circles().await.unwrap().is_empty());
    assert!(bodil.written_in(circle, false).await.is_err());
    for document in documents {
        assert!(bodil.read(document).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn about_names_a_case_and_opens_it_to_nobody() {
    let begun = begin().await.unwrap();
    let (circle, _) = begun.circle("Kreds", "om et barn").await.unwrap();
    let [anna, peter, _] = begun.phones.each_ref();
    for phone in [anna, peter] {
        assert_eq!(only_circle(phone).await.unwrap().about, [begun.case]);
    }
    assert!(peter.cases(CaseFilter::default()).await.unwrap().is_empty());
    assert!(peter.card(begun.case).await.is_err());
    let denied = peter.note(begun.case, "må ikke stå her").await;
    assert!(denied.is_err());
    let by_hand = begun.world.hand_made(begun.peter).await.unwrap();
    let bytes = told(&by_hand, &[]).await.unwrap();
    let name = [begun.name.clone()];
    assert!(found(&name, &bytes).is_empty(), "not the child's name");
    let theirs = begun.world.hand_made(begun.anna).await.unwrap();
    let bytes = told(&theirs, &[]).await.unwrap();
    assert_eq!(found(&name, &bytes), [begun.name.as_str()]);
    // A case that is nobody's is answered as any: the server looks none up.
    let body = OpenCircle {
        title: "Kreds".to_owned(),
        participants: Vec::new(),
        about: vec![begun.case, SpaceId::from_bytes([9; 16])],
        opened_at: now(),
    };
    let operation = samspor_documents::id::OperationId::make(now(), random().unwrap());
    let place = SpaceId::make(now(), random().unwrap());
    let opened = by_hand.push_one(place, None, Operation::open_circle(operation, &body));
    assert!(matches!(opened.await.unwrap(), Answer::Accepted { .. }));
    assert_ne!(place, circle);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_later_gets_it_whole_while_listening() {
    let begun = begin().await.unwrap();
    let (circle, reflection) = begun.circle("Kreds på Fanø", "første").await.unwrap();
    let edits = [prose("text", "første, og så en ændring")];
    begun.phones[1].edit(reflection, &edits).await.unwrap();
    settle(&begun.phones.each_ref()).await.unwrap();
    let karen = begun.world.device(begun.karen).await.unwrap();
    karen.until_member_of(&[begun.team]).await.unwrap();
    assert!(karen.circles().await.unwrap().is_empty());
    let listening = {
        let device = (*karen).clone();
        tokio::spawn(async move { device.watch(std::future::pending()).await })
    };
    // Whom Anna opened the circle with may bring in others as well.
    assert!(begun.phones[2].join(circle, begun.karen).await.unwrap());
    begun.phones[2].sync().await.unwrap();
    wait::until("Karen to have it", async || {
        Ok(karen
            .text_of(reflection)
            .await
            .is_ok_and(|text| text == "første, og så en ændring"))
    })
    .await
    .unwrap();
    listening.abort();
    let _ = listening.await;
    settle(&[&karen, &begun.phones[0]]).await.unwrap();
    let row = only_circle(&karen).await.unwrap();
    assert_eq!(
        participants(&row),
        ["Anna Holm", "Karen Ravn", "Peter Bæk", "Sara Østergård"]
    );
    assert_eq!(row, only_circle(&begun.phones[0]).await.unwrap());
    let edits = [prose("text", "første, og så en ændring af Karen")];
    karen.edit(reflection, &edits).await.unwrap();
    settle(&[&karen, &begun.phones[0]]).await.unwrap();
    assert_eq!(
        begun.phones[0].text_of(reflection).await.unwrap(),
        "første, og så en ændring af Karen"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_who_leaves_keeps_nothing_but_what_nobody_has_received() {
    let begun = begin().await.unwrap();
    let (circle, reflection) = begun.circle("Kreds", "fælles").await.unwrap();
    let [anna, peter, sara] = begun.phones.each_ref();
    let tablet = begun.world.device(begun.peter).await.unwrap();
    tablet.sync().await.unwrap();
    assert_eq!(tablet.text_of(reflection).await.unwrap(), "fælles");

    // Offline on both of Peter's devices: what the phone wrote before leaving is sent before that …
    begun.world.relay.set_cover(false);
    let last = make_needle("det sidste på telefonen").unwrap();
    let sent = write(peter, circle, &last).await.unwrap();
    let unsent = make_needle("kun på tabletten").unwrap();
    let kept = write(&tablet, circle, &unsent).await.unwrap();
    tablet
        .edit(reflection, &[prose("text", &format!("fælles {unsent}"))])
        .await
        .unwrap();
    peter.leave(circle).await.unwrap();
    assert!(peter.circles().await.unwrap().is_empty());
    begun.world.relay.set_cover(true);
    let report = peter.sync().await.unwrap();
    assert_eq!((report.pushed, report.refused), (2, 0));
    // … and what the tablet has not sent is refused, and kept with every word.
    let report = tablet.sync().await.unwrap();
    assert_eq!((report.pushed, report.refused), (0, 2));
    for device in [peter, &tablet] {
        assert!(device.circles().await.unwrap().is_empty());
        for document in [reflection, sent, kept] {
            assert!(device.read(document).await.is_err(), "{document}");
        }
    }
    let refused = tablet.not_delivered().await.unwrap();
    assert_eq!(refused.len(), 2);
    for one in &refused {
        assert_eq!(one.reason, Reason::NoAccess.code());
        let written = tablet.export_not_delivered(one.id).await.unwrap();
        assert!(written.contains(&unsent), "{written}");
    }
    assert!(tablet.outbox().await.unwrap().is_empty());

    settle(&[anna, sara]).await.unwrap();
    assert_eq!(anna.text_of(sent).await.unwrap(), last);
    assert_eq!(anna.text_of(reflection).await.unwrap(), "fælles");
    let row = only_circle(anna).await.unwrap();
    assert_eq!(participants(&row), ["Anna Holm", "Sara Østergård"]);

    // Brought in again, everything is back, and what was refused can be sent.
    anna.join(circle, begun.peter).await.unwrap();
    anna.sync().await.unwrap();
    tablet.sync().await.unwrap();
    assert_eq!(tablet.text_of(sent).await.unwrap(), last);
    tablet.retry_not_delivered(kept.0).await.unwrap();
    settle(&[&tablet, anna, sara, peter]).await.unwrap();
    assert_eq!(sara.text_of(kept).await.unwrap(), unsent);
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_01_a_circle_whose_answer_is_lost_is_opened_once() {
    let begun = begin().await.unwrap();
    let [anna, peter, _] = begun.phones.each_ref();
    let circle = anna
        .open_circle("Kreds", vec![begun.peter], Vec::new())
        .await
        .unwrap();
    let reflection = write(anna, circle, "skrevet med det samme").await.unwrap();
    assert!(anna.join(circle, begun.sara).await.unwrap());
    begun.world.relay.lose_next_answer();
    let _ = anna.try_sync().await;
    assert!(begun.world.relay.has_lost());
    settle(&begun.phones.each_ref()).await.unwrap();
    assert!(anna.not_delivered().await.unwrap().is_empty());
    for phone in begun.phones.each_ref() {
        let row = only_circle(phone).await.unwrap();
        assert_eq!(row.participants.len(), 3);
        assert_eq!(written_in(phone, circle).await.unwrap(), [reflection]);
    }
    // Opened, written in and left before any page told of it: nothing stays behind.
    begun.world.relay.set_cover(false);
    let brief = peter
        .open_circle("Kort", vec![begun.anna], Vec::new())
        .await
        .unwrap();
    let left = write(peter, brief, "overdraget").await.unwrap();
    peter.leave(brief).await.unwrap();
    begun.world.relay.set_cover(true);
    settle(&begun.phones.each_ref()).await.unwrap();
    assert_eq!(only_circle(peter).await.unwrap().circle, circle);
    assert!(peter.read(left).await.is_err());
    assert_eq!(anna.text_of(left).await.unwrap(), "overdraget");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reflection_is_drafted_for_a_circle_and_published_there() {
    let begun = begin().await.unwrap();
    let (circle, first) = begun.circle("Kreds", "åbning").await.unwrap();
    let [anna, peter, _] = begun.phones.each_ref();
    let fields = vec![prose("text", "Et møde, der kørte fast.")];
    let draft = peter
        .draft(circle, "team_reflection", fields, None)
        .await
        .unwrap();
    settle(&begun.phones.each_ref()).await.unwrap();
    assert_eq!(written_in(anna, circle).await.unwrap(), [first]);
    let published = peter.publish(draft).await.unwrap();
    settle(&begun.phones.each_ref()).await.unwrap();
    let there = written_in(anna, circle).await.unwrap();
    assert!(there.len() == 2 && there.contains(&published));
    assert_eq!(
        anna.text_of(published).await.unwrap(),
        "Et møde, der kørte fast."
    );
}
