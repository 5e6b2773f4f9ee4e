//! Caseloads at the command line: the team's setting, cases assigned and given up, cases that nobody has.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::World;

/// A world whose team PPR opens its cases by assignment, with its members Peter and Mia.
fn by_assignment() -> World {
    let world = World::new();
    let add = ["team", "add", "PPR", "--kind", "ppr"];
    world
        .admin(&[&add[..], &["--caseload", "assigned"]].concat())
        .ok();
    for name in ["Peter Bæk", "Mia Kjær"] {
        world.admin(&["practitioner", "add", name]).ok();
        world.admin(&["membership", "add", name, "PPR"]).ok();
    }
    world
}

#[test]
fn a_case_is_assigned_shown_and_given_up() {
    let world = by_assignment();
    let peter = world.device("peter", "Peter Bæk");
    let mia = world.device("mia", "Mia Kjær");
    peter.run(&["sync"]).ok();
    mia.run(&["sync"]).ok();
    let open = ["case", "open", "--team", "PPR", "--set", "name=Sofie Ærø"];
    let case = peter.id(&[&open[..], &["--set", "kind=child"]].concat(), "case");
    mia.run(&["sync"]).ok();
    let unknown = mia.run(&["case", "show", &case]);
    assert_eq!(
        (unknown.code, unknown.error().as_str()),
        (4, "unknown_case")
    );

    let last = peter.run(&["case", "unassign", &case, "Peter Bæk"]);
    assert_eq!((last.code, last.error().as_str()), (5, "last_assigned"));
    let anna = peter.run(&["case", "assign", &case, "Anna Holm"]);
    assert_eq!((anna.code, anna.error().as_str()), (4, "no_colleague"));
    let assign = ["case", "assign", &case, "mia kjær"];
    let offline = peter.run(&[&assign[..], &["--offline"]].concat()).ok();
    assert_eq!(offline.json()["changed"], true);
    let waiting = peter.told(&["outbox"]).ok().stdout;
    assert!(
        waiting.contains("Tildeler sag: Mia Kjær · Sofie Ærø"),
        "{waiting}"
    );
    let list = peter.told(&["case", "list"]).ok().stdout;
    assert!(list.contains("Peter Bæk, Mia Kjær (venter)"), "{list}");
    peter.run(&["sync"]).ok();
    assert_eq!(peter.run(&assign).ok().json()["changed"], false);

    mia.run(&["sync"]).ok();
    let shown = mia.run(&["case", "show", &case]).ok().json();
    assert_eq!(shown["assigned"][1]["practitioner"]["name"], "Mia Kjær");
    assert_eq!(shown["assigned"][1]["waiting"], false);
    let told = mia.told(&["case", "show", &case]).ok().stdout;
    assert!(told.contains("Tildelt Peter Bæk, Mia Kjær"), "{told}");
    let unassign = ["case", "unassign", &case, "Peter Bæk"];
    assert_eq!(mia.run(&unassign).ok().json()["changed"], true);
    assert_eq!(mia.run(&unassign).ok().json()["changed"], false);

    // What Peter wrote meanwhile is in his box, and what he asked about the case, too.
    peter
        .run(&[
            "write",
            "note",
            "--case",
            &case,
            "--set",
            "text=sent",
            "--offline",
        ])
        .ok();
    peter
        .run(&["case", "unassign", &case, "Mia Kjær", "--offline"])
        .ok();
    peter.run(&["sync"]);
    let gone = peter.run(&["case", "show", &case]);
    assert_eq!((gone.code, gone.error().as_str()), (4, "unknown_case"));
    let refused = peter.told(&["not-delivered", "list"]).ok().stdout;
    for part in [
        "Afslutter tildeling: Mia Kjær · Sofie Ærø",
        "sagen er ikke din længere",
        "sent",
    ] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    let given_up = peter.told(&["not-delivered", "discard", &case]).ok().stdout;
    assert!(
        given_up.contains("Intet, der er skrevet, er slettet"),
        "{given_up}"
    );
}

#[test]
fn the_setting_and_the_cases_that_nobody_has_are_the_administrations() {
    let world = by_assignment();
    let peter = world.device("peter", "Peter Bæk");
    let mia = world.device("mia", "Mia Kjær");
    peter.run(&["sync"]).ok();
    mia.run(&["sync"]).ok();
    let open = ["case", "open", "--team", "PPR", "--set", "name=Sofie Ærø"];
    let case = peter.id(&[&open[..], &["--set", "kind=child"]].concat(), "case");
    let has = |sees: bool| {
        mia.until("the list to change", |mia| {
            mia.run(&["sync"]).ok();
            let cases = mia.run(&["case", "list"]).ok().json();
            (cases["cases"][0]["case"] == case.as_str()) == sees
        });
    };
    let teams = world.admin(&["team", "list"]).ok().json();
    assert!(teams["teams"].as_array().is_some_and(|all| {
        all.iter()
            .any(|team| team["name"] == "PPR" && team["caseload"] == "assigned")
    }));
    for (caseload, sees) in [("whole-team", true), ("assigned", false)] {
        let set = world.admin(&["team", "caseload", "ppr", caseload]).ok();
        assert_eq!(set.json()["caseload"], caseload.replace('-', "_"));
        has(sees);
    }
    let wrong = world.admin(&["team", "caseload", "ppr", "nobody"]);
    assert_eq!(
        (wrong.code, wrong.error().as_str()),
        (3, "unknown_caseload")
    );

    let none = world.admin(&["unassigned"]).ok().json();
    assert_eq!(none["cases"], serde_json::json!([]));
    world.admin(&["membership", "end", "Peter Bæk", "PPR"]).ok();
    let left = world.admin(&["unassigned"]).ok().json();
    assert_eq!(left["cases"][0]["case"], case.as_str());
    assert_eq!(left["cases"][0]["last"]["name"], "Peter Bæk");
    assert!(!left.to_string().contains("Sofie"), "{left}");
    let refused = world.admin(&["assign", &case, "Anna Holm"]);
    assert_eq!(
        (refused.code, refused.error().as_str()),
        (4, "unknown_membership")
    );
    world.admin(&["assign", &case, "mia kjær"]).ok();
    has(true);
}
