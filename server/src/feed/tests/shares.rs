//! Shares in the feed: a case or one document, to a team or a practitioner; told and filled, withdrawn and over, beside
//! memberships that open the same.

use super::{told::*, *};
use samspor_protocol::{
    push::Group,
    share::{Ended, Recipient},
};

mod filed;
mod random;

/// Practitioners 1 and 2 in team 1 with cases 1 (documents 10 to 12) and 2 (document 20); 3 in team 2, 4 its leader; 5
/// in none.
async fn world() -> World {
    let world = World::new().await;
    world.people(&[1, 2, 3, 4, 5]).await;
    for (who, of, role) in [
        (1, 1, Role::Practitioner),
        (2, 1, Role::Practitioner),
        (3, 2, Role::Practitioner),
        (4, 2, Role::Leader),
    ] {
        world.member(who, of, role, false).await;
    }
    for case in [1, 2] {
        world.open_case(&caller(1), 1, case).await;
    }
    for (case, number) in [(1, 10), (1, 11), (1, 12), (2, 20)] {
        write(&world, &caller(1), case, number, "sover godt").await;
    }
    world.projected().await;
    world
}

#[tokio::test]
async fn invariant_03_a_shared_case_is_told_to_its_recipients_alone_and_goes_when_it_is_withdrawn()
{
    let world = world().await;
    let mut three = Reader::default();
    assert_eq!(three.holds(&world, 3).await, (vec![], 0, 0));
    accepted(&world, 1, vec![share(1, 1, terms(None, to_team(2), None))]).await;
    let all = vec![10, 11, 12];
    assert_eq!(three.holds(&world, 3).await, (all.clone(), 0, 1));
    assert_eq!(cold(&world, 3).await, (all.clone(), 0, 1));
    // A leader opens no case, a stranger nothing; the case's own writers are told of the share.
    assert_eq!(cold(&world, 4).await, (vec![], 0, 0));
    assert_eq!(cold(&world, 5).await, (vec![], 0, 0));
    assert_eq!(cold(&world, 2).await, (vec![10, 11, 12, 20], 1, 0));
    // What is written later comes too, as what changed.
    let wholes = three.wholes;
    write(&world, &caller(2), 1, 13, "ny").await;
    world.projected().await;
    assert_eq!(three.holds(&world, 3).await.0, [10, 11, 12, 13]);
    assert_eq!(three.wholes, wholes + 1);
    accepted(&world, 2, vec![withdraw(1, 1, 1)]).await;
    assert_eq!(three.holds(&world, 3).await, (vec![], 0, 1));
    let told = three.facts.values().find_map(|fact| match fact.read() {
        Ok(FactBody::Received(one)) => Some(one),
        _ => None,
    });
    let told = told.expect("the recipient is told that it ended");
    assert!(
        matches!(told.shared.ended, Some(Ended::Withdrawn { by: None, ref why, .. }) if why.is_empty()),
        "and not by whom and why"
    );
    assert_eq!(cold(&world, 3).await, (vec![], 0, 1));
}

#[tokio::test]
async fn one_document_is_shared_without_its_case_and_goes_alone() {
    let world = world().await;
    let mut five = Reader::default();
    five.holds(&world, 5).await;
    let groups = vec![
        share(1, 1, terms(Some(document(11)), to_person(5), None)),
        share(2, 2, terms(Some(document(20)), to_person(5), None)),
    ];
    accepted(&world, 1, groups).await;
    assert_eq!(five.holds(&world, 5).await, (vec![11, 20], 0, 2));
    accepted(&world, 1, vec![withdraw(1, 1, 1)]).await;
    assert_eq!(five.holds(&world, 5).await.0, [20]);
    assert_eq!(cold(&world, 5).await.0, [20]);
}

