//! Creating and editing: what is written, what is refused, what a refusal says.

use super::*;
use crate::{
    reading::FieldState,
    testing::{
        authoring, code, exchange, grams, moment, practitioner, replicas, set, subject, text,
        values,
    },
    value::{MissingReason, Value},
};
use automerge::{ObjType, ROOT, Value as Stored};
use proptest::prelude::*;
use uuid::Uuid;

fn new(template: &str, fields: Vec<Edit>) -> Result<(Document, Vec<u8>), AuthorError> {
    let new = NewDocument {
        template,
        subject: subject(),
        occurred_at: moment(),
        fields,
    };
    Document::create(Templates::built_in(), &new, &authoring(1, 0))
}

fn add(field: &str, item: u128, values: &[(&str, Value)]) -> Edit {
    let values = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    Edit::AddItem {
        field: field.to_owned(),
        item: Uuid::from_u128(item),
        values,
    }
}

#[test]
fn a_new_document_is_one_change_and_holds_every_container_and_explicit_nulls() {
    let (document, bytes) = new("home_visit", vec![set("weight", grams(3450))]).unwrap();
    let facts = crate::guard::check_change(&bytes, &CHANGE).unwrap();
    assert_eq!(document.heads(), [facts.hash]);
    assert_eq!((facts.seq, facts.start_op), (1, 1));
    let (_, fields) = document.inner.get(ROOT, layout::FIELDS).unwrap().unwrap();
    for field in &Templates::built_in().latest("home_visit").unwrap().fields {
        let (value, _) = document
            .inner
            .get(&fields, field.name.as_str())
            .unwrap()
            .unwrap();
        match field.name.as_str() {
            "seen" => assert!(matches!(value, Stored::Object(ObjType::Text))),
            "participants" => assert!(matches!(value, Stored::Object(ObjType::Map))),
            "height" => assert!(value.is_null()),
            "weight" => assert_eq!(value.as_str(), Some("3450 g")),
            _ => {}
        }
    }
}

#[test]
fn invariant_05_author_and_time_come_from_the_change_never_from_a_field() {
    let mut all = replicas(2, "note", vec![set("subject_line", text("Opkald"))]);
    // Whatever stands in the fields says nothing about who wrote.
    all[1]
        .edit(&[set("conferred_with", text(&practitioner(1).to_string()))])
        .unwrap();
    exchange(&mut all);
    let reading = all[0].reading();
    let FieldState::One(value) = &reading.field("conferred_with").unwrap().state else {
        panic!("one value");
    };
    assert_eq!(value.author, Some(practitioner(2)));
    assert_eq!(value.at, authoring(2, 1).at);
    assert_eq!(reading.authors, [practitioner(1), practitioner(2)]);
    assert_eq!(reading.written_at, Some(authoring(1, 0).at));
}

#[test]
fn only_an_actors_first_change_carries_the_author_and_times_are_milliseconds() {
    let mut all = replicas(1, "note", vec![]);
    let later = all[0]
        .edit(&[set("subject_line", text("A"))])
        .unwrap()
        .unwrap();
    let first = all[0].document.change_bytes_since(&[]).remove(0);
    let first = crate::guard::check_change(&first, &CHANGE).unwrap();
    let later = crate::guard::check_change(&later, &CHANGE).unwrap();
    assert_eq!(first.author, Some(practitioner(1)));
    assert_eq!(later.author, None);
    assert_eq!(later.time, authoring(1, 1).at);
    assert_eq!(first.actor, authoring(1, 0).actor.as_bytes());
}

#[test]
fn an_actor_that_wrote_for_one_author_never_writes_for_another() {
    let mut all = replicas(1, "note", vec![]);
    let other = Authoring {
        author: practitioner(9),
        ..authoring(1, 1)
    };
    let refused = all[0].document.edit(
        Templates::built_in(),
        &[set("subject_line", text("A"))],
        &other,
    );
    assert!(matches!(refused, Err(AuthorError::ActorOfAnother)));
}

#[test]
fn no_value_and_no_name_stands_in_a_changes_metadata() {
    let (document, _) = new("card", vec![set("name", text("Needle Sørensen"))]).unwrap();
    for meta in document.inner.get_changes_meta(&[]) {
        assert_eq!(meta.message, None);
        assert_eq!(meta.author.unwrap().as_bytes(), practitioner(1).as_bytes());
    }
}

