//! A measured number: exact, small, without floating point.

use std::{cmp::Ordering, fmt, str::FromStr};

/// Most digits after the point.
const SCALE_MAX: u8 = 6;
/// Most digits in all.
const DIGITS_MAX: usize = 15;

/// An exact decimal number of at most 15 digits, 6 of them after the point. Trailing zeros are not kept.
/// As text: `-12.5`, always with a point; how it is shown to people is the display's business.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    units: i64,
    scale: u8,
}

/// A text that is not a number of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number of at most 15 digits, 6 of them after the point")]
pub struct DecimalError;

impl Decimal {
    /// A whole number.
    #[must_use]
    pub const fn whole(units: i64) -> Self {
        Self { units, scale: 0 }
    }

    /// `units` / 10^`scale`.
    ///
    /// # Errors
    /// `DecimalError` when it has too many digits.
    pub fn new(units: i64, scale: u8) -> Result<Self, DecimalError> {
        if scale > SCALE_MAX || units.unsigned_abs() >= 10_u64.pow(15) {
            return Err(DecimalError);
        }
        let (mut units, mut scale) = (units, scale);
        while scale > 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        Ok(Self { units, scale })
    }

    /// Digits after the point.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Sign, digits before the point, digits after it.
    #[must_use]
    pub fn parts(self) -> (bool, String, String) {
        let power = 10_u64.pow(u32::from(self.scale));
        let (whole, rest) = (
            self.units.unsigned_abs() / power,
            self.units.unsigned_abs() % power,
        );
        let fraction = if self.scale == 0 {
            String::new()
        } else {
            format!("{rest:0width$}", width = usize::from(self.scale))
        };
        (self.units < 0, whole.to_string(), fraction)
    }

    fn scaled(self) -> i128 {
        i128::from(self.units) * 10_i128.pow(u32::from(SCALE_MAX - self.scale))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.scaled().cmp(&other.scaled())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (negative, whole, fraction) = self.parts();
        let sign = if negative { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let empty_fraction = digits.contains('.') && fraction.is_empty();
        let length = whole.len() + fraction.len();
        if whole.is_empty()
            || empty_fraction
            || length > DIGITS_MAX
            || !all_digits(whole)
            || !all_digits(fraction)
        {
            return Err(DecimalError);
        }
        let scale = u8::try_from(fraction.len()).map_err(|_| DecimalError)?;
        let units: i64 = format!("{whole}{fraction}")
            .parse()
            .map_err(|_| DecimalError)?;
        Self::new(if negative { -units } else { units }, scale)
    }
}

impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_and_compare_by_size() {
        for (text, back) in [
            ("3450", "3450"),
            ("10.50", "10.5"),
            ("-0.5", "-0.5"),
            ("007", "7"),
            ("0.0", "0"),
        ] {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), back, "{text}");
        }
        assert!("3.45".parse::<Decimal>().unwrap() < "10".parse().unwrap());
        assert!("-3".parse::<Decimal>().unwrap() < "-2.99".parse().unwrap());
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in [
            "",
            "-",
            "1.",
            ".5",
            "1,5",
            "1e3",
            "１",
            "1234567890123456",
            "0.1234567",
            "--1",
            "1.2.3",
        ] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError), "{text}");
        }
    }
}
