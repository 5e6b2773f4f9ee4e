//! What is written and read: ids, times, values and edits, as every language has them.

use crate::error::SamsporError;
use jiff::civil::Date;
use samspor_documents::{
    document,
    id::{DeviceId, DocumentId, OrganisationId, PractitionerId, ShareId, SpaceId, TeamId},
    template::{Labels, Language, MergeRule, TemplateKind},
    time::{Moment, UnixMillis},
    value::{self, MissingReason, TimeCode},
};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident),+ $(,)?) => {$(
        uniffi::custom_type!(
            $(#[$doc])*
            $id, String, {
                remote,
                lower: |id| id.to_string(),
                try_lift: |text| text.parse::<$id>().map_err(|error| SamsporError::from(error).into()),
            }
        );
    )+};
}

ids! {
    /// The organisation.
    OrganisationId,
    /// A team.
    TeamId,
    /// A practitioner.
    PractitionerId,
    /// A device.
    DeviceId,
    /// A case or a circle.
    SpaceId,
    /// An entry, a draft, a card, a planned contact.
    DocumentId,
    /// A share.
    ShareId,
}

uniffi::custom_type!(
    /// An item of a field, or a piece of refused work.
    Uuid, String, {
        remote,
        lower: |id| id.as_hyphenated().to_string(),
        try_lift: |text| Uuid::try_parse(&text).map_err(|_| SamsporError::argument("bad_id").into()),
    }
);

uniffi::custom_type!(
    /// Milliseconds since 1970-01-01T00:00:00Z.
    UnixMillis, i64, { remote, lower: |at| at.0, try_lift: |at| Ok(UnixMillis(at)) }
);

/// A day, as in `2026-11-23`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub(crate) Date);

uniffi::custom_type!(
    /// A day, as in `2026-11-23`.
    Day, String, {
        lower: |day| day.0.to_string(),
        try_lift: |text| day(&text).map(Day).map_err(Into::into),
    }
);

fn day(text: &str) -> Result<Date, SamsporError> {
    text.parse().map_err(|_| SamsporError::argument("bad_day"))
}

/// A time as a person wrote it down.
#[uniffi::remote(Record)]
pub struct Moment {
    /// The instant.
    pub at: UnixMillis,
    /// Minutes east of UTC: 60 in a Danish winter, 120 in summer.
    pub offset_minutes: i16,
}

/// A text for people in both languages.
#[uniffi::remote(Record)]
pub struct Labels {
    /// Danish.
    pub da: String,
    /// English.
    pub en: String,
}

/// A language of the app. Danish comes first.
#[uniffi::remote(Enum)]
pub enum Language {
    /// Dansk.
    Danish,
    /// English.
    English,
}

/// What a document is.
#[uniffi::remote(Enum)]
pub enum TemplateKind {
    /// A case's card.
    Card,
    /// One document about a citizen.
    Entry,
    /// A thread that several professionals write together.
    Reflection,
    /// A contact that is planned.
    PlannedContact,
}

/// What becomes of values that two wrote at once.
#[uniffi::remote(Enum)]
pub enum MergeRule {
    /// By character; nobody chooses.
    Text,
    /// All are kept and none is shown as the value until a person chooses.
    KeepAll,
    /// All are kept; the worst is shown until a person chooses.
    WorstUntilChosen,
    /// A withdrawal stands until a new consent names it, whatever else was written at once.
    WithdrawalWins,
    /// The last is shown, the others beside it; nobody has to choose.
    Last,
}

/// Why a value that should be there is not.
#[uniffi::remote(Enum)]
pub enum MissingReason {
    /// It was not done.
    NotDone,
    /// It was done and is still to be written.
    NotYetWritten,
    /// The family said no.
    Declined,
    /// Nobody knows.
    Unknown,
}

/// One value of one field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Value {
    /// Prose, a line, or a CPR number.
    Text {
        /// It.
        text: String,
    },
    /// One of the field's codes.
    Code {
        /// It.
        code: String,
    },
    /// A measurement with the unit it was typed in.
    Quantity {
        /// How much: a decimal number with a point, `3450` or `51.5`.
        amount: String,
        /// One of the field's units; of a measure, any.
        unit: String,
    },
    /// A whole number.
    Integer {
        /// It.
        number: i64,
    },
    /// Yes or no.
    Boolean {
        /// Which.
        yes: bool,
    },
    /// A day.
    Date {
        /// It.
        day: Day,
    },
    /// A time with its offset.
    Moment {
        /// It.
        moment: Moment,
    },
    /// Another case, document or practitioner, or one of the document's items.
    Reference {
        /// Its id.
        id: Uuid,
    },
    /// A place in a recording.
    TimeCode {
        /// `0:12:30`.
        place: String,
    },
    /// Why there is no value.
    Missing {
        /// Why.
        reason: MissingReason,
    },
}

impl From<value::Value> for Value {
    fn from(value: value::Value) -> Self {
        use value::Value as V;
        match value {
            V::Text(text) => Self::Text { text },
            V::Code(code) => Self::Code { code },
            V::Quantity { amount, unit } => Self::Quantity {
                amount: amount.to_string(),
                unit,
            },
            V::Integer(number) => Self::Integer { number },
            V::Boolean(yes) => Self::Boolean { yes },
            V::Date(day) => Self::Date { day: Day(day) },
            V::Moment(moment) => Self::Moment { moment },
            V::Reference(id) => Self::Reference { id },
            V::TimeCode(place) => Self::TimeCode {
                place: place.to_string(),
            },
            V::Missing(reason) => Self::Missing { reason },
        }
    }
}

impl TryFrom<Value> for value::Value {
    type Error = SamsporError;

