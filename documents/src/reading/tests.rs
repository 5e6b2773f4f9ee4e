//! Merge rules case by case. What holds over all interleavings is in `properties`.

mod properties;

use super::*;
use crate::{
    document::{AuthorError, Edit, Splice},
    template::Language,
    testing::{code, exchange, grams, practitioner, replicas, set, subject, text, values},
};

/// Søvn, no problem to problem.
const SLEEP: [&str; 3] = [
    "b07eec60-941d-484d-8c2a-aeaa2ba798bf",
    "d13ad530-d8f6-4933-be18-bb77e2334f9f",
    "c25b5cda-3f6b-4ef7-998d-c22c58c6dd18",
];

fn choose(field: &str, value: Value) -> Edit {
    Edit::Choose {
        field: field.to_owned(),
        item: None,
        value,
    }
}

#[test]
fn concurrent_measurements_are_all_shown_and_none_is_taken_until_a_person_chooses() {
    let mut all = replicas(2, "home_visit", vec![]);
    all[0].edit(&[set("weight", grams(3450))]).unwrap();
    all[1].edit(&[set("weight", grams(3540))]).unwrap();
    exchange(&mut all);
    let field = all[0].field("weight");
    assert!(matches!(
        &field.state,
        FieldState::Conflict { shown: None, .. }
    ));
    assert_eq!(values(&field), [grams(3450), grams(3540)]);
    let authors: Vec<_> = field
        .values()
        .iter()
        .map(|value| value.author.unwrap())
        .collect();
    assert_eq!(authors, [practitioner(1), practitioner(2)]);
    assert_eq!(all[1].reading().conflicts, 1);

    let refused = all[0].edit(&[set("weight", grams(3450))]);
    assert!(
        matches!(refused, Err(AuthorError::InConflict { .. })),
        "saving the winner again ends no conflict"
    );
    let refused = all[0].edit(&[Edit::Clear {
        field: "weight".to_owned(),
    }]);
    assert!(matches!(refused, Err(AuthorError::InConflict { .. })));
    all[0].edit(&[choose("weight", grams(3540))]).unwrap();
    exchange(&mut all);
    let field = all[1].field("weight");
    assert!(
        matches!(&field.state, FieldState::One(one) if one.value == grams(3540) && one.author == Some(practitioner(1)))
    );
    assert_eq!(all[1].reading().conflicts, 0);
}

#[test]
fn a_choice_keeps_the_operations_it_saw() {
    let mut all = replicas(2, "home_visit", vec![]);
    all[0].edit(&[set("weight", grams(3450))]).unwrap();
    all[1].edit(&[set("weight", grams(3540))]).unwrap();
    exchange(&mut all);
    let mut seen: Vec<String> = all[0]
        .field("weight")
        .values()
        .iter()
        .map(|value| value.operation.clone())
        .collect();
    all[0].edit(&[choose("weight", grams(3450))]).unwrap();
    use automerge::{ROOT, ReadDoc};
    let (_, choices) = all[0].document.inner.get(ROOT, "choices").unwrap().unwrap();
    let (kept, _) = all[0]
        .document
        .inner
        .get(&choices, "weight")
        .unwrap()
        .unwrap();
    let mut kept: Vec<String> = kept
        .as_str()
        .unwrap()
        .split(' ')
        .map(str::to_owned)
        .collect();
    seen.sort();
    kept.sort();
    assert_eq!(kept, seen);
}

#[test]
fn concurrent_choices_conflict_again_under_the_same_rule() {
    let mut all = replicas(2, "home_visit", vec![]);
    all[0].edit(&[set("sleep", code(SLEEP[0]))]).unwrap();
    all[1].edit(&[set("sleep", code(SLEEP[1]))]).unwrap();
    exchange(&mut all);
    all[0].edit(&[choose("sleep", code(SLEEP[0]))]).unwrap();
    all[1].edit(&[choose("sleep", code(SLEEP[2]))]).unwrap();
    exchange(&mut all);
    let field = all[0].field("sleep");
    assert!(
        matches!(&field.state, FieldState::Conflict { shown: Some(shown), .. } if shown.value == code(SLEEP[2]))
    );
    assert_eq!(values(&field).len(), 2);
    assert_eq!(all[0].reading(), all[1].reading());
}

#[test]
fn choosing_what_the_library_would_have_shown_is_a_choice_like_any_other() {
    for chosen in [[3450, 3540], [3540, 3450]] {
        let mut all = replicas(2, "home_visit", vec![]);
        all[0].edit(&[set("weight", grams(3450))]).unwrap();
        all[1].edit(&[set("weight", grams(3540))]).unwrap();
        exchange(&mut all);
        all[0].edit(&[choose("weight", grams(chosen[0]))]).unwrap();
        all[1].edit(&[choose("weight", grams(chosen[1]))]).unwrap();
        exchange(&mut all);
        let field = all[0].field("weight");
        assert_eq!(values(&field).len(), 2, "{chosen:?}");
        assert!(field.needs_choice());
    }
}

