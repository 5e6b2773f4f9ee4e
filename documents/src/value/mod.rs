//! A field's value: what is kept, what a person types for it, what a person is shown.
//!
//! `check` is the one rule for what a field may hold: authoring refuses what breaks it, reading marks it.

mod decimal;
mod display;
mod input;
mod measure;
pub(crate) mod stored;
pub(crate) mod text_forms;
mod time_code;

pub use decimal::{Decimal, DecimalError};
pub use input::InputError;
pub use time_code::{TimeCode, TimeCodeError};

use crate::{
    cpr::Cpr,
    template::{Field, FieldType},
    time::Moment,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a value that should be there is not. It is a value itself: "not done" is documented, not forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

impl MissingReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [
        Self::NotDone,
        Self::NotYetWritten,
        Self::Declined,
        Self::Unknown,
    ];

    /// Its name in documents, files and at the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotDone => "not_done",
            Self::NotYetWritten => "not_yet_written",
            Self::Declined => "declined",
            Self::Unknown => "unknown",
        }
    }
}

/// One value of one field. As JSON: `{"type": "quantity", "value": {"amount": "3450", "unit": "g"}}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "text_forms::Plain", into = "text_forms::Plain")]
pub enum Value {
    /// Prose, a line, or a CPR number.
    Text(String),
    /// One of the field's codes.
    Code(String),
    /// A measurement with the unit it was typed in.
    Quantity {
        /// How much.
        amount: Decimal,
        /// One of the field's units; of a measure, any.
        unit: String,
    },
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
    /// A day.
    Date(jiff::civil::Date),
    /// A time with its offset.
    Moment(Moment),
    /// Another case, document or practitioner, or one of the document's items.
    Reference(Uuid),
    /// A place in a recording.
    TimeCode(TimeCode),
    /// Why there is no value.
    Missing(MissingReason),
}

/// A value that may be true and is unusual: shown, never refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Outside what is usual for the measurement.
    Unusual {
        /// The least that is usual, in the value's unit.
        least: Decimal,
        /// The most that is usual, in the value's unit.
        most: Decimal,
    },
    /// More digits after the point than the measurement is delivered with.
    Decimals {
        /// How many it is delivered with.
        most: u8,
    },
}

impl Value {
    /// Whether this field may hold this value.
    ///
    /// # Errors
    /// `InputError` names the field and what is allowed, never the value.
    pub fn check(&self, field: &Field) -> Result<(), InputError> {
        let name = || field.name.clone();
        match (self, &field.field_type) {
            (Self::Missing(_), _) if field.missing => Ok(()),
            (Self::Text(text), FieldType::Text { chars_max } | FieldType::Line { chars_max }) => {
                if text.chars().count() > *chars_max {
                    return Err(InputError::TooLong {
                        field: name(),
                        chars_max: *chars_max,
                    });
                }
                if matches!(field.field_type, FieldType::Line { .. }) && text.contains(['\n', '\r'])
                {
                    return Err(InputError::WrongType {
                        field: name(),
                        expected: "one line",
                    });
                }
                Ok(())
            }
            (Self::Text(text), FieldType::Cpr) => match Cpr::parse(text) {
                Ok(_) => Ok(()),
                Err(_) => Err(InputError::NotCpr { field: name() }),
            },
            (Self::Code(code), FieldType::Code { codes, .. }) => {
                if codes.iter().any(|known| known.code == *code) {
                    return Ok(());
                }
                Err(InputError::UnknownCode {
                    field: name(),
                    allowed: field.codes_allowed(),
                })
            }
            (Self::Quantity { amount, unit }, FieldType::Quantity { units }) => {
                let Some(limits) = units.iter().find(|known| known.unit == *unit) else {
                    return Err(InputError::UnknownUnit {
                        field: name(),
                        allowed: field.units_allowed(),
                    });
                };
                if *amount < limits.least || *amount > limits.most {
                    return Err(InputError::Impossible {
                        field: name(),
                        allowed: field.units_allowed(),
                    });
                }
                Ok(())
            }
            (Self::Integer(number), FieldType::Integer { least, most }) => {
                if number < least || number > most {
                    let allowed = format!("{least} – {most}");
                    return Err(InputError::Impossible {
                        field: name(),
                        allowed,
                    });
                }
                Ok(())
            }
            (Self::Boolean(_), FieldType::Boolean)
            | (Self::Date(_), FieldType::Date)
            | (Self::Moment(_), FieldType::Moment)
            | (Self::Reference(_), FieldType::Reference | FieldType::Item { .. })
            | (Self::TimeCode(_), FieldType::TimeCode) => Ok(()),
            (Self::Quantity { unit, .. }, FieldType::Measure) if measure::is_unit(unit) => Ok(()),
            _ => Err(InputError::WrongType {
                field: name(),
                expected: field.field_type.expects(),
            }),
        }
    }

