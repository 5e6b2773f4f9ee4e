//! Private spaces in the feed: a draft is its author's alone, and gone from every list once it was published.

use super::*;
use crate::repair::{RepairAnswer, repair};
use samspor_protocol::{
    fact::Published,
    limits,
    push::{Answer, Publish},
    reason::Reason,
    repair::{ItemId, RepairRequest, Tags},
};

fn private(number: u64) -> SpaceId {
    practitioner(number).private_space()
}

/// Practitioners 1 and 2 in team 1 with case 1, practitioner 3 its leader, 4 its coordinator.
async fn world() -> World {
    let world = World::new().await;
    world.people(&[1, 2, 3, 4]).await;
    for (who, role) in [
        (1, Role::Practitioner),
        (2, Role::Practitioner),
        (3, Role::Leader),
        (4, Role::Coordinator),
    ] {
        world.member(who, 1, role, false).await;
    }
    world.open_case(&caller(1), 1, 1).await;
    world.projected().await;
    world
}

/// What a reader holds after catching up from where they stand.
async fn holds(world: &World, reader: &mut Reader, who: &Caller) -> Vec<DocumentId> {
    world.projected().await;
    reader.catch_up(world, who, MEBIBYTE).await;
    let mut held: Vec<DocumentId> = reader.documents.keys().copied().collect();
    held.sort_unstable();
    held
}

#[tokio::test]
async fn invariant_03_a_draft_is_fed_to_its_authors_devices_and_to_nobody_else_whatever_their_role()
{
    let world = world().await;
    let (mut tablet, mut colleague) = (Reader::default(), Reader::default());
    assert!(
        holds(&world, &mut tablet, &second_device(1))
            .await
            .is_empty()
    );
    assert!(holds(&world, &mut colleague, &caller(2)).await.is_empty());
    let mut draft = Draft::new();
    let bodies = [
        draft.set(&caller(1), 1, "seen", "slettet"),
        draft.set(&caller(1), 1, "seen", "skrevet"),
    ];
    let pushed = world
        .push(&caller(1), vec![changes(private(1), document(1), &bodies)])
        .await;
    seqs(&pushed[0]);
    assert_eq!(
        holds(&world, &mut tablet, &second_device(1)).await,
        [document(1)]
    );
    let mut fresh = Reader::default();
    assert_eq!(
        holds(&world, &mut fresh, &second_device(1)).await,
        [document(1)]
    );
    assert!(holds(&world, &mut colleague, &caller(2)).await.is_empty());
    for other in [2, 3, 4] {
        let mut cold = Reader::default();
        assert!(
            holds(&world, &mut cold, &caller(other)).await.is_empty(),
            "{other}"
        );
    }
}

async fn repaired(world: &World, who: &Caller, request: &RepairRequest) -> RepairAnswer {
    repair(&world.core, who, &wire::encode(request))
        .await
        .expect("answers")
}

#[tokio::test]
async fn a_repair_tells_nobody_else_of_a_draft_and_answers_as_for_one_that_is_not_there() {
    let world = world().await;
    let body = Draft::new().set(&caller(1), 1, "seen", "x");
    world
        .push(&caller(1), vec![changes(private(1), document(1), &[body])])
        .await;
    world.projected().await;
    let whole = |number| RepairRequest::Whole(vec![ItemId::Document(document(number))]);
    let RepairAnswer::Page(theirs) = repaired(&world, &caller(2), &whole(1)).await else {
        panic!("a page");
    };
    let page = frame::decode_page(&theirs).expect("a page");
    assert!(page.documents.is_empty());
    assert_eq!(page.gone, [Gone::Document(document(1))]);
    let RepairAnswer::Page(nobodys) = repaired(&world, &caller(2), &whole(99)).await else {
        panic!("a page");
    };
    let nobodys = frame::decode_page(&nobodys).expect("a page");
    assert_eq!(nobodys.end, page.end);
    assert_eq!(nobodys.gone, [Gone::Document(document(99))]);
    for (who, expected) in [(second_device(1), true), (caller(2), false)] {
        let RepairAnswer::Tags(tags) = repaired(&world, &who, &RepairRequest::Tags(None)).await
        else {
            panic!("tags");
        };
        let tags: Tags = wire::decode("tags", &tags).expect("tags");
        let is_there = tags
            .items
            .iter()
            .any(|(item, _)| *item == ItemId::Document(document(1)));
        assert_eq!(is_there, expected);
    }
}

#[tokio::test]
async fn a_published_draft_leaves_its_authors_devices_and_its_document_reaches_the_team() {
    let world = world().await;
    let (mut phone, mut tablet, mut colleague) =
        (Reader::default(), Reader::default(), Reader::default());
    let body = Draft::new().set(&caller(1), 1, "seen", "kladde");
    world
        .push(&caller(1), vec![changes(private(1), document(1), &[body])])
        .await;
    assert_eq!(
        holds(&world, &mut tablet, &second_device(1)).await,
        [document(1)]
    );
    let first = Draft::new().set(&caller(1), 1, "seen", "udgivet");
    let group = publish(1, space(1), document(1), document(2), &first);
    let answers = world.push(&caller(1), vec![group]).await;
    seqs(&answers[0]);
    for (reader, who) in [
        (&mut phone, caller(1)),
        (&mut tablet, second_device(1)),
        (&mut colleague, caller(2)),
    ] {
        assert_eq!(holds(&world, reader, &who).await, [document(2)]);
    }
    let mut cold = Reader::default();
    assert_eq!(
        holds(&world, &mut cold, &second_device(1)).await,
        [document(2)]
    );
    // And it stays so when the server starts again.
    let world = world.restart().await;
    assert_eq!(
        holds(&world, &mut tablet, &second_device(1)).await,
        [document(2)]
    );
}

