//! A visitor's day at the command line: what is due, what is not complete.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::{Device, World};
use serde_json::Value;

/// The day that lies so far from today, in Danish time.
fn day(from_today: i64) -> String {
    let zone = jiff::tz::TimeZone::get("Europe/Copenhagen").expect("a zone");
    let today = jiff::Timestamp::now().to_zoned_datetime(zone).date();
    let day = today.checked_add(jiff::ToSpan::days(from_today));
    day.expect("a day").to_string()
}

/// A file beside the server's folder.
fn file(world: &World, name: &str, text: &str) -> String {
    let path = world.server_folder().with_file_name(name);
    std::fs::write(&path, text).expect("writes");
    path.display().to_string()
}

fn yaml(world: &World, text: &str) -> String {
    file(world, "andet.yaml", text)
}

fn due(device: &Device, more: &[&str]) -> Vec<Value> {
    let told = device.run(&[&["due"], more].concat()).ok().json();
    told["due"].as_array().expect("a list").clone()
}

#[test]
fn what_is_due_is_listed_over_the_caseload_and_goes_when_it_was_held() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let born = format!("birth_date={}", day(-30));
    let case = anna.open_case("Sofie Ærø", &["--set", &born]);
    let rows = due(&anna, &[]);
    let kinds: Vec<&Value> = rows.iter().map(|row| &row["visit_type"]).collect();
    assert_eq!(kinds, ["postnatal", "establishment"]);
    assert_eq!(rows[0]["urgency"], "overdue");
    assert_eq!(rows[0]["name"], "Sofie Ærø");
    assert_eq!(rows[0]["case"], Value::from(case.as_str()));
    assert_eq!(due(&anna, &["--overdue"]).len(), 2);
    assert_eq!(due(&anna, &["--today"]).len(), 0);
    let said = anna.told(&["due"]).ok().stdout;
    for word in ["Over tid", "Sofie Ærø", "Sundhedsplejen"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let said = anna.told(&["--lang", "en", "due"]).ok().stdout;
    assert!(said.contains("Overdue"), "{said}");
    // On another day another visit is due.
    let later = format!("{}T10:00", day(28));
    let rows = due(&anna, &["--at", &later, "--week"]);
    assert!(
        rows.iter().all(|row| row["urgency"] != "overdue"),
        "{rows:?}"
    );

    let plan = ["contact", "plan", &case, "--at", "i dag 12:00"];
    anna.id(&plan, "contact");
    let today = due(&anna, &["--today"]);
    assert_eq!(today.len(), 1);
    assert_eq!(today[0]["agreed"], Value::from(day(0)));
    assert_eq!(today[0]["visit_type"], Value::Null);
    for (kind, held) in [("postnatal", day(-26)), ("establishment", day(-20))] {
        let (kind, at) = (format!("visit_type={kind}"), format!("{held}T10:00"));
        let write = [
            "write",
            "home_visit",
            "--case",
            &case,
            "--set",
            &kind,
            "--at",
            &at,
        ];
        anna.run(&write).ok();
    }
    assert!(due(&anna, &["--overdue"]).is_empty());
    let none = anna.run(&["due", "--team", "Månen"]);
    assert_eq!((none.code, none.error().as_str()), (4, "unknown_team"));
    let two = anna.run(&["due", "--today", "--week"]);
    assert_eq!((two.code, two.error().as_str()), (2, "usage"));
}

