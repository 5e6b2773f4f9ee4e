//! What the pages and their data show, of documents that devices pushed.

use super::*;
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, Edit, NewDocument},
    guard,
    id::{DocumentId, OperationId, SpaceId},
    template::{Language, Templates},
    time::Moment,
    value::Value,
};
use samspor_protocol::push::{Answer, Group, OpenCase, Operation, PushRequest, PushResponse};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A practitioner with a device, and what they write with it.
pub(super) struct Writer {
    pub practitioner: PractitionerId,
    pub device: TestDevice,
    actors: u8,
}

/// A document with its place.
pub(super) struct Written {
    pub id: DocumentId,
    pub document: Document,
}

fn typed(template: &str, values: &[(&str, &str)]) -> Vec<Edit> {
    let template = Templates::built_in().latest(template).expect("a template");
    let edit = |(name, text): &(&str, &str)| {
        let field = template.field(name).expect("a field");
        Edit::Set {
            field: (*name).to_owned(),
            value: Value::parse(field, text, Language::Danish).expect("a value"),
        }
    };
    values.iter().map(edit).collect()
}

impl Writer {
    pub(super) async fn of(world: &World, number: u8, name: &str, team: TeamId) -> Self {
        let practitioner = world.admin.add_practitioner(name, "").await.expect("added");
        let role = Role::Practitioner;
        let joined = world.admin.add_membership(practitioner, team, role).await;
        joined.expect("a member");
        let code = world.code_of(practitioner).await;
        Self {
            practitioner,
            device: TestDevice::enrolled_by(world, number, code).await,
            actors: 0,
        }
    }

    fn authoring(&mut self, at: UnixMillis) -> Authoring {
        self.actors += 1;
        Authoring {
            actor: Actor::make(self.device.speaker.device, [self.actors; 8]),
            author: self.practitioner,
            at,
        }
    }

    pub(super) async fn push(&self, world: &World, groups: Vec<Group>) {
        let body = wire::encode(&PushRequest { groups });
        let answer = self.device.post(world, "/v1/push", body).await;
        let response: PushResponse = wire::decode("response", &answer.body).expect("reads");
        let accepted = |answer: &Answer| matches!(answer, Answer::Accepted { .. });
        assert!(
            response.groups.iter().flatten().all(accepted),
            "{response:?}"
        );
    }

    pub(super) async fn open_case(
        &mut self,
        world: &World,
        team: TeamId,
        card: &[(&str, &str)],
    ) -> SpaceId {
        self.open_case_with(world, team, typed("card", card)).await
    }

    pub(super) async fn open_case_with(
        &mut self,
        world: &World,
        team: TeamId,
        card: Vec<Edit>,
    ) -> SpaceId {
        let case = SpaceId::make(crate::clock::now(), keys_random());
        let opened_at = crate::clock::now();
        let operation = OperationId::make(opened_at, keys_random());
        let open = Operation::open_case(operation, &OpenCase { team, opened_at });
        let group = Group {
            space: case,
            document: None,
            operations: vec![open],
        };
        self.push(world, vec![group]).await;
        self.write_edits(world, case, "card", crate::clock::now(), card)
            .await;
        case
    }

    pub(super) async fn write(
        &mut self,
        world: &World,
        case: SpaceId,
        template: &str,
        occurred: UnixMillis,
        values: &[(&str, &str)],
    ) -> Written {
        let fields = typed(template, values);
        self.write_edits(world, case, template, occurred, fields)
            .await
    }

    pub(super) async fn write_edits(
        &mut self,
        world: &World,
        case: SpaceId,
        template: &str,
        occurred: UnixMillis,
        fields: Vec<Edit>,
    ) -> Written {
        let now = crate::clock::now();
        let new = NewDocument {
            template,
            subject: case,
            occurred_at: Moment {
                at: occurred,
                offset_minutes: 60,
            },
            fields,
        };
        let authoring = self.authoring(now);
        let made = Document::create(Templates::built_in(), &new, &authoring);
        let (document, change) = made.expect("creates");
        let id = DocumentId::make(now, keys_random());
        self.push(world, vec![changes(case, id, change)]).await;
        Written { id, document }
    }

    /// An edit of the document as it was written, whatever others did meanwhile.
    fn edit(&mut self, written: &Written, template: &str, values: &[(&str, &str)]) -> Vec<u8> {
        let bytes = written.document.save();
        let mut copy = guard::load(&bytes, bytes.len()).expect("loads");
        let authoring = self.authoring(crate::clock::now());
        let edited = copy.edit(Templates::built_in(), &typed(template, values), &authoring);
        edited.expect("edits").expect("a change")
    }
}

