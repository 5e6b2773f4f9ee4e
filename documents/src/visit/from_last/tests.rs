use super::*;
use crate::{
    testing::{Replica, code, exchange, grams, moment, replicas, set, signed, text},
    time::UnixMillis,
    value::MissingReason,
};

const SLEEP: &str = "b07eec60-941d-484d-8c2a-aeaa2ba798bf";
const MOTOR: &str = "d5b876e1-a86c-4768-b46d-cd795eaa89e4";

fn at(hours: i64) -> Moment {
    Moment {
        at: UnixMillis(moment().at.0 + hours * 3_600_000),
        offset_minutes: 60,
    }
}

fn visit(hours: i64, edits: Vec<Edit>) -> Replica {
    let mut replica = replicas(1, "home_visit", edits).remove(0);
    replica.edit(&[Edit::OccurredAt(at(hours))]).unwrap();
    replica
}

fn participant(id: u128, who: &str) -> Edit {
    Edit::AddItem {
        field: "participants".to_owned(),
        item: Uuid::from_u128(id),
        values: vec![
            ("who".to_owned(), text(who)),
            ("side".to_owned(), code("private")),
            ("present".to_owned(), Value::Boolean(true)),
        ],
    }
}

fn hand_on(readings: &[Reading], hours: i64) -> Option<FromLast> {
    let entries: Vec<Visit<'_>> = readings
        .iter()
        .zip(1..)
        .map(|(reading, n)| Visit {
            document: DocumentId::from_bytes([n; 16]),
            reading,
        })
        .collect();
    let mut next = 1000;
    from_last(
        Carried::built_in(),
        Templates::built_in(),
        "home_visit",
        &entries,
        at(hours),
        || {
            next += 1;
            Uuid::from_u128(next)
        },
    )
}

fn whole() -> Vec<Edit> {
    vec![
        set("visit_type", code("51f30d1c-d60e-4e3e-ac22-ec9712ea962d")),
        set("contact_form", code("HH")),
        set("weight", grams(5100)),
        set("height_how", code("lying")),
        set("seen", text("Set.")),
        set("sleep", code(SLEEP)),
        set("motor", Value::Missing(MissingReason::NotDone)),
        set("interpreter", Value::Boolean(true)),
        set("conferred_with", text("Mette")),
        set("had_bisidder", Value::Boolean(false)),
        participant(1, "Mor"),
        participant(2, "Mormor"),
        Edit::RemoveItem {
            field: "participants".to_owned(),
            item: Uuid::from_u128(2),
        },
    ]
}

#[test]
fn the_table_is_read_and_names_every_indicator_of_both_records() {
    let read = Carried::read(DEFAULT, Templates::built_in()).unwrap();
    assert_eq!(&read, Carried::built_in());
    let kl = Templates::built_in().kl().unwrap();
    for (indicator, subject) in kl.indicators() {
        let template = if subject == "parent" {
            "parent_visit"
        } else {
            "home_visit"
        };
        let row = read.rows.iter().find(|row| row.name == template).unwrap();
        assert!(
            row.unchanged.iter().any(|one| one == indicator),
            "{indicator}"
        );
    }
}

#[test]
fn what_belongs_to_its_day_cannot_be_named() {
    for (template, begin, unchanged) in [
        ("home_visit", "", "'weight'"),
        ("home_visit", "'seen'", ""),
        ("home_visit", "", "'participants'"),
        ("home_visit", "'participants.absent'", ""),
        ("card", "'consent_to_cooperation'", ""),
        ("addendum", "'adds_to'", ""),
        ("no_such", "'x'", ""),
    ] {
        let file =
            format!("[[template]]\nname='{template}'\nbegin=[{begin}]\nunchanged=[{unchanged}]");
        let read = Carried::read(&file, Templates::built_in());
        assert!(
            matches!(read, Err(CarriedError::Field { .. })),
            "{template} {begin} {unchanged}"
        );
    }
    assert!(matches!(
        Carried::read("x", Templates::built_in()),
        Err(CarriedError::Syntax(_))
    ));
}

#[test]
fn a_new_draft_begins_with_what_is_carried_and_the_rest_is_offered_or_written_anew() {
    for reading in [
        visit(0, whole()).reading(),
        signed(&visit(0, whole()).reading()),
    ] {
        let handed = hand_on(&[reading], 5).unwrap();
        let mother = vec![
            ("who".to_owned(), text("Mor")),
            ("side".to_owned(), code("private")),
        ];
        let expected = [
            Edit::AddItem {
                field: "participants".to_owned(),
                item: Uuid::from_u128(1001),
                values: mother,
            },
            set("interpreter", Value::Boolean(true)),
        ];
        assert_eq!(handed.begin, expected);
        let sleep = Unchanged {
            field: "sleep".to_owned(),
            value: code(SLEEP),
        };
        assert_eq!(handed.unchanged, [sleep]);
    }
}

#[test]
fn a_draft_can_be_made_of_it_and_what_was_typed_is_not_offered() {
    let mut last = whole();
    last.push(set("motor", code(MOTOR)));
    let handed = hand_on(&[visit(0, last).reading()], 5).unwrap();
    let mut draft = replicas(1, "home_visit", handed.begin.clone()).remove(0);
    let offered = |draft: &Replica| -> Vec<String> {
        handed
            .offers(&draft.reading())
            .map(|one| one.field.clone())
            .collect()
    };
    assert_eq!(offered(&draft), ["sleep", "motor"]);
    draft
        .edit(&[set("motor", Value::Missing(MissingReason::Declined))])
        .unwrap();
    assert_eq!(offered(&draft), ["sleep"]);
    draft.edit(&[handed.unchanged[0].edit()]).unwrap();
    assert!(offered(&draft).is_empty());
    assert_eq!(draft.reading().value("sleep"), Some(&code(SLEEP)));
    assert_eq!(draft.reading().items("participants").count(), 1);
}

#[test]
fn the_last_one_is_the_latest_that_happened_before_and_is_no_discarded_draft() {
    let said =
        |hours, interpreter| visit(hours, vec![set("interpreter", Value::Boolean(interpreter))]);
    let mut discarded = said(3, false);
    discarded.edit(&[Edit::Discard]).unwrap();
    let note = replicas(1, "note", Vec::new()).remove(0);
    let readings = [
        said(9, false).reading(),
        said(2, true).reading(),
        discarded.reading(),
        said(1, false).reading(),
        note.reading(),
    ];
    let handed = hand_on(&readings, 9).unwrap();
    assert_eq!(handed.document, DocumentId::from_bytes([2; 16]));
    assert_eq!(
        (handed.occurred_at, handed.begin),
        (at(2), vec![set("interpreter", Value::Boolean(true))])
    );
    assert_eq!(hand_on(&readings, 1), None, "nothing happened before");
}

#[test]
fn a_conflict_is_not_taken_over() {
    let mut all = replicas(2, "home_visit", Vec::new());
    all[0]
        .edit(&[
            set("sleep", code(SLEEP)),
            set("interpreter", Value::Boolean(true)),
        ])
        .unwrap();
    let other = code("c25b5cda-3f6b-4ef7-998d-c22c58c6dd18");
    all[1]
        .edit(&[
            set("sleep", other),
            set("interpreter", Value::Boolean(false)),
        ])
        .unwrap();
    exchange(&mut all);
    let handed = hand_on(&[all[0].reading()], 5).unwrap();
    assert!(handed.begin.is_empty() && handed.unchanged.is_empty());
}