    /// What is worth a second look. Nothing here is refused: a true value may be unusual.
    #[must_use]
    pub fn warnings(&self, field: &Field) -> Vec<Warning> {
        let (Self::Quantity { amount, unit }, FieldType::Quantity { units }) =
            (self, &field.field_type)
        else {
            return Vec::new();
        };
        let Some(limits) = units.iter().find(|known| known.unit == *unit) else {
            return Vec::new();
        };
        let mut warnings = Vec::new();
        if *amount < limits.usual_least || *amount > limits.usual_most {
            warnings.push(Warning::Unusual {
                least: limits.usual_least,
                most: limits.usual_most,
            });
        }
        if amount.scale() > limits.decimals {
            warnings.push(Warning::Decimals {
                most: limits.decimals,
            });
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        template::{Language, Templates},
        time::UnixMillis,
    };

    fn field(template: &str, name: &str) -> &'static Field {
        Templates::built_in()
            .latest(template)
            .unwrap()
            .field(name)
            .unwrap()
    }

    fn quantity(amount: &str, unit: &str) -> Value {
        Value::Quantity {
            amount: amount.parse().unwrap(),
            unit: unit.to_owned(),
        }
    }

    #[test]
    fn a_true_value_is_never_refused_only_warned_of() {
        let weight = field("home_visit", "weight");
        assert!(quantity("3450", "g").warnings(weight).is_empty());
        for (value, warnings) in [
            (quantity("620", "g"), 1),
            (quantity("3450.5", "g"), 1),
            (quantity("130.25", "kg"), 2),
        ] {
            assert_eq!(value.check(weight), Ok(()));
            assert_eq!(value.warnings(weight).len(), warnings, "{value:?}");
        }
        assert!(quantity("3", "g").check(weight).is_err());
    }

