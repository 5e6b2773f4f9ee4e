//! The child heard: before each decision whether, when and how, or the ground for not; and when its view was last obtained.
//!
//! A decision is what says both `decision` and `child_heard`. What it says itself counts, and nothing else: that the child
//! was talked with before stands beside it and makes no hearing of it.

use super::{Entry, Said, code, date, day_of, in_order, prose};
use crate::{
    id::{DocumentId, SpaceId, TeamId},
    reading::Reading,
};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// How the child was heard before a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hearing {
    /// It was heard.
    Heard,
    /// It was heard in part.
    InPart,
    /// It was heard after the decision only.
    After,
    /// It was not heard, and the ground is given.
    NotHeardWithGround,
    /// It was not heard, and no ground is given.
    NotHeardWithoutGround,
    /// Nothing is said of it.
    NotSaid,
    /// What is said is in conflict: a person has to choose.
    Unsettled,
}

/// What a decision says of the child's hearing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionHeard {
    /// The decision.
    pub document: DocumentId,
    /// The case it stands in.
    pub space: SpaceId,
    /// Its day.
    pub day: Said<Date>,
    /// In one word.
    pub hearing: Hearing,
    /// `yes`, `partly` or `no`, as it says.
    pub heard: Said<String>,
    /// The day the child was heard.
    pub on: Said<Date>,
    /// How, as a code.
    pub how: Said<String>,
    /// The ground, where the child was not heard.
    pub ground: Option<String>,
    /// When the child's view had been obtained last, by entries other than this one, up to the decision's day.
    pub last_before: Option<Obtained>,
}

/// By what the child's view was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// It says that the child was heard.
    Hearing,
    /// The child's own words stand in it.
    OwnWords,
    /// The child's view is among those it tells.
    View,
    /// The child set a mark.
    Mark,
    /// The child is its informant.
    Informant,
}

/// An entry that holds the child's view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Obtained {
    /// The entry.
    pub document: DocumentId,
    /// Its template.
    pub template: String,
    /// When: the day of the hearing where it is said, else the entry's.
    pub day: Said<Date>,
    /// How, where it is said.
    pub how: Said<String>,
    /// By what.
    pub sources: Vec<Source>,
}

/// Whether, when and how a child was heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChildHeard {
    /// Every decision, the first first.
    pub decisions: Vec<DecisionHeard>,
    /// Every entry that holds the child's view, the first first.
    pub obtained: Vec<Obtained>,
    /// The last of them up to the day that is asked for. One whose day is in conflict is none.
    pub last: Option<Obtained>,
}

