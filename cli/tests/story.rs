//! A day with two devices: offline, synced, edited at once, chosen, read in both languages.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World};
use serde_json::Value;

/// A case and a visit in it, written with no network and then sent.
fn written_offline(anna: &Device) -> (String, String) {
    let case = anna.open_case(
        "Sofie Ærø Jensen",
        &["--offline", "--set", "birth_date=3.9.2026"],
    );
    let visit = [
        "write",
        "home_visit",
        "--case",
        &case,
        "--offline",
        "--at",
        "23.11.2026 kl. 10.30",
    ];
    let fields = [
        "visit_type=months_2",
        "weight=5.250 g",
        "seen=Sofie smiler og sover godt.",
    ];
    let fields = fields.iter().flat_map(|field| ["--set", field]);
    let arguments: Vec<&str> = visit.into_iter().chain(fields).collect();
    let visit = anna.id(&arguments, "document");
    let waiting = anna.run(&["outbox"]).ok().json();
    assert_eq!(
        waiting["waiting"].as_array().map(Vec::len),
        Some(3),
        "{waiting}"
    );
    let report = anna.run(&["sync"]).ok().json();
    assert_eq!(
        (&report["sent"], &report["all_sent"]),
        (&Value::from(3), &Value::Bool(true))
    );
    (case, visit)
}

/// Both see both weights, and one text with both edits.
fn seen_as_concurrent(device: &Device, visit: &str) {
    let conflicts = device.run(&["conflicts"]).ok().json();
    assert_eq!(
        conflicts["conflicts"].as_array().map(Vec::len),
        Some(1),
        "{conflicts}"
    );
    let values = conflicts["conflicts"][0]["values"]
        .as_array()
        .expect("values");
    let mut shown: Vec<&str> = values
        .iter()
        .filter_map(|value| value["display"].as_str())
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, ["5,35 kg", "5.300 g"]);
    let text = "Lille Sofie smiler og sover godt. Mor er træt.";
    assert_eq!(device.field(visit, "seen")["text"], text);
}

/// Nobody has to choose any more, and both hold the value chosen.
fn agreed(device: &Device, visit: &str) {
    assert_eq!(
        device.run(&["conflicts"]).ok().json()["conflicts"],
        Value::Array(Vec::new())
    );
    assert_eq!(device.field(visit, "weight")["value"]["display"], "5.300 g");
    assert_eq!(device.run(&["status"]).ok().json()["in_sync"], true);
}

#[test]
fn two_devices_write_offline_agree_and_choose() {
    let world = World::new();
    let (anna, bo) = (
        world.device("anna", "Anna Holm"),
        world.device("bo", "Bo Lind"),
    );
    let (case, visit) = written_offline(&anna);
    bo.run(&["sync"]).ok();
    let cases = bo.run(&["case", "list"]).ok().json();
    assert_eq!(cases["cases"][0]["name"], "Sofie Ærø Jensen");
    assert_eq!(cases["cases"][0]["birth_date"], "2026-09-03");

    let edit = |device: &Device, weight: &str, seen: &str| {
        device
            .run(&["edit", &visit, "--offline", "--set", weight, "--text", seen])
            .ok();
    };
    edit(
        &anna,
        "weight=5.300 g",
        "seen=Sofie smiler og sover godt. Mor er træt.",
    );
    edit(
        &bo,
        "weight=5,35 kg",
        "seen=Lille Sofie smiler og sover godt.",
    );
    for device in [&anna, &bo, &anna] {
        device.run(&["sync"]).ok();
    }
    seen_as_concurrent(&anna, &visit);
    seen_as_concurrent(&bo, &visit);

    let refused = anna.run(&["edit", &visit, "--set", "weight=5400 g"]);
    assert_eq!((refused.code, refused.error().as_str()), (3, "in_conflict"));
    bo.run(&["choose", &visit, "weight", "5.300 g"]).ok();
    anna.run(&["sync"]).ok();
    agreed(&anna, &visit);
    agreed(&bo, &visit);

    let danish = bo.told(&["timeline", &case]).ok().stdout;
    for text in [
        "23. nov. 2026 kl. 10.30  Hjemmebesøg",
        "Anna Holm, Bo Lind",
        "Vægt: 5.300 g",
        "Mor er træt.",
    ] {
        assert!(danish.contains(text), "{text} in {danish}");
    }
    let english = bo.told(&["timeline", &case, "--lang", "en"]).ok().stdout;
    for text in ["23 Nov 2026 10:30  Home visit", "Weight: 5,300 g"] {
        assert!(english.contains(text), "{text} in {english}");
    }
}

