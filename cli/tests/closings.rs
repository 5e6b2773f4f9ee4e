//! Closing a circle at the command line, and what it shares.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World};
use serde_json::Value;

fn circle(device: &Device) -> Value {
    let told = device.run(&["circle", "list"]).ok().json();
    told["circles"][0].clone()
}

fn write(device: &Device, more: &[&str]) -> common::Ran {
    let write = ["write", "team_reflection", "--circle", "Overgang på Ærø"];
    device.run(&[&write, more].concat())
}

/// Anna and Bo with a circle in which Anna has written.
fn begin(world: &World) -> (Device, Device) {
    let anna = world.device("anna", "Anna Holm");
    let bo = world.device("bo", "Bo Lind");
    anna.run(&["sync"]).ok();
    anna.run(&["circle", "open", "Overgang på Ærø", "--with", "Bo Lind"])
        .ok();
    write(&anna, &["--set", "question=Hvad ser vi?"]).ok();
    bo.run(&["sync"]).ok();
    (anna, bo)
}

#[test]
fn a_circle_is_closed_with_lines_that_a_team_can_read() {
    let world = World::new();
    let (anna, bo) = begin(&world);
    let lines = ["Spørg barnet først", "Mød dagtilbuddet før sommer"];
    let close = ["circle", "close", "overgang på ærø"];
    let close = [
        &close[..],
        &["--line", lines[0], "--line", lines[1]],
        &["--share", "sundhedsplejen", "--kind", "method_follow_up"],
        &["--offline"],
    ]
    .concat();
    let ran = bo.run(&close).ok().json();
    assert_eq!(
        (&ran["delivery"], &ran["changed"]),
        (&"waiting".into(), &true.into())
    );
    assert_eq!(circle(&bo)["closed"]["waiting"], true);
    let outbox = bo.run(&["outbox"]).ok().json();
    assert_eq!(outbox["waiting"][0]["operation"], "close_circle");
    bo.run(&["sync"]).ok();
    anna.run(&["sync"]).ok();
    for device in [&anna, &bo] {
        let told = circle(device);
        assert_eq!(told["closed"]["by"]["name"], "Bo Lind");
        assert_eq!(told["closed"]["kind"], "method_follow_up");
        assert_eq!(told["closed"]["shared_with"][0]["name"], "Sundhedsplejen");
        assert_eq!(told["authors"][0]["name"], "Anna Holm");
        assert_eq!(told["authors"].as_array().map(Vec::len), Some(1));
        let learning = device.run(&["learning", "list"]).ok().json();
        let learning = &learning["learning"][0];
        assert_eq!(learning["lines"], Value::from(lines.to_vec()));
        assert_eq!(learning["participants"], 2);
        assert_eq!(learning["day"].as_str().map(str::len), Some(10));
    }
    let shown = anna
        .told(&["circle", "show", "Overgang på Ærø"])
        .ok()
        .stdout;
    for text in [
        "Lukket af Bo Lind",
        "Skrevet af Anna Holm",
        "Delt med Sundhedsplejen",
        lines[0],
    ] {
        assert!(shown.contains(text), "{text} in {shown}");
    }
    let told = anna.told(&["learning", "list"]).ok().stdout;
    assert!(
        told.contains("Metodeopfølgning, lukket ") && told.contains("2 deltog"),
        "{told}"
    );
    assert!(!told.contains("Ærø") && !told.contains("Anna"), "{told}");
    for (ran, code) in [
        (write(&anna, &["--set", "question=Mere?"]), "circle_closed"),
        (
            anna.run(&["circle", "close", "Overgang på Ærø"]),
            "circle_closed",
        ),
    ] {
        assert_eq!((ran.code, ran.error().as_str()), (3, code), "{ran:?}");
    }
    anna.run(&["circle", "leave", "Overgang på Ærø"]).ok();
    assert!(circle(&anna).is_null());
}

#[test]
fn what_came_too_late_is_in_the_box_with_everything_that_was_typed() {
    let world = World::new();
    let (anna, bo) = begin(&world);
    write(&anna, &["--offline", "--set", "question=Skrevet for sent"]).ok();
    let close = [
        "circle",
        "close",
        "Overgang på Ærø",
        "--line",
        "Annas linje",
    ];
    anna.run(&[&close[..], &["--offline"]].concat()).ok();
    bo.run(&["circle", "close", "Overgang på Ærø", "--line", "Bos linje"])
        .ok();
    let ran = anna.run(&["sync"]);
    assert_eq!((ran.code, ran.error().as_str()), (5, "refused"), "{ran:?}");
    let listed = anna.run(&["not-delivered", "list"]).ok().json();
    let listed = listed["not_delivered"].as_array().expect("a list").clone();
    assert_eq!(listed.len(), 2);
    for one in &listed {
        assert_eq!(
            (&one["reason"], &one["retryable"]),
            (&"closed".into(), &false.into())
        );
    }
    let told = anna.told(&["not-delivered", "list"]).ok().stdout;
    for text in [
        "Skrevet for sent",
        "Annas linje",
        "Lukker kredsen: Overgang på Ærø",
        "allerede lukket",
    ] {
        assert!(told.contains(text), "{text} in {told}");
    }
    assert_eq!(circle(&anna)["closed"]["lines"][0], "Bos linje");
}

#[test]
fn a_closing_that_cannot_be_is_refused_in_words() {
    let world = World::new();
    let (anna, _bo) = begin(&world);
    let close = |more: &[&str]| {
        let ran = anna.run(&[&["circle", "close", "Overgang på Ærø"], more].concat());
        (ran.code, ran.error())
    };
    let long = "x".repeat(501);
    let many = ["--line", "x"].repeat(21);
    let cases = [
        (vec!["--kind", "party"], 3, "unknown_kind"),
        (vec!["--share", "Nogen andre"], 4, "unknown_team"),
        (vec!["--line", ""], 3, "bad_learning_line"),
        (vec!["--line", &long], 3, "bad_learning_line"),
        (many, 3, "learning_too_large"),
    ];
    for (more, exit, code) in cases {
        assert_eq!(close(&more), (exit, code.to_owned()), "{more:?}");
    }
    let ran = anna.run(&["circle", "close", "Ukendt"]);
    assert_eq!((ran.code, ran.error().as_str()), (4, "unknown_circle"));
    assert!(circle(&anna)["closed"].is_null());
    assert!(
        anna.told(&["learning", "list"])
            .ok()
            .stdout
            .contains("Ingen har delt")
    );
}
