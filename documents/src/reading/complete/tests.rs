use super::*;
use crate::{
    template::Language,
    testing::{grams, replicas, set},
    value::MissingReason,
};

fn typed(template: &str, field: &str, said: &str) -> crate::document::Edit {
    let field = Templates::built_in()
        .latest(template)
        .unwrap()
        .field(field)
        .unwrap();
    set(
        &field.name,
        Value::parse(field, said, Language::Danish).unwrap(),
    )
}

/// What nobody wrote anything in, by name.
fn open_in(reading: &Reading, guide: Guide) -> Vec<String> {
    let required = reading.required(Templates::built_in(), guide);
    let open = required.iter().filter(|one| one.filling == Filling::Open);
    open.map(|one| one.field.name.clone()).collect()
}

fn missing(template: &str, visit: &str, form: &str, guide: Guide) -> Vec<String> {
    let edits = vec![
        typed(template, "visit_type", visit),
        typed(template, "contact_form", form),
    ];
    open_in(&replicas(1, template, edits)[0].reading(), guide)
}

#[test]
fn a_visit_must_carry_what_the_guide_says_for_its_type_when_it_is_face_to_face() {
    use Guide::{Machine, Text};
    let first = ["parent_child_relation", "weight", "nutrition_infant"];
    assert_eq!(missing("home_visit", "postnatal", "home", Text), first);
    assert_eq!(missing("home_visit", "postnatal", "phone", Text), [""; 0]);
    let leaving = missing("home_visit", "school_leaving", "facility", Text);
    assert!(
        leaving.contains(&"nicotine".to_owned())
            && leaving.contains(&"nutrition_school".to_owned())
    );
    assert_eq!(
        missing("parent_visit", "pregnancy", "home", Text),
        ["parent_mental_state", "parent_vulnerability", "network"]
    );
    // The two places where words and rules differ.
    let has = |visit, what: &str, guide| {
        missing("home_visit", visit, "home", guide).contains(&what.to_owned())
    };
    assert!(
        has("months_8_11", "parent_child_relation", Text)
            && !has("months_8_11", "parent_child_relation", Machine)
    );
    assert!(
        !has("other_first_month", "communication", Text)
            && has("other_first_month", "communication", Machine)
    );
}

#[test]
fn a_value_or_a_reason_completes_it() {
    let edits = vec![
        typed("home_visit", "visit_type", "postnatal"),
        typed("home_visit", "contact_form", "home"),
        set("weight", grams(3450)),
        set(
            "parent_child_relation",
            Value::Missing(MissingReason::NotDone),
        ),
    ];
    let reading = replicas(1, "home_visit", edits)[0].reading();
    assert_eq!(open_in(&reading, Guide::Text), ["nutrition_infant"]);
}

/// KL's facts as they stand in the file, read here without this crate's reader.
fn facts() -> toml::Table {
    include_str!("../../../data/kl.toml").parse().unwrap()
}

fn texts(list: &toml::Value) -> Vec<String> {
    let all = list.as_array().unwrap().iter();
    all.map(|one| one.as_str().unwrap().to_owned()).collect()
}

/// The fields of a template that the file asks of a visit, by its own words or rules.
fn asked(facts: &toml::Table, template: &str, visit: &str, reading: &str) -> Vec<String> {
    let of_parent = |what: &str| {
        let mut indicators = facts["indicator"].as_array().unwrap().iter();
        let found = indicators.find(|one| one["name"].as_str() == Some(what));
        found.is_some_and(|one| one["subject"].as_str() == Some("parent"))
    };
    let school = visit.starts_with("school_") || visit.starts_with("middle_school");
    let mut names = Vec::new();
    for one in facts["mandatory"].as_array().unwrap() {
        let what = one["what"].as_str().unwrap();
        let here = of_parent(what) == (template == "parent_visit");
        if here && texts(&one[reading]).contains(&visit.to_owned()) {
            names.push(match what {
                "nutrition" if school => "nutrition_school".to_owned(),
                "nutrition" => "nutrition_infant".to_owned(),
                what => what.to_owned(),
            });
        }
    }
    names
}

