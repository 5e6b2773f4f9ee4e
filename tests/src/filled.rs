//! Values for every field of a template, made from its declaration alone: no template is named here.

use samspor_documents::{
    document::Edit,
    template::{Field, FieldType, MergeRule, Template},
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

/// Whether values that differ, written at once, wait for a person.
#[must_use]
pub const fn waits(field: &Field) -> bool {
    !matches!(field.merge, MergeRule::Text | MergeRule::Last)
}
