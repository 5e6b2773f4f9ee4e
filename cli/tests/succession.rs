//! A device's folder that goes on as another device: copied to a new machine, and enrolled there again.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World, run_with};
use serde_json::Value;

/// A copy of a device's folder, as a backup brings it: without the installation's id.
fn copied(world: &World, from: &Device, folder: &str) -> Device {
    let to = world.bare_device(folder);
    std::fs::create_dir_all(&to.folder).expect("a folder");
    for file in std::fs::read_dir(&from.folder).expect("reads").flatten() {
        if file.file_name() != "install-id" {
            let copy = to.folder.join(file.file_name());
            std::fs::copy(file.path(), copy).expect("copies");
        }
    }
    to
}

fn ended(device: &Device, command: &[&str]) -> (i32, String) {
    let ran = device.run(command);
    (ran.code, ran.error())
}

#[test]
fn invariant_09_a_copied_folder_is_enrolled_again_and_sends_what_the_old_one_had_not() {
    let world = World::new();
    let old = world.device("old", "Anna Holm");
    let case = old.open_case("Sofie", &[]);
    let text = "subject_line=Opkald";
    let command = ["write", "note", "--case", &case, "--offline", "--set", text];
    let note = old.id(&command, "document");
    let new = copied(&world, &old, "new");
    assert_eq!(ended(&new, &["sync"]), (9, "copied_store".to_owned()));
    let enrol = |name: &str| {
        let mut command = new.command();
        run_with(
            command.args(["enrol", "--code-file", "-"]),
            &world.code(name),
        )
    };
    let refused = enrol("Bo Lind");
    assert_eq!(
        (refused.code, refused.error().as_str()),
        (9, "other_practitioner")
    );
    assert_eq!(new.run(&["status"]).ok().json()["waiting"], 1);
    let before = new.run(&["status"]).ok().json()["device"].clone();
    enrol("Anna Holm").ok();
    let status = new.run(&["status"]).ok().json();
    assert_ne!(status["device"], before);
    assert_eq!(status["waiting"], 0, "enrolling again delivers, too");
    assert_eq!(ended(&old, &["sync"]), (9, "replaced".to_owned()));
    old.run(&["read", &note]).ok();

    let bo = world.device("bo", "Bo Lind");
    bo.run(&["sync"]).ok();
    let read = bo.run(&["read", &note]).ok().json();
    assert_eq!(read["authors"][0]["name"], "Anna Holm");
    let list = world.admin(&["device", "list"]).ok().json();
    let rows = list["devices"].as_array().expect("a list");
    let row = |id: &Value| rows.iter().find(|row| row["device"] == *id);
    assert!(
        row(&before).expect("the old")["replaced_at"].is_string(),
        "{list}"
    );
    assert_eq!(row(&status["device"]).expect("the new")["succeeds"], before);
}
