//! Growth curves as data.

use super::{code, unit};
use samspor_documents::{
    growth::{
        AgeRule, Length, NoScore,
        series::{Number, Point, Series},
    },
    id::DocumentId,
    time::UnixMillis,
};
use serde::Serialize;

/// One indicator.
#[derive(Debug, Serialize)]
pub struct SeriesData {
    indicator: &'static str,
    unit: &'static str,
    points: Vec<PointData>,
}

/// What one entry says of it.
#[derive(Debug, Serialize)]
struct PointData {
    document: DocumentId,
    /// Unix milliseconds.
    occurred_at: UnixMillis,
    /// The day by which the age is counted.
    day: String,
    /// A person has to choose.
    in_conflict: bool,
    /// One. In a conflict every number that the concurrent values make, or none.
    numbers: Vec<NumberData>,
}

#[derive(Debug, Serialize)]
struct NumberData {
    amount: f64,
    /// In hundredths.
    z_hundredths: Option<i32>,
    reference: Option<ReferenceData>,
    age_days: Option<i32>,
    /// By so many days the age is less than from birth.
    corrected_days: Option<i32>,
    /// What became of the length before it was scored.
    length: Option<&'static str>,
    /// Why there is no score.
    no_score: Option<NoScore>,
}

#[derive(Debug, Serialize)]
struct ReferenceData {
    name: String,
    version: String,
}

impl SeriesData {
    /// Of one indicator.
    #[must_use]
    pub fn of(series: &Series) -> Self {
        Self {
            indicator: code(series.indicator),
            unit: unit(series.indicator),
            points: series.points.iter().map(point).collect(),
        }
    }
}

fn point(point: &Point) -> PointData {
    PointData {
        document: point.document,
        occurred_at: point.occurred_at.at,
        day: point.day.to_string(),
        in_conflict: point.in_conflict,
        numbers: point.numbers.iter().map(number).collect(),
    }
}

fn number(number: &Number) -> NumberData {
    let score = number.score.as_ref().ok();
    NumberData {
        amount: number.amount,
        z_hundredths: score.map(|score| score.hundredths),
        reference: score.map(|score| ReferenceData {
            name: score.reference.name.clone(),
            version: score.reference.version.clone(),
        }),
        age_days: score.map(|score| score.age.days),
        corrected_days: score.map(|score| match score.age.rule {
            AgeRule::FromBirth => 0,
            AgeRule::CorrectedForPrematurity { days } => days,
        }),
        length: score.and_then(|score| match score.length {
            Length::NotUsed => None,
            Length::AsMeasured => Some("as_measured"),
            Length::PostureNotWritten => Some("posture_not_written"),
            Length::Lengthened => Some("lengthened"),
            Length::Shortened => Some("shortened"),
        }),
        no_score: number.score.as_ref().err().copied(),
    }
}
