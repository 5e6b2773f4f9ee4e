//! What a clean copy carries over, what it leaves behind, and what refuses it.

use super::*;
use crate::document::CHANGE;
use crate::{
    document::{Edit, NewDocument},
    id::SpaceId,
    reading::{FieldReading, FieldState, Reading},
    testing::{authoring, code, exchange, grams, moment, replicas, set, text},
    value::{MissingReason, Value},
};
use uuid::Uuid;

/// Words that were typed and taken away again.
const DELETED: [&str; 4] = [
    "blåbærgrød slettet igen",
    "Ærlig talt ødelagt",
    "FJERNET DELTAGER Åse",
    "4321 g",
];

fn copy(reading: &Reading) -> Result<CleanCopy, AuthorError> {
    Document::clean_copy(Templates::built_in(), reading, &authoring(1, 90))
}

/// A field as a reader sees it: without who wrote it and when, without what was taken away.
fn said(field: &FieldReading) -> (String, String) {
    let said = match &field.state {
        FieldState::Items(items) => {
            let kept = items.iter().filter(|item| !item.removed);
            let kept: Vec<_> = kept
                .map(|item| (item.id, item.fields.iter().map(said).collect::<Vec<_>>()))
                .collect();
            match kept.is_empty() {
                true => "Empty".to_owned(),
                false => format!("{kept:?}"),
            }
        }
        FieldState::Text { text, .. } => format!("{text:?}"),
        FieldState::Empty => "Empty".to_owned(),
        _ => format!("{:?}", field.shown().map(|shown| &shown.value)),
    };
    (field.name.clone(), said)
}

fn all_said(reading: &Reading) -> Vec<(String, String)> {
    reading.fields.iter().map(said).collect()
}

fn participant(item: u128, who: &str) -> Edit {
    Edit::AddItem {
        field: "participants".to_owned(),
        item: Uuid::from_u128(item),
        values: vec![
            ("who".to_owned(), text(who)),
            ("present".to_owned(), Value::Boolean(true)),
        ],
    }
}