#[test]
fn a_timeline_is_read_page_by_page() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Villads", &["--offline"]);
    for day in 1..=5 {
        let (at, line) = (
            format!("{day}.11.2026 9.00"),
            format!("subject_line=Notat {day}"),
        );
        anna.run(&[
            "write",
            "note",
            "--case",
            &case,
            "--offline",
            "--at",
            &at,
            "--set",
            &line,
        ])
        .ok();
    }
    let mut titles = Vec::new();
    let mut before: Option<String> = None;
    loop {
        let mut arguments = vec!["timeline", case.as_str(), "--limit", "2"];
        arguments.extend(
            before
                .as_deref()
                .map(|cursor| ["--before", cursor])
                .iter()
                .flatten(),
        );
        let page = anna.run(&arguments).ok().json();
        for entry in page["entries"].as_array().expect("entries") {
            titles.push(entry["occurred_at"].as_str().expect("a time").to_owned());
            assert_eq!(entry["waiting"], true);
        }
        before = page["next"].as_str().map(str::to_owned);
        if before.is_none() {
            break;
        }
    }
    let expected: Vec<String> = (1..=5)
        .rev()
        .map(|day| format!("2026-11-0{day}T09:00:00+01:00"))
        .collect();
    assert_eq!(titles, expected);
}

#[test]
fn a_document_is_written_from_a_file_and_from_standard_input() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Karla", &["--offline"]);
    let yaml = format!(
        "template: note\ncase: {case}\noccurred_at: 20.11.2026 14.05\nfields:\n  text: |\n    Talte med far.\n    Han er rolig.\n  \
         interpreter: false\n  participants:\n    - {{who: Far, side: private, present: ja}}\n    - {{who: Tolk}}\n"
    );
    let file = world.folder.path().join("note.yaml");
    std::fs::write(&file, yaml).expect("writes");
    let file = file.display().to_string();
    let note = anna.id(&["write", "note", "--offline", "--from", &file], "document");
    assert_eq!(
        anna.field(&note, "text")["text"],
        "Talte med far.\nHan er rolig.\n"
    );
    let items = anna.field(&note, "participants");
    assert_eq!(items["items"].as_array().map(Vec::len), Some(2));

    let item = items["items"][1]["id"].as_str().expect("an id").to_owned();
    let (set, remove) = (
        format!("participants/{item}:present=nej"),
        format!("participants/{item}"),
    );
    anna.run(&["edit", &note, "--offline", "--set-item", &set])
        .ok();
    anna.run(&[
        "edit",
        &note,
        "--offline",
        "--remove-item",
        &remove,
        "--add-item",
        r"participants:who=Mor\; bedste",
    ])
    .ok();
    let items = anna.field(&note, "participants");
    assert_eq!(items["items"][1]["removed"], true);
    assert_eq!(
        items["items"][2]["fields"][0]["value"]["display"],
        "Mor; bedste"
    );

    let json = r#"{"fields": {"text": null, "subject_line": "Opkald"}}"#;
    let edited = common::run_with(
        anna.command()
            .args(["edit", &note, "--offline", "--from", "-"]),
        json,
    )
    .ok();
    assert_eq!(edited.json()["document"].as_str(), Some(note.as_str()));
    assert_eq!(
        anna.field(&note, "subject_line")["value"]["display"],
        "Opkald"
    );
    assert_eq!(anna.field(&note, "text")["state"], "empty");
}

#[test]
fn a_reflection_stands_in_the_teams_circle_and_on_no_timeline() {
    let world = World::new();
    let (anna, bo) = (
        world.device("anna", "Anna Holm"),
        world.device("bo", "Bo Lind"),
    );
    let case = anna.open_case("Nora", &[]);
    let written = anna.run(&[
        "write",
        "team_reflection",
        "--circle",
        "Sundhedsplejen",
        "--set",
        "question=Hvad ser vi?",
    ]);
    let written = written.ok().json();
    assert_eq!(written["delivery"], "delivered");
    let document = written["document"].as_str().expect("an id");
    bo.run(&["sync"]).ok();
    let reading = bo.run(&["read", document]).ok().json();
    assert_eq!(
        (&reading["kind"], &reading["circle"]),
        (&"reflection".into(), &"Sundhedsplejen".into())
    );
    assert_eq!(
        bo.run(&["timeline", &case]).ok().json()["entries"],
        Value::Array(Vec::new())
    );
}

#[test]
fn an_unusual_value_is_kept_and_told_and_what_is_missing_is_shown() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Karla", &["--offline"]);
    let visit = ["write", "home_visit", "--case", &case, "--offline"];
    let fields = [
        "visit_type=months_2",
        "contact_form=home",
        "weight=52.500 g",
    ];
    let fields = fields.iter().flat_map(|field| ["--set", field]);
    let arguments: Vec<&str> = visit.into_iter().chain(fields).collect();
    let written = anna.run(&arguments).ok().json();
    assert_eq!(written["warnings"][0]["field"], "weight", "{written}");
    let visit = written["document"].as_str().expect("an id");
    let reading = anna.run(&["read", visit]).ok().json();
    let missing = reading["incomplete"].as_array().expect("a list");
    assert!(
        missing.contains(&"height".into()) && !missing.contains(&"weight".into()),
        "{missing:?}"
    );
    let again = anna
        .run(&["edit", visit, "--offline", "--set", "weight=52500 g"])
        .ok()
        .json();
    assert_eq!(again["changed"], false, "{again}");
}
