//! Caseloads in the feed: what a membership opens while its team's cases are everybody's and while they are by
//! assignment, beside shares.

use super::{told::*, *};
use crate::testing::caseloads::{assign, unassign};
use samspor_documents::id::FactId;
use samspor_protocol::{
    fact::Caseload,
    repair::{ItemId, RepairRequest, Tags},
};

mod random;

/// Practitioner 1 of team 1 opened cases 1 (documents 10, 11) and 2 (document 20), 2 case 3 (document 30); 3 coordinates
/// the team, 4 leads it; 5 is in team 2.
async fn world() -> World {
    let world = World::new().await;
    world.people(&[1, 2, 3, 4, 5]).await;
    for (who, of, role) in [
        (1, 1, Role::Practitioner),
        (2, 1, Role::Practitioner),
        (3, 1, Role::Coordinator),
        (4, 1, Role::Leader),
        (5, 2, Role::Practitioner),
    ] {
        world.member(who, of, role, false).await;
    }
    for (who, case) in [(1, 1), (1, 2), (2, 3)] {
        world.open_case(&caller(who), 1, case).await;
    }
    for (who, case, number) in [(1, 1, 10), (1, 1, 11), (1, 2, 20), (2, 3, 30)] {
        write(&world, &caller(who), case, number, "sover godt").await;
    }
    world.projected().await;
    world
}

async fn set(world: &World, caseload: Caseload) {
    world.caseload(1, caseload).await;
    world.projected().await;
}

#[tokio::test]
async fn invariant_03_a_teams_cases_become_those_of_their_own_people_and_the_whole_teams_again() {
    let world = world().await;
    let all = vec![10, 11, 20, 30];
    let mut readers: Vec<(u64, Reader)> = (1..=5).map(|who| (who, Reader::default())).collect();
    for round in 0..2 {
        for (who, reader) in &mut readers {
            let expected = if *who < 4 { all.clone() } else { vec![] };
            assert_eq!(
                reader.holds(&world, *who).await.0,
                expected,
                "{who} {round}"
            );
            assert_eq!(cold(&world, *who).await.0, expected, "cold {who} {round}");
        }
        set(&world, Caseload::Assigned).await;
        for (who, reader) in &mut readers {
            // A coordinator's role opens no case, either.
            let expected = match who {
                1 => vec![10, 11, 20],
                2 => vec![30],
                _ => vec![],
            };
            assert_eq!(
                reader.holds(&world, *who).await.0,
                expected,
                "{who} {round}"
            );
            assert_eq!(cold(&world, *who).await.0, expected, "cold {who} {round}");
        }
        set(&world, Caseload::WholeTeam).await;
    }
}

#[tokio::test]
async fn an_assigned_case_comes_whole_with_its_shares_and_goes_when_the_assignment_or_the_membership_ends()
 {
    let world = world().await;
    set(&world, Caseload::Assigned).await;
    let mut three = Reader::default();
    assert_eq!(three.holds(&world, 3).await, (vec![], 0, 0));
    let groups = vec![share(1, 1, terms(None, to_team(2), None)), assign(1, 1, 3)];
    accepted(&world, 1, groups).await;
    assert_eq!(three.holds(&world, 3).await, (vec![10, 11], 1, 0));
    assert_eq!(cold(&world, 3).await, (vec![10, 11], 1, 0));
    // Those with whom it is shared are not told who has it.
    let mut five = Reader::default();
    assert_eq!(five.holds(&world, 5).await, (vec![10, 11], 0, 1));
    let is_told = |reader: &Reader| {
        let mut bodies = reader.facts.values().filter_map(|fact| fact.read().ok());
        bodies.any(|body| matches!(body, FactBody::Assignment(_)))
    };
    assert!(is_told(&three) && !is_told(&five));
    // What is written later comes too, as what changed.
    let wholes = three.wholes;
    write(&world, &caller(1), 1, 12, "ny").await;
    write(&world, &caller(1), 2, 21, "andet").await;
    world.projected().await;
    assert_eq!(three.holds(&world, 3).await.0, [10, 11, 12]);
    assert_eq!(three.wholes, wholes + 1);
    accepted(&world, 3, vec![unassign(2, 1, 3)]).await;
    assert_eq!(three.holds(&world, 3).await, (vec![], 0, 0));
    assert_eq!(five.holds(&world, 5).await.0, [10, 11, 12]);
    // Again, and with the membership.
    accepted(&world, 1, vec![assign(3, 1, 3)]).await;
    assert_eq!(three.holds(&world, 3).await, (vec![10, 11, 12], 1, 0));
    world.member(3, 1, Role::Coordinator, true).await;
    world.projected().await;
    assert!(three.holds(&world, 3).await.0.is_empty());
    let world = world.restart().await;
    assert!(cold(&world, 3).await.0.is_empty());
    assert_eq!(cold(&world, 1).await.0, [10, 11, 12, 20, 21]);
}

