//! Closed circles against a running core: what is answered, again and again, what is told to whom, and what is
//! admitted after it.

use super::*;
use crate::testing::{close_circle, join, leave, open_circle, publish, second_device};
use samspor_protocol::{
    closing::{Learning, ReflectionKind},
    fact::{FactBody, Team, TeamKind},
    push::Group,
};

/// Practitioner 1 in team 1, 2 in team 2, 3 in no team, 4 in team 4; 1, 2 and 3 in circle 7, with an entry of 1.
async fn world() -> World {
    let world = World::new().await;
    let fourth = FactBody::Team(Team {
        team: team(4),
        name: "Team 4".to_owned(),
        kind: TeamKind::Other,
        caseload: None,
    });
    world.say(&[fourth]).await;
    world.people(&[1, 2, 3, 4]).await;
    for (who, of) in [(1, 1), (2, 2), (4, 4)] {
        world.member(who, of, Role::Practitioner, false).await;
    }
    let groups = vec![open_circle(1, 7, &[2, 3]), entry(1, 71, "første")];
    assert_eq!(told(&world, 1, groups).await, [["accepted"], ["accepted"]]);
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

/// Every fact in a space, as what it says.
async fn facts(world: &World, of: SpaceId) -> Vec<FactBody> {
    let mut tx = world.core.store().read().await.expect("reads");
    let bodies: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM facts WHERE space = ? ORDER BY seq")
            .bind(of.as_bytes().to_vec())
            .fetch_all(&mut *tx)
            .await
            .expect("reads");
    let read = |body: &Vec<u8>| wire::decode("fact", body).expect("a fact");
    bodies.iter().map(read).collect()
}

async fn learning(world: &World, of: u64) -> Vec<Learning> {
    let facts = facts(world, team(of).circle()).await.into_iter();
    let learning = facts.filter_map(|fact| match fact {
        FactBody::Learning(one) => Some(one),
        _ => None,
    });
    learning.collect()
}

#[tokio::test]
async fn a_closed_circle_takes_nothing_new_and_can_still_be_left() {
    let world = world().await;
    let close = close_circle(2, 7, &["Spørg barnet først"], &[1, 2]);
    let first = world.push(&caller(2), vec![close.clone()]).await;
    assert_eq!(reasons(&first[0]), ["accepted"]);
    let draft = Draft::new().set(&caller(3), 5, "text", "x");
    let groups = vec![
        entry(3, 73, "for sent"),
        join(4, 7, 4),
        publish(5, space(7), document(90), document(75), &draft),
        close_circle(6, 7, &["noget andet"], &[]),
    ];
    assert_eq!(told(&world, 3, groups).await, [["closed"]; 4]);
    // What was there is answered as before; nobody outside is told that it is closed.
    assert_eq!(
        told(&world, 1, vec![entry(1, 71, "første")]).await,
        [["accepted"]]
    );
    assert_eq!(
        told(&world, 3, vec![join(10, 7, 2)]).await,
        [["accepted"]],
        "who is inside is inside"
    );
    let outside = vec![
        entry(4, 74, "x"),
        close_circle(7, 7, &[], &[]),
        join(8, 7, 4),
    ];
    assert_eq!(told(&world, 4, outside).await, [["no_access"]; 3]);
    assert_eq!(told(&world, 3, vec![leave(9, 7)]).await, [["accepted"]]);
    let world = world.restart().await;
    assert_eq!(world.push(&caller(2), vec![close]).await, first);
    assert_eq!(told(&world, 1, vec![entry(1, 72, "x")]).await, [["closed"]]);
}

#[tokio::test]
async fn teams_are_told_the_lines_and_how_many_took_part_and_nothing_else() {
    let world = world().await;
    let lines = ["Spørg barnet først", "Mød dagtilbuddet før sommer"];
    let close = close_circle(2, 7, &lines, &[1, 2, 1]);
    assert_eq!(told(&world, 1, vec![close]).await, [["accepted"]]);
    let told = learning(&world, 1).await;
    assert_eq!(told.len(), 1);
    let one = &told[0];
    assert_eq!((one.team, one.kind), (team(1), ReflectionKind::Shared));
    assert_eq!(
        (one.lines.as_slice(), one.participants),
        (&lines.map(str::to_owned)[..], 3)
    );
    assert_eq!(one.day.0 % (24 * 60 * 60 * 1000), 0, "a day, not a moment");
    assert_eq!(learning(&world, 2).await.len(), 1);
    assert!(learning(&world, 4).await.is_empty());
    let closing = facts(&world, space(7)).await.pop().expect("a fact");
    let FactBody::Closing(closing) = closing else {
        panic!("{closing:?}");
    };
    assert_eq!(
        (closing.circle, closing.closed_by),
        (space(7), practitioner(1))
    );
    assert_eq!(closing.shared_with, [team(1), team(2)]);
}

#[tokio::test]
async fn lines_are_shared_with_teams_of_those_who_take_part_only() {
    let world = world().await;
    for teams in [&[4][..], &[1, 4], &[99]] {
        let close = close_circle(2, 7, &["x"], teams);
        assert_eq!(
            told(&world, 1, vec![close]).await,
            [["no_access"]],
            "{teams:?}"
        );
    }
    // A case's id is no team's; a refusal leaves the circle open.
    world.open_case(&caller(1), 1, 9).await;
    let mut close = close_circle(3, 7, &["x"], &[]);
    let body = samspor_protocol::closing::CloseCircle {
        at: samspor_documents::time::UnixMillis(1),
        lines: vec!["x".to_owned()],
        shared_with: vec![samspor_documents::id::TeamId(space(9).0)],
        kind: ReflectionKind::Shared,
    };
    close.operations[0].body = wire::encode(&body).into();
    let groups = vec![close, entry(1, 72, "går videre"), join(4, 7, 4)];
    assert_eq!(
        told(&world, 1, groups).await,
        [["no_access"], ["accepted"], ["accepted"]]
    );
    // Now that somebody of team 4 takes part.
    let close = close_circle(5, 7, &["x"], &[4]);
    assert_eq!(told(&world, 1, vec![close]).await, [["accepted"]]);
    assert_eq!(learning(&world, 4).await.len(), 1);
}

#[tokio::test]
async fn a_circle_is_opened_written_in_and_closed_in_one_push() {
    let world = world().await;
    let mut written = entry(1, 81, "det hele");
    written.space = space(8);
    let mut late = entry(1, 82, "for sent");
    late.space = space(8);
    let groups = vec![
        open_circle(11, 8, &[2]),
        written,
        close_circle(12, 8, &["x"], &[2]),
        late,
        leave(13, 8),
    ];
    assert_eq!(
        told(&world, 1, groups).await,
        [
            ["accepted"],
            ["accepted"],
            ["accepted"],
            ["closed"],
            ["accepted"]
        ]
    );
    assert_eq!(learning(&world, 2).await[0].participants, 2);
}

#[tokio::test]
async fn two_who_close_at_once_close_it_once_whoever_comes_first() {
    for first in [1, 2] {
        let world = world().await;
        let second = 3 - first;
        let close = |who: u64| close_circle(20 + who, 7, &["linje"], &[1]);
        let one = world.push(&caller(first), vec![close(first)]).await;
        let other = world
            .push(&second_device(second), vec![close(second)])
            .await;
        assert_eq!(
            (reasons(&one[0]), reasons(&other[0])),
            (vec!["accepted".to_owned()], vec!["closed".to_owned()])
        );
        assert_eq!(learning(&world, 1).await.len(), 1);
    }
    // At the very same time: one group commit or several, one closing.
    let world = std::sync::Arc::new(world().await);
    let mut pushing = Vec::new();
    for number in 0..8_u64 {
        let world = world.clone();
        let who = caller(1 + number % 3);
        pushing.push(tokio::spawn(async move {
            world
                .push(&who, vec![close_circle(30 + number, 7, &["x"], &[1])])
                .await
        }));
    }
    let mut all = Vec::new();
    for task in pushing {
        all.extend(reasons(&task.await.expect("answers")[0]));
    }
    all.sort_unstable();
    assert_eq!(all[..2], ["accepted", "closed"]);
    assert_eq!(learning(&world, 1).await.len(), 1);
}

#[tokio::test]
async fn what_is_no_closing_is_malformed_or_too_large() {
    let world = world().await;
    let mut no_name = close_circle(2, 7, &[], &[]);
    no_name.operations[0].operation = None;
    let mut nonsense = close_circle(2, 7, &[], &[]);
    nonsense.operations[0].body = vec![0xff; 9].into();
    let mut in_document = close_circle(2, 7, &[], &[]);
    in_document.document = Some(document(71));
    let cases = [
        (no_name, "malformed"),
        (nonsense, "malformed"),
        (in_document, "malformed"),
        (close_circle(2, 7, &["to\nlinjer"], &[]), "malformed"),
        (close_circle(2, 7, &["x"; 21], &[]), "too_large"),
    ];
    for (group, expected) in cases {
        assert_eq!(told(&world, 1, vec![group]).await, [[expected]]);
    }
}
