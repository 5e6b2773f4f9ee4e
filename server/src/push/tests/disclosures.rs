//! Disclosures against a running core: where the copy is filed, what the sender hears of it, and that nothing moves it.

use super::*;
use crate::{
    feed,
    sync::Caller,
    testing::signed::{Signer, operation},
};
use samspor_documents::{
    document::{Document, Edit, NewDocument},
    id::DocumentId,
    template::Templates,
    time::Moment,
    value::Value,
};
use samspor_protocol::{
    fact::FactBody,
    feed::{Content, FeedRequest, Page},
    frame,
    hash::Hash32,
    push::{Group, Operation, Sign},
    restrict::Restrict,
    sign::SignedRecord,
    tag::Tag,
};

/// Practitioner 1 (and 2) of team 1 with case 1; 3 of team 2 with case 2. The cards have these CPR numbers.
struct Begun {
    world: World,
    one: Signer,
    two: Signer,
    note: Document,
    sign: Sign,
}

async fn card(world: &World, who: u64, case: u64, cpr: &str) {
    let new = NewDocument {
        template: "card",
        subject: space(case),
        occurred_at: Moment {
            at: NOW,
            offset_minutes: 60,
        },
        fields: vec![Edit::Set {
            field: "cpr".to_owned(),
            value: Value::Text(cpr.to_owned()),
        }],
    };
    let authoring = samspor_documents::authoring::Authoring {
        actor: samspor_documents::authoring::Actor::make(caller(who).device, [9; 8]),
        author: practitioner(who),
        at: NOW,
    };
    let made = Document::create(Templates::built_in(), &new, &authoring);
    let (_, body) = made.expect("a card");
    let group = changes(space(case), document(100 + case), &[body]);
    seqs(&world.push(&caller(who), vec![group]).await[0]);
}

/// Document 1 of case 1 is signed.
async fn begin(cprs: [&str; 2]) -> Begun {
    let world = World::new().await;
    let (one, two) = (world.signer(1).await, world.signer(2).await);
    world.member(3, 2, Role::Practitioner, false).await;
    world.open_case(&one.caller, 1, 1).await;
    world.open_case(&caller(3), 2, 2).await;
    card(&world, 1, 1, cprs[0]).await;
    card(&world, 3, 2, cprs[1]).await;
    let (note, first) = one.note(space(1), "Hun sover godt");
    let sign = one.sign(space(1), document(1), &note);
    let operations = vec![
        Operation::change(first),
        Operation::sign(operation(1), &sign),
    ];
    let answers = world.push(&one.caller, vec![in_note(operations)]).await;
    seqs(&answers[0]);
    Begun {
        world,
        one,
        two,
        note,
        sign,
    }
}

const SAME: [&str; 2] = ["010120-1234", "010120-1234"];
const OTHERS: [&str; 2] = ["010120-1234", "020220-1234"];

fn in_note(operations: Vec<Operation>) -> Group {
    Group {
        space: space(1),
        document: Some(document(1)),
        operations,
    }
}

fn copy(share: u64, of: u64) -> DocumentId {
    share_id(share).filed(document(of))
}

/// What a cold start tells.
async fn page(world: &World, who: &Caller) -> Page {
    world.projected().await;
    let body = wire::encode(&FeedRequest {
        cursor: None,
        wait_millis: 0,
        bytes_max: 1 << 20,
        tells: None,
    });
    let page = feed::feed(&world.core, who, &body).await.expect("a page");
    frame::decode_page(&page.frame).expect("reads")
}

/// The record that was filed under an id, and the case it stands in.
async fn filed(world: &World, who: u64, id: DocumentId) -> Option<(Vec<u8>, SpaceId)> {
    let page = page(world, &caller(who)).await;
    let item = page.documents.into_iter().find(|item| item.document == id);
    item.map(|item| match item.content {
        Content::Filed(record) => (record.to_vec(), item.space),
        other => panic!("{other:?}"),
    })
}

