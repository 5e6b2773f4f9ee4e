//! What a curve is drawn against: a reference's own lines, as the measurement at whole standard deviations on the days of
//! one child.
//!
//! They rest on the same tables and the same way of counting an age as the scores do. Where a score would have a reason in
//! its place there is no line, and a line breaks where another reference, another way of counting or another way of measuring
//! a length begins. Weight for length goes by no age: it has no lines.

use super::{Age, AgeRule, Child, Indicator, LYING_UNTIL_DAYS, Reference, ReferenceName, Sex};
use jiff::{ToSpan as _, civil::Date};

/// So many places of a line at most: a drawing shows no more.
const PLACES_MAX: i32 = 60;

/// One place of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The day.
    pub day: Date,
    /// Kilograms, centimetres or kg/m².
    pub amount: f64,
}

/// A stretch of a line by one reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// By which.
    pub reference: ReferenceName,
    /// In order of time; one alone where no other is by the same.
    pub places: Vec<Place>,
}

/// The line of one standard deviation.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceLine {
    /// Which: 0 is the median.
    pub sd: i8,
    /// In order of time.
    pub stretches: Vec<Stretch>,
}

/// What a stretch is by.
#[derive(PartialEq, Eq)]
struct By<'a> {
    reference: &'a ReferenceName,
    rule: AgeRule,
    lying: bool,
}

/// The lines of an indicator at these standard deviations, from one day to another. None of a child whose sex or day of birth
/// is not known.
#[must_use]
pub fn lines(
    references: &[Reference],
    child: &Child,
    indicator: Indicator,
    (from, to): (Date, Date),
    sds: &[i8],
) -> Vec<ReferenceLine> {
    let Some(sex) = child.sex else {
        return Vec::new();
    };
    let days = days(from, to);
    let line = |sd: &i8| ReferenceLine {
        sd: *sd,
        stretches: stretches(references, child, (indicator, sex), &days, *sd),
    };
    let lines = sds.iter().map(line);
    lines.filter(|line| !line.stretches.is_empty()).collect()
}

/// From one day to another in equal steps, both included.
fn days(from: Date, to: Date) -> Vec<Date> {
    let span = super::days_between(from, to).max(0);
    let steps = span.clamp(1, PLACES_MAX);
    let day = |step: i32| {
        let after = i64::from(span) * i64::from(step) / i64::from(steps);
        from.checked_add(after.days()).ok()
    };
    let mut days: Vec<Date> = (0..=steps).filter_map(day).collect();
    days.dedup();
    days
}

fn stretches(
    references: &[Reference],
    child: &Child,
    (indicator, sex): (Indicator, Sex),
    days: &[Date],
    sd: i8,
) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut before: Option<By<'_>> = None;
    for day in days {
        let at = |age: Age| {
            let find = |one: &'_ Reference| one.lms(indicator, sex, age.days, None);
            let reference = references.iter().find(|one| find(one).is_some())?;
            Some((age, &reference.name, find(reference)?))
        };
        let Some((age, reference, lms)) = child.age_on(*day).ok().and_then(at) else {
            before = None;
            continue;
        };
        let by = By {
            reference,
            rule: age.rule,
            lying: age.days < LYING_UNTIL_DAYS,
        };
        let place = Place {
            day: *day,
            amount: lms.measurement(f64::from(sd)),
        };
        match stretches
            .last_mut()
            .filter(|_| before.as_ref() == Some(&by))
        {
            Some(stretch) => stretch.places.push(place),
            None => stretches.push(Stretch {
                reference: reference.clone(),
                places: vec![place],
            }),
        }
        before = Some(by);
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::growth::{Measured, score};
    use jiff::civil::date;

    fn girl() -> Child {
        Child {
            sex: Some(Sex::Girl),
            birth_date: Some(date(2020, 2, 29)),
            ..Child::default()
        }
    }

    fn weights(child: &Child, from: Date, to: Date, sds: &[i8]) -> Vec<ReferenceLine> {
        let who = Reference::who();
        lines(who, child, Indicator::WeightForAge, (from, to), sds)
    }

    #[test]
    fn a_place_of_a_line_has_that_score() {
        let drawn = weights(&girl(), date(2020, 2, 29), date(2024, 1, 1), &[-2, 0, 2]);
        assert_eq!(
            drawn.iter().map(|one| one.sd).collect::<Vec<_>>(),
            [-2, 0, 2]
        );
        for line in &drawn {
            let places = line.stretches.iter().flat_map(|stretch| &stretch.places);
            let mut count = 0;
            for place in places {
                count += 1;
                let measured = Measured {
                    weight_kg: Some(place.amount),
                    ..Measured::default()
                };
                let indicator = Indicator::WeightForAge;
                let z = score(Reference::who(), &girl(), indicator, &measured, place.day);
                assert_eq!(z.map(|z| z.hundredths), Ok(i32::from(line.sd) * 100));
            }
            assert_eq!(count, 61, "sixty steps, both ends included");
        }
    }

    #[test]
    fn a_line_breaks_where_what_it_rests_on_changes() {
        let born = date(2020, 2, 29);
        let early = Child {
            gestational_days: Some(210),
            ..girl()
        };
        let bare = Child::default();
        let rows = [
            ("one reference", girl(), born, date(2021, 2, 1), 1),
            ("lying, then standing", girl(), born, date(2023, 1, 1), 2),
            ("and the next reference", girl(), born, date(2028, 1, 1), 3),
            ("corrected, then not", early, born, date(2023, 1, 1), 2),
            (
                "before birth",
                girl(),
                date(2019, 1, 1),
                date(2020, 1, 1),
                0,
            ),
            ("nothing known", bare, born, date(2021, 1, 1), 0),
            ("one day", girl(), born, born, 1),
        ];
        for (name, child, from, to, count) in rows {
            let drawn = weights(&child, from, to, &[0]);
            let stretches = drawn.iter().map(|line| line.stretches.len());
            assert_eq!(stretches.sum::<usize>(), count, "{name}");
        }
        let drawn = weights(&early, born, date(2020, 12, 1), &[0]);
        let first = drawn[0].stretches[0].places[0].day;
        assert!(first >= date(2020, 5, 9), "from term on: {first}");
    }

    #[test]
    fn weight_for_length_has_no_lines() {
        let days = (date(2020, 3, 1), date(2021, 3, 1));
        let indicator = Indicator::WeightForHeight;
        assert!(lines(Reference::who(), &girl(), indicator, days, &[0]).is_empty());
    }
}