/// Each edit is refused by its own variant, in words that do not repeat what was typed.
fn refused(cases: Vec<(&str, Edit, &str)>) {
    for (template, edit, variant) in cases {
        let error = new(template, vec![edit.clone()]).unwrap_err();
        assert!(
            format!("{error:?}").starts_with(variant),
            "{edit:?}: {error:?}"
        );
        assert!(!error.to_string().contains("Needle"), "{error}");
    }
}

#[test]
fn a_value_that_its_field_cannot_hold_is_refused_and_not_repeated() {
    let needle = || text("Needle-Sørensen");
    let long = text(&"Needle ".repeat(40));
    let reason = Value::Missing(MissingReason::Unknown);
    refused(vec![
        ("note", set("mood", needle()), "UnknownField"),
        ("note", set("Needle Sørensen", needle()), "UnknownField"),
        ("home_visit", set("sleep", code("Needle")), "UnknownCode"),
        ("home_visit", set("weight", needle()), "WrongType"),
        ("home_visit", set("weight", grams(900_000)), "Impossible"),
        ("home_visit", set("height", grams(50)), "UnknownUnit"),
        ("card", set("cpr", needle()), "NotCpr"),
        ("note", set("subject_line", long), "TooLong"),
        ("note", set("subject_line", text("Needle\nto")), "WrongType"),
        ("note", set("subject_line", reason), "WrongType"),
        ("card", set("relations", needle()), "WrongType"),
        (
            "note",
            set("text", text(&"n".repeat(19_990))),
            "TooMuchAtOnce",
        ),
    ]);
    assert!(matches!(
        new("diary", vec![]),
        Err(AuthorError::UnknownTemplate { .. })
    ));
}

#[test]
fn an_edit_of_what_is_not_there_is_refused_and_not_repeated() {
    let field = |name: &str| name.to_owned();
    let splice = Splice {
        at: 3,
        delete: 1,
        insert: "Needle".to_owned(),
    };
    let item = Uuid::nil();
    refused(vec![
        (
            "card",
            add("relations", 1, &[("mood", text("Needle"))]),
            "UnknownField",
        ),
        (
            "card",
            add("relations", 1, &[("relation", code("Needle"))]),
            "UnknownCode",
        ),
        (
            "card",
            Edit::RemoveItem {
                field: field("relations"),
                item,
            },
            "UnknownItem",
        ),
        (
            "note",
            Edit::Text {
                field: field("text"),
                edits: vec![splice],
            },
            "OutsideText",
        ),
        (
            "note",
            Edit::Text {
                field: field("subject_line"),
                edits: vec![],
            },
            "WrongType",
        ),
        (
            "note",
            Edit::Clear {
                field: field("text"),
            },
            "WrongType",
        ),
    ]);
}

#[test]
fn a_refused_edit_writes_nothing_of_its_change() {
    let mut all = replicas(1, "home_visit", vec![]);
    let before = (all[0].document.heads(), all[0].document.save());
    let refused = all[0].edit(&[set("weight", grams(3450)), set("sleep", code("x"))]);
    assert!(refused.is_err());
    assert_eq!((all[0].document.heads(), all[0].document.save()), before);
    assert!(
        all[0]
            .edit(&[set("weight", grams(3450))])
            .unwrap()
            .is_some()
    );
}

#[test]
fn saying_what_is_there_already_writes_nothing() {
    let item = || add("contacts", 4, &[("who", text("Mormor"))]);
    let mut all = replicas(1, "card", vec![set("name", text("Emma")), item()]);
    let part = Edit::SetItem {
        field: "contacts".to_owned(),
        item: Uuid::from_u128(4),
        name: "who".to_owned(),
        value: text("Mormor"),
    };
    assert_eq!(
        all[0].edit(&[set("name", text("Emma")), part]).unwrap(),
        None
    );
    assert!(matches!(
        all[0].edit(&[item()]),
        Err(AuthorError::ItemExists { .. })
    ));
    let gone = Edit::RemoveItem {
        field: "contacts".to_owned(),
        item: Uuid::from_u128(4),
    };
    assert!(all[0].edit(std::slice::from_ref(&gone)).unwrap().is_some());
    assert_eq!(all[0].edit(&[gone]).unwrap(), None);
}

#[test]
fn an_edit_writes_only_the_fields_it_touches() {
    let mut all = replicas(
        1,
        "home_visit",
        vec![set("seen", text("Emma sover godt om natten."))],
    );
    let bytes = all[0]
        .edit(&[
            set("seen", text("Emma sover dårligt om natten.")),
            set("weight", grams(3450)),
        ])
        .unwrap()
        .unwrap();
    let facts = crate::guard::check_change(&bytes, &CHANGE).unwrap();
    // Three characters out, six in, one measurement.
    assert_eq!(facts.operations, 10);
    assert_eq!(
        values(&all[0].field("seen")),
        [text("Emma sover dårligt om natten.")]
    );
}