#[test]
fn what_is_mandatory_is_said_with_its_reasons_and_since_when_it_is_overdue() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Karla", &["--offline"]);
    let at = format!("{}T10:00", day(-5));
    let write = [
        "write",
        "home_visit",
        "--case",
        &case,
        "--offline",
        "--at",
        &at,
        "--set",
        "visit_type=postnatal",
        "--set",
        "contact_form=home",
        "--set",
        "weight=3450 g",
    ];
    let visit = anna.id(&write, "document");
    let read = |more: &[&str]| {
        let command = [&["read", &visit], more].concat();
        anna.run(&command).ok().json()
    };
    let told = read(&[]);
    assert_eq!(
        told["incomplete"],
        serde_json::json!(["parent_child_relation", "nutrition_infant"])
    );
    assert_eq!(told["required"]["state"], "overdue");
    assert_eq!(told["required"]["reading"], "text");
    let by = told["required"]["by"].as_str().expect("a time");
    assert!(by.starts_with(&day(-3)), "{by}");
    assert_eq!(
        read(&["--reading", "machine"])["required"]["reading"],
        "machine"
    );
    let said = anna.told(&["read", &visit]).ok().stdout;
    assert!(said.contains("Skulle have været udfyldt senest"), "{said}");
    let said = anna.told(&["timeline", &case]).ok().stdout;
    assert!(said.contains("Skulle have været udfyldt senest"), "{said}");
    let entries = anna.run(&["timeline", &case]).ok().json();
    assert_eq!(entries["entries"][0]["complete"]["text"], "overdue");
    let listed = || anna.run(&["incomplete"]).ok().json()["incomplete"].clone();
    assert_eq!(listed()[0]["document"], Value::from(visit.as_str()));
    assert_eq!(listed()[0]["name"], "Karla");

    let set = |value: &str| {
        anna.run(&["edit", &visit, "--offline", "--set", value])
            .ok();
    };
    set("nutrition_infant=Ammes primært");
    set("parent_child_relation=ikke udført");
    let told = read(&[]);
    assert_eq!(told["required"]["state"], "complete");
    let fields = told["required"]["fields"].as_array().expect("a list");
    let reasons: Vec<&Value> = fields.iter().map(|one| &one["filling"]).collect();
    assert!(reasons.contains(&&Value::from("reason")), "{fields:?}");
    let said = anna.told(&["read", &visit]).ok().stdout;
    assert!(said.contains("Mangler med grund"), "{said}");
    assert_eq!(listed(), serde_json::json!([]));
    let said = anna.told(&["incomplete"]).ok().stdout;
    assert!(said.contains("Alle dine besøg er udfyldt"), "{said}");
}

#[test]
fn a_childs_growth_is_a_table_with_scores_and_a_reason_where_there_is_none() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let born = format!("birth_date={}", day(-60));
    let case = anna.open_case("Sofie Ærø", &["--offline", "--set", &born]);
    let said = anna.told(&["growth", &case]).ok().stdout;
    assert!(said.contains("Ingen målinger"), "{said}");
    let at = format!("{}T10:00", day(-30));
    let write = [
        "write",
        "home_visit",
        "--case",
        &case,
        "--offline",
        "--at",
        &at,
        "--set",
        "weight=4,2 kg",
    ];
    let visit = anna.id(&write, "document");
    let number = || {
        let told = anna.run(&["growth", &case]).ok().json();
        assert_eq!(told["series"][0]["indicator"], "weight_for_age");
        assert_eq!(
            told["series"][0]["points"][0]["document"],
            Value::from(visit.as_str())
        );
        told["series"][0]["points"][0]["numbers"][0].clone()
    };
    let told = number();
    assert_eq!(
        (&told["z"], &told["no_score"]),
        (&Value::Null, &"sex_unknown".into())
    );
    let said = anna.told(&["growth", &case]).ok().stdout;
    assert!(said.contains("stamkortet siger intet"), "{said}");
    anna.run(&["case", "edit", &case, "--offline", "--set", "sex=girl"])
        .ok();
    let told = number();
    assert_eq!(
        (&told["amount"], &told["age_days"]),
        (&4.2.into(), &30.into())
    );
    let z = told["z"].as_str().expect("a score").to_owned();
    let said = anna.told(&["growth", &case]).ok().stdout;
    for word in ["4,20 kg", &z.replace('.', ","), "30 dage", "WHO"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let nowhere = anna.run(&["growth", "01a2b3c4-d5e6-7000-8000-000000000000"]);
    assert_eq!(
        (nowhere.code, nowhere.error().as_str()),
        (4, "unknown_case")
    );
}

