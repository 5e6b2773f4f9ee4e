//! What goes wrong, row by row: each has its exit code, its error code, and leaves everything as it was.

mod common;

use common::{World, run, run_with, samspor};
use std::fs;

/// Name, arguments, exit code, error code.
type Row<'a> = (&'a str, Vec<&'a str>, i32, &'a str);

fn check(device: &common::Device, rows: &[Row<'_>]) {
    for (name, arguments, exit, code) in rows {
        let ran = device.run(arguments);
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
    let write = |more: &[&'static str]| -> Vec<&str> {
        let mut arguments = vec!["write", "home_visit", "--case", case.as_str(), "--offline"];
        arguments.extend(more);
        arguments
    };
    let removed = format!("participants/{none}");
    let rows: Vec<Row<'_>> = vec![
        (
            "unknown template",
            vec!["write", "hjemmebesog", "--case", &case],
            3,
            "unknown_template",
        ),
        (
            "unknown field",
            write(&["--set", "vaegt=5"]),
            3,
            "unknown_field",
        ),
        (
            "wrong type",
            write(&["--set", "weight=tung"]),
            3,
            "wrong_type",
        ),
        (
            "no unit",
            write(&["--set", "weight=5250"]),
            3,
            "unknown_unit",
        ),
        (
            "impossible measurement",
            write(&["--set", "weight=1 g"]),
            3,
            "impossible",
        ),
        (
            "unknown code",
            write(&["--set", "visit_type=christmas"]),
            3,
            "unknown_code",
        ),
        ("not a pair", write(&["--set", "weight"]), 3, "bad_pair"),
        (
            "item that is no item",
            write(&["--add-item", "informants"]),
            3,
            "bad_pair",
        ),
        (
            "unknown field of an item",
            write(&["--add-item", "informants:navn=x"]),
            3,
            "unknown_field",
        ),
        (
            "a list set like a value",
            write(&["--set", "informants=x"]),
            3,
            "is_items",
        ),
        (
            "a value added like an item",
            write(&["--add-item", "weight:a=b"]),
            3,
            "not_items",
        ),
        (
            "a value typed as prose",
            write(&["--text", "weight=5 kg"]),
            3,
            "not_text",
        ),
        (
            "time that is none",
            write(&["--set", "weight=5 kg", "--at", "i morges"]),
            3,
            "bad_time",
        ),
        (
            "hour that does not exist",
            write(&["--at", "2026-03-29 02:30"]),
            3,
            "bad_time",
        ),
        (
            "file that is not there",
            write(&["--from", "/nowhere/note.yaml"]),
            3,
            "file_unreadable",
        ),
        (
            "case that is no id",
            vec!["write", "note", "--case", "Sofie"],
            3,
            "bad_id",
        ),
        (
            "unknown case",
            vec!["write", "note", "--case", none],
            4,
            "unknown_case",
        ),
        (
            "unknown case's timeline",
            vec!["timeline", none],
            4,
            "unknown_case",
        ),
        (
            "unknown case's card",
            vec!["case", "show", none],
            4,
            "unknown_case",
        ),
        (
            "unknown team",
            vec!["case", "open", "--team", "PPR"],
            4,
            "unknown_team",
        ),
        (
            "no CPR number",
            vec![
                "case",
                "open",
                "--team",
                "Sundhedsplejen",
                "--set",
                "cpr=310298-1234",
            ],
            3,
            "not_cpr",
        ),
        (
            "a card written as an entry",
            vec!["write", "card", "--case", &case],
            3,
            "card_template",
        ),
        (
            "unknown document",
            vec!["read", none],
            4,
            "unknown_document",
        ),
        ("document that is no id", vec!["read", "1"], 3, "bad_id"),
        ("no case and no circle", vec!["write", "note"], 2, "usage"),
        (
            "an edit of nothing",
            vec!["edit", &visit],
            2,
            "nothing_to_save",
        ),
        (
            "unknown item",
            vec!["edit", &visit, "--remove-item", &removed],
            3,
            "unknown_item",
        ),
        (
            "a time where it means nothing",
            vec!["read", &visit, "--at", "10:30"],
            2,
            "usage",
        ),
        (
            "no such page",
            vec!["timeline", &case, "--before", "x"],
            3,
            "bad_cursor",
        ),
        (
            "nothing refused of this name",
            vec!["not-delivered", "retry", none],
            4,
            "unknown_refusal",
        ),
        (
            "unknown option",
            vec!["read", &visit, "--verbose"],
            2,
            "usage",
        ),
        ("unknown command", vec!["besøg"], 2, "usage"),
        ("no command", vec![], 2, "usage"),
        ("offline sync", vec!["sync", "--offline"], 6, "offline"),
        (
            "enrolled twice",
            vec!["enrol", "SAMSPOR1-x"],
            3,
            "not_a_code",
        ),
    ];
    check(&anna, &rows);
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

    let rows: Vec<Row<'_>> = vec![
        (
            "another key",
            vec!["status", "--key-file", &other_key],
            7,
            "wrong_key",
        ),
        (
            "no key file",
            vec!["status", "--key-file", "/nowhere/store.key"],
            7,
            "key_unreadable",
        ),
    ];
    check(&anna, &rows);
    check(&bare, &[("nothing there", vec!["status"], 9, "no_store")]);
    fs::write(&own_key, "not a key").expect("writes");
    check(
        &anna,
        &[("a key that is none", vec!["status"], 7, "bad_key")],
    );
    fs::remove_file(&own_key).expect("removes");
    check(&anna, &[("the key is gone", vec!["status"], 7, "key_gone")]);
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
    let cut = code[..code.len() - 4].to_owned();
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
    assert_eq!(
        (again.code, again.error().as_str()),
        (9, "already_enrolled")
    );
}
