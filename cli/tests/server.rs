//! The server's own commands: starting, stopping, administering.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Server, World, run, samspor};
use serde_json::Value;
use std::{fs, process::Stdio};

/// Name, folder, further arguments with `|` between them, exit code, error code.
#[rustfmt::skip]
const CANNOT_RUN: &[(&str, &str, &str, i32, &str)] = &[
    ("port taken", "other", "--listen|ADDRESS", 8, "port_taken"),
    ("the folder's server runs", "server", "--listen|127.0.0.1:0", 8, "server_running"),
    ("a file for a folder", "file", "--listen|127.0.0.1:0", 8, "folder"),
    ("not an address", "other", "--listen|8443", 3, "settings"),
    ("half a certificate", "other", "--tls-key|key.pem", 3, "settings"),
    ("no settings file", "other", "--settings|nowhere.toml", 3, "settings"),
    ("no certificate", "other", "--tls-key|k|--tls-certificate|c|--listen|127.0.0.1:0", 3, "certificate"),
    ("unknown flag", "other", "--lissen|1", 2, "usage"),
];

#[test]
fn a_server_that_cannot_run_says_what_to_do() {
    let world = World::new();
    let address = world.server.as_ref().expect("runs").address.clone();
    fs::write(world.folder.path().join("file"), "no folder").expect("writes");
    for (name, folder, line, exit, code) in CANNOT_RUN {
        let line = line.replace("ADDRESS", &address);
        let mut command = samspor();
        command
            .args(["serve", "--json", "--folder", folder])
            .args(line.split('|'));
        let ran = run(command.current_dir(world.folder.path()));
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (*exit, *code),
            "{name}: {ran:?}"
        );
    }
}

#[test]
fn settings_come_from_flag_environment_and_file_in_this_order() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("samspor.toml"),
        "listen = 'a file of ours'",
    )
    .expect("writes");
    let told = |environment: &[(&str, &str)], more: &[&str]| {
        let mut command = samspor();
        command
            .args(["serve", "--lang", "en"])
            .args(more)
            .current_dir(folder.path());
        command.envs(environment.iter().copied());
        run(&mut command).stderr
    };
    let environment = [("SAMSPOR_LISTEN", "an environment's")];
    let rows = [
        (told(&[], &[]), "samspor.toml"),
        (told(&environment, &[]), "SAMSPOR_LISTEN"),
        (told(&environment, &["--listen", "a flag's"]), "--listen"),
    ];
    for (told, origin) in rows {
        assert!(
            told.contains(&format!("listen ({origin}) must be")),
            "{origin}: {told}"
        );
    }
}

#[test]
fn a_stopped_server_keeps_everything_and_ends_with_0() {
    let mut world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    let mut server = world.server.take().expect("runs");
    run(std::process::Command::new("kill").args(["-TERM", &server.child.id().to_string()])).ok();
    assert_eq!(server.child.wait().expect("ends").code(), Some(0));
    world.server = Some(Server::start(&world.server_folder(), &server.address));
    let bo = world.device("bo", "Bo Lind");
    assert_eq!(
        bo.run(&["case", "list"]).ok().json()["cases"][0]["case"],
        Value::from(case)
    );
}

/// Name, arguments with `|` between them, exit code, error code.
#[rustfmt::skip]
const UNKNOWN: &[(&str, &str, i32, &str)] = &[
    ("two of that name", "code|Anna Holm", 3, "ambiguous"),
    ("nobody of that name", "code|Nogen", 4, "unknown_practitioner"),
    ("nobody of that id", "link|0195b1f0-0000-7000-8000-000000000001", 4, "unknown_practitioner"),
    ("no such team", "membership|add|Bo Lind|PPR", 4, "unknown_team"),
    ("no such role", "membership|add|Bo Lind|Sundhedsplejen|--role|chef", 3, "unknown_role"),
    ("no such kind", "team|add|X|--kind|y", 3, "unknown_kind"),
    ("a name of nothing", "team|add|  |--kind|ppr", 3, "bad_name"),
    ("not an address", "code|Bo Lind|--server|localhost", 3, "bad_address"),
    ("no such device", "device|revoke|0195b1f0-0000-7000-8000-000000000001", 4, "unknown_device"),
];

