//! Progress on the goals of plans, and the scalings of network meetings: each person's own line, never only a mean.
//!
//! Marks stand in plans and in entries of their own (`marks`); a mark belongs to the sub-goal or goal that it names by id.
//! One that says its goal in words alone stands under those words: nobody guesses which of the plan's it is.

use super::{
    Entry, ItemId, Said, all_items, code, date, day_of, folded, in_order, integer, item_id, text,
};
use crate::{
    id::DocumentId,
    reading::{ItemReading, Reading},
    value::{Decimal, Value},
};
use jiff::civil::Date;
use serde::Serialize;

/// A child's progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Plan by plan in order of time: each goal, then its sub-goals; then goals that are in no plan here.
    pub goals: Vec<Goal>,
    /// The scaling of meetings: a line per person.
    pub scalings: Vec<Line>,
}

/// What kind of goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalKind {
    /// A plan's goal.
    Goal,
    /// A plan's sub-goal.
    SubGoal,
    /// Said in a mark, and in no plan here.
    Unlisted,
}

/// A goal, and the marks on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Goal {
    /// The plan that it stands in.
    pub plan: Option<DocumentId>,
    /// Its id there.
    pub id: Option<ItemId>,
    /// What kind.
    pub kind: GoalKind,
    /// Of a sub-goal: the goal that it belongs to.
    pub of: Said<ItemId>,
    /// The goal in words.
    pub says: Said<String>,
    /// `open`, `reached` or `dropped`.
    pub status: Said<String>,
    /// When it is to be reached.
    pub until: Said<Date>,
    /// When its plan ends.
    pub plan_ends: Said<Date>,
    /// Whether somebody took it out of the plan: it stands here while there are marks on it.
    pub removed: bool,
    /// A line per person and unit, by who marked first.
    pub lines: Vec<Line>,
}

/// In what a line is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "unit")]
pub enum Unit {
    /// From 0 to 10.
    Scale,
    /// In this unit.
    Measure(String),
    /// Measures in conflict have several units.
    Several,
}

/// One person's marks, in one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `child`, `parent`, `professional` or `network`; nothing in a meeting's scaling.
    pub by: Said<String>,
    /// Their name or role.
    pub who: Said<String>,
    /// In what.
    pub unit: Unit,
    /// By day.
    pub points: Vec<Point>,
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// Where it stands.
    pub document: DocumentId,
    /// Which item there.
    pub item: ItemId,
    /// When it was set: the mark's own day, else its entry's.
    pub day: Said<Date>,
    /// How much.
    pub amounts: Said<Amount>,
    /// Whether that is after the plan ended; none where values in conflict do not agree on it.
    pub after_plan: Option<bool>,
    /// Whether it is in conflict which goal it is of: it stands at each.
    pub goal_unsettled: bool,
}

/// How much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// The number.
    pub number: Decimal,
    /// Its unit; none on the scale.
    pub unit: Option<String>,
}

