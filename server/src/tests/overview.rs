//! What a child's page and its data tell over time beyond the methods: growth before the reference's lines, factors, what is to
//! be followed up, the parents' own records, visits that are due; each for who may see it, and for nobody else.

use super::{
    methods::{code, item, set, text},
    pages::{Story, Writer, story},
    *,
};
use jiff::civil::{Date, date};
use samspor_documents::{
    document::Edit,
    id::SpaceId,
    time::{Moment, day_number},
    value::Value,
};
use uuid::Uuid;

fn noon(day: Date) -> UnixMillis {
    UnixMillis((day_number(day) * 24 + 11) * 60 * 60 * 1000)
}

/// A day so many days from a time, as it is typed.
fn format_day(at: UnixMillis, days: i64) -> String {
    let moment = Moment {
        at: at.plus(days * 24 * 60 * 60 * 1000),
        offset_minutes: 60,
    };
    moment.day().expect("a day").to_string()
}

/// The first part of the page, before the timeline.
async fn above(world: &World, case: SpaceId, session: &str) -> String {
    let page = world.get(&format!("/children/{case}"), session).await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text();
    let (above, _) = page
        .split_once("id=\"timeline-heading\"")
        .expect("a timeline");
    above.to_owned()
}

async fn data(world: &World, case: SpaceId, session: &str) -> serde_json::Value {
    let answer = world
        .get(&format!("/api/v1/children/{case}/overview"), session)
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    serde_json::from_slice(&answer.body).expect("JSON")
}

fn girl(name: &str) -> Vec<(&str, &str)> {
    vec![
        ("name", name),
        ("kind", "child"),
        ("birth_date", "2025-01-10"),
        ("sex", "girl"),
    ]
}

#[tokio::test]
async fn a_page_draws_growth_before_the_references_lines_with_every_score_in_a_table() {
    let world = World::new().await;
    let mut mette = Writer::of(&world, 7, "Mette Kjær", world.team).await;
    let case = mette.open_case(&world, world.team, &girl("Freja")).await;
    for (day, visit) in [
        (
            date(2025, 3, 12),
            [("weight", "5,1 kg"), ("height", "57 cm")],
        ),
        (
            date(2025, 7, 10),
            [("weight", "7,3 kg"), ("height", "65,5 cm")],
        ),
    ] {
        let written = mette.write(&world, case, "home_visit", noon(day), &visit);
        written.await;
    }
    world.projected().await;
    let session = world.session().await;
    let page = above(&world, case, &session).await;
    for said in [
        "id=\"growth-weight_for_age\" open",
        "<title id=\"growth-weight_for_age-title\">Vægt efter alder</title>",
        "2 målinger fra 12. marts 2025 til 10. juli 2025. Linjerne er −2, 0 og +2 standardafvigelser efter WHO 2006.",
        "class=\"sd sd-2\"",
        "class=\"sd sd-0\"",
        ">+2</text>",
        "7,3 kg",
        "65,5 cm",
        "<span class=\"source\">WHO 2006</span>",
        "målemåde ikke skrevet",
        "Tegnet som z-scorer",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("style=") && !page.contains("<script>"));
    let data = data(&world, case, &session).await;
    let growth = data["growth"].as_array().expect("curves");
    let weight = &growth[0];
    assert_eq!(weight["indicator"], "weight_for_age");
    let number = &weight["points"][1]["numbers"][0];
    assert_eq!(number["amount"], 7.3);
    assert_eq!(number["reference"]["name"], "WHO 2006");
    assert_eq!(
        (number["age_days"].clone(), number["no_score"].clone()),
        (181.into(), serde_json::Value::Null)
    );
    assert_eq!(
        growth.len(),
        4,
        "weight, height, BMI, weight for height: no head was measured"
    );
    world.stop().await;
}