/// A visit that was written, rewritten and cut on two devices.
fn worked_on() -> Reading {
    let mut all = replicas(
        2,
        "home_visit",
        vec![
            set("contact_form", code("HH")),
            set("seen", text(&format!("Sofie smiler. {}", DELETED[0]))),
            set("weight", grams(4321)),
            participant(1, DELETED[2]),
            participant(2, "Mor Østergård"),
        ],
    );
    let edits = [
        set("seen", text("Sofie smiler på Ærø.")),
        set("weight", grams(5250)),
        set("height", Value::Missing(MissingReason::NotDone)),
        set("worries", text(DELETED[1])),
        set("worries", text("")),
        Edit::RemoveItem {
            field: "participants".to_owned(),
            item: Uuid::from_u128(1),
        },
    ];
    for edit in edits {
        all[0].edit(&[edit]).unwrap();
    }
    exchange(&mut all);
    all[1]
        .edit(&[set("seen", text("Sofie smiler på Ærø og følger ansigter."))])
        .unwrap();
    all[1].edit(&[Edit::OccurredAt(moment())]).unwrap();
    exchange(&mut all);
    let reading = all[0].reading();
    let history: Vec<u8> = all[0].changes.values().flatten().copied().collect();
    for needle in DELETED {
        assert!(
            holds(&history, needle),
            "the draft's history holds {needle}"
        );
    }
    reading
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

#[test]
fn a_clean_copy_reads_equal_and_its_bytes_hold_nothing_that_was_taken_away() {
    let reading = worked_on();
    let copy = copy(&reading).unwrap();
    let clean = copy.reading(Templates::built_in());
    assert_eq!(all_said(&clean), all_said(&reading));
    assert_eq!(
        (
            clean.template,
            clean.template_version,
            clean.subject,
            clean.occurred_at
        ),
        (
            reading.template,
            reading.template_version,
            reading.subject,
            reading.occurred_at
        )
    );
    assert_eq!(
        (clean.conflicts, clean.invalid, clean.discarded),
        (0, 0, false)
    );
    assert!(copy.rest.is_empty());
    let facts = crate::guard::check_change(&copy.first, &CHANGE).unwrap();
    assert!(facts.deps.is_empty());
    assert_eq!((facts.seq, facts.start_op), (1, 1));
    assert_eq!(copy.document().unwrap().heads(), [facts.hash]);
    for bytes in [&copy.first, &copy.document().unwrap().save()] {
        for needle in DELETED {
            assert!(!holds(bytes, needle), "{needle}");
        }
        // Nor any of their words that stand nowhere in what is kept.
        for word in ["blåbærgrød", "ødelagt", "FJERNET", "4321"] {
            assert!(!holds(bytes, word), "{word}");
        }
        assert!(holds(bytes, "Sofie smiler på Ærø og følger ansigter."));
        assert!(
            !holds(bytes, &Uuid::from_u128(1).to_string()),
            "the item that was removed"
        );
        assert!(holds(bytes, &Uuid::from_u128(2).to_string()));
    }
}

#[test]
fn a_clean_copy_is_its_publishers_and_of_the_time_it_is_given() {
    let copy = copy(&worked_on()).unwrap();
    let clean = copy.reading(Templates::built_in());
    assert_eq!(clean.authors, [authoring(1, 0).author]);
    assert_eq!(clean.written_at, Some(authoring(1, 90).at));
}

#[test]
fn a_clean_copy_of_nothing_is_a_new_document() {
    let empty = replicas(1, "note", Vec::new()).remove(0).reading();
    let clean = copy(&empty).unwrap().reading(Templates::built_in());
    assert_eq!(all_said(&clean), all_said(&empty));
}

#[test]
fn every_field_that_waits_for_a_choice_refuses_a_copy_by_its_name() {
    let mut all = replicas(
        2,
        "home_visit",
        vec![participant(1, "Mor"), participant(2, "Far")],
    );
    let item = |item: u128, name: &str| Edit::SetItem {
        field: "participants".to_owned(),
        item: Uuid::from_u128(item),
        name: "who".to_owned(),
        value: text(name),
    };
    for (replica, grams_, who) in [(0, 5250, "Needle et"), (1, 5300, "Needle to")] {
        all[replica]
            .edit(&[set("weight", grams(grams_)), item(1, who), item(2, who)])
            .unwrap();
    }
    all[0]
        .edit(&[Edit::RemoveItem {
            field: "participants".to_owned(),
            item: Uuid::from_u128(2),
        }])
        .unwrap();
    exchange(&mut all);
    let error = copy(&all[0].reading()).unwrap_err();
    let AuthorError::InConflict { field } = &error else {
        panic!("{error:?}");
    };
    let inner = format!("participants/{}/who", Uuid::from_u128(1));
    let mut named: Vec<&str> = field.split(", ").collect();
    named.sort_unstable();
    assert_eq!(named, [inner.as_str(), "weight"]);
    assert!(!error.to_string().contains("Needle"));
    // Chosen, it goes.
    let chosen = [
        Edit::Choose {
            field: "weight".to_owned(),
            item: None,
            value: grams(5300),
        },
        Edit::Choose {
            field: "participants".to_owned(),
            item: Some((Uuid::from_u128(1), "who".to_owned())),
            value: text("Mor"),
        },
    ];
    all[0].edit(&chosen).unwrap();
    let clean = copy(&all[0].reading()).unwrap();
    assert_eq!(
        clean.reading(Templates::built_in()).value("weight"),
        Some(&grams(5300))
    );
}

#[test]
fn two_times_written_at_once_wait_for_a_choice_too() {
    let mut all = replicas(2, "note", Vec::new());
    let later = |minutes: i64| {
        let moment = moment();
        Edit::OccurredAt(crate::time::Moment {
            at: crate::time::UnixMillis(moment.at.0 + minutes * 60_000),
            ..moment
        })
    };
    all[0].edit(&[later(1)]).unwrap();
    all[1].edit(&[later(2)]).unwrap();
    exchange(&mut all);
    let error = copy(&all[0].reading()).unwrap_err();
    assert!(
        matches!(&error, AuthorError::InConflict { field } if field == "occurred_at"),
        "{error:?}"
    );
}

#[test]
fn what_the_template_does_not_know_or_allow_is_not_left_out_silently() {
    let mut reading = worked_on();
    reading.template_version = 99;
    assert!(matches!(
        copy(&reading).unwrap_err(),
        AuthorError::UnknownTemplate { .. }
    ));
    let mut reading = worked_on();
    let mut unknown = reading.field("weight").unwrap().clone();
    unknown.name = "from_tomorrow".to_owned();
    unknown.labels = None;
    reading.fields.push(unknown);
    let error = copy(&reading).unwrap_err();
    assert!(
        matches!(&error, AuthorError::UnknownField { field, .. } if field == "from_tomorrow"),
        "{error:?}"
    );
    let mut reading = worked_on();
    let weight = reading
        .fields
        .iter_mut()
        .find(|field| field.name == "weight")
        .unwrap();
    weight.state = FieldState::Invalid {
        raw: "Needle".to_owned(),
        author: None,
    };
    let error = copy(&reading).unwrap_err();
    assert!(
        matches!(&error, AuthorError::WrongType { field, .. } if field == "weight"),
        "{error:?}"
    );
    assert!(!error.to_string().contains("Needle"));
}

#[test]
fn prose_too_long_for_one_change_goes_in_pieces_that_each_hold_by_the_limits() {
    let mut all = replicas(1, "home_visit", vec![set("weight", grams(5250))]);
    let paragraph = "Åse og Sofie går tur på Ærø. ".repeat(500);
    for field in ["seen", "understood"] {
        all[0].edit(&[set(field, text(&paragraph))]).unwrap();
    }
    let reading = all[0].reading();
    let copy = copy(&reading).unwrap();
    let clean = copy.reading(Templates::built_in());
    assert_eq!(all_said(&clean), all_said(&reading));
    assert!(copy.rest.len() > 1, "{} pieces", copy.rest.len());
    let mut rebuilt = Document::empty();
    for change in std::iter::once(&copy.first).chain(&copy.rest) {
        crate::guard::check_change(change, &CHANGE).unwrap();
        crate::guard::apply(&mut rebuilt, change).unwrap();
    }
    assert_eq!(rebuilt.heads(), copy.document().unwrap().heads());
}

#[test]
fn a_discarded_document_says_so_and_keeps_what_it_says() {
    let mut all = replicas(2, "note", vec![set("text", text("Nåede ikke længere"))]);
    assert!(!all[0].reading().discarded);
    all[0].edit(&[Edit::Discard]).unwrap();
    assert_eq!(
        all[0].edit(&[Edit::Discard]).unwrap(),
        None,
        "it says so already"
    );
    all[1]
        .edit(&[set("subject_line", text("Skrevet imens"))])
        .unwrap();
    exchange(&mut all);
    let reading = all[0].reading();
    assert!(reading.discarded);
    assert_eq!(reading.value("subject_line"), Some(&text("Skrevet imens")));
    assert!(
        matches!(&reading.field("text").unwrap().state, FieldState::Text { text, .. } if text == "Nåede ikke længere")
    );
    let json = serde_json::to_string(&reading).unwrap();
    assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), reading);
    assert!(
        !copy(&reading)
            .unwrap()
            .reading(Templates::built_in())
            .discarded
    );
}

