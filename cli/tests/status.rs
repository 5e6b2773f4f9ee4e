//! How things stand, told simply: an entry in one word, a device in some lines, a sync that had little time.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World};

fn says(device: &Device, command: &[&str], text: &str) {
    let told = device.told(command).ok().stdout;
    assert!(told.contains(text), "{text:?} in {told}");
}

#[test]
fn an_entry_says_in_one_word_how_it_stands() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    let write = ["draft", "note", "--case", &case, "--text", "text=Alt vel"];
    let draft = anna.id(&write, "document");
    let drafts = anna.run(&["drafts"]).ok().json();
    assert_eq!(drafts["drafts"][0]["state"], "draft");
    assert_eq!(anna.run(&["read", &draft]).ok().json()["state"], "draft");
    says(&anna, &["drafts"], "kladde");
    let note = anna.id(&["publish", &draft, "--offline"], "document");
    let states = [
        ("waiting", "venter på at blive sendt"),
        ("delivered", "afleveret"),
    ];
    for (code, words) in states {
        let entries = anna.run(&["timeline", &case]).ok().json();
        assert_eq!(entries["entries"][0]["state"], code);
        for command in [&["timeline", &case][..], &["read", &note]] {
            says(&anna, command, words);
        }
        anna.run(&["sync"]).ok();
    }
}

#[test]
fn the_status_says_what_waits_and_why_the_last_sync_failed() {
    let mut world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    anna.run(&["sync"]).ok();
    let calm = anna.run(&["status"]).ok().json();
    assert_eq!(
        (&calm["waiting_bytes"], &calm["waiting"]),
        (&0.into(), &0.into())
    );
    assert!(calm["oldest_written"].is_null() && calm["last_failure"].is_null());
    assert_eq!(calm["held"], calm["visible"]);
    says(&anna, &["status"], "intet");

    let address = world.stop();
    let write = [
        "write",
        "note",
        "--case",
        &case,
        "--text",
        "text=Uden dækning",
    ];
    assert_eq!(anna.run(&write).code, 6);
    let status = anna.run(&["status"]).ok().json();
    assert_eq!(status["last_failure"]["code"], "no_contact");
    assert!(status["last_failure"]["message"].is_string());
    assert!(status["oldest_written"].is_string());
    assert!(status["waiting_bytes"].as_u64() > Some(0));
    says(&anna, &["status"], "det ældste er skrevet");
    says(&anna, &["status"], "Sidste forsøg mislykkedes");
    let english = anna.told(&["--lang", "en", "status"]).ok().stdout;
    assert!(english.contains("The last attempt failed"), "{english}");

    world.server = Some(common::Server::start(&world.server_folder(), &address));
    anna.run(&["sync"]).ok();
    assert!(anna.run(&["status"]).ok().json()["last_failure"].is_null());
}

#[test]
fn a_sync_within_some_seconds_says_whether_anything_is_left() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    anna.open_case("Sofie", &["--offline"]);
    let report = anna.run(&["sync", "--within", "60"]).ok().json();
    assert_eq!(
        (&report["out_of_time"], &report["all_sent"]),
        (&false.into(), &true.into())
    );
    assert!(report["left"].is_null());
    for wrong in ["0", "soon", "-1"] {
        assert_eq!(anna.run(&["sync", &format!("--within={wrong}")]).code, 2);
    }
    assert_eq!(anna.run(&["sync", "--within", "5", "--watch"]).code, 2);
}

#[test]
fn the_administration_sees_how_each_device_stands_and_who_is_behind() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    anna.open_case("Sofie", &[]);
    anna.run(&["sync"]).ok();
    let device = || world.admin(&["device", "list"]).ok().json()["devices"][0].clone();
    anna.until("what was heard of it is written down", |_| {
        device()["last_push_at"].is_string()
    });
    let told = device();
    assert_eq!(told["practitioner"]["name"], "Anna Holm");
    for name in ["last_contact_at", "up_to_date_at"] {
        assert!(told[name].is_string(), "{name} in {told}");
    }
    assert_eq!(
        (&told["waiting"], &told["clock_offset_millis"]),
        (&0.into(), &0.into())
    );
    assert!(told["oldest_waiting_at"].is_null());
    let behind = world
        .admin(&["device", "list", "--behind", "1"])
        .ok()
        .json();
    assert_eq!(behind["devices"].as_array().map(Vec::len), Some(0));
    for wrong in ["0", "-1", "soon"] {
        let list = ["device", "list", &format!("--behind={wrong}")];
        assert_eq!(world.admin(&list).code, 2, "{wrong}");
    }
}