#[tokio::test]
async fn values_in_conflict_stand_both_and_without_a_sex_there_is_a_reason_and_no_line() {
    let Story {
        world,
        case,
        session,
        ..
    } = story().await;
    let page = above(&world, case, &session).await;
    for said in [
        "6,45 kg",
        "6,54 kg",
        "ikke afklaret",
        "ingen z-score: stamkortet siger intet eller to køn",
        "Der er ingen referencelinjer",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("class=\"sd "));
    assert_eq!(
        page.matches("<circle class=\"open\"").count(),
        2,
        "both are drawn, open"
    );
    let data = data(&world, case, &session).await;
    let point = &data["growth"][0]["points"][0];
    assert_eq!(point["in_conflict"], true);
    assert_eq!(point["numbers"].as_array().map(Vec::len), Some(2));
    assert_eq!(point["numbers"][0]["no_score"], "sex_unknown");
    world.stop().await;
}

fn factor(id: u128, words: &str, effect: &str, strength: &str) -> Edit {
    let values = [
        ("factor", text(words)),
        ("domain", code("family")),
        ("effect", code(effect)),
        ("strength", code(strength)),
    ];
    item("factors", id, &values)
}

#[tokio::test]
async fn a_page_tells_how_factors_developed_and_what_is_to_be_followed_up() {
    let Story {
        world,
        case,
        session,
        mut mette,
        ..
    } = story().await;
    let first = vec![
        factor(1, "Mors uro", "risk", "strong"),
        factor(2, "Farmor <3", "protective", "clear"),
    ];
    let second = vec![factor(3, "mors  uro", "risk", "slight")];
    for (day, edits) in [(date(2026, 3, 2), first), (date(2026, 9, 1), second)] {
        let written = mette.write_edits(&world, case, "factor_assessment", noon(day), edits);
        written.await;
    }
    let meeting = vec![set("next_date", Value::Date(date(2026, 10, 1)))];
    let meeting = mette.write_edits(
        &world,
        case,
        "network_meeting",
        noon(date(2026, 8, 1)),
        meeting,
    );
    meeting.await;
    world.projected().await;
    let page = above(&world, case, &session).await;
    for said in [
        "Familien",
        "Mors uro",
        "svagere",
        "Farmor &#60;3",
        "ikke nævnt",
        "class=\"factor risk\"",
        "class=\"factor protective\"",
        "Følges op",
        "01.10.2026",
        "datoen er angivet",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let data = data(&world, case, &session).await;
    assert_eq!(
        data["factors"][0]["factors"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(data["follow_ups"][0]["standing"], "overdue");
    assert_eq!(data["is_cut"], false);
    world.stop().await;
}

#[tokio::test]
async fn a_page_leads_to_the_parents_own_records_for_who_may_read_them_only() {
    let world = World::new().await;
    let other_team = world
        .admin
        .add_team("Familie", TeamKind::FamilyCounselling)
        .await;
    let other_team = other_team.expect("a team");
    let mut mette = Writer::of(&world, 7, "Mette Kjær", world.team).await;
    let mut lars = Writer::of(&world, 8, "Lars Bro", other_team).await;
    let child = mette.open_case(&world, world.team, &girl("Freja")).await;
    let belongs = |to: SpaceId| {
        let values = [
            ("relation", code("custody")),
            ("case", Value::Reference(to.0)),
        ];
        item("relations", 1, &values)
    };
    let parent = |name: &str| vec![set("name", text(name)), set("kind", code("parent"))];
    // Another team's record of the mother says of itself whose mother she is; the father stands in the same team.
    let mut mother = parent("Mor Hemmelig");
    mother.push(belongs(child));
    let mothers = lars.open_case_with(&world, other_team, mother).await;
    let mut father = parent("Far Sand");
    father.push(belongs(child));
    let fathers = mette.open_case_with(&world, world.team, father).await;
    world.projected().await;

    let session = world.session_of(mette.practitioner).await;
    let page = above(&world, child, &session).await;
    assert!(
        page.contains(&format!("href=\"/children/{fathers}\">Far Sand</a>")),
        "{page}"
    );
    assert!(page.contains("Forældremyndighed"));
    assert!(!page.contains("Hemmelig") && !page.contains(&mothers.to_string()));
    let told = data(&world, child, &session).await;
    let parents = told["parents"].as_array().expect("parents");
    assert_eq!(
        parents.len(),
        1,
        "nothing of a record that is not for the reader: {parents:?}"
    );
    // A parent's own page leads neither to the other's record nor back to the child.
    let fathers_page = above(&world, fathers, &session).await;
    assert!(!fathers_page.contains("parents-heading"));
    let of_parent = data(&world, fathers, &session).await;
    assert_eq!(of_parent["parents"].as_array().map(Vec::len), Some(0));
    // Who reads the mother's record and not the child's sees nothing of the child.
    let session = world.session_of(lars.practitioner).await;
    let hidden = format!("/api/v1/children/{child}/overview");
    let answer = world.get(&hidden, &session).await;
    let nobodys = SpaceId(Uuid::from_u128(77));
    let none = world
        .get(&format!("/api/v1/children/{nobodys}/overview"), &session)
        .await;
    assert_eq!(
        (answer.status, none.status),
        (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
    );
    world.stop().await;
}

#[tokio::test]
async fn a_page_says_which_visits_are_due_until_they_are_held() {
    let world = World::new().await;
    let mut mette = Writer::of(&world, 7, "Mette Kjær", world.team).await;
    let today = crate::clock::now();
    let born = format_day(today, -60);
    let card = [("name", "Freja"), ("kind", "child"), ("birth_date", &born)];
    let case = mette.open_case(&world, world.team, &card).await;
    world.projected().await;
    let session = world.session_of(mette.practitioner).await;
    let page = above(&world, case, &session).await;
    assert!(page.contains("due-heading"), "{page}");
    let before = data(&world, case, &session).await;
    let is_two_months = |one: &serde_json::Value| one["visit_type"] == "months_2";
    let due = before["due"].as_array().expect("visits");
    assert!(due.iter().any(is_two_months), "{due:?}");
    let visit = [("visit_type", "months_2")];
    mette.write(&world, case, "home_visit", today, &visit).await;
    world.projected().await;
    let after = data(&world, case, &session).await;
    let due = after["due"].as_array().expect("visits");
    assert!(!due.iter().any(is_two_months), "it was held: {due:?}");
    world.stop().await;
}

#[tokio::test]
async fn a_day_tells_what_is_planned_due_and_not_complete_for_who_may_see_it() {
    let world = World::new().await;
    let mut mette = Writer::of(&world, 7, "Mette Kjær", world.team).await;
    let other_team = world
        .admin
        .add_team("Familie", TeamKind::FamilyCounselling)
        .await;
    let lars = Writer::of(&world, 8, "Lars Bro", other_team.expect("a team")).await;
    let now = crate::clock::now();
    let day = format_day(now, -130);
    let card = [
        ("name", "Freja Sand"),
        ("kind", "child"),
        ("birth_date", &day),
    ];
    let case = mette.open_case(&world, world.team, &card).await;
    let visit = [("visit_type", "months_2"), ("contact_form", "home")];
    let long_ago = now.plus(-3 * 24 * 60 * 60 * 1000);
    mette
        .write(&world, case, "home_visit", long_ago, &visit)
        .await;
    let plan = vec![set("status", code("agreed"))];
    mette
        .write_edits(&world, case, "planned_contact", now, plan)
        .await;
    world.projected().await;

    let session = world.session_of(mette.practitioner).await;
    let page = world.get("/today", &session).await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text();
    for said in [
        "Aftalt i dag",
        "Freja Sand</a>",
        "Skulle være udfyldt",
        "Mangler:",
        "Kan holdes nu",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let data = world.get("/api/v1/today", &session).await;
    let data: serde_json::Value = serde_json::from_slice(&data.body).expect("JSON");
    assert_eq!(data["planned"].as_array().map(Vec::len), Some(1), "{data}");
    assert_eq!(
        data["incomplete"].as_array().map(Vec::len),
        Some(1),
        "{data}"
    );
    assert!(
        data["due"].as_array().is_some_and(|due| !due.is_empty()),
        "{data}"
    );
    // Another team's day says nothing of it.
    let session = world.session_of(lars.practitioner).await;
    let page = world.get("/today", &session).await.text();
    assert!(
        !page.contains("Freja") && page.contains("Der er ingen aftaler i dag."),
        "{page}"
    );
    let data = world.get("/api/v1/today", &session).await.text();
    assert!(!data.contains(&case.to_string()), "{data}");
    assert_eq!(
        world.get("/today", "").await.status,
        StatusCode::UNAUTHORIZED
    );
    world.stop().await;
}
