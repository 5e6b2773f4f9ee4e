//! A reading's fields as texts: concurrent values side by side, each with who wrote it and when.

use super::{Reader, TimeView};
use crate::web::format;
use samspor_documents::{
    id::PractitionerId,
    reading::{Attributed, FieldReading, FieldState, ItemReading, with_items_named},
    template::{Field, MergeRule, names_document},
    value::Value,
};

/// One value with who wrote it and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueView {
    /// The value.
    pub value: String,
    /// Who wrote it.
    pub author: String,
    /// When it was typed.
    pub at: TimeView,
}

/// One item of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemView {
    /// Whether somebody took it away.
    pub removed: bool,
    /// What it says.
    pub fields: Vec<FieldView>,
}

/// What is shown of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// One value on a line.
    Line(String),
    /// Another case: the address of its page.
    Case(String),
    /// Prose in paragraphs, and its authors when there are several.
    Prose(Vec<String>, String),
    /// Several values written at once.
    Concurrent {
        /// What holds meanwhile; empty when nothing does.
        meanwhile: String,
        /// Whether a person has to choose.
        to_choose: bool,
        /// Every one, oldest first.
        values: Vec<ValueView>,
    },
    /// Items.
    Items(Vec<ItemView>),
    /// What does not fit the template, as it stands.
    Invalid(String),
}

/// One field that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldView {
    /// Its name in the template: for style, as for an address that is not printed.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it says.
    pub shown: Shown,
}

impl FieldView {
    /// Whether it stands below its label, not beside it.
    #[must_use]
    pub fn is_long(&self) -> bool {
        match &self.shown {
            Shown::Prose(..) | Shown::Concurrent { .. } => true,
            Shown::Items(_) => !self.is_plain(),
            Shown::Line(_) | Shown::Case(_) | Shown::Invalid(_) => false,
        }
    }

    /// Whether its items say one thing each, on a line: shown as a plain list.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let Shown::Items(items) = &self.shown else {
            return false;
        };
        items.iter().all(|item| match item.fields.as_slice() {
            [only] => matches!(only.shown, Shown::Line(_)) && !item.removed,
            _ => false,
        })
    }
}

fn value_text(reader: &Reader<'_>, value: &Value, known: Option<&Field>) -> String {
    if let Value::Reference(id) = value
        && let Some(name) = reader.names.person(PractitionerId(*id))
    {
        return name.to_owned();
    }
    let language = reader.language.of_documents();
    known.map_or_else(
        || value.display_plain(language),
        |field| value.display(field, language),
    )
}

/// Whether a value is the id of a case: nothing that people read.
fn names_case(reader: &Reader<'_>, reading: &FieldReading, value: &Value) -> bool {
    matches!(value, Value::Reference(id)
        if reading.name == "case" && reader.names.person(PractitionerId(*id)).is_none())
}

fn value_view(reader: &Reader<'_>, one: &Attributed, known: Option<&Field>) -> ValueView {
    ValueView {
        value: value_text(reader, &one.value, known),
        author: one.author.map_or_else(
            || reader.language.texts().unknown_author.to_owned(),
            |author| reader.person(author),
        ),
        at: TimeView {
            machine: format::machine(one.at),
            text: format::moment(one.at, reader.language),
        },
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    let split = text.split("\n\n").map(str::trim);
    split
        .filter(|one| !one.is_empty())
        .map(str::to_owned)
        .collect()
}

fn item(reader: &Reader<'_>, item: &ItemReading, known: Option<&Field>) -> ItemView {
    let inner = item.fields.iter().filter_map(|part| {
        field(
            reader,
            part,
            known.and_then(|known| known.item_field(&part.name)),
        )
    });
    ItemView {
        removed: item.removed,
        fields: inner.collect(),
    }
}

fn shown(reader: &Reader<'_>, reading: &FieldReading, known: Option<&Field>) -> Option<Shown> {
    match &reading.state {
        FieldState::Empty => None,
        FieldState::One(one) if !one.valid => {
            Some(Shown::Invalid(value_text(reader, &one.value, known)))
        }
        FieldState::One(one) if names_case(reader, reading, &one.value) => Some(Shown::Case(
            format!("/children/{}", value_text(reader, &one.value, known)),
        )),
        FieldState::One(one) => {
            let text = value_text(reader, &one.value, known);
            (!text.is_empty()).then_some(Shown::Line(text))
        }
        FieldState::Text { text, authors } => {
            let paragraphs = paragraphs(text);
            let several = if authors.len() > 1 {
                reader.people(authors)
            } else {
                String::new()
            };
            (!paragraphs.is_empty()).then_some(Shown::Prose(paragraphs, several))
        }
        FieldState::Conflict { shown, values } => {
            let meanwhile = shown
                .as_ref()
                .map(|one| value_text(reader, &one.value, known));
            Some(Shown::Concurrent {
                meanwhile: meanwhile
                    .filter(|_| reading.merge != MergeRule::KeepAll)
                    .unwrap_or_default(),
                to_choose: reading.needs_choice(),
                values: values
                    .iter()
                    .map(|one| value_view(reader, one, known))
                    .collect(),
            })
        }
        FieldState::Items(items) => {
            let items: Vec<ItemView> = items.iter().map(|one| item(reader, one, known)).collect();
            (!items.is_empty()).then_some(Shown::Items(items))
        }
        FieldState::Invalid { raw, .. } => Some(Shown::Invalid(raw.clone())),
    }
}

fn field(reader: &Reader<'_>, reading: &FieldReading, known: Option<&Field>) -> Option<FieldView> {
    let label = reading
        .labels
        .as_ref()
        .map_or(reading.name.as_str(), |labels| {
            labels.get(reader.language.of_documents())
        });
    Some(FieldView {
        name: reading.name.clone(),
        label: label.to_owned(),
        shown: shown(reader, reading, known)?,
    })
}

/// The fields that say something, in the template's order. The one that is the title already is left out, and the one
/// that names another document of the case, unless there is something to settle in it.
#[must_use]
pub fn fields(
    reader: &Reader<'_>,
    readings: &[FieldReading],
    template: Option<&samspor_documents::template::Template>,
) -> Vec<FieldView> {
    let title = template.and_then(|template| template.title.as_deref());
    let told = |reading: &&FieldReading| {
        let is_told = Some(reading.name.as_str()) == title || names_document(&reading.name);
        !is_told || !matches!(reading.state, FieldState::One(_))
    };
    let readings = with_items_named(readings, template, reader.language.of_documents());
    let views = readings.iter().filter(told).filter_map(|reading| {
        let known = template.and_then(|template| template.field(&reading.name));
        field(reader, reading, known)
    });
    views.collect()
}
