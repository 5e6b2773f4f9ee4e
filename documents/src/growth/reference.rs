//! Growth references: LMS tables as data. WHO's two ship with this crate; another one is another file of the form that
//! `data/growth/README.md` describes.

use super::{Indicator, Sex, lms::Lms};
use serde::Deserialize;
use std::sync::OnceLock;

const FILES: [&str; 2] = [
    include_str!("../../data/growth/who_2006.toml"),
    include_str!("../../data/growth/who_2007.toml"),
];
/// More rows than a table of days until nineteen years has.
const ROWS_MAX: usize = 10_000;

/// A reference's file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// Not the shape of such a file.
    #[error("a growth reference: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A column that does not say its rows.
    #[error("a growth reference: column {column} of table {table} is not well-formed")]
    Column {
        /// The table, from 1.
        table: usize,
        /// `l`, `m` or `s`.
        column: char,
    },
}

/// By which reference a score was computed. It stands on every score: the same measurement has another one elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReferenceName {
    /// `WHO 2006`.
    pub name: String,
    /// The version of its file.
    pub version: String,
}

/// What a table goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Axis {
    /// Age in days.
    Day,
    /// Age in months of 30.4375 days.
    Month,
    /// Centimetres, lying.
    Length,
    /// Centimetres, standing.
    Height,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReference {
    name: String,
    version: String,
    decimals: [u8; 3],
    table: Vec<RawTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    indicator: Indicator,
    sex: Sex,
    axis: Axis,
    days: Option<[i32; 2]>,
    first: i32,
    per_step: u16,
    rows: usize,
    l: RawColumn,
    m: RawColumn,
    s: RawColumn,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    order: u8,
    differences: String,
}

/// One table: one indicator of one sex, along ages or lengths.
#[derive(Debug)]
struct Table {
    indicator: Indicator,
    sex: Sex,
    axis: Axis,
    /// The ages in days for which it stands, where it goes by length.
    days: Option<[i32; 2]>,
    first: i32,
    per_step: u16,
    rows: Vec<Lms>,
}

/// A reference: a name and its tables.
#[derive(Debug)]
pub struct Reference {
    /// Its name and version.
    pub name: ReferenceName,
    tables: Vec<Table>,
}

impl Reference {
    /// WHO's standards (to five years) and reference (from five years), in this order. A test holds that both are read.
    #[must_use]
    pub fn who() -> &'static [Self] {
        static WHO: OnceLock<Vec<Reference>> = OnceLock::new();
        WHO.get_or_init(|| FILES.iter().flat_map(|file| Self::read(file)).collect())
    }

    /// From the text of its file.
    ///
    /// # Errors
    /// `ReferenceError` says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, ReferenceError> {
        let raw: RawReference = toml::from_str(text)?;
        let mut tables = Vec::with_capacity(raw.table.len());
        for (place, table) in raw.table.into_iter().enumerate() {
            let columns = [('l', &table.l), ('m', &table.m), ('s', &table.s)];
            let mut read = [Vec::new(), Vec::new(), Vec::new()];
            for ((column, (name, raw_column)), decimals) in
                read.iter_mut().zip(columns).zip(raw.decimals)
            {
                *column =
                    unpack(raw_column, table.rows, decimals).ok_or(ReferenceError::Column {
                        table: place + 1,
                        column: name,
                    })?;
            }
            let [l, m, s] = read;
            let rows = l.into_iter().zip(m).zip(s);
            tables.push(Table {
                indicator: table.indicator,
                sex: table.sex,
                axis: table.axis,
                days: table.days,
                first: table.first,
                per_step: table.per_step,
                rows: rows.map(|((l, m), s)| Lms { l, m, s }).collect(),
            });
        }
        Ok(Self {
            name: ReferenceName {
                name: raw.name,
                version: raw.version,
            },
            tables,
        })
    }

    /// The distribution for a child of this sex at this age in days, or of this height at this age.
    pub(super) fn lms(
        &self,
        indicator: Indicator,
        sex: Sex,
        days: i32,
        height_cm: Option<f64>,
    ) -> Option<Lms> {
        let of_child = |table: &&Table| table.indicator == indicator && table.sex == sex;
        self.tables
            .iter()
            .filter(of_child)
            .find_map(|table| table.at(days, height_cm))
    }
}

impl Table {
    /// Between two rows the parameters lie on a straight line, as WHO's own programs have it.
    fn at(&self, days: i32, height_cm: Option<f64>) -> Option<Lms> {
        if self
            .days
            .is_some_and(|[least, most]| days < least || days > most)
        {
            return None;
        }
        let along = match self.axis {
            Axis::Day => f64::from(days),
            Axis::Month => f64::from(days) / DAYS_PER_MONTH,
            Axis::Length | Axis::Height => height_cm?,
        };
        // Centimetres with a decimal have no exact form: 65.3 is row 653, not something just below it.
        let place = (along * f64::from(self.per_step) * 1e6).round() / 1e6 - f64::from(self.first);
        if !(0.0..1e6).contains(&place) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 10^6; the whole part is meant"
        )]
        let row = place as usize;
        let lower = *self.rows.get(row)?;
        let part = place.fract();
        if part == 0.0 {
            return Some(lower);
        }
        Some(lower.towards(*self.rows.get(row + 1)?, part))
    }
}

