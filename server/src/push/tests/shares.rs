//! Shares against a running core: what is answered, again and again, and to whom nothing is told.

use super::*;
use samspor_documents::id::TeamId;
use samspor_protocol::{push::Group, share::Recipient};

/// Practitioners 1 and 2 in team 1 with case 1 and document 10 in it, 3 in team 2 with case 2; 4 leads team 1, 5 is in none.
async fn world() -> World {
    let world = World::new().await;
    world.people(&[1, 2, 3, 4, 5]).await;
    for (who, of, role) in [
        (1, 1, Role::Practitioner),
        (2, 1, Role::Practitioner),
        (3, 2, Role::Practitioner),
        (4, 1, Role::Leader),
    ] {
        world.member(who, of, role, false).await;
    }
    world.open_case(&caller(1), 1, 1).await;
    world.open_case(&caller(3), 2, 2).await;
    let body = Draft::new().set(&caller(1), 10, "text", "x");
    world
        .push(&caller(1), vec![changes(space(1), document(10), &[body])])
        .await;
    world
}

const fn to_team(of: TeamId) -> Recipient {
    Recipient::Team(of)
}

async fn told(world: &World, who: u64, groups: Vec<Group>) -> Vec<String> {
    let answers = world.push(&caller(who), groups).await;
    answers.iter().flat_map(|group| reasons(group)).collect()
}

#[tokio::test]
async fn invariant_01_a_share_and_its_withdrawal_get_the_same_answers_again() {
    let world = world().await;
    let groups = || {
        vec![
            share(1, 1, terms(None, to_team(team(2)), None)),
            withdraw(1, 1, 1),
            withdraw(2, 1, 1),
        ]
    };
    let answers = world.push(&caller(1), groups()).await;
    let all: Vec<u64> = answers.iter().flat_map(|group| seqs(group)).collect();
    // Two facts for the share, two for its end; the second withdrawal is told where it had ended.
    assert_eq!(all, [0, 2, 2].map(|more| all[0] + more));
    let head = world.projected().await;
    assert_eq!(world.push(&caller(1), groups()).await, answers);
    let world = world.restart().await;
    assert_eq!(world.push(&caller(1), groups()).await, answers);
    // Somebody else of the team withdraws it as well.
    let again = world.push(&caller(2), vec![withdraw(3, 1, 1)]).await;
    assert_eq!(seqs(&again[0]), [all[1]]);
    assert_eq!(world.projected().await, head);
}

#[tokio::test]
async fn a_case_that_is_opened_in_the_same_push_is_shared_in_it() {
    let world = world().await;
    let groups = vec![
        open_case(1, 7),
        share(1, 7, terms(None, to_team(team(2)), None)),
    ];
    assert_eq!(told(&world, 2, groups).await, ["accepted", "accepted"]);
}

#[tokio::test]
async fn who_may_not_share_and_what_is_not_there_are_answered_alike() {
    let world = world().await;
    let to = || to_team(team(2));
    accepted_one(&world, 1, share(1, 1, terms(None, to(), None))).await;
    accepted_one(&world, 3, share(50, 2, terms(None, to_team(team(1)), None))).await;
    let all = |who: u64, groups: Vec<Group>| {
        let world = &world;
        async move {
            let answers = world.push(&caller(who), groups).await;
            assert_eq!(reasons(&answers[0]), ["no_access"]);
            assert!(answers.iter().all(|one| one == &answers[0]), "{answers:?}");
        }
    };
    let nobody = Recipient::Practitioner(practitioner(77));
    let no_team = to_team(team(9));
    // A writer of case 1: on a case of others, which is shared with their team; on none; on spaces that are no case; of
    // documents and to recipients that are not there or elsewhere; under ids that are taken.
    all(
        1,
        vec![
            share(2, 2, terms(None, to_team(team(1)), None)),
            share(3, 99, terms(None, to(), None)),
            withdraw(1, 50, 2),
            withdraw(2, 77, 1),
            withdraw(3, 50, 1),
            share(4, 1, terms(Some(document(99)), to(), None)),
            share(5, 1, terms(None, nobody, None)),
            share(6, 1, terms(None, no_team, None)),
            in_space(share(7, 1, terms(None, to(), None)), team(1).circle()),
            in_space(
                share(8, 1, terms(None, to(), None)),
                practitioner(1).private_space(),
            ),
            in_space(share(9, 1, terms(None, to(), None)), share_id(1).space()),
            in_space(open_case(1, 60), share_id(1).space()),
        ],
    )
    .await;
    // Its recipients, a leader, a stranger: they share and withdraw nothing, and write nowhere in it.
    for who in [3, 4, 5] {
        let body = Draft::new().set(&caller(who), 1, "text", "x");
        all(
            who,
            vec![
                share(20 + who, 1, terms(None, to(), None)),
                withdraw(20 + who, 1, 1),
                changes(space(1), document(70 + who), std::slice::from_ref(&body)),
                changes(share_id(1).space(), document(70 + who), &[body]),
            ],
        )
        .await;
    }
}

async fn accepted_one(world: &World, who: u64, group: Group) {
    seqs(&world.push(&caller(who), vec![group]).await[0]);
}

fn in_space(mut group: Group, of: SpaceId) -> Group {
    group.space = of;
    group
}

#[tokio::test]
async fn a_refused_share_stops_nothing_that_is_written_in_its_case() {
    let world = world().await;
    let body = Draft::new().set(&caller(1), 11, "text", "y");
    let groups = vec![
        share(1, 1, terms(None, to_team(team(9)), None)),
        withdraw(1, 1, 1),
        share(2, 1, terms(None, to_team(team(1)), None)),
        changes(space(1), document(11), &[body]),
        share(3, 1, terms(Some(document(11)), to_team(team(2)), None)),
    ];
    assert_eq!(
        told(&world, 1, groups).await,
        [
            "no_access",
            "no_access",
            "malformed",
            "accepted",
            "accepted"
        ]
    );
}
