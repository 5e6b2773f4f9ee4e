//! Periods: since when and until when something was so, as feeding is, from items that say a kind, a first and a last
//! day.
//!
//! What is in conflict, broken or ends before it begins is shown as such and takes no part. Periods of different kinds
//! may overlap (breast and bottle); overlaps of all are told, and nobody decides which is right.

use super::Visit;
use crate::{
    id::DocumentId,
    reading::{FieldState, ItemReading},
    time::Moment,
    value::Value,
};
use jiff::civil::Date;
use uuid::Uuid;

/// Which items are periods: the names of a template's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names<'a> {
    /// The field of items.
    pub items: &'a str,
    /// A code: what it was.
    pub kind: &'a str,
    /// The first day.
    pub from: &'a str,
    /// The last day; empty while it goes on.
    pub until: &'a str,
    /// A code beside the items: how it is on the day of the visit.
    pub status: &'a str,
}

/// How a child was fed, in the visits of a health visitor.
pub const FEEDING: Names<'static> = Names {
    items: "feeding",
    kind: "kind",
    from: "from",
    until: "until",
    status: "nutrition_infant",
};

/// One period that reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// What it was.
    pub kind: String,
    /// Its first day.
    pub from: Date,
    /// Its last day, that day included; none while it goes on.
    pub until: Option<Date>,
    /// Where it is written: every visit that says the same, in order of time.
    pub documents: Vec<DocumentId>,
}

/// Why an item is no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoPeriod {
    /// No kind, or no first day.
    Incomplete,
    /// A value in conflict, or one that breaks the template.
    Unsettled,
    /// Its last day is before its first.
    EndsBeforeItBegins,
}

/// Days that two periods share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The places of both among the periods.
    pub between: (usize, usize),
    /// The first shared day.
    pub from: Date,
    /// The last shared day; none while both go on.
    pub until: Option<Date>,
}

/// How it was said to be at the latest visit that says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Which visit.
    pub document: DocumentId,
    /// When.
    pub occurred_at: Moment,
    /// Every code that stands there: several in a conflict.
    pub codes: Vec<String>,
}

/// All periods of a child.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Periods {
    /// By first day, then last day, then kind.
    pub periods: Vec<Period>,
    /// Items that are none, with why.
    pub others: Vec<(DocumentId, Uuid, NoPeriod)>,
    /// Every overlap of two periods, in their order.
    pub overlaps: Vec<Overlap>,
    /// How it is, as it was said last.
    pub status: Option<Status>,
}

impl Period {
    /// Whether it covers a day.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

impl Periods {
    /// From the visits of a child, in whatever order. The same period said at several visits is one.
    #[must_use]
    pub fn of(visits: &[Visit<'_>], names: Names<'_>) -> Self {
        let mut told: Vec<(Moment, Visit<'_>)> = visits
            .iter()
            .filter(|visit| !visit.reading.discarded)
            .filter_map(|visit| Some((visit.reading.occurred_at?, *visit)))
            .collect();
        told.sort_by_key(|(at, visit)| (*at, visit.document));
        let mut all = Self::default();
        for (at, visit) in told {
            for item in visit.reading.items(names.items) {
                match period(item, names) {
                    Ok((kind, from, until)) => all.add(visit.document, kind, from, until),
                    Err(why) => all.others.push((visit.document, item.id, why)),
                }
            }
            let codes = status(&visit, names);
            if !codes.is_empty() {
                all.status = Some(Status {
                    document: visit.document,
                    occurred_at: at,
                    codes,
                });
            }
        }
        // A period that goes on stands after one that has ended.
        all.periods.sort_by(|one, other| {
            let key = |period: &Period| (period.from, period.until.unwrap_or(Date::MAX));
            key(one)
                .cmp(&key(other))
                .then_with(|| one.kind.cmp(&other.kind))
        });
        all.overlaps = overlaps(&all.periods);
        all
    }

    /// The periods that cover a day.
    pub fn on(&self, day: Date) -> impl Iterator<Item = &Period> {
        self.periods.iter().filter(move |period| period.covers(day))
    }

    fn add(&mut self, document: DocumentId, kind: String, from: Date, until: Option<Date>) {
        let same = |one: &&mut Period| one.kind == kind && one.from == from && one.until == until;
        if let Some(known) = self.periods.iter_mut().find(same) {
            if known.documents.last() != Some(&document) {
                known.documents.push(document);
            }
            return;
        }
        self.periods.push(Period {
            kind,
            from,
            until,
            documents: vec![document],
        });
    }
}

fn period(item: &ItemReading, names: Names<'_>) -> Result<(String, Date, Option<Date>), NoPeriod> {
    let one = |name| match item.field(name).map(|field| &field.state) {
        None | Some(FieldState::Empty) => Ok(None),
        Some(FieldState::One(one)) if one.valid => Ok(Some(&one.value)),
        Some(_) => Err(NoPeriod::Unsettled),
    };
    let (kind, from, until) = (one(names.kind)?, one(names.from)?, one(names.until)?);
    let day = |value: Option<&Value>| match value {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    };
    let (Some(Value::Code(kind)), Some(from)) = (kind, day(from)) else {
        return Err(NoPeriod::Incomplete);
    };
    let until = day(until);
    if until.is_some_and(|until| until < from) {
        return Err(NoPeriod::EndsBeforeItBegins);
    }
    Ok((kind.clone(), from, until))
}

fn status(visit: &Visit<'_>, names: Names<'_>) -> Vec<String> {
    let values = visit
        .reading
        .field(names.status)
        .map(|field| field.values());
    let codes = values
        .unwrap_or_default()
        .iter()
        .filter_map(|one| match &one.value {
            Value::Code(code) if one.valid => Some(code.clone()),
            _ => None,
        });
    codes.collect()
}

fn overlaps(periods: &[Period]) -> Vec<Overlap> {
    let mut found = Vec::new();
    for (place, one) in periods.iter().enumerate() {
        for (other_place, other) in periods.iter().enumerate().skip(place + 1) {
            let from = one.from.max(other.from);
            let until = match (one.until, other.until) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            if until.is_none_or(|until| from <= until) {
                found.push(Overlap {
                    between: (place, other_place),
                    from,
                    until,
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