/// WHO's month.
const DAYS_PER_MONTH: f64 = 30.4375;

/// A column from its differences: `0` is none, `a`-`z` are 1 to 26, `A`-`Z` are -1 to -26, others stand in brackets;
/// what is not written at the end is none. Of order 1 they are steps, of order 2 steps of the steps.
fn unpack(raw: &RawColumn, rows: usize, decimals: u8) -> Option<Vec<f64>> {
    if rows > ROWS_MAX || !(1..=2).contains(&raw.order) || decimals > 9 {
        return None;
    }
    let mut differences = differences(&raw.differences)?;
    if differences.len() > rows {
        return None;
    }
    differences.resize(rows, 0);
    let scale = f64::from(10_u32.checked_pow(decimals.into())?);
    let (mut value, mut step, mut column) = (0_i32, 0_i32, Vec::with_capacity(rows));
    for difference in differences {
        step = if raw.order == 2 {
            step.checked_add(difference)?
        } else {
            difference
        };
        value = value.checked_add(step)?;
        column.push(f64::from(value) / scale);
    }
    Some(column)
}

fn differences(text: &str) -> Option<Vec<i32>> {
    let mut found = Vec::with_capacity(text.len().min(ROWS_MAX));
    let mut letters = text.chars().filter(|letter| !letter.is_whitespace());
    while let Some(letter) = letters.next() {
        found.push(match letter {
            '0' => 0,
            'a'..='z' => i32::try_from(u32::from(letter) - 96).ok()?,
            'A'..='Z' => -i32::try_from(u32::from(letter) - 64).ok()?,
            '(' => {
                let digits: String = letters.by_ref().take_while(|next| *next != ')').collect();
                digits.parse().ok()?
            }
            _ => return None,
        });
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_references_of_who_are_read_whole() {
        let who: Vec<Reference> = FILES
            .iter()
            .map(|file| Reference::read(file).unwrap())
            .collect();
        let counted: Vec<(usize, usize)> = who
            .iter()
            .map(|one| {
                (
                    one.tables.len(),
                    one.tables.iter().map(|table| table.rows.len()).sum(),
                )
            })
            .collect();
        assert_eq!(
            counted,
            [(12, 2 * (4 * 1857 + 651 + 551)), (6, 2 * (60 + 168 + 168))]
        );
        assert_eq!(who[0].name.name, "WHO 2006");
        let first = who[0]
            .lms(Indicator::WeightForAge, Sex::Girl, 0, None)
            .unwrap();
        assert_eq!(
            first,
            Lms {
                l: 0.3809,
                m: 3.2322,
                s: 0.14171
            }
        );
        let last = who[0]
            .lms(Indicator::WeightForAge, Sex::Girl, 1856, None)
            .unwrap();
        assert_eq!(
            last,
            Lms {
                l: -0.3531,
                m: 18.389,
                s: 0.14892
            }
        );
    }

    #[test]
    fn between_two_months_the_parameters_lie_on_a_line_and_outside_there_are_none() {
        let who = &Reference::who()[1];
        let at = |days| who.lms(Indicator::HeightForAge, Sex::Girl, days, None);
        // Day 1887 is month 61.9959…, between 109.6016 and 110.1258.
        let m = at(1887).unwrap().m;
        assert!(m > 110.12 && m < 110.1258, "{m}");
        assert!(at(1856).is_none() && at(1857).is_some());
        assert!(at(6939).is_some() && at(6940).is_none());
        assert!(at(-1).is_none() && at(i32::MAX).is_none());
    }

    #[test]
    fn a_file_that_is_not_well_formed_is_refused() {
        let file = |rows: &str, differences: &str| {
            format!(
                "name='X'\nversion='1'\ndecimals=[4,4,5]\n[[table]]\nindicator='bmi_for_age'\nsex='boy'\naxis='day'\nfirst=0\n\
                 per_step=1\nrows={rows}\nl={{order=1,differences='{differences}'}}\nm={{order=1,differences='a'}}\n\
                 s={{order=1,differences='a'}}\n"
            )
        };
        assert!(
            Reference::read(&file("2", "aB(-7)")).is_err(),
            "more differences than rows"
        );
        assert!(Reference::read(&file("2", "a.")).is_err());
        assert!(Reference::read(&file("2", "(12")).is_ok_and(|one| one.tables.len() == 1));
        assert!(Reference::read(&file("2", "(99999999999)")).is_err());
        assert!(
            Reference::read(&file("2", "(2147483647)a")).is_err(),
            "past the largest number"
        );
        assert!(Reference::read(&file("10001", "a")).is_err());
        assert!(Reference::read("name = 1").is_err());
    }
}
