//! Push as a whole: against a running core.

mod assignments;
mod circles;
mod closings;
mod restricting;
mod signing;

use crate::sync::CoreError;
use crate::testing::*;
use automerge::{ObjType, ROOT, transaction::Transactable as _};
use samspor_documents::id::SpaceId;
use samspor_protocol::{
    fact::Role,
    limits,
    push::{Answer, PushRequest},
    reason::Reason,
    wire,
};

mod disclosures;
mod publishing;
mod shares;

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
        changes(space(1), document(1), std::slice::from_ref(&body)),
        changes(space(99), document(1), std::slice::from_ref(&body)),
        changes(SpaceId(team(1).0), document(1), std::slice::from_ref(&body)),
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

/// What a push as a whole is answered when it is not even looked at.
async fn code(world: &World, body: &[u8]) -> &'static str {
    match super::push(&world.core, &caller(1), body).await {
        Ok(_) => "answered",
        Err(error) => error.code(),
    }
}

#[tokio::test]
async fn a_body_that_is_no_push_or_too_large_is_refused_as_a_whole() {
    let world = World::new().await;
    let operations = |count| {
        let bodies = vec![vec![0u8; 10]; count];
        let groups = vec![changes(space(1), document(1), &bodies)];
        wire::encode(&PushRequest { groups })
    };
    let whole = operations(1);
    let bytes_max = vec![0; limits::PUSH_BYTES_MAX + 1];
    let rows: Vec<(&str, &[u8], &str)> = vec![
        ("nothing", b"", "malformed"),
        ("garbage", &[0xff; 40], "malformed"),
        ("cut short", &whole[..whole.len() - 1], "malformed"),
        ("too many bytes", &bytes_max, "too_large"),
    ];
    for (name, body, expected) in rows {
        assert_eq!(code(&world, body).await, expected, "{name}");
    }
    let most = limits::PUSH_OPERATIONS_MAX;
    assert_eq!(code(&world, &operations(most)).await, "answered");
    assert_eq!(code(&world, &operations(most + 1)).await, "too_large");
}

/// One change that writes a text of so many characters: an operation each.
fn prose(chars: usize) -> Vec<u8> {
    let mut draft = Draft::new();
    draft.change(&caller(1), 1, |tx| {
        let text = tx.put_object(ROOT, "text", ObjType::Text).expect("a text");
        tx.splice_text(&text, 0, 0, &"x".repeat(chars))
            .expect("splices");
    })
}

#[tokio::test]
async fn a_change_over_its_limits_is_refused_by_its_reason_and_stops_no_other_group() {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    world.open_case(&caller(1), 1, 1).await;
    let most = usize::try_from(limits::CHANGE_OPERATIONS_MAX).expect("small");
    let mut long = Draft::new();
    let long = long.set(
        &caller(1),
        1,
        "seen",
        &"ø".repeat(limits::CHANGE_BYTES_MAX / 2),
    );
    let good = Draft::new().set(&caller(1), 1, "seen", "a");
    let damaged = {
        let mut damaged = good.clone();
        let last = damaged.len() - 1;
        damaged[last] ^= 1;
        damaged
    };
    let rows = [
        (prose(most - 1), "accepted"),
        (prose(most), "too_many_operations"),
        (long, "too_large"),
        (damaged, "malformed"),
        (good[..good.len() - 1].to_vec(), "malformed"),
        (good, "accepted"),
    ];
    let groups = (0u64..)
        .zip(&rows)
        .map(|(number, (body, _))| changes(space(1), document(number), std::slice::from_ref(body)))
        .collect();
    let answers = world.push(&caller(1), groups).await;
    for ((_, expected), answer) in rows.iter().zip(&answers) {
        assert_eq!(reasons(answer), [*expected]);
    }
}

/// Lets the database grow no further, or again; only the writer's own connection knows.
async fn limit_pages(world: &World, pages: Option<i64>) {
    let mut tx = world.core.store().write().await.expect("writes");
    let now: i64 = sqlx::query_scalar("PRAGMA page_count")
        .fetch_one(&mut *tx)
        .await
        .expect("counts");
    let most = pages.map_or(now, |more| now + more);
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "PRAGMA max_page_count = {most}"
    )))
    .execute(&mut *tx)
    .await
    .expect("limits");
}

#[tokio::test]
async fn a_full_disk_acknowledges_nothing_and_the_same_push_goes_in_once_there_is_room() {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    world.open_case(&caller(1), 1, 1).await;
    let head = world.projected().await;
    let body = Draft::new().set(&caller(1), 1, "seen", &"ord ".repeat(40_000));
    let groups = vec![changes(space(1), document(1), &[body])];
    let request = wire::encode(&PushRequest { groups });
    limit_pages(&world, None).await;
    let refused = super::push(&world.core, &caller(1), &request).await;
    assert!(
        matches!(refused, Err(CoreError::Unavailable)),
        "{refused:?}"
    );
    assert_eq!(world.projected().await, head);
    limit_pages(&world, Some(10_000)).await;
    let answers = super::push(&world.core, &caller(1), &request)
        .await
        .expect("answers");
    assert_eq!(seqs(&answers.groups[0]), [head.to_wire() + 1]);
}

#[tokio::test]
async fn a_stopped_core_refuses_and_what_it_had_accepted_is_there_at_the_next_start() {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    let opened = world.open_case(&caller(1), 1, 1).await;
    world.core.stop().await;
    let request = wire::encode(&PushRequest {
        groups: vec![open_case(1, 2)],
    });
    let refused = super::push(&world.core, &caller(1), &request).await;
    assert!(
        matches!(refused, Err(CoreError::Unavailable)),
        "{refused:?}"
    );
    let world = world.restart().await;
    assert_eq!(world.open_case(&caller(1), 1, 1).await, opened);
}
