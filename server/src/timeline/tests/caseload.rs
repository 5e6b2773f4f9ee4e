//! What is told over a caseload, from rows: visits that are due, contacts that are planned for a day, what is not complete.

use super::*;
use jiff::civil::Date;
use samspor_documents::{
    contact::STATUS,
    id::TeamId,
    reading::{Completeness, Guide},
    template::PLANNED_CONTACT,
    visit::schedule::Urgency,
};

const HOUR: i64 = 60 * 60 * 1000;

fn today() -> Date {
    let now = Moment {
        at: NOW,
        offset_minutes: 60,
    };
    now.day().expect("a day")
}

fn born(days_ago: i64) -> Vec<Edit> {
    let day = today().saturating_sub(jiff::Span::new().days(days_ago));
    vec![Edit::Set {
        field: "birth_date".to_owned(),
        value: Value::Date(day),
    }]
}

fn code(field: &str, code: &str) -> Edit {
    Edit::Set {
        field: field.to_owned(),
        value: Value::Code(code.to_owned()),
    }
}

/// What is due for somebody: the numbers of the cases, what, how urgent.
async fn told(world: &World, who: u64, visits: bool) -> Vec<(SpaceId, String, Urgency)> {
    world.projected().await;
    let of_team = |of: TeamId| visits && of == team(1);
    let due = due(
        world.core.store(),
        practitioner(who),
        None,
        today(),
        of_team,
    )
    .await;
    let due = due.expect("reads");
    assert!(!due.is_cut);
    let rows = due.visits.into_iter();
    rows.map(|one| {
        let kind = one.visit.due.visit_type.unwrap_or_default();
        (one.visit.case, kind, one.visit.due.urgency)
    })
    .collect()
}

fn has(told: &[(SpaceId, String, Urgency)], case: u64, visit: &str) -> bool {
    told.iter()
        .any(|(of, kind, _)| *of == space(case) && kind == visit)
}

#[tokio::test]
async fn windows_are_told_of_ones_own_visiting_teams_and_a_visit_elsewhere_fills_them() {
    let world = two_teams().await;
    let cpr = || text("cpr", "010120-1234");
    let fields = |days| born(days).into_iter().chain([cpr()]).collect();
    card(&world, 1, 1, "Bo Holm", fields(60)).await;
    card(&world, 1, 2, "Åse", born(60)).await;
    card(&world, 2, 101, "Bo H.", fields(60)).await;
    for (who, visits, expected) in [(1, true, true), (1, false, false), (2, true, false)] {
        let told = told(&world, who, visits).await;
        assert_eq!(
            has(&told, 1, "months_2"),
            expected,
            "{who} {visits}: {told:?}"
        );
        assert_eq!(
            has(&told, 2, "months_2"),
            expected,
            "{who} {visits}: {told:?}"
        );
        assert!(
            told.iter().all(|(case, ..)| *case != space(101)),
            "{who}: another team's"
        );
    }
    // Team 2 held it: who reads both cards is not reminded; who does not, is, and cannot tell.
    let held = vec![code("visit_type", &months_2())];
    write(&world, 2, 101, 1, "home_visit", NOW.0 - HOUR, held).await;
    assert!(has(&told(&world, 1, true).await, 1, "months_2"));
    let both = told(&world, 3, true).await;
    assert!(
        !has(&both, 1, "months_2") && has(&both, 2, "months_2"),
        "{both:?}"
    );
    world.core.stop().await;
}

/// The code of KL's two-month visit.
fn months_2() -> String {
    let kl = Templates::built_in().kl().expect("codes");
    let mut codes = kl.codes("visit_type").expect("visits").iter();
    let known = codes.find(|one| one.name.as_deref() == Some("months_2"));
    known.expect("two months").code.clone()
}

async fn plan(world: &World, case: u64, number: u64, hours: i64, status: &str) {
    let who = if case < 100 { 1 } else { 2 };
    let fields = vec![code(STATUS, status)];
    let at = NOW.0 + hours * HOUR;
    write(world, who, case, number, PLANNED_CONTACT, at, fields).await;
}

async fn day(world: &World, who: u64) -> Vec<SpaceId> {
    world.projected().await;
    let day = (UnixMillis(NOW.0 - 6 * HOUR), UnixMillis(NOW.0 + 6 * HOUR));
    let planned = planned(world.core.store(), practitioner(who), day).await;
    let planned = planned.expect("reads");
    planned.iter().map(|one| one.case).collect()
}

#[tokio::test]
async fn a_day_tells_what_is_planned_for_it_in_cases_one_may_see() {
    let world = two_teams().await;
    card(&world, 1, 1, "Bo", vec![]).await;
    card(&world, 2, 101, "Ida", vec![]).await;
    plan(&world, 1, 1, 2, "agreed").await;
    plan(&world, 1, 2, 48, "agreed").await;
    plan(&world, 1, 3, 3, "declined").await;
    plan(&world, 101, 4, 1, "agreed").await;
    assert_eq!(day(&world, 1).await, [space(1)]);
    assert_eq!(day(&world, 2).await, [space(101)]);
    assert_eq!(
        day(&world, 3).await,
        [space(101), space(1)],
        "in order of time"
    );
    assert_eq!(day(&world, 4).await, []);
    world.core.stop().await;
}

