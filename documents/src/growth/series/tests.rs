use super::*;
use crate::{
    document::Edit,
    growth::{AgeRule, Sex},
    testing::{Replica, code, exchange, grams, moment, replicas, set, signed},
    time::UnixMillis,
    value::MissingReason,
};
use jiff::civil::date;

const DAY: i64 = 24 * 60 * 60 * 1000;

fn centimetres_of(text: &str) -> Value {
    Value::Quantity {
        amount: text.parse().unwrap(),
        unit: "cm".to_owned(),
    }
}

/// A visit so many days after the others, as it reads on the first of its replicas.
fn visit(days: i64, edits: Vec<Edit>) -> Replica {
    let mut replica = replicas(1, "home_visit", edits).remove(0);
    let at = Moment {
        at: UnixMillis(moment().at.0 + days * DAY),
        offset_minutes: 60,
    };
    replica.edit(&[Edit::OccurredAt(at)]).unwrap();
    replica
}

fn girl() -> Child {
    // The visits of tests happen on 18 November 2026.
    Child {
        sex: Some(Sex::Girl),
        birth_date: Some(date(2026, 11, 10)),
        ..Child::default()
    }
}

fn curves(child: &Child, readings: &[Reading]) -> Vec<Series> {
    let visits: Vec<Visit<'_>> = readings
        .iter()
        .zip(1..)
        .map(|(reading, n)| Visit {
            document: DocumentId::from_bytes([n; 16]),
            reading,
        })
        .collect();
    series(Reference::who(), child, &visits)
}

fn hundredths(point: &Point) -> Vec<Result<i32, NoScore>> {
    let scores = point.numbers.iter().map(|one| one.score.clone());
    scores
        .map(|one| one.map(|score| score.hundredths))
        .collect()
}

#[test]
fn a_curve_per_indicator_in_order_of_time_whatever_order_the_visits_come_in() {
    let late = visit(
        60,
        vec![
            set("weight", grams(4900)),
            set("height", centimetres_of("56.5")),
        ],
    );
    let early = visit(
        0,
        vec![
            set("weight", grams(3450)),
            set("head_circumference", centimetres_of("34.8")),
        ],
    );
    let none = visit(
        30,
        vec![set("weight", Value::Missing(MissingReason::Declined))],
    );
    let readings = [late.reading(), none.reading(), early.reading()];
    let all = curves(&girl(), &readings);
    let shape: Vec<(Indicator, Vec<Date>)> = all
        .iter()
        .map(|one| {
            (
                one.indicator,
                one.points.iter().map(|point| point.day).collect(),
            )
        })
        .collect();
    let (first, last) = (date(2026, 11, 18), date(2027, 1, 17));
    assert_eq!(
        shape,
        [
            (Indicator::WeightForAge, vec![first, last]),
            (Indicator::HeightForAge, vec![last]),
            (Indicator::BmiForAge, vec![last]),
            (Indicator::WeightForHeight, vec![last]),
            (Indicator::HeadCircumferenceForAge, vec![first]),
        ]
    );
    let head = &all[4].points[0];
    // WHO's table for day 8: -1 SD 33.486, median 34.649, +1 SD 35.812.
    assert_eq!(hundredths(head), [Ok(13)]);
    assert!(!head.in_conflict);
    let backwards: Vec<Reading> = readings.iter().rev().cloned().collect();
    let days = |all: &[Series]| -> Vec<Vec<Date>> {
        all.iter()
            .map(|one| one.points.iter().map(|point| point.day).collect())
            .collect()
    };
    assert_eq!(days(&curves(&girl(), &backwards)), days(&all));
}

#[test]
fn grams_and_kilograms_are_one_curve() {
    let kilograms = Value::Quantity {
        amount: "3.4".parse().unwrap(),
        unit: "kg".to_owned(),
    };
    let readings = [
        visit(0, vec![set("weight", grams(3400))]).reading(),
        visit(0, vec![set("weight", kilograms)]).reading(),
    ];
    let all = curves(&girl(), &readings);
    let points = &all[0].points;
    assert_eq!(points[0].numbers, points[1].numbers);
    assert!((points[0].numbers[0].amount - 3.4).abs() < 1e-12);
}

fn conflicting(one: Vec<Edit>, other: Vec<Edit>) -> Reading {
    let mut all = replicas(2, "home_visit", Vec::new());
    all[0].edit(&one).unwrap();
    all[1].edit(&other).unwrap();
    exchange(&mut all);
    all[0].reading()
}

