//! What falls due to be followed up: meetings after the day or the interval that they say, reflections on their day.
//!
//! A meeting is followed up by a later one in its case, another entry by a meeting or one of its kind. A reflection is followed up by a later one in its circle that is
//! about one of the same cases, a method's by a later one on the same course; where neither tells, it stays due.

use super::{Said, agreements::Agreed, folded};
use crate::id::{DocumentId, SpaceId};
use jiff::{Span, civil::Date};
use serde::Serialize;

/// After how many months a meeting is followed up that does not say it.
pub const FOLLOW_UP_MONTHS: i64 = 3;

/// On what a day for following up rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The day is said.
    Day,
    /// The interval is said.
    Interval,
    /// Nothing is said: three months.
    Usual,
}

/// How it stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpStanding {
    /// Its day has passed.
    Overdue,
    /// It is to come.
    ToCome,
    /// The day is in conflict: a person has to choose.
    Unsettled,
    /// It took place.
    Done,
}

/// What is to be followed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FollowUp {
    /// What is followed up.
    pub document: DocumentId,
    /// The case or circle it stands in.
    pub space: SpaceId,
    /// Its template.
    pub template: String,
    /// The day it is due.
    pub due: Said<Date>,
    /// On what that rests.
    pub ground: Ground,
    /// What followed it up.
    pub followed_by: Option<DocumentId>,
    /// How it stands.
    pub standing: FollowUpStanding,
}

/// Everything that is to be followed up, and how it stands on a day: what is due first, first. The order given makes no
/// difference.
#[must_use]
pub fn follow_ups(all: &[Agreed], day: Date) -> Vec<FollowUp> {
    let mut all: Vec<&Agreed> = all.iter().collect();
    all.sort_by_key(|one| one.place());
    all.dedup_by_key(|one| one.document);
    let mut told: Vec<FollowUp> = all
        .iter()
        .filter_map(|one| follow_up(one, &all, day))
        .collect();
    told.sort_by_key(|one| one.due.values.iter().min().copied().unwrap_or(Date::MAX));
    told
}

fn follow_up(one: &Agreed, all: &[&Agreed], day: Date) -> Option<FollowUp> {
    let (due, ground) = due(one)?;
    let next = all.iter().find(|other| follows(other, one, day));
    let standing = if next.is_some() {
        FollowUpStanding::Done
    } else {
        match due.all_say(|due| *due < day) {
            Some(true) => FollowUpStanding::Overdue,
            Some(false) if !due.unsettled => FollowUpStanding::ToCome,
            _ => FollowUpStanding::Unsettled,
        }
    };
    Some(FollowUp {
        document: one.document,
        space: one.space,
        template: one.says.template.clone(),
        due,
        ground,
        followed_by: next.map(|next| next.document),
        standing,
    })
}

/// When; none where nothing is to be followed up.
fn due(one: &Agreed) -> Option<(Said<Date>, Ground)> {
    if !one.says.next.is_nothing() {
        return Some((one.says.next.clone(), Ground::Day));
    }
    if !one.says.is_meeting {
        return None;
    }
    let (months, ground) = match one.says.months.is_nothing() {
        true => (vec![FOLLOW_UP_MONTHS], Ground::Usual),
        false => (one.says.months.values.clone(), Ground::Interval),
    };
    let mut values = Vec::new();
    for day in &one.says.day.values {
        let days = months.iter().filter_map(|months| {
            let span = Span::new().try_months(*months).ok()?;
            day.checked_add(span).ok()
        });
        values.extend(days);
    }
    values.sort_unstable();
    values.dedup();
    let unsettled = one.says.day.unsettled || one.says.months.unsettled;
    Some((Said { values, unsettled }, ground))
}

/// Whether the other one follows this up; what is only planned for a later day does not yet.
fn follows(other: &Agreed, one: &Agreed, day: Date) -> bool {
    let is_past = other.says.day.all_say(|on| *on <= day) == Some(true);
    if other.space != one.space || other.place() <= one.place() || !is_past {
        return false;
    }
    if one.says.is_meeting {
        return other.says.is_meeting;
    }
    let same_course = match (one.says.course.one(), other.says.course.one()) {
        (Some(one), Some(other)) => folded(one) == folded(other),
        _ => false,
    };
    let about_same = one
        .says
        .about
        .iter()
        .any(|case| other.says.about.contains(case));
    let is_entry =
        one.says.is_entry && (other.says.is_meeting || other.says.template == one.says.template);
    same_course || about_same || is_entry
}

#[cfg(test)]
mod tests;
