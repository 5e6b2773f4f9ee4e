//! Disclosures in the feed: the copy is told on the ground of the recipient's cases alone, live and cold, and goes with it.

use super::*;
use crate::testing::signed::operation;
use samspor_protocol::{
    assignment::Assignment,
    fact::Caseload,
    push::{Group, Operation},
};

impl Reader {
    /// The copies it holds after catching up, whose digest is checked there.
    async fn copies(&mut self, world: &World, who: u64) -> Vec<DocumentId> {
        self.catch_up(world, &caller(who), MEBIBYTE).await;
        let elsewhere = self.signed.iter().filter(|(_, (of, _))| *of != space(1));
        elsewhere.map(|(id, _)| *id).collect()
    }
}

#[tokio::test]
async fn invariant_03_a_copy_is_told_to_the_recipients_team_alone_and_goes_with_its_membership() {
    let world = World::new().await;
    let one = world.signer(1).await;
    for who in [3, 4] {
        world.member(who, 2, Role::Practitioner, false).await;
    }
    world.member(5, 2, Role::Leader, false).await;
    world.open_case(&one.caller, 1, 1).await;
    let (note, first) = one.note(space(1), "sover godt");
    let sign = one.sign(space(1), document(1), &note);
    let (mut three, mut live) = (Reader::default(), Reader::default());
    assert!(three.copies(&world, 3).await.is_empty());
    live.copies(&world, 1).await;
    let written = Group {
        space: space(1),
        document: Some(document(1)),
        operations: vec![
            Operation::change(first),
            Operation::sign(operation(1), &sign),
        ],
    };
    for answers in world
        .push(&one.caller, vec![written, disclose(1, 1, document(1), 2)])
        .await
    {
        seqs(&answers);
    }
    world.projected().await;
    let copy = share_id(1).filed(document(1));
    assert_eq!(three.copies(&world, 3).await, [copy]);
    assert_eq!(three.signed[&copy].0, share_id(1).case());
    assert_eq!(Reader::default().copies(&world, 4).await, [copy]);
    assert!(live.copies(&world, 1).await.is_empty());
    for who in [1, 5, 9] {
        let mut cold = Reader::default();
        assert!(cold.copies(&world, who).await.is_empty(), "{who}");
        let of = |space| cold.facts.values().any(|fact| fact.space == space);
        assert!(!of(share_id(1).case()) && !of(share_id(1).space()), "{who}");
    }
    let world = world.restart().await;
    assert_eq!(three.copies(&world, 3).await, [copy]);
    world.member(3, 2, Role::Practitioner, true).await;
    world.projected().await;
    assert!(three.copies(&world, 3).await.is_empty());
    assert!(
        three
            .facts
            .values()
            .all(|fact| fact.space != share_id(1).space())
    );
    assert_eq!(Reader::default().copies(&world, 4).await, [copy]);
}

#[tokio::test]
async fn in_a_team_by_assignment_an_opened_case_is_nobodys_until_it_is_given_to_somebody() {
    let world = World::new().await;
    let one = world.signer(1).await;
    world.people(&[3, 4]).await;
    for who in [3, 4] {
        world.member(who, 2, Role::Practitioner, false).await;
    }
    world.caseload(2, Caseload::Assigned).await;
    world.open_case(&one.caller, 1, 1).await;
    let (note, first) = one.note(space(1), "sover godt");
    let sign = one.sign(space(1), document(1), &note);
    let written = Group {
        space: space(1),
        document: Some(document(1)),
        operations: vec![
            Operation::change(first),
            Operation::sign(operation(1), &sign),
        ],
    };
    for answers in world
        .push(&one.caller, vec![written, disclose(1, 1, document(1), 2)])
        .await
    {
        seqs(&answers);
    }
    world.projected().await;
    let mut three = Reader::default();
    assert!(three.copies(&world, 3).await.is_empty());
    let assignment = Assignment {
        case: share_id(1).case(),
        practitioner: practitioner(3),
        by: None,
        at: NOW,
        ended: false,
    };
    world.say(&[FactBody::Assignment(assignment)]).await;
    world.projected().await;
    let copy = share_id(1).filed(document(1));
    assert_eq!(three.copies(&world, 3).await, [copy]);
    assert_eq!(Reader::default().copies(&world, 3).await, [copy]);
    assert!(Reader::default().copies(&world, 4).await.is_empty());
}
