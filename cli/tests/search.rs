//! Search at the command line: names, words, filters, pages.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World};
use serde_json::Value;

fn hits(device: &Device, line: &[&str]) -> Vec<String> {
    let told = device.run(&[&["search"], line].concat()).ok().json();
    let hits = told["hits"].as_array().expect("hits").clone();
    let id = |hit: &Value| hit["document"].as_str().expect("an id").to_owned();
    hits.iter().map(id).collect()
}

#[test]
fn what_is_on_the_device_is_found_without_a_network() {
    let mut world = World::new();
    let anna = world.device("anna", "Anna Holm");
    anna.run(&["sync"]).ok();
    let case = anna.open_case("Åse Sørensen", &[]);
    let note = |text: &str, at: &str| {
        let set = format!("text={text}");
        let write = ["write", "note", "--case", &case, "--set", &set, "--at", at];
        anna.id(&write, "document")
    };
    let old = note("Sover dårligt", "2026-03-01T10:00");
    let new = note("Sover bedre", "2026-03-02T10:00");
    anna.run(&["sync"]).ok();
    drop(world.server.take());

    assert_eq!(hits(&anna, &["sover"]), [new.clone(), old.clone()]);
    assert_eq!(hits(&anna, &["daarlig", "SOV"]), vec![old.clone()]);
    assert_eq!(
        hits(&anna, &["sover", "--to", "2026-03-01"]),
        vec![old.clone()]
    );
    assert_eq!(
        hits(&anna, &["sover", "--from", "2.3.2026"]),
        vec![new.clone()]
    );
    assert_eq!(
        hits(&anna, &["--template", "note", "--case", &case]).len(),
        2
    );
    assert_eq!(
        hits(&anna, &["--author", "anna holm", "bedre"]),
        vec![new.clone()]
    );
    assert!(hits(&anna, &["vågen"]).is_empty());
    let card = anna.run(&["search", "soren", "--kind", "card"]).ok().json();
    assert_eq!(card["hits"][0]["case"], case.as_str());
    let first = anna.run(&["search", "sover", "--limit", "1"]).ok().json();
    let next = first["next"].as_str().expect("more");
    assert_eq!(hits(&anna, &["sover", "--before", next]), [old]);
    let text = anna.told(&["search", "bedre"]).ok().stdout;
    assert!(text.contains("Om Åse Sørensen"), "{text}");

    for (line, exit, code) in [
        (&["--kind", "visit"][..], 3, "unknown_kind"),
        (&["--template", "x"], 3, "unknown_template"),
        (&["--author", "nogen"], 4, "unknown_practitioner"),
        (&["--from", "snart"], 3, "bad_time"),
        (&["--before", "x"], 3, "bad_cursor"),
        (
            &["--case", "0195b1f0-0000-7000-8000-000000000001"],
            4,
            "unknown_case",
        ),
    ] {
        let refused = anna.run(&[&["search", "sover"], line].concat());
        assert_eq!((refused.code, refused.error().as_str()), (exit, code));
    }
}
