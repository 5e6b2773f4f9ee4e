//! Restrictions at the command line: at once, told by number, shown when asked for, the same for a colleague.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::World;

#[test]
fn a_restricted_entry_is_left_out_told_of_and_shown_when_asked_for() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Sofie", &["--offline"]);
    let write = [
        "write",
        "note",
        "--case",
        &case,
        "--text",
        "text=Far drikker",
    ];
    let note = anna.id(&[&write[..], &["--offline"]].concat(), "document");
    let restrict = ["restrict", &note, "--ground", "Fra tredjemand", "--offline"];
    let refused = anna.run(&restrict);
    assert_eq!(
        (refused.code, refused.error().as_str()),
        (3, "entry_not_signed")
    );
    anna.run(&["sign", &note, "--offline"]).ok();
    let ran = anna.run(&restrict).ok().json();
    assert_eq!(
        (&ran["document"], &ran["changed"]),
        (&note.clone().into(), &true.into())
    );
    assert_eq!(anna.run(&restrict).ok().json()["changed"], false);

    let timeline = anna.run(&["timeline", &case]).ok().json();
    assert_eq!(timeline["entries"].as_array().map(Vec::len), Some(0));
    assert_eq!(timeline["restricted"], 1);
    let told = anna.told(&["timeline", &case]).ok().stdout;
    assert!(
        told.contains("1 notat er begrænset") && !told.contains("Far drikker"),
        "{told}"
    );
    let with = anna.run(&["timeline", &case, "--restricted"]).ok().json();
    let restriction = &with["entries"][0]["restriction"];
    assert_eq!(restriction["ground"], "Fra tredjemand");
    assert_eq!(restriction["by"]["name"], "Anna Holm");
    for command in [&["timeline", &case, "--restricted"][..], &["read", &note]] {
        let told = anna.told(command).ok().stdout;
        assert!(told.contains("Far drikker"), "{told}");
        assert!(
            told.contains("begrænset af Anna Holm") && told.contains("Fra tredjemand"),
            "{told}"
        );
    }
    let outbox = anna.told(&["outbox"]).ok().stdout;
    assert!(outbox.contains("Begrænser: Notat"), "{outbox}");

    anna.run(&["sync"]).ok();
    let bo = world.device("bo", "Bo Lind");
    bo.until("the restriction arrives", |bo| {
        bo.run(&["sync"]).ok();
        bo.run(&["read", &note]).code == 0
            && bo.run(&["timeline", &case]).ok().json()["restricted"] == 1
    });
    let lifted = bo
        .run(&["restrict", &note, "--lift", "--ground", "Bekræftet af far"])
        .ok();
    assert_eq!(lifted.json()["delivery"], "delivered");
    anna.until("the lifting arrives", |anna| {
        anna.run(&["sync"]).ok();
        let timeline = anna.run(&["timeline", &case]).ok().json();
        timeline["restricted"] == 0 && timeline["entries"][0]["document"] == note
    });
    let ran = anna.run(&["restrict", &note, "--ground", " "]);
    assert_eq!((ran.code, ran.error().as_str()), (3, "bad_ground"));
}