#[test]
fn administration_answers_by_name_and_by_id_and_refuses_what_is_not_there() {
    let world = World::new();
    let people = world.admin(&["practitioner", "list"]).ok().json();
    let anna = people["practitioners"][0].clone();
    assert_eq!(
        (&anna["name"], &anna["memberships"][0]["role"]),
        (&"Anna Holm".into(), &"practitioner".into())
    );
    let id = anna["practitioner"].as_str().expect("an id");
    world
        .admin(&[
            "membership",
            "add",
            id,
            "sundhedsplejen",
            "--role",
            "coordinator",
        ])
        .ok();
    let link = world.admin(&["link", "anna holm"]).ok().json();
    let url = &world.server.as_ref().expect("runs").url;
    assert!(
        link["link"]
            .as_str()
            .is_some_and(|link| link.starts_with(url.as_str())),
        "{link}"
    );
    world.admin(&["practitioner", "add", "anna holm"]).ok();
    for (name, line, exit, code) in UNKNOWN {
        let arguments: Vec<&str> = line.split('|').collect();
        let ran = world.admin(&arguments);
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (*exit, *code),
            "{name}: {ran:?}"
        );
    }
    let nowhere = run(samspor().args([
        "admin",
        "--json",
        "team",
        "list",
        "--folder",
        "/nowhere/at/all",
    ]));
    assert_eq!(
        (nowhere.code, nowhere.error().as_str()),
        (8, "no_server_folder")
    );
}

#[cfg(unix)]
#[test]
fn a_code_in_a_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    let file = world.folder.path().join("code");
    let path = file.display().to_string();
    let told = world.admin(&["code", "Anna Holm", "--out", &path]).ok();
    assert!(!told.stdout.contains("SAMSPOR1-") && !told.stderr.contains("SAMSPOR1-"));
    assert_eq!(
        fs::metadata(&file).expect("the file").permissions().mode() & 0o777,
        0o600
    );
    let again = world.admin(&["code", "Anna Holm", "--out", &path]);
    assert_eq!((again.code, again.error().as_str()), (8, "file_exists"));
    let device = world.bare_device("anna");
    device.run(&["enrol", "--code-file", &path]).ok();
    let key = device.folder.join("store.key");
    assert_eq!(
        fs::metadata(key).expect("the key").permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn a_reader_that_leaves_ends_the_printing_and_nothing_else() {
    let mut child = samspor()
        .args(["device", "templates", "home_visit"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn help_and_errors_speak_the_language_asked_for() {
    let danish = run(samspor().args(["device", "write", "--help"]))
        .ok()
        .stdout;
    let english = run(samspor().args(["--lang", "en", "device", "write", "--help"]))
        .ok()
        .stdout;
    assert!(
        danish.contains("Brug: samspor device write [TILVALG]") && danish.contains("Tilvalg:"),
        "{danish}"
    );
    assert!(
        english.contains("Usage: samspor device write [OPTIONS]") && english.contains("Options:"),
        "{english}"
    );
    let by_environment = run(samspor()
        .args(["device", "frobnicate"])
        .env("SAMSPOR_LANG", "en"));
    assert_eq!(by_environment.code, 2);
    assert!(
        by_environment
            .stderr
            .starts_with("Error: There is no command"),
        "{by_environment:?}"
    );
    let stray = run(samspor().args(["device", "status", "Sofie Jensen 030926-1234"]));
    assert!(
        !stray.stderr.contains("Sofie"),
        "a stray word may be a piece of a record: {stray:?}"
    );
}