#[tokio::test]
async fn a_waiting_poll_hears_of_an_assignment_of_its_end_of_the_setting_and_of_what_ones_other_device_opens()
 {
    let world = world().await;
    set(&world, Caseload::Assigned).await;
    let mut three = Reader::default();
    three.holds(&world, 3).await;
    for (step, expected) in [vec![10, 11], vec![], vec![], vec![10, 11, 20, 30]]
        .into_iter()
        .enumerate()
    {
        let reader = caller(3);
        let polled = three.ask(&world, &reader, 20_000, MEBIBYTE);
        let push = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            match step {
                0 => accepted(&world, 1, vec![assign(1, 1, 3)]).await,
                1 => accepted(&world, 1, vec![unassign(2, 1, 3)]).await,
                2 => {
                    let other = second_device(3);
                    seqs(&world.push(&other, vec![open_case(1, 9)]).await[0]);
                }
                _ => set(&world, Caseload::WholeTeam).await,
            }
        };
        let both = async { tokio::join!(polled, push).0 };
        let answer = tokio::time::timeout(Duration::from_secs(10), both).await;
        let page = frame::decode_page(&answer.expect("woken")).expect("a page");
        assert_eq!(
            page.gone.contains(&Gone::Space(space(1))),
            step == 1,
            "{step}"
        );
        three.apply(&page);
        assert_eq!(three.holds(&world, 3).await.0, expected, "{step}");
    }
}

#[tokio::test]
async fn who_opens_a_case_and_gives_it_away_between_two_pages_is_told_to_forget_it() {
    let world = world().await;
    set(&world, Caseload::Assigned).await;
    let mut one = Reader::default();
    one.holds(&world, 1).await;
    let body = Draft::new().set(&caller(1), 90, "seen", "x");
    let groups = vec![
        open_case(1, 9),
        changes(space(9), document(90), &[body]),
        assign(1, 9, 2),
        unassign(2, 9, 1),
    ];
    accepted(&world, 1, groups).await;
    let page = frame::decode_page(&one.ask(&world, &caller(1), 0, MEBIBYTE).await).expect("a page");
    assert_eq!(page.gone, [Gone::Space(space(9))]);
    assert_eq!(cold(&world, 2).await.0, [30, 90]);
}

#[tokio::test]
async fn all_members_of_a_team_are_told_of_what_is_shared_with_it_whosever_its_cases_are() {
    let world = world().await;
    world.open_case(&caller(5), 2, 50).await;
    write(&world, &caller(5), 50, 500, "trives").await;
    accepted(&world, 5, vec![share(1, 50, terms(None, to_team(1), None))]).await;
    let mut three = Reader::default();
    assert_eq!(three.holds(&world, 3).await.2, 1);
    set(&world, Caseload::Assigned).await;
    assert_eq!(three.holds(&world, 3).await, (vec![500], 0, 1));
    let mut two = Reader::default();
    accepted(
        &world,
        5,
        vec![share(2, 50, terms(Some(document(500)), to_team(1), None))],
    )
    .await;
    assert_eq!(three.holds(&world, 3).await, (vec![500], 0, 2));
    assert_eq!(two.holds(&world, 2).await, (vec![30, 500], 0, 2));
    assert_eq!(
        cold(&world, 4).await,
        (vec![], 0, 0),
        "a leader is told of none"
    );
    accepted(&world, 5, vec![withdraw(1, 1, 50), withdraw(2, 2, 50)]).await;
    assert_eq!(three.holds(&world, 3).await, (vec![], 0, 2));
    world.member(3, 1, Role::Leader, false).await;
    world.projected().await;
    assert_eq!(three.holds(&world, 3).await, (vec![], 0, 0));
    set(&world, Caseload::WholeTeam).await;
    assert_eq!(two.holds(&world, 2).await, (vec![10, 11, 20, 30], 0, 2));
}

#[tokio::test]
async fn a_repair_of_an_assigned_case_tells_its_own_people_everything_and_others_nothing() {
    let world = world().await;
    set(&world, Caseload::Assigned).await;
    accepted(&world, 1, vec![share(1, 1, terms(None, to_team(2), None))]).await;
    accepted(&world, 1, vec![assign(1, 1, 2)]).await;
    for (who, shared, documents) in [(1, true, 3), (2, true, 3), (3, false, 0), (5, false, 2)] {
        let body = wire::encode(&RepairRequest::Tags(None));
        let answer = crate::repair::repair(&world.core, &caller(who), &body).await;
        let crate::repair::RepairAnswer::Tags(tags) = answer.expect("answers") else {
            panic!("tags");
        };
        let tags: Tags = wire::decode("tags", &tags).expect("reads");
        let shared_fact = FactId(uuid::Uuid::new_v5(&share_id(1).0, b"shared"));
        let has = |id: ItemId| tags.items.iter().any(|(one, _)| *one == id);
        assert_eq!(has(ItemId::Fact(shared_fact)), shared, "{who}");
        let count = tags
            .items
            .iter()
            .filter(|(one, _)| matches!(one, ItemId::Document(_)));
        assert_eq!(count.count(), documents, "{who}");
    }
}
