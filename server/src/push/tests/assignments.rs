//! Assignments against a running core: what is answered, again and again, and to whom nothing is told.

use super::*;
use crate::{
    sync::Caller,
    testing::caseloads::{assign, unassign},
};
use samspor_protocol::{fact::Caseload, push::Group, share::Recipient};

/// Practitioners 1, 2 and 6 in team 1 with case 1, which 1 opened, and document 10 in it; 3 in team 2 with case 2; 4 leads
/// team 1, 5 is in none. The caseload of team 1 is by assignment.
async fn world() -> World {
    let world = World::new().await;
    world.people(&[1, 2, 3, 4, 5, 6]).await;
    for (who, of, role) in [
        (1, 1, Role::Practitioner),
        (2, 1, Role::Coordinator),
        (6, 1, Role::Practitioner),
        (3, 2, Role::Practitioner),
        (4, 1, Role::Leader),
    ] {
        world.member(who, of, role, false).await;
    }
    world.caseload(1, Caseload::Assigned).await;
    let first = Draft::new().set(&caller(1), 10, "text", "x");
    let groups = vec![open_case(1, 1), changes(space(1), document(10), &[first])];
    assert_eq!(told(&world, 1, groups).await, ["accepted", "accepted"]);
    world.open_case(&caller(3), 2, 2).await;
    world
}

async fn told(world: &World, who: u64, groups: Vec<Group>) -> Vec<String> {
    let answers = world.push(&caller(who), groups).await;
    answers.iter().flat_map(|group| reasons(group)).collect()
}

fn entry(who: u64, case: u64, number: u64) -> Group {
    let body = Draft::new().set(&caller(who), number, "text", "x");
    changes(space(case), document(number), &[body])
}

#[tokio::test]
async fn invariant_01_an_assignment_and_its_end_get_the_same_answers_again() {
    let world = world().await;
    let groups = || {
        vec![
            assign(1, 1, 2),
            assign(2, 1, 2),
            unassign(3, 1, 1),
            // From here on the case is not this device's any more.
            unassign(4, 1, 1),
        ]
    };
    let answers = world.push(&caller(1), groups()).await;
    let first = seqs(&answers[0])[0];
    assert_eq!(seqs(&answers[1]), [first], "it was so already");
    assert_eq!(seqs(&answers[2]), [first + 1]);
    assert_eq!(reasons(&answers[3]), ["no_access"]);
    let head = world.projected().await;
    assert_eq!(world.push(&caller(1), groups()).await, answers);
    let world = world.restart().await;
    assert_eq!(world.push(&caller(1), groups()).await, answers);
    // What has ended is answered with where it did.
    let again = world.push(&caller(2), vec![unassign(5, 1, 1)]).await;
    assert_eq!(seqs(&again[0]), [first + 1]);
    assert_eq!(world.projected().await, head);
    // And begins again as a newer version of the same fact.
    let back = world.push(&caller(2), vec![assign(6, 1, 1)]).await;
    assert_eq!(seqs(&back[0]), [first + 2]);
    assert_eq!(told(&world, 1, vec![entry(1, 1, 11)]).await, ["accepted"]);
}

#[tokio::test]
async fn who_has_a_case_writes_shares_and_assigns_it_and_a_colleague_without_it_does_not() {
    let world = world().await;
    let to = || terms(None, Recipient::Team(team(2)), None);
    for who in [2, 6] {
        let groups = vec![
            entry(who, 1, 20 + who),
            share(who, 1, to()),
            withdraw(who, 1, 1),
            assign(10 + who, 1, who),
            unassign(20 + who, 1, 1),
        ];
        let answers = told(&world, who, groups).await;
        assert!(
            answers.iter().all(|one| one == "no_access"),
            "{who}: {answers:?}"
        );
    }
    // In one push: the case is a colleague's, who then writes in it, and no longer one's own.
    let groups = vec![share(1, 1, to()), assign(30, 1, 2), entry(1, 1, 30)];
    assert_eq!(told(&world, 1, groups).await, ["accepted"; 3]);
    let groups = vec![entry(2, 1, 31), withdraw(1, 1, 1), unassign(31, 1, 1)];
    assert_eq!(told(&world, 2, groups).await, ["accepted"; 3]);
    let groups = vec![
        entry(1, 1, 32),
        assign(32, 1, 6),
        open_case(1, 7),
        entry(1, 7, 33),
    ];
    assert_eq!(
        told(&world, 1, groups).await,
        ["no_access", "no_access", "accepted", "accepted"],
        "who lost a case opens others"
    );
}

