use super::*;
use crate::{names::Names, web::language::Language};
use jiff::civil::date;
use samspor_documents::{
    growth::{Sex, score},
    id::DocumentId,
    time::{Moment, UnixMillis, day_number},
};

const BORN: Date = date(2026, 1, 10);

fn child() -> Child {
    Child {
        sex: Some(Sex::Boy),
        birth_date: Some(BORN),
        ..Child::default()
    }
}

fn weight(child: &Child, day: Date, amounts: &[f64]) -> Point {
    let number = |kilograms: &f64| {
        let measured = samspor_documents::growth::Measured {
            weight_kg: Some(*kilograms),
            ..Default::default()
        };
        let indicator = Indicator::WeightForAge;
        Number {
            amount: *kilograms,
            score: score(Reference::who(), child, indicator, &measured, day),
        }
    };
    Point {
        document: DocumentId::from_bytes([1; 16]),
        occurred_at: Moment {
            at: UnixMillis(day_number(day) * 24 * 60 * 60 * 1000),
            offset_minutes: 0,
        },
        day,
        in_conflict: amounts.len() != 1,
        numbers: amounts.iter().map(number).collect(),
    }
}

fn shown(language: Language, child: Child, points: Vec<Point>) -> GrowthView {
    let names = Names::default();
    let reader = Reader {
        language,
        names: &names,
        now: UnixMillis(0),
    };
    let series = Series {
        indicator: Indicator::WeightForAge,
        points,
    };
    let growth = Growth {
        child,
        series: vec![series],
    };
    GrowthView::all(&reader, &growth).remove(0)
}

#[test]
fn of_values_in_conflict_all_are_told_and_drawn_or_none_is() {
    let day = date(2026, 3, 10);
    for (amounts, rows, dots) in [(&[5.0][..], 1, 1), (&[5.0, 5.5], 2, 2), (&[], 1, 0)] {
        let view = shown(
            Language::Danish,
            child(),
            vec![weight(&child(), day, amounts)],
        );
        assert_eq!(view.rows.len(), rows, "{amounts:?}");
        let drawn = view.chart.map_or(0, |chart| chart.dots.len());
        assert_eq!(drawn, dots, "{amounts:?}");
        let waits = view.rows.iter().all(|row| row.in_conflict);
        assert_eq!(waits, amounts.len() != 1, "{amounts:?}");
    }
}

#[test]
fn a_score_is_said_with_its_reference_and_a_missing_one_with_its_reason() {
    let day = date(2026, 3, 10);
    let view = shown(
        Language::Danish,
        child(),
        vec![weight(&child(), day, &[3.9])],
    );
    let row = &view.rows[0];
    assert_eq!(
        (row.amount.as_str(), row.reference.as_str()),
        ("3,9 kg", "WHO 2006")
    );
    assert!(
        row.score.starts_with('−') && row.score.contains(','),
        "{}",
        row.score
    );
    let english = shown(
        Language::English,
        child(),
        vec![weight(&child(), day, &[3.95])],
    );
    assert_eq!(english.rows[0].amount, "3.95 kg");
    let nobody = Child::default();
    let view = shown(Language::Danish, nobody, vec![weight(&nobody, day, &[3.9])]);
    let row = &view.rows[0];
    assert_eq!(row.score, Language::Danish.told().sex_unknown);
    assert!(row.reference.is_empty() && row.age.is_empty());
    assert_eq!(view.note, Language::Danish.told().no_lines);
}

#[test]
fn what_holds_of_every_score_is_said_once() {
    let early = Child {
        gestational_days: Some(30 * 7),
        ..child()
    };
    let days = [date(2026, 5, 10), date(2026, 6, 10)];
    let points = |child| days.map(|day| weight(child, day, &[5.0])).to_vec();
    let view = shown(Language::Danish, early, points(&early));
    assert_eq!(view.common, "korrigeret for tidlig fødsel med 70 dage");
    assert!(view.rows.iter().all(|row| row.note.is_empty()));
    let one = shown(
        Language::Danish,
        early,
        vec![weight(&early, days[0], &[5.0])],
    );
    assert_eq!(
        (one.common.as_str(), one.rows[0].note.is_empty()),
        ("", false)
    );
    assert_eq!(
        shown(Language::Danish, child(), points(&child())).common,
        ""
    );
}
