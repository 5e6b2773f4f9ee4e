//! Timelines against a running core, with real documents.

mod caseload;
mod planned;

use super::*;
use crate::testing::*;
use samspor_documents::{
    authoring::{Actor, Authoring},
    card::CardView,
    document::{Document, Edit, NewDocument},
    id::SpaceId,
    one_child,
    template::Templates,
    time::{Moment, UnixMillis},
    value::Value,
};
use samspor_protocol::{fact::Role, share::Recipient};
use std::collections::BTreeSet;
use uuid::Uuid;

fn authoring(who: u64, session: u64) -> Authoring {
    Authoring {
        actor: Actor::make(caller(who).device, session.to_be_bytes()),
        author: practitioner(who),
        at: NOW,
    }
}

fn text(field: &str, value: &str) -> Edit {
    Edit::Set {
        field: field.to_owned(),
        value: Value::Text(value.to_owned()),
    }
}

/// Writes a document of a template; its session is its number.
async fn write(
    world: &World,
    who: u64,
    case: u64,
    number: u64,
    template: &str,
    occurred_at: i64,
    fields: Vec<Edit>,
) -> Document {
    let new = NewDocument {
        template,
        subject: space(case),
        occurred_at: Moment {
            at: UnixMillis(occurred_at),
            offset_minutes: 60,
        },
        fields,
    };
    let (written, body) =
        Document::create(Templates::built_in(), &new, &authoring(who, number)).expect("written");
    let group = changes(space(case), document(number), &[body]);
    seqs(&world.push(&caller(who), vec![group]).await[0]);
    written
}

fn same_as(case: u64) -> Edit {
    Edit::AddItem {
        field: "same_as".to_owned(),
        item: Uuid::from_bytes(bytes16(0x99, case)),
        values: vec![("case".to_owned(), Value::Reference(space(case).0))],
    }
}

async fn card(world: &World, who: u64, case: u64, name: &str, more: Vec<Edit>) {
    let of = if case < 100 { 1 } else { 2 };
    seqs(&[world.open_case(&caller(who), of, case).await]);
    let mut fields = vec![text("name", name)];
    fields.extend(more);
    write(world, who, case, 1000 + case, "card", 0, fields).await;
}

/// Practitioner 1 in team 1, 2 in team 2, 3 in both. Cases below 100 are team 1's.
async fn two_teams() -> World {
    let world = World::new().await;
    for (who, of) in [(1, 1), (2, 2), (3, 1), (3, 2)] {
        world.member(who, of, Role::Practitioner, false).await;
    }
    world
}

async fn names(world: &World, who: u64, limit: usize) -> Vec<(String, usize)> {
    let mut names = Vec::new();
    let mut after = None;
    loop {
        let page = children(world.core.store(), practitioner(who), after, limit)
            .await
            .expect("a page");
        assert!(page.children.len() <= limit);
        names.extend(
            page.children
                .iter()
                .map(|child| (child.card.name.clone(), child.cases.len())),
        );
        match page.next {
            Some(next) => after = Some(next),
            None => return names,
        }
    }
}

#[tokio::test]
async fn a_child_stands_once_in_the_list_with_the_cases_that_this_reader_may_see() {
    let world = two_teams().await;
    let cpr = || text("cpr", "010120-1234");
    card(&world, 1, 1, "Åse", vec![]).await;
    card(&world, 1, 2, "Bo Holm", vec![cpr()]).await;
    card(&world, 2, 101, "Bo H.", vec![cpr()]).await;
    card(&world, 2, 102, "Anna", vec![same_as(1)]).await;
    card(
        &world,
        1,
        3,
        "Mor",
        vec![Edit::Set {
            field: "kind".to_owned(),
            value: Value::Code("parent".to_owned()),
        }],
    )
    .await;
    world.projected().await;
    for limit in [1, 2, 50] {
        let own = |list: &[(&str, usize)]| -> Vec<(String, usize)> {
            list.iter()
                .map(|(name, cases)| ((*name).to_owned(), *cases))
                .collect()
        };
        assert_eq!(
            names(&world, 1, limit).await,
            own(&[("Bo Holm", 1), ("Åse", 1)])
        );
        assert_eq!(
            names(&world, 2, limit).await,
            own(&[("Anna", 1), ("Bo H.", 1)])
        );
        assert_eq!(
            names(&world, 3, limit).await,
            own(&[("Anna", 2), ("Bo H.", 2)])
        );
        assert_eq!(names(&world, 4, limit).await, own(&[]));
    }
}

/// Every entry of a timeline, page by page.
async fn whole(world: &World, who: u64, case: u64, limit: usize) -> Option<Vec<TimelineRow>> {
    let mut rows = Vec::new();
    let mut before = None;
    loop {
        let page = timeline(
            world.core.store(),
            practitioner(who),
            space(case),
            Part {
                before,
                limit,
                restricted: false,
            },
        )
        .await
        .expect("answers")?;
        rows.extend(page.rows);
        match page.next {
            Some(next) => before = Some(next),
            None => return Some(rows),
        }
    }
}

