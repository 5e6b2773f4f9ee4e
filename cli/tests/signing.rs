//! Signing at the command line, as far as it needs no server, and the verification of files.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Ran, World, run, samspor};
use std::{fs, path::Path};

#[test]
fn an_entry_is_signed_offline_and_says_so_everywhere() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &["--offline"]);
    let write = ["write", "note", "--case", &case, "--text", "text=Alt vel"];
    let note = anna.id(&[&write[..], &["--offline"]].concat(), "document");
    assert_eq!(anna.run(&["read", &note]).ok().json()["state"], "waiting");
    let ran = anna.run(&["sign", &note, "--offline"]).ok().json();
    assert_eq!(
        (&ran["document"], &ran["delivery"]),
        (&note.clone().into(), &"waiting".into())
    );

    let read = anna.run(&["read", &note]).ok().json();
    assert_eq!(read["state"], "signed_not_received");
    assert_eq!(read["signers"][0]["practitioner"]["name"], "Anna Holm");
    assert_eq!(read["signers"][0]["received"], false);
    assert_eq!(anna.field(&note, "text")["text"], "Alt vel");
    let timeline = anna.run(&["timeline", &case]).ok().json();
    assert_eq!(timeline["entries"][0]["state"], "signed_not_received");
    let outbox = anna.run(&["outbox"]).ok().json();
    let operations = outbox["waiting"].as_array().expect("a list").iter();
    let operations: Vec<_> = operations.map(|one| &one["operation"]).collect();
    assert_eq!(operations, ["open_case", "change", "change", "sign"]);
    let status = anna.run(&["status"]).ok().json();
    assert_eq!(status["signatures_waiting"], 1);
    assert_eq!(status["organisation_key"].as_str().map(str::len), Some(64));
    for (command, says) in [
        (&["read", &note][..], "godkendt, ikke modtaget endnu"),
        (&["timeline", &case], "Godkendt af Anna Holm ("),
        (&["outbox"], "Godkender: "),
        (&["status"], "Godkendt, ikke modtaget"),
    ] {
        let told = anna.told(command).ok().stdout;
        assert!(told.contains(says), "{told}");
    }

    let refused = [
        (vec!["edit", &note, "--text", "text=Andet"], 3, "signed"),
        (vec!["choose", &note, "subject_line", "x"], 3, "signed"),
        (vec!["sign", &note], 3, "signed"),
        (
            vec!["export", &note, "--to", "nowhere.samspor"],
            6,
            "offline",
        ),
    ];
    for (arguments, exit, code) in refused {
        let ran = anna.run(&[&arguments[..], &["--offline"]].concat());
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (exit, code),
            "{arguments:?}"
        );
    }
}

#[test]
fn what_cannot_be_signed_says_why_and_stays_open() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    let card = anna.run(&["case", "show", &case]).ok().json();
    let card = card["document"].as_str().expect("an id").to_owned();
    let note = anna.id(
        &["write", "note", "--case", &case, "--text", "text=Alt vel"],
        "document",
    );
    let bo = world.device("bo", "Bo Lind");
    bo.until("the note arrives", |bo| {
        bo.run(&["sync"]).ok();
        bo.run(&["read", &note]).code == 0
    });
    for (device, document, code) in [
        (&anna, &card, "card_not_signed"),
        (&bo, &note, "not_author"),
    ] {
        let ran = device.run(&["sign", document, "--offline"]);
        assert_eq!((ran.code, ran.error().as_str()), (3, code));
    }
    let to = world.folder.path().join("note.samspor");
    let ran = anna.run(&["export", &note, "--to", to.to_str().expect("a path")]);
    assert_eq!((ran.code, ran.error().as_str()), (3, "not_signed"));
    assert!(!to.exists());
    anna.run(&["edit", &note, "--text", "text=Andet", "--offline"])
        .ok();
}

/// The file whose bytes the protocol holds fast.
fn golden() -> Vec<u8> {
    let hex = include_str!("../../protocol/tests/golden/v1-signed-record.hex").trim();
    let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    let bytes = digits.chunks_exact(2);
    bytes
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).expect("a byte"))
        .collect()
}