#[test]
fn a_removed_item_stays_readable_with_what_was_written_at_once() {
    let mut all = replicas(
        2,
        "card",
        vec![add("contacts", 4, &[("who", text("Mormor"))])],
    );
    all[0]
        .edit(&[Edit::RemoveItem {
            field: "contacts".to_owned(),
            item: Uuid::from_u128(4),
        }])
        .unwrap();
    let phone = Edit::SetItem {
        field: "contacts".to_owned(),
        item: Uuid::from_u128(4),
        name: "phone".to_owned(),
        value: text("12 34 56 78"),
    };
    all[1].edit(&[phone]).unwrap();
    exchange(&mut all);
    let FieldState::Items(items) = all[0].field("contacts").state else {
        panic!("items");
    };
    assert!(items[0].removed);
    assert_eq!(items[0].value("phone"), Some(&text("12 34 56 78")));
    assert_eq!(all[0].reading().items("contacts").count(), 0);
    assert_eq!(all[0].reading(), all[1].reading());
}

#[test]
fn a_document_saved_and_loaded_reads_and_edits_the_same() {
    let mut all = replicas(
        2,
        "home_visit",
        vec![set("seen", text("Æblegrød 🍎")), set("weight", grams(3450))],
    );
    all[0].edit(&[set("weight", grams(3500))]).unwrap();
    all[1].edit(&[set("weight", grams(3600))]).unwrap();
    exchange(&mut all);
    let saved = all[0].document.save();
    let loaded = crate::guard::load(&saved, saved.len()).unwrap();
    assert_eq!(loaded.heads(), all[0].document.heads());
    assert_eq!(loaded.reading(Templates::built_in()), all[1].reading());
    assert_eq!(
        crate::guard::snapshot_heads(&saved).unwrap(),
        loaded.heads()
    );
    let splice = Splice {
        at: 9,
        delete: 1,
        insert: "🍐".to_owned(),
    };
    all[0].document = loaded;
    all[0]
        .edit(&[Edit::Text {
            field: "seen".to_owned(),
            edits: vec![splice],
        }])
        .unwrap();
    assert_eq!(values(&all[0].field("seen")), [text("Æblegrød 🍐")]);
}

#[test]
fn changes_since_some_heads_are_those_the_other_lacks() {
    let mut all = replicas(2, "note", vec![]);
    let heads = all[1].document.heads();
    all[0].edit(&[set("subject_line", text("A"))]).unwrap();
    all[0].edit(&[set("text", text("B"))]).unwrap();
    let missing = all[0].document.change_bytes_since(&heads);
    assert_eq!(missing.len(), 2);
    all[1].receive_all(&missing);
    assert_eq!(all[1].document.heads(), all[0].document.heads());
    assert!(all[0].document.has_change(&all[0].document.heads()[0]));
}

#[test]
fn the_versions_of_a_document_are_the_last_change_of_each_actor_the_last_writer_first() {
    let actor = |n| authoring(n, 0).actor;
    assert!(Document::empty().versions().is_empty());
    let mut all = replicas(3, "note", vec![]);
    all[0].edit(&[set("subject_line", text("A"))]).unwrap();
    all[1].edit(&[set("text", text("B"))]).unwrap();
    // Each knows its own, and what it received.
    assert_eq!(all[0].document.versions(), [(actor(1), 2)]);
    assert_eq!(all[1].document.versions(), [(actor(2), 1), (actor(1), 1)]);
    exchange(&mut all);
    all[1].edit(&[set("text", text("C"))]).unwrap();
    exchange(&mut all);
    for replica in &all {
        let versions = replica.document.versions();
        assert_eq!(versions, [(actor(2), 2), (actor(1), 2)], "no word of 3");
        let loaded = crate::guard::load(&replica.document.save(), 1 << 20).unwrap();
        assert_eq!(loaded.versions(), versions, "from a snapshot, too");
    }
}