#[test]
fn the_same_value_written_twice_is_no_conflict() {
    let mut all = replicas(2, "home_visit", vec![]);
    all[0].edit(&[set("weight", grams(3450))]).unwrap();
    all[1].edit(&[set("weight", grams(3450))]).unwrap();
    exchange(&mut all);
    assert!(matches!(all[0].field("weight").state, FieldState::One(_)));
    assert!(
        all[0]
            .edit(&[set("weight", grams(3500))])
            .unwrap()
            .is_some()
    );
}

#[test]
fn an_emptied_field_does_not_speak_against_a_value() {
    let mut all = replicas(2, "home_visit", vec![set("weight", grams(3450))]);
    all[0]
        .edit(&[Edit::Clear {
            field: "weight".to_owned(),
        }])
        .unwrap();
    assert!(matches!(all[0].field("weight").state, FieldState::Empty));
    all[1].edit(&[set("weight", grams(3500))]).unwrap();
    exchange(&mut all);
    assert_eq!(values(&all[0].field("weight")), [grams(3500)]);
    assert_eq!(all[0].reading().conflicts, 0);
}

#[test]
fn a_harmless_label_shows_the_last_and_keeps_the_other_and_can_be_edited() {
    let mut all = replicas(2, "card", vec![]);
    all[0].edit(&[set("language", text("tyrkisk"))]).unwrap();
    all[1]
        .edit(&[set("interpreter", Value::Boolean(true))])
        .unwrap();
    all[1].edit(&[set("language", text("kurdisk"))]).unwrap();
    exchange(&mut all);
    let field = all[0].field("language");
    assert!(
        matches!(&field.state, FieldState::Conflict { shown: Some(shown), .. } if shown.value == text("kurdisk"))
    );
    assert_eq!(all[0].reading().conflicts, 0);
    assert!(
        all[0]
            .edit(&[set("language", text("kurmanji"))])
            .unwrap()
            .is_some()
    );
    assert_eq!(values(&all[0].field("language")), [text("kurmanji")]);
}

#[test]
fn a_withdrawal_wins_over_a_concurrent_consent_and_only_a_consent_that_names_it_follows() {
    let consent = "consent_to_cooperation";
    let mut all = replicas(2, "card", vec![set(consent, code("given"))]);
    all[0].edit(&[set(consent, code("withdrawn"))]).unwrap();
    all[1].edit(&[set(consent, code("not_given"))]).unwrap();
    all[1].edit(&[set(consent, code("given"))]).unwrap();
    exchange(&mut all);
    let field = all[1].field(consent);
    assert_eq!(field.shown().unwrap().value, code("withdrawn"));
    assert_eq!(
        values(&field).len(),
        2,
        "the concurrent consent is still seen"
    );
    assert!(!field.needs_choice());

    let refused = all[1].edit(&[set(consent, code("given"))]);
    assert!(matches!(
        refused,
        Err(AuthorError::WithdrawalNotNamed { .. })
    ));
    let again = |withdrawals| Edit::ConsentAgain {
        field: consent.to_owned(),
        value: code("given"),
        withdrawals,
    };
    let refused = all[1].edit(&[again(vec!["another".to_owned()])]);
    assert!(matches!(
        refused,
        Err(AuthorError::WithdrawalNotNamed { .. })
    ));
    let withdrawal = field.shown().unwrap().operation.clone();
    all[1].edit(&[again(vec![withdrawal])]).unwrap();
    exchange(&mut all);
    assert!(
        matches!(&all[0].field(consent).state, FieldState::One(one) if one.value == code("given"))
    );
}

#[test]
fn prose_of_two_merges_by_character_and_names_both() {
    let mut all = replicas(2, "home_visit", vec![set("seen", text("Emma sover godt."))]);
    let at_end = |n: usize, insert: &str| Edit::Text {
        field: "seen".to_owned(),
        edits: vec![Splice {
            at: n,
            delete: 0,
            insert: insert.to_owned(),
        }],
    };
    all[0].edit(&[at_end(16, " Hun smiler.")]).unwrap();
    all[1]
        .edit(&[Edit::ReplaceText {
            field: "seen".to_owned(),
            text: "Lille Emma sover godt.".to_owned(),
        }])
        .unwrap();
    exchange(&mut all);
    let FieldState::Text { text, authors } = all[0].field("seen").state else {
        panic!("prose");
    };
    assert_eq!(text, "Lille Emma sover godt. Hun smiler.");
    assert_eq!(authors, [practitioner(2), practitioner(1)]);
}

