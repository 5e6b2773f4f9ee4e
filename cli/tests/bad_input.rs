//! What goes wrong, row by row: each has its exit code, its error code, and leaves everything as it was.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{World, run, run_with, samspor};
use std::fs;

/// Name, arguments, exit code, error code. CASE, VISIT and NONE stand for ids: a case and an entry that are there, and
/// one that nothing has.
type Row = (&'static str, &'static str, i32, &'static str);

#[rustfmt::skip]
const WRONG: &[Row] = &[
    ("unknown template", "write hjemmebesog --case CASE", 3, "unknown_template"),
    ("unknown field", "write home_visit --case CASE --set vaegt=5", 3, "unknown_field"),
    ("wrong type", "write home_visit --case CASE --set weight=tung", 3, "wrong_type"),
    ("no unit", "write home_visit --case CASE --set weight=5250", 3, "unknown_unit"),
    ("impossible measurement", "write home_visit --case CASE --set weight=1g", 3, "impossible"),
    ("unknown code", "write home_visit --case CASE --set visit_type=christmas", 3, "unknown_code"),
    ("not a pair", "write home_visit --case CASE --set weight", 3, "bad_pair"),
    ("item that is no item", "write home_visit --case CASE --add-item informants", 3, "bad_pair"),
    ("unknown field of an item", "write home_visit --case CASE --add-item informants:navn=x", 3, "unknown_field"),
    ("a list set like a value", "write home_visit --case CASE --set informants=x", 3, "is_items"),
    ("a value added like an item", "write home_visit --case CASE --add-item weight:a=b", 3, "not_items"),
    ("a value typed as prose", "write home_visit --case CASE --text weight=5kg", 3, "not_text"),
    ("time that is none", "write home_visit --case CASE --set weight=5kg --at imorges", 3, "bad_time"),
    ("hour that does not exist", "write home_visit --case CASE --at 2026-03-29T02:30", 3, "bad_time"),
    ("file that is not there", "write home_visit --case CASE --from /nowhere/note.yaml", 3, "file_unreadable"),
    ("standard input twice", "write note --case CASE --set text=@- --text text=@-", 2, "usage"),
    ("case that is no id", "write note --case Sofie", 3, "bad_id"),
    ("unknown case", "write note --case NONE", 4, "unknown_case"),
    ("unknown case's timeline", "timeline NONE", 4, "unknown_case"),
    ("unknown case's card", "case show NONE", 4, "unknown_case"),
    ("unknown team", "case open --team PPR", 4, "unknown_team"),
    ("a goal that the plan has not", "write plan --case CASE --add-item sub_goals:goal=NONE", 3, "names_no_item"),
    ("no CPR number", "case open --team Sundhedsplejen --set cpr=310298-1234", 3, "not_cpr"),
    ("a card written as an entry", "write card --case CASE", 3, "card_template"),
    ("unknown document", "read NONE", 4, "unknown_document"),
    ("document that is no id", "read 1", 3, "bad_id"),
    ("no case and no circle", "write note", 2, "usage"),
    ("case and circle", "write note --case CASE --circle Sundhedsplejen", 2, "usage"),
    ("an edit of nothing", "edit VISIT", 2, "nothing_to_save"),
    ("unknown item", "edit VISIT --remove-item participants/NONE", 3, "unknown_item"),
    ("a choice of what is none", "choose VISIT weight tung", 3, "wrong_type"),
    ("a choice in a list without its item", "choose VISIT informants/x citizen", 3, "bad_id"),
    ("a time where it means nothing", "read VISIT --at 10:30", 2, "usage"),
    ("no such page", "timeline CASE --before x", 3, "bad_cursor"),
    ("nothing refused of this name", "not-delivered retry NONE", 4, "unknown_refusal"),
    ("unknown option", "read VISIT --verbose", 2, "usage"),
    ("unknown command", "besøg", 2, "usage"),
    ("no command", "", 2, "usage"),
    ("a language there is not", "status --lang fr", 2, "usage"),
    ("offline sync", "sync --offline", 6, "offline"),
    ("a code that is none", "enrol SAMSPOR1-x", 3, "not_a_code"),
];

fn check(device: &common::Device, rows: &[Row], ids: &[(&str, &str)]) {
    for (name, line, exit, code) in rows {
        let named = ids.iter().fold((*line).to_owned(), |line, (word, id)| {
            line.replace(word, id)
        });
        let arguments: Vec<&str> = named.split_whitespace().collect();
        let ran = device.run(&arguments);
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (*exit, *code),
            "{name}: {ran:?}"
        );
        assert_eq!(ran.stdout, "", "{name}");
    }
}

#[test]
fn wrong_values_are_refused_and_nothing_is_saved() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    let visit = anna.id(
        &[
            "write",
            "home_visit",
            "--case",
            &case,
            "--set",
            "weight=5250 g",
        ],
        "document",
    );
    let none = "0195b1f0-0000-7000-8000-000000000001";
    check(
        &anna,
        WRONG,
        &[("CASE", &case), ("VISIT", &visit), ("NONE", none)],
    );
    let status = anna.run(&["status"]).ok().json();
    assert_eq!(
        (&status["waiting"], &status["documents"]),
        (&0.into(), &2.into()),
        "nothing was saved: {status}"
    );
}