/// What a child's entries say of it on a day. The order they are given in makes no difference.
#[must_use]
pub fn child_heard(entries: &[Entry<'_>], day: Date) -> ChildHeard {
    let entries = in_order(entries);
    let mut obtained: Vec<Obtained> = entries.iter().filter_map(obtained_by).collect();
    obtained.sort_by_key(|one| one.day.values.iter().max().copied().unwrap_or(Date::MAX));
    let decisions = entries
        .iter()
        .filter(|entry| is_decision(entry.reading))
        .map(|entry| decision(entry, &obtained));
    ChildHeard {
        decisions: decisions.collect(),
        last: last(&obtained, |one| one.day.one().is_some_and(|on| *on <= day)),
        obtained,
    }
}

/// Whether it is a decision: it has fields for both, also where neither says anything.
#[must_use]
pub fn is_decision(reading: &Reading) -> bool {
    reading.field("decision").is_some() && reading.field("child_heard").is_some()
}

fn last(obtained: &[Obtained], is_it: impl Fn(&Obtained) -> bool) -> Option<Obtained> {
    obtained.iter().rev().find(|one| is_it(one)).cloned()
}

fn decision(entry: &Entry<'_>, obtained: &[Obtained]) -> DecisionHeard {
    let reading = entry.reading;
    let day = day_of(reading);
    let heard = Said::of(reading.field("child_heard"), code);
    let on = Said::of(reading.field("child_heard_on"), date);
    let ground = prose(reading.field("not_heard_ground")).map(str::to_owned);
    let latest = day.values.iter().max().copied();
    let last_before = last(obtained, |one| {
        let is_before = one
            .day
            .one()
            .is_some_and(|on| latest.is_some_and(|day| *on <= day));
        one.document != entry.document && is_before
    });
    DecisionHeard {
        document: entry.document,
        space: entry.space,
        hearing: hearing(&heard, &on, &day, ground.is_some()),
        how: Said::of(reading.field("child_heard_how"), code),
        day,
        heard,
        on,
        ground,
        last_before,
    }
}

fn hearing(heard: &Said<String>, on: &Said<Date>, day: &Said<Date>, has_ground: bool) -> Hearing {
    if heard.unsettled {
        return Hearing::Unsettled;
    }
    let before = match heard.one().map(String::as_str) {
        Some("yes") => Hearing::Heard,
        Some("partly") => Hearing::InPart,
        Some("no") if has_ground => return Hearing::NotHeardWithGround,
        Some("no") => return Hearing::NotHeardWithoutGround,
        Some(_) => return Hearing::Unsettled,
        None if has_ground => return Hearing::NotHeardWithGround,
        None => return Hearing::NotSaid,
    };
    if on.is_nothing() {
        return before;
    }
    let mut afterwards = on.values.iter().map(|on| day.all_say(|day| on > day));
    match afterwards.next() {
        Some(Some(first)) if afterwards.all(|other| other == Some(first)) => match first {
            true => Hearing::After,
            false => before,
        },
        _ => Hearing::Unsettled,
    }
}

fn obtained_by(entry: &Entry<'_>) -> Option<Obtained> {
    let reading = entry.reading;
    let heard = Said::of(reading.field("child_heard"), code);
    let is_heard = |one: &String| matches!(one.as_str(), "yes" | "partly");
    let any_child = |items: &str, field: &str| {
        let mut items = reading.items(items);
        items.any(|item| {
            Said::of(item.field(field), code)
                .values
                .iter()
                .any(|one| one == "child")
        })
    };
    let mut sources = Vec::new();
    let mut add = |is_there: bool, source| {
        if is_there {
            sources.push(source);
        }
    };
    add(heard.all_say(is_heard) == Some(true), Source::Hearing);
    add(
        prose(reading.field("child_words")).is_some(),
        Source::OwnWords,
    );
    add(any_child("views", "whose"), Source::View);
    add(any_child("marks", "by"), Source::Mark);
    add(any_child("informants", "informant"), Source::Informant);
    if sources.is_empty() {
        return None;
    }
    let on = Said::of(reading.field("child_heard_on"), date);
    Some(Obtained {
        document: entry.document,
        template: reading.template.clone(),
        day: match on.is_nothing() || !sources.contains(&Source::Hearing) {
            true => day_of(reading),
            false => on,
        },
        how: Said::of(reading.field("child_heard_how"), code),
        sources,
    })
}

/// Decisions, and before how many of them the child was heard. Each decision is counted once, under one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Of how many the others are.
    pub decisions: usize,
    /// The child was heard before.
    pub heard: usize,
    /// It was heard before in part.
    pub in_part: usize,
    /// It was heard after only.
    pub after: usize,
    /// It was not heard, with a ground.
    pub not_heard_with_ground: usize,
    /// It was not heard, without one.
    pub not_heard_without_ground: usize,
    /// Nothing is said.
    pub not_said: usize,
    /// In conflict.
    pub unsettled: usize,
}

impl Counts {
    const fn add(&mut self, hearing: Hearing) {
        self.decisions += 1;
        let one = match hearing {
            Hearing::Heard => &mut self.heard,
            Hearing::InPart => &mut self.in_part,
            Hearing::After => &mut self.after,
            Hearing::NotHeardWithGround => &mut self.not_heard_with_ground,
            Hearing::NotHeardWithoutGround => &mut self.not_heard_without_ground,
            Hearing::NotSaid => &mut self.not_said,
            Hearing::Unsettled => &mut self.unsettled,
        };
        *one += 1;
    }
}

/// The decisions of each team's cases, counted. A decision that is given twice counts once.
#[must_use]
pub fn counts(entries: &[(TeamId, Entry<'_>)]) -> BTreeMap<TeamId, Counts> {
    let mut once: BTreeMap<DocumentId, (TeamId, Hearing)> = BTreeMap::new();
    for (team, entry) in entries {
        if !entry.reading.discarded && is_decision(entry.reading) {
            once.insert(entry.document, (*team, decision(entry, &[]).hearing));
        }
    }
    let mut counts: BTreeMap<TeamId, Counts> = BTreeMap::new();
    for (team, hearing) in once.into_values() {
        counts.entry(team).or_default().add(hearing);
    }
    counts
}

#[cfg(test)]
mod tests;
