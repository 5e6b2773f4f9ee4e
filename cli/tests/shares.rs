//! Shares at the command line: added, listed, received, withdrawn.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::World;

/// A world with the team PPR and its member Peter.
fn with_ppr() -> World {
    let world = World::new();
    world.admin(&["team", "add", "PPR", "--kind", "ppr"]).ok();
    world.admin(&["practitioner", "add", "Peter Bæk"]).ok();
    world.admin(&["membership", "add", "Peter Bæk", "PPR"]).ok();
    world
}

#[test]
fn a_case_is_shared_read_by_its_recipient_and_withdrawn() {
    let world = with_ppr();
    let anna = world.device("anna", "Anna Holm");
    let peter = world.device("peter", "Peter Bæk");
    anna.run(&["sync"]).ok();
    let case = anna.open_case("Sofie Ærø", &[]);
    let note = anna.id(
        &["write", "note", "--case", &case, "--set", "text=Sover godt"],
        "document",
    );
    let add = [
        "share",
        "add",
        &case,
        "--team",
        "ppr",
        "--purpose",
        "Overgang til skole",
        "--basis",
        "samtykke",
    ];
    let add = [&add[..], &["--consent", "mor, mundtligt"]].concat();
    let share = anna.id(&[&add[..], &["--offline"]].concat(), "share");
    let waiting = anna.run(&["outbox"]).ok().json();
    assert_eq!(waiting["waiting"][0]["operation"], "share");
    let listed = anna.run(&["share", "list", &case]).ok().json();
    assert_eq!(listed["shares"][0]["waiting"], true);
    assert_eq!(
        listed["shares"][0]["terms"]["consent"]["by"],
        "mor, mundtligt"
    );
    anna.run(&["sync"]).ok();

    peter.run(&["sync"]).ok();
    let received = peter.run(&["share", "received"]).ok().json();
    let received = &received["received"][0];
    assert_eq!(received["state"], "in_force");
    assert_eq!(received["terms"]["about"], "Sofie Ærø");
    assert_eq!(peter.field(&note, "text")["text"], "Sover godt");
    let timeline = peter.run(&["timeline", &case]).ok().json();
    assert_eq!(timeline["entries"][0]["document"], note.as_str());
    let told = peter.told(&["share", "received"]).ok().stdout;
    for part in [
        "Sofie Ærø",
        "hele sagen",
        "Formål: Overgang til skole",
        "Grundlag: samtykke",
        "Anna Holm",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let denied = peter.run(&["write", "note", "--case", &case, "--set", "text=nej"]);
    assert_eq!(
        (denied.code, denied.error().as_str()),
        (5, "shared_for_reading")
    );

    let withdraw = ["share", "withdraw", &share, "--why", "ønskes ikke"];
    assert_eq!(anna.run(&withdraw).ok().json()["changed"], true);
    assert_eq!(anna.run(&withdraw).ok().json()["changed"], false);
    let listed = anna.run(&["share", "list"]).ok().json();
    assert_eq!(listed["shares"][0]["state"], "withdrawn");
    assert_eq!(listed["shares"][0]["withdrawn"]["why"], "ønskes ikke");
    peter.run(&["sync"]).ok();
    let received = peter.run(&["share", "received"]).ok().json();
    assert_eq!(received["received"][0]["state"], "withdrawn");
    let gone = peter.run(&["timeline", &case]);
    assert_eq!((gone.code, gone.error().as_str()), (4, "unknown_case"));
    let unknown = peter.run(&withdraw);
    assert_eq!(
        (unknown.code, unknown.error().as_str()),
        (4, "unknown_share")
    );
}

#[test]
fn a_share_without_its_ground_is_no_share() {
    let world = World::new();
    world.admin(&["team", "add", "PPR", "--kind", "ppr"]).ok();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie Ærø", &[]);
    let add = [
        "share",
        "add",
        &case,
        "--team",
        "ppr",
        "--purpose",
        "Overgang til skole",
        "--basis",
        "samtykke",
    ];
    let without_consent = anna.run(&add);
    assert_eq!(
        (without_consent.code, without_consent.error().as_str()),
        (2, "usage")
    );
    let add = [&add[..], &["--consent", "mor, mundtligt"]].concat();
    let own = [&add[..3], &["--team", "Sundhedsplejen"], &add[5..]].concat();
    let own = anna.run(&own);
    assert_eq!((own.code, own.error().as_str()), (3, "share_own_team"));
    let empty = [&add[..5], &["--purpose", " "], &add[7..]].concat();
    let empty = anna.run(&empty);
    assert_eq!((empty.code, empty.error().as_str()), (3, "bad_share"));

    assert_eq!(
        anna.run(&["share", "list"]).ok().json()["shares"][0],
        serde_json::Value::Null
    );
}

#[test]
fn one_document_is_shared_with_a_colleague_until_a_time() {
    let world = with_ppr();
    let anna = world.device("anna", "Anna Holm");
    let peter = world.device("peter", "Peter Bæk");
    anna.run(&["sync"]).ok();
    let case = anna.open_case("Sofie Ærø", &[]);
    let note = anna.id(
        &["write", "note", "--case", &case, "--set", "text=Sover godt"],
        "document",
    );
    let add = [
        "share",
        "add",
        &case,
        "--practitioner",
        "peter bæk",
        "--document",
        &note,
        "--purpose",
        "Sparring",
        "--basis",
        "servicelov",
        "--no-consent",
        "tavshedspligten er ophævet",
        "--about",
        "Barnet",
    ];
    let past = anna.run(&[&add[..], &["--until", "i går 10:00"]].concat());
    assert_eq!((past.code, past.error().as_str()), (3, "share_over"));
    anna.run(&[&add[..], &["--until", "2099-01-01T12:00"]].concat())
        .ok();
    peter.run(&["sync"]).ok();
    let received = peter.run(&["share", "received"]).ok().json();
    assert_eq!(received["received"][0]["entry"]["document"], note.as_str());
    assert_eq!(
        received["received"][0]["terms"]["until"],
        "2099-01-01T12:00:00+01:00"
    );
    assert_eq!(received["received"][0]["terms"]["consent"]["given"], false);
    let cases = peter.run(&["case", "list"]).ok().json();
    assert_eq!(cases["cases"].as_array().map(Vec::len), Some(0));
}

#[test]
fn the_administration_sees_and_ends_shares_without_learning_about_whom() {
    let world = with_ppr();
    let anna = world.device("anna", "Anna Holm");
    let peter = world.device("peter", "Peter Bæk");
    anna.run(&["sync"]).ok();
    let case = anna.open_case("Sofie Ærø", &[]);
    let add = [
        "share", "add", &case, "--team", "ppr", "--basis", "samtykke",
    ];
    let terms = ["--purpose", "Overgang til skole", "--consent", "mor"];
    let share = anna.id(&[&add[..], &terms[..]].concat(), "share");
    anna.run(&["sync"]).ok();
    peter.run(&["sync"]).ok();
    let cases = |peter: &common::Device| peter.run(&["case", "list"]).ok().json()["cases"].clone();
    assert_eq!(cases(&peter)[0]["case"], case.as_str());

    let listed = world.admin(&["share", "list"]).ok().json();
    let row = &listed["shares"][0];
    assert_eq!(
        (&row["share"], &row["state"], &row["opens"], &row["basis"]),
        (
            &share.as_str().into(),
            &"in_force".into(),
            &"case".into(),
            &"samtykke".into()
        )
    );
    assert_eq!(row["to"]["team"]["name"], "PPR");
    for told in ["Sofie", "Overgang", "mor"] {
        assert!(!listed.to_string().contains(told), "{told}: {listed}");
    }

    let withdraw = ["share", "withdraw", &share, "--ground", "Forælder ringede"];
    for (ground, id, exit, code) in [
        (" ", share.as_str(), 3, "bad_ground"),
        ("x", "nej", 3, "bad_id"),
        (
            "x",
            "0195b1f0-0000-7000-8000-000000000001",
            4,
            "unknown_share",
        ),
    ] {
        let refused = world.admin(&["share", "withdraw", id, "--ground", ground]);
        assert_eq!((refused.code, refused.error().as_str()), (exit, code));
    }
    assert_eq!(world.admin(&withdraw).ok().json()["withdrawn"], true);
    assert_eq!(world.admin(&withdraw).ok().json()["withdrawn"], false);
    peter.until("the case to be gone", |peter| {
        peter.run(&["sync"]).ok();
        cases(peter) == serde_json::json!([])
    });
    let received = peter.run(&["share", "received"]).ok().json();
    assert_eq!(received["received"][0]["state"], "withdrawn");
    assert!(!received.to_string().contains("ringede"), "{received}");
    anna.run(&["sync"]).ok();
    let own = anna.run(&["share", "list", &case]).ok().json();
    assert_eq!(own["shares"][0]["withdrawn"]["why"], "Forælder ringede");
    assert_eq!(own["shares"][0]["withdrawn"]["by"], serde_json::Value::Null);
    let ended = world.admin(&["share", "list", "--ended"]).ok().json();
    assert_eq!(ended["shares"][0]["state"], "withdrawn");
    let in_force = world.admin(&["share", "list"]).ok().json();
    assert_eq!(in_force["shares"], serde_json::json!([]));
}