#[tokio::test]
async fn what_several_shares_and_a_membership_open_is_there_once_and_stays_while_any_of_them_stands()
 {
    let world = world().await;
    let (mut three, all) = (Reader::default(), vec![10, 11, 12]);
    three.holds(&world, 3).await;
    let groups = vec![
        share(1, 1, terms(Some(document(11)), to_person(3), None)),
        share(2, 1, terms(None, to_team(2), None)),
        share(3, 1, terms(None, to_person(3), None)),
    ];
    accepted(&world, 1, groups).await;
    assert_eq!(three.holds(&world, 3).await, (all.clone(), 0, 3));
    accepted(&world, 1, vec![withdraw(2, 2, 1)]).await;
    assert_eq!(
        three.holds(&world, 3).await.0,
        all,
        "the other share stands"
    );
    world.member(3, 1, Role::Practitioner, false).await;
    world.projected().await;
    assert_eq!(
        three.holds(&world, 3).await.0,
        [10, 11, 12, 20],
        "the team's"
    );
    accepted(&world, 1, vec![withdraw(3, 3, 1)]).await;
    assert_eq!(three.holds(&world, 3).await.0, [10, 11, 12, 20]);
    world.member(3, 1, Role::Practitioner, true).await;
    world.projected().await;
    assert_eq!(
        three.holds(&world, 3).await.0,
        [11],
        "the one document is left"
    );
    assert_eq!(cold(&world, 3).await.0, [11]);
    let world = world.restart().await;
    assert_eq!(three.holds(&world, 3).await.0, [11]);
    assert_eq!(cold(&world, 3).await.0, [11]);
}

#[tokio::test]
async fn a_share_ends_by_the_clock_without_anybody_doing_anything() {
    let world = world().await;
    let mut three = Reader::default();
    let one = share(1, 1, terms(None, to_team(2), Some(60_000)));
    accepted(&world, 1, vec![one]).await;
    assert_eq!(three.holds(&world, 3).await.0, [10, 11, 12]);
    world.at(59_999);
    assert_eq!(three.holds(&world, 3).await.0, [10, 11, 12]);
    world.at(60_000);
    assert_eq!(
        three.holds(&world, 3).await,
        (vec![], 0, 1),
        "no page is made before it ends"
    );
    let ended = three.facts.values().find_map(|fact| match fact.read() {
        Ok(FactBody::Received(one)) => one.shared.ended,
        _ => None,
    });
    assert_eq!(ended, Some(Ended::Expired));
    // A withdrawal that comes later changes nothing, and is no error.
    accepted(&world, 1, vec![withdraw(1, 1, 1)]).await;
    // One that was over before it came opens nothing.
    accepted(
        &world,
        1,
        vec![share(2, 1, terms(None, to_team(2), Some(-1)))],
    )
    .await;
    assert_eq!(three.holds(&world, 3).await, (vec![], 0, 2));
}

#[tokio::test]
async fn a_waiting_poll_hears_of_a_share_of_its_withdrawal_and_of_its_end() {
    let world = world().await;
    let mut three = Reader::default();
    three.holds(&world, 3).await;
    for step in 0..2 {
        let reader = caller(3);
        let polled = three.ask(&world, &reader, 20_000, MEBIBYTE);
        let push = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            match step {
                0 => accepted(&world, 1, vec![share(1, 1, terms(None, to_team(2), None))]).await,
                _ => accepted(&world, 1, vec![withdraw(1, 1, 1)]).await,
            }
        };
        let both = async { tokio::join!(polled, push).0 };
        let answer = tokio::time::timeout(Duration::from_secs(10), both).await;
        let page = frame::decode_page(&answer.expect("woken")).expect("a page");
        assert_eq!(page.gone.is_empty(), step == 0, "{step}");
        three.apply(&page);
        three.holds(&world, 3).await;
    }
    // The test's clock stands still: a share that ends in its next moments is ended by whoever looks first.
    accepted(
        &world,
        1,
        vec![share(2, 1, terms(None, to_team(2), Some(200)))],
    )
    .await;
    assert_eq!(three.holds(&world, 3).await.0, [10, 11, 12]);
    let reader = caller(3);
    let polled = three.ask(&world, &reader, 20_000, MEBIBYTE);
    let time_goes_on = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        world.at(200);
    };
    let both = async { tokio::join!(polled, time_goes_on).0 };
    let answer = tokio::time::timeout(Duration::from_secs(10), both).await;
    let page = frame::decode_page(&answer.expect("woken by the clock")).expect("a page");
    assert_eq!(page.gone, [Gone::Space(space(1))]);
}