    #[test]
    fn values_are_tagged_in_json_and_read_back() {
        let moment = Moment {
            at: UnixMillis(1_795_439_100_000),
            offset_minutes: 60,
        };
        let cases = [
            (
                Value::Text("Æ".to_owned()),
                r#"{"type":"text","value":"Æ"}"#,
            ),
            (
                Value::Code("HH".to_owned()),
                r#"{"type":"code","value":"HH"}"#,
            ),
            (
                quantity("51.5", "cm"),
                r#"{"type":"quantity","value":{"amount":"51.5","unit":"cm"}}"#,
            ),
            (Value::Integer(-3), r#"{"type":"integer","value":-3}"#),
            (Value::Boolean(true), r#"{"type":"boolean","value":true}"#),
            (
                Value::Date(jiff::civil::date(2026, 11, 23)),
                r#"{"type":"date","value":"2026-11-23"}"#,
            ),
            (
                Value::Moment(moment),
                r#"{"type":"moment","value":{"at":1795439100000,"offset_minutes":60}}"#,
            ),
            (
                Value::Reference(Uuid::from_u128(10)),
                r#"{"type":"reference","value":"00000000-0000-0000-0000-00000000000a"}"#,
            ),
            (
                Value::TimeCode(TimeCode::new(750).unwrap()),
                r#"{"type":"time_code","value":"0:12:30"}"#,
            ),
            (
                Value::Missing(MissingReason::NotYetWritten),
                r#"{"type":"missing","value":"not_yet_written"}"#,
            ),
        ];
        for (value, json) in cases {
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(serde_json::from_str::<Value>(json).unwrap(), value);
        }
        assert!(serde_json::from_str::<Value>(r#"{"type":"date","value":"2026-02-30"}"#).is_err());
    }

    #[test]
    fn values_are_shown_as_danes_and_as_others_read_them() {
        let shown = |value: &Value, template, name, language| {
            value.display(field(template, name), language)
        };
        let weight = quantity("3450", "g");
        assert_eq!(
            shown(&weight, "home_visit", "weight", Language::Danish),
            "3.450 g"
        );
        assert_eq!(
            shown(&weight, "home_visit", "weight", Language::English),
            "3,450 g"
        );
        let sleep = Value::Code("c25b5cda-3f6b-4ef7-998d-c22c58c6dd18".to_owned());
        assert_eq!(
            shown(&sleep, "home_visit", "sleep", Language::Danish),
            "Udfordring med søvn"
        );
        assert_eq!(
            shown(&sleep, "home_visit", "sleep", Language::English),
            "Challenge with sleep"
        );
        let declined = Value::Missing(MissingReason::Declined);
        assert_eq!(
            shown(&declined, "home_visit", "weight", Language::Danish),
            "fravalgt af familien"
        );
        let born = Value::Date(jiff::civil::date(2026, 1, 3));
        assert_eq!(
            shown(&born, "card", "birth_date", Language::Danish),
            "03.01.2026"
        );
    }

    /// What a person reads for a value may be typed again and means the same.
    #[test]
    fn what_is_shown_can_be_typed() {
        let cases = [
            ("home_visit", "weight", quantity("3450", "g")),
            ("home_visit", "weight", quantity("10.5", "kg")),
            ("home_visit", "height", quantity("51.5", "cm")),
            ("card", "interpreter", Value::Boolean(true)),
            (
                "card",
                "birth_date",
                Value::Date(jiff::civil::date(2026, 1, 3)),
            ),
            (
                "home_visit",
                "weight",
                Value::Missing(MissingReason::NotDone),
            ),
            (
                "home_visit",
                "hearing",
                Value::Code("9628db65-7460-4ecc-bbb1-48c0ac4b3f02".to_owned()),
            ),
        ];
        for (template, name, value) in cases {
            for language in [Language::Danish, Language::English] {
                let field = field(template, name);
                assert_eq!(
                    Value::parse(field, &value.display(field, language), language),
                    Ok(value.clone())
                );
            }
        }
    }

    #[test]
    fn every_value_stands_in_a_document_and_is_read_back_by_its_field() {
        let moment = Moment {
            at: UnixMillis(-5),
            offset_minutes: -30,
        };
        let occurred = crate::template::occurred_at();
        let cases = [
            (
                field("card", "name"),
                Value::Text("missing:unknown".to_owned()),
            ),
            (field("home_visit", "weight"), quantity("10.5", "kg")),
            (
                field("home_visit", "weight"),
                Value::Missing(MissingReason::Unknown),
            ),
            (
                field("card", "birth_date"),
                Value::Date(jiff::civil::date(2026, 1, 3)),
            ),
            (field("card", "interpreter"), Value::Boolean(false)),
            (occurred, Value::Moment(moment)),
        ];
        for (field, value) in cases {
            assert_eq!(
                stored::from_scalar(field, &stored::to_scalar(&value)),
                Some(value)
            );
        }
        for (field, other_form) in [
            (occurred, "+5 60"),
            (field("home_visit", "weight"), "3450.0 g"),
            (field("card", "birth_date"), "20260103"),
        ] {
            let scalar = automerge::ScalarValue::Str(other_form.into());
            assert_eq!(
                stored::from_scalar(field, &scalar),
                None,
                "one form for one value"
            );
        }
    }
}
