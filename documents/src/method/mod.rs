//! What the methods' entries say over time: progress, factors, agreements, whether the child was heard, who contributed.
//!
//! Everything here works on readings, so on open documents and on signed texts alike, and by the names of fields,
//! whatever template they stand in. What was discarded, and items that were taken away, take no part. A value in
//! conflict is never settled here: every concurrent value is told, or none where one of them cannot be read, and marked.

pub mod agreements;
pub mod contributions;
pub mod factors;
pub mod follow_up;
pub mod heard;
pub mod progress;

use crate::{
    id::{DocumentId, SpaceId},
    reading::{FieldReading, FieldState, ItemReading, Reading},
    template::{Language, OCCURRED_AT, Templates},
    time::UnixMillis,
    value::Value,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One entry or reflection, as it reads.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Which document it is.
    pub document: DocumentId,
    /// The case or circle it stands in.
    pub space: SpaceId,
    /// What it says, open or signed.
    pub reading: &'a Reading,
}

/// The id of an item within a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(#[serde(with = "crate::value::text_forms::uuid")] pub Uuid);

/// What is said in one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Said<T> {
    /// Every value, oldest first: none when nothing is said. Of values in conflict all, or none where one of them cannot
    /// be read.
    pub values: Vec<T>,
    /// Whether a person has to choose, or to mend it.
    pub unsettled: bool,
}

impl<T> Said<T> {
    /// Nothing is said.
    #[must_use]
    pub const fn nothing() -> Self {
        Self {
            values: Vec::new(),
            unsettled: false,
        }
    }

    /// The value, where there is one and it is settled.
    #[must_use]
    pub fn one(&self) -> Option<&T> {
        match self.values.as_slice() {
            [one] if !self.unsettled => Some(one),
            _ => None,
        }
    }

    /// Whether nothing was written.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.values.is_empty() && !self.unsettled
    }

    /// Whether this is what all values say, and there are any; none where they do not agree.
    fn all_say(&self, is_so: impl Fn(&T) -> bool) -> Option<bool> {
        let mut told = self.values.iter().map(is_so);
        let first = told.next()?;
        told.all(|other| other == first).then_some(first)
    }
}

impl<T: PartialEq> Said<T> {
    /// What a field says. A harmless label that was written twice at once says what its rule shows.
    fn of(field: Option<&FieldReading>, read: impl Fn(&Value) -> Option<T>) -> Self {
        let Some(field) = field else {
            return Self::nothing();
        };
        match &field.state {
            FieldState::One(one) if one.valid => Self {
                values: read(&one.value).into_iter().collect(),
                unsettled: false,
            },
            FieldState::Conflict { shown, .. } if !field.needs_choice() => Self {
                values: shown
                    .iter()
                    .filter(|one| one.valid)
                    .filter_map(|one| read(&one.value))
                    .collect(),
                unsettled: false,
            },
            FieldState::Conflict { values, .. } => {
                let typed = values
                    .iter()
                    .map(|one| read(&one.value).filter(|_| one.valid));
                let all: Option<Vec<T>> = typed.collect();
                Self {
                    values: once_each(all.unwrap_or_default()),
                    unsettled: true,
                }
            }
            FieldState::One(_) | FieldState::Invalid { .. } => Self {
                values: Vec::new(),
                unsettled: true,
            },
            FieldState::Empty | FieldState::Text { .. } | FieldState::Items(_) => Self::nothing(),
        }
    }

    /// What several places say at once: unsettled where they differ.
    fn together(all: impl IntoIterator<Item = Self>) -> Self {
        let mut joined = Self::nothing();
        let mut agree = true;
        for (place, said) in all.into_iter().enumerate() {
            let differs = place > 0
                && (said.values.len() != joined.values.len()
                    || said.values.iter().any(|one| !joined.values.contains(one)));
            agree = agree && !differs;
            joined.unsettled = joined.unsettled || said.unsettled;
            let mut values = joined.values;
            values.extend(said.values);
            joined.values = once_each(values);
        }
        joined.unsettled = joined.unsettled || !agree;
        joined
    }
}

fn once_each<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut told: Vec<T> = Vec::with_capacity(values.len());
    for value in values {
        if !told.contains(&value) {
            told.push(value);
        }
    }
    told
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) if !text.trim().is_empty() => Some(text.clone()),
        _ => None,
    }
}

fn code(value: &Value) -> Option<String> {
    match value {
        Value::Code(code) => Some(code.clone()),
        _ => None,
    }
}

const fn date(value: &Value) -> Option<Date> {
    match value {
        Value::Date(day) => Some(*day),
        _ => None,
    }
}

const fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

const fn item_id(value: &Value) -> Option<ItemId> {
    match value {
        Value::Reference(id) => Some(ItemId(*id)),
        _ => None,
    }
}

/// What people read for the code of a template's field, or of a field of its items; the code where it is not known.
#[must_use]
pub fn code_label(
    templates: &Templates,
    template: &str,
    path: &[&str],
    code: &str,
    language: Language,
) -> String {
    let template = templates.latest(template);
    let field = match path {
        [field] => template.and_then(|template| template.field(field)),
        [field, inner] => template
            .and_then(|template| template.field(field))
            .and_then(|field| field.item_field(inner)),
        _ => None,
    };
    let codes = field.map(|field| field.codes()).unwrap_or_default();
    let known = codes.iter().find(|known| known.code == code);
    known.map_or_else(
        || code.to_owned(),
        |known| known.labels.get(language).to_owned(),
    )
}

/// Prose that says something.
fn prose(field: Option<&FieldReading>) -> Option<&str> {
    match field.map(|field| &field.state) {
        Some(FieldState::Text { text, .. }) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

/// Words as they are compared: case and blanks make no difference.
fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// All items of a field, those included that somebody took away.
fn all_items<'a>(reading: &'a Reading, name: &str) -> &'a [ItemReading] {
    match reading.field(name).map(|field| &field.state) {
        Some(FieldState::Items(items)) => items,
        _ => &[],
    }
}

/// The day of an entry. `occurred_at` stands among its fields only when it is in conflict or invalid.
fn day_of(reading: &Reading) -> Said<Date> {
    match reading.field(OCCURRED_AT) {
        None => Said {
            values: reading
                .occurred_at
                .and_then(|at| at.day())
                .into_iter()
                .collect(),
            unsettled: false,
        },
        field => {
            let day = |value: &Value| match value {
                Value::Moment(moment) => moment.day(),
                _ => None,
            };
            Said {
                unsettled: true,
                ..Said::of(field, day)
            }
        }
    }
}

/// The place of an entry in time; what does not say when it happened stands last.
fn place(entry: &Entry<'_>) -> (bool, UnixMillis, DocumentId) {
    let at = entry.reading.occurred_at.map(|moment| moment.at);
    (at.is_none(), at.unwrap_or_default(), entry.document)
}

/// Entries in order of time, each once, without those that were discarded.
fn in_order<'a>(entries: &[Entry<'a>]) -> Vec<Entry<'a>> {
    let mut told: Vec<Entry<'a>> = entries
        .iter()
        .filter(|entry| !entry.reading.discarded)
        .copied()
        .collect();
    told.sort_by_key(place);
    told.dedup_by_key(|entry| entry.document);
    told
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
