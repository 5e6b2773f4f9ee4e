//! What a person types, in Danish or English, made into a value.

use super::{Decimal, MissingReason, TimeCode, Value, measure};
use crate::{
    template::{Code, Field, FieldType, Language},
    time::{Moment, UnixMillis},
};
use jiff::civil::{Date, DateTime, Time};
use uuid::Uuid;

/// A value that a field may not hold. Names the field and what is allowed, never what was typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The field holds another kind of value.
    #[error("{field}: expected {expected}")]
    WrongType {
        /// The field.
        field: String,
        /// What it holds.
        expected: &'static str,
    },
    /// Not one of the field's codes.
    #[error("{field}: not one of its codes; allowed: {allowed}")]
    UnknownCode {
        /// The field.
        field: String,
        /// Its codes' displays.
        allowed: String,
    },
    /// Not one of the field's units, or none where there are several.
    #[error("{field}: not one of its units; allowed: {allowed}")]
    UnknownUnit {
        /// The field.
        field: String,
        /// Its units with their limits.
        allowed: String,
    },
    /// A number that cannot be true.
    #[error("{field}: impossible; allowed: {allowed}")]
    Impossible {
        /// The field.
        field: String,
        /// Its limits.
        allowed: String,
    },
    /// More characters than the field takes.
    #[error("{field}: at most {chars_max} characters")]
    TooLong {
        /// The field.
        field: String,
        /// The most it takes.
        chars_max: usize,
    },
    /// Not a CPR number.
    #[error("{field}: expected DDMMYY-XXXX with a real date")]
    NotCpr {
        /// The field.
        field: String,
    },
}

impl Value {
    /// What a person typed for this field. Taken: a code, its name or its label; numbers with decimal comma
    /// (Danish) or point (English), thousands grouped by the other; `23.11.2026` or `2026-11-23`; `23.11.2026 14.05`
    /// with an optional `+01:00` (Danish time without one); `4 dage`; `12:30` in a recording; `ja`, `nej`, `yes`, `no`; a missing reason by its name
    /// or label where the field takes one.
    ///
    /// # Errors
    /// `InputError` names the field and what is allowed, never the text typed.
    pub fn parse(field: &Field, text: &str, language: Language) -> Result<Self, InputError> {
        let trimmed = text.trim();
        if let Some(reason) = field.missing.then(|| missing_reason(trimmed)).flatten() {
            return Ok(Self::Missing(reason));
        }
        let wrong = || InputError::WrongType {
            field: field.name.clone(),
            expected: field.field_type.expects(),
        };
        let value = match &field.field_type {
            FieldType::Text { .. } => Self::Text(text.to_owned()),
            FieldType::Line { .. } => Self::Text(trimmed.to_owned()),
            FieldType::Cpr => match crate::cpr::Cpr::parse(trimmed) {
                Ok(cpr) => Self::Text(cpr.as_str().to_owned()),
                Err(_) => {
                    return Err(InputError::NotCpr {
                        field: field.name.clone(),
                    });
                }
            },
            FieldType::Code { codes, .. } => find_code(codes, trimmed)
                .map(|code| Self::Code(code.code.clone()))
                .ok_or_else(|| InputError::UnknownCode {
                    field: field.name.clone(),
                    allowed: field.codes_allowed(),
                })?,
            FieldType::Quantity { .. } => quantity(field, trimmed, language)?,
            FieldType::Measure => {
                let (number, unit) = parted(trimmed);
                let amount = number_in(number, language).ok_or_else(wrong)?;
                measure::of(amount, unit).ok_or_else(wrong)?
            }
            FieldType::Integer { .. } => Self::Integer(trimmed.parse().map_err(|_| wrong())?),
            FieldType::Boolean => Self::Boolean(boolean(trimmed).ok_or_else(wrong)?),
            FieldType::Date => Self::Date(date(trimmed).ok_or_else(wrong)?),
            FieldType::Moment => Self::Moment(moment(trimmed).ok_or_else(wrong)?),
            FieldType::TimeCode => Self::TimeCode(TimeCode::typed(trimmed).map_err(|_| wrong())?),
            FieldType::Reference | FieldType::Item { .. } => {
                Self::Reference(Uuid::try_parse(trimmed).map_err(|_| wrong())?)
            }
            FieldType::Items { .. } => return Err(wrong()),
        };
        value.check(field)?;
        Ok(value)
    }
}

