//! Addenda and remarks at the command line: to what is signed, and shown with it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::World;

#[test]
fn an_addendum_is_written_offline_and_stands_with_its_entry_wherever_it_is_read() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &["--offline"]);
    let write = [
        "write",
        "note",
        "--case",
        &case,
        "--text",
        "text=Vægt 6,45 kg",
    ];
    let note = anna.id(&[&write[..], &["--offline"]].concat(), "document");
    let text = "text=Vægten var 6,54 kg";
    let refused = anna.run(&["addendum", &note, "--text", text, "--offline"]);
    assert_eq!(
        (refused.code, refused.error().as_str()),
        (3, "entry_not_signed")
    );
    anna.run(&["sign", &note, "--offline"]).ok();

    let add = [
        "addendum",
        &note,
        "--text",
        text,
        "--set",
        "reason=Byttet om",
    ];
    let added = anna.id(&[&add[..], &["--offline"]].concat(), "document");
    let remark = ["remark", &note, "--text", "text=Det husker jeg ikke"];
    let remark = anna.id(&[&remark[..], &["--offline"]].concat(), "document");
    let read = anna.run(&["read", &note]).ok().json();
    let additions = read["additions"].as_array().expect("a list");
    let ids: Vec<_> = additions.iter().map(|one| &one["document"]).collect();
    assert_eq!(ids, [&added, &remark]);
    assert_eq!(additions[0]["adds_to"], note);
    let fields = additions[0]["fields"].as_array().expect("fields");
    assert!(fields.iter().any(|one| one["text"] == "Vægten var 6,54 kg"));
    let timeline = anna.run(&["timeline", &case]).ok().json();
    assert_eq!(timeline["entries"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        timeline["entries"][0]["additions"][1]["title"],
        "Borgerens bemærkning"
    );
    for command in [&["read", &note][..], &["timeline", &case]] {
        let told = anna.told(command).ok().stdout;
        for said in ["Vægten var 6,54 kg", "Det husker jeg ikke", &added] {
            assert!(told.contains(said), "{said}: {told}");
        }
    }
    // A correction of the addendum is one of the entry, and what it names stands.
    let again = [
        "addendum",
        &added,
        "--text",
        "text=Aflæst igen",
        "--offline",
    ];
    let again = anna.id(&again, "document");
    let again = anna.run(&["read", &again]).ok().json();
    assert_eq!(again["adds_to"], note);
    let other = format!("adds_to={added}");
    let moved = anna.run(&["edit", &added, "--set", &other, "--offline"]);
    assert_eq!((moved.code, moved.error().as_str()), (3, "fixed_field"));
}

#[test]
fn an_addendum_is_drafted_published_and_signed_with_the_entry_it_names() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &["--offline"]);
    let write = [
        "write",
        "note",
        "--case",
        &case,
        "--text",
        "text=Vægt 6,45 kg",
    ];
    let note = anna.id(&[&write[..], &["--offline"]].concat(), "document");
    anna.run(&["sign", &note, "--offline"]).ok();
    let draft = [
        "draft",
        "addendum",
        "--adds-to",
        &note,
        "--text",
        "text=6,54 kg",
    ];
    let draft = anna.id(&[&draft[..], &["--offline"]].concat(), "document");
    let drafts = anna.run(&["drafts"]).ok().json();
    assert_eq!(drafts["drafts"][0]["adds_to"], note);
    let published = anna.id(&["publish", &draft, "--offline"], "document");
    anna.run(&["sign", &published]).ok();
    anna.run(&["sync"]).ok();
    let read = anna.run(&["read", &note]).ok().json();
    assert_eq!(read["additions"][0]["document"], published);
    assert_eq!(read["additions"][0]["state"], "signed");
    let to = world.folder.path().join("addendum.samspor");
    anna.run(&["export", &published, "--to", to.to_str().expect("a path")])
        .ok();
    let verified = common::run(common::samspor().args(["verify", "--json"]).arg(&to));
    assert_eq!(verified.ok().json()["adds_to"], note);
}

#[test]
fn what_has_no_entry_to_add_to_is_refused_by_its_own_name() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &["--offline"]);
    let elsewhere = anna.open_case("Liv", &["--offline"]);
    let write = ["write", "note", "--case", &case, "--text", "text=Alt vel"];
    let note = anna.id(&[&write[..], &["--offline"]].concat(), "document");
    anna.run(&["sign", &note, "--offline"]).ok();
    let unknown = "01a2b3c4-d5e6-7000-8000-000000000000";
    let text = ["--text", "text=x", "--offline"];
    let cases = [
        (vec!["addendum", unknown], 4, "unknown_document"),
        (
            vec!["write", "addendum", "--case", &case],
            3,
            "adds_to_nothing",
        ),
        (
            vec![
                "write",
                "addendum",
                "--adds-to",
                &note,
                "--case",
                &elsewhere,
            ],
            3,
            "entry_elsewhere",
        ),
        (
            vec!["write", "note", "--adds-to", &note],
            3,
            "unknown_field",
        ),
        (vec!["remark", "ikke-et-id"], 3, "bad_id"),
    ];
    for (command, exit, code) in cases {
        let ran = anna.run(&[&command[..], &text].concat());
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (exit, code),
            "{command:?}"
        );
    }
}

