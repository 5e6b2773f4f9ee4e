//! Values for every field of a template, made from its declaration alone: no template is named here.

use samspor_documents::{
    document::Edit,
    reading::{FieldReading, FieldState, ItemReading, Reading},
    template::{Field, FieldType, Language, MergeRule, Template},
    time::{Moment, UnixMillis},
    value::{MissingReason, TimeCode, Value},
};
use uuid::Uuid;

/// Which of two people types: they type different values wherever a field can hold two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// One.
    One,
    /// The other.
    Other,
}

/// Both.
pub const HANDS: [Hand; 2] = [Hand::One, Hand::Other];

impl Hand {
    fn of<T>(self, one: T, other: T) -> T {
        match self {
            Self::One => one,
            Self::Other => other,
        }
    }
}

/// The id of an item of this field; `place` keeps those of one field apart.
#[must_use]
pub fn item_id(field: &str, place: u8) -> Uuid {
    let mut bytes = [place; 16];
    for (byte, letter) in bytes.iter_mut().zip(field.bytes().rev().take(14)) {
        *byte = letter;
    }
    Uuid::from_bytes(bytes)
}

/// What each of them types into a field. None for items, which are no value.
#[must_use]
pub fn value(field: &Field, hand: Hand) -> Option<Value> {
    Some(match &field.field_type {
        FieldType::Text { .. } | FieldType::Line { .. } => Value::Text(words(&field.name, hand)),
        FieldType::Code { codes, .. } => {
            let code = hand.of(codes.first(), codes.last())?;
            Value::Code(code.code.clone())
        }
        FieldType::Quantity { units } => {
            let unit = units.first()?;
            Value::Quantity {
                amount: hand.of(unit.usual_least, unit.usual_most),
                unit: unit.unit.clone(),
            }
        }
        FieldType::Measure => Value::Quantity {
            amount: hand.of("2.5", "4").parse().ok()?,
            unit: hand.of("timer om dagen", "dage").to_owned(),
        },
        FieldType::Integer { least, most } => Value::Integer(hand.of(*least, *most)),
        FieldType::Boolean => Value::Boolean(hand.of(true, false)),
        FieldType::Date => Value::Date(hand.of("2026-11-02", "2026-11-30").parse().ok()?),
        FieldType::Moment => Value::Moment(moment(hand)),
        FieldType::Reference => Value::Reference(item_id(&field.name, hand.of(0xa1, 0xa2))),
        FieldType::Item { of } => Value::Reference(item_id(of, hand.of(1, 2))),
        FieldType::TimeCode => Value::TimeCode(TimeCode::new(hand.of(65, 3_725)).ok()?),
        FieldType::Cpr => Value::Text(hand.of("030926-1234", "041026-4321").to_owned()),
        FieldType::Items { .. } => return None,
    })
}

/// When it happened.
#[must_use]
pub const fn moment(hand: Hand) -> Moment {
    let minutes = match hand {
        Hand::One => 0,
        Hand::Other => 90,
    };
    Moment {
        at: UnixMillis(1_795_439_100_000 + minutes * 60_000),
        offset_minutes: 60,
    }
}

/// Words that stand nowhere else in the document: the field's own name, backwards, in letters that Danes use.
fn words(name: &str, hand: Hand) -> String {
    let turned: String = name.chars().rev().collect();
    format!("{} æøå {turned}", hand.of("Første", "Anden"))
}

/// Two items in every field of items, which say nothing yet.
#[must_use]
pub fn items(template: &Template) -> Vec<Edit> {
    let items = template
        .fields
        .iter()
        .filter(|field| !field.item_fields().is_empty());
    let two = items.flat_map(|field| [1, 2].map(|place| (field, place)));
    two.map(|(field, place)| Edit::AddItem {
        field: field.name.clone(),
        item: item_id(&field.name, place),
        values: Vec::new(),
    })
    .collect()
}

/// Everything that one person can type into a template: every field, and every field of both its items.
#[must_use]
pub fn edits(template: &Template, hand: Hand) -> Vec<Edit> {
    let mut edits = Vec::new();
    for field in template.fields.iter().filter(|field| !field.fixed) {
        if let Some(value) = value(field, hand) {
            edits.push(Edit::Set {
                field: field.name.clone(),
                value,
            });
        }
        for part in field.item_fields() {
            let typed = [1, 2].into_iter().zip(std::iter::repeat(value(part, hand)));
            edits.extend(typed.filter_map(|(place, value)| {
                Some(Edit::SetItem {
                    field: field.name.clone(),
                    item: item_id(&field.name, place),
                    name: part.name.clone(),
                    value: value?,
                })
            }));
        }
    }
    edits
}