#[test]
fn files_of_another_form_are_refused() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &["--offline"]);
    let rows: [(&str, &[u8], &str); 6] = [
        ("a.json", b"{", "file_syntax"),
        ("a.yaml", b"fields: [", "file_syntax"),
        ("a.json", b"[]", "file_shape"),
        ("a.yaml", b"felter: {}", "file_shape"),
        (
            "a.yaml",
            b"template: home_visit\nfields: {}",
            "other_template",
        ),
        (
            "a.json",
            b"{\"fields\":{\"text\":\"\xff\"}}",
            "file_not_text",
        ),
    ];
    for (name, content, code) in rows {
        let path = world.folder.path().join(name);
        fs::write(&path, content).expect("writes");
        let path = path.display().to_string();
        let ran = anna.run(&[
            "write",
            "note",
            "--case",
            &case,
            "--offline",
            "--from",
            &path,
        ]);
        assert_eq!((ran.code, ran.error().as_str()), (3, code), "{name}");
    }
}

#[test]
fn a_store_that_cannot_be_opened_says_why_and_stays_as_it_is() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let bare = world.bare_device("nobody");
    let other_key = world.folder.path().join("other.key");
    let own_key = anna.folder.join("store.key");
    let kept = fs::read(&own_key).expect("the key");
    fs::write(&other_key, "ab".repeat(32)).expect("writes");
    let other_key = other_key.display().to_string();

    let ids = [("OTHER", other_key.as_str())];
    let rows = [
        ("another key", "status --key-file OTHER", 7, "wrong_key"),
        (
            "no key file",
            "status --key-file /nowhere/store.key",
            7,
            "key_unreadable",
        ),
    ];
    check(&anna, &rows, &ids);
    check(&bare, &[("nothing there", "status", 9, "no_store")], &ids);
    fs::write(&own_key, "not a key").expect("writes");
    check(
        &anna,
        &[("a key that is none", "status", 7, "bad_key")],
        &ids,
    );
    fs::remove_file(&own_key).expect("removes");
    check(&anna, &[("the key is gone", "status", 7, "key_gone")], &ids);
    fs::write(&own_key, kept).expect("writes");
    anna.run(&["status"]).ok();

    let nowhere = run(samspor().args(["device", "--json", "status"]));
    assert_eq!(
        (nowhere.code, nowhere.error().as_str()),
        (2, "usage"),
        "no folder named"
    );
    let file = world.folder.path().join("a-file");
    fs::write(&file, "").expect("writes");
    let code = world.code("Anna Holm");
    let not_a_folder = common::Device {
        folder: file.join("device"),
    };
    let ran = not_a_folder.run(&["enrol", &code]);
    assert_eq!((ran.code, ran.error().as_str()), (8, "folder"), "{ran:?}");
}

#[test]
fn a_code_that_does_not_hold_enrols_nobody() {
    let world = World::new();
    let other = World::new();
    let code = world.code("Anna Holm");
    let foreign = other.admin(&[
        "code",
        "Anna Holm",
        "--server",
        &world.server.as_ref().expect("runs").url,
    ]);
    let foreign = foreign.ok().json()["code"]
        .as_str()
        .expect("a code")
        .to_owned();
    let unreachable = world
        .admin(&["code", "Anna Holm", "--server", "https://localhost:1"])
        .ok();
    let unreachable = unreachable.json()["code"]
        .as_str()
        .expect("a code")
        .to_owned();
    let cut: String = code.chars().take(code.len() - 4).collect();
    let rows = [
        ("cut short", cut, 3, "not_a_code"),
        ("another server's", foreign, 9, "wrong_pin"),
        (
            "a server that does not answer",
            unreachable,
            6,
            "no_contact",
        ),
    ];
    for (name, code, exit, error) in rows {
        let device = world.bare_device("new");
        let ran = run_with(device.command().args(["enrol", "--code-file", "-"]), &code);
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (exit, error),
            "{name}: {ran:?}"
        );
    }
    let first = world.bare_device("first");
    first.run(&["enrol", &code]).ok();
    let second = world.bare_device("second").run(&["enrol", &code]);
    assert_eq!(
        (second.code, second.error().as_str()),
        (5, "bad_code"),
        "a code works once"
    );
    let again = first.run(&["enrol", &code]);
    assert_eq!((again.code, again.error().as_str()), (5, "bad_code"));
    let of_another = first.run(&["enrol", &world.code("Bo Lind")]);
    assert_eq!(
        (of_another.code, of_another.error().as_str()),
        (9, "other_practitioner")
    );
    let mut elsewhere = World::new();
    let strange = first.run(&["enrol", &elsewhere.code("Anna Holm")]);
    assert_eq!(
        (strange.code, strange.error().as_str()),
        (9, "already_enrolled")
    );
    elsewhere.stop();
}
