//! An organisation's own templates at the command line: added, listed, shown, refused, and on a device.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{World, run, samspor};
use serde_json::Value;
use std::path::PathBuf;

const ONE: &str = include_str!("../../docs/templates/trivselssamtale.toml");
const TWO: &str = include_str!("../../docs/templates/trivselssamtale_2.toml");

fn keep(world: &World, name: &str, text: &str) -> PathBuf {
    let file = world.folder.path().join(name);
    std::fs::write(&file, text).expect("written");
    file
}

fn names(json: &Value) -> Vec<(String, u64)> {
    let all = json["templates"].as_array().expect("a list");
    let own = all.iter().filter(|one| one["own"] == true);
    own.map(|one| {
        let name = one["name"].as_str().expect("a name").to_owned();
        (name, one["version"].as_u64().expect("a version"))
    })
    .collect()
}

#[test]
fn a_template_is_added_listed_shown_and_written_on_a_device() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let one = keep(&world, "one.toml", ONE);
    let two = keep(&world, "two.toml", TWO);
    let add = |file: &PathBuf| {
        let file = file.to_str().expect("a path");
        world.admin(&["template", "add", file]).ok().json()
    };
    assert_eq!(add(&one)["added"], true);
    assert_eq!(add(&one)["added"], false);
    assert_eq!(add(&two)["template"]["own"], true);
    let list = world.admin(&["template", "list"]).ok().json();
    let own = |version| ("trivselssamtale".to_owned(), version);
    assert_eq!(names(&list), [own(1), own(2)]);
    let show = ["template", "show", "trivselssamtale", "--version", "1"];
    let shown = world.admin(&show).ok().json();
    assert_eq!(shown["file"], ONE);
    let built_in = world.admin(&["template", "show", "note"]).ok().json();
    assert_eq!(
        (&built_in["file"], &built_in["own"]),
        (&Value::Null, &Value::Bool(false))
    );
    let absent = ["template", "show", "trivselssamtale", "--version", "7"];
    assert_eq!(world.admin(&absent).error(), "unknown_template");

    anna.until("the template arrives", |device| {
        device.run(&["sync"]).ok();
        names(&device.run(&["templates"]).ok().json()) == [own(2)]
    });
    assert_eq!(
        anna.run(&["templates"]).ok().json()["aside"],
        Value::Array(Vec::new())
    );
    let told = anna.told(&["templates"]).ok().stdout;
    assert!(told.contains("egen, version 2"), "{told}");
    let case = anna.open_case("Freja", &[]);
    let write = [
        "write",
        "trivselssamtale",
        "--case",
        &case,
        "--set",
        "occasion=Ny skole",
    ];
    let document = anna.id(&write, "document");
    let read = anna.told(&["read", &document]).ok().stdout;
    assert!(read.contains("Trivselssamtale: Ny skole"), "{read}");
}

/// Every set of codes that stands in the answer, with the words that are shown for them.
fn shown_codes(told: &Value, found: &mut Vec<(String, String)>) {
    let text = |key: &str| told[key].as_str().map(str::to_owned);
    if let (Some(code), Some(shown)) = (text("code"), told["labels"]["da"].as_str()) {
        found.push((code, shown.to_owned()));
    }
    match told {
        Value::Array(all) => all.iter().for_each(|one| shown_codes(one, found)),
        Value::Object(all) => all.values().for_each(|one| shown_codes(one, found)),
        _ => {}
    }
}

/// Pairs of code and display in KL's facts, those of the indicators' values included.
fn kls_codes(facts: &toml::Value, found: &mut Vec<(String, String)>) {
    match facts {
        toml::Value::Table(table) => {
            let text = |key: &str| table.get(key).and_then(toml::Value::as_str);
            if let (Some(code), Some(display), None) =
                (text("code"), text("display"), table.get("values"))
            {
                found.push((code.to_owned(), display.to_owned()));
            }
            table.values().for_each(|one| kls_codes(one, found));
        }
        toml::Value::Array(all) => all.iter().for_each(|one| kls_codes(one, found)),
        _ => {}
    }
}