#[tokio::test]
async fn invariant_06_a_signed_copy_is_filed_in_the_case_of_the_same_cpr_and_proves_itself() {
    let begun = begin(SAME).await;
    let world = &begun.world;
    let answers = world
        .push(&caller(1), vec![disclose(1, 1, document(1), 2)])
        .await;
    seqs(&answers[0]);
    let (record, case) = filed(world, 3, copy(1, 1)).await.expect("filed");
    assert_eq!(case, space(2));
    let tag: Vec<u8> = sqlx::query_scalar("SELECT tag FROM items WHERE id = ?")
        .bind(copy(1, 1).as_bytes().to_vec())
        .fetch_one(&mut *world.core.store().read().await.expect("reads"))
        .await
        .expect("a tag");
    let expected = Tag::of_signed_document(copy(1, 1), Hash32::of(&record).0);
    assert_eq!(tag, expected.0);
    let record = SignedRecord::from_file(&record).expect("a record");
    assert_eq!(record.text, begun.sign.text);
    let verified = record.verify(Some(&certifier().public()));
    assert_eq!(verified.expect("holds").signatures.len(), 1);
    // The sender is told of the disclosure and not of the copy; the recipient of no other thing in the sender's case.
    assert!(filed(world, 1, copy(1, 1)).await.is_none());
    for (who, shared, received) in [(1, 1, 0), (2, 1, 0), (3, 0, 1)] {
        let facts = page(world, &caller(who)).await.facts;
        let bodies: Vec<FactBody> = facts
            .iter()
            .filter_map(|one| one.fact.read().ok())
            .collect();
        let count =
            |wanted: &dyn Fn(&FactBody) -> bool| bodies.iter().filter(|body| wanted(body)).count();
        let told = (
            count(&|body| matches!(body, FactBody::Shared(one) if one.is_disclosure())),
            count(&|body| matches!(body, FactBody::Received(one) if one.shared.is_disclosure())),
        );
        assert_eq!(told, (shared, received), "{who}");
    }
    let page = page(world, &caller(3)).await;
    assert!(page.documents.iter().all(|item| item.space != space(1)));
}

