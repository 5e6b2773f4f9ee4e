//! What of a child's card a growth score and a visit's time depend on: sex, birth, how early it was born.

use super::{NoScore, Sex};
use crate::{reading::Reading, value::Value};
use jiff::civil::Date;

/// Born before this day of pregnancy (37 weeks) is born early.
pub const TERM_FROM_DAYS: i32 = 37 * 7;
/// A pregnancy's whole length in days: the day it is due.
pub const DUE_DAY: i32 = 40 * 7;
/// The age in days from which no age is corrected any more: two years.
pub const CORRECTED_UNTIL_DAYS: i32 = 731;

/// A child as far as its card is settled: what is in conflict there is none here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Child {
    /// None when nobody said, nobody knows, or it is in conflict.
    pub sex: Option<Sex>,
    /// The day of birth.
    pub birth_date: Option<Date>,
    /// The day the child is or was due.
    pub due_date: Option<Date>,
    /// Days of pregnancy at birth.
    pub gestational_days: Option<i32>,
}

/// How an age was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AgeRule {
    /// From birth. Also where nobody wrote how early the child was born.
    FromBirth,
    /// From the day the child was due, since it was born before 37 weeks and is younger than two years.
    CorrectedForPrematurity {
        /// So many days less than from birth.
        days: i32,
    },
}

/// An age in whole days, and how it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Age {
    /// Whole days; never less than 0.
    pub days: i32,
    /// How they were counted.
    pub rule: AgeRule,
}

impl Child {
    /// What a card's reading says. Of any other reading: nothing.
    #[must_use]
    pub fn of(card: &Reading) -> Self {
        let date = |name| match card.value(name) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        };
        let sex = match card.value("sex") {
            Some(Value::Code(code)) => Sex::of_code(code),
            _ => None,
        };
        let gestational_days = match card.value("gestational_age") {
            Some(Value::Quantity { amount, unit }) if unit == "d" => {
                amount.to_string().parse().ok()
            }
            _ => None,
        };
        Self {
            sex,
            birth_date: date("birth_date"),
            due_date: date("due_date"),
            gestational_days,
        }
    }

    /// What the cards of one child say together: a value that all which say it agree on.
    #[must_use]
    pub fn of_cards(cards: &[Self]) -> Self {
        Self {
            sex: agreed(cards.iter().map(|card| card.sex)),
            birth_date: agreed(cards.iter().map(|card| card.birth_date)),
            due_date: agreed(cards.iter().map(|card| card.due_date)),
            gestational_days: agreed(cards.iter().map(|card| card.gestational_days)),
        }
    }

    /// By how many days an age is corrected: those missing to 40 weeks, of a child born before 37; else 0.
    #[must_use]
    pub const fn early_days(&self) -> i32 {
        match self.gestational_days {
            Some(days) if days > 0 && days < TERM_FROM_DAYS => DUE_DAY - days,
            _ => 0,
        }
    }

    /// The age on a day, corrected for prematurity until two years from birth.
    ///
    /// # Errors
    /// `NoScore` says why there is none.
    pub fn age_on(&self, day: Date) -> Result<Age, NoScore> {
        let birth = self.birth_date.ok_or(NoScore::BirthDateUnknown)?;
        let from_birth = days_between(birth, day);
        if from_birth < 0 {
            return Err(NoScore::BeforeBirth);
        }
        let early = self.early_days();
        if early == 0 || from_birth >= CORRECTED_UNTIL_DAYS {
            return Ok(Age {
                days: from_birth,
                rule: AgeRule::FromBirth,
            });
        }
        if from_birth < early {
            return Err(NoScore::BeforeTerm);
        }
        Ok(Age {
            days: from_birth - early,
            rule: AgeRule::CorrectedForPrematurity { days: early },
        })
    }
}

fn agreed<T: PartialEq>(said: impl Iterator<Item = Option<T>>) -> Option<T> {
    let mut said = said.flatten();
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
}

/// Whole days from one day to another: days of the calendar, which no change of the clock makes longer or shorter.
/// Negative when the other is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i32 {
    i32::try_from(from.duration_until(to).as_hours() / 24).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn born_at(weeks: i32) -> Child {
        Child {
            birth_date: Some(date(2024, 2, 28)),
            gestational_days: Some(weeks * 7),
            ..Child::default()
        }
    }

    #[test]
    fn cards_of_one_child_say_together_what_they_agree_on() {
        let girl = Child {
            sex: Some(Sex::Girl),
            ..born_at(30)
        };
        let bare = Child::default();
        assert_eq!(Child::of_cards(&[bare, girl, bare]), girl);
        let boy = Child {
            sex: Some(Sex::Boy),
            ..girl
        };
        assert_eq!(Child::of_cards(&[girl, boy]), born_at(30));
        assert_eq!(Child::of_cards(&[]), bare);
    }

    #[test]
    fn an_age_counts_days_of_the_calendar() {
        for (from, to, days) in [
            (date(2024, 2, 28), date(2024, 3, 1), 2),
            (date(2023, 2, 28), date(2023, 3, 1), 1),
            // The clocks change on 29 March and 25 October 2026.
            (date(2026, 3, 28), date(2026, 3, 30), 2),
            (date(2026, 10, 24), date(2026, 10, 26), 2),
            (date(2026, 1, 1), date(2025, 12, 31), -1),
            (date(-9999, 1, 1), date(9999, 12, 31), 7_304_483),
        ] {
            assert_eq!(days_between(from, to), days, "{from} {to}");
        }
    }

    #[test]
    fn a_child_born_before_37_weeks_is_as_old_as_from_term_until_it_is_two() {
        let early = AgeRule::CorrectedForPrematurity { days: 70 };
        let from_birth = AgeRule::FromBirth;
        for (weeks, day, expected) in [
            (30, date(2024, 5, 7), Err(NoScore::BeforeTerm)),
            (30, date(2024, 5, 8), Ok((0, early))),
            (30, date(2026, 2, 27), Ok((660, early))),
            (30, date(2026, 2, 28), Ok((731, from_birth))),
            (37, date(2024, 2, 29), Ok((1, from_birth))),
            (40, date(2024, 2, 28), Ok((0, from_birth))),
            (40, date(2024, 2, 27), Err(NoScore::BeforeBirth)),
        ] {
            let age = born_at(weeks).age_on(day);
            assert_eq!(
                age.map(|age| (age.days, age.rule)),
                expected,
                "{weeks} {day}"
            );
        }
        let unknown = Child::default().age_on(date(2024, 1, 1));
        assert_eq!(unknown, Err(NoScore::BirthDateUnknown));
    }
}