/// A reason for a missing value, in every field that takes one.
#[must_use]
pub fn reasons(template: &Template, reason: MissingReason) -> Vec<Edit> {
    let fields = template.fields.iter().filter(|field| field.missing);
    fields
        .map(|field| Edit::Set {
            field: field.name.clone(),
            value: Value::Missing(reason),
        })
        .collect()
}

/// A field that was filled, or an item's, with what it reads as.
pub struct Filled<'a> {
    /// Of the template.
    pub field: &'a Field,
    /// What it reads as.
    pub read: &'a FieldReading,
    /// Where it is an item's: the field of items, and the item.
    pub within: Option<(&'a Field, &'a ItemReading)>,
}

/// Every field of the template that `edits` fills, with its reading.
#[must_use]
pub fn filled<'a>(template: &'a Template, reading: &'a Reading) -> Vec<Filled<'a>> {
    let mut found = Vec::new();
    for field in template.fields.iter().filter(|field| !field.fixed) {
        if let Some(read) = reading
            .field(&field.name)
            .filter(|_| field.item_fields().is_empty())
        {
            found.push(Filled {
                field,
                read,
                within: None,
            });
        }
        for item in reading.items(&field.name) {
            for part in field.item_fields() {
                found.extend(item.field(&part.name).map(|read| Filled {
                    field: part,
                    read,
                    within: Some((field, item)),
                }));
            }
        }
    }
    found
}

/// How many fields `filled` finds where nothing is missing.
#[must_use]
pub fn filled_count(template: &Template) -> usize {
    let fields = template.fields.iter().filter(|field| !field.fixed);
    fields
        .map(|field| (2 * field.item_fields().len()).max(1))
        .sum()
}

/// What was typed by both at once and is not in the reading, or is not shown as its rule says. Nothing, if all is well.
#[must_use]
pub fn lost(template: &Template, reading: &Reading) -> Vec<String> {
    let found = filled(template, reading);
    let wrong = found
        .iter()
        .filter(|one| !is_kept(one))
        .map(|one| format!("{} {}: {:?}", template.name, one.field.name, one.read.state));
    let mut lost: Vec<String> = wrong.collect();
    if found.len() != filled_count(template) {
        lost.push(format!("{}: {} fields", template.name, found.len()));
    }
    lost
}

/// Both values are there, and the rule says which is shown.
fn is_kept(one: &Filled<'_>) -> bool {
    let (Some(mine), Some(theirs)) = (value(one.field, Hand::One), value(one.field, Hand::Other))
    else {
        return false;
    };
    match &one.read.state {
        FieldState::Text { text, .. } => [&mine, &theirs]
            .iter()
            .all(|typed| matches!(typed, Value::Text(typed) if text.contains(typed))),
        FieldState::Conflict { shown, values } => {
            let shown = shown.as_ref().map(|shown| &shown.value);
            let expected = match one.field.merge {
                MergeRule::KeepAll | MergeRule::Text => None,
                // The last code is the worst, or the withdrawal; the other hand writes last.
                MergeRule::WorstUntilChosen | MergeRule::WithdrawalWins | MergeRule::Last => {
                    Some(&theirs)
                }
            };
            let waits = matches!(
                one.field.merge,
                MergeRule::KeepAll | MergeRule::WorstUntilChosen
            );
            let there = |typed: &Value| values.iter().any(|one| one.value == *typed);
            values.len() == 2
                && there(&mine)
                && there(&theirs)
                && shown == expected
                && one.read.needs_choice() == waits
        }
        _ => false,
    }
}

/// A choice for everything that waits: what the other one wrote.
#[must_use]
pub fn choices(template: &Template, reading: &Reading) -> Vec<Edit> {
    let found = filled(template, reading);
    let waiting = found.iter().filter(|one| one.read.needs_choice());
    waiting
        .filter_map(|one| {
            Some(Edit::Choose {
                field: one
                    .within
                    .map_or(one.field, |(field, _)| field)
                    .name
                    .clone(),
                item: one
                    .within
                    .map(|(_, item)| (item.id, one.field.name.clone())),
                value: value(one.field, Hand::Other)?,
            })
        })
        .collect()
}

/// What a person cannot read in this language: a field without a label, a value without words, a code as it is kept.
#[must_use]
pub fn unreadable(template: &Template, reading: &Reading, language: Language) -> Vec<String> {
    let found = filled(template, reading);
    let has_words = |one: &&Filled<'_>| {
        let line = one.read.line(Some(one.field), language);
        let label = one
            .read
            .labels
            .as_ref()
            .map(|labels| labels.get(language).trim());
        let is_code = one.field.codes().iter().any(|code| code.code == line);
        label.is_some_and(|label| !label.is_empty()) && !line.trim().is_empty() && !is_code
    };
    let wordless = found.iter().filter(|one| !has_words(one));
    wordless
        .map(|one| format!("{} {}", template.name, one.field.name))
        .collect()
}
