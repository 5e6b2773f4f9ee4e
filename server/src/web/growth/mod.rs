//! A child's growth on its page: per indicator a curve before the reference's lines and a table with every value, its z-score
//! and by which reference, or why there is none. Of values in conflict all are told, or none.

mod chart;
mod data;

pub use chart::GrowthChart;
pub use data::SeriesData;

use super::{chart::Mark, format, language::Told, rows::CardRow, view::Reader};
use crate::timeline::ToldEntry;
use chart::{Drawn, growth_chart};
use jiff::civil::Date;
use samspor_documents::{
    growth::{
        Age, AgeRule, Child, Indicator, Length, NoScore, Reference, ZScore,
        lines::{Place, ReferenceLine, Stretch, lines},
        series::{Number, Point, Series, series},
    },
    visit::Visit,
};

/// The lines that are drawn.
const SDS: [i8; 3] = [-2, 0, 2];

/// A child and its curves.
pub struct Growth {
    child: Child,
    /// A curve per indicator that any entry says something of.
    pub series: Vec<Series>,
}

impl Growth {
    /// Over a child's entries and cards. What the cards do not agree on is not known: then there is a reason in place of each
    /// score.
    #[must_use]
    pub fn of(entries: &[ToldEntry], cards: &[CardRow]) -> Self {
        let cards: Vec<Child> = cards.iter().map(|card| Child::of(&card.reading)).collect();
        let child = Child::of_cards(&cards);
        let visits: Vec<Visit<'_>> = entries
            .iter()
            .map(|one| Visit {
                document: one.document,
                reading: &one.reading,
            })
            .collect();
        Self {
            series: series(Reference::who(), &child, &visits),
            child,
        }
    }
}

/// What is shown of one indicator.
pub struct GrowthView {
    /// Its code: its place on the page.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// In what it is measured.
    pub unit: &'static str,
    /// The last row in short.
    pub latest: String,
    /// It drawn; none where nothing of it can be.
    pub chart: Option<GrowthChart>,
    /// Ages below the drawing, in words.
    pub ages: Vec<(String, String)>,
    /// What the drawing shows, for who does not see it.
    pub described: String,
    /// Below the drawing.
    pub note: &'static str,
    /// What holds of every row that has a score: said once.
    pub common: String,
    /// Every value, in order of time.
    pub rows: Vec<GrowthRow>,
}

/// One value.
pub struct GrowthRow {
    /// Its day.
    pub day: String,
    /// The age on it.
    pub age: String,
    /// What was measured; none of values in conflict where one of them is no measurement.
    pub amount: String,
    /// The score, and by which reference; or why there is none.
    pub score: String,
    /// By which reference.
    pub reference: String,
    /// How age and length were taken.
    pub note: String,
    /// Whether a person has to choose.
    pub in_conflict: bool,
}

impl GrowthView {
    /// One per indicator.
    #[must_use]
    pub fn all(reader: &Reader<'_>, growth: &Growth) -> Vec<Self> {
        let teller = Teller {
            reader,
            told: reader.language.told(),
            child: &growth.child,
        };
        growth.series.iter().map(|one| teller.view(one)).collect()
    }
}

/// The code of an indicator.
const fn code(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::WeightForAge => "weight_for_age",
        Indicator::HeightForAge => "height_for_age",
        Indicator::BmiForAge => "bmi_for_age",
        Indicator::WeightForHeight => "weight_for_height",
        Indicator::HeadCircumferenceForAge => "head_circumference_for_age",
    }
}

const fn unit(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::WeightForAge | Indicator::WeightForHeight => "kg",
        Indicator::HeightForAge | Indicator::HeadCircumferenceForAge => "cm",
        Indicator::BmiForAge => "kg/m²",
    }
}

const fn title(told: &Told, indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::WeightForAge => told.weight_for_age,
        Indicator::HeightForAge => told.height_for_age,
        Indicator::BmiForAge => told.bmi_for_age,
        Indicator::WeightForHeight => told.weight_for_height,
        Indicator::HeadCircumferenceForAge => told.head_for_age,
    }
}