#[tokio::test]
async fn a_timeline_merges_the_teams_newest_first_and_shows_nobody_more_than_they_may_see() {
    let world = two_teams().await;
    card(&world, 1, 1, "Bo", vec![text("cpr", "010120-1234")]).await;
    card(&world, 2, 101, "Bo", vec![text("cpr", "010120-1234")]).await;
    for number in 0..20u64 {
        let (who, case) = if number % 2 == 0 { (1, 1) } else { (2, 101) };
        // Several at the same minute: the log's order decides.
        let occurred = i64::try_from(number / 4).expect("small") * 60_000;
        let fields = vec![text("subject_line", &format!("{number}"))];
        write(&world, who, case, number, "note", occurred, fields).await;
    }
    world.projected().await;
    let both = whole(&world, 3, 1, 200).await.expect("visible");
    assert_eq!(both.len(), 20, "cards stand on no timeline");
    assert!(both.is_sorted_by(|a, b| a.place > b.place));
    assert_eq!(whole(&world, 3, 101, 3).await.expect("visible"), both);
    let mine = whole(&world, 1, 1, 7).await.expect("visible");
    assert!(
        mine.iter()
            .all(|row| row.case == space(1) && row.team == team(1))
    );
    assert_eq!(mine.len(), 10);
    assert_eq!(whole(&world, 1, 101, 7).await, None);
    assert_eq!(
        whole(&world, 1, 77, 7).await,
        None,
        "the same as what is not there"
    );
    world.member(3, 2, Role::Practitioner, true).await;
    world.projected().await;
    assert_eq!(whole(&world, 3, 1, 7).await.expect("visible"), mine);
}

#[tokio::test]
async fn a_shared_case_stands_with_the_childs_own_until_it_is_withdrawn() {
    let world = two_teams().await;
    world.people(&[1, 2]).await;
    for (who, case) in [(1, 1), (2, 101)] {
        card(&world, who, case, "Bo", vec![text("cpr", "010120-1234")]).await;
        let number = 10 + case;
        write(&world, who, case, number, "note", 0, vec![]).await;
    }
    card(&world, 1, 2, "Clara", vec![]).await;
    world.projected().await;
    let own = vec![("Bo".to_owned(), 1)];
    assert_eq!(names(&world, 2, 1).await, own);
    let with = |number, case| share(number, case, terms(None, Recipient::Team(team(2)), None));
    let groups = vec![with(1, 1), with(2, 2)];
    for answers in world.push(&caller(1), groups).await {
        seqs(&answers);
    }
    world.projected().await;
    let both = vec![("Bo".to_owned(), 2), ("Clara".to_owned(), 1)];
    for limit in [1, 50] {
        assert_eq!(names(&world, 2, limit).await, both);
    }
    let rows = whole(&world, 2, 101, 1).await.expect("visible");
    let teams: BTreeSet<_> = rows.iter().map(|row| (row.case, row.team)).collect();
    let expected = [(space(1), team(1)), (space(101), team(2))];
    assert_eq!(teams, BTreeSet::from(expected));
    assert_eq!(whole(&world, 2, 1, 1).await, Some(rows));
    let groups = vec![withdraw(1, 1, 1), withdraw(2, 2, 2)];
    for answers in world.push(&caller(1), groups).await {
        seqs(&answers);
    }
    world.projected().await;
    assert_eq!(names(&world, 2, 50).await, own);
    assert_eq!(whole(&world, 2, 1, 10).await, None);
    let left = whole(&world, 2, 101, 10).await.expect("visible");
    assert_eq!(left.len(), 1);
}

#[tokio::test]
async fn concurrent_values_are_in_the_row() {
    let world = two_teams().await;
    card(&world, 1, 1, "Bo", vec![]).await;
    let mut one = write(&world, 1, 1, 5, "note", 0, vec![text("subject_line", "a")]).await;
    let mut other = samspor_documents::guard::load(&one.save(), 1 << 20).expect("loads");
    for (who, document_of, value) in [(1, &mut one, "b"), (3, &mut other, "c")] {
        let body = document_of
            .edit(
                Templates::built_in(),
                &[text("subject_line", value)],
                &authoring(who, if who == 1 { 5 } else { 6 }),
            )
            .expect("edits")
            .expect("a change");
        let group = changes(space(1), document(5), &[body]);
        seqs(&world.push(&caller(who), vec![group]).await[0]);
    }
    world.projected().await;
    let rows = whole(&world, 1, 1, 10).await.expect("visible");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].reading.conflicts, 1);
    let values = rows[0]
        .reading
        .field("subject_line")
        .expect("there")
        .values();
    let authors: BTreeSet<_> = values.iter().filter_map(|value| value.author).collect();
    assert_eq!(authors, BTreeSet::from([practitioner(1), practitioner(3)]));
}