#[test]
fn every_visit_type_asks_what_the_file_says_in_both_readings_and_only_face_to_face() {
    let facts = facts();
    let named = |list: &str| {
        let all = facts[list].as_array().unwrap().clone();
        all.into_iter()
            .map(|one| (one["name"].as_str().unwrap().to_owned(), one))
    };
    let forms: Vec<(String, toml::Value)> = named("contact_form").collect();
    let (mut asked_in_all, mut asked_nothing) = (0, 0);
    for (visit, _) in named("visit_type") {
        for (form, facts_of_form) in &forms {
            let face_to_face = facts_of_form["face_to_face"].as_bool().unwrap();
            for template in ["home_visit", "parent_visit"] {
                for (guide, reading) in [(Guide::Text, "text"), (Guide::Machine, "machine")] {
                    let expected = if face_to_face {
                        asked(&facts, template, &visit, reading)
                    } else {
                        Vec::new()
                    };
                    let found = missing(template, &visit, form, guide);
                    assert_eq!(found, expected, "{template} {visit} {form} {reading}");
                    asked_in_all += expected.len();
                    asked_nothing += usize::from(expected.is_empty());
                }
            }
        }
    }
    // Both readings, both forms that are face to face.
    let in_file: usize = facts["mandatory"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| texts(&one["text"]).len() + texts(&one["machine"]).len())
        .sum();
    assert_eq!(asked_in_all, 2 * in_file);
    assert!(asked_nothing > 0);
}

#[test]
fn each_field_says_what_stands_in_it() {
    let reason = |reason| Value::Missing(reason);
    let mut all = replicas(
        2,
        "home_visit",
        vec![
            typed("home_visit", "visit_type", "establishment"),
            typed("home_visit", "contact_form", "facility"),
            set("weight", grams(3450)),
            set("height", reason(MissingReason::Declined)),
            set("head_circumference", reason(MissingReason::NotYetWritten)),
            set("passive_smoking", reason(MissingReason::Unknown)),
        ],
    );
    all[0].edit(&[set("weight", grams(3500))]).unwrap();
    all[1].edit(&[set("weight", grams(3600))]).unwrap();
    crate::testing::exchange(&mut all);
    let reading = all[0].reading();
    let required = reading.required(Templates::built_in(), Guide::Text);
    let fillings: Vec<(&str, Filling)> = required
        .iter()
        .map(|one| (one.field.name.as_str(), one.filling))
        .collect();
    assert_eq!(
        fillings,
        [
            ("parent_child_relation", Filling::Open),
            ("weight", Filling::Unsettled),
            ("height", Filling::Reason(MissingReason::Declined)),
            (
                "head_circumference",
                Filling::Reason(MissingReason::NotYetWritten)
            ),
            ("passive_smoking", Filling::Reason(MissingReason::Unknown)),
            ("nutrition_infant", Filling::Open),
        ]
    );
    let outstanding = fillings
        .iter()
        .filter(|(_, filling)| filling.is_outstanding());
    assert_eq!(outstanding.count(), 3);
}

#[test]
fn what_is_outstanding_has_two_days_from_the_contact_on() {
    let visit = |weight: Value| {
        let edits = vec![
            typed("home_visit", "visit_type", "middle_school_measured"),
            typed("home_visit", "contact_form", "home"),
            set("weight", weight),
            set("height", Value::Missing(MissingReason::NotDone)),
        ];
        replicas(1, "home_visit", edits)[0].reading()
    };
    let due = crate::testing::moment().at.plus(COMPLETE_WITHIN_MILLIS);
    let standing =
        |reading: &Reading, now| reading.completeness(Templates::built_in(), Guide::Text, now);
    let later = visit(Value::Missing(MissingReason::NotYetWritten));
    for (now, expected) in [
        (due.plus(-COMPLETE_WITHIN_MILLIS), Completeness::Until(due)),
        (due, Completeness::Until(due)),
        (due.plus(1), Completeness::OverdueSince(due)),
    ] {
        assert_eq!(standing(&later, now), expected);
    }
    let mut undated = later.clone();
    undated.occurred_at = None;
    assert_eq!(standing(&undated, due), Completeness::Undated);
    assert_eq!(
        standing(&visit(grams(30_000)), due.plus(1)),
        Completeness::Complete
    );
    let signed = crate::testing::signed(&later);
    assert_eq!(
        standing(&signed, due.plus(1)),
        Completeness::OverdueSince(due)
    );
    let telephone = replicas(
        1,
        "home_visit",
        vec![typed("home_visit", "contact_form", "phone")],
    );
    assert_eq!(
        standing(&telephone[0].reading(), due.plus(1)),
        Completeness::Complete
    );
}