const fn why(told: &Told, reason: NoScore) -> &'static str {
    match reason {
        NoScore::NotMeasured => told.not_measured,
        NoScore::SexUnknown => told.sex_unknown,
        NoScore::BirthDateUnknown => told.birth_unknown,
        NoScore::BeforeBirth => told.before_birth,
        NoScore::BeforeTerm => told.before_term,
        NoScore::OutsideReference => told.outside_reference,
        NoScore::InConflict => told.in_conflict,
        NoScore::Impossible => told.impossible,
    }
}

/// Weight for length goes by no age: its scores are drawn, and before them the lines that they are counted in.
const fn is_drawn_as_scores(indicator: Indicator) -> bool {
    matches!(indicator, Indicator::WeightForHeight)
}

struct Teller<'a> {
    reader: &'a Reader<'a>,
    told: &'static Told,
    child: &'a Child,
}

impl Teller<'_> {
    fn view(&self, series: &Series) -> GrowthView {
        let marks = marks(series);
        let days = chart::days(&marks, self.child.birth_date);
        let lines = days.map_or_else(Vec::new, |days| self.lines(series, days));
        let chart = days.and_then(|days| {
            growth_chart(&Drawn {
                marks: &marks,
                lines: &lines,
                days,
                born: self.child.birth_date,
            })
        });
        let rows = series.points.iter().flat_map(|one| self.rows(series, one));
        let mut rows: Vec<GrowthRow> = rows.collect();
        let common = common(&mut rows);
        let ages = chart.iter().flat_map(|chart| &chart.ages);
        GrowthView {
            id: code(series.indicator),
            title: title(self.told, series.indicator),
            unit: unit(series.indicator),
            latest: rows.last().map_or_else(String::new, latest),
            ages: ages
                .map(|(months, x)| (self.age_in_short(*months), x.clone()))
                .collect(),
            described: self.described(series, &lines),
            note: match (is_drawn_as_scores(series.indicator), lines.is_empty()) {
                (true, _) => self.told.drawn_as_scores,
                (false, true) if chart.is_some() => self.told.no_lines,
                _ => "",
            },
            common,
            chart,
            rows,
        }
    }

    fn lines(&self, series: &Series, days: (Date, Date)) -> Vec<ReferenceLine> {
        let references = Reference::who();
        if !is_drawn_as_scores(series.indicator) {
            return lines(references, self.child, series.indicator, days, &SDS);
        }
        let scores = series.points.iter().flat_map(|point| &point.numbers);
        let scored = scores
            .filter_map(|number| number.score.as_ref().ok())
            .next();
        let level = |(sd, reference): (i8, &ZScore)| {
            let place = |day| Place {
                day,
                amount: f64::from(sd),
            };
            ReferenceLine {
                sd,
                stretches: vec![Stretch {
                    reference: reference.reference.clone(),
                    places: vec![place(days.0), place(days.1)],
                }],
            }
        };
        let levels = scored.map(|scored| SDS.map(|sd| level((sd, scored))));
        levels.map_or_else(Vec::new, Vec::from)
    }

    fn described(&self, series: &Series, lines: &[ReferenceLine]) -> String {
        let count: usize = series.points.iter().map(|point| point.numbers.len()).sum();
        let measured = match count {
            1 => self.told.measurement,
            _ => self.told.measurements,
        };
        let day = |point: Option<&Point>| {
            point.map_or_else(String::new, |point| {
                format::day(point.day, self.reader.language)
            })
        };
        let mut by: Vec<&str> = Vec::new();
        for stretch in lines.iter().flat_map(|line| &line.stretches) {
            if !by.contains(&stretch.reference.name.as_str()) {
                by.push(&stretch.reference.name);
            }
        }
        let lines = match by.is_empty() {
            true => self.told.no_lines.to_owned(),
            false => format!("{} {}.", self.told.lines_are, by.join(", ")),
        };
        format!(
            "{}: {count} {measured} {} {} {} {}. {lines}",
            title(self.told, series.indicator),
            self.told.from_day,
            day(series.points.first()),
            self.told.to_day,
            day(series.points.last()),
        )
    }

    fn rows(&self, series: &Series, point: &Point) -> Vec<GrowthRow> {
        if point.numbers.is_empty() {
            return vec![GrowthRow {
                day: self.day(point),
                age: self.age(point),
                amount: String::new(),
                score: self.told.growth_conflict.to_owned(),
                reference: String::new(),
                note: String::new(),
                in_conflict: true,
            }];
        }
        let row = |number: &Number| {
            let score = number.score.as_ref();
            let note = score.ok().map(|score| self.notes(score));
            GrowthRow {
                day: self.day(point),
                age: self.age(point),
                amount: format!("{} {}", self.amount(number.amount), unit(series.indicator)),
                score: match score {
                    Ok(score) => self.hundredths(score.hundredths),
                    Err(reason) => why(self.told, *reason).to_owned(),
                },
                reference: score
                    .map_or_else(|_| String::new(), |score| score.reference.name.clone()),
                note: note.unwrap_or_default(),
                in_conflict: point.in_conflict,
            }
        };
        point.numbers.iter().map(row).collect()
    }

    fn day(&self, point: &Point) -> String {
        format::short_day(point.day, self.reader.language)
    }

    fn age(&self, point: &Point) -> String {
        match self.child.birth_date.filter(|born| *born <= point.day) {
            Some(born) => format::age(born, point.day, self.reader.language),
            None => String::new(),
        }
    }

    fn notes(&self, score: &ZScore) -> String {
        let early = match score.age {
            Age {
                rule: AgeRule::CorrectedForPrematurity { days },
                ..
            } => format!("{} {days} {}", self.told.corrected_by, self.told.days),
            _ => String::new(),
        };
        let length = match score.length {
            Length::NotUsed | Length::AsMeasured => "",
            Length::PostureNotWritten => self.told.posture_not_written,
            Length::Lengthened => self.told.lengthened,
            Length::Shortened => self.told.shortened,
        };
        super::methods::dotted([early, length.to_owned()])
    }

    fn age_in_short(&self, months: usize) -> String {
        match months % 12 {
            0 if months >= 24 => format!("{} {}", months / 12, self.told.years_short),
            _ => format!("{months} {}", self.told.months_short),
        }
    }

    /// With two decimals, or one where the second says nothing.
    fn amount(&self, amount: f64) -> String {
        let shown = format!("{amount:.2}");
        let shown = shown.strip_suffix('0').unwrap_or(&shown);
        self.with_point(shown)
    }

    fn with_point(&self, number: &str) -> String {
        use super::language::Language;
        match self.reader.language {
            Language::Danish => number.replace('.', ","),
            Language::English => number.to_owned(),
        }
    }

    /// `−1,23`.
    fn hundredths(&self, hundredths: i32) -> String {
        let sign = if hundredths < 0 { "−" } else { "" };
        let (whole, part) = (
            hundredths.unsigned_abs() / 100,
            hundredths.unsigned_abs() % 100,
        );
        self.with_point(&format!("{sign}{whole}.{part:02}"))
    }
}

