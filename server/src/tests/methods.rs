//! What a child's page tells over time: drawn, in tables, in the reader's language, with no script and no style of its own.

use super::pages::{Story, story};
use jiff::civil::{Date, date};
use samspor_documents::{document::Edit, time::UnixMillis, value::Value};
use uuid::Uuid;

pub(super) fn item(field: &str, id: u128, values: &[(&str, Value)]) -> Edit {
    let values = values.iter();
    Edit::AddItem {
        field: field.to_owned(),
        item: Uuid::from_u128(id),
        values: values
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    }
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn code(code: &str) -> Value {
    Value::Code(code.to_owned())
}

pub(super) fn set(field: &str, value: Value) -> Edit {
    Edit::Set {
        field: field.to_owned(),
        value,
    }
}

fn mark(id: u128, by: &str, on: Date, scale: i64) -> Edit {
    let values = [
        ("sub_goal", Value::Reference(Uuid::from_u128(2))),
        ("by", code(by)),
        ("on", Value::Date(on)),
        ("scale", Value::Integer(scale)),
    ];
    item("marks", id, &values)
}

/// A plan that has ended, with marks on its sub-goal.
fn plan() -> Vec<Edit> {
    vec![
        item("sub_goals", 2, &[("step", text("Følges til <porten>"))]),
        set("until", Value::Date(date(2026, 3, 1))),
        mark(3, "child", date(2026, 2, 1), 2),
        mark(4, "child", date(2026, 4, 1), 6),
        mark(5, "parent", date(2026, 2, 1), 5),
    ]
}

/// A meeting with an agreement that is over time, one that was kept, and a scaling.
fn meeting() -> Vec<Edit> {
    let agreed = [
        ("what", text("Ringe til klubben")),
        ("who", text("Farfar")),
        ("when", Value::Date(date(2026, 1, 1))),
    ];
    let kept = [("what", text("Holdt aftale")), ("status", code("kept"))];
    let scaled = [("who", text("Mor")), ("mark", Value::Integer(4))];
    vec![
        item("agreements", 1, &agreed),
        item("agreements", 2, &kept),
        item("scaling", 3, &scaled),
    ]
}

#[tokio::test]
async fn a_page_draws_each_persons_line_and_tells_agreements_and_hearings_beside_it() {
    let Story {
        world,
        case,
        session,
        mut mette,
        ..
    } = story().await;
    let path = format!("/children/{case}");
    let before = world.get(&path, &session).await.text();
    for heading in [
        "curves-heading",
        "agreements-heading",
        "heard-heading",
        "differing-heading",
    ] {
        assert!(!before.contains(heading), "{heading}: nothing is there");
    }
    let now = crate::clock::now();
    mette.write_edits(&world, case, "plan", now, plan()).await;
    let meeting = mette.write_edits(&world, case, "network_meeting", now, meeting());
    meeting.await;
    let decision = vec![
        set("child_heard", code("yes")),
        set("child_heard_how", code("alone")),
    ];
    let decision = mette.write_edits(&world, case, "decision", UnixMillis(now.0 - 1), decision);
    decision.await;
    world.projected().await;

    let page = world.get(&path, &session).await.text();
    let (above, timeline) = page
        .split_once("id=\"timeline-heading\"")
        .expect("a timeline");
    for said in [
        "Ringe til klubben",
        "Over tid",
        "barnet er hørt",
        "Samtale med barnet alene",
        "Følges til &#60;porten&#62;",
        "efter planen",
        "Skalering ved møder",
        "<polyline points=",
        "role=\"img\"",
    ] {
        assert!(above.contains(said), "{said}: {above}");
    }
    assert!(!above.contains("Holdt aftale"), "what was kept is not open");
    assert!(
        timeline.contains("Ringe til klubben"),
        "its entry stands where it stood"
    );
    // The child's two marks make a line, the parent's one does not: each is drawn by itself.
    assert_eq!(
        above.matches("<polyline points=").count() - above.matches("class=\"key\"").count(),
        1
    );
    assert!(!above.contains("style=") && !above.contains("<script>"));
    let english = world.get(&format!("{path}?lang=en"), &session).await.text();
    for said in [
        "Overdue",
        "the child was heard",
        "after the plan",
        "Scaling at meetings",
    ] {
        assert!(english.contains(said), "{said}");
    }
    world.stop().await;
}