#[test]
fn a_conflict_shows_all_its_values_or_none() {
    let weights = conflicting(
        vec![set("weight", grams(3400))],
        vec![set("weight", grams(4300))],
    );
    let point = curves(&girl(), &[weights])[0].points[0].clone();
    let amounts: Vec<f64> = point.numbers.iter().map(|one| one.amount).collect();
    assert!(point.in_conflict);
    assert_eq!(amounts, [3.4, 4.3]);
    assert!(point.numbers.iter().all(|one| one.score.is_ok()));

    let declined = Value::Missing(MissingReason::Declined);
    let half = conflicting(
        vec![set("weight", grams(3400))],
        vec![set("weight", declined)],
    );
    let point = curves(&girl(), &[half])[0].points[0].clone();
    assert!(
        point.in_conflict && point.numbers.is_empty(),
        "one value would be a silent winner"
    );
}

#[test]
fn a_body_mass_index_of_concurrent_measurements_has_every_pair_and_how_it_was_measured_counts() {
    let tall = |how: &str| {
        vec![
            set("height", centimetres_of("56.5")),
            set("height_how", code(how)),
        ]
    };
    let mut lying = tall("lying");
    lying.push(set("weight", grams(4900)));
    let reading = conflicting(lying, tall("standing"));
    let all = curves(&girl(), &[reading]);
    let of = |indicator| {
        all.iter()
            .find(|one| one.indicator == indicator)
            .unwrap()
            .points[0]
            .clone()
    };
    let height = of(Indicator::HeightForAge);
    assert!(height.in_conflict);
    assert_eq!(height.numbers.len(), 2);
    assert_ne!(hundredths(&height)[0], hundredths(&height)[1]);
    assert_eq!(of(Indicator::BmiForAge).numbers.len(), 2);
    let weight = of(Indicator::WeightForAge);
    assert!(!weight.in_conflict, "nothing it rests on is in conflict");
}

#[test]
fn a_time_in_conflict_leaves_the_point_without_a_number() {
    let moved = |hours: i64| {
        let at = UnixMillis(moment().at.0 + hours * 3_600_000);
        Edit::OccurredAt(Moment {
            at,
            offset_minutes: 60,
        })
    };
    let mut first = vec![set("weight", grams(3400))];
    first.push(moved(1));
    let reading = conflicting(first, vec![moved(50)]);
    let point = curves(&girl(), &[reading])[0].points[0].clone();
    assert!(point.in_conflict && point.numbers.is_empty());
}

#[test]
fn a_signed_text_makes_the_same_curve_and_a_discarded_draft_none() {
    let mut open = visit(
        3,
        vec![
            set("weight", grams(3450)),
            set("height", centimetres_of("51.5")),
        ],
    );
    let signed = signed(&open.reading());
    let child = girl();
    assert_eq!(curves(&child, &[signed]), curves(&child, &[open.reading()]));
    open.edit(&[Edit::Discard]).unwrap();
    assert!(curves(&child, &[open.reading()]).is_empty());
}

#[test]
fn the_card_gives_sex_birth_and_how_early_and_a_conflict_gives_none() {
    let days = Value::Quantity {
        amount: "210".parse().unwrap(),
        unit: "d".to_owned(),
    };
    let card = vec![
        set("sex", code("girl")),
        set("birth_date", Value::Date(date(2026, 6, 1))),
        set("gestational_age", days),
    ];
    let mut all = replicas(2, "card", card);
    let child = Child::of(&all[0].reading());
    assert_eq!(
        (child.sex, child.gestational_days),
        (Some(Sex::Girl), Some(210))
    );
    let reading = visit(0, vec![set("weight", grams(5200))]).reading();
    let told = curves(&child, std::slice::from_ref(&reading));
    let score = told[0].points[0].numbers[0].score.clone().unwrap();
    assert_eq!(
        score.age.rule,
        AgeRule::CorrectedForPrematurity { days: 70 }
    );
    all[0].edit(&[set("sex", code("boy"))]).unwrap();
    all[1].edit(&[set("sex", code("not_known"))]).unwrap();
    exchange(&mut all);
    let child = Child::of(&all[0].reading());
    assert_eq!(child.sex, None);
    let told = curves(&child, &[reading]);
    assert_eq!(
        hundredths(&told[0].points[0]),
        [Err(NoScore::SexUnknown)],
        "the number stands without a score"
    );
}