#[tokio::test]
async fn the_index_finds_the_groups_that_all_cards_together_give() {
    let world = two_teams().await;
    // Chains over CPR numbers and "the same as", in both directions, over both teams.
    let cards: Vec<(u64, &str, Option<&str>, Vec<u64>)> = vec![
        (1, "a", Some("010120-1234"), vec![]),
        (101, "b", Some("010120-1234"), vec![2]),
        (2, "c", None, vec![]),
        (3, "d", None, vec![2]),
        (4, "e", Some("020220-1234"), vec![]),
        (102, "f", None, vec![4, 999]),
        (5, "g", None, vec![]),
    ];
    let mut views = Vec::new();
    for (case, name, cpr, same) in &cards {
        let who = if *case < 100 { 1 } else { 2 };
        let mut more: Vec<Edit> = same.iter().map(|case| same_as(*case)).collect();
        more.extend(cpr.map(|cpr| text("cpr", cpr)));
        card(&world, who, *case, name, more).await;
    }
    world.projected().await;
    let mut tx = world.core.store().read().await.expect("reads");
    let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as("SELECT space, reading FROM timeline")
        .fetch_all(&mut *tx)
        .await
        .expect("rows");
    for (case, reading) in rows {
        let reading = stored::decode(&reading).expect("a reading");
        let case = SpaceId::from_slice(&case).expect("an id");
        views.push((case, CardView::of(&reading)));
    }
    let visible = visible(&mut tx, practitioner(3)).await.expect("visible");
    for group in one_child::group(&views) {
        for case in &group {
            let persons = together::persons(&mut tx, &visible, BTreeSet::from([*case]));
            let persons = persons.await.expect("found");
            let found: Vec<Vec<SpaceId>> = persons
                .iter()
                .map(|cards| cards.iter().map(|card| card.case).collect())
                .collect();
            assert_eq!(found, std::slice::from_ref(&group));
        }
    }
}

#[tokio::test]
async fn every_query_of_a_page_is_by_index() {
    let world = two_teams().await;
    let mut tx = world.core.store().read().await.expect("reads");
    let plans = [
        format!("EXPLAIN QUERY PLAN {}", entries::places_sql()),
        format!("EXPLAIN QUERY PLAN {}", contacts::UNDONE),
        "EXPLAIN QUERY PLAN SELECT sort_name, space, document FROM cards
         WHERE ground = 1 AND kind = 0 AND (sort_name, space) > ('a', x'00')
         ORDER BY sort_name, space LIMIT 5"
            .to_owned(),
    ];
    for plan in plans {
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(plan))
            .fetch_all(&mut *tx)
            .await
            .expect("a plan");
        for (_, _, _, step) in &rows {
            let is_subquery = step.starts_with("CORRELATED SCALAR SUBQUERY");
            let by_index = step.starts_with("SEARCH")
                && (step.contains("INDEX") || step.contains("PRIMARY KEY"));
            assert!(is_subquery || by_index, "no sort and no scan: {step}");
        }
    }
}

fn adds_to(entry: u64) -> Edit {
    Edit::Set {
        field: "adds_to".to_owned(),
        value: Value::Reference(document(entry).0),
    }
}

#[tokio::test]
async fn what_is_added_stands_with_its_entry_on_whichever_page_and_never_apart_from_it() {
    let world = two_teams().await;
    card(&world, 1, 1, "Bo", vec![text("cpr", "010120-1234")]).await;
    card(&world, 2, 101, "Bo", vec![text("cpr", "010120-1234")]).await;
    for number in 0..5u64 {
        let occurred = i64::try_from(number).expect("small") * 60_000;
        write(&world, 1, 1, number, "note", occurred, vec![]).await;
    }
    // The newest and the oldest of all, both to the third note.
    for (number, occurred) in [(10, 1 << 40), (11, -5)] {
        write(&world, 1, 1, number, "addendum", occurred, vec![adds_to(2)]).await;
    }
    // To another team's entry, to one that is not there, and to an addendum: they stand on their own.
    for (number, who, case, entry) in [(12, 2, 101, 2), (13, 1, 1, 77), (14, 1, 1, 10)] {
        write(
            &world,
            who,
            case,
            number,
            "addendum",
            0,
            vec![adds_to(entry)],
        )
        .await;
    }
    world.projected().await;
    for limit in [1, 3, 200] {
        let rows = whole(&world, 3, 1, limit).await.expect("visible");
        let mut own: Vec<_> = rows.iter().map(|row| row.document).collect();
        own.sort_unstable();
        assert_eq!(own, [0, 1, 2, 3, 4, 12, 13, 14].map(document));
        for row in &rows {
            let additions: Vec<_> = row.additions.iter().map(|one| one.document).collect();
            let expected: &[u64] = if row.document == document(2) {
                &[10, 11]
            } else {
                &[]
            };
            let expected: Vec<_> = expected.iter().map(|one| document(*one)).collect();
            assert_eq!(additions, expected, "{}", row.document);
        }
    }
}
