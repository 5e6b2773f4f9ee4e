//! Publishing against a running core: what is answered, again and again, and what is kept of it.

use super::*;
use samspor_documents::id::DocumentId;
use samspor_protocol::push::Group;

fn private(number: u64) -> SpaceId {
    practitioner(number).private_space()
}

async fn world() -> World {
    let world = World::new().await;
    world.people(&[1, 2]).await;
    for who in [1, 2] {
        world.member(who, 1, Role::Practitioner, false).await;
    }
    world.open_case(&caller(1), 1, 1).await;
    world
}

/// The answers with what took the place, where that is told.
fn told(answers: &[Vec<Answer>]) -> Vec<(String, Option<DocumentId>)> {
    let by = |answer: &Answer| match answer {
        Answer::Accepted { .. } => ("accepted".to_owned(), None),
        Answer::Refused { reason, by, .. } => (reason.code().to_owned(), *by),
    };
    answers.iter().flatten().map(by).collect()
}

fn accepted() -> (String, Option<DocumentId>) {
    ("accepted".to_owned(), None)
}

fn superseded(by: u64) -> (String, Option<DocumentId>) {
    ("superseded".to_owned(), Some(document(by)))
}

#[tokio::test]
async fn invariant_01_a_publish_that_is_repeated_gets_the_same_answer_and_changes_nothing() {
    let world = world().await;
    let draft = Draft::new().set(&caller(1), 1, "seen", "kladde");
    let first = Draft::new().set(&caller(1), 1, "seen", "udgivet");
    let groups = || {
        vec![
            changes(private(1), document(1), std::slice::from_ref(&draft)),
            publish(1, space(1), document(1), document(2), &first),
        ]
    };
    let answers = world.push(&caller(1), groups()).await;
    assert_eq!(told(&answers), [accepted(), accepted()]);
    let head = world.projected().await;
    assert_eq!(world.push(&caller(1), groups()).await, answers);
    let world = world.restart().await;
    assert_eq!(world.push(&caller(1), groups()).await, answers);
    assert_eq!(world.projected().await, head);
    // The same within one push, too: the second finds what the first was answered.
    let once = Draft::new().set(&caller(1), 2, "seen", "igen");
    let group = || publish(5, space(1), document(5), document(6), &once);
    let answers = world.push(&caller(1), vec![group(), group()]).await;
    assert_eq!(answers[0], answers[1]);
    assert_eq!(told(&answers), [accepted(), accepted()]);
}

#[tokio::test]
async fn a_draft_is_published_once_by_whichever_device_and_the_rest_is_superseded() {
    let world = world().await;
    let mut written = Draft::new();
    let draft = written.set(&caller(1), 1, "seen", "kladde");
    world
        .push(&caller(1), vec![changes(private(1), document(1), &[draft])])
        .await;
    let first = |who: &_, session| Draft::new().set(who, session, "seen", "udgivet");
    let phone = publish(1, space(1), document(1), document(2), &first(&caller(1), 1));
    let edit = written.set(&second_device(1), 1, "seen", "rettet imens");
    let tablet = publish(
        1,
        space(1),
        document(1),
        document(3),
        &first(&second_device(1), 1),
    );
    let answers = world.push(&caller(1), vec![phone]).await;
    assert_eq!(told(&answers), [accepted()]);
    let groups = vec![changes(private(1), document(1), &[edit]), tablet];
    let answers = world.push(&second_device(1), groups).await;
    assert_eq!(told(&answers), [superseded(2), superseded(2)]);
    // The same device again, by another operation.
    let again = publish(2, space(1), document(1), document(4), &first(&caller(1), 2));
    assert_eq!(
        told(&world.push(&caller(1), vec![again]).await),
        [superseded(2)]
    );
    // What was published goes on as any document.
    let mut published = Draft::new();
    let body = first(&caller(1), 1);
    published.apply(&body);
    let next = published.set(&caller(2), 1, "seen", "rettet af en kollega");
    let answers = world
        .push(&caller(2), vec![changes(space(1), document(2), &[next])])
        .await;
    assert_eq!(told(&answers), [accepted()]);
}

#[tokio::test]
async fn a_draft_that_the_server_never_saw_is_closed_as_well() {
    let world = world().await;
    let first = Draft::new().set(&caller(1), 1, "seen", "udgivet");
    let group = publish(1, space(1), document(1), document(2), &first);
    assert_eq!(
        told(&world.push(&caller(1), vec![group]).await),
        [accepted()]
    );
    let late = Draft::new().set(&second_device(1), 1, "seen", "kladden selv");
    let again = Draft::new().set(&second_device(1), 2, "seen", "udgivet igen");
    let groups = vec![
        changes(private(1), document(1), &[late]),
        publish(2, space(1), document(1), document(3), &again),
    ];
    let answers = world.push(&second_device(1), groups).await;
    assert_eq!(told(&answers), [superseded(2), superseded(2)]);
}