/// What the goals and meetings of these entries say. The order they are given in makes no difference.
#[must_use]
pub fn progress(entries: &[Entry<'_>]) -> Progress {
    let entries = in_order(entries);
    let mut goals: Vec<Goal> = entries.iter().flat_map(goals_of).collect();
    for entry in &entries {
        for item in entry.reading.items("marks") {
            add_mark(&mut goals, entry, item);
        }
    }
    goals.retain(|goal| !(goal.removed && goal.lines.is_empty()));
    for goal in &mut goals {
        goal.lines.iter_mut().for_each(sort);
    }
    let mut scalings = Vec::new();
    for entry in &entries {
        for item in entry.reading.items("scaling") {
            add_scaling(&mut scalings, entry, item);
        }
    }
    scalings.iter_mut().for_each(sort);
    Progress { goals, scalings }
}

fn sort(line: &mut Line) {
    line.points.sort_by(|one, other| {
        let key = |point: &Point| {
            (
                point.day.values.first().copied().unwrap_or(Date::MAX),
                point.document,
                point.item,
            )
        };
        key(one).cmp(&key(other))
    });
}

/// The goals of a plan, each with its sub-goals after it; sub-goals of none, or of several, last.
fn goals_of(entry: &Entry<'_>) -> Vec<Goal> {
    let reading = entry.reading;
    let ends = Said::of(reading.field("until"), date);
    let goal = |item: &ItemReading, kind, words: &str| Goal {
        plan: Some(entry.document),
        id: Some(ItemId(item.id)),
        kind,
        of: match kind {
            GoalKind::SubGoal => Said::of(item.field("goal"), item_id),
            _ => Said::nothing(),
        },
        says: Said::of(item.field(words), text),
        status: Said::of(item.field("status"), code),
        until: Said::of(item.field("until"), date),
        plan_ends: ends.clone(),
        removed: item.removed,
        lines: Vec::new(),
    };
    let mut rest: Vec<Goal> = all_items(reading, "sub_goals")
        .iter()
        .map(|item| goal(item, GoalKind::SubGoal, "step"))
        .collect();
    let mut all = Vec::new();
    for item in all_items(reading, "goals") {
        all.push(goal(item, GoalKind::Goal, "goal"));
        let (own, others): (Vec<_>, Vec<_>) = rest
            .into_iter()
            .partition(|sub| sub.of.one() == Some(&ItemId(item.id)));
        all.extend(own);
        rest = others;
    }
    all.extend(rest);
    all
}

/// The goals that a mark names: places among those known, made where there is none.
fn targets(goals: &mut Vec<Goal>, entry: &Entry<'_>, item: &ItemReading) -> (Vec<usize>, bool) {
    let mut named = Said::of(item.field("sub_goal"), item_id);
    // A plan's mark names its goal by id, an entry's says it in words, and may name it beside them.
    let mut words = Said::nothing();
    if named.is_nothing() {
        named = Said::of(item.field("goal"), item_id);
    }
    if named.is_nothing() {
        named = Said::of(item.field("goal_id"), item_id);
        words = Said::of(item.field("goal"), text);
    }
    if !named.values.is_empty() {
        let places = named.values.iter();
        let places = places.flat_map(|id| listed(goals, *id, &words)).collect();
        return (places, named.unsettled);
    }
    let plan = plan_of(entry);
    let said: Vec<Option<String>> = match words.values.is_empty() {
        true => vec![None],
        false => words.values.iter().cloned().map(Some).collect(),
    };
    let places = said.into_iter().map(|said| unlisted(goals, plan, said));
    (places.collect(), named.unsettled || words.unsettled)
}

/// The goals of this id: one, unless plans share it.
fn listed(goals: &mut Vec<Goal>, id: ItemId, words: &Said<String>) -> Vec<usize> {
    let known: Vec<usize> = goals
        .iter()
        .enumerate()
        .filter(|(_, goal)| goal.id == Some(id))
        .map(|(place, _)| place)
        .collect();
    if !known.is_empty() {
        if !words.is_nothing() {
            let is_it = |goal: &&mut Goal| goal.id == Some(id) && goal.kind == GoalKind::Unlisted;
            for goal in goals.iter_mut().filter(is_it) {
                goal.says = match goal.says.is_nothing() {
                    true => words.clone(),
                    false => Said::together([goal.says.clone(), words.clone()]),
                };
            }
        }
        return known;
    }
    goals.push(Goal {
        id: Some(id),
        says: words.clone(),
        ..empty()
    });
    vec![goals.len() - 1]
}

fn unlisted(goals: &mut Vec<Goal>, plan: Option<DocumentId>, said: Option<String>) -> usize {
    let key = said.as_deref().map(folded);
    let known = goals.iter().position(|goal| {
        let words = goal.says.values.first().map(|words| folded(words));
        goal.kind == GoalKind::Unlisted && goal.id.is_none() && goal.plan == plan && words == key
    });
    known.unwrap_or_else(|| {
        let plan_ends = goals
            .iter()
            .find(|goal| plan.is_some() && goal.plan == plan);
        let plan_ends = plan_ends.map_or_else(Said::nothing, |goal| goal.plan_ends.clone());
        goals.push(Goal {
            plan,
            plan_ends,
            says: Said {
                values: said.into_iter().collect(),
                unsettled: false,
            },
            ..empty()
        });
        goals.len() - 1
    })
}

const fn empty() -> Goal {
    Goal {
        plan: None,
        id: None,
        kind: GoalKind::Unlisted,
        of: Said::nothing(),
        says: Said::nothing(),
        status: Said::nothing(),
        until: Said::nothing(),
        plan_ends: Said::nothing(),
        removed: false,
        lines: Vec::new(),
    }
}

/// The plan that an entry's marks are of: itself, or the one that it names.
fn plan_of(entry: &Entry<'_>) -> Option<DocumentId> {
    let is_plan = |reading: &Reading| reading.field("sub_goals").is_some();
    if is_plan(entry.reading) {
        return Some(entry.document);
    }
    let named = Said::of(entry.reading.field("plan"), item_id);
    named.one().map(|id| DocumentId(id.0))
}

fn add_mark(goals: &mut Vec<Goal>, entry: &Entry<'_>, item: &ItemReading) {
    let (places, goal_unsettled) = targets(goals, entry, item);
    let own_day = Said::of(item.field("on"), date);
    let day = match own_day.is_nothing() {
        true => day_of(entry.reading),
        false => own_day,
    };
    let (by, who) = (
        Said::of(item.field("by"), code),
        Said::of(item.field("who"), text),
    );
    let scale = Said::of(item.field("scale"), |value| {
        Some(Amount {
            number: Decimal::whole(integer(value)?),
            unit: None,
        })
    });
    let measure = Said::of(item.field("measure"), |value| match value {
        Value::Quantity { amount, unit } => Some(Amount {
            number: *amount,
            unit: Some(unit.clone()),
        }),
        _ => None,
    });
    for amounts in [scale, measure] {
        if amounts.is_nothing() {
            continue;
        }
        for place in &places {
            let Some(goal) = goals.get_mut(*place) else {
                continue;
            };
            let point = Point {
                document: entry.document,
                item: ItemId(item.id),
                day: day.clone(),
                after_plan: after(&day, &goal.plan_ends),
                amounts: amounts.clone(),
                goal_unsettled,
            };
            let line = Line {
                by: by.clone(),
                who: who.clone(),
                unit: unit(&point.amounts),
                points: Vec::new(),
            };
            add_point(&mut goal.lines, line, point);
        }
    }
}

fn add_scaling(lines: &mut Vec<Line>, entry: &Entry<'_>, item: &ItemReading) {
    let amounts = Said::of(item.field("mark"), |value| {
        Some(Amount {
            number: Decimal::whole(integer(value)?),
            unit: None,
        })
    });
    if amounts.is_nothing() {
        return;
    }
    let line = Line {
        by: Said::nothing(),
        who: Said::of(item.field("who"), text),
        unit: Unit::Scale,
        points: Vec::new(),
    };
    let point = Point {
        document: entry.document,
        item: ItemId(item.id),
        day: day_of(entry.reading),
        amounts,
        after_plan: Some(false),
        goal_unsettled: false,
    };
    // Two who are not named are two: only a name makes one line of marks.
    if line.who.is_nothing() {
        lines.push(Line {
            points: vec![point],
            ..line
        });
    } else {
        add_point(lines, line, point);
    }
}

/// Puts a point on the line of the same person and unit, or begins that line.
fn add_point(lines: &mut Vec<Line>, line: Line, point: Point) {
    let name = |said: &Said<String>| -> (Vec<String>, bool) {
        let mut names: Vec<String> = said.values.iter().map(|one| folded(one)).collect();
        names.sort_unstable();
        (names, said.unsettled)
    };
    let is_same = |one: &&mut Line| {
        let same_person = name(&one.by) == name(&line.by) && name(&one.who) == name(&line.who);
        same_person && one.unit == line.unit
    };
    match lines.iter_mut().find(is_same) {
        Some(known) => known.points.push(point),
        None => lines.push(Line {
            points: vec![point],
            ..line
        }),
    }
}

fn unit(amounts: &Said<Amount>) -> Unit {
    let mut units = amounts.values.iter().map(|amount| amount.unit.as_deref());
    match units.next() {
        None => Unit::Several,
        Some(first) if units.any(|other| other != first) => Unit::Several,
        Some(None) => Unit::Scale,
        Some(Some(unit)) => Unit::Measure(unit.to_owned()),
    }
}

/// Whether a day is after the end; none where values in conflict do not agree.
fn after(day: &Said<Date>, ends: &Said<Date>) -> Option<bool> {
    if ends.is_nothing() {
        return Some(false);
    }
    let mut told = day.values.iter().map(|day| ends.all_say(|end| day > end));
    let first = told.next()??;
    told.all(|other| other == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests;
