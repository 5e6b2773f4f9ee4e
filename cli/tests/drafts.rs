//! From a draft to an entry at the command line: written, listed, published, discarded, and what is refused.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World};
use serde_json::Value;

fn drafts(device: &Device, more: &[&str]) -> Vec<Value> {
    let arguments = [&["drafts"], more].concat();
    let told = device.run(&arguments).ok().json();
    told["drafts"].as_array().expect("a list").clone()
}

fn entries(device: &Device, case: &str) -> Vec<Value> {
    let told = device.run(&["timeline", case]).ok().json();
    told["entries"].as_array().expect("a list").clone()
}

#[test]
fn a_draft_is_listed_edited_published_and_stands_in_its_case_then() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let tablet = world.device("tablet", "Anna Holm");
    let bo = world.device("bo", "Bo Lind");
    let case = anna.open_case("Sofie Ærø", &[]);
    let write = [
        "draft",
        "note",
        "--case",
        &case,
        "--at",
        "23.11.2026 10.30",
        "--set",
        "subject_line=Opkald om søvn",
        "--text",
        "text=Mor ringede. Noget, der slettes.",
    ];
    let draft = anna.id(&write, "document");
    anna.run(&["edit", &draft, "--text", "text=Mor ringede."])
        .ok();
    for device in [&anna, &tablet] {
        device.run(&["sync"]).ok();
        let listed = drafts(device, &[]);
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["document"], Value::from(draft.as_str()));
        assert_eq!(listed[0]["case"], Value::from(case.as_str()));
        assert_eq!(listed[0]["name"], "Sofie Ærø");
        assert_eq!(listed[0]["title"], "Notat: Opkald om søvn");
        assert_eq!(
            (&listed[0]["waiting"], &listed[0]["discarded"]),
            (&Value::Bool(false), &Value::Bool(false))
        );
        assert!(entries(device, &case).is_empty());
    }
    bo.run(&["sync"]).ok();
    assert!(drafts(&bo, &[]).is_empty());
    assert_eq!(bo.run(&["read", &draft]).error(), "unknown_document");

    let told = anna.run(&["publish", &draft, "--offline"]).ok().json();
    assert_eq!(told["delivery"], "waiting");
    let entry = told["document"].as_str().expect("an id").to_owned();
    let again = anna.run(&["publish", &draft, "--offline"]);
    assert_eq!((again.code, again.error().as_str()), (3, "published"));
    let waiting = anna.run(&["outbox"]).ok().json();
    assert_eq!(waiting["waiting"][0]["operation"], "publish");
    for device in [&anna, &tablet, &bo] {
        device.run(&["sync"]).ok();
        assert!(drafts(device, &[]).is_empty());
        let listed = entries(device, &case);
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["document"], Value::from(entry.as_str()));
        assert_eq!(device.field(&entry, "text")["text"], "Mor ringede.");
    }
}

#[test]
fn a_discarded_draft_is_found_among_the_discarded_in_both_languages() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    let draft = anna.id(
        &[
            "draft",
            "note",
            "--case",
            &case,
            "--set",
            "subject_line=Ubrugt",
        ],
        "document",
    );
    assert_eq!(anna.run(&["discard", &draft]).ok().json()["changed"], true);
    assert_eq!(anna.run(&["discard", &draft]).ok().json()["changed"], false);
    assert!(drafts(&anna, &[]).is_empty());
    assert_eq!(drafts(&anna, &["--discarded"]).len(), 1);
    let shown = anna.told(&["drafts", "--discarded"]).ok();
    assert!(shown.stdout.contains("til: Sofie"), "{shown:?}");
    let shown = anna.told(&["--lang", "en", "drafts", "--discarded"]).ok();
    assert!(shown.stdout.contains("for: Sofie"), "{shown:?}");
    for command in ["publish", "discard"] {
        let unknown = "01a20ae4-dbb0-7011-9569-2417c3fb7b16";
        let ran = anna.run(&[command, unknown]);
        assert_eq!((ran.code, ran.error().as_str()), (4, "unknown_draft"));
        let ran = anna.run(&[command, "x"]);
        assert_eq!((ran.code, ran.error().as_str()), (3, "bad_id"));
    }
}