#[test]
fn a_draft_begins_from_the_last_visit_and_says_what_is_unchanged() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Karla", &["--offline"]);
    let nothing = [
        "draft",
        "home_visit",
        "--case",
        &case,
        "--offline",
        "--from-last",
    ];
    assert_eq!(anna.run(&nothing).ok().json()["last"], Value::Null);
    let at = format!("{}T10:00", day(-30));
    let write = [
        "write",
        "home_visit",
        "--case",
        &case,
        "--offline",
        "--at",
        &at,
        "--set",
        "interpreter=ja",
        "--set",
        "passive_smoking=Ikke udsat for tobaksrøg",
        "--set",
        "weight=4,2 kg",
    ];
    let last = anna.id(&write, "document");
    let begun = anna.run(&nothing).ok().json();
    assert_eq!(begun["last"]["document"], Value::from(last.as_str()));
    assert_eq!(begun["carried"], serde_json::json!(["interpreter"]));
    assert_eq!(begun["unchanged"][0]["name"], "passive_smoking");
    assert_eq!(begun["unchanged"].as_array().map(Vec::len), Some(1));
    let draft = begun["document"].as_str().expect("an id");
    let edit = |more: &[&str]| anna.run(&[&["edit", draft, "--offline"], more].concat());
    let unknown = edit(&["--unchanged", "vægten"]);
    assert_eq!(
        (unknown.code, unknown.error().as_str()),
        (3, "unknown_field")
    );
    assert_eq!(
        edit(&["--unchanged", "weight"]).ok().json()["changed"],
        false
    );
    assert_eq!(edit(&["--unchanged", "alt"]).ok().json()["changed"], true);
    assert_eq!(edit(&["--unchanged", "alt"]).ok().json()["changed"], false);
    let started = anna.told(&["visit", "start", &case, "--offline", "--from-last"]);
    let said = started.ok().stdout;
    for word in ["Fra sidst", "Tolk", "Uændret siden sidst?"] {
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[test]
fn a_visit_is_written_from_a_file_with_what_it_says_of_each_parent() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Karla", &["--offline"]);
    let mother = anna.open_case("Mia", &["--offline", "--set", "kind=parent"]);
    let relation = format!("relations:relation=custody;case={mother}");
    anna.run(&["case", "edit", &case, "--offline", "--add-item", &relation])
        .ok();
    let file = file(
        &world,
        "besøg.json",
        r#"{"fields": {"visit_type": "postnatal", "contact_form": "home", "weight": "52500 g"}, "parents": [
            {"name": "mia", "fields": {"seen": "Mor er træt"}},
            {"name": "Ali", "relation": "custody", "fields": {"seen": "Far sover"}}]}"#,
    );
    let write = ["visit", "write", &case, "--offline", "--from", &file];
    let refused = anna.run(&write);
    assert_eq!(refused.code, 4);
    assert_eq!(refused.error(), "parent_without_case");
    let told = anna.told(&write);
    assert!(told.stderr.contains("--open-parent \"Ali\""), "{told:?}");
    let open = [&write[..], &["--open-parent", "Ali", "--publish"]].concat();
    let written = anna.run(&open).ok().json();
    assert_eq!(
        written["warnings"][0]["field"], "weight",
        "it is kept and told"
    );
    assert_eq!(written["parents"][0]["case"], Value::from(mother.as_str()));
    assert_eq!(written["parents"][1]["opened"], true);
    let ali = written["parents"][1]["case"].as_str().expect("a case");
    let entries = |case: &str| {
        let told = anna.run(&["timeline", case]).ok().json();
        let all = told["entries"].as_array().expect("a list").iter();
        all.map(|one| one["template"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(entries(&case), ["home_visit"]);
    assert_eq!(entries(&mother), ["parent_visit"]);
    assert_eq!(entries(ali), ["parent_visit"]);
    // What is the parents' does not fit into the child's, and other commands take no parents.
    let wrong = yaml(&world, "fields: {parent_mental_state: 1}\n");
    let mixed = anna.run(&["visit", "write", &case, "--offline", "--from", &wrong]);
    assert_eq!(mixed.error(), "unknown_field");
    let elsewhere = [
        "write",
        "home_visit",
        "--case",
        &case,
        "--offline",
        "--from",
        &file,
    ];
    assert_eq!(anna.run(&elsewhere).error(), "file_shape");
    let unclear = yaml(&world, "parents: [{relation: custody}]\n");
    let unclear = anna.run(&["visit", "write", &case, "--offline", "--from", &unclear]);
    assert_eq!(unclear.error(), "parent_unclear", "there are two");
}

#[test]
fn feeding_is_read_in_periods_with_what_overlaps() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let case = anna.open_case("Karla", &["--offline"]);
    let write = [
        "write",
        "home_visit",
        "--case",
        &case,
        "--offline",
        "--add-item",
        "feeding:kind=Ammes primært;from=1.9.2026;until=20.9.2026",
        "--add-item",
        "feeding:kind=Modermælkserstatning og/eller overgangskost;from=15.9.2026",
        "--add-item",
        "feeding:from=1.10.2026",
    ];
    let visit = anna.id(&write, "document");
    let told = anna.run(&["read", &visit]).ok().json()["feeding"].clone();
    assert_eq!(told["periods"][0]["display"], "Ammes primært");
    assert_eq!(told["periods"][1]["until"], Value::Null);
    assert_eq!(told["overlaps"][0]["from"], "2026-09-15");
    assert_eq!(told["overlaps"][0]["until"], "2026-09-20");
    assert_eq!(told["others"][0]["why"], "incomplete");
    let said = anna.told(&["read", &visit]).ok().stdout;
    for word in [
        "01.09.2026 – 20.09.2026  Ammes primært",
        "overlapper: 15.09.2026 – 20.09.2026",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
}
