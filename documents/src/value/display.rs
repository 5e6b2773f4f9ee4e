//! What a person is shown: decimal comma, days as `23.11.2026`, codes by their label.

use super::{Decimal, MissingReason, Value};
use crate::{
    template::{Field, FieldType, Language},
    time::Moment,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::sync::OnceLock;

/// Times are shown in this zone.
const ZONE: &str = "Europe/Copenhagen";

/// Danish time. `None` only when the zone is not in the bundled table.
pub(super) fn danish_time() -> Option<TimeZone> {
    static DANISH: OnceLock<Option<TimeZone>> = OnceLock::new();
    DANISH.get_or_init(|| TimeZone::get(ZONE).ok()).clone()
}

impl MissingReason {
    /// What a person reads, lower case.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::NotDone, Language::Danish) => "ikke udført",
            (Self::NotDone, Language::English) => "not done",
            (Self::NotYetWritten, Language::Danish) => "endnu ikke noteret",
            (Self::NotYetWritten, Language::English) => "not yet written",
            (Self::Declined, Language::Danish) => "fravalgt af familien",
            (Self::Declined, Language::English) => "declined by the family",
            (Self::Unknown, Language::Danish) => "ukendt",
            (Self::Unknown, Language::English) => "unknown",
        }
    }
}

impl Decimal {
    /// `3.450` and `10,5` in Danish, `3,450` and `10.5` in English.
    #[must_use]
    pub fn display(self, language: Language) -> String {
        let (point, group) = match language {
            Language::Danish => (',', '.'),
            Language::English => ('.', ','),
        };
        let (negative, whole, fraction) = self.parts();
        let mut shown = String::from(if negative { "-" } else { "" });
        for (position, digit) in whole.chars().enumerate() {
            if position > 0 && (whole.len() - position) % 3 == 0 {
                shown.push(group);
            }
            shown.push(digit);
        }
        if !fraction.is_empty() {
            shown.push(point);
            shown.push_str(&fraction);
        }
        shown
    }
}

impl Value {
    /// What a person reads. A code that the field does not know is shown as it stands.
    #[must_use]
    pub fn display(&self, field: &Field, language: Language) -> String {
        match (self, &field.field_type) {
            (Self::Code(code), FieldType::Code { codes, .. }) => {
                codes.iter().find(|known| known.code == *code).map_or_else(
                    || code.clone(),
                    |known| known.labels.get(language).to_owned(),
                )
            }
            _ => self.display_plain(language),
        }
    }

    /// What a person reads where the field is not known: codes stand as they are.
    #[must_use]
    pub fn display_plain(&self, language: Language) -> String {
        match self {
            Self::Text(text) | Self::Code(text) => text.clone(),
            Self::Quantity { amount, unit } => format!("{} {unit}", amount.display(language)),
            Self::Integer(number) => number.to_string(),
            Self::Boolean(yes) => match (yes, language) {
                (true, Language::Danish) => "ja",
                (false, Language::Danish) => "nej",
                (true, Language::English) => "yes",
                (false, Language::English) => "no",
            }
            .to_owned(),
            Self::Date(date) => date_shown(*date),
            Self::Moment(moment) => moment_shown(*moment, language),
            Self::Reference(id) => id.as_hyphenated().to_string(),
            Self::TimeCode(place) => place.display(),
            Self::Missing(reason) => reason.label(language).to_owned(),
        }
    }
}

/// `23.11.2026`.
#[must_use]
pub fn date_shown(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}

/// `23.11.2026 kl. 14.05`, in Danish time.
#[must_use]
pub fn moment_shown(moment: Moment, language: Language) -> String {
    let shown = Timestamp::from_millisecond(moment.at.0)
        .ok()
        .zip(danish_time())
        .map(|(instant, zone)| {
            let local = instant.to_zoned_datetime(zone);
            let day = date_shown(local.date());
            match language {
                Language::Danish => format!("{day} kl. {:02}.{:02}", local.hour(), local.minute()),
                Language::English => format!("{day} {:02}:{:02}", local.hour(), local.minute()),
            }
        });
    shown.unwrap_or_else(|| moment.at.0.to_string())
}

impl Moment {
    /// The day that people read for it: in Danish time. None outside the calendar.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        let instant = Timestamp::from_millisecond(self.at.0).ok()?;
        Some(instant.to_zoned_datetime(danish_time()?).date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::UnixMillis;

    #[test]
    fn the_day_of_a_moment_is_the_one_that_is_shown() {
        let day = |millis| {
            let at = UnixMillis(millis);
            let moment = Moment {
                at,
                offset_minutes: 0,
            };
            (
                moment.day().map(date_shown),
                moment_shown(moment, Language::Danish),
            )
        };
        // 2026-06-30T22:30Z is half past midnight on the first of July.
        let (read, shown) = day(1_782_858_600_000);
        assert_eq!(read.as_deref(), Some("01.07.2026"));
        assert_eq!(shown, "01.07.2026 kl. 00.30");
        assert_eq!(day(i64::MAX).0, None);
    }

    #[test]
    fn numbers_are_grouped_and_pointed_by_language() {
        for (text, danish, english) in [
            ("3450", "3.450", "3,450"),
            ("450", "450", "450"),
            ("10.5", "10,5", "10.5"),
            ("-1234567.25", "-1.234.567,25", "-1,234,567.25"),
        ] {
            let number: Decimal = text.parse().unwrap();
            assert_eq!(number.display(Language::Danish), danish);
            assert_eq!(number.display(Language::English), english);
        }
    }

    #[test]
    fn days_and_times_read_as_danes_write_them() {
        assert_eq!(date_shown(jiff::civil::date(2026, 11, 3)), "03.11.2026");
        // 2026-11-23T13:05:00Z; Denmark is at UTC+1 in November.
        let moment = Moment {
            at: UnixMillis(1_795_439_100_000),
            offset_minutes: 0,
        };
        assert_eq!(
            moment_shown(moment, Language::Danish),
            "23.11.2026 kl. 14.05"
        );
        assert_eq!(moment_shown(moment, Language::English), "23.11.2026 14:05");
    }
}
