//! Circles against a running core: what is answered, again and again, and what is kept of it.

use super::*;
use samspor_protocol::push::{Group, Operation};

/// Practitioners 1 and 2 in team 1 with case 1, 3 and 4 in none.
async fn world() -> World {
    let world = World::new().await;
    world.people(&[1, 2, 3, 4]).await;
    for who in [1, 2] {
        world.member(who, 1, Role::Practitioner, false).await;
    }
    world.open_case(&caller(1), 1, 1).await;
    world
}

fn entry(who: u64, number: u64, text: &str) -> Group {
    let body = Draft::new().set(&caller(who), number, "text", text);
    changes(space(7), document(number), &[body])
}

async fn told(world: &World, who: u64, groups: Vec<Group>) -> Vec<Vec<String>> {
    let answers = world.push(&caller(who), groups).await;
    answers.iter().map(|group| reasons(group)).collect()
}

#[tokio::test]
async fn invariant_01_a_circle_opened_written_in_and_changed_gets_the_same_answers_again() {
    let world = world().await;
    let first = entry(1, 71, "første");
    let groups = || {
        vec![
            open_circle(1, 7, &[3]),
            join(2, 7, 4),
            join(3, 7, 4),
            first.clone(),
        ]
    };
    let answers = world.push(&caller(1), groups()).await;
    let all: Vec<u64> = answers.iter().flat_map(|group| seqs(group)).collect();
    // The circle, two participants with it, one more, who is then there already, and the entry.
    assert_eq!(all, [0, 3, 3, 4].map(|more| all[0] + more));
    let head = world.projected().await;
    assert_eq!(world.push(&caller(1), groups()).await, answers);
    let left = world.push(&caller(4), vec![leave(1, 7)]).await;
    let world = world.restart().await;
    // Also when what they did was undone since.
    assert_eq!(world.push(&caller(1), groups()).await, answers);
    assert_eq!(world.push(&caller(4), vec![leave(1, 7)]).await, left);
    assert_eq!(world.projected().await.0, head.0 + 1);
    assert_eq!(
        told(&world, 4, vec![entry(4, 72, "for sent")]).await,
        [["no_access"]]
    );
}

#[tokio::test]
async fn who_is_brought_in_writes_and_brings_in_others_at_once_and_who_left_does_neither() {
    let world = world().await;
    assert_eq!(
        told(&world, 1, vec![open_circle(1, 7, &[])]).await,
        [["accepted"]]
    );
    assert_eq!(
        told(&world, 3, vec![entry(3, 73, "x")]).await,
        [["no_access"]]
    );
    assert_eq!(told(&world, 1, vec![join(2, 7, 3)]).await, [["accepted"]]);
    let groups = vec![
        join(3, 7, 4),
        entry(3, 73, "x"),
        leave(4, 7),
        entry(3, 74, "y"),
    ];
    assert_eq!(
        told(&world, 3, groups).await,
        [["accepted"], ["accepted"], ["accepted"], ["no_access"]]
    );
    assert_eq!(told(&world, 3, vec![join(5, 7, 3)]).await, [["no_access"]]);
    assert_eq!(
        told(&world, 4, vec![entry(4, 75, "z")]).await,
        [["accepted"]]
    );
    // Another device of who left says it again.
    let again = world.push(&second_device(3), vec![leave(9, 7)]).await;
    assert_eq!(reasons(&again[0]), ["accepted"]);
}

#[tokio::test]
async fn a_circle_of_others_is_answered_as_one_that_is_not_there() {
    let world = world().await;
    told(&world, 3, vec![open_circle(1, 7, &[4])]).await;
    let body = Draft::new().set(&caller(1), 1, "text", "x");
    let elsewhere = |mut group: Group, of: SpaceId| {
        group.space = of;
        group
    };
    let mut groups = Vec::new();
    for of in [
        space(7),
        space(99),
        space(1),
        team(1).circle(),
        practitioner(3).private_space(),
    ] {
        groups.push(elsewhere(join(10, 7, 2), of));
        groups.push(elsewhere(join(11, 7, 77), of));
        groups.push(elsewhere(leave(12, 7), of));
    }
    groups.push(changes(space(7), document(1), std::slice::from_ref(&body)));
    groups.push(changes(space(99), document(1), &[body]));
    groups.push(open_circle(20, 7, &[2]));
    groups.push(open_circle(21, 1, &[2]));
    groups.push(open_circle(22, 50, &[2, 77]));
    let mut case = open_case(1, 50);
    case.space = space(7);
    groups.push(case);
    let answers = world.push(&caller(1), groups).await;
    assert_eq!(reasons(&answers[0]), ["no_access"]);
    assert!(answers.iter().all(|one| one == &answers[0]), "{answers:?}");
}

#[tokio::test]
async fn what_is_refused_about_participants_leaves_what_is_written_as_it_is() {
    let world = world().await;
    let groups = vec![
        open_circle(1, 7, &[]),
        join(2, 7, 77),
        join(3, 7, 3),
        entry(1, 71, "første"),
    ];
    assert_eq!(
        told(&world, 1, groups).await,
        [["accepted"], ["no_access"], ["accepted"], ["accepted"]]
    );
    // What could not be opened takes along what was to stand there.
    let mut there = entry(1, 72, "x");
    there.space = space(8);
    let groups = vec![open_circle(4, 8, &[77]), there];
    assert_eq!(
        told(&world, 1, groups).await,
        [["no_access"], ["no_access"]]
    );
}

#[tokio::test]
async fn what_is_no_operation_on_a_circle_is_malformed() {
    let world = world().await;
    told(&world, 1, vec![open_circle(1, 7, &[])]).await;
    let broken = |mut group: Group, edit: fn(&mut Operation)| {
        edit(&mut group.operations[0]);
        group
    };
    let in_document = |mut group: Group| {
        group.document = Some(document(1));
        group
    };
    let mut groups = Vec::new();
    for group in [open_circle(2, 8, &[]), join(3, 7, 2), leave(4, 7)] {
        groups.push(broken(group.clone(), |one| one.operation = None));
        groups.push(broken(group.clone(), |one| one.body = vec![0xff; 9].into()));
        groups.push(in_document(group));
    }
    for group in groups {
        // Where it stands in a document's group, only who may write there is told that it is wrong.
        let expected = match (group.document, group.space == space(7)) {
            (Some(_), false) => "no_access",
            _ => "malformed",
        };
        let answers = world.push(&caller(1), vec![group.clone()]).await;
        assert_eq!(reasons(&answers[0]), [expected], "{group:?}");
    }
}

#[tokio::test]
async fn two_devices_that_bring_in_the_same_colleague_at_once_are_both_accepted() {
    let world = std::sync::Arc::new(world().await);
    told(&world, 1, vec![open_circle(1, 7, &[2])]).await;
    let mut pushing = Vec::new();
    for number in 0..8_u64 {
        let world = world.clone();
        let who = caller(1 + number % 2);
        pushing.push(tokio::spawn(async move {
            world.push(&who, vec![join(10 + number, 7, 3)]).await
        }));
    }
    let mut all = std::collections::BTreeSet::new();
    for task in pushing {
        let answers = task.await.expect("answers");
        all.extend(seqs(&answers[0]));
    }
    assert_eq!(all.len(), 1, "one entry brought them in");
    let mut tx = world.core.store().read().await.expect("reads");
    let grants: i64 = sqlx::query_scalar("SELECT count(*) FROM grants WHERE practitioner = ?")
        .bind(practitioner(3).as_bytes().to_vec())
        .fetch_one(&mut *tx)
        .await
        .expect("counts");
    assert_eq!(grants, 1);
}
