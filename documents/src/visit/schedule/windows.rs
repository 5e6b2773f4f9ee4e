//! The windows: read from a file, a default or a municipality's own, and put on a calendar.

use crate::{
    growth::{Child, DUE_DAY},
    template::{Labels, Templates},
};
use jiff::{Span, ToSpan, civil::Date};
use serde::Deserialize;
use std::sync::OnceLock;

const DEFAULT: &str = include_str!("../../../data/visit_schedule.toml");
/// More months than a childhood has, either way.
const MONTHS_MOST: i32 = 12 * 20;

/// A schedule that cannot be used. It carries no personal data, so it may quote the file.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// Not the shape of such a file.
    #[error("a visit schedule: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A kind of visit that KL does not have, or that stands twice.
    #[error("a visit schedule: there is no kind of visit {visit_type}, or it stands twice")]
    VisitType {
        /// What stands there.
        visit_type: String,
    },
    /// A window that ends before it begins, or is further away than a childhood is long.
    #[error("a visit schedule: the window of {visit_type} is none")]
    Window {
        /// Whose window it is.
        visit_type: String,
    },
}

/// From which day a window is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedFrom {
    /// The day of birth.
    Birth,
    /// The day the child is due, while it is not born.
    Due,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Distance {
    months: i32,
    weeks: i32,
    days: i32,
}

/// When one kind of visit is due.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The kind of visit, by its short name.
    pub visit_type: String,
    /// From which day it is counted.
    pub counted_from: CountedFrom,
    from: Distance,
    until: Distance,
    /// Whether of a child born before 37 weeks it is counted from the day it was due.
    pub corrected: bool,
    /// Who says so.
    pub source: Source,
    /// The window in words.
    pub note: Labels,
}

/// All windows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// So many days after its window a visit that was not held is still reminded of.
    pub remind_days: u16,
    /// Each kind of visit at most once.
    #[serde(rename = "window")]
    pub windows: Vec<Window>,
}

impl Schedule {
    /// The default. A test holds that it is read.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Schedule> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            Self::read(DEFAULT, Templates::built_in()).unwrap_or(Self {
                remind_days: 0,
                windows: Vec::new(),
            })
        })
    }

    /// From the text of its file.
    ///
    /// # Errors
    /// `ScheduleError` says what is wrong with it.
    pub fn read(text: &str, templates: &Templates) -> Result<Self, ScheduleError> {
        let schedule: Self = toml::from_str(text)?;
        let known = templates.kl().and_then(|kl| kl.codes("visit_type"));
        let known = known.unwrap_or_default();
        for (place, window) in schedule.windows.iter().enumerate() {
            let visit_type = window.visit_type.clone();
            let named = |one: &Window| one.visit_type == visit_type;
            let twice = schedule.windows.iter().skip(place + 1).any(named);
            let is_known = known
                .iter()
                .any(|code| code.name.as_ref() == Some(&visit_type));
            if twice || !is_known {
                return Err(ScheduleError::VisitType { visit_type });
            }
            // On a calendar without short months: from is not after until wherever it is laid.
            let days = |distance: Distance| distance.span().map(|_| distance.about_days());
            match (days(window.from), days(window.until)) {
                (Some(from), Some(until)) if from <= until => {}
                _ => return Err(ScheduleError::Window { visit_type }),
            }
        }
        Ok(schedule)
    }
}

impl Schedule {
    /// So many days after birth, or after the day that it is due, no window of a child reminds anybody any more.
    #[must_use]
    pub fn reach_days(&self) -> i32 {
        let last = self.windows.iter().map(|window| window.until.days_most());
        // Of a child that was born early they are counted from the day it was due.
        last.max().unwrap_or(0).max(0) + i32::from(self.remind_days) + DUE_DAY
    }
}

impl Distance {
    const fn days_most(self) -> i32 {
        self.months * 31 + self.weeks * 7 + self.days
    }

    fn span(self) -> Option<Span> {
        let most = |number: i32, most: i32| (-most..=most).contains(&number);
        let near = most(self.months, MONTHS_MOST)
            && most(self.weeks, MONTHS_MOST * 5)
            && most(self.days, MONTHS_MOST * 31);
        near.then(|| self.months.months())
    }

    const fn about_days(self) -> i32 {
        self.months * 30 + self.weeks * 7 + self.days
    }

    /// Months first: a month after 31 January is the last of February; then weeks and days.
    fn after(self, day: Date) -> Option<Date> {
        let day = day.checked_add(self.span()?).ok()?;
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
