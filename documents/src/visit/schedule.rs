//! Visits that are due: windows by age, as data, against a card and what was held and agreed.
//!
//! Days are days of the calendar: nothing here knows hours, clocks or their changes. The kind of a visit follows its
//! content, so a visit of a kind that was held fills that kind's window at whatever age. A closed card reminds nobody.

mod windows;

pub use windows::{
    CountedFrom, Distance, SCHEDULE_BYTES_MAX, Schedule, ScheduleError, Source, Window,
};

use crate::{
    card::{CardView, CitizenKind},
    growth::Child,
    reading::Reading,
    template::{Labels, PLANNED_CONTACT, Templates},
    value::Value,
};
use jiff::{ToSpan, civil::Date};

/// How a contact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Agreed with the family for a day (aftalt).
    Agreed,
    /// Held (gennemført).
    Held,
    /// Called off (aflyst).
    Cancelled,
    /// Nobody was at home (ikke hjemme).
    NotAtHome,
    /// The family said no to this visit (fravalgt).
    Declined,
}

/// Whose visits are due, as far as their card is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// From which days windows are counted.
    pub child: Child,
    /// A parent's own birth opens no window.
    pub kind: CitizenKind,
    /// Whether the card is closed: it reminds nobody.
    pub closed: bool,
    /// Whether the child died or the pregnancy ended: no other card of theirs reminds anybody either.
    pub is_over: bool,
}

impl Subject {
    /// What a card's reading says.
    #[must_use]
    pub fn of(card: &Reading) -> Self {
        let view = CardView::of(card);
        let ended = |code: &str| ["died", "pregnancy_ended"].contains(&code);
        Self {
            child: Child::of(card),
            kind: view.kind,
            closed: view.closed,
            is_over: matches!(card.value("closed"), Some(Value::Code(code)) if ended(code)),
        }
    }
}

/// The kind of visit that an entry or a planned contact says, by its short name; none while that is not settled.
#[must_use]
pub fn visit_type<'a>(reading: &Reading, templates: &'a Templates) -> Option<&'a str> {
    let Some(Value::Code(code)) = reading.value("visit_type") else {
        return None;
    };
    let mut known = templates.kl()?.codes("visit_type")?.iter();
    known.find(|known| known.code == *code)?.name.as_deref()
}

/// A contact that was held or planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The kind of visit, by its short name: `months_2`. None of what was agreed without saying which.
    pub visit_type: Option<String>,
    /// When it was or is to be.
    pub day: Date,
    /// How it stands.
    pub standing: Standing,
}

impl Contact {
    /// The held contact that an entry tells of; none of a draft that was discarded, or where kind or day do not read.
    #[must_use]
    pub fn held(entry: &Reading, templates: &Templates) -> Option<Self> {
        if entry.discarded {
            return None;
        }
        Some(Self {
            visit_type: Some(visit_type(entry, templates)?.to_owned()),
            day: entry.occurred_at?.day()?,
            standing: Standing::Held,
        })
    }
}

/// How urgent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// Its window is over, or the day that was agreed has passed and nothing says that it was held.
    Overdue,
    /// Agreed for today, or today is the last day of its window.
    Today,
    /// Agreed for this week, or this week its window ends. Weeks begin on Mondays.
    ThisWeek,
    /// Its window is open, and nothing is agreed.
    Open,
}

/// A visit that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The kind of visit, by its short name; none of what was agreed without saying which.
    pub visit_type: Option<String>,
    /// KL's own name of it, or that it is a planned contact.
    pub labels: Labels,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The first day for it; of an agreement without a window, that day.
    pub from: Date,
    /// The last day for it.
    pub until: Date,
    /// The day that is agreed.
    pub agreed: Option<Date>,
    /// By how many days its window was moved because the child was born early; 0 else.
    pub moved_days: i32,
}

