//! The windows: read from a file, a default or a municipality's own, and put on a calendar.

mod file;

pub use file::{SCHEDULE_BYTES_MAX, ScheduleError};

use crate::{
    growth::{Child, DUE_DAY},
    template::{Labels, Templates},
};
use jiff::{Span, ToSpan, civil::Date};
use serde::Deserialize;
use std::{borrow::Cow, sync::OnceLock};

const DEFAULT: &str = include_str!("../../../data/visit_schedule.toml");
/// More years than a childhood has, either way.
const YEARS_MOST: i32 = 20;

/// From which day a window is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedFrom {
    /// The day of birth.
    Birth,
    /// The day the child is due, while it is not born.
    Due,
}

impl CountedFrom {
    /// Its name in the file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Birth => "birth",
            Self::Due => "due",
        }
    }
}

/// Who says that a window is as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// KL's own name of the visit.
    Kl,
    /// The municipality: a setting.
    Municipality,
}

impl Source {
    /// Its name in the file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kl => "kl",
            Self::Municipality => "municipality",
        }
    }
}

/// How far from the day that a window is counted from: years and months first, then weeks and days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Distance {
    /// Years, at most 20 either way.
    pub years: i32,
    /// Months, at most as many.
    pub months: i32,
    /// Weeks, at most as many.
    pub weeks: i32,
    /// Days, at most as many.
    pub days: i32,
}

/// When one kind of visit is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The kind of visit, by its short name.
    pub visit_type: String,
    /// From which day it is counted.
    pub counted_from: CountedFrom,
    /// Its first day.
    pub from: Distance,
    /// Its last day.
    pub until: Distance,
    /// Whether of a child born before 37 weeks it is counted from the day it was due.
    pub corrected: bool,
    /// Who says so.
    pub source: Source,
    /// The window in words.
    pub note: Labels,
}

/// All windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// So many days after its window a visit that was not held is still reminded of.
    pub remind_days: u16,
    /// Each kind of visit at most once.
    pub windows: Vec<Window>,
}

impl Schedule {
    /// The default. A test holds that it is read.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Schedule> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            file::read(DEFAULT, Templates::built_in()).unwrap_or(Self {
                remind_days: 0,
                windows: Vec::new(),
            })
        })
    }

    /// The text of the default's file: what a municipality's own begins with.
    #[must_use]
    pub const fn built_in_text() -> &'static str {
        DEFAULT
    }

    /// The schedule that holds where an organisation set this file, or none: its own, else the one that ships. With why
    /// its own cannot be used, as where a newer program set it.
    #[must_use]
    pub fn in_force(file: Option<&str>) -> (Cow<'static, Self>, Option<ScheduleError>) {
        let shipped = || Cow::Borrowed(Self::built_in());
        match file.map(Self::read) {
            None => (shipped(), None),
            Some(Ok(own)) => (Cow::Owned(own), None),
            Some(Err(error)) => (shipped(), Some(error)),
        }
    }

    /// From the text of a municipality's file: its size first, then under guard. Never panics.
    ///
    /// # Errors
    /// `ScheduleError` says what is wrong with it, on which line and in which field.
    pub fn read(text: &str) -> Result<Self, ScheduleError> {
        file::read_own(text)
    }

    /// The window of a kind of visit.
    #[must_use]
    pub fn window(&self, visit_type: &str) -> Option<&Window> {
        self.windows
            .iter()
            .find(|window| window.visit_type == visit_type)
    }

    /// So many days after birth, or after the day that it is due, no window of a child reminds anybody any more.
    #[must_use]
    pub fn reach_days(&self) -> i32 {
        let last = self.windows.iter().map(|window| window.until.days_most());
        // Of a child that was born early they are counted from the day it was due.
        last.max().unwrap_or(0).max(0) + i32::from(self.remind_days) + DUE_DAY
    }
}

impl Distance {
    /// Whether it is no further than a childhood is long.
    fn is_near(self) -> bool {
        let most = |number: i32, most: i32| (-most..=most).contains(&number);
        most(self.years, YEARS_MOST)
            && most(self.months, YEARS_MOST * 12)
            && most(self.weeks, YEARS_MOST * 53)
            && most(self.days, YEARS_MOST * 366)
    }

    const fn days_most(self) -> i32 {
        let months = self.years * 12 + self.months;
        let most = match months {
            ..=0 => months * 30 + 2,
            _ => months * 31,
        };
        most + self.weeks * 7 + self.days
    }

    /// Whether it is not later than another, whatever day both are counted from: a month has 28 to 31 days, and more
    /// of them together at least thirty each but for two days.
    const fn is_never_after(self, other: Self) -> bool {
        let months = (other.years * 12 + other.months) - (self.years * 12 + self.months);
        let least = match months {
            ..=0 => months * 31,
            _ => months * 30 - 2,
        };
        least + (other.weeks * 7 + other.days) - (self.weeks * 7 + self.days) >= 0
    }

    fn months_span(self) -> Option<Span> {
        self.is_near()
            .then(|| (self.years * 12 + self.months).months())
    }

    /// Months first: a month after 31 January is the last of February; then weeks and days.
    fn after(self, day: Date) -> Option<Date> {
        let day = day.checked_add(self.months_span()?).ok()?;
        day.checked_add((self.weeks * 7 + self.days).days()).ok()
    }
}

impl Window {
    /// Its first and last day for a child, and by how many days it was moved because the child was born early. None
    /// when the day it is counted from is not known, or before birth for a child that is born.
    #[must_use]
    pub fn days(&self, child: &Child) -> Option<(Date, Date, i32)> {
        let (start, moved) = match self.counted_from {
            CountedFrom::Birth => {
                let moved = if self.corrected {
                    child.early_days()
                } else {
                    0
                };
                (child.birth_date?.checked_add(moved.days()).ok()?, moved)
            }
            CountedFrom::Due if child.birth_date.is_none() => (child.due_date?, 0),
            CountedFrom::Due => return None,
        };
        let (from, until) = (self.from.after(start)?, self.until.after(start)?);
        (from <= until).then_some((from, until, moved))
    }
}
