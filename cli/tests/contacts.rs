//! Planned contacts at the command line: planned, listed, moved, called off, and the visit that begins.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World};
use serde_json::Value;

fn contacts(device: &Device, more: &[&str]) -> Vec<Value> {
    let arguments = [&["contact", "list"], more].concat();
    let told = device.run(&arguments).ok().json();
    told["contacts"].as_array().expect("a list").clone()
}

#[test]
fn a_contact_is_planned_moved_begun_and_held_by_the_entry_that_names_it() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let bo = world.device("bo", "Bo Lind");
    bo.run(&["sync"]).ok();
    anna.run(&["sync"]).ok();
    let case = anna.open_case("Sofie Ærø", &[]);
    let plan = [
        "contact",
        "plan",
        &case,
        "--at",
        "i morgen 9.15",
        "--for",
        "Anna Holm",
        "--set",
        "note=Husk vægten",
    ];
    let contact = anna.id(&plan, "contact");
    let listed = contacts(&anna, &[]);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["contact"], Value::from(contact.as_str()));
    assert_eq!(listed[0]["standing"], "agreed");
    assert_eq!(listed[0]["name"], "Sofie Ærø");
    assert_eq!(listed[0]["practitioner"]["name"], "Anna Holm");
    assert_eq!(listed[0]["summary"], "Bemærkning: Husk vægten");
    assert!(contacts(&anna, &["--today"]).is_empty());
    // Moved to today without contact, and begun.
    let moved = anna.run(&[
        "contact",
        "move",
        &contact,
        "--at",
        "i dag 00:00",
        "--offline",
    ]);
    assert_eq!(moved.ok().json()["changed"], true);
    let today = contacts(&anna, &["--today", "--mine"]);
    assert_eq!(today.len(), 1);
    let started = anna.run(&["visit", "start", &case]).ok().json();
    assert_eq!(started["contact"], Value::from(contact.as_str()));
    let draft = started["document"].as_str().expect("an id").to_owned();

    bo.run(&["sync"]).ok();
    let missing = contacts(&bo, &[&case, "--note-missing"]);
    assert_eq!(missing.len(), 1);
    assert!(
        contacts(&bo, &["--mine"]).is_empty(),
        "it is Anna's to make"
    );
    let said = bo.told(&["contact", "show", &contact]).ok().stdout;
    for word in [
        "Sofie Ærø",
        "Notat mangler",
        "Udføres af Anna Holm",
        "Husk vægten",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let said = bo.told(&["--lang", "en", "contact", "list"]).ok().stdout;
    assert!(said.contains("Note missing"), "{said}");

    anna.run(&["edit", &draft, "--text", "seen=Vægten følger kurven"])
        .ok();
    anna.run(&["publish", &draft]).ok();
    bo.run(&["sync"]).ok();
    for device in [&anna, &bo] {
        assert!(contacts(device, &["--note-missing"]).is_empty());
        let shown = device.run(&["contact", "show", &contact]).ok().json();
        assert_eq!(shown["standing"], "held");
    }
}

#[test]
fn what_became_of_a_contact_is_said_in_danish_or_by_its_code() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie Ærø", &[]);
    let contact = anna.id(
        &["contact", "plan", &case, "--at", "i går 10:00"],
        "contact",
    );
    assert_eq!(contacts(&anna, &["--overdue"]).len(), 1);
    for (said, standing) in [
        ("Ikke hjemme", "not_home"),
        ("declined", "declined"),
        ("aflyst", "cancelled"),
        ("started", "note_missing"),
    ] {
        anna.run(&["contact", "status", &contact, said]).ok();
        let shown = anna.run(&["contact", "show", &contact]).ok().json();
        assert_eq!(shown["standing"], standing, "{said}");
    }
    assert!(contacts(&anna, &["--overdue"]).is_empty());
}

#[test]
fn what_cannot_be_planned_or_begun_is_refused_by_its_own_name() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let (case, other) = (anna.open_case("Sofie Ærø", &[]), anna.open_case("Bo", &[]));
    let contact = anna.id(&["contact", "plan", &case, "--at", "10:00"], "contact");
    let nowhere = "01a2b3c4-d5e6-7000-8000-000000000000";
    let wrong: [(&[&str], i32, &str); 9] = [
        (&["contact", "plan", &case], 2, "usage"),
        (&["contact", "move", &contact], 2, "usage"),
        (&["contact", "show", nowhere], 4, "unknown_contact"),
        (&["contact", "show", "x"], 3, "bad_id"),
        (&["contact", "status", &contact, "måske"], 3, "unknown_code"),
        (
            &["visit", "start", &other, "--contact", &contact],
            4,
            "unknown_contact",
        ),
        (
            &["visit", "start", &case, "--template", "addendum"],
            3,
            "names_no_contact",
        ),
        (
            &["write", "planned_contact", "--case", &case],
            3,
            "contact_template",
        ),
        (&["sign", &contact], 3, "contact_not_signed"),
    ];
    for (command, code, error) in wrong {
        let ran = anna.run(command);
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (code, error),
            "{command:?}"
        );
    }
    assert_eq!(contacts(&anna, &[]).len(), 1);
}