fn keys_random<const N: usize>() -> [u8; N] {
    crate::keys::random().expect("random bytes")
}

fn changes(case: SpaceId, document: DocumentId, change: Vec<u8>) -> Group {
    Group {
        space: case,
        document: Some(document),
        operations: vec![Operation::change(change)],
    }
}

/// A child with a card and two visits, the newer with two weights typed at once.
pub(super) struct Story {
    pub world: World,
    pub case: SpaceId,
    pub visit: Written,
    pub session: String,
    pub mette: Writer,
}

pub(super) async fn story() -> Story {
    let world = World::new().await;
    let team = world.team;
    let mut mette = Writer::of(&world, 7, "Mette Kjær", team).await;
    let mut anne = Writer::of(&world, 8, "Anne Ødegaard", team).await;
    let card = [
        ("name", "Freja <b>Sand</b> & Nørgaard"),
        ("kind", "child"),
        ("birth_date", "2026-07-14"),
    ];
    let case = mette.open_case(&world, team, &card).await;
    let now = crate::clock::now();
    let note = [("subject_line", "Opkald fra far")];
    mette
        .write(&world, case, "note", now.plus(-DAY - 60_000), &note)
        .await;
    let visit = [("visit_type", "months_2"), ("weight", "5,1 kg")];
    let visit = mette.write(&world, case, "home_visit", now, &visit).await;
    for (writer, weight) in [(&mut mette, "6450 g"), (&mut anne, "6540 g")] {
        let change = writer.edit(&visit, "home_visit", &[("weight", weight)]);
        let group = changes(case, visit.id, change);
        writer.push(&world, vec![group]).await;
    }
    world.projected().await;
    let session = world.session().await;
    Story {
        world,
        case,
        visit,
        session,
        mette,
    }
}

impl World {
    pub(super) async fn json(&self, path: &str, session: &str) -> serde_json::Value {
        let answer = self.get(path, session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.headers["content-type"], "application/json");
        serde_json::from_slice(&answer.body).expect("json")
    }
}

#[tokio::test]
async fn concurrent_values_stand_on_the_page_with_author_and_time() {
    let Story {
        world,
        case,
        visit,
        session,
        ..
    } = story().await;
    let list = world.get("/", &session).await.text();
    assert!(
        list.contains("Freja &#60;b&#62;Sand&#60;/b&#62; &#38; Nørgaard"),
        "{list}"
    );
    assert!(!list.contains("<b>Sand"));
    assert!(list.contains("ét felt at afklare"));

    let page = world
        .get(&format!("/children/{case}"), &session)
        .await
        .text();
    for text in [
        "6.450 g",
        "6.540 g",
        "Mette Kjær",
        "Anne Ødegaard",
        "Skrevet samtidigt",
        "Vælg på en telefon, iPad eller computer",
        "Skrevet 1 dag efter",
        "Notat: Opkald fra far",
        "Modtaget",
        &visit.id.to_string(),
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.to_lowercase().contains("enhed"));
    let order = (page.find("Hjemmebesøg"), page.find("Opkald fra far"));
    assert!(order.0 < order.1, "newest first");
    world.stop().await;
}

#[tokio::test]
async fn the_data_hold_every_value_of_the_reading() {
    let Story {
        world,
        case,
        visit,
        session,
        mette,
    } = story().await;
    let children = world.json("/api/v1/children", &session).await;
    let child = &children["children"][0];
    assert_eq!(child["case"], case.to_string());
    assert_eq!(child["conflicts"], 1);
    assert_eq!(child["cases"][0]["team_name"], "Øst");
    assert_eq!(children["next"], serde_json::Value::Null);

    let path = format!("/api/v1/children/{case}/timeline");
    let timeline = world.json(&path, &session).await;
    assert_eq!(timeline["cards"][0]["case"], case.to_string());
    let entry = &timeline["entries"][0];
    assert_eq!(entry["document"], visit.id.to_string());
    let reading = serde_json::from_value(entry["reading"].clone());
    let reading: samspor_documents::reading::Reading = reading.expect("a reading");
    let weight = reading.field("weight").expect("the field");
    let authors: Vec<_> = weight.values().iter().map(|value| value.author).collect();
    assert_eq!(authors.len(), 2);
    assert!(authors.contains(&Some(mette.practitioner)));
    assert_eq!(timeline["entries"][1]["late"], true);
    world.stop().await;
}

