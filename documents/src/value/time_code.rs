//! A place in a recording: hours, minutes and seconds from its beginning.

use std::{fmt, str::FromStr};

/// Most hours of a recording.
const HOURS_MAX: u32 = 99;

/// A place in a recording, to the second. As text `0:12:30`; people read and type `12:30`, or `12.30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeCode {
    seconds: u32,
}

/// A text that is no place in a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a recording as in 12:30 or 1:02:30")]
pub struct TimeCodeError;

impl TimeCode {
    /// So many seconds from the beginning.
    ///
    /// # Errors
    /// `TimeCodeError` from 100 hours on.
    pub const fn new(seconds: u32) -> Result<Self, TimeCodeError> {
        if seconds >= (HOURS_MAX + 1) * 3_600 {
            return Err(TimeCodeError);
        }
        Ok(Self { seconds })
    }

    const fn parts(self) -> (u32, u32, u32) {
        (
            self.seconds / 3_600,
            self.seconds / 60 % 60,
            self.seconds % 60,
        )
    }

    /// `12:30`, and `1:02:30` from an hour on.
    #[must_use]
    pub fn display(self) -> String {
        match self.parts() {
            (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
            _ => self.to_string(),
        }
    }

    /// What a person typed: minutes and seconds, with hours before them where there are any, parted by `:` or `.`.
    pub(super) fn typed(text: &str) -> Result<Self, TimeCodeError> {
        let plain = text.replace('.', ":");
        match plain.matches(':').count() {
            1 => format!("0:{plain}").parse(),
            _ => plain.parse(),
        }
    }
}

impl fmt::Display for TimeCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = self.parts();
        write!(formatter, "{hours}:{minutes:02}:{seconds:02}")
    }
}

impl FromStr for TimeCode {
    type Err = TimeCodeError;

    fn from_str(text: &str) -> Result<Self, TimeCodeError> {
        let mut parts = text.split(':');
        let mut part = |most: u32| -> Result<u32, TimeCodeError> {
            let digits = parts.next().ok_or(TimeCodeError)?;
            let plain =
                (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            let number: u32 = digits.parse().map_err(|_| TimeCodeError)?;
            if plain && number <= most {
                Ok(number)
            } else {
                Err(TimeCodeError)
            }
        };
        let (hours, minutes, seconds) = (part(HOURS_MAX)?, part(59)?, part(59)?);
        if parts.next().is_some() {
            return Err(TimeCodeError);
        }
        Self::new(hours * 3_600 + minutes * 60 + seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_typed_kept_and_shown() {
        for (typed, kept, shown) in [
            ("12:30", "0:12:30", "12:30"),
            ("12.30", "0:12:30", "12:30"),
            ("0:05", "0:00:05", "0:05"),
            ("1:02:03", "1:02:03", "1:02:03"),
            ("99.59.59", "99:59:59", "99:59:59"),
        ] {
            let place = TimeCode::typed(typed).unwrap();
            assert_eq!(
                (place.to_string().as_str(), place.display().as_str()),
                (kept, shown)
            );
            assert_eq!(TimeCode::typed(shown), Ok(place));
            assert_eq!(kept.parse(), Ok(place));
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in [
            "",
            "12",
            "12:60",
            "60:00",
            "1:2:3:4",
            "-1:00",
            "1:000",
            "100:00:00",
            "１:00",
            "12:",
        ] {
            assert_eq!(TimeCode::typed(text), Err(TimeCodeError), "{text}");
        }
        assert_eq!(TimeCode::new(360_000), Err(TimeCodeError));
    }
}