#[tokio::test]
async fn a_draft_that_is_published_in_the_push_it_comes_with_is_never_fed() {
    let world = world().await;
    let mut tablet = Reader::default();
    assert!(
        holds(&world, &mut tablet, &second_device(1))
            .await
            .is_empty()
    );
    let draft = Draft::new().set(&caller(1), 1, "seen", "kladde");
    let first = Draft::new().set(&caller(1), 1, "seen", "udgivet");
    let groups = vec![
        changes(private(1), document(1), &[draft]),
        publish(1, space(1), document(1), document(2), &first),
    ];
    let answers = world.push(&caller(1), groups).await;
    assert_eq!(seqs(&answers[0])[0] + 1, seqs(&answers[1])[0]);
    assert_eq!(
        holds(&world, &mut tablet, &second_device(1)).await,
        [document(2)]
    );
    assert_eq!(tablet.wholes, 1);
    assert_eq!(
        holds(&world, &mut Reader::default(), &caller(1)).await,
        [document(2)]
    );
}

#[tokio::test]
async fn a_publish_that_names_what_is_not_ones_draft_closes_nothing_of_it() {
    let world = world().await;
    let entry = Draft::new().set(&caller(2), 1, "seen", "notat");
    let draft = Draft::new().set(&caller(2), 1, "seen", "kladde");
    let groups = vec![
        changes(space(1), document(1), &[entry]),
        changes(private(2), document(2), &[draft]),
    ];
    world.push(&caller(2), groups).await;
    let first = |number| Draft::new().set(&caller(1), number, "seen", "mit");
    let groups = vec![
        publish(1, space(1), document(1), document(11), &first(1)),
        publish(2, space(1), document(2), document(12), &first(2)),
        publish(3, space(1), document(99), document(13), &first(3)),
    ];
    for answers in world.push(&caller(1), groups).await {
        seqs(&answers);
    }
    let all = [1, 2, 11, 12, 13].map(document);
    assert_eq!(holds(&world, &mut Reader::default(), &caller(2)).await, all);
    // Its own author publishes it as if nothing had been.
    let first = Draft::new().set(&caller(2), 1, "seen", "udgivet");
    let group = publish(1, space(1), document(2), document(20), &first);
    seqs(&world.push(&caller(2), vec![group]).await[0]);
    let all = [1, 11, 12, 13, 20].map(document);
    assert_eq!(holds(&world, &mut Reader::default(), &caller(2)).await, all);
}

#[tokio::test]
async fn no_row_for_pages_is_made_of_a_draft() {
    let world = world().await;
    let draft = Draft::new().set(&caller(1), 1, "kind", "card");
    world
        .push(&caller(1), vec![changes(private(1), document(1), &[draft])])
        .await;
    world.projected().await;
    let mut tx = world.core.store().read().await.expect("reads");
    for sql in [
        "SELECT count(*) FROM timeline",
        "SELECT count(*) FROM cards",
    ] {
        let rows: i64 = sqlx::query_scalar(sql)
            .fetch_one(&mut *tx)
            .await
            .expect("counts");
        assert_eq!(rows, 0, "{sql}");
    }
}

#[tokio::test]
async fn what_a_publish_was_made_from_is_told_to_its_author_as_it_was_said() {
    let world = world().await;
    let first = Draft::new().set(&caller(1), 1, "seen", "udgivet");
    let group = publish(1, space(1), document(1), document(2), &first);
    seqs(&world.push(&caller(1), vec![group]).await[0]);
    let mut tablet = Reader::default();
    holds(&world, &mut tablet, &second_device(1)).await;
    let told: Vec<Published> = tablet
        .facts
        .values()
        .filter_map(|fact| match fact.read() {
            Ok(FactBody::Published(one)) => Some(one),
            _ => None,
        })
        .collect();
    let expected = Published {
        draft: document(1),
        document: document(2),
        seen: seen(1),
    };
    assert_eq!(told, [expected]);
}

#[tokio::test]
async fn a_publish_that_tells_of_too_many_actors_is_malformed() {
    let world = world().await;
    let first = Draft::new().set(&caller(1), 1, "seen", "udgivet");
    let mut group = publish(1, space(1), document(1), document(2), &first);
    let mut body = Publish::from_body(&group.operations[0].body).expect("a publish");
    body.seen = vec![body.seen[0]; limits::SEEN_ACTORS_MAX + 1];
    group.operations[0].body = wire::encode(&body).into();
    let answers = world.push(&caller(1), vec![group]).await;
    let Answer::Refused { reason, .. } = &answers[0][0] else {
        panic!("{answers:?}");
    };
    assert_eq!(*reason, Reason::Malformed);
}
