//! Circles of chosen participants at the command line: opened, listed, written in, joined and left.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World};
use serde_json::Value;

fn circles(device: &Device) -> Vec<Value> {
    let told = device.run(&["circle", "list"]).ok().json();
    told["circles"].as_array().expect("a list").clone()
}

fn names(circle: &Value) -> Vec<&str> {
    let participants = circle["participants"].as_array().expect("a list");
    let name = |one: &'_ Value| one["practitioner"]["name"].as_str().is_some();
    assert!(participants.iter().all(name), "{circle}");
    participants
        .iter()
        .filter_map(|one| one["practitioner"]["name"].as_str())
        .collect()
}

#[test]
fn a_circle_is_opened_by_name_written_in_joined_and_left() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let bo = world.device("bo", "Bo Lind");
    anna.run(&["sync"]).ok();
    let case = anna.open_case("Sofie Ærø", &[]);
    let open = ["circle", "open", "Overgang på Ærø", "--with", "anna holm"];
    let open = [&open[..], &["--about", &case, "--offline"]].concat();
    let opened = anna.run(&open).ok().json();
    assert_eq!(opened["delivery"], "waiting");
    let circle = opened["circle"].as_str().expect("an id").to_owned();
    let waiting = anna.run(&["outbox"]).ok().json();
    assert_eq!(waiting["waiting"][0]["operation"], "open_circle");
    assert_eq!(waiting["waiting"][0]["title"], "Overgang på Ærø");
    let listed = circles(&anna);
    assert_eq!(listed[0]["waiting"], true);
    assert_eq!(listed[0]["about"][0], Value::from(case.as_str()));

    let write = |device: &Device, command: &str, place: &str, question: &str| {
        let question = format!("question={question}");
        let arguments = [
            command,
            "team_reflection",
            "--circle",
            place,
            "--set",
            &question,
        ];
        device.id(&arguments, "document")
    };
    let by_id = write(&anna, "write", &circle, "Hvad ser vi?");
    let by_title = write(&anna, "draft", "overgang PÅ ærø", "Og nu?");
    let draft = anna.run(&["drafts"]).ok().json();
    assert_eq!(draft["drafts"][0]["circle"]["name"], "Overgang på Ærø");
    assert_eq!(draft["drafts"][0]["case"], Value::Null);
    let published = anna.id(&["publish", &by_title], "document");
    bo.run(&["sync"]).ok();
    assert!(circles(&bo).is_empty());
    let shown = bo.run(&["circle", "show", &circle]);
    assert_eq!((shown.code, shown.error().as_str()), (4, "unknown_circle"));

    let join = ["circle", "join", "Overgang på Ærø", "Bo Lind"];
    assert_eq!(anna.run(&join).ok().json()["changed"], true);
    assert_eq!(anna.run(&join).ok().json()["changed"], false);
    bo.run(&["sync"]).ok();
    let listed = circles(&bo);
    assert_eq!(names(&listed[0]), ["Anna Holm", "Bo Lind"]);
    let shown = bo.run(&["circle", "show", &circle]).ok().json();
    let documents = shown["documents"].as_array().expect("a list");
    let ids: Vec<&str> = documents
        .iter()
        .filter_map(|one| one["document"].as_str())
        .collect();
    assert!(ids.len() == 2 && ids.contains(&by_id.as_str()) && ids.contains(&published.as_str()));
    let reading = bo.run(&["read", &by_id]).ok().json();
    assert_eq!(reading["circle"], "Overgang på Ærø");
    let timeline = anna.run(&["timeline", &case]).ok().json();
    assert_eq!(timeline["entries"], Value::Array(Vec::new()));
    let text = bo.told(&["circle", "show", &circle]).ok();
    assert!(text.stdout.contains("Anna Holm · Bo Lind"), "{text:?}");

    let left = bo.run(&["circle", "leave", &circle]).ok().json();
    assert_eq!(left["delivery"], "delivered");
    assert!(circles(&bo).is_empty());
    assert_eq!(bo.run(&["read", &by_id]).error(), "unknown_document");
    anna.run(&["sync"]).ok();
    assert_eq!(names(&circles(&anna)[0]), ["Anna Holm"]);
    let text = bo.told(&["--lang", "en", "circle", "list"]).ok();
    assert!(text.stdout.contains("No circles."), "{text:?}");
}

#[test]
fn what_is_wrong_with_a_circle_has_its_code_and_its_sentence() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let long = "x".repeat(121);
    let id = "01a20ae4-dbb0-7011-9569-2417c3fb7b16";
    let open = |title: &'static str, with: &'static str| ["circle", "open", title, "--with", with];
    let rows: Vec<(Vec<&str>, i32, &str)> = vec![
        (
            open("Kreds", "Ingen Kender").into(),
            4,
            "unknown_practitioner",
        ),
        (open("Kreds", id).into(), 4, "unknown_practitioner"),
        (open(" ", "Bo Lind").into(), 3, "bad_circle_title"),
        (
            vec!["circle", "open", &long, "--with", "Bo Lind"],
            3,
            "bad_circle_title",
        ),
        (vec!["circle", "open", "Kreds"], 2, "usage"),
        (
            [&open("Kreds", "Bo Lind")[..], &["--about", "x"]].concat(),
            3,
            "bad_id",
        ),
        (
            [&open("Kreds", "Bo Lind")[..], &["--about", id]].concat(),
            4,
            "unknown_case",
        ),
        (vec!["circle", "join", id, "Bo Lind"], 4, "unknown_circle"),
        (vec!["circle", "leave", "Ukendt"], 4, "unknown_circle"),
        (vec!["circle", "show", id], 4, "unknown_circle"),
        (
            vec!["write", "team_reflection", "--circle", id],
            4,
            "unknown_circle",
        ),
    ];
    for (arguments, code, error) in rows {
        let ran = anna.run(&[&arguments[..], &["--offline"]].concat());
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (code, error),
            "{arguments:?}"
        );
    }
    assert!(circles(&anna).is_empty());
    // Two of one name: the id it is.
    for _ in 0..2 {
        let opened = [&open("Tvilling", "Bo Lind")[..], &["--offline"]].concat();
        anna.run(&opened).ok();
    }
    let ran = anna.run(&["circle", "leave", "tvilling", "--offline"]);
    assert_eq!((ran.code, ran.error().as_str()), (3, "ambiguous"));
}
