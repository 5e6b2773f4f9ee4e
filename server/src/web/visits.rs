//! Visits that are due, as a page and as data show them.

use super::{
    format,
    view::{Reader, TeamView},
};
use crate::timeline::DueVisit;
use jiff::civil::Date;
use samspor_documents::{
    id::{SpaceId, TeamId},
    visit::schedule::{Due, Urgency},
};
use serde::Serialize;

/// A visit that is due.
pub(super) struct DueView {
    /// What it is called.
    pub title: String,
    /// Whose it is; empty on a child's own page.
    pub name: String,
    /// The child's page.
    pub href: String,
    /// The team whose case it is due in.
    pub team: TeamView,
    /// How urgent it is.
    pub urgency: &'static str,
    /// Whether somebody should look at it.
    pub waits: bool,
    /// Its days, or the day that is agreed.
    pub when: String,
    /// That its window was moved.
    pub note: String,
}

impl DueView {
    pub(super) fn of(reader: &Reader<'_>, one: &DueVisit, name: String) -> Self {
        let told = reader.language.told();
        let due = &one.visit.due;
        Self {
            title: due.labels.get(reader.language.of_documents()).to_owned(),
            name,
            href: format!("/children/{}", one.visit.case),
            team: reader.team(one.team),
            urgency: match due.urgency {
                Urgency::Overdue => reader.language.texts().overdue,
                Urgency::Today => told.due_today,
                Urgency::ThisWeek => told.due_this_week,
                Urgency::Open => told.due_open,
            },
            waits: due.urgency == Urgency::Overdue,
            when: when(reader, due),
            note: match due.moved_days {
                0 => String::new(),
                days => format!("{} {days} {}", told.moved_by, told.moved_days),
            },
        }
    }
}

fn when(reader: &Reader<'_>, due: &Due) -> String {
    let day = |day: Date| format::short_day(day, reader.language);
    match due.agreed {
        Some(agreed) => format!("{} {}", reader.language.texts().agreed_on, day(agreed)),
        None => format!("{} – {}", day(due.from), day(due.until)),
    }
}

/// A visit that is due, as data.
#[derive(Debug, Serialize)]
pub(super) struct DueData {
    case: SpaceId,
    team: TeamId,
    /// KL's short name of its kind; none of what was agreed without saying which.
    visit_type: Option<String>,
    /// `overdue`, `today`, `this_week` or `open`.
    urgency: &'static str,
    from: String,
    until: String,
    agreed: Option<String>,
    moved_days: i32,
}

impl DueData {
    pub(super) fn of(one: &DueVisit) -> Self {
        let due = &one.visit.due;
        Self {
            case: one.visit.case,
            team: one.team,
            visit_type: due.visit_type.clone(),
            urgency: match due.urgency {
                Urgency::Overdue => "overdue",
                Urgency::Today => "today",
                Urgency::ThisWeek => "this_week",
                Urgency::Open => "open",
            },
            from: due.from.to_string(),
            until: due.until.to_string(),
            agreed: due.agreed.map(|day| day.to_string()),
            moved_days: due.moved_days,
        }
    }
}
