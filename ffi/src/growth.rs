//! A child's growth: measurements over time, each with its z-score by a reference, or why there is none.

use crate::{device::Device, error::SamsporError, reading::all, runtime::hand_over, values::Day};
use samspor_client_core as client;
use samspor_documents::{
    growth::{
        self, AgeRule, Child, Indicator, Length as MeasuredLength, NoScore, Reference, Sex, lines,
        series::{Number, Point, Series},
    },
    id::{DocumentId, SpaceId},
    time::Moment,
};
use std::collections::BTreeSet;

/// What a curve is of.
#[uniffi::remote(Enum)]
pub enum Indicator {
    /// Weight for age, in kilograms.
    WeightForAge,
    /// Length or height for age, in centimetres.
    HeightForAge,
    /// Body mass index for age, in kg/m².
    BmiForAge,
    /// Weight for length or height, in kilograms.
    WeightForHeight,
    /// Head circumference for age, in centimetres.
    HeadCircumferenceForAge,
}

/// The sexes that references have tables for.
#[uniffi::remote(Enum)]
pub enum Sex {
    /// A girl.
    Girl,
    /// A boy.
    Boy,
}

/// What became of a length before it was scored.
#[uniffi::remote(Enum)]
pub enum MeasuredLength {
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

/// Why there is no score.
#[uniffi::remote(Enum)]
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

/// A z-score and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ZScore {
    /// The score in hundredths: -123 is -1.23.
    pub hundredths: i32,
    /// By which reference.
    pub reference: String,
    /// Its version.
    pub reference_version: String,
    /// At what age, in whole days, corrected where it is.
    pub age_days: i32,
    /// By how many days the age was corrected for prematurity; 0 else.
    pub corrected_days: i32,
    /// What became of the length.
    pub length: MeasuredLength,
}

impl From<growth::ZScore> for ZScore {
    fn from(score: growth::ZScore) -> Self {
        Self {
            hundredths: score.hundredths,
            reference: score.reference.name,
            reference_version: score.reference.version,
            age_days: score.age.days,
            corrected_days: match score.age.rule {
                AgeRule::FromBirth => 0,
                AgeRule::CorrectedForPrematurity { days } => days,
            },
            length: score.length,
        }
    }
}

/// One number of a point.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GrowthNumber {
    /// What is drawn, in the indicator's unit. Weight for height draws the weight.
    pub amount: f64,
    /// Its score.
    pub score: Option<ZScore>,
    /// Why there is none.
    pub no_score: Option<NoScore>,
}

impl From<Number> for GrowthNumber {
    fn from(number: Number) -> Self {
        let (score, no_score) = match number.score {
            Ok(score) => (Some(score.into()), None),
            Err(why) => (None, Some(why)),
        };
        Self {
            amount: number.amount,
            score,
            no_score,
        }
    }
}

/// What one visit says of one indicator.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GrowthPoint {
    /// The visit.
    pub document: DocumentId,
    /// When it happened.
    pub occurred_at: Moment,
    /// The day of it, by which the age is counted.
    pub day: Day,
    /// Whether values that it rests on are in conflict: a person has to choose.
    pub in_conflict: bool,
    /// One number. In a conflict: every number that the concurrent values make, oldest first, or none at all.
    pub numbers: Vec<GrowthNumber>,
}

impl From<Point> for GrowthPoint {
    fn from(point: Point) -> Self {
        Self {
            document: point.document,
            occurred_at: point.occurred_at,
            day: Day(point.day),
            in_conflict: point.in_conflict,
            numbers: all(point.numbers),
        }
    }
}

/// One indicator's curve.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GrowthSeries {
    /// Of what.
    pub indicator: Indicator,
    /// In order of time; visits that say nothing of it are left out.
    pub points: Vec<GrowthPoint>,
}

impl From<Series> for GrowthSeries {
    fn from(series: Series) -> Self {
        Self {
            indicator: series.indicator,
            points: all(series.points),
        }
    }
}

/// A child's growth.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Growth {
    /// The cases that it is told from: every one here that is about this child.
    pub cases: Vec<SpaceId>,
    /// The child's sex, where the cards agree on it.
    pub sex: Option<Sex>,
    /// The day of birth, where they agree on it.
    pub birth_date: Option<Day>,
    /// The day the child is or was due, where they agree on it.
    pub due_date: Option<Day>,
    /// Days of pregnancy at birth, where they agree on it.
    pub gestational_days: Option<i32>,
    /// A curve per indicator that something is said of.
    pub series: Vec<GrowthSeries>,
}

impl From<client::Growth> for Growth {
    fn from(growth: client::Growth) -> Self {
        let child = growth.child;
        Self {
            cases: growth.cases,
            sex: child.sex,
            birth_date: child.birth_date.map(Day),
            due_date: child.due_date.map(Day),
            gestational_days: child.gestational_days,
            series: all(growth.series),
        }
    }
}

/// One place of a reference's line.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct LinePlace {
    /// The day.
    pub day: Day,
    /// In the indicator's unit.
    pub amount: f64,
}

impl From<lines::Place> for LinePlace {
    fn from(place: lines::Place) -> Self {
        Self {
            day: Day(place.day),
            amount: place.amount,
        }
    }
}

/// A stretch of a line by one reference.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct LineStretch {
    /// By which.
    pub reference: String,
    /// Its version.
    pub reference_version: String,
    /// In order of time; one alone where no other is by the same.
    pub places: Vec<LinePlace>,
}

impl From<lines::Stretch> for LineStretch {
    fn from(stretch: lines::Stretch) -> Self {
        Self {
            reference: stretch.reference.name,
            reference_version: stretch.reference.version,
            places: all(stretch.places),
        }
    }
}

/// The line of one standard deviation.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ReferenceLine {
    /// Which: 0 is the median.
    pub sd: i8,
    /// In order of time.
    pub stretches: Vec<LineStretch>,
}

impl From<lines::ReferenceLine> for ReferenceLine {
    fn from(line: lines::ReferenceLine) -> Self {
        Self {
            sd: line.sd,
            stretches: all(line.stretches),
        }
    }
}

/// The lines that a child's curve is drawn against, at these standard deviations from -3 to 3, from one day to another.
/// `growth` is what the device told of the child. None of a child whose sex or day of birth is not known, nor of weight
/// for height.
#[uniffi::export]
pub async fn reference_lines(
    growth: Growth,
    indicator: Indicator,
    from: Day,
    until: Day,
    sds: Vec<i8>,
) -> Result<Vec<ReferenceLine>, SamsporError> {
    let child = Child {
        sex: growth.sex,
        birth_date: growth.birth_date.map(|day| day.0),
        due_date: growth.due_date.map(|day| day.0),
        gestational_days: growth.gestational_days,
    };
    let sds: BTreeSet<i8> = sds.into_iter().filter(|sd| (-3..=3).contains(sd)).collect();
    let sds: Vec<i8> = sds.into_iter().collect();
    hand_over(async move {
        let days = (from.0, until.0);
        let lines = lines::lines(Reference::who(), &child, indicator, days, &sds);
        Ok::<_, SamsporError>(all(lines))
    })
    .await
}

#[uniffi::export]
impl Device {
    /// A child's growth curves, over every card of the child that may be seen here.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    #[uniffi::method(default(restricted = false))]
    pub async fn growth(&self, case_id: SpaceId, restricted: bool) -> Result<Growth, SamsporError> {
        self.run(async move |device| device.growth(case_id, restricted).await.map(Into::into))
            .await
    }
}