#[test]
fn every_code_of_kl_is_told_in_kls_own_words() {
    let facts = include_str!("../../documents/data/kl.toml");
    let mut kl = Vec::new();
    kls_codes(
        &toml::Value::Table(facts.parse().expect("the facts")),
        &mut kl,
    );
    let (mut shown, mut told) = (Vec::new(), String::new());
    for template in ["home_visit", "parent_visit"] {
        let ask = ["device", "templates", template];
        shown_codes(
            &run(samspor().args(ask).arg("--json")).ok().json(),
            &mut shown,
        );
        told += &run(samspor().args(ask)).ok().stdout;
    }
    let lines: Vec<&str> = told.lines().map(str::trim).collect();
    assert!(kl.len() > 60, "{}", kl.len());
    for (code, display) in &kl {
        let as_shown = shown.iter().filter(|(shown, _)| shown == code);
        let as_shown: Vec<&str> = as_shown.map(|(_, shown)| shown.as_str()).collect();
        assert!(!as_shown.is_empty(), "{code} is in neither template");
        assert!(
            as_shown.iter().all(|shown| shown == display),
            "{as_shown:?}"
        );
        let is_told = |line: &&str| *line == display || line.ends_with(&format!(": {display}"));
        assert!(lines.iter().any(is_told), "{display}");
    }
}

/// What stands where a part of the file stood, on which line and in which field that is wrong, and what is said of it in
/// Danish and in English.
struct Wrong(
    &'static str,
    &'static str,
    u64,
    &'static str,
    &'static str,
    &'static str,
);

const WRONG: [Wrong; 10] = [
    Wrong(
        "merge = \"last\"",
        "merge = \"newest\"",
        13,
        "",
        "newest",
        "newest",
    ),
    Wrong(
        "least = 0\n",
        "",
        38,
        "scale",
        "skal have least og most",
        "needs least and most",
    ),
    Wrong(
        "use = \"participants\"",
        "use = \"guests\"",
        16,
        "",
        "blokken guests findes ikke",
        "no block guests",
    ),
    Wrong(
        "codes = [\n  { code = \"home\"",
        "codes = \"kl:nothing\"\nown_codes = [\n  { code = \"home\"",
        19,
        "",
        "kodesættet",
        "set of codes",
    ),
    Wrong(
        "merge = \"worst_until_chosen\"",
        "merge = \"text\"",
        54,
        "worry",
        "passer ikke",
        "does not fit",
    ),
    Wrong(
        "[\"withdrawn\"]",
        "[\"gone\"]",
        65,
        "may_be_told",
        "blandt feltets koder",
        "one of its codes",
    ),
    Wrong(
        "of = \"agreements\"",
        "of = \"promises\"",
        82,
        "",
        "promises findes ikke",
        "promises",
    ),
    Wrong(
        "title = \"occasion\"",
        "title = \"reason\"",
        6,
        "",
        "feltet reason",
        "no field reason",
    ),
    Wrong(
        "kind = \"entry\"",
        "kind = \"card\"",
        1,
        "",
        "entry eller reflection",
        "entry or reflection",
    ),
    Wrong(
        "en = \"Place\"",
        "en = \"\"",
        19,
        "place",
        "label er tom",
        "empty label",
    ),
];

#[test]
fn a_file_that_cannot_be_added_is_refused_with_line_and_field_in_both_languages() {
    let world = World::new();
    for Wrong(from, to, line, field, danish, english) in WRONG {
        let text = ONE.replacen(from, to, 1);
        assert_ne!(text, ONE);
        let file = keep(&world, "wrong.toml", &text);
        for (lang, said) in [("da", danish), ("en", english)] {
            let ran = run(samspor()
                .args(["--lang", lang, "admin", "--json", "--folder"])
                .arg(world.server_folder())
                .args(["template", "add"])
                .arg(&file));
            assert_eq!(
                (ran.code, ran.error().as_str()),
                (3, "template_refused"),
                "{said}"
            );
            let error: Value = serde_json::from_str(ran.stderr.trim()).expect("JSON");
            let message = error["error"]["message"].as_str().expect("a message");
            let place = match lang {
                "da" => format!("linje {line}"),
                _ => format!("line {line}"),
            };
            assert!(message.contains(said), "{message}");
            assert!(message.contains(&place), "{message}");
            assert!(message.contains(field), "{message}");
        }
    }
    let long = keep(&world, "long.toml", &(ONE.to_owned() + &"#".repeat(70_000)));
    let long = world.admin(&["template", "add", long.to_str().expect("a path")]);
    assert!(long.stderr.contains("64 KiB"), "{long:?}");
    let list = world.admin(&["template", "list"]).ok().json();
    assert_eq!(names(&list), []);
}

