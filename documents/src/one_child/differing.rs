//! What the cards of one child say differently, and whose card says what. Nobody decides which is right.
//!
//! The readings given are those that the reader may see: when access to a card ends, it takes no part any more. A card
//! that says nothing of a field differs from none.

use crate::{
    card::CardView,
    id::SpaceId,
    reading::{FieldReading, FieldState, Reading},
    template::Labels,
    value::Value,
};

/// The fields that are compared, in the order in which they are told.
const FIELDS: [&str; 13] = [
    "name",
    "kind",
    "cpr",
    "birth_date",
    "due_date",
    "sex",
    "gestational_age",
    "birth_weight",
    "custody",
    "language",
    "interpreter",
    "protected_address",
    ADDRESS,
];
const ADDRESS: &str = "address";

/// What one card says of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneSays {
    /// Whose card: the case.
    pub case: SpaceId,
    /// Every value that stands there, concurrent ones included, oldest first; none where they cannot be read.
    pub values: Vec<Value>,
}

/// A field of which the cards say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// The field.
    pub field: String,
    /// What people read for it.
    pub labels: Option<Labels>,
    /// What each card says that says something of it, by case.
    pub said: Vec<OneSays>,
}

/// The fields of which the cards of one child say different things; nothing for one card. Where any card says that name
/// and address are protected, or is not settled on it, addresses are left out: they stand on their own card and nowhere
/// beside it.
#[must_use]
pub fn differing(cards: &[(SpaceId, &Reading)]) -> Vec<Differing> {
    let mut cards: Vec<(SpaceId, &Reading)> = cards.to_vec();
    cards.sort_by_key(|(case, _)| *case);
    cards.dedup_by_key(|(case, _)| *case);
    let is_protected = cards
        .iter()
        .any(|(_, card)| CardView::of(card).protected_address);
    let fields = FIELDS
        .into_iter()
        .filter(|field| !(is_protected && *field == ADDRESS));
    fields.filter_map(|field| differs(&cards, field)).collect()
}

fn differs(cards: &[(SpaceId, &Reading)], name: &str) -> Option<Differing> {
    let fields: Vec<(SpaceId, &FieldReading)> = cards
        .iter()
        .filter_map(|(case, card)| Some((*case, card.field(name)?)))
        .collect();
    let said: Vec<OneSays> = fields
        .iter()
        .filter_map(|(case, field)| {
            let values = said_by(field)?;
            Some(OneSays {
                case: *case,
                values,
            })
        })
        .collect();
    let compared: Vec<Vec<Value>> = said.iter().map(|one| compared(&one.values)).collect();
    let (first, others) = compared.split_first()?;
    let is_same = |other: &Vec<Value>| {
        other.len() == first.len() && other.iter().all(|value| first.contains(value))
    };
    let labels = fields.iter().find_map(|(_, field)| field.labels.clone());
    others
        .iter()
        .any(|other| !is_same(other))
        .then_some(Differing {
            field: name.to_owned(),
            labels,
            said,
        })
}

/// None where it says nothing: also that a value is missing says nothing of it.
fn said_by(field: &FieldReading) -> Option<Vec<Value>> {
    if matches!(field.state, FieldState::Invalid { .. }) {
        return Some(Vec::new());
    }
    let values: Vec<Value> = field
        .values()
        .iter()
        .filter(|one| one.valid && !matches!(one.value, Value::Missing(_)))
        .map(|one| one.value.clone())
        .collect();
    (!values.is_empty() || field.is_invalid()).then_some(values)
}

/// Values as they are compared: case and blanks of words, the order of concurrent ones and the hyphen of a CPR number
/// make no difference.
fn compared(values: &[Value]) -> Vec<Value> {
    let plain = values.iter().map(|value| match value {
        Value::Text(text) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            let text = words.join(" ").to_lowercase();
            Value::Text(crate::cpr::Cpr::parse(&text).map_or(text, |cpr| cpr.as_str().to_owned()))
        }
        other => other.clone(),
    });
    let mut once = Vec::new();
    for value in plain {
        if !once.contains(&value) {
            once.push(value);
        }
    }
    once
}

#[cfg(test)]
mod tests;