#[tokio::test]
async fn the_answer_is_the_same_whether_the_recipient_has_a_case_or_one_is_opened() {
    let mut told = Vec::new();
    for (cprs, place) in [(SAME, space(2)), (OTHERS, share_id(1).case())] {
        let begun = begin(cprs).await;
        let groups = vec![
            disclose(1, 1, document(1), 2),
            share(
                5,
                1,
                terms(
                    None,
                    samspor_protocol::share::Recipient::Team(team(2)),
                    None,
                ),
            ),
        ];
        let body = wire::encode(&PushRequest { groups });
        let answer = crate::push::push(&begun.world.core, &caller(1), &body).await;
        told.push(wire::encode(&answer.expect("answers")));
        let (_, case) = filed(&begun.world, 3, copy(1, 1)).await.expect("filed");
        assert_eq!(case, place);
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test]
async fn what_comes_later_from_the_same_case_is_filed_beside_what_came_first() {
    let begun = begin(OTHERS).await;
    let world = &begun.world;
    let (note, first) = begun.one.note(space(1), "Andet besøg");
    let sign = begun.one.sign(space(1), document(2), &note);
    let second = Group {
        document: Some(document(2)),
        ..in_note(vec![
            Operation::change(first),
            Operation::sign(operation(2), &sign),
        ])
    };
    // Signed in the very push that discloses it, and two of one push.
    let groups = vec![
        second,
        disclose(1, 1, document(2), 2),
        disclose(2, 1, document(1), 2),
    ];
    for answers in world.push(&caller(1), groups).await {
        seqs(&answers);
    }
    let answers = world
        .push(&caller(2), vec![disclose(3, 1, document(1), 2)])
        .await;
    seqs(&answers[0]);
    for (share, of) in [(1, 2), (2, 1), (3, 1)] {
        let (_, case) = filed(world, 3, copy(share, of)).await.expect("filed");
        assert_eq!(case, share_id(1).case());
    }
}

#[tokio::test]
async fn invariant_01_a_disclosure_gets_the_same_answer_again() {
    let begun = begin(OTHERS).await;
    let groups = || vec![disclose(1, 1, document(1), 2)];
    let answers = begun.world.push(&caller(1), groups()).await;
    let head = begun.world.projected().await;
    assert_eq!(begun.world.push(&caller(1), groups()).await, answers);
    let world = begun.world.restart().await;
    assert_eq!(world.push(&caller(1), groups()).await, answers);
    assert_eq!(world.projected().await, head);
}

#[tokio::test]
async fn who_may_not_disclose_and_what_is_not_there_are_answered_alike() {
    let begun = begin(OTHERS).await;
    let world = &begun.world;
    let answers = world
        .push(&caller(1), vec![disclose(1, 1, document(1), 2)])
        .await;
    seqs(&answers[0]);
    let in_case = |mut group: Group, of: SpaceId| {
        group.space = of;
        group
    };
    for (who, groups) in [
        (
            1,
            vec![
                disclose(2, 1, document(99), 2),
                disclose(3, 1, document(102), 2),
                disclose(4, 2, document(102), 1),
                disclose(5, 99, document(1), 2),
                disclose(6, 1, document(1), 9),
                in_case(disclose(7, 1, document(1), 2), share_id(1).space()),
                in_case(disclose(8, 1, document(1), 2), share_id(1).case()),
                in_case(open_case(1, 60), share_id(1).case()),
            ],
        ),
        // The id is taken; who is in no team, or in the recipient's.
        (2, vec![disclose(1, 1, document(1), 2)]),
        (3, vec![disclose(9, 1, document(1), 2)]),
        (5, vec![disclose(10, 1, document(1), 2)]),
    ] {
        for answers in world.push(&caller(who), groups).await {
            assert_eq!(reasons(&answers), ["no_access"], "{who}");
        }
    }
    let body = Draft::new().set(&caller(1), 7, "text", "x");
    let groups = vec![
        changes(space(1), document(7), &[body]),
        disclose(20, 1, document(7), 2),
        disclose(21, 1, document(1), 1),
    ];
    let answers = world.push(&caller(1), groups).await;
    let told: Vec<String> = answers.iter().flat_map(|one| reasons(one)).collect();
    assert_eq!(told, ["accepted", "not_signed", "malformed"]);
}

#[tokio::test]
async fn invariant_06_nothing_edits_signs_or_withdraws_what_was_disclosed() {
    let begun = begin(SAME).await;
    let world = &begun.world;
    let answers = world
        .push(&caller(1), vec![disclose(1, 1, document(1), 2)])
        .await;
    seqs(&answers[0]);
    let before = filed(world, 3, copy(1, 1)).await;
    let withdrawn = world.push(&caller(1), vec![withdraw(1, 1, 1)]).await;
    assert_eq!(reasons(&withdrawn[0]), ["signed"]);
    assert_eq!(
        reasons(&world.push(&caller(3), vec![withdraw(2, 1, 1)]).await[0]),
        ["no_access"]
    );
    let late = Draft::new().set(&caller(3), 1, "text", "x");
    let answers = world
        .push(&caller(3), vec![changes(space(2), copy(1, 1), &[late])])
        .await;
    assert_eq!(reasons(&answers[0]), ["signed"]);
    let three = world.signer(3).await;
    let group = Group {
        space: space(2),
        document: Some(copy(1, 1)),
        operations: vec![Operation::sign(
            operation(7),
            &three.sign_text(&begun.note, begun.sign.text.to_vec()),
        )],
    };
    assert_eq!(
        reasons(&world.push(&three.caller, vec![group]).await[0]),
        ["signed"]
    );
    // A colleague signs the original beside its author, and its author's membership ends: the copy is what it was.
    let beside = begun.two.sign_text(&begun.note, begun.sign.text.to_vec());
    let beside = in_note(vec![Operation::sign(operation(8), &beside)]);
    seqs(&world.push(&begun.two.caller, vec![beside]).await[0]);
    world.member(1, 1, Role::Practitioner, true).await;
    assert_eq!(filed(world, 3, copy(1, 1)).await, before);
    // What is disclosed now carries both signatures.
    let answers = world
        .push(&caller(2), vec![disclose(2, 1, document(1), 2)])
        .await;
    seqs(&answers[0]);
    let (record, _) = filed(world, 3, copy(2, 1)).await.expect("filed");
    let record = SignedRecord::from_file(&record).expect("a record");
    let verified = record.verify(Some(&certifier().public())).expect("holds");
    assert_eq!(verified.signatures.len(), 2);
}

#[tokio::test]
async fn what_was_disclosed_is_disclosed_on_as_the_record_that_it_is() {
    let begun = begin(SAME).await;
    let world = &begun.world;
    let answers = world
        .push(&caller(1), vec![disclose(1, 1, document(1), 2)])
        .await;
    seqs(&answers[0]);
    // Back to team 1, whose case of the same CPR it came from.
    let answers = world
        .push(&caller(3), vec![disclose(2, 2, copy(1, 1), 1)])
        .await;
    seqs(&answers[0]);
    let on = share_id(2).filed(copy(1, 1));
    let first = filed(world, 3, copy(1, 1)).await.expect("filed");
    let second = filed(world, 1, on).await.expect("filed");
    assert_eq!((second.0, second.1), (first.0, space(1)));
}

#[tokio::test]
async fn what_is_restricted_is_not_disclosed_and_a_copy_is_restricted_by_the_team_that_has_it() {
    let begun = begin(SAME).await;
    let world = &begun.world;
    let said = |restricted, number| {
        let body = Restrict {
            restricted,
            ground: "barnets ønske".to_owned(),
            at: NOW,
        };
        Operation::restrict(operation(number), &body)
    };
    let restricted = vec![in_note(vec![said(true, 20)])];
    seqs(&world.push(&caller(1), restricted).await[0]);
    let refused = vec![disclose(1, 1, document(1), 2)];
    assert_eq!(
        reasons(&world.push(&caller(1), refused).await[0]),
        ["restricted"]
    );
    let lifted = vec![in_note(vec![said(false, 21)])];
    seqs(&world.push(&caller(1), lifted).await[0]);
    let again = vec![disclose(2, 1, document(1), 2)];
    seqs(&world.push(&caller(1), again).await[0]);
    let before = filed(world, 3, copy(2, 1)).await;
    // The original is restricted again: the copy is the other team's, to restrict or not.
    let restricted = vec![in_note(vec![said(true, 22)])];
    seqs(&world.push(&caller(1), restricted).await[0]);
    let of_the_copy = Group {
        space: space(2),
        document: Some(copy(2, 1)),
        operations: vec![said(true, 23)],
    };
    seqs(&world.push(&caller(3), vec![of_the_copy]).await[0]);
    assert_eq!(filed(world, 3, copy(2, 1)).await, before);
}
