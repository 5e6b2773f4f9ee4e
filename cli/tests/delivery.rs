//! What becomes of work: no contact, refused, revoked, watched. Nothing is ever lost.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{World, run, samspor};
use serde_json::Value;
use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

#[test]
fn invariant_09_work_without_contact_is_kept_and_delivered_later() {
    let mut world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    let address = world.stop();
    let ran = anna.run(&[
        "write",
        "note",
        "--case",
        &case,
        "--set",
        "subject_line=Opkald",
    ]);
    assert_eq!(
        (ran.code, ran.error().as_str()),
        (6, "no_contact"),
        "{ran:?}"
    );
    let told = ran.json();
    assert_eq!(told["delivery"], "waiting");
    let document = told["document"].as_str().expect("an id").to_owned();
    assert_eq!(anna.run(&["sync"]).code, 6);
    assert_eq!(anna.run(&["status"]).ok().json()["waiting"], 1);
    assert_eq!(
        anna.field(&document, "subject_line")["value"]["display"],
        "Opkald"
    );

    world.server = Some(common::Server::start(&world.server_folder(), &address));
    assert_eq!(anna.run(&["sync"]).ok().json()["sent"], 1);
    let bo = world.device("bo", "Bo Lind");
    assert_eq!(
        bo.field(&document, "subject_line")["value"]["display"],
        "Opkald"
    );
    world.restart();
    assert_eq!(bo.run(&["sync"]).ok().json()["in_sync"], true);
}

#[test]
fn refused_work_is_listed_exported_and_cannot_be_overlooked() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    anna.run(&[
        "write",
        "note",
        "--case",
        &case,
        "--offline",
        "--set",
        "subject_line=Opkald om søvn",
    ])
    .ok();
    world
        .admin(&["membership", "end", "Anna Holm", "Sundhedsplejen"])
        .ok();
    anna.until("the server notices the end", |device| {
        let synced = device.run(&["sync"]);
        if synced.code == 0 {
            // It was quicker than the server: the note is delivered, so another one is written.
            device.run(&[
                "write",
                "note",
                "--case",
                &case,
                "--offline",
                "--set",
                "subject_line=Opkald om søvn",
            ]);
        }
        synced.code == 5
    });
    let ran = anna.run(&["sync"]);
    assert_eq!((ran.code, ran.error().as_str()), (5, "refused"), "{ran:?}");

    let list = anna.run(&["not-delivered", "list"]).ok().json();
    let refused = &list["not_delivered"][0];
    assert_eq!(
        (&refused["reason"], &refused["retryable"]),
        (&"no_access".into(), &true.into()),
        "{list}"
    );
    let text = anna.told(&["not-delivered", "list"]).ok().stdout;
    assert!(
        text.contains("Opkald om søvn") && text.contains("Du må ikke skrive her"),
        "{text}"
    );

    let file = world.folder.path().join("not-delivered.json");
    let path = file.display().to_string();
    anna.run(&["not-delivered", "export", &path]).ok();
    let exported: Value =
        serde_json::from_slice(&std::fs::read(&file).expect("the file")).expect("JSON");
    assert_eq!(exported, list);
    let again = anna.run(&["not-delivered", "export", &path]);
    assert_eq!(
        (again.code, again.error().as_str()),
        (8, "file_exists"),
        "an export overwrites nothing"
    );
    assert_eq!(
        anna.run(&["not-delivered", "export", "-"]).ok().json(),
        list
    );
}

#[test]
fn work_that_was_refused_is_delivered_after_access_returns() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    world
        .admin(&["membership", "end", "Anna Holm", "Sundhedsplejen"])
        .ok();
    anna.until("the server refuses", |device| {
        device.run(&[
            "write",
            "note",
            "--case",
            &case,
            "--set",
            "subject_line=Opkald",
        ]);
        device.run(&["status"]).ok().json()["not_delivered"] != 0
    });
    world
        .admin(&["membership", "add", "Anna Holm", "Sundhedsplejen"])
        .ok();
    anna.until("the server takes it", |device| {
        device.run(&["not-delivered", "retry"]).code == 0
    });
    assert_eq!(anna.run(&["status"]).ok().json()["not_delivered"], 0);
    let entries = anna.run(&["timeline", &case]).ok().json();
    assert!(
        !entries["entries"].as_array().expect("entries").is_empty(),
        "{entries}"
    );
}

#[test]
fn a_watching_device_sees_what_another_writes_and_holds_its_store() {
    let world = World::new();
    let (anna, bo) = (
        world.device("anna", "Anna Holm"),
        world.device("bo", "Bo Lind"),
    );
    let mut watching = bo
        .command()
        .args(["sync", "--watch", "--seconds", "600"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("watches");
    let mut lines = BufReader::new(watching.stdout.take().expect("piped")).lines();
    anna.open_case("Sofie", &[]);
    let line = lines.next().expect("a line").expect("UTF-8");
    let told: Value = serde_json::from_str(&line).expect("JSON");
    assert!(
        told["pages"].as_u64().is_some_and(|pages| pages > 0),
        "{told}"
    );
    let ran = bo.run(&["status"]);
    assert_eq!((ran.code, ran.error().as_str()), (7, "store_in_use"));
    run(std::process::Command::new("kill").args(["-TERM", &watching.id().to_string()])).ok();
    assert_eq!(watching.wait().expect("ends").code(), Some(0));
    bo.until("the case is in the list", |bo| {
        let cases = bo.run(&["case", "list", "--find", "sof"]).ok().json();
        cases["cases"][0]["name"] == "Sofie"
    });
}

#[test]
fn a_sync_of_something_that_is_no_server_is_no_contact() {
    let mut world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let address = world.stop();
    let listener = std::net::TcpListener::bind(&address).expect("the port is free");
    let hung_up = std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            drop(stream);
        }
    });
    let ran = anna.run(&["sync"]);
    assert_eq!(
        (ran.code, ran.error().as_str()),
        (6, "no_contact"),
        "{ran:?}"
    );
    assert!(!hung_up.is_finished());
    let version = run(samspor().arg("--version")).ok();
    assert!(version.stdout.starts_with("samspor "));
}