#[test]
fn what_came_too_late_for_a_signature_goes_on_as_an_addendum_and_stands_with_the_entry() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    let write = [
        "write",
        "note",
        "--case",
        &case,
        "--text",
        "text=Vægt 6,45 kg",
    ];
    let note = anna.id(&write, "document");
    let bo = world.device("bo", "Bo Lind");
    bo.until("the note arrives", |bo| {
        bo.run(&["sync"]).ok();
        bo.run(&["read", &note]).code == 0
    });
    bo.run(&["edit", &note, "--text", "text=Vægt 6,54 kg", "--offline"])
        .ok();
    anna.run(&["sign", &note]).ok();
    bo.until("the edit is refused", |bo| {
        bo.run(&["sync"]);
        bo.run(&["read", &note]).ok().json()["state"] == "signed"
    });
    let list = bo.run(&["not-delivered", "list"]).ok().json();
    let item = &list["not_delivered"][0];
    assert_eq!(item["reason"], "signed");
    assert_eq!(item["ways_out"], serde_json::json!(["addendum", "export"]));
    assert_eq!(list["set_aside"], serde_json::json!([]));
    let told = bo.told(&["not-delivered", "list"]).ok().stdout;
    let way = format!("not-delivered addendum {note}");
    assert!(
        told.contains("blev godkendt, før det her nåede frem") && told.contains(&way),
        "{told}"
    );
    let refused = bo.run(&["not-delivered", "draft", &note]);
    assert_eq!(
        (refused.code, refused.error().as_str()),
        (5, "not_that_way_out")
    );
    let refused = bo.run(&["not-delivered", "discard", &note]);
    assert_eq!(
        (refused.code, refused.error().as_str()),
        (5, "holds_writing")
    );

    let draft = bo.id(
        &["not-delivered", "addendum", &note, "--offline"],
        "document",
    );
    let left = bo.run(&["not-delivered", "list"]).ok().json();
    assert_eq!(left["not_delivered"], serde_json::json!([]));
    assert_eq!(
        bo.field(&draft, "text")["text"],
        "Notat: »6,45« rettet til »6,54«"
    );
    let published = bo.id(&["publish", &draft, "--offline"], "document");
    bo.run(&["sign", &published]).ok();
    anna.until("the addendum arrives", |anna| {
        anna.run(&["sync"]).ok();
        let read = anna.run(&["read", &note]).ok().json();
        read["additions"][0]["document"] == published && read["additions"][0]["state"] == "signed"
    });
}

#[test]
fn what_cannot_be_delivered_is_moved_out_into_a_file_or_a_new_draft() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &[]);
    let write = |text: &str| {
        let text = format!("text={text}");
        anna.id(
            &[
                "write",
                "note",
                "--case",
                &case,
                "--text",
                &text,
                "--offline",
            ],
            "document",
        )
    };
    let (one, other) = (write("Første"), write("Andet"));
    world
        .admin(&["membership", "end", "Anna Holm", "Sundhedsplejen"])
        .ok();
    anna.until("both are refused", |anna| {
        anna.run(&["sync"]);
        let list = anna.run(&["not-delivered", "list"]).ok().json();
        list["not_delivered"].as_array().map(Vec::len) == Some(2)
    });
    // The case is gone from here: a draft has no place to be meant for.
    let refused = anna.run(&["not-delivered", "draft", &one]);
    assert_eq!(
        (refused.code, refused.error().as_str()),
        (4, "unknown_case")
    );
    let to = world.folder.path().join("første.json");
    let to = to.to_str().expect("a path");
    let moved = anna
        .run(&["not-delivered", "discard", &one, "--to", to])
        .ok()
        .json();
    assert_eq!(
        (&moved["discarded"], &moved["file"]),
        (&one.clone().into(), &to.into())
    );
    let kept = std::fs::read_to_string(to).expect("the file");
    assert!(kept.contains("Første") && !kept.contains("Andet"));
    let again = anna.run(&["not-delivered", "discard", &other, "--to", to]);
    assert_eq!((again.code, again.error().as_str()), (8, "file_exists"));
    let left = anna.run(&["not-delivered", "list"]).ok().json();
    let ids: Vec<_> = left["not_delivered"]
        .as_array()
        .expect("a list")
        .iter()
        .collect();
    assert_eq!((ids.len(), &ids[0]["id"]), (1, &other.into()));
}

#[test]
fn an_entry_shows_its_four_times_and_how_late_it_was_written() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &["--offline"]);
    let write = [
        "write",
        "note",
        "--case",
        &case,
        "--text",
        "text=Alt vel",
        "--offline",
    ];
    let prompt = anna.id(&write, "document");
    let late = anna.id(
        &[&write[..], &["--at", "2026-01-02T10:00"]].concat(),
        "document",
    );
    let read = anna.run(&["read", &prompt]).ok().json();
    assert_eq!(
        (&read["late"], &read["late_days"]),
        (&false.into(), &().into())
    );
    assert_eq!(read["received_at"], serde_json::Value::Null);
    let told = anna.told(&["read", &late]).ok().stdout;
    assert!(told.contains("ikke modtaget af serveren endnu"), "{told}");
    anna.run(&["sign", &late]).ok();
    anna.run(&["sync"]).ok();
    let read = anna.run(&["read", &late]).ok().json();
    for time in ["occurred_at", "written_at", "received_at"] {
        assert!(read[time].is_string(), "{time}: {read}");
    }
    assert!(read["signers"][0]["signed_at"].is_string(), "{read}");
    let days = read["late_days"].as_i64().expect("a number of days");
    assert!(days > 300 && read["late"] == true, "{days}");
    for command in [&["read", &late][..], &["timeline", &case]] {
        let told = anna.told(command).ok().stdout;
        assert!(
            told.contains(&format!("Skrevet {days} dage efter")),
            "{told}"
        );
    }
}
