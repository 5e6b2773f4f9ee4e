//! A device whose access was revoked, at the command line: it hands over what it had not sent and erases itself, and a
//! colleague opens what was handed over.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World};
use serde_json::Value;

const TEXT: &str = "subject_line=Opkald om Sofie på Ærø";

fn write_offline(device: &Device, case: &str) {
    let command = ["write", "note", "--case", case, "--offline", "--set", TEXT];
    device.run(&command).ok();
}

fn revoke(world: &World, device: &Device) {
    let id = device.run(&["status"]).ok().json()["device"].clone();
    let id = id.as_str().expect("an id");
    world.admin(&["device", "revoke", id]).ok();
    let list = world.admin(&["device", "list"]).ok().json();
    assert!(list["devices"][0]["revoked_at"].is_string(), "{list}");
}

#[test]
fn invariant_09_a_revoked_device_hands_over_what_it_had_not_sent_erases_itself_and_a_colleague_opens_it()
 {
    let mut world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    write_offline(&anna, &case);
    revoke(&world, &anna);
    world.restart();

    let ran = anna.run(&["sync"]);
    assert_eq!(
        (ran.code, ran.error().as_str()),
        (9, "handed_over"),
        "{ran:?}"
    );
    let status = anna.run(&["status"]).ok().json();
    assert_eq!(
        (&status["locked"], &status["handed_over"]),
        (&Value::from("handed_over"), &Value::from(1))
    );
    let told = anna.told(&["status"]).ok().stdout;
    assert!(told.contains("er afleveret til kommunen"), "{told}");
    for command in [
        ["case", "list"].as_slice(),
        &["outbox"],
        &["sync"],
        &["teams"],
    ] {
        let ran = anna.run(command);
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (9, "handed_over"),
            "{ran:?}"
        );
    }
    for gone in ["store.key", "samspor.db", "samspor.db-wal"] {
        assert!(!anna.folder.join(gone).exists(), "{gone}");
    }

    let list = world.admin(&["quarantine", "list"]).ok();
    assert!(!list.stdout.contains("Sofie"), "never what is in it");
    let row = list.json()["quarantine"][0].clone();
    assert_eq!(
        (&row["items"], &row["space"]),
        (&Value::from(1), &Value::from(case))
    );
    assert_eq!(row["practitioner"]["name"], "Anna Holm");
    open(&world, row["parcel"].as_str().expect("a parcel"));
    let row = world.admin(&["quarantine", "list"]).ok().json()["quarantine"][0].clone();
    assert_eq!(row["openings"][0]["ground"], "Bo overtager sagen");
    assert_eq!(row["openings"][0]["by"]["name"], "Bo Lind");
}

fn open(world: &World, parcel: &str) {
    world.admin(&["practitioner", "add", "Eva Ny"]).ok();
    let file = world.folder.path().join("opened.json");
    let path = file.display().to_string();
    let open = |parcel: &str, by: &str, ground: &str| {
        let ground = ["--ground", ground, "--to", &path];
        let command = [
            ["quarantine", "open", parcel, "--by", by].as_slice(),
            &ground,
        ]
        .concat();
        world.admin(&command)
    };
    let nobody = "01a20ae4-dbb0-7011-9569-2417c3fb7b16";
    for (parcel, by, ground, code) in [
        (parcel, "Eva Ny", "Nysgerrig", (5, "no_access")),
        (parcel, "Ingen", "Nysgerrig", (4, "unknown_practitioner")),
        (parcel, "Bo Lind", " ", (3, "bad_ground")),
        (
            nobody,
            "Bo Lind",
            "Bo overtager sagen",
            (4, "unknown_parcel"),
        ),
        ("pakken", "Bo Lind", "Bo overtager sagen", (3, "bad_id")),
    ] {
        let ran = open(parcel, by, ground);
        assert_eq!((ran.code, ran.error().as_str()), code, "{ran:?}");
        assert!(!file.exists());
    }
    open(parcel, "Bo Lind", "Bo overtager sagen").ok();
    let opened = std::fs::read_to_string(&file).expect("a file");
    let opened: Value = serde_json::from_str(&opened).expect("JSON");
    assert_eq!(opened["written_by"]["name"], "Anna Holm");
    let written = opened["items"][0]["written"].to_string();
    assert!(written.contains("Opkald om Sofie på Ærø"), "{written}");
    let again = open(parcel, "Bo Lind", "Bo overtager sagen");
    assert_eq!((again.code, again.error().as_str()), (8, "file_exists"));
}

#[test]
fn invariant_09_without_contact_a_revoked_device_keeps_what_it_has() {
    let mut world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    write_offline(&anna, &case);
    revoke(&world, &anna);
    world.stop();
    let ran = anna.run(&["sync"]);
    assert_eq!(
        (ran.code, ran.error().as_str()),
        (6, "no_contact"),
        "it has not heard of it"
    );
    let status = anna.run(&["status"]).ok().json();
    assert_eq!(
        (&status["waiting"], &status["locked"]),
        (&Value::from(1), &Value::Null)
    );
    anna.run(&["timeline", &case]).ok();
}

#[test]
fn what_is_written_on_a_device_that_does_not_know_yet_that_it_is_revoked_is_handed_over_with_the_rest()
 {
    let mut world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    write_offline(&anna, &case);
    revoke(&world, &anna);
    world.restart();
    let ran = anna.run(&["write", "note", "--case", &case, "--set", TEXT]);
    assert_eq!(
        (ran.code, ran.error().as_str()),
        (9, "handed_over"),
        "{ran:?}"
    );
    assert_eq!(ran.json()["delivery"], "handed_over");
    let list = world.admin(&["quarantine", "list"]).ok().json();
    assert_eq!(list["quarantine"][0]["items"], 2);
}
