//! How values stand in JSON: days, references and places in a recording as text.

use super::{Decimal, MissingReason, TimeCodeError, Value};
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// A value with its days, references and places in a recording as text.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Plain {
    Text(String),
    Code(String),
    Quantity { amount: Decimal, unit: String },
    Integer(i64),
    Boolean(bool),
    Date(String),
    Moment(Moment),
    Reference(String),
    TimeCode(String),
    Missing(MissingReason),
}

/// A day, a reference or a place in a recording that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlainError {
    #[error("not a day as in 2026-11-23")]
    Date,
    #[error("not an id")]
    Reference,
    #[error(transparent)]
    TimeCode(#[from] TimeCodeError),
}

impl From<Value> for Plain {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text),
            Value::Code(code) => Self::Code(code),
            Value::Quantity { amount, unit } => Self::Quantity { amount, unit },
            Value::Integer(number) => Self::Integer(number),
            Value::Boolean(yes) => Self::Boolean(yes),
            Value::Date(date) => Self::Date(date.to_string()),
            Value::Moment(moment) => Self::Moment(moment),
            Value::Reference(id) => Self::Reference(id.as_hyphenated().to_string()),
            Value::TimeCode(place) => Self::TimeCode(place.to_string()),
            Value::Missing(reason) => Self::Missing(reason),
        }
    }
}

impl TryFrom<Plain> for Value {
    type Error = PlainError;

    fn try_from(plain: Plain) -> Result<Self, PlainError> {
        Ok(match plain {
            Plain::Text(text) => Self::Text(text),
            Plain::Code(code) => Self::Code(code),
            Plain::Quantity { amount, unit } => Self::Quantity { amount, unit },
            Plain::Integer(number) => Self::Integer(number),
            Plain::Boolean(yes) => Self::Boolean(yes),
            Plain::Date(date) => Self::Date(date.parse().map_err(|_| PlainError::Date)?),
            Plain::Moment(moment) => Self::Moment(moment),
            Plain::Reference(id) => {
                Self::Reference(::uuid::Uuid::try_parse(&id).map_err(|_| PlainError::Reference)?)
            }
            Plain::TimeCode(place) => Self::TimeCode(place.parse()?),
            Plain::Missing(reason) => Self::Missing(reason),
        })
    }
}

pub mod uuid {
    //! Lower case with hyphens.
    use serde::{Deserialize, Deserializer, Serializer};
    use uuid::Uuid;

    pub fn serialize<S: Serializer>(id: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id.as_hyphenated())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uuid, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Uuid::try_parse(&text).map_err(serde::de::Error::custom)
    }
}
