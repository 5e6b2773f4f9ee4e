//! How a value stands in a document: scalar strings for codes, days, measurements and references; prose is an
//! Automerge text and is not here. A reason for a missing value is bytes, which nothing else is, so that no typed
//! text can be taken for one.

use super::{Decimal, MissingReason, Value};
use crate::{
    template::{Field, FieldType},
    time::{Moment, UnixMillis},
};
use automerge::ScalarValue;
use uuid::Uuid;

/// The scalar for a value.
pub(crate) fn to_scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Text(text) | Value::Code(text) => ScalarValue::Str(text.as_str().into()),
        Value::Quantity { amount, unit } => ScalarValue::Str(format!("{amount} {unit}").into()),
        Value::Integer(number) => ScalarValue::Int(*number),
        Value::Boolean(yes) => ScalarValue::Boolean(*yes),
        Value::Date(date) => ScalarValue::Str(date.to_string().into()),
        Value::Moment(moment) => ScalarValue::Str(moment_text(*moment).into()),
        Value::Reference(id) => ScalarValue::Str(id.as_hyphenated().to_string().into()),
        Value::TimeCode(place) => ScalarValue::Str(place.to_string().into()),
        Value::Missing(reason) => ScalarValue::Bytes(reason.name().as_bytes().to_vec()),
    }
}

/// `1795439100000 60`: milliseconds and minutes east of UTC.
fn moment_text(moment: Moment) -> String {
    format!("{} {}", moment.at.0, moment.offset_minutes)
}

fn moment_from(text: &str) -> Option<Moment> {
    let (millis, offset) = text.split_once(' ')?;
    let moment = Moment {
        at: UnixMillis(millis.parse().ok()?),
        offset_minutes: offset.parse().ok()?,
    };
    (moment_text(moment) == text).then_some(moment)
}

/// The value a scalar stands for in this field; `None` when it breaks the template.
pub(crate) fn from_scalar(field: &Field, scalar: &ScalarValue) -> Option<Value> {
    let value = match (scalar, &field.field_type) {
        (ScalarValue::Bytes(bytes), _) => Value::Missing(missing_from(bytes)?),
        (
            ScalarValue::Str(text),
            FieldType::Text { .. } | FieldType::Line { .. } | FieldType::Cpr,
        ) => Value::Text(text.to_string()),
        (ScalarValue::Str(text), FieldType::Code { .. }) => Value::Code(text.to_string()),
        (ScalarValue::Str(text), FieldType::Quantity { .. } | FieldType::Measure) => {
            let (amount, unit) = text.split_once(' ')?;
            let amount: Decimal = amount.parse().ok()?;
            Value::Quantity {
                amount,
                unit: unit.to_owned(),
            }
        }
        (ScalarValue::Str(text), FieldType::Date) => Value::Date(text.parse().ok()?),
        (ScalarValue::Str(text), FieldType::Moment) => Value::Moment(moment_from(text)?),
        (ScalarValue::Str(text), FieldType::Reference | FieldType::Item { .. }) => {
            Value::Reference(Uuid::try_parse(text).ok()?)
        }
        (ScalarValue::Str(text), FieldType::TimeCode) => Value::TimeCode(text.parse().ok()?),
        (ScalarValue::Int(number), FieldType::Integer { .. }) => Value::Integer(*number),
        (ScalarValue::Boolean(yes), FieldType::Boolean) => Value::Boolean(*yes),
        _ => return None,
    };
    value.check(field).ok()?;
    // One form for one value: what is written differently would read as equal and still be in conflict.
    (to_scalar(&value) == *scalar).then_some(value)
}

/// The value of a scalar in a field that the template does not know.
pub(crate) fn from_unknown(scalar: &ScalarValue) -> Option<Value> {
    match scalar {
        ScalarValue::Str(text) => Some(Value::Text(text.to_string())),
        ScalarValue::Int(number) => Some(Value::Integer(*number)),
        ScalarValue::Uint(number) => i64::try_from(*number).ok().map(Value::Integer),
        ScalarValue::Boolean(yes) => Some(Value::Boolean(*yes)),
        ScalarValue::Bytes(bytes) => missing_from(bytes).map(Value::Missing),
        _ => None,
    }
}

fn missing_from(bytes: &[u8]) -> Option<MissingReason> {
    MissingReason::ALL
        .into_iter()
        .find(|reason| reason.name().as_bytes() == bytes)
}

/// A scalar as a person may look at it when it means nothing here.
pub(crate) fn raw(scalar: &ScalarValue) -> String {
    match scalar {
        ScalarValue::Str(text) => text.to_string(),
        ScalarValue::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        other => other.to_string(),
    }
}
