//! Disclosures at the command line: recorded, filed with the other team, read, exported and verified there.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World, run, samspor};

#[test]
fn a_signed_entry_is_disclosed_and_stands_in_a_case_of_the_other_team() {
    let world = World::new();
    world.admin(&["team", "add", "PPR", "--kind", "ppr"]).ok();
    world.admin(&["practitioner", "add", "Peter Bæk"]).ok();
    world.admin(&["membership", "add", "Peter Bæk", "PPR"]).ok();
    let anna = world.device("anna", "Anna Holm");
    let peter = world.device("peter", "Peter Bæk");
    anna.run(&["sync"]).ok();
    let case = anna.open_case("Sofie Ærø", &[]);
    let write = ["write", "note", "--case", &case, "--set", "text=Sover godt"];
    let note = anna.id(&write, "document");
    let disclose = [
        &["share", "disclose", &case, "--document", &note][..],
        &["--team", "ppr", "--purpose", "Overgang til skole"],
        &["--basis", "servicelov", "--no-consent", "der er pligt"],
    ]
    .concat();
    let open = anna.run(&disclose);
    assert_eq!((open.code, open.error().as_str()), (3, "not_signed"));
    anna.run(&["sign", &note, "--offline"]).ok();
    let share = anna.id(&[&disclose[..], &["--offline"]].concat(), "share");
    let told = anna.told(&["outbox"]).ok().stdout;
    assert!(told.contains("Videregiver: Sofie Ærø"), "{told}");
    anna.run(&["sync"]).ok();
    let listed = anna.run(&["share", "list", &case]).ok().json();
    let listed = &listed["shares"][0];
    assert_eq!(
        (&listed["kind"], &listed["waiting"]),
        (&"disclosure".into(), &false.into())
    );
    let withdrawn = anna.run(&["share", "withdraw", &share]);
    assert_eq!(
        (withdrawn.code, withdrawn.error().as_str()),
        (3, "disclosed")
    );

    read_by_its_recipient(&peter);
}

/// What was disclosed stands in a case without a card, is exported and verified, and the case gets its card.
fn read_by_its_recipient(peter: &Device) {
    peter.run(&["sync"]).ok();
    let cases = peter.run(&["case", "list"]).ok().json();
    let opened = cases["cases"][0]["case"]
        .as_str()
        .expect("a case")
        .to_owned();
    assert_eq!(cases["cases"][0]["about"], "Sofie Ærø");
    let told = peter.told(&["case", "list"]).ok().stdout;
    assert!(
        told.contains("Sofie Ærø") && told.contains("uden stamkort"),
        "{told}"
    );
    let timeline = peter.run(&["timeline", &opened]).ok().json();
    let entry = &timeline["entries"][0];
    let copy = entry["document"].as_str().expect("a document").to_owned();
    assert_eq!(entry["disclosed"]["team"]["name"], "Sundhedsplejen");
    assert_eq!(entry["disclosed"]["purpose"], "Overgang til skole");
    let told = peter.told(&["timeline", &opened]).ok().stdout;
    assert!(
        told.contains("Videregivet fra Sundhedsplejen af Anna Holm"),
        "{told}"
    );
    let received = peter.run(&["share", "received"]).ok().json();
    assert_eq!(received["received"][0]["kind"], "disclosure");
    assert_eq!(received["received"][0]["entry"]["document"], copy.as_str());

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("record.samspor");
    let file = file.to_str().expect("a path");
    peter
        .run(&["export", &copy, "--to", file, "--offline"])
        .ok();
    run(samspor().args(["verify", file])).ok();

    let shown = peter.run(&["case", "show", &opened]);
    assert_eq!((shown.code, shown.error().as_str()), (4, "unknown_case"));
    let edit = ["case", "edit", &opened, "--set", "name=Sofie Ærø"];
    peter.run(&edit).ok();
    let cases = peter.run(&["case", "list"]).ok().json();
    assert_eq!(cases["cases"][0]["name"], "Sofie Ærø");
    assert_eq!(cases["cases"][0]["about"], serde_json::Value::Null);
}

#[test]
fn what_was_added_is_disclosed_with_its_entry_and_what_is_signed_later_is_told_of() {
    let world = World::new();
    world.admin(&["team", "add", "PPR", "--kind", "ppr"]).ok();
    let anna = world.device("anna", "Anna Holm");
    anna.run(&["sync"]).ok();
    let case = anna.open_case("Sofie Ærø", &[]);
    let write = ["write", "note", "--case", &case, "--set", "text=Sover godt"];
    let note = anna.id(&write, "document");
    anna.run(&["sign", &note]).ok();
    let adds = |text: &str| {
        let adds = ["write", "addendum", "--case", &case, "--adds-to", &note];
        let text = ["--set", text, "--offline"];
        anna.id(&[&adds[..], &text].concat(), "document")
    };
    let first = adds("text=Siden tirsdag");
    let signed = anna.run(&["sign", &first]).ok().json();
    assert_eq!(signed["not_disclosed"], serde_json::json!([]));
    let disclose = |document: &str| {
        let disclose = [
            &["share", "disclose", &case, "--document", document][..],
            &["--team", "ppr", "--purpose", "Overgang til skole"],
            &["--basis", "servicelov", "--no-consent", "der er pligt"],
        ];
        anna.run(&disclose.concat()).ok().json()
    };
    let disclosed = disclose(&note);
    let with = disclosed["with"].as_array().expect("additions");
    assert_eq!(
        (with.len(), &disclosed["delivery"]),
        (1, &"delivered".into())
    );
    let listed = anna.run(&["share", "list", &case]).ok().json();
    assert_eq!(listed["shares"].as_array().map(Vec::len), Some(2));

    let later = adds("text=Og onsdag");
    let told = anna.told(&["sign", &later]).ok().stdout;
    let how = format!("samspor device share disclose {case} --document {later}");
    assert!(told.contains("PPR") && told.contains(&how), "{told}");
    let listed = anna.told(&["share", "list", &case]).ok().stdout;
    assert!(listed.contains(&how), "{listed}");
    let listed = anna.run(&["share", "list", &case]).ok().json();
    let shares = listed["shares"].as_array().expect("shares");
    let of_note = shares.iter().find(|one| one["share"] == disclosed["share"]);
    assert_eq!(
        of_note.expect("listed")["without"],
        serde_json::json!([later])
    );
    disclose(&later);
    let listed = anna.told(&["share", "list", &case]).ok().stdout;
    assert!(!listed.contains(&how), "{listed}");
}
