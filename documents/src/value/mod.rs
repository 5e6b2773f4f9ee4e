//! A field's value: what is kept, what a person types for it, what a person is shown.
//!
//! `check` is the one rule for what a field may hold: authoring refuses what breaks it, reading marks it.

mod decimal;
mod display;
mod input;
pub(crate) mod stored;
pub(crate) mod text_forms;

pub use decimal::{Decimal, DecimalError};
pub use input::InputError;

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
        /// One of the field's units.
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
    /// Another case, document or practitioner.
    Reference(Uuid),
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
            | (Self::Reference(_), FieldType::Reference) => Ok(()),
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