#[test]
fn when_it_happened_is_corrected_like_a_measurement_and_the_earliest_orders_meanwhile() {
    let mut all = replicas(2, "note", vec![]);
    let at = |minutes: i64| Moment {
        at: UnixMillis(1_794_990_000_000 + minutes * 60_000),
        offset_minutes: 60,
    };
    all[0].edit(&[Edit::OccurredAt(at(30))]).unwrap();
    all[1].edit(&[Edit::OccurredAt(at(10))]).unwrap();
    exchange(&mut all);
    assert_eq!(all[0].reading().occurred_at, Some(at(10)));
    assert_eq!(all[0].reading().conflicts, 1);
    assert_eq!(all[0].reading().fields[0].name, "occurred_at");
    all[0]
        .edit(&[choose("occurred_at", Value::Moment(at(30)))])
        .unwrap();
    assert_eq!(all[0].reading().occurred_at, Some(at(30)));
    assert!(all[0].reading().field("occurred_at").is_none());
}

/// A change as another program could write it: through the library, past every check of ours.
fn meddle(
    replica: &mut crate::testing::Replica,
    work: impl FnOnce(&mut automerge::transaction::Transaction<'_>, automerge::ObjId),
) {
    use automerge::{ROOT, ReadDoc};
    replica
        .document
        .inner
        .set_actor(automerge::ActorId::from([9u8; 24]));
    let mut tx = replica.document.inner.transaction();
    let (_, fields) = tx.get(ROOT, "fields").unwrap().unwrap();
    work(&mut tx, fields);
    tx.commit();
}

#[test]
fn what_breaks_its_template_is_shown_as_invalid_and_named() {
    use automerge::transaction::Transactable;
    let mut all = replicas(1, "home_visit", vec![]);
    meddle(&mut all[0], |tx, fields| {
        tx.put(&fields, "weight", "tung").unwrap();
        tx.put(&fields, "sleep", 7).unwrap();
        tx.put(&fields, "seen", "en streng").unwrap();
        tx.put(&fields, "participants", true).unwrap();
        tx.put_object(&fields, "height", automerge::ObjType::List)
            .unwrap();
    });
    let reading = all[0].reading();
    let raw = |name: &str| match &reading.field(name).unwrap().state {
        FieldState::Invalid { raw, .. } => raw.clone(),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(raw("weight"), "tung");
    assert_eq!(raw("sleep"), "7");
    assert_eq!(raw("seen"), "en streng");
    assert_eq!(raw("participants"), "true");
    assert_eq!(raw("height"), "");
    assert_eq!(reading.invalid, 5);
    assert!(
        reading.value("weight").is_none(),
        "nothing invalid is shown as a value"
    );
}

#[test]
fn what_a_newer_template_wrote_is_kept_read_marked_and_round_trips() {
    use automerge::{ObjType, transaction::Transactable};
    let mut all = replicas(1, "home_visit", vec![]);
    meddle(&mut all[0], |tx, fields| {
        tx.put(&fields, "mood", "glad").unwrap();
        let prose = tx.put_object(&fields, "music", ObjType::Text).unwrap();
        tx.splice_text(&prose, 0, 0, "Synger Mariehønen Evigglad")
            .unwrap();
        let map = tx.put_object(&fields, "toys", ObjType::Map).unwrap();
        tx.put(&map, "bear", 2).unwrap();
    });
    all[0].edit(&[set("weight", grams(3450))]).unwrap();
    let saved = all[0].document.save();
    all[0].document = crate::guard::load(&saved, saved.len()).unwrap();
    let reading = all[0].reading();
    let mood = reading.field("mood").unwrap();
    assert_eq!(
        (values(mood), &mood.labels, mood.merge),
        (vec![text("glad")], &None, MergeRule::KeepAll)
    );
    assert_eq!(
        values(reading.field("music").unwrap()),
        [text("Synger Mariehønen Evigglad")]
    );
    assert_eq!(values(reading.field("toys").unwrap()), [text("bear: 2")]);
    assert_eq!((reading.invalid, reading.conflicts), (0, 0));
}

#[test]
fn two_texts_made_at_once_by_another_program_are_both_read_also_when_they_are_equal() {
    two_texts("det ene", "det andet");
    two_texts("det samme", "det samme");
}

fn two_texts(one: &str, other: &str) {
    use automerge::{ObjType, transaction::Transactable};
    let mut all = replicas(2, "note", vec![]);
    for (n, said) in [(0usize, one), (1, other)] {
        all[n]
            .document
            .inner
            .set_actor(automerge::ActorId::from([[20u8; 24], [21; 24]][n]));
        let mut tx = all[n].document.inner.transaction();
        use automerge::ReadDoc;
        let (_, fields) = tx.get(automerge::ROOT, "fields").unwrap().unwrap();
        let prose = tx.put_object(&fields, "text", ObjType::Text).unwrap();
        tx.splice_text(&prose, 0, 0, said).unwrap();
        tx.commit();
    }
    let theirs = all[1].document.change_bytes_since(&all[0].document.heads());
    all[0].receive_all(&theirs);
    let field = all[0].field("text");
    assert!(field.needs_choice());
    let said = values(&field);
    assert!(
        [one, other]
            .iter()
            .all(|said_by_one| said.contains(&text(said_by_one)))
    );
    let refused = all[0].edit(&[set("text", text("x"))]);
    assert!(matches!(refused, Err(AuthorError::InConflict { .. })));
    all[0]
        .edit(&[choose("text", text("det ene og det andet"))])
        .unwrap();
    assert_eq!(
        values(&all[0].field("text")),
        [text("det ene og det andet")]
    );
}

#[test]
fn nothing_at_all_reads_as_an_empty_document_of_no_template() {
    let reading = crate::document::Document::empty().reading(Templates::built_in());
    assert!(!reading.template_known && reading.fields.is_empty());
    assert_eq!(
        (reading.subject, reading.occurred_at, reading.written_at),
        (None, None, None)
    );
}

#[test]
fn a_reading_survives_json_whatever_is_in_it_and_is_short() {
    use automerge::{ReadDoc, transaction::Transactable};
    let mut all = replicas(
        2,
        "home_visit",
        vec![set("seen", text("Æ")), set("weight", grams(3450))],
    );
    let who = vec![("who".to_owned(), text("Far"))];
    let item = uuid::Uuid::from_u128(1);
    all[0]
        .edit(&[Edit::AddItem {
            field: "participants".to_owned(),
            item,
            values: who,
        }])
        .unwrap();
    all[0]
        .edit(&[set(
            "height",
            Value::Missing(crate::value::MissingReason::Declined),
        )])
        .unwrap();
    all[0].edit(&[set("sleep", code(SLEEP[2]))]).unwrap();
    all[1].edit(&[set("sleep", code(SLEEP[1]))]).unwrap();
    exchange(&mut all);
    let again = |reading: &Reading| {
        let json = serde_json::to_string(reading).unwrap();
        assert_eq!(&serde_json::from_str::<Reading>(&json).unwrap(), reading);
        json
    };
    let json = again(&all[0].reading());
    assert!(
        !json.contains("Søvn") && !json.contains("hearing"),
        "{json}"
    );

    let at = |minutes: i64| Moment {
        at: UnixMillis(minutes * 60_000),
        offset_minutes: 60,
    };
    all[0].edit(&[Edit::OccurredAt(at(30))]).unwrap();
    all[1].edit(&[Edit::OccurredAt(at(10))]).unwrap();
    exchange(&mut all);
    meddle(&mut all[0], |tx, fields| {
        tx.put(&fields, "mood", "glad").unwrap();
        tx.put(&fields, "weight", "tung").unwrap();
        tx.put(&fields, "informants", 3).unwrap();
        let (_, items) = tx.get(&fields, "participants").unwrap().unwrap();
        tx.put(&items, "no id", "and no item").unwrap();
    });
    let reading = all[0].reading();
    again(&reading);
    again(&all[0].document.reading(&Templates::read(&[]).unwrap()));
    again(&crate::document::Document::empty().reading(Templates::built_in()));
    assert_eq!(reading.subject, Some(subject()));
}

#[test]
fn titles_and_summaries_read_as_a_list_shows_them() {
    let visit = Value::Code("58ff370b-a775-4bec-b24a-91604e0a5fe7".to_owned());
    let mut all = replicas(
        2,
        "home_visit",
        vec![
            set("visit_type", visit),
            set("seen", text("Emma\nsover godt.")),
        ],
    );
    all[0].edit(&[set("weight", grams(3450))]).unwrap();
    all[1].edit(&[set("weight", grams(3540))]).unwrap();
    exchange(&mut all);
    let reading = all[0].reading();
    let templates = Templates::built_in();
    assert_eq!(
        reading.title(templates, Language::Danish),
        "Hjemmebesøg: Besøg hos det 4-6 måneder gamle barn"
    );
    assert_eq!(
        reading.summary(templates, Language::Danish, 2),
        ["Set og hørt: Emma sover godt.", "Vægt: 3.450 g ≠ 3.540 g"]
    );
    assert_eq!(
        reading.summary(templates, Language::English, 1),
        ["Seen and heard: Emma sover godt."]
    );
}
