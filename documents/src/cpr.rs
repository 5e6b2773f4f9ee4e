//! CPR numbers: form and date are checked, modulus 11 never (it has not held since 2007).

use std::fmt;

/// A CPR number, `DDMMYY-XXXX`. Its `Debug` shows no digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpr(String);

/// A text that is not a CPR number. It does not repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a CPR number: expected DDMMYY-XXXX with a real date")]
pub struct CprError;

impl Cpr {
    /// From `DDMMYY-XXXX` or ten digits.
    ///
    /// # Errors
    /// `CprError` when the form is another or the day does not exist in that century.
    pub fn parse(text: &str) -> Result<Self, CprError> {
        let text = text.trim();
        let digits: String = match text.split_once('-') {
            Some((date, serial)) if date.len() == 6 && serial.len() == 4 => {
                format!("{date}{serial}")
            }
            Some(_) => return Err(CprError),
            None => text.to_owned(),
        };
        if digits.len() != 10 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CprError);
        }
        let number = |from: usize| {
            digits
                .get(from..from + 2)
                .and_then(|two| two.parse::<i8>().ok())
                .ok_or(CprError)
        };
        let seventh = digits
            .get(6..7)
            .and_then(|one| one.parse::<u8>().ok())
            .ok_or(CprError)?;
        let (day, month, year) = (number(0)?, number(2)?, number(4)?);
        jiff::civil::Date::new(full_year(year, seventh), month, day).map_err(|_| CprError)?;
        let (date, serial) = digits.split_at_checked(6).ok_or(CprError)?;
        Ok(Self(format!("{date}-{serial}")))
    }

    /// `DDMMYY-XXXX`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cpr(……)")
    }
}

/// The century by the seventh digit, as the CPR office's description of the number has it.
const fn full_year(two_digits: i8, seventh: u8) -> i16 {
    let year = two_digits as i16;
    match (seventh, year) {
        (4 | 9, 0..=36) | (5..=8, 0..=57) => 2000 + year,
        (5..=8, _) => 1800 + year,
        _ => 1900 + year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_and_date_are_checked_and_modulus_11_is_not() {
        for (name, text, holds) in [
            ("with hyphen", "230126-4001", true),
            ("ten digits", "2301264001", true),
            ("fails modulus 11", "010124-5000", true),
            ("leap day of 2024", "290224-4123", true),
            ("leap day of 2023", "290223-4123", false),
            ("day 0", "000124-4000", false),
            ("month 13", "011324-4000", false),
            ("letters", "01012A-4000", false),
            ("too short", "010124-400", false),
            ("hyphen elsewhere", "0101-244000", false),
            ("other digits", "０10124-400", false),
        ] {
            assert_eq!(Cpr::parse(text).is_ok(), holds, "{name}");
        }
        assert_eq!(Cpr::parse("2301264001").unwrap().as_str(), "230126-4001");
    }

    #[test]
    fn debug_shows_no_digit() {
        let shown = format!("{:?}", Cpr::parse("230126-4001").unwrap());
        assert!(!shown.bytes().any(|byte| byte.is_ascii_digit()));
    }
}
