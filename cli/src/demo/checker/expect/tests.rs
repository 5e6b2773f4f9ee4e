use super::*;
use crate::demo::journal::Journal;
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, Edit, NewDocument, Splice},
    id::DeviceId,
    template::Templates,
    time::{Moment, UnixMillis},
};

const TEAM: TeamId = TeamId::from_bytes([1; 16]);
const CASE: SpaceId = SpaceId::from_bytes([2; 16]);
const DOCUMENT: DocumentId = DocumentId::from_bytes([3; 16]);

fn person(number: u8) -> PractitionerId {
    PractitionerId::from_bytes([number; 16])
}

fn authoring(number: u8) -> Authoring {
    let actor = Actor::make(DeviceId::from_bytes([number; 16]), [number; 8]);
    Authoring {
        actor,
        author: person(number),
        at: UnixMillis(1_000),
    }
}

fn grams(text: &str) -> Value {
    let templates = Templates::built_in();
    let field = templates
        .latest("home_visit")
        .unwrap()
        .field("weight")
        .unwrap();
    Value::parse(field, text, samspor_documents::template::Language::Danish).unwrap()
}

fn weight(text: &str) -> Edit {
    Edit::Set {
        field: "weight".into(),
        value: grams(text),
    }
}

fn seen_text(at: usize, insert: &str) -> Edit {
    let splice = Splice {
        at,
        delete: 0,
        insert: insert.into(),
    };
    Edit::Text {
        field: "seen".into(),
        edits: vec![splice],
    }
}

fn document(fields: Vec<Edit>) -> Document {
    let moment = Moment {
        at: UnixMillis(1_000),
        offset_minutes: 60,
    };
    let new = NewDocument {
        template: "home_visit",
        subject: CASE,
        occurred_at: moment,
        fields,
    };
    Document::create(Templates::built_in(), &new, &authoring(1))
        .unwrap()
        .0
}

fn typed(journal: &mut Journal, by: u8, text: &str, saw: &[usize]) {
    let place = Place {
        document: DOCUMENT,
        field: "weight".into(),
        item: None,
    };
    let what = What::Value {
        place,
        value: grams(text),
        saw: saw.to_vec(),
    };
    journal
        .note(Some(person(by)), UnixMillis(1_000), what)
        .unwrap();
}

fn wrote(journal: &mut Journal, seen: &str, at: usize, insert: &str) {
    let (seen, insert) = (seen.into(), insert.into());
    let what = What::Prose {
        document: DOCUMENT,
        field: "seen".into(),
        seen,
        at,
        delete: 0,
        insert,
    };
    journal
        .note(Some(person(1)), UnixMillis(1_000), what)
        .unwrap();
}

/// A journal in which one person typed a weight and a sentence.
fn journal() -> Journal {
    let mut journal = Journal::default();
    let what = What::Document {
        document: DOCUMENT,
        team: TEAM,
        case: Some(CASE),
        template: "home_visit".into(),
    };
    journal
        .note(Some(person(1)), UnixMillis(1_000), what)
        .unwrap();
    typed(&mut journal, 1, "3.450 g", &[]);
    wrote(&mut journal, "", 0, "Rolig.");
    journal
}

fn compare(journal: &Journal, document: Option<&Document>) -> (usize, usize) {
    let expected = Expected::of(journal);
    let reading = document.map(|document| document.reading(Templates::built_in()));
    let comparison = expected.documents[&DOCUMENT].compare(DOCUMENT, reading.as_ref());
    (comparison.lost.len(), comparison.altered.len())
}

#[test]
fn what_was_typed_and_stands_is_neither_lost_nor_altered() {
    let made = document(vec![weight("3.450 g"), seen_text(0, "Rolig.")]);
    assert_eq!(compare(&journal(), Some(&made)), (0, 0));
    assert_eq!(Expected::of(&journal()).documents[&DOCUMENT].typed(), 2);
}

#[test]
fn a_document_that_is_not_there_has_lost_everything() {
    assert_eq!(compare(&journal(), None), (2, 0));
}

#[test]
fn an_empty_field_is_lost_and_another_value_is_altered() {
    assert_eq!(
        compare(&journal(), Some(&document(vec![seen_text(0, "Rolig.")]))),
        (1, 0)
    );
    let other = document(vec![weight("3.540 g"), seen_text(0, "Rolig.")]);
    assert_eq!(compare(&journal(), Some(&other)), (0, 1));
    let other = document(vec![weight("3.450 g"), seen_text(0, "Urolig.")]);
    assert_eq!(compare(&journal(), Some(&other)), (0, 1));
}

#[test]
fn a_value_that_nobody_typed_anywhere_is_altered() {
    let height = Edit::Set {
        field: "height".into(),
        value: Value::Missing(samspor_documents::value::MissingReason::Declined),
    };
    let made = document(vec![weight("3.450 g"), seen_text(0, "Rolig."), height]);
    assert_eq!(compare(&journal(), Some(&made)), (0, 1));
}

#[test]
fn a_value_typed_by_another_than_is_shown_is_altered() {
    let mut other = Journal::default();
    for line in journal().lines() {
        other
            .note(Some(person(9)), line.at, line.what.clone())
            .unwrap();
    }
    let made = document(vec![weight("3.450 g"), seen_text(0, "Rolig.")]);
    assert_eq!(compare(&other, Some(&made)), (0, 1));
}

#[test]
fn a_later_value_replaces_those_it_saw_and_no_other() {
    let mut journal = journal();
    typed(&mut journal, 1, "3.500 g", &[1]);
    let mut made = document(vec![weight("3.450 g"), seen_text(0, "Rolig.")]);
    assert_eq!(
        compare(&journal, Some(&made)),
        (0, 1),
        "what was replaced still stands there"
    );
    made.edit(Templates::built_in(), &[weight("3.500 g")], &authoring(1))
        .unwrap();
    assert_eq!(compare(&journal, Some(&made)), (0, 0));
    typed(&mut journal, 2, "3.400 g", &[1]);
    assert_eq!(
        compare(&journal, Some(&made)),
        (1, 0),
        "the other's value must stand beside it"
    );
}

#[test]
fn a_journal_reads_back_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.jsonl");
    let mut kept = Journal::begin(&file).unwrap();
    for line in journal().lines() {
        kept.note(line.by, line.at, line.what.clone()).unwrap();
    }
    assert_eq!(Journal::open(&file).unwrap().lines(), kept.lines());
    assert!(
        Journal::begin(&file).is_err(),
        "a journal is never begun over another"
    );
}
