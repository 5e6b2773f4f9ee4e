//! Additions that are filed: each stands with the first copy of its entry, whichever came first, and goes where that goes.

use super::*;
use crate::testing::signed::{Signer, operation};
use samspor_protocol::{push::Operation, restrict::Restrict};

/// A signed addendum to document 1 of case 1.
async fn adds(world: &World, one: &Signer, number: u64) {
    let (addendum, change) = one.addendum(space(1), document(1), "alligevel");
    let at = (space(1), document(number));
    let group = one.group(at, Some(change), Some((number, &addendum)));
    accepted(world, 1, vec![group]).await;
}

/// Document 1 of case 1 of team 1 is signed, and 2 adds to it; practitioner 3 is in team 2, 5 in none.
async fn begin() -> (World, Signer) {
    let world = World::new().await;
    let one = world.signer(1).await;
    world.people(&[3, 5]).await;
    world.member(3, 2, Role::Practitioner, false).await;
    world.open_case(&one.caller, 1, 1).await;
    let (note, change) = one.note(space(1), "sover godt");
    let at = (space(1), document(1));
    accepted(
        &world,
        1,
        vec![one.group(at, Some(change), Some((1, &note)))],
    )
    .await;
    adds(&world, &one, 2).await;
    (world, one)
}

fn restrict(case: SpaceId, of: DocumentId) -> Group {
    let body = Restrict {
        restricted: true,
        ground: "Under klage".to_owned(),
        at: NOW,
    };
    Group {
        space: case,
        document: Some(of),
        operations: vec![Operation::restrict(operation(99), &body)],
    }
}

/// The copies that practitioner 5 holds, of these disclosures and their originals, and how many restrictions.
async fn held(world: &World, reader: &mut Reader, of: &[(u64, u64)]) -> (Vec<u64>, usize) {
    reader.catch_up(world, &caller(5), MEBIBYTE).await;
    let has = |(share, original): &&(u64, u64)| {
        let copy = share_id(*share).filed(document(*original));
        reader.signed.contains_key(&copy)
    };
    let numbers = of.iter().filter(has).map(|(share, _)| *share).collect();
    (numbers, reader.facts.values().filter_map(about).count())
}

#[tokio::test]
async fn invariant_03_a_filed_addition_goes_with_the_filed_entry_whichever_of_them_was_filed_first()
{
    let (world, one) = begin().await;
    let of = [(11, 2), (12, 1), (13, 3)];
    accepted(&world, 1, vec![disclose(11, 1, document(2), 2)]).await;
    let filed_in = share_id(11).case();
    let addition = share_id(11).filed(document(2));
    accepted(&world, 3, vec![restrict(filed_in, addition)]).await;
    accepted(&world, 1, vec![disclose(12, 1, document(1), 2)]).await;
    let entry = share_id(12).filed(document(1));
    let mut five = Reader::default();
    assert_eq!(held(&world, &mut five, &of).await, (vec![], 0));
    let shared = Group {
        space: filed_in,
        ..share(21, 1, terms(Some(entry), to_person(5), None))
    };
    accepted(&world, 3, vec![shared]).await;
    assert_eq!(held(&world, &mut five, &of).await, (vec![11, 12], 1));
    adds(&world, &one, 3).await;
    accepted(&world, 1, vec![disclose(13, 1, document(3), 2)]).await;
    assert_eq!(held(&world, &mut five, &of).await, (vec![11, 12, 13], 1));
    let mut cold = Reader::default();
    assert_eq!(held(&world, &mut cold, &of).await, (vec![11, 12, 13], 1));
    // What is filed goes with nothing in the case that it comes from.
    let originals = share(22, 1, terms(Some(document(1)), to_person(5), None));
    accepted(&world, 1, vec![originals]).await;
    held(&world, &mut five, &of).await;
    let here = five.signed.values().filter(|(of, _)| *of == space(1));
    assert_eq!(here.count(), 3, "the originals, and no copy twice");
    let withdrawn = Group {
        space: filed_in,
        ..withdraw(23, 21, 1)
    };
    accepted(&world, 3, vec![withdrawn]).await;
    assert_eq!(held(&world, &mut five, &of).await, (vec![], 0));
    assert_eq!(five.signed.len(), 3);
}

/// What the migration says of additions that were signed before it.
const MIGRATION: &str =
    include_str!("../../../../../migrations/server/sqlite/0016_additions_go_along.sql");

async fn with_entries(world: &World) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let mut tx = world.core.store().read().await.expect("reads");
    sqlx::query_as("SELECT id, with_entry FROM items ORDER BY kind, id")
        .fetch_all(&mut *tx)
        .await
        .expect("reads")
}

/// As before the migration, and what it fills in.
async fn migrate(world: &World) {
    let mut tx = world.core.store().write().await.expect("writes");
    let cleared = [
        "UPDATE items SET with_entry = NULL",
        "UPDATE signed_texts SET adds_to = NULL",
    ];
    let filled = MIGRATION
        .split(';')
        .filter_map(|statement| statement.split_once("UPDATE "))
        .map(|(_, statement)| format!("UPDATE {statement}"));
    let cleared = cleared.into_iter().map(str::to_owned);
    for statement in cleared.chain(filled) {
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&mut *tx)
            .await
            .expect("runs");
    }
    tx.commit().await.expect("commits");
}

#[tokio::test]
async fn additions_of_before_go_with_their_entry_where_nobody_had_a_share_of_it_alone() {
    let (world, _) = begin().await;
    accepted(&world, 1, vec![restrict(space(1), document(2))]).await;
    let expected = with_entries(&world).await;
    let going = expected.iter().filter(|(_, entry)| entry.is_some()).count();
    assert_eq!(going, 2, "the addendum, and what is said of it");
    migrate(&world).await;
    assert_eq!(with_entries(&world).await, expected);
    let shared = share(21, 1, terms(Some(document(1)), to_person(5), None));
    accepted(&world, 1, vec![shared]).await;
    assert_eq!(cold(&world, 5).await.0, [1, 2]);
    migrate(&world).await;
    let left = with_entries(&world).await;
    assert!(left.iter().all(|(_, entry)| entry.is_none()));
}