/// The note that all scores share, taken from each; empty where they differ.
fn common(rows: &mut [GrowthRow]) -> String {
    let scored = || rows.iter().filter(|row| !row.reference.is_empty());
    let mut notes = scored().map(|row| row.note.as_str());
    let first = notes.next().unwrap_or_default().to_owned();
    if scored().count() < 2 || notes.any(|note| note != first) {
        return String::new();
    }
    for row in rows {
        row.note.clear();
    }
    first
}

fn latest(row: &GrowthRow) -> String {
    let score = match row.reference.is_empty() {
        true => row.score.clone(),
        false => format!("z {}", row.score),
    };
    super::methods::dotted([row.amount.clone(), score, row.day.clone()])
}

/// What of an indicator is drawn: its amounts, or its scores.
fn marks(series: &Series) -> Vec<Mark> {
    let of_point = |point: &Point| {
        let amount = |number: &Number| match is_drawn_as_scores(series.indicator) {
            true => Some(f64::from(number.score.as_ref().ok()?.hundredths) / 100.0),
            false => Some(number.amount).filter(|amount| amount.is_finite()),
        };
        let amounts: Vec<f64> = point.numbers.iter().filter_map(amount).collect();
        let mark = |amount| Mark {
            day: point.day,
            amount,
            unsettled: point.in_conflict,
        };
        // Of values in conflict all are drawn, or none.
        match amounts.len() == point.numbers.len() {
            true => amounts.into_iter().map(mark).collect(),
            false => Vec::new(),
        }
    };
    series.points.iter().flat_map(of_point).collect()
}

#[cfg(test)]
mod tests;
