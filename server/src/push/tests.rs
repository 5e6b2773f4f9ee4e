//! Push as a whole: against a running core.

use crate::testing::*;
use samspor_documents::id::SpaceId;
use samspor_protocol::{fact::Role, push::Answer, reason::Reason};

fn reasons(answers: &[Answer]) -> Vec<String> {
    let code = |answer: &Answer| match answer {
        Answer::Accepted { .. } => "accepted".to_owned(),
        Answer::Refused { reason, .. } => reason.code().to_owned(),
    };
    answers.iter().map(code).collect()
}

#[tokio::test]
async fn a_case_and_its_first_entry_go_in_with_one_push_and_a_second_push_changes_nothing() {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    let mut draft = Draft::new();
    let bodies = [
        draft.set(&caller(1), 1, "seen", "sover godt"),
        draft.set(&caller(1), 1, "seen", "sover dårligt"),
    ];
    let groups = || vec![open_case(1, 1), changes(space(1), document(1), &bodies)];
    let first = world.push(&caller(1), groups()).await;
    let (opened, written) = (seqs(&first[0]), seqs(&first[1]));
    assert_eq!(written, [opened[0] + 1, opened[0] + 2]);
    let head = world.projected().await;
    assert_eq!(world.push(&caller(1), groups()).await, first);
    assert_eq!(world.projected().await, head);
}

#[tokio::test]
async fn what_may_not_be_written_gets_the_same_answer_whether_it_exists_or_not() {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    world.member(2, 2, Role::Practitioner, false).await;
    world.open_case(&caller(1), 1, 1).await;
    let mut draft = Draft::new();
    let body = draft.set(&caller(2), 1, "seen", "x");
    let groups = vec![
        changes(space(1), document(1), &[body.clone()]),
        changes(space(99), document(1), &[body.clone()]),
        changes(SpaceId(team(1).0), document(1), &[body.clone()]),
        changes(SpaceId(ORGANISATION.0), document(1), &[body]),
        changes(space(1), document(1), &[vec![1, 2, 3]]),
        open_case(1, 5),
        open_case(1, 1),
    ];
    let answers = world.push(&caller(2), groups).await;
    assert!(answers.iter().all(|one| one == &answers[0]), "{answers:?}");
    assert_eq!(reasons(&answers[0]), ["no_access"]);
}

#[tokio::test]
async fn a_refusal_takes_the_rest_of_its_group_and_the_documents_of_its_space_with_it() {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    world.open_case(&caller(1), 1, 1).await;
    let mut draft = Draft::new();
    let good = [
        draft.set(&caller(1), 1, "seen", "a"),
        draft.set(&caller(1), 1, "seen", "b"),
    ];
    let mut other = Draft::new();
    let elsewhere = other.set(&caller(1), 1, "seen", "c");
    let groups = vec![
        open_case(2, 2),
        changes(space(2), document(2), &[elsewhere.clone(), elsewhere]),
        changes(
            space(1),
            document(1),
            &[good[0].clone(), vec![0], good[1].clone()],
        ),
        changes(space(1), document(3), &[good[0].clone()]),
    ];
    let answers = world.push(&caller(1), groups).await;
    assert_eq!(reasons(&answers[0]), ["no_access"]);
    assert_eq!(reasons(&answers[1]), ["no_access", "earlier_refused"]);
    assert_eq!(
        reasons(&answers[2]),
        ["accepted", "malformed", "earlier_refused"]
    );
    assert_eq!(reasons(&answers[3]), ["accepted"]);
}

#[tokio::test]
async fn an_unknown_kind_of_operation_is_unsupported_and_stops_nothing_else() {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    let mut unknown = open_case(1, 7);
    unknown.operations[0].kind = 200;
    let answers = world.push(&caller(1), vec![unknown, open_case(1, 8)]).await;
    assert_eq!(reasons(&answers[0]), [Reason::Unsupported.code()]);
    assert_eq!(reasons(&answers[1]), ["accepted"]);
}

#[tokio::test]
async fn a_large_push_is_committed_in_several_groups_and_answered_once() {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    world.open_case(&caller(1), 1, 1).await;
    let prose = "ord ".repeat(2000);
    let mut groups = Vec::new();
    for number in 0..400 {
        let body = Draft::new().set(&caller(1), number, "seen", &prose);
        groups.push(changes(space(1), document(number), &[body]));
    }
    let answers = world.push(&caller(1), groups).await;
    let got: Vec<u64> = answers.iter().flat_map(|group| seqs(group)).collect();
    let expected: Vec<u64> = (got[0]..got[0] + 400).collect();
    assert_eq!(got, expected);
}

#[tokio::test]
async fn pushes_at_once_are_each_answered_and_the_log_has_no_gap() {
    let world = std::sync::Arc::new(World::new().await);
    let mut tasks = Vec::new();
    for number in 1..=20 {
        world.member(number, 1, Role::Practitioner, false).await;
        let world = world.clone();
        tasks.push(tokio::spawn(async move {
            world.open_case(&caller(number), 1, number).await
        }));
    }
    let mut got = Vec::new();
    for task in tasks {
        got.extend(seqs(&[task.await.expect("answers")]));
    }
    got.sort_unstable();
    got.dedup();
    assert_eq!(got.len(), 20);
    let head = world.projected().await;
    let mut tx = world.core.store().read().await.expect("reads");
    let entries: i64 = sqlx::query_scalar("SELECT count(*) FROM entries")
        .fetch_one(&mut *tx)
        .await
        .expect("counts");
    assert_eq!(entries, head.0);
}