#[test]
fn a_copy_stands_on_its_readings_subject() {
    let new = NewDocument {
        template: "note",
        subject: SpaceId::from_bytes([9; 16]),
        occurred_at: moment(),
        fields: Vec::new(),
    };
    let (document, _) = Document::create(Templates::built_in(), &new, &authoring(1, 0)).unwrap();
    let reading = document.reading(Templates::built_in());
    let clean = copy(&reading).unwrap().reading(Templates::built_in());
    assert_eq!(clean.subject, Some(new.subject));
}

#[test]
fn a_withdrawal_that_stands_is_carried_over_and_the_consent_before_it_is_not() {
    let consent = "consent_to_cooperation";
    let mut all = replicas(2, "card", vec![set(consent, code("given"))]);
    all[0].edit(&[set(consent, code("withdrawn"))]).unwrap();
    all[1].edit(&[set(consent, code("not_given"))]).unwrap();
    exchange(&mut all);
    let copy = copy(&all[0].reading()).unwrap();
    let clean = copy.reading(Templates::built_in());
    assert_eq!(clean.value(consent), Some(&code("withdrawn")));
    assert!(!holds(&copy.first, "not_given"));
}

#[test]
fn what_refers_to_an_item_that_was_taken_away_stays_behind_with_it() {
    let item = |field: &str, id: u128, name: &str, value: Value| Edit::AddItem {
        field: field.to_owned(),
        item: Uuid::from_u128(id),
        values: vec![(name.to_owned(), value)],
    };
    let refers = |step: u128, goal: u128| Edit::SetItem {
        field: "sub_goals".to_owned(),
        item: Uuid::from_u128(step),
        name: "goal".to_owned(),
        value: Value::Reference(Uuid::from_u128(goal)),
    };
    let mut all = replicas(
        1,
        "plan",
        vec![
            item("goals", 1, "goal", text("I skole")),
            item("goals", 2, "goal", text("En ven")),
            item("sub_goals", 3, "step", text("Cykle")),
            item("sub_goals", 4, "step", text("Fodbold")),
            refers(3, 1),
            refers(4, 2),
        ],
    );
    let gone = Edit::RemoveItem {
        field: "goals".to_owned(),
        item: Uuid::from_u128(1),
    };
    all[0].edit(&[gone]).unwrap();
    let clean = copy(&all[0].reading()).unwrap();
    let clean = clean.reading(Templates::built_in());
    let steps: Vec<_> = clean
        .items("sub_goals")
        .map(|step| step.value("goal"))
        .collect();
    assert_eq!(steps, [None, Some(&Value::Reference(Uuid::from_u128(2)))]);
    assert_eq!(clean.invalid, 0);
}