fn verify(file: &Path, more: &[&str]) -> Ran {
    run(samspor().args(["verify", "--json"]).arg(file).args(more))
}

#[test]
fn a_file_is_verified_with_no_store_and_what_does_not_hold_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("note.samspor");
    fs::write(&file, golden()).expect("writes");
    let told = verify(&file, &[]).ok().json();
    assert_eq!(
        (&told["holds"], &told["organisation_key_expected"]),
        (&true.into(), &false.into())
    );
    assert_eq!(told["signatures"].as_array().map(Vec::len), Some(2));
    assert!(
        told["lines"].to_string().contains("Ringede. Alt vel."),
        "{told}"
    );
    let key = told["organisation_key"].as_str().expect("a key").to_owned();
    let expected = verify(&file, &["--organisation-key", &key]).ok().json();
    assert_eq!(expected["organisation_key_expected"], true);
    let people = run(samspor().arg("verify").arg(&file)).ok().stdout;
    assert!(people.starts_with("Det passer: "), "{people}");

    let one_short: String = key.chars().skip(1).collect();
    let wrong = [
        (vec!["--organisation-key", "0f"], 3, "bad_organisation_key"),
        (
            vec!["--organisation-key", &one_short],
            3,
            "bad_organisation_key",
        ),
    ];
    for (more, exit, code) in wrong {
        let ran = verify(&file, &more);
        assert_eq!((ran.code, ran.error().as_str()), (exit, code));
    }
    let other = "0f".repeat(32);
    let ran = verify(&file, &["--organisation-key", &other]);
    assert_eq!(
        (ran.code, ran.error().as_str()),
        (10, "organisation_key_differs")
    );

    let text = golden()
        .windows(7)
        .position(|part| part == b"Ringede")
        .expect("the text");
    let mut altered = golden();
    altered[text] = b'S';
    fs::write(&file, altered).expect("writes");
    let ran = verify(&file, &[]);
    assert_eq!((ran.code, ran.error().as_str()), (10, "signature_broken"));
    assert_eq!(ran.stdout, "");
    fs::write(&file, "Ringede").expect("writes");
    let ran = verify(&file, &[]);
    assert_eq!((ran.code, ran.error().as_str()), (10, "not_a_record"));
    let ran = verify(&folder.path().join("nowhere"), &[]);
    assert_eq!((ran.code, ran.error().as_str()), (3, "file_unreadable"));
}

#[test]
fn the_organisation_checks_the_servers_receipt_which_nobody_else_can() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    anna.run(&["sync"]).ok();
    let case = anna.open_case("Sofie", &[]);
    let write = ["write", "note", "--case", &case, "--text", "text=Alt vel"];
    let note = anna.id(&write, "document");
    anna.run(&["sign", &note]).ok();
    let file = world.folder.path().join("note.samspor");
    let path = file.to_str().expect("a path").to_owned();
    anna.until("the receipt to come", |anna| {
        anna.run(&["sync"]).ok();
        anna.run(&["export", &note, "--to", &path]).code == 0
    });
    let held = world.admin(&["verify", &path]).ok().json();
    assert_eq!(
        (&held["holds"], &held["receipt"]["checked"]),
        (&true.into(), &true.into())
    );
    let alone = run(samspor().args(["verify", "--json", &path])).ok().json();
    assert_eq!(alone["receipt"]["checked"], false);

    let mut bytes = fs::read(&file).expect("reads");
    // The receipt stands last.
    *bytes.last_mut().expect("a byte") ^= 1;
    fs::write(&file, &bytes).expect("writes");
    run(samspor().args(["verify", "--json", &path])).ok();
    let broken = world.admin(&["verify", &path]);
    assert_eq!(
        (broken.code, broken.error().as_str()),
        (10, "receipt_broken")
    );
    *bytes.last_mut().expect("a byte") ^= 1;
    let text = bytes.windows(7).position(|part| part == b"Alt vel");
    bytes[text.expect("the text")] ^= 1;
    fs::write(&file, &bytes).expect("writes");
    let broken = world.admin(&["verify", &path]);
    assert_eq!(broken.code, 10, "{broken:?}");
    assert_ne!(broken.error(), "receipt_broken");
}