#[test]
fn a_document_of_a_template_this_device_lacks_is_read_and_not_edited() {
    let all = replicas(1, "note", vec![set("text", text("Ringede til far."))]);
    let none = Templates::read(&[]).unwrap();
    let reading = all[0].document.reading(&none);
    assert!(!reading.template_known);
    assert_eq!(
        (reading.template.as_str(), reading.template_version),
        ("note", 3)
    );
    assert_eq!(
        values(reading.field("text").unwrap()),
        [text("Ringede til far.")]
    );
    assert!(reading.field("text").unwrap().labels.is_none());
    let mut document = crate::guard::load(&all[0].document.save(), 1 << 20).unwrap();
    let refused = document.edit(&none, &[set("text", text("x"))], &authoring(1, 9));
    assert!(matches!(refused, Err(AuthorError::UnknownTemplate { .. })));
}

/// A snapshot with these bytes replaced, under a checksum that holds.
fn damaged(snapshot: &[u8], at: &[(prop::sample::Index, u8)]) -> Vec<u8> {
    use sha2::Digest as _;
    let mut bytes = snapshot.to_vec();
    // Past magic, checksum, kind, and a length of two bytes.
    for (index, value) in at {
        let place = 11 + index.index(bytes.len() - 11);
        bytes[place] = *value;
    }
    let checksum = sha2::Sha256::digest(&bytes[8..]);
    bytes[4..8].copy_from_slice(&checksum[..4]);
    bytes
}

proptest! {
    #[test]
    fn invariant_10_whatever_snapshot_loads_is_read_and_edited_without_a_panic(
        at in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut all = replicas(2, "note", vec![set("text", text("Æblegrød")), add("participants", 1, &[("who", text("Far"))])]);
        all[1].edit(&[set("subject_line", text("A"))]).unwrap();
        exchange(&mut all);
        let snapshot = damaged(&all[0].document.save(), &at);
        if let Ok(mut document) = crate::guard::load(&snapshot, snapshot.len()) {
            let reading = document.reading(Templates::built_in());
            prop_assert!(reading.fields.len() < 100);
            let _ = document.edit(Templates::built_in(), &[set("text", text("Æblekage"))], &authoring(3, 1));
            prop_assert_eq!(crate::guard::load(&document.save(), 1 << 20).unwrap().heads(), document.heads());
        }
    }
}

#[test]
fn what_a_document_adds_to_is_said_once_and_stands() {
    let entry = Value::Reference(Uuid::from_u128(7));
    let (mut document, _) = new("addendum", vec![set("adds_to", entry.clone())]).unwrap();
    let templates = Templates::built_in();
    assert_eq!(
        document.reading(templates).adds_to(),
        Some(crate::id::DocumentId(Uuid::from_u128(7)))
    );
    let again = document.edit(templates, &[set("adds_to", entry)], &authoring(1, 1));
    assert!(matches!(again, Ok(None)), "{again:?}");
    let other = set("adds_to", Value::Reference(Uuid::from_u128(8)));
    let cleared = Edit::Clear {
        field: "adds_to".to_owned(),
    };
    for edit in [other, cleared] {
        let refused = document.edit(templates, &[edit], &authoring(1, 1));
        assert!(
            matches!(&refused, Err(AuthorError::Fixed { field }) if field == "adds_to"),
            "{refused:?}"
        );
    }
    // It is nothing that a line in a list tells: the entry stands beside it.
    let lines =
        document
            .reading(templates)
            .summary(templates, crate::template::Language::Danish, 3);
    assert!(lines.is_empty(), "{lines:?}");
}

/// What reads so already is not written again: the library would sometimes keep the old operation, which a colleague's
/// next value then replaces, and sometimes make a new one, which it is in conflict with.
#[test]
fn a_value_beside_an_emptying_at_once_stands_and_is_not_written_again() {
    for cleared_first in [true, false] {
        let mut all = replicas(2, "card", vec![]);
        let (clears, sets) = if cleared_first { (0, 1) } else { (1, 0) };
        all[clears]
            .edit(&[set("interpreter", Value::Boolean(true))])
            .unwrap();
        all[clears]
            .edit(&[Edit::Clear {
                field: "interpreter".to_owned(),
            }])
            .unwrap();
        all[sets]
            .edit(&[set("interpreter", Value::Boolean(false))])
            .unwrap();
        exchange(&mut all);
        for replica in &mut all {
            assert_eq!(
                values(&replica.field("interpreter")),
                [Value::Boolean(false)]
            );
            let again = [
                set("interpreter", Value::Boolean(false)),
                Edit::Choose {
                    field: "interpreter".to_owned(),
                    item: None,
                    value: Value::Boolean(false),
                },
            ];
            assert!(replica.edit(&again).unwrap().is_none());
        }
    }
}