#[tokio::test]
async fn two_devices_that_publish_in_one_commit_make_one_document() {
    let world = std::sync::Arc::new(world().await);
    let mut pushing = Vec::new();
    for number in 0..8u64 {
        let world = world.clone();
        let who = if number % 2 == 0 {
            caller(1)
        } else {
            second_device(1)
        };
        let body = Draft::new().set(&who, number, "seen", "udgivet");
        let group = publish(number, space(1), document(1), document(10 + number), &body);
        pushing.push(tokio::spawn(
            async move { world.push(&who, vec![group]).await },
        ));
    }
    let mut answers = Vec::new();
    for task in pushing {
        answers.extend(told(&task.await.expect("answers")));
    }
    let won = answers
        .iter()
        .filter(|answer| **answer == accepted())
        .count();
    assert_eq!(won, 1, "{answers:?}");
    let by: std::collections::BTreeSet<_> = answers.iter().filter_map(|(_, by)| *by).collect();
    assert_eq!(by.len(), 1, "all others are told the same");
}

#[tokio::test]
async fn a_publish_that_may_not_be_is_refused_and_leaves_the_draft_open() {
    let world = world().await;
    let mut written = Draft::new();
    let draft = written.set(&caller(1), 1, "seen", "kladde");
    world
        .push(&caller(1), vec![changes(private(1), document(1), &[draft])])
        .await;
    world.member(1, 1, Role::Practitioner, true).await;
    let body = Draft::new().set(&caller(1), 1, "seen", "udgivet");
    let group = || publish(1, space(1), document(1), document(2), &body);
    let answers = world.push(&caller(1), vec![group()]).await;
    assert_eq!(told(&answers), [("no_access".to_owned(), None)]);
    // One's own space is nobody's membership: the draft is still written in, and published once access is back.
    let edit = written.set(&caller(1), 1, "seen", "skrevet videre");
    let edits = vec![changes(private(1), document(1), &[edit])];
    assert_eq!(told(&world.push(&caller(1), edits).await), [accepted()]);
    world.member(1, 1, Role::Practitioner, false).await;
    assert_eq!(
        told(&world.push(&caller(1), vec![group()]).await),
        [accepted()]
    );
}

#[tokio::test]
async fn nobody_writes_or_publishes_in_anothers_private_space_and_nothing_there_is_told() {
    let world = world().await;
    let draft = Draft::new().set(&caller(1), 1, "seen", "kladde");
    world
        .push(&caller(1), vec![changes(private(1), document(1), &[draft])])
        .await;
    let body = |session| Draft::new().set(&caller(2), session, "seen", "x");
    let groups: Vec<Group> = vec![
        changes(private(1), document(1), &[body(1)]),
        changes(private(1), document(99), &[body(2)]),
        changes(private(77), document(1), &[body(3)]),
        publish(1, private(1), document(1), document(2), &body(4)),
        publish(2, private(77), document(1), document(3), &body(5)),
    ];
    let answers = world.push(&caller(2), groups).await;
    assert!(answers.iter().all(|one| one == &answers[0]), "{answers:?}");
    assert_eq!(reasons(&answers[0]), ["no_access"]);
    // A case under a practitioner's id is none, and opens nobody's space.
    let mut case = open_case(1, 50);
    case.space = private(1);
    assert_eq!(
        reasons(&world.push(&caller(2), vec![case]).await[0]),
        ["no_access"]
    );
}

#[tokio::test]
async fn what_is_no_publish_is_malformed_and_told_only_to_who_may_write_there() {
    let world = world().await;
    let body = Draft::new().set(&caller(1), 1, "seen", "x");
    let broken = |edit: fn(&mut Group)| {
        let mut group = publish(1, space(1), document(1), document(2), &body);
        edit(&mut group);
        group
    };
    let cases = [
        broken(|group| group.operations[0].operation = None),
        broken(|group| group.operations[0].body = vec![0xff; 9].into()),
        broken(|group| group.document = None),
        publish(1, space(1), document(1), document(2), b"no change"),
        publish(1, space(1), document(2), document(2), &body),
        publish(1, private(1), document(1), document(2), &body),
    ];
    for group in cases {
        let answers = world.push(&caller(1), vec![group.clone()]).await;
        assert_eq!(reasons(&answers[0]), ["malformed"], "{group:?}");
        if group.document.is_some() {
            let answers = world.push(&caller(3), vec![group]).await;
            assert_eq!(reasons(&answers[0]), ["no_access"]);
        }
    }
}
