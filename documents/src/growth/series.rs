//! A child's growth curve: the measurements of its visits in order of time, each with its score.
//!
//! It works on readings, so on open documents and on signed texts alike, and by the names of the fields (`weight`,
//! `height`, `height_how`, `head_circumference`), whatever template they stand in. Concurrent values are all shown or
//! none is: where one of them is no measurement, or the time is in conflict, the point stands there without a number.

use super::{Child, Indicator, Measured, NoScore, Posture, Reference, ZScore, score};
use crate::{
    id::DocumentId,
    reading::{FieldState, Reading},
    template::OCCURRED_AT,
    time::Moment,
    value::{Decimal, Value},
    visit::Visit,
};
use jiff::civil::Date;

/// One number of a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// What is drawn: kilograms, centimetres, or kg/m² for the body mass index. Weight for height draws the weight.
    pub amount: f64,
    /// Its score, or why there is none.
    pub score: Result<ZScore, NoScore>,
}

/// What one visit says of one indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The visit.
    pub document: DocumentId,
    /// When it happened.
    pub occurred_at: Moment,
    /// The day of it, by which the age is counted.
    pub day: Date,
    /// Whether values that it rests on are in conflict: a person has to choose.
    pub in_conflict: bool,
    /// One number. In a conflict: every number that the concurrent values make, oldest first, or none at all.
    pub numbers: Vec<Number>,
}

/// One indicator's curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Of what.
    pub indicator: Indicator,
    /// In order of time; visits that say nothing of it are left out.
    pub points: Vec<Point>,
}

