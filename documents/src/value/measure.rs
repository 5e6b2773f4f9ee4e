//! A number in whatever unit is typed: days of attendance, pages read, a mark that somebody made up themselves.

use super::{Decimal, Value};

/// Most characters of a unit.
const UNIT_CHARS_MAX: usize = 60;

/// Whether something can be counted in this: one line, not empty, no blanks around or twice within.
pub(super) fn is_unit(unit: &str) -> bool {
    let tidy = unit.split_whitespace().collect::<Vec<_>>().join(" ");
    let starts_right =
        !unit.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'));
    !unit.is_empty() && tidy == unit && unit.chars().count() <= UNIT_CHARS_MAX && starts_right
}

/// So much of this; none where nothing can be counted in it.
pub(super) fn of(amount: Decimal, unit: &str) -> Option<Value> {
    let unit = unit.split_whitespace().collect::<Vec<_>>().join(" ");
    is_unit(&unit).then_some(Value::Quantity { amount, unit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        template::{Field, FieldType, Labels, Language, MergeRule},
        value::stored,
    };

    fn field() -> Field {
        Field {
            name: "measure".to_owned(),
            labels: Labels {
                da: "Mål".to_owned(),
                en: "Measure".to_owned(),
            },
            field_type: FieldType::Measure,
            merge: MergeRule::KeepAll,
            missing: false,
            fixed: false,
        }
    }

    #[test]
    fn a_measure_is_typed_kept_and_shown_with_its_own_unit() {
        for (typed, language, shown) in [
            ("4 dage", Language::Danish, "4 dage"),
            ("4,5  dage om  ugen", Language::Danish, "4,5 dage om ugen"),
            ("1,200 pages", Language::English, "1,200 pages"),
            ("80%", Language::Danish, "80 %"),
            ("-2 point", Language::Danish, "-2 point"),
        ] {
            let value = Value::parse(&field(), typed, language).unwrap();
            assert_eq!(value.display(&field(), language), shown);
            assert_eq!(Value::parse(&field(), shown, language), Ok(value.clone()));
            let scalar = stored::to_scalar(&value);
            assert_eq!(stored::from_scalar(&field(), &scalar), Some(value));
        }
    }

    #[test]
    fn a_number_without_a_unit_or_a_unit_without_a_number_is_refused() {
        let long = format!("4 {}", "d".repeat(61));
        for typed in ["4", "dage", "", "4 5", &long] {
            assert!(
                Value::parse(&field(), typed, Language::Danish).is_err(),
                "{typed}"
            );
        }
        for unit in ["", " dage", "to\nlinjer", "5 dage"] {
            let value = Value::Quantity {
                amount: Decimal::whole(4),
                unit: unit.to_owned(),
            };
            assert!(value.check(&field()).is_err(), "{unit:?}");
        }
    }
}