#[tokio::test]
async fn ones_own_contacts_that_lack_what_they_must_carry_are_told_to_who_wrote_them_only() {
    let world = two_teams().await;
    card(&world, 1, 1, "Bo", vec![]).await;
    let kl = Templates::built_in().kl().expect("codes");
    let mut forms = kl.codes("contact_form").expect("forms").iter();
    let home = forms.find(|one| kl.face_to_face(&one.code)).expect("one");
    let visit = || {
        vec![
            code("visit_type", &months_2()),
            code("contact_form", &home.code),
        ]
    };
    write(&world, 1, 1, 1, "home_visit", NOW.0 - 50 * HOUR, visit()).await;
    write(&world, 1, 1, 2, "home_visit", NOW.0 - HOUR, visit()).await;
    world.projected().await;
    let of = async |who| {
        let told = incomplete(world.core.store(), practitioner(who), Guide::Text, NOW);
        let told = told.await.expect("reads");
        told.iter()
            .map(|one| (one.document, one.completeness))
            .collect::<Vec<_>>()
    };
    let mine = of(1).await;
    let documents: Vec<_> = mine.iter().map(|(document, _)| *document).collect();
    assert_eq!(documents, [document(1), document(2)]);
    assert!(
        matches!(mine[0].1, Completeness::OverdueSince(_)),
        "{mine:?}"
    );
    assert!(matches!(mine[1].1, Completeness::Until(_)), "{mine:?}");
    assert_eq!(of(3).await, [], "a colleague's are not one's own");
    world.member(1, 1, Role::Practitioner, true).await;
    world.projected().await;
    assert_eq!(of(1).await, [], "what one may not see any more is not told");
    world.core.stop().await;
}

#[tokio::test]
async fn what_is_told_of_a_part_is_the_newest_and_says_so_of_ones_own_cases_only() {
    let world = two_teams().await;
    card(&world, 1, 1, "Bo", vec![]).await;
    card(&world, 2, 101, "Ida", vec![]).await;
    for number in 1..=3 {
        let at = NOW.0 + i64::try_from(number).expect("few");
        write(&world, 1, 1, number, "network_meeting", at, vec![]).await;
        write(&world, 2, 101, 100 + number, "network_meeting", at, vec![]).await;
    }
    world.projected().await;
    let mut tx = world.core.store().read().await.expect("reads");
    let visible = visible(&mut tx, practitioner(1)).await.expect("reads");
    let names = told::telling(Templates::built_in());
    for (case, most, expected) in [(1, 3, (3, false)), (1, 2, (2, true)), (101, 2, (0, false))] {
        let cases = [space(case)];
        let read = told::entries_of(&mut tx, &visible, &names, &cases, most).await;
        let read = read.expect("reads");
        assert_eq!((read.entries.len(), read.is_cut), expected, "{case} {most}");
        if case == 1 {
            assert_eq!(read.entries[0].document, document(3), "the newest");
        }
    }
    drop(tx);
    world.core.stop().await;
}

#[tokio::test]
async fn a_caseload_is_told_from_indexes() {
    let world = two_teams().await;
    let mut tx = world.core.store().read().await.expect("reads");
    for (sql, indexes) in [
        (
            due::cards_sql(due::BY_GROUND),
            ["COVERING INDEX cards_due", "COVERING INDEX timeline_visits"],
        ),
        (
            due::cards_sql(due::BY_CASE),
            ["INDEX cards_by_space", "COVERING INDEX timeline_visits"],
        ),
        (
            today::PLANNED_BY_GROUND.to_owned(),
            ["INDEX timeline_planned", "occurred_at>? AND occurred_at<?"],
        ),
        (
            practice::COUNTED.to_owned(),
            ["INDEX timeline_counted", "counted=? AND occurred_at>?"],
        ),
        (
            today::incomplete_sql(),
            ["SEARCH o USING PRIMARY KEY", "SEARCH t USING INDEX"],
        ),
    ] {
        let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(plan)
            .fetch_all(&mut *tx)
            .await
            .expect("a plan");
        let steps: Vec<&str> = rows.iter().map(|row| row.3.as_str()).collect();
        for index in indexes {
            assert!(
                steps.iter().any(|step| step.contains(index)),
                "{index}: {steps:?}"
            );
        }
        let scans = steps.iter().filter(|step| step.starts_with("SCAN"));
        assert!(
            scans
                .into_iter()
                .all(|step| step.starts_with("SCAN wanted")),
            "{steps:?}"
        );
    }
    drop(tx);
    world.core.stop().await;
}
