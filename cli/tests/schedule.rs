//! The visit schedule of a municipality's own at the command line: checked, set, shown, gone by on a device, refused.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{World, run, samspor};
use serde_json::{Value, json};

const OWN: &str = "remind_days = 3\n\n[[window]]\nvisit_type = \"school_entry\"\ncounted_from = \"birth\"\n\
                   from = { years = 6, months = 6 }\nuntil = { years = 7 }\ncorrected = false\n\
                   source = \"municipality\"\nnote = { da = \"I 0. klasse\", en = \"In the first class\" }\n";

fn keep(world: &World, name: &str, text: &str) -> String {
    let file = world.folder.path().join(name);
    std::fs::write(&file, text).expect("written");
    file.to_str().expect("a path").to_owned()
}

#[test]
fn a_schedule_is_checked_set_shown_gone_by_and_left_again() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Selma", &["--set", "birth_date=2020-03-10"]);
    let file = keep(&world, "own.toml", OWN);
    let due = |at: &str| anna.run(&["due", "--at", at]).ok().json();
    let april = due("2026-04-01 12.00");
    assert_eq!(april["schedule"], json!({"own": false, "aside": null}));
    assert_eq!(april["due"][0]["case"], Value::from(case));
    let told = anna.told(&["due"]).ok().stdout;
    assert!(told.contains("følger med Samspor"), "{told}");

    let shown = world.admin(&["schedule", "show"]).ok().json();
    assert_eq!(shown["own"], false);
    assert_eq!(
        shown["schedule"]["windows"].as_array().map(Vec::len),
        Some(9)
    );
    assert_eq!(
        world.admin(&["schedule", "check", &file]).ok().json()["holds"],
        true
    );
    let set = ["schedule", "set", &file];
    assert_eq!(world.admin(&set).ok().json()["changed"], true);
    assert_eq!(world.admin(&set).ok().json()["changed"], false);
    let shown = world.admin(&["schedule", "show"]).ok().json();
    assert_eq!((&shown["own"], &shown["file"]), (&json!(true), &json!(OWN)));
    assert_eq!(
        shown["schedule"]["windows"][0]["from"],
        json!({"years": 6, "months": 6, "weeks": 0, "days": 0})
    );

    anna.until("the schedule arrives", |device| {
        device.run(&["sync"]).ok();
        device.run(&["due"]).ok().json()["schedule"]["own"] == true
    });
    assert_eq!(due("2026-04-01 12.00")["due"], json!([]));
    assert_eq!(
        due("2026-10-01 12.00")["due"][0]["visit_type"],
        "school_entry"
    );
    let told = anna.told(&["due"]).ok().stdout;
    assert!(told.contains("kommunens egen besøgsplan"), "{told}");

    let reset = world.admin(&["schedule", "reset"]).ok().json();
    assert_eq!(
        (&reset["changed"], &reset["own"]),
        (&json!(true), &json!(false))
    );
}

#[test]
fn a_schedule_that_cannot_be_used_is_refused_with_line_and_field_in_both_languages() {
    let world = World::new();
    let ends_first = OWN.replace("years = 7", "years = 6");
    let unknown = OWN.replace("school_entry", "school_party");
    let own_word = OWN.replace("corrected", "correct");
    for (text, line, field, danish, english) in [
        (
            ends_first.as_str(),
            "7",
            "until",
            "slutter vinduet, før",
            "ends before",
        ),
        (
            &unknown,
            "4",
            "visit_type",
            "KL's besøgstyper",
            "KL's kinds",
        ),
        (&own_word, "8", "", "correct", "correct"),
    ] {
        let file = keep(&world, "wrong.toml", text);
        for (lang, said, at, of) in [
            ("da", danish, format!("linje {line}"), "feltet"),
            ("en", english, format!("line {line}"), "field"),
        ] {
            for command in ["check", "set"] {
                let mut called = samspor();
                called.args(["--lang", lang, "admin", "--folder"]);
                called.arg(world.server_folder());
                let refused = run(called.args(["schedule", command, &file]));
                assert_eq!(refused.code, 3, "{refused:?}");
                let place = match field {
                    "" => at.clone(),
                    field => format!("{at}, {of} {field}"),
                };
                assert!(
                    refused.stderr.contains(&place),
                    "{place}: {}",
                    refused.stderr
                );
                assert!(refused.stderr.contains(said), "{said}: {}", refused.stderr);
            }
        }
    }
    let without_folder = run(samspor().args(["--json", "admin", "schedule", "check", "/nowhere"]));
    assert_eq!(without_folder.error(), "file_unreadable");
    assert_eq!(world.admin(&["schedule", "show"]).ok().json()["own"], false);
}
