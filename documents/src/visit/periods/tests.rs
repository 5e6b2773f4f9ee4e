use super::*;
use crate::{
    reading::{Attributed, FieldReading, Reading},
    template::MergeRule,
    testing::{code, exchange, replicas, set},
    time::UnixMillis,
};
use jiff::civil::date;

fn attributed(value: Value) -> Attributed {
    Attributed {
        value,
        valid: true,
        author: None,
        at: UnixMillis(0),
        operation: String::new(),
    }
}

fn field(name: &str, state: FieldState) -> FieldReading {
    FieldReading {
        name: name.to_owned(),
        labels: None,
        merge: MergeRule::KeepAll,
        whole: true,
        state,
    }
}

fn one(name: &str, value: Option<Value>) -> FieldReading {
    let state = value.map_or(FieldState::Empty, |value| {
        FieldState::One(attributed(value))
    });
    field(name, state)
}

/// What an item of a template with periods reads as.
fn item(id: u128, kind: Option<&str>, from: Option<Date>, until: Option<Date>) -> ItemReading {
    ItemReading {
        id: Uuid::from_u128(id),
        removed: false,
        fields: vec![
            one("kind", kind.map(code)),
            one("from", from.map(Value::Date)),
            one("until", until.map(Value::Date)),
        ],
    }
}

fn visit(hours: i64, items: Vec<ItemReading>) -> Reading {
    let mut reading = replicas(1, "home_visit", Vec::new())[0].reading();
    if let Some(moment) = &mut reading.occurred_at {
        moment.at = moment.at.plus(hours * 3_600_000);
    }
    let mut fields = reading.fields.iter_mut();
    let feeding = fields.find(|field| field.name == FEEDING.items).unwrap();
    feeding.state = FieldState::Items(items);
    reading
}

fn periods(readings: &[Reading]) -> Periods {
    let visits: Vec<Visit<'_>> = readings
        .iter()
        .zip(1..)
        .map(|(reading, n)| Visit {
            document: document(n),
            reading,
        })
        .collect();
    Periods::of(&visits, FEEDING)
}

fn document(n: u8) -> DocumentId {
    DocumentId::from_bytes([n; 16])
}

fn day(month: i8, day: i8) -> Date {
    date(2026, month, day)
}

#[test]
fn periods_stand_in_order_and_the_same_one_said_twice_is_one() {
    let breast = |id, until| item(id, Some("breast"), Some(day(1, 1)), until);
    let bottle = item(3, Some("bottle"), Some(day(3, 2)), None);
    let later = visit(5, vec![bottle, breast(2, Some(day(3, 1)))]);
    let earlier = visit(0, vec![breast(1, Some(day(3, 1)))]);
    let all = periods(&[later, earlier]);
    let told: Vec<(&str, Date, Option<Date>, Vec<DocumentId>)> = all
        .periods
        .iter()
        .map(|one| {
            (
                one.kind.as_str(),
                one.from,
                one.until,
                one.documents.clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "breast",
                day(1, 1),
                Some(day(3, 1)),
                vec![document(2), document(1)]
            ),
            ("bottle", day(3, 2), None, vec![document(1)]),
        ]
    );
    assert!(
        all.overlaps.is_empty(),
        "one ends the day before the other begins"
    );
    let kinds = |on: Date| -> Vec<&str> { all.on(on).map(|one| one.kind.as_str()).collect() };
    assert_eq!(kinds(day(3, 1)), ["breast"]);
    assert_eq!(kinds(day(3, 2)), ["bottle"]);
    assert!(kinds(date(2025, 12, 31)).is_empty());
}

#[test]
fn every_overlap_is_told_and_nobody_decides() {
    let rows = [
        (Some(day(3, 1)), Some(day(3, 31)), Some(Some(day(3, 15)))),
        (Some(day(3, 15)), None, Some(Some(day(3, 15)))),
        (Some(day(3, 16)), None, None),
    ];
    for (from, until, expected) in rows {
        let first = item(1, Some("breast"), Some(day(1, 1)), Some(day(3, 15)));
        let all = periods(&[visit(0, vec![first, item(2, Some("bottle"), from, until)])]);
        let shared: Vec<(Date, Option<Date>)> = all
            .overlaps
            .iter()
            .map(|one| (one.from, one.until))
            .collect();
        let expected: Vec<_> = from.zip(expected).into_iter().collect();
        assert_eq!(shared, expected, "{from:?}");
        assert_eq!(all.periods.len(), 2);
    }
    let open = |id, kind, from| item(id, Some(kind), Some(from), None);
    let all = periods(&[visit(
        0,
        vec![
            open(1, "breast", day(1, 1)),
            open(2, "breast", day(2, 1)),
            open(3, "bottle", day(2, 3)),
        ],
    )]);
    let pairs: Vec<_> = all
        .overlaps
        .iter()
        .map(|one| (one.between, one.until))
        .collect();
    assert_eq!(pairs, [((0, 1), None), ((0, 2), None), ((1, 2), None)]);
}

#[test]
fn what_is_no_period_is_shown_with_why() {
    let two = |name| {
        let values = vec![
            attributed(Value::Date(day(1, 1))),
            attributed(Value::Date(day(1, 2))),
        ];
        field(
            name,
            FieldState::Conflict {
                shown: None,
                values,
            },
        )
    };
    let mut unsettled = item(3, Some("breast"), None, None);
    unsettled.fields[1] = two("from");
    let mut removed = item(5, None, None, None);
    removed.removed = true;
    let items = vec![
        item(1, None, Some(day(1, 1)), None),
        item(2, Some("breast"), None, Some(day(1, 1))),
        unsettled,
        item(4, Some("breast"), Some(day(2, 1)), Some(day(1, 31))),
        removed,
    ];
    let all = periods(&[visit(0, items)]);
    let whys: Vec<(u128, NoPeriod)> = all
        .others
        .iter()
        .map(|(_, id, why)| (id.as_u128(), *why))
        .collect();
    assert_eq!(
        whys,
        [
            (1, NoPeriod::Incomplete),
            (2, NoPeriod::Incomplete),
            (3, NoPeriod::Unsettled),
            (4, NoPeriod::EndsBeforeItBegins),
        ]
    );
    assert!(all.periods.is_empty());
}

#[test]
fn the_status_is_what_the_latest_visit_says_all_of_it_in_a_conflict() {
    let (full, formula) = (
        "77a008dd-21cc-452f-a1ee-ac8d025b7817",
        "dfab6d07-b1b6-4210-ac8a-b8a0d095c8ab",
    );
    let first = replicas(1, "home_visit", vec![set("nutrition_infant", code(full))])[0].reading();
    let mut all = replicas(2, "home_visit", Vec::new());
    all[0].edit(&[set("nutrition_infant", code(full))]).unwrap();
    all[1]
        .edit(&[set("nutrition_infant", code(formula))])
        .unwrap();
    exchange(&mut all);
    let mut second = all[0].reading();
    if let Some(moment) = &mut second.occurred_at {
        moment.at = moment.at.plus(1);
    }
    let says_nothing = visit(9, Vec::new());
    let status = periods(&[second, first, says_nothing]).status.unwrap();
    let mut codes = status.codes.clone();
    codes.sort_unstable();
    assert_eq!(
        (status.document, codes),
        (document(1), vec![full.to_owned(), formula.to_owned()])
    );
}