#[tokio::test]
async fn a_timeline_is_paged_without_gap_or_repetition() {
    let Story {
        world,
        case,
        session,
        ..
    } = story().await;
    let path = format!("/api/v1/children/{case}/timeline?limit=1");
    let first = world.json(&path, &session).await;
    let next = first["next"].as_str().expect("more");
    let second = world.json(&format!("{path}&before={next}"), &session).await;
    assert_eq!(second["next"], serde_json::Value::Null);
    assert_eq!(second["cards"].as_array().map(Vec::len), Some(0));
    assert_ne!(
        first["entries"][0]["document"],
        second["entries"][0]["document"]
    );
    let page = world
        .get(&format!("/children/{case}?limit=1"), &session)
        .await;
    assert!(page.text().contains(&format!("?before={next}")));
    let nonsense = world.get(&format!("{path}&before=x"), &session).await;
    assert_eq!(nonsense.status, StatusCode::NOT_FOUND);
    world.stop().await;
}

#[tokio::test]
async fn a_case_that_is_not_there_and_one_that_is_not_for_the_reader_look_the_same() {
    let Story { world, session, .. } = story().await;
    let kind = TeamKind::Ppr;
    let other = world.admin.add_team("PPR", kind).await.expect("a team");
    let mut jonas = Writer::of(&world, 9, "Jonas Bech", other).await;
    let card = [("name", "Oskar"), ("kind", "child")];
    let foreign = jonas.open_case(&world, other, &card).await;
    world.projected().await;
    let absent = SpaceId::make(crate::clock::now(), [1; 10]);
    let plain = |answer: &Answered, case: SpaceId| {
        let text = answer.text().replace(&case.to_string(), "");
        let ids = text.split(|c: char| !c.is_ascii_hexdigit());
        let ids: Vec<&str> = ids.filter(|word| word.len() == 32).collect();
        let request = ids
            .first()
            .map(|id| (*id).to_owned())
            .expect("a request id");
        (answer.status, text.replace(&request, ""))
    };
    for path in ["/children/", "/api/v1/children/"] {
        let end = if path.starts_with("/api") {
            "/timeline"
        } else {
            ""
        };
        let get = async |case: SpaceId| {
            let answer = world.get(&format!("{path}{case}{end}"), &session).await;
            plain(&answer, case)
        };
        let (one, two) = (get(foreign).await, get(absent).await);
        assert_eq!(one.0, StatusCode::NOT_FOUND);
        assert_eq!(one, two);
    }
    let garbage = world.get("/children/garbage", &session).await;
    assert_eq!(garbage.status, StatusCode::NOT_FOUND);
    let list = world.get("/", &session).await.text();
    assert!(!list.contains("Oskar"));
    world.stop().await;
}

#[tokio::test]
async fn a_parents_case_is_headed_by_its_card_and_a_relation_leads_to_it() {
    let Story {
        world,
        case,
        session,
        mut mette,
        ..
    } = story().await;
    let team = world.team;
    let card = [("name", "Line Sand"), ("kind", "parent")];
    let parent = mette.open_case(&world, team, &card).await;
    let relation = Edit::AddItem {
        field: "relations".to_owned(),
        item: uuid::Uuid::from_bytes([5; 16]),
        values: vec![
            ("relation".to_owned(), Value::Code("custody".to_owned())),
            ("case".to_owned(), Value::Reference(parent.0)),
        ],
    };
    let now = crate::clock::now();
    let card = vec![relation];
    mette.write_edits(&world, case, "card", now, card).await;
    world.projected().await;
    let page = world.get(&format!("/children/{parent}"), &session).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("<h1>Line Sand</h1>"));
    let child = world
        .get(&format!("/children/{case}"), &session)
        .await
        .text();
    assert!(child.contains(&format!(
        "<a href=\"/children/{parent}\">Åbn tidslinjen</a>"
    )));
    world.stop().await;
}

#[tokio::test]
async fn an_ended_membership_closes_the_pages_at_once() {
    let Story {
        world,
        case,
        session,
        ..
    } = story().await;
    let path = format!("/children/{case}");
    assert_eq!(world.get(&path, &session).await.status, StatusCode::OK);
    let ended = world
        .admin
        .end_membership(world.practitioner, world.team)
        .await;
    ended.expect("ends");
    world.projected().await;
    assert_eq!(
        world.get(&path, &session).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(
        world
            .get("/", &session)
            .await
            .text()
            .contains("Der er ingen børn")
    );
    world.stop().await;
}
