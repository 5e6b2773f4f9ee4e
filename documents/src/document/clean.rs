//! A clean copy: a new document that says what another one reads, and holds nothing of how it came to be so.
//!
//! It is made from the reading alone, never from the document: what was deleted, taken away or chosen against is not
//! in it. Nothing is left out silently either: what cannot be carried over (a conflict, a value that breaks the
//! template, a field that the template does not know) refuses the copy. Whose draft it was is not asked here.

use super::{AuthorError, Begun, Document, Edit, Splice, begin::About, begun::Says};
use crate::{
    authoring::Authoring,
    reading::{FieldReading, FieldState, ItemReading, Reading},
    template::{Field, FieldType, Template, Templates, occurred_at},
    value::Value,
};

/// Characters of one piece, where prose does not fit into one change: each is an operation.
const PIECE_CHARACTERS: usize = 10_000;

/// A new document and its changes, in order; one, unless the prose is too long for one.
#[derive(Debug)]
pub struct CleanCopy {
    /// Its first change.
    pub first: Vec<u8>,
    /// The rest of long prose, in pieces; empty as a rule.
    pub rest: Vec<Vec<u8>>,
    says: Says,
}

impl CleanCopy {
    /// What it says, by all of its changes.
    #[must_use]
    pub fn reading(&self, templates: &Templates) -> Reading {
        self.says.reading(templates)
    }

    /// The new document.
    ///
    /// # Errors
    /// `Broken`, which would be a fault of this crate.
    pub fn document(&self) -> Result<Document, AuthorError> {
        self.says.document(&self.first)
    }
}

impl Document {
    /// A new document of the same template, version and subject that reads as `reading` does: every field, items that
    /// nobody took away with their ids and what refers to them, reasons for missing values, when it happened. Author
    /// and time of every value are those of `authoring`, whose actor has to be one that never wrote: else the copy of
    /// a draft of one change could be that very change.
    ///
    /// # Errors
    /// `InConflict` with every field that waits for a choice; `UnknownTemplate`, `UnknownField`, `WrongType` or another
    /// of the template's refusals for what cannot be carried over; `Broken` for a reading without subject or time.
    pub fn clean_copy(
        templates: &Templates,
        reading: &Reading,
        authoring: &Authoring,
    ) -> Result<CleanCopy, AuthorError> {
        let unknown = || AuthorError::UnknownTemplate {
            known: templates.names_allowed(),
        };
        let template = templates
            .get(&reading.template, reading.template_version)
            .ok_or_else(unknown)?;
        refuse_conflicts(reading)?;
        let about = About {
            subject: reading.subject.ok_or(AuthorError::Broken)?,
            occurred_at: reading.occurred_at.ok_or(AuthorError::Broken)?,
        };
        let edits = edits_of(reading, template)?;
        match Begun::by(template, about, &edits, authoring) {
            Err(AuthorError::TooMuchAtOnce { .. }) => {
                in_pieces(templates, template, about, edits, authoring)
            }
            begun => begun.map(|begun| CleanCopy {
                first: begun.change,
                rest: Vec::new(),
                says: begun.says,
            }),
        }
    }
}

/// Everything but the prose first, then the prose piece by piece.
fn in_pieces(
    templates: &Templates,
    template: &Template,
    about: About,
    edits: Vec<Edit>,
    authoring: &Authoring,
) -> Result<CleanCopy, AuthorError> {
    let is_prose = |edit: &Edit| matches!(edit, Edit::ReplaceText { .. });
    let (prose, other): (Vec<Edit>, Vec<Edit>) = edits.into_iter().partition(is_prose);
    let begun = Begun::by(template, about, &other, authoring)?;
    let (mut document, mut rest) = (begun.document()?, Vec::new());
    for edit in prose {
        let Edit::ReplaceText { field, text } = edit else {
            continue;
        };
        let characters: Vec<char> = text.chars().collect();
        for (number, piece) in characters.chunks(PIECE_CHARACTERS).enumerate() {
            let splice = Splice {
                at: number * PIECE_CHARACTERS,
                delete: 0,
                insert: piece.iter().collect(),
            };
            let edit = Edit::Text {
                field: field.clone(),
                edits: vec![splice],
            };
            rest.extend(document.edit(templates, &[edit], authoring)?);
        }
    }
    Ok(CleanCopy {
        first: begun.change,
        rest,
        says: Says::Document(Box::new(document)),
    })
}