#[test]
fn a_version_never_changes_and_a_newer_one_only_adds() {
    let world = World::new();
    let one = keep(&world, "one.toml", ONE);
    let add = |file: &PathBuf| world.admin(&["template", "add", file.to_str().expect("a path")]);
    add(&one).ok();
    for text in [
        ONE.replace("Anledning", "Grund"),
        TWO.replace("chars_max = 8000", "chars_max = 8001"),
        include_str!("../../documents/templates/note.toml").replace("Emne", "Overskrift"),
    ] {
        let refused = add(&keep(&world, "changed.toml", &text));
        assert_eq!(
            (refused.code, refused.error().as_str()),
            (3, "template_refused")
        );
    }
    // A check with the server's folder sees what the organisation has.
    let changed = keep(&world, "changed.toml", &ONE.replace("Anledning", "Grund"));
    let changed = changed.to_str().expect("a path");
    assert_eq!(world.admin(&["template", "check", changed]).code, 3);
    run(samspor().args(["admin", "template", "check", changed])).ok();
    add(&keep(&world, "two.toml", TWO)).ok();
    let newer =
        include_str!("../../documents/templates/note_3.toml").replace("version = 3", "version = 4");
    assert_eq!(
        add(&keep(&world, "note.toml", &newer)).ok().json()["template"]["version"],
        4
    );
}

#[test]
fn a_template_is_retired_marked_and_refused_for_what_is_new() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Freja", &[]);
    let note = ["write", "note", "--case", &case, "--set", "subject_line=Ny"];
    let before = anna.id(&note, "document");
    let retired = world.admin(&["template", "retire", "note"]).ok().json();
    let expected = serde_json::json!({
        "changed": true, "retired": true, "template": "note", "version": null, "begun": null,
    });
    assert_eq!(retired, expected);
    let again = world.admin(&["template", "retire", "note"]).ok().json();
    assert_eq!(again["changed"], false);
    let list = world.admin(&["template", "list"]).ok().json();
    for one in list["templates"].as_array().expect("a list") {
        assert_eq!(one["retired"], one["name"] == "note", "{one}");
    }
    for (args, error) in [
        (&["retire", "card"][..], "template_needed"),
        (&["retire", "addendum"], "template_needed"),
        (&["retire", "x"], "unknown_template"),
        (&["retire", "note", "--version", "9"], "unknown_template"),
        (&["unretire", "x"], "unknown_template"),
    ] {
        let args = [&["template"], args].concat();
        assert_eq!(world.admin(&args).error(), error, "{args:?}");
    }
    anna.until("the retirement arrives", |device| {
        device.run(&["sync"]).ok();
        let shown = device.run(&["templates", "note"]).ok().json();
        shown["retired"] == true
    });
    assert_eq!(anna.run(&note).error(), "retired_template");
    let draft = ["draft", "note", "--case", &case];
    assert_eq!(anna.run(&draft).error(), "retired_template");
    let told = anna.told(&note);
    assert!(told.stderr.contains("udgået") && told.stderr.contains("home_visit"));
    let told = anna.told(&["templates"]).ok().stdout;
    let line = told.lines().find(|line| line.starts_with("note "));
    assert!(line.expect("listed").contains("udgået"), "{told}");
    anna.run(&["edit", &before, "--set", "subject_line=Gammel"])
        .ok();

    let back = world.admin(&["template", "unretire", "note"]).ok().json();
    assert_eq!(
        (&back["changed"], &back["retired"]),
        (&true.into(), &false.into())
    );
    anna.until("it can be written again", |device| {
        device.run(&["sync"]).ok();
        device.run(&["templates", "note"]).ok().json()["retired"] == false
    });
    anna.id(&note, "document");
}
