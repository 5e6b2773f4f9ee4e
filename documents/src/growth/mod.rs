//! Growth: a measurement as a z-score by a named reference, and a child's curve from its visits.
//!
//! Device and server call the same functions and show the same numbers. Nothing is guessed: without a known sex, outside
//! a reference's ages, where a card or a measurement is in conflict, there is a reason in place of a number. What a score
//! rests on (reference, age and how it was counted, whether a length was converted) stands on it.

mod child;
pub mod lines;
mod lms;
mod reference;
pub mod series;

pub use child::{Age, AgeRule, CORRECTED_UNTIL_DAYS, Child, DUE_DAY, TERM_FROM_DAYS, days_between};
pub use reference::{Reference, ReferenceError, ReferenceName};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Below this age in days a child's length is measured lying, from it on its height standing: WHO's two years.
pub const LYING_UNTIL_DAYS: i32 = 731;
/// A child measures so much more lying than standing: WHO's conversion.
pub const LYING_IS_LONGER_CM: f64 = 0.7;

/// What is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Indicator {
    /// Weight for age.
    WeightForAge,
    /// Length or height for age.
    HeightForAge,
    /// Body mass index for age.
    BmiForAge,
    /// Weight for length or height.
    WeightForHeight,
    /// Head circumference for age.
    HeadCircumferenceForAge,
}

impl Indicator {
    /// Every indicator.
    pub const ALL: [Self; 5] = [
        Self::WeightForAge,
        Self::HeightForAge,
        Self::BmiForAge,
        Self::WeightForHeight,
        Self::HeadCircumferenceForAge,
    ];

    /// Whether weight is in it, so that WHO's restricted method holds beyond ±3.
    const fn is_of_weight(self) -> bool {
        matches!(
            self,
            Self::WeightForAge | Self::BmiForAge | Self::WeightForHeight
        )
    }
}

/// The sexes that references have tables for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// A girl.
    Girl,
    /// A boy.
    Boy,
}

impl Sex {
    /// By the code of a card.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "girl" | "woman" => Some(Self::Girl),
            "boy" | "man" => Some(Self::Boy),
            _ => None,
        }
    }
}

/// How a length was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posture {
    /// Lying.
    Lying,
    /// Standing.
    Standing,
}

/// What was measured of a child at one time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measured {
    /// Kilograms.
    pub weight_kg: Option<f64>,
    /// Centimetres.
    pub height_cm: Option<f64>,
    /// How the length was measured, where it was written.
    pub posture: Option<Posture>,
    /// Centimetres.
    pub head_circumference_cm: Option<f64>,
}

/// What became of a length before it was scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// No length is in this indicator.
    NotUsed,
    /// As measured, and measured as the reference has it at this age.
    AsMeasured,
    /// As written; how it was measured was not: taken to be as the reference has it at this age.
    PostureNotWritten,
    /// Measured standing before two years: 0.7 cm were added.
    Lengthened,
    /// Measured lying from two years on: 0.7 cm were taken off.
    Shortened,
}

/// A z-score and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZScore {
    /// Of what.
    pub indicator: Indicator,
    /// The score in hundredths: -123 is -1.23.
    pub hundredths: i32,
    /// By which reference.
    pub reference: ReferenceName,
    /// At what age.
    pub age: Age,
    /// What became of the length.
    pub length: Length,
}

/// Why there is no score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoScore {
    /// It was not measured.
    NotMeasured,
    /// The card says no sex that a reference has tables for, or two.
    SexUnknown,
    /// The card says no day of birth, or two.
    BirthDateUnknown,
    /// It happened before the child was born.
    BeforeBirth,
    /// The child was born early and had not reached its due day: references begin at term.
    BeforeTerm,
    /// No reference has this indicator at this age, or at this length.
    OutsideReference,
    /// Concurrent values, of which one is no measurement, or several times: nobody has chosen yet.
    InConflict,
    /// No number a child has.
    Impossible,
}

/// The score of one indicator on a day, by the first of these references that has it for the child's sex and age.
///
/// # Errors
/// `NoScore` says why there is none.
pub fn score(
    references: &[Reference],
    child: &Child,
    indicator: Indicator,
    measured: &Measured,
    day: Date,
) -> Result<ZScore, NoScore> {
    let sex = child.sex.ok_or(NoScore::SexUnknown)?;
    let age = child.age_on(day)?;
    let (height, length) = height_at(measured, age);
    let weight = measured.weight_kg.ok_or(NoScore::NotMeasured);
    let tall = height.ok_or(NoScore::NotMeasured);
    let (value, length) = match indicator {
        Indicator::WeightForAge => (weight?, Length::NotUsed),
        Indicator::HeightForAge => (tall?, length),
        Indicator::BmiForAge => (weight? / (tall? / 100.0).powi(2), length),
        Indicator::WeightForHeight => {
            tall?;
            (weight?, length)
        }
        Indicator::HeadCircumferenceForAge => {
            let head = measured.head_circumference_cm;
            (head.ok_or(NoScore::NotMeasured)?, Length::NotUsed)
        }
    };
    if !(value.is_finite() && value > 0.0) {
        return Err(NoScore::Impossible);
    }
    let (reference, lms) = references
        .iter()
        .find_map(|one| Some((one, one.lms(indicator, sex, age.days, height)?)))
        .ok_or(NoScore::OutsideReference)?;
    let z = if indicator.is_of_weight() {
        lms.z_restricted(value)
    } else {
        lms.z(value)
    };
    Ok(ZScore {
        indicator,
        hundredths: lms::hundredths(z).ok_or(NoScore::Impossible)?,
        reference: reference.name.clone(),
        age,
        length,
    })
}

/// The length as the references have it at this age: lying before two years, standing from then on.
fn height_at(measured: &Measured, age: Age) -> (Option<f64>, Length) {
    let lying = age.days < LYING_UNTIL_DAYS;
    let (more, length) = match measured.posture {
        None => (0.0, Length::PostureNotWritten),
        Some(Posture::Standing) if lying => (LYING_IS_LONGER_CM, Length::Lengthened),
        Some(Posture::Lying) if !lying => (-LYING_IS_LONGER_CM, Length::Shortened),
        Some(_) => (0.0, Length::AsMeasured),
    };
    (measured.height_cm.map(|height| height + more), length)
}

#[cfg(test)]
mod tests;