    fn try_from(value: Value) -> Result<Self, SamsporError> {
        Ok(match value {
            Value::Text { text } => Self::Text(text),
            Value::Code { code } => Self::Code(code),
            Value::Quantity { amount, unit } => Self::Quantity {
                amount: amount
                    .parse()
                    .map_err(|_| SamsporError::argument("bad_amount"))?,
                unit,
            },
            Value::Integer { number } => Self::Integer(number),
            Value::Boolean { yes } => Self::Boolean(yes),
            Value::Date { day } => Self::Date(day.0),
            Value::Moment { moment } => Self::Moment(moment),
            Value::Reference { id } => Self::Reference(id),
            Value::TimeCode { place } => Self::TimeCode(
                place
                    .parse::<TimeCode>()
                    .map_err(|_| SamsporError::argument("bad_time_code"))?,
            ),
            Value::Missing { reason } => Self::Missing(reason),
        })
    }
}

/// A field of an item.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ItemField {
    /// The item.
    pub item: Uuid,
    /// The item's own field.
    pub name: String,
}

/// A value by its field's name.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NamedValue {
    /// The field.
    pub name: String,
    /// Its value.
    pub value: Value,
}

/// One edit. Several in one call are one change, in order.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Edit {
    /// Sets a field. Refused where values are in conflict. Prose becomes what is given, by the smallest changes; as it is
    /// typed it is edited by `edit_text`.
    Set {
        /// The field.
        field: String,
        /// Its new value.
        value: Value,
    },
    /// Empties a field that is not prose.
    Clear {
        /// The field.
        field: String,
    },
    /// Adds an item. Fields of the item that are not named are empty.
    AddItem {
        /// The field.
        field: String,
        /// A new id: `new_item_id`.
        item: Uuid,
        /// The item's values.
        values: Vec<NamedValue>,
    },
    /// Sets a field of an item.
    SetItem {
        /// The field.
        field: String,
        /// The item and its field.
        at: ItemField,
        /// Its new value.
        value: Value,
    },
    /// Marks an item as removed; it stays in the document.
    RemoveItem {
        /// The field.
        field: String,
        /// The item.
        item: Uuid,
    },
    /// Ends a conflict: writes the value and what was seen when choosing.
    Choose {
        /// The field.
        field: String,
        /// The item and its field, when it is one of an item's.
        at: Option<ItemField>,
        /// The value chosen, one of those there or another.
        value: Value,
    },
    /// A new consent after a withdrawal, naming the withdrawals it answers by their `operation` in the reading.
    ConsentAgain {
        /// The field.
        field: String,
        /// What is said now.
        value: Value,
        /// Every standing withdrawal.
        withdrawals: Vec<String>,
    },
    /// Corrects when it happened.
    OccurredAt {
        /// When.
        moment: Moment,
    },
}

impl TryFrom<Edit> for document::Edit {
    type Error = SamsporError;

    fn try_from(edit: Edit) -> Result<Self, SamsporError> {
        Ok(match edit {
            Edit::Set { field, value } => Self::Set {
                field,
                value: value.try_into()?,
            },
            Edit::Clear { field } => Self::Clear { field },
            Edit::AddItem {
                field,
                item,
                values,
            } => Self::AddItem {
                field,
                item,
                values: values.into_iter().map(named).collect::<Result<_, _>>()?,
            },
            Edit::SetItem { field, at, value } => Self::SetItem {
                field,
                item: at.item,
                name: at.name,
                value: value.try_into()?,
            },
            Edit::RemoveItem { field, item } => Self::RemoveItem { field, item },
            Edit::Choose { field, at, value } => Self::Choose {
                field,
                item: at.map(|at| (at.item, at.name)),
                value: value.try_into()?,
            },
            Edit::ConsentAgain {
                field,
                value,
                withdrawals,
            } => Self::ConsentAgain {
                field,
                value: value.try_into()?,
                withdrawals,
            },
            Edit::OccurredAt { moment } => Self::OccurredAt(moment),
        })
    }
}

fn named(one: NamedValue) -> Result<(String, value::Value), SamsporError> {
    Ok((one.name, one.value.try_into()?))
}

/// Edits as the documents take them.
pub(crate) fn edits(edits: Vec<Edit>) -> Result<Vec<document::Edit>, SamsporError> {
    edits.into_iter().map(TryInto::try_into).collect()
}

/// How many there are, as every language has it.
pub(crate) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_comes_back_as_it_went() {
        let moment = Moment {
            at: UnixMillis(1_795_439_100_000),
            offset_minutes: 60,
        };
        for value in [
            value::Value::Text("Æ".to_owned()),
            value::Value::Code("HH".to_owned()),
            value::Value::Quantity {
                amount: "51.5".parse().expect("a number"),
                unit: "cm".to_owned(),
            },
            value::Value::Integer(-3),
            value::Value::Boolean(true),
            value::Value::Date(jiff::civil::date(2026, 11, 23)),
            value::Value::Moment(moment),
            value::Value::Reference(Uuid::from_u128(10)),
            value::Value::TimeCode(TimeCode::new(750).expect("a place")),
            value::Value::Missing(MissingReason::Declined),
        ] {
            let there: Value = value.clone().into();
            assert_eq!(value::Value::try_from(there), Ok(value));
        }
    }

    #[test]
    fn what_is_no_amount_and_no_place_is_refused_by_its_code() {
        let amount = Value::Quantity {
            amount: "3,5".to_owned(),
            unit: "kg".to_owned(),
        };
        let place = Value::TimeCode {
            place: "halv to".to_owned(),
        };
        for (value, code) in [(amount, "bad_amount"), (place, "bad_time_code")] {
            let refused = value::Value::try_from(value).expect_err("refused");
            assert_eq!(refused.code(), code);
            assert!(!refused.to_string().contains("halv"));
        }
    }
}
