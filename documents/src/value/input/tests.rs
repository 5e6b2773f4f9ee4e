//! What people type, as tables.

use super::*;
use crate::template::Templates;

fn parsed(
    template: &str,
    field: &str,
    text: &str,
    language: Language,
) -> Result<Value, InputError> {
    let template = Templates::built_in().latest(template).unwrap();
    Value::parse(template.field(field).unwrap(), text, language)
}

fn quantity_of(amount: &str, unit: &str) -> Value {
    Value::Quantity {
        amount: amount.parse().unwrap(),
        unit: unit.to_owned(),
    }
}

#[test]
fn a_measurement_is_read_by_the_language_it_is_typed_in() {
    for (text, language, amount, unit) in [
        ("3.450 g", Language::Danish, "3450", "g"),
        ("3450 g", Language::Danish, "3450", "g"),
        ("3450g", Language::Danish, "3450", "g"),
        ("10,5 kg", Language::Danish, "10.5", "kg"),
        ("10.5 kg", Language::Danish, "10.5", "kg"),
        ("3,450 g", Language::English, "3450", "g"),
        ("10.5 kg", Language::English, "10.5", "kg"),
        ("10,5 kg", Language::English, "10.5", "kg"),
    ] {
        assert_eq!(
            parsed("home_visit", "weight", text, language),
            Ok(quantity_of(amount, unit)),
            "{text}"
        );
    }
    assert_eq!(
        parsed("home_visit", "height", "51,5", Language::Danish),
        Ok(quantity_of("51.5", "cm"))
    );
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_is_allowed() {
    use Language::Danish;
    assert!(matches!(
        parsed("home_visit", "weight", "3450", Danish),
        Err(InputError::UnknownUnit { .. })
    ));
    assert!(matches!(
        parsed("home_visit", "weight", "3.450 kg", Danish),
        Err(InputError::Impossible { .. })
    ));
    assert!(matches!(
        parsed("home_visit", "weight", "1.2.3 kg", Danish),
        Err(InputError::WrongType { .. })
    ));
    assert!(matches!(
        parsed("home_visit", "weight", "tung", Danish),
        Err(InputError::WrongType { .. })
    ));
    assert!(matches!(
        parsed("home_visit", "sleep", "sover", Danish),
        Err(InputError::UnknownCode { .. })
    ));
    assert!(matches!(
        parsed("card", "birth_date", "31.02.2026", Danish),
        Err(InputError::WrongType { .. })
    ));
    assert!(matches!(
        parsed("card", "cpr", "310226-1234", Danish),
        Err(InputError::NotCpr { .. })
    ));
}

#[test]
fn a_refusal_never_repeats_what_was_typed() {
    for (template, field) in [
        ("home_visit", "weight"),
        ("home_visit", "sleep"),
        ("card", "birth_date"),
        ("card", "cpr"),
    ] {
        let error = parsed(template, field, "Needle-Sørensen", Language::Danish).unwrap_err();
        assert!(!error.to_string().contains("Needle"), "{error}");
        assert!(error.to_string().contains(field), "{error}");
    }
}

#[test]
fn a_code_is_taken_by_code_name_or_label() {
    for text in [
        "b07eec60-941d-484d-8c2a-aeaa2ba798bf",
        "Søvn med normale variationer",
        "søvn MED normale variationer",
    ] {
        let code = Value::Code("b07eec60-941d-484d-8c2a-aeaa2ba798bf".to_owned());
        assert_eq!(
            parsed("home_visit", "sleep", text, Language::Danish),
            Ok(code)
        );
    }
    let visit = Value::Code("58ff370b-a775-4bec-b24a-91604e0a5fe7".to_owned());
    assert_eq!(
        parsed("home_visit", "visit_type", "months_4_6", Language::Danish),
        Ok(visit)
    );
}

#[test]
fn days_times_answers_and_reasons() {
    use Language::{Danish, English};
    let day = Value::Date(jiff::civil::date(2026, 11, 23));
    assert_eq!(
        parsed("card", "birth_date", "23.11.2026", Danish),
        Ok(day.clone())
    );
    assert_eq!(parsed("card", "birth_date", "2026-11-23", English), Ok(day));
    assert_eq!(
        parsed("card", "interpreter", "ja", Danish),
        Ok(Value::Boolean(true))
    );
    assert_eq!(
        parsed("card", "interpreter", "no", English),
        Ok(Value::Boolean(false))
    );
    assert_eq!(
        parsed("home_visit", "weight", "ikke udført", Danish),
        Ok(Value::Missing(MissingReason::NotDone))
    );
    assert_eq!(
        parsed("home_visit", "weight", "declined", English),
        Ok(Value::Missing(MissingReason::Declined))
    );
    let at = |at, offset_minutes| {
        Some(Moment {
            at: UnixMillis(at),
            offset_minutes,
        })
    };
    assert_eq!(
        moment("2026-11-23T14:05:00+01:00"),
        at(1_795_439_100_000, 60)
    );
    assert_eq!(moment("23.11.2026 14.05"), at(1_795_439_100_000, 60));
    assert_eq!(moment("23.11.2026 kl. 14.05"), at(1_795_439_100_000, 60));
    assert_eq!(moment("2026-11-23T13:05:00Z"), at(1_795_439_100_000, 0));
    assert_eq!(moment("i går"), None);
}
