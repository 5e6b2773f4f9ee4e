//! References to a document's own items: told in those items' words, so that nobody reads an id, and marked where no
//! such item is there.

use super::{Attributed, FieldReading, FieldState};
use crate::{
    template::{Field, FieldType, Language, Template},
    value::Value,
};
use std::{borrow::Cow, collections::BTreeSet};
use uuid::Uuid;

/// The same fields, where a value that names an item of these fields stands as what that item says: its first field
/// that says something. An item that is not there, or says nothing, stays an id. For people: what is kept, chosen or
/// handed to a program is the value itself.
#[must_use]
pub fn with_items_named<'a>(
    fields: &'a [FieldReading],
    template: Option<&Template>,
    language: Language,
) -> Cow<'a, [FieldReading]> {
    let Some(template) = template.filter(|template| template.names_items()) else {
        return Cow::Borrowed(fields);
    };
    let named = Named {
        fields,
        template,
        language,
    };
    let field = |field: &FieldReading| named.field(field, template.field(&field.name));
    Cow::Owned(fields.iter().map(field).collect())
}

/// Marks what refers to an item that the document does not have: it breaks the template, as an unknown code does. An
/// item that somebody took away is still there, and what refers to it still says which it was.
pub(super) fn mark_absent(fields: &mut [FieldReading], template: &Template) {
    if !template.names_items() {
        return;
    }
    let there: Vec<(String, BTreeSet<Uuid>)> = fields
        .iter()
        .filter_map(|field| match &field.state {
            FieldState::Items(items) => {
                let ids = items.iter().map(|item| item.id).collect();
                Some((field.name.clone(), ids))
            }
            _ => None,
        })
        .collect();
    let is_there = |of: &str, item: &Uuid| {
        let mut lists = there.iter().filter(|(name, _)| name == of);
        lists.any(|(_, ids)| ids.contains(item))
    };
    for field in fields {
        let known = template.field(&field.name);
        if let FieldState::Items(items) = &mut field.state {
            for part in items.iter_mut().flat_map(|item| &mut item.fields) {
                let known = known.and_then(|known| known.item_field(&part.name));
                mark_field(part, known, &is_there);
            }
        } else {
            mark_field(field, known, &is_there);
        }
    }
}

fn mark_field(
    reading: &mut FieldReading,
    known: Option<&Field>,
    is_there: &impl Fn(&str, &Uuid) -> bool,
) {
    let Some(FieldType::Item { of }) = known.map(|known| &known.field_type) else {
        return;
    };
    let absent = |one: &Attributed| match &one.value {
        Value::Reference(item) if !is_there(of, item) => Some(item.as_hyphenated().to_string()),
        _ => None,
    };
    match &mut reading.state {
        FieldState::One(one) => {
            if let Some(raw) = absent(one) {
                let author = one.author;
                reading.state = FieldState::Invalid { raw, author };
            }
        }
        FieldState::Conflict { shown, values } => {
            for one in shown.iter_mut().chain(values) {
                if let Some(raw) = absent(one) {
                    one.value = Value::Text(raw);
                    one.valid = false;
                }
            }
        }
        _ => {}
    }
}

struct Named<'a> {
    fields: &'a [FieldReading],
    template: &'a Template,
    language: Language,
}

impl Named<'_> {
    fn field(&self, reading: &FieldReading, known: Option<&Field>) -> FieldReading {
        let of = match known.map(|known| &known.field_type) {
            Some(FieldType::Item { of }) => Some(of.as_str()),
            _ => None,
        };
        let mut named = reading.clone();
        match (&mut named.state, of) {
            (FieldState::One(one), Some(of)) => self.value(one, of),
            (FieldState::Conflict { shown, values }, Some(of)) => {
                let all = shown.iter_mut().chain(values);
                all.for_each(|one| self.value(one, of));
            }
            (FieldState::Items(items), _) => {
                for item in items {
                    for part in &mut item.fields {
                        let known = known.and_then(|known| known.item_field(&part.name));
                        *part = self.field(part, known);
                    }
                }
            }
            _ => {}
        }
        named
    }

    fn value(&self, one: &mut Attributed, of: &str) {
        let Value::Reference(id) = one.value else {
            return;
        };
        let (items, known) = (
            self.fields.iter().find(|field| field.name == of),
            self.template.field(of),
        );
        let items = match items.map(|items| &items.state) {
            Some(FieldState::Items(items)) => items.as_slice(),
            _ => &[],
        };
        let parts = items.iter().filter(|item| item.id == id);
        let said = parts.flat_map(|item| &item.fields).find_map(|part| {
            let known = known.and_then(|known| known.item_field(&part.name));
            let said = part.line(known, self.language);
            (!said.is_empty()).then_some(said)
        });
        if let Some(said) = said {
            one.value = Value::Text(said);
        }
    }
}

#[cfg(test)]
mod tests;