/// What is due on a day of a child or an expecting parent: the most urgent first. What is agreed for a later week, and
/// what has no window and no agreement, is not due.
#[must_use]
pub fn due(
    schedule: &Schedule,
    templates: &Templates,
    subject: &Subject,
    contacts: &[Contact],
    day: Date,
) -> Vec<Due> {
    if subject.closed {
        return Vec::new();
    }
    let mut child = subject.child;
    if subject.kind == CitizenKind::Parent {
        child.birth_date = None;
    }
    let windows = || schedule.windows.iter();
    let mut found = Vec::new();
    for window in windows().filter(|window| is_open(&window.visit_type, contacts)) {
        if let Some((from, until, moved_days)) = window.days(&child) {
            let urgency = of_window(from, until, day, schedule.remind_days);
            let place = (from, until, moved_days);
            let visit_type = Some(&window.visit_type);
            found.extend(urgency.map(|urgency| (urgency, visit_type, place, None)));
        }
    }
    let agreed = |one: &&Contact| one.standing == Standing::Agreed;
    for contact in contacts.iter().filter(agreed) {
        let Some(urgency) = of_agreement(contact.day, day) else {
            continue;
        };
        if held_on_or_after(contact, contacts) {
            continue;
        }
        let visit_type = contact.visit_type.as_ref();
        let its_window = windows().find(|window| Some(&window.visit_type) == visit_type);
        let place = its_window.and_then(|window| window.days(&child));
        let place = place.unwrap_or((contact.day, contact.day, 0));
        found.push((urgency, visit_type, place, Some(contact.day)));
    }
    let mut due: Vec<Due> = found
        .into_iter()
        .filter_map(|(urgency, visit_type, (from, until, moved_days), agreed)| {
            Some(Due {
                visit_type: visit_type.cloned(),
                labels: labels(templates, visit_type)?,
                urgency,
                from,
                until,
                agreed,
                moved_days,
            })
        })
        .collect();
    due.sort_by_key(|one| (one.urgency, one.agreed.unwrap_or(one.until)));
    due
}

/// Whether a window is to be filled: nothing of its kind was held, declined or agreed. What is agreed is due on its day.
fn is_open(visit_type: &str, contacts: &[Contact]) -> bool {
    let fills = |one: &Contact| {
        matches!(
            one.standing,
            Standing::Held | Standing::Declined | Standing::Agreed
        )
    };
    !contacts
        .iter()
        .any(|one| one.visit_type.as_deref() == Some(visit_type) && fills(one))
}

/// Whether an agreement was kept: the kind was held that day or later. Of one that says no kind nobody can tell.
fn held_on_or_after(agreed: &Contact, contacts: &[Contact]) -> bool {
    contacts.iter().any(|one| {
        one.standing == Standing::Held
            && one.visit_type.is_some()
            && one.visit_type == agreed.visit_type
            && one.day >= agreed.day
    })
}

fn of_agreement(agreed: Date, day: Date) -> Option<Urgency> {
    if agreed < day {
        Some(Urgency::Overdue)
    } else if agreed == day {
        Some(Urgency::Today)
    } else {
        (agreed <= end_of_week(day)).then_some(Urgency::ThisWeek)
    }
}

fn of_window(from: Date, until: Date, day: Date, remind_days: u16) -> Option<Urgency> {
    if day < from {
        return None;
    }
    if until < day {
        let reminded = until.checked_add(i32::from(remind_days).days());
        return (day <= reminded.unwrap_or(Date::MAX)).then_some(Urgency::Overdue);
    }
    Some(if until == day {
        Urgency::Today
    } else if until <= end_of_week(day) {
        Urgency::ThisWeek
    } else {
        Urgency::Open
    })
}

/// The Sunday of its week.
fn end_of_week(day: Date) -> Date {
    let left = 7 - day.weekday().to_monday_one_offset();
    day.checked_add(left.days()).unwrap_or(Date::MAX)
}

fn labels(templates: &Templates, visit_type: Option<&String>) -> Option<Labels> {
    let Some(visit_type) = visit_type else {
        return Some(templates.latest(PLANNED_CONTACT)?.labels.clone());
    };
    let mut known = templates.kl()?.codes("visit_type")?.iter();
    let named = known.find(|code| code.name.as_ref() == Some(visit_type))?;
    Some(named.labels.clone())
}

#[cfg(test)]
mod tests;