/// A reason by its name or its label in either language.
fn missing_reason(text: &str) -> Option<MissingReason> {
    let lower = text.to_lowercase();
    MissingReason::ALL.into_iter().find(|reason| {
        lower == reason.name()
            || lower == reason.label(Language::Danish)
            || lower == reason.label(Language::English)
    })
}

/// A code by itself, its name or its label in either language; case does not matter.
fn find_code<'a>(codes: &'a [Code], text: &str) -> Option<&'a Code> {
    let lower = text.to_lowercase();
    codes.iter().find(|code| {
        code.code == text
            || code.name.as_deref() == Some(text)
            || code.labels.da.to_lowercase() == lower
            || code.labels.en.to_lowercase() == lower
    })
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "ja" | "yes" | "true" => Some(true),
        "nej" | "no" | "false" => Some(false),
        _ => None,
    }
}

/// A number, and what stands behind it.
fn parted(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-')))
        .unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn quantity(field: &Field, text: &str, language: Language) -> Result<Value, InputError> {
    let (number, unit) = parted(text);
    let wrong = || InputError::WrongType {
        field: field.name.clone(),
        expected: field.field_type.expects(),
    };
    let amount = number_in(number, language).ok_or_else(wrong)?;
    let FieldType::Quantity { units } = &field.field_type else {
        return Err(wrong());
    };
    let unit = match (unit.trim(), units.as_slice()) {
        ("", [only]) => only.unit.clone(),
        (typed, _) => typed.to_owned(),
    };
    Ok(Value::Quantity { amount, unit })
}

/// `3.450`, `10,5` (Danish); `3,450`, `10.5` (English). A separator that cannot group thousands is taken as the
/// decimal one, so that `10.5` typed on a Danish keyboard is not lost.
fn number_in(text: &str, language: Language) -> Option<Decimal> {
    let (decimal, group) = match language {
        Language::Danish => (',', '.'),
        Language::English => ('.', ','),
    };
    let plain = match (
        groups_thousands(text, decimal, group),
        text.contains(decimal),
        text.matches(group).count(),
    ) {
        (true, _, _) => text.replace(group, "").replace(decimal, "."),
        (false, _, 0) => text.replace(decimal, "."),
        (false, false, 1) => text.replace(group, "."),
        _ => return None,
    };
    plain.parse().ok()
}

/// Whether every group separator stands before exactly three digits of the whole part.
fn groups_thousands(text: &str, decimal: char, group: char) -> bool {
    let whole = text.split(decimal).next().unwrap_or(text);
    let mut groups = whole.trim_start_matches('-').split(group);
    let first = groups.next().map_or(0, str::len);
    whole.contains(group) && (1..=3).contains(&first) && groups.all(|digits| digits.len() == 3)
}

fn date(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse::<Date>() {
        return (text.len() == 10).then_some(date);
    }
    let mut parts = text.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A day, a time of day, and the offset: given, or Danish time's.
fn moment(text: &str) -> Option<Moment> {
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return Some(Moment {
            at: UnixMillis(timestamp.as_millisecond()),
            offset_minutes: offset_in(text)?,
        });
    }
    let text = text.replace(" kl. ", " ").replace('T', " ");
    let (day, clock) = text.split_once(' ')?;
    let (hour, minute) = clock.trim().split_once(['.', ':'])?;
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    let zone = super::display::danish_time()?;
    let zoned = DateTime::from_parts(date(day)?, time)
        .to_zoned_datetime(zone)
        .ok()?;
    let offset_minutes = i16::try_from(zoned.offset().seconds() / 60).ok()?;
    Some(Moment {
        at: UnixMillis(zoned.timestamp().as_millisecond()),
        offset_minutes,
    })
}

/// The offset at the end of an RFC 3339 time, in minutes.
fn offset_in(text: &str) -> Option<i16> {
    if text.ends_with(['Z', 'z']) {
        return Some(0);
    }
    let tail = text.get(text.len().checked_sub(6)?..)?;
    let sign = match tail.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, minutes) = tail.get(1..)?.split_once(':')?;
    Some(sign * (hours.parse::<i16>().ok()? * 60 + minutes.parse::<i16>().ok()?))
}

#[cfg(test)]
mod tests;
