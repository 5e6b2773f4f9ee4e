//! Words as search knows them: what of a reading can be found, and what a person types to find it.
//!
//! Both sides are folded alike: upper and lower case, accents and their ways of being coded make no difference, and
//! Danish letters are found however they are typed: `Åse`, `Aase` and `ase`, `Sørensen`, `Soerensen` and `sorensen`.
//! What is found is a set of words; where and how often they stand is not kept. Cards are found by names alone: never
//! by a CPR number, an address or a telephone number.

mod fold;

pub use fold::wanted;

use crate::{
    reading::{FieldReading, FieldState, Reading},
    template::{Field, FieldType, Language, TemplateKind, Templates},
    value::Value,
};
use std::collections::BTreeSet;

/// A document is found by so many different words at most; the ones that stand first count.
pub const WORDS_MAX: usize = 4_000;
/// A word counts so many characters, folded; what follows makes no difference.
pub const WORD_CHARS_MAX: usize = 32;
/// So many words are looked for at once; the rest of what was typed is left out.
pub const WANTED_MAX: usize = 12;

/// The fields of a card, and of its items, that name somebody.
const NAMES: [&str; 4] = ["name", "relations", "contacts", "who"];

/// The folded words by which a document is found.
#[must_use]
pub fn words(reading: &Reading, templates: &Templates) -> BTreeSet<String> {
    let [da, en] =
        [Language::Danish, Language::English].map(|language| reading.title(templates, language));
    words_with(reading, templates, [&da, &en])
}

/// The same, where what it is called in each language is known.
#[must_use]
pub fn words_with(reading: &Reading, templates: &Templates, titles: [&str; 2]) -> BTreeSet<String> {
    let template = reading.template(templates);
    let mut words = BTreeSet::new();
    for title in titles {
        fold::add(title, &mut words);
    }
    let names_only = reading.kind == TemplateKind::Card;
    for field in &reading.fields {
        let known = template.and_then(|template| template.field(&field.name));
        add(field, known, names_only, &mut words);
    }
    words
}

fn add(
    field: &FieldReading,
    known: Option<&Field>,
    names_only: bool,
    words: &mut BTreeSet<String>,
) {
    let is_secret = known.is_some_and(|field| matches!(field.field_type, FieldType::Cpr));
    if is_secret || (names_only && !NAMES.contains(&field.name.as_str())) {
        return;
    }
    match &field.state {
        FieldState::Empty => {}
        FieldState::Text { text, .. } | FieldState::Invalid { raw: text, .. } => {
            fold::add(text, words);
        }
        FieldState::One(_) | FieldState::Conflict { .. } => {
            for one in field.values() {
                if let Value::Text(text) = &one.value {
                    fold::add(text, words);
                }
            }
        }
        FieldState::Items(items) => {
            for part in items.iter().filter(|item| !item.removed) {
                for field in &part.fields {
                    let known = known.and_then(|known| known.item_field(&field.name));
                    add(field, known, names_only, words);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