/// Refuses, by their names, all fields that wait for a person to choose. Those of items that were taken away do not
/// count: they are not carried over.
fn refuse_conflicts(reading: &Reading) -> Result<(), AuthorError> {
    let mut waiting = Vec::new();
    for field in &reading.fields {
        if field.needs_choice() {
            waiting.push(field.name.clone());
        }
        for item in items_of(field) {
            let inner = item.fields.iter().filter(|inner| inner.needs_choice());
            waiting.extend(inner.map(|inner| format!("{}/{}/{}", field.name, item.id, inner.name)));
        }
    }
    if waiting.is_empty() {
        return Ok(());
    }
    Err(AuthorError::InConflict {
        field: waiting.join(", "),
    })
}

/// The items of a field that nobody took away.
fn items_of(field: &FieldReading) -> impl Iterator<Item = &ItemReading> {
    let items = match &field.state {
        FieldState::Items(items) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter(|item| !item.removed)
}

/// The edits that make an empty document read so.
fn edits_of(reading: &Reading, template: &Template) -> Result<Vec<Edit>, AuthorError> {
    let mut edits = Vec::new();
    for field in &reading.fields {
        if field.name == occurred_at().name && !field.is_invalid() {
            continue;
        }
        if matches!(field.state, FieldState::Items(_)) {
            must_be_known(field, &field.name, template)?;
            for item in items_of(field) {
                edits.push(Edit::AddItem {
                    field: field.name.clone(),
                    item: item.id,
                    values: values_of(reading, field, item, template)?,
                });
            }
        } else if let Some(value) = value_of(field, &field.name, template)? {
            if names_removed(reading, template.field(&field.name), &value) {
                continue;
            }
            let field = field.name.clone();
            edits.push(match value {
                Value::Text(text) if is_prose(template, &field) => {
                    Edit::ReplaceText { field, text }
                }
                value => Edit::Set { field, value },
            });
        }
    }
    Ok(edits)
}

fn is_prose(template: &Template, field: &str) -> bool {
    template
        .field(field)
        .is_some_and(|field| matches!(field.field_type, FieldType::Text { .. }))
}

/// Whether it refers to an item that was taken away: that item stays behind, and so does what refers to it.
fn names_removed(reading: &Reading, known: Option<&Field>, value: &Value) -> bool {
    let (Some(FieldType::Item { of }), Value::Reference(id)) =
        (known.map(|known| &known.field_type), value)
    else {
        return false;
    };
    !reading.items(of).any(|item| item.id == *id)
}

fn values_of(
    reading: &Reading,
    field: &FieldReading,
    item: &ItemReading,
    template: &Template,
) -> Result<Vec<(String, Value)>, AuthorError> {
    let mut values = Vec::new();
    for inner in &item.fields {
        let named = format!("{}.{}", field.name, inner.name);
        let known = template.field(&field.name);
        let known = known.and_then(|known| known.item_field(&inner.name));
        let value = value_of(inner, &named, template)?;
        let value = value.filter(|value| !names_removed(reading, known, value));
        values.extend(value.map(|value| (inner.name.clone(), value)));
    }
    Ok(values)
}

/// A field that the template does not know reads without labels.
fn must_be_known(
    field: &FieldReading,
    named: &str,
    template: &Template,
) -> Result<(), AuthorError> {
    if field.labels.is_some() {
        return Ok(());
    }
    Err(AuthorError::UnknownField {
        field: super::error::field_name(named),
        template: template.name.clone(),
        allowed: template.fields_allowed(),
    })
}

/// What a field says; none when it is empty.
fn value_of(
    field: &FieldReading,
    named: &str,
    template: &Template,
) -> Result<Option<Value>, AuthorError> {
    if field.state == FieldState::Empty {
        return Ok(None);
    }
    must_be_known(field, named, template)?;
    if field.is_invalid() {
        return Err(AuthorError::WrongType {
            field: super::error::field_name(named),
            expected: "what its template allows",
        });
    }
    match &field.state {
        FieldState::Text { text, .. } => Ok(Some(Value::Text(text.clone()))),
        // A harmless label's last value, a withdrawal that stands: what is shown is what holds.
        _ => Ok(field.shown().map(|shown| shown.value.clone())),
    }
}

#[cfg(test)]
mod tests;