/// A curve per indicator that any visit says something of. Visits that were discarded, or without a time, are left out;
/// the order they are given in makes no difference.
#[must_use]
pub fn series(references: &[Reference], child: &Child, visits: &[Visit<'_>]) -> Vec<Series> {
    let mut told: Vec<(Moment, Date, Visit<'_>)> = visits
        .iter()
        .filter(|visit| !visit.reading.discarded)
        .filter_map(|visit| {
            let at = visit.reading.occurred_at?;
            Some((at, at.day()?, *visit))
        })
        .collect();
    told.sort_by_key(|(at, _, visit)| (*at, visit.document));
    let curve = |indicator| Series {
        indicator,
        points: told
            .iter()
            .filter_map(|(at, day, visit)| {
                let (in_conflict, measured) = measured(visit.reading, indicator)?;
                let number = |one: &Measured| Number {
                    amount: amount(indicator, one),
                    score: score(references, child, indicator, one, *day),
                };
                Some(Point {
                    document: visit.document,
                    occurred_at: *at,
                    day: *day,
                    in_conflict,
                    numbers: measured.iter().map(number).collect(),
                })
            })
            .collect(),
    };
    Indicator::ALL
        .into_iter()
        .map(curve)
        .filter(|series| !series.points.is_empty())
        .collect()
}

fn amount(indicator: Indicator, measured: &Measured) -> f64 {
    let weight = measured.weight_kg.unwrap_or(f64::NAN);
    let height = measured.height_cm.unwrap_or(f64::NAN);
    match indicator {
        Indicator::WeightForAge | Indicator::WeightForHeight => weight,
        Indicator::HeightForAge => height,
        Indicator::BmiForAge => weight / (height / 100.0).powi(2),
        Indicator::HeadCircumferenceForAge => measured.head_circumference_cm.unwrap_or(f64::NAN),
    }
}

/// What a field says to a curve.
enum Says<T> {
    Nothing,
    One(T),
    /// Concurrent values, all of this kind; empty when one of them is not.
    Concurrent(Vec<T>),
}

impl<T: Copy> Says<T> {
    fn of(reading: &Reading, name: &str, read: impl Fn(&Value) -> Option<T>) -> Self {
        let Some(field) = reading.field(name) else {
            return Self::Nothing;
        };
        match &field.state {
            FieldState::One(one) if one.valid => read(&one.value).map_or(Self::Nothing, Self::One),
            FieldState::Conflict { values, .. } => {
                let typed = values
                    .iter()
                    .map(|one| read(&one.value).filter(|_| one.valid));
                let all: Option<Vec<T>> = typed.clone().collect();
                if typed.flatten().next().is_none() {
                    return Self::Nothing;
                }
                Self::Concurrent(all.unwrap_or_default())
            }
            _ => Self::Nothing,
        }
    }

    const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    const fn is_concurrent(&self) -> bool {
        matches!(self, Self::Concurrent(_))
    }

    fn all(&self) -> Vec<T> {
        match self {
            Self::Nothing => Vec::new(),
            Self::One(one) => vec![*one],
            Self::Concurrent(all) => all.clone(),
        }
    }
}

/// Whether it is in conflict, and every measurement it makes for this indicator; none when it says nothing of it.
fn measured(reading: &Reading, indicator: Indicator) -> Option<(bool, Vec<Measured>)> {
    let weight = Says::of(reading, "weight", kilograms);
    let height = Says::of(reading, "height", centimetres);
    let head = Says::of(reading, "head_circumference", centimetres);
    let mut posture = Says::of(reading, "height_how", how);
    let needs_height = !matches!(
        indicator,
        Indicator::WeightForAge | Indicator::HeadCircumferenceForAge
    );
    let needs_weight = !matches!(
        indicator,
        Indicator::HeightForAge | Indicator::HeadCircumferenceForAge
    );
    let needs: &[&Says<f64>] = match indicator {
        Indicator::WeightForAge => &[&weight],
        Indicator::HeightForAge => &[&height],
        Indicator::BmiForAge | Indicator::WeightForHeight => &[&weight, &height],
        Indicator::HeadCircumferenceForAge => &[&head],
    };
    if needs.iter().any(|one| one.is_nothing()) {
        return None;
    }
    if !needs_height {
        posture = Says::Nothing;
    }
    // `occurred_at` stands among the fields only when it is in conflict or invalid.
    let when_unsettled = reading.field(OCCURRED_AT).is_some();
    let in_conflict =
        when_unsettled || posture.is_concurrent() || needs.iter().any(|one| one.is_concurrent());
    if when_unsettled {
        return Some((in_conflict, Vec::new()));
    }
    let used = |says: &Says<f64>, wanted: bool| -> Vec<Option<f64>> {
        if wanted {
            says.all().into_iter().map(Some).collect()
        } else {
            vec![None]
        }
    };
    let weights = used(&weight, needs_weight);
    let heights = used(&height, needs_height);
    let heads = used(&head, indicator == Indicator::HeadCircumferenceForAge);
    let postures: Vec<Option<Posture>> = if posture.is_nothing() {
        vec![None]
    } else {
        posture.all().into_iter().map(Some).collect()
    };
    let mut all = Vec::new();
    for weight_kg in &weights {
        for height_cm in &heights {
            for posture in &postures {
                all.extend(heads.iter().map(|head| Measured {
                    weight_kg: *weight_kg,
                    height_cm: *height_cm,
                    posture: *posture,
                    head_circumference_cm: *head,
                }));
            }
        }
    }
    Some((in_conflict, all))
}

fn kilograms(value: &Value) -> Option<f64> {
    match value {
        Value::Quantity { amount, unit } if unit == "kg" => number(*amount),
        Value::Quantity { amount, unit } if unit == "g" => Some(number(*amount)? / 1000.0),
        _ => None,
    }
}

fn centimetres(value: &Value) -> Option<f64> {
    match value {
        Value::Quantity { amount, unit } if unit == "cm" => number(*amount),
        _ => None,
    }
}

fn how(value: &Value) -> Option<Posture> {
    match value {
        Value::Code(code) if code == "lying" => Some(Posture::Lying),
        Value::Code(code) if code == "standing" => Some(Posture::Standing),
        _ => None,
    }
}

/// The nearest binary number, the same on every machine.
fn number(amount: Decimal) -> Option<f64> {
    amount.to_string().parse().ok()
}

#[cfg(test)]
mod tests;