#[tokio::test]
async fn who_may_not_assign_and_what_is_not_there_are_answered_alike() {
    let world = world().await;
    let all = |who: u64, groups: Vec<Group>| {
        let world = &world;
        async move {
            let answers = world.push(&caller(who), groups).await;
            assert_eq!(reasons(&answers[0]), ["no_access"]);
            assert!(answers.iter().all(|one| one == &answers[0]), "{answers:?}");
        }
    };
    let in_space = |mut group: Group, of: SpaceId| {
        group.space = of;
        group
    };
    seqs(
        &world
            .push(
                &caller(1),
                vec![share(
                    1,
                    1,
                    terms(None, Recipient::Practitioner(practitioner(3)), None),
                )],
            )
            .await[0],
    );
    // Who has case 1: to somebody elsewhere, a leader, a stranger, nobody; on a case of others, on none, on spaces that
    // are no case; the end of what never was.
    all(
        1,
        vec![
            assign(1, 1, 3),
            assign(2, 1, 4),
            assign(3, 1, 5),
            assign(4, 1, 77),
            assign(5, 2, 1),
            assign(6, 99, 1),
            unassign(7, 1, 2),
            unassign(8, 1, 77),
            unassign(9, 2, 3),
            in_space(assign(10, 1, 2), team(1).circle()),
            in_space(assign(11, 1, 1), practitioner(1).private_space()),
            in_space(assign(12, 1, 2), share_id(1).space()),
        ],
    )
    .await;
    // A coordinator, a colleague, those with whom it is shared, a leader, a stranger.
    for who in [2, 6, 3, 4, 5] {
        all(
            who,
            vec![
                assign(20 + who, 1, who),
                unassign(40 + who, 1, 1),
                entry(who, 1, 60 + who),
                entry(who, 99, 60 + who),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn a_case_is_never_left_with_nobody_and_a_member_who_left_is_nobody() {
    let world = world().await;
    let answers = world.push(&caller(1), vec![unassign(1, 1, 1)]).await;
    assert_eq!(reasons(&answers[0]), ["last_assigned"]);
    assert_eq!(told(&world, 1, vec![assign(2, 1, 2)]).await, ["accepted"]);
    world.member(2, 1, Role::Coordinator, true).await;
    let groups = vec![unassign(3, 1, 1), entry(1, 1, 11), unassign(4, 1, 2)];
    assert_eq!(
        told(&world, 1, groups).await,
        ["last_assigned", "accepted", "accepted"],
        "what is refused about a case stops nothing that is written in it"
    );
    // Both end the other's, each without the network: the second one has no case any more.
    world.member(2, 1, Role::Practitioner, false).await;
    assert_eq!(told(&world, 1, vec![assign(5, 1, 2)]).await, ["accepted"]);
    assert_eq!(told(&world, 1, vec![unassign(6, 1, 2)]).await, ["accepted"]);
    assert_eq!(
        told(&world, 2, vec![unassign(7, 1, 1)]).await,
        ["no_access"]
    );
}

#[tokio::test]
async fn in_a_team_whose_cases_are_everybodys_every_writer_says_who_has_one_and_it_opens_nothing_more()
 {
    let world = world().await;
    world.caseload(1, Caseload::WholeTeam).await;
    let groups = vec![
        entry(2, 1, 20),
        assign(1, 1, 6),
        unassign(2, 1, 1),
        unassign(3, 1, 6),
    ];
    assert_eq!(
        told(&world, 2, groups).await,
        ["accepted", "accepted", "accepted", "last_assigned"]
    );
    assert_eq!(told(&world, 1, vec![entry(1, 1, 21)]).await, ["accepted"]);
    world.caseload(1, Caseload::Assigned).await;
    for (who, expected) in [(1, "no_access"), (2, "no_access"), (6, "accepted")] {
        let answers = told(&world, who, vec![entry(who, 1, 30 + who)]).await;
        assert_eq!(answers, [expected], "{who}");
    }
}

/// What the migration says of what was there before it.
const MIGRATION: &str = include_str!("../../../../migrations/server/sqlite/0014_caseloads.sql");

type AssignmentRow = (Vec<u8>, Vec<u8>, i64, Option<i64>, Vec<u8>, i64);

async fn assignments(world: &World) -> Vec<AssignmentRow> {
    let mut tx = world.core.store().read().await.expect("reads");
    sqlx::query_as(
        "SELECT space, practitioner, from_seq, until_seq, team, version FROM assignments ORDER BY from_seq",
    )
    .fetch_all(&mut *tx)
    .await
    .expect("reads")
}

#[tokio::test]
async fn cases_that_were_opened_before_there_were_assignments_are_assigned_to_who_opened_them() {
    let world = world().await;
    let expected = assignments(&world).await;
    assert_eq!(expected.len(), 2);
    let (_, statement) = MIGRATION
        .rsplit_once("INSERT INTO assignments")
        .expect("there");
    let mut tx = world.core.store().write().await.expect("writes");
    for who in [1, 3] {
        let Caller {
            device,
            practitioner,
        } = caller(who);
        sqlx::query(
            "INSERT INTO devices (device, practitioner, public_key, install, enrolled_at, clock_offset_millis)
             VALUES (?, ?, zeroblob(32), zeroblob(16), 0, 0)",
        )
        .bind(device.as_bytes().to_vec())
        .bind(practitioner.as_bytes().to_vec())
        .execute(&mut *tx)
        .await
        .expect("a device");
    }
    sqlx::query("DELETE FROM assignments")
        .execute(&mut *tx)
        .await
        .expect("deletes");
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "INSERT INTO assignments{statement}"
    )))
    .execute(&mut *tx)
    .await
    .expect("fills");
    tx.commit().await.expect("commits");
    assert_eq!(assignments(&world).await, expected);
}
