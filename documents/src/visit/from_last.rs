//! What a new entry takes over from the last one of its template in the case: what it begins with, and what can be said
//! to be unchanged in one tap.
//!
//! Only what stands in the table is taken over (`data/carried.toml`), only where it is settled and the newest version
//! of the template still allows it. A conflict, a reason for a missing value and what breaks the template are not.

use super::Visit;
use crate::{
    document::Edit,
    id::DocumentId,
    reading::{FieldReading, FieldState, ItemReading, Reading},
    template::{Field, FieldType, MergeRule, Template, Templates},
    time::Moment,
    value::Value,
};
use serde::Deserialize;
use std::sync::OnceLock;
use uuid::Uuid;

const DEFAULT: &str = include_str!("../../data/carried.toml");

/// A table of what is taken over that cannot be used. It carries no personal data.
#[derive(Debug, thiserror::Error)]
pub enum CarriedError {
    /// Not the shape of such a file.
    #[error("what is taken over: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A field that is not there, or that belongs to its day.
    #[error("what is taken over: {field} of {template} is not there or is never taken over")]
    Field {
        /// The template.
        template: String,
        /// The field, or `items.field`.
        field: String,
    },
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    begin: Vec<String>,
    unchanged: Vec<String>,
}

/// What is taken over, by template.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    #[serde(rename = "template")]
    rows: Vec<Row>,
}

/// A field that can be said to be unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchanged {
    /// The field.
    pub field: String,
    /// What it said.
    pub value: Value,
}

impl Unchanged {
    /// The edit that says it again.
    #[must_use]
    pub fn edit(&self) -> Edit {
        Edit::Set {
            field: self.field.clone(),
            value: self.value.clone(),
        }
    }
}

/// What the last entry hands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromLast {
    /// The last entry.
    pub document: DocumentId,
    /// When it happened.
    pub occurred_at: Moment,
    /// What a new draft begins with.
    pub begin: Vec<Edit>,
    /// What can be said to be as it was then, in the template's order.
    pub unchanged: Vec<Unchanged>,
}

impl FromLast {
    /// What can be said to be unchanged in a draft: of fields in which nothing stands. What was typed is not overwritten.
    pub fn offers<'a>(&'a self, draft: &'a Reading) -> impl Iterator<Item = &'a Unchanged> {
        let empty = |name: &str| draft.field(name).is_none_or(FieldReading::is_empty);
        self.unchanged.iter().filter(move |one| empty(&one.field))
    }
}

impl Carried {
    /// The table that ships. A test holds that it is read.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Carried> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            Self::read(DEFAULT, Templates::built_in()).unwrap_or(Self { rows: Vec::new() })
        })
    }

    /// From the text of its file.
    ///
    /// # Errors
    /// `CarriedError` names the field that may not stand there.
    pub fn read(text: &str, templates: &Templates) -> Result<Self, CarriedError> {
        let carried: Self = toml::from_str(text)?;
        for row in &carried.rows {
            let refused = |field: &String| CarriedError::Field {
                template: row.name.clone(),
                field: field.clone(),
            };
            let template = templates.latest(&row.name);
            for name in &row.begin {
                let field = template.and_then(|template| named(template, name));
                field
                    .filter(|one| may_be_carried(one))
                    .ok_or_else(|| refused(name))?;
            }
            for name in &row.unchanged {
                let field = template.and_then(|template| template.field(name));
                field
                    .filter(|one| may_be_carried(one))
                    .ok_or_else(|| refused(name))?;
            }
        }
        Ok(carried)
    }
}

/// A field by its name, or an item's by `items.field`.
fn named<'a>(template: &'a Template, name: &str) -> Option<&'a Field> {
    match name.split_once('.') {
        Some((items, field)) => template.field(items)?.item_field(field),
        None => template.field(name),
    }
}

/// What belongs to its day is not: prose, measurements and scores, times. Nor what a new entry must not say by itself: a
/// consent, the entry that it adds to.
const fn may_be_carried(field: &Field) -> bool {
    let of_a_kind = matches!(
        field.field_type,
        FieldType::Code { .. } | FieldType::Boolean | FieldType::Line { .. } | FieldType::Reference
    );
    of_a_kind && !field.fixed && !matches!(field.merge, MergeRule::WithdrawalWins)
}

/// What the latest of these entries hands on to a new one of this template that happens at `at`. None when no entry of
/// that template happened before. Items get new ids from `new_id`.
#[must_use]
pub fn from_last(
    carried: &Carried,
    templates: &Templates,
    template: &str,
    entries: &[Visit<'_>],
    at: Moment,
    mut new_id: impl FnMut() -> Uuid,
) -> Option<FromLast> {
    let of_template = entries
        .iter()
        .filter(|entry| entry.reading.template == template && !entry.reading.discarded);
    let earlier = of_template.filter_map(|entry| Some((entry.reading.occurred_at?, entry)));
    let (occurred_at, last) = earlier
        .filter(|(when, _)| when.at < at.at)
        .max_by_key(|(when, entry)| (when.at, entry.document))?;
    let newest = templates.begun(template)?;
    let row = carried.rows.iter().find(|row| row.name == template);
    let (mut begin, mut unchanged) = (Vec::new(), Vec::new());
    for field in &newest.fields {
        let name = &field.name;
        let Some((row, said)) = row.zip(last.reading.field(name)) else {
            continue;
        };
        if let Some(value) = settled(said, field) {
            let field = name.clone();
            if row.begin.contains(name) {
                begin.push(Edit::Set { field, value });
            } else if row.unchanged.contains(name) {
                unchanged.push(Unchanged { field, value });
            }
        }
        for item in last.reading.items(name) {
            let values = item_values(row, field, item);
            if !values.is_empty() {
                begin.push(Edit::AddItem {
                    field: name.clone(),
                    item: new_id(),
                    values,
                });
            }
        }
    }
    Some(FromLast {
        document: last.document,
        occurred_at,
        begin,
        unchanged,
    })
}

fn item_values(row: &Row, field: &Field, item: &ItemReading) -> Vec<(String, Value)> {
    let inner = field.item_fields().iter();
    let carried = inner.filter(|inner| {
        row.begin
            .contains(&format!("{}.{}", field.name, inner.name))
    });
    carried
        .filter_map(|inner| {
            Some((
                inner.name.clone(),
                settled(item.field(&inner.name)?, inner)?,
            ))
        })
        .collect()
}

/// The one value of a field that the newest version allows and that is no reason for a missing one.
fn settled(said: &FieldReading, field: &Field) -> Option<Value> {
    match &said.state {
        FieldState::One(one)
            if one.valid
                && !matches!(one.value, Value::Missing(_))
                && one.value.check(field).is_ok() =>
        {
            Some(one.value.clone())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
