//! Who contributed to a reflection, from the changes themselves; and feedback from staff and leaders, summed up without
//! names.

use super::{Entry, Said, code, in_order, integer, prose};
use crate::{
    id::PractitionerId,
    reading::{FieldReading, FieldState, Reading},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// What one person contributed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contribution {
    /// Who.
    pub practitioner: PractitionerId,
    /// The fields in which something of theirs stands; none where others have written over all of it.
    pub fields: Vec<String>,
}

/// Everybody who wrote in a document, in order of their first change, with where something of theirs stands. It comes from
/// who wrote each change, never from a field, and says the same of one that is closed or signed.
#[must_use]
pub fn contributors(reading: &Reading) -> Vec<Contribution> {
    let mut told: Vec<Contribution> = Vec::new();
    let mut add = |who: PractitionerId, field: Option<&str>| {
        let place = told.iter().position(|one| one.practitioner == who);
        let place = place.unwrap_or_else(|| {
            told.push(Contribution {
                practitioner: who,
                fields: Vec::new(),
            });
            told.len() - 1
        });
        if let (Some(field), Some(one)) = (field, told.get_mut(place))
            && one.fields.last().is_none_or(|last| last != field)
        {
            one.fields.push(field.to_owned());
        }
    };
    reading.authors.iter().for_each(|who| add(*who, None));
    for field in &reading.fields {
        for who in authors(field) {
            add(who, Some(&field.name));
        }
    }
    told
}

/// Whose words and values stand in a field, each once.
fn authors(field: &FieldReading) -> Vec<PractitionerId> {
    let mut all = match &field.state {
        FieldState::Text { authors, .. } => authors.clone(),
        FieldState::Items(items) => {
            let fields = items.iter().flat_map(|item| &item.fields);
            fields.flat_map(authors).collect()
        }
        FieldState::Invalid { author, .. } => author.iter().copied().collect(),
        _ => field.values().iter().filter_map(|one| one.author).collect(),
    };
    all.sort_unstable();
    all.dedup();
    all
}

/// What one side answered. Nothing in it says who.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Answers {
    /// How many gave feedback.
    pub entries: usize,
    /// How many gave each mark from 0 to 10.
    pub usefulness: BTreeMap<i64, usize>,
    /// How many gave none.
    pub no_mark: usize,
    /// Of how many the mark is in conflict.
    pub unsettled: usize,
    /// How many said what works.
    pub works: usize,
    /// How many said what stands in the way.
    pub hinders: usize,
    /// How many pointed to solutions.
    pub solutions: usize,
}

/// Feedback summed up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Feedback {
    /// From staff.
    pub staff: Answers,
    /// From leaders.
    pub leaders: Answers,
    /// Who it is from is not said, or in conflict.
    pub others: Answers,
}

/// The field whose entries are feedback.
const USEFULNESS: &str = "usefulness";

/// Whether it is feedback: it has a field for a mark, also where none is given.
#[must_use]
pub fn is_feedback(reading: &Reading) -> bool {
    reading.field(USEFULNESS).is_some()
}

/// The answers in these entries, counted. The order they are given in makes no difference.
#[must_use]
pub fn feedback(entries: &[Entry<'_>]) -> Feedback {
    let mut sum = Feedback::default();
    for entry in in_order(entries) {
        let reading = entry.reading;
        let Some(usefulness) = reading.field(USEFULNESS) else {
            continue;
        };
        let from = Said::of(reading.field("from"), code);
        let answers = match from.one().map(String::as_str) {
            Some("staff") => &mut sum.staff,
            Some("leader") => &mut sum.leaders,
            _ => &mut sum.others,
        };
        let mark = Said::of(Some(usefulness), integer);
        answers.entries += 1;
        match mark.one() {
            Some(mark) => *answers.usefulness.entry(*mark).or_default() += 1,
            None if mark.unsettled => answers.unsettled += 1,
            None => answers.no_mark += 1,
        }
        let says = |name| usize::from(prose(reading.field(name)).is_some());
        answers.works += says("works");
        answers.hinders += says("hinders");
        answers.solutions += says("solutions");
    }
    sum
}

#[cfg(test)]
mod tests;
