//! Days, times and ages as people read them, in Danish time.

use super::language::Language;
use jiff::{Timestamp, ToSpan as _, Unit, ZonedDateTime, civil::Date, tz::TimeZone};
use samspor_documents::time::UnixMillis;
use std::sync::OnceLock;

const DANISH_MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
];
const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DANISH_SHORT: [&str; 12] = [
    "jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec.",
];
const ENGLISH_SHORT: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DANISH_DAYS: [&str; 7] = [
    "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag",
];
const ENGLISH_DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Where times are shown: the bundled table has it; without it UTC, which is never off by more than two hours.
fn zone() -> TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| TimeZone::get("Europe/Copenhagen").unwrap_or(TimeZone::UTC))
        .clone()
}

/// A time in Denmark; none when it lies beyond what a calendar holds.
#[must_use]
pub fn local(at: UnixMillis) -> Option<ZonedDateTime> {
    let at = Timestamp::from_millisecond(at.0).ok()?;
    Some(at.to_zoned_datetime(zone()))
}

/// The Danish midnight that a day begins with; the end of all days where a calendar has none.
#[must_use]
pub fn begins(day: Date) -> UnixMillis {
    let midnight = day.to_zoned_datetime(zone()).ok();
    midnight.map_or(UnixMillis(i64::MAX), |at| {
        UnixMillis(at.timestamp().as_millisecond())
    })
}

fn dated(date: Date, months: &[&str; 12], language: Language) -> String {
    let point = match language {
        Language::Danish => ".",
        Language::English => "",
    };
    let index = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1);
    let month = months.get(index).copied().unwrap_or_default();
    format!("{}{point} {month} {}", date.day(), date.year())
}

/// `23. november 2026`, `23 November 2026`.
#[must_use]
pub fn day(date: Date, language: Language) -> String {
    let months = match language {
        Language::Danish => &DANISH_MONTHS,
        Language::English => &ENGLISH_MONTHS,
    };
    dated(date, months, language)
}

/// The day that begins in UTC at this moment, as [`day`].
#[must_use]
pub fn day_in_utc(at: UnixMillis, language: Language) -> String {
    let begins = Timestamp::from_millisecond(at.0).map(|at| at.to_zoned_datetime(TimeZone::UTC));
    begins.map_or_else(|_| String::new(), |begins| day(begins.date(), language))
}

/// `23. nov. 2026`, `23 Nov 2026`.
#[must_use]
pub fn short_day(date: Date, language: Language) -> String {
    let months = match language {
        Language::Danish => &DANISH_SHORT,
        Language::English => &ENGLISH_SHORT,
    };
    dated(date, months, language)
}

/// `mandag 23. november 2026`.
#[must_use]
pub fn weekday(date: Date, language: Language) -> String {
    let days = match language {
        Language::Danish => &DANISH_DAYS,
        Language::English => &ENGLISH_DAYS,
    };
    let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    let name = days.get(index).copied().unwrap_or_default();
    format!("{name} {}", day(date, language))
}

/// `14.05`, `14:05`.
fn clock(at: &ZonedDateTime, language: Language) -> String {
    let point = match language {
        Language::Danish => '.',
        Language::English => ':',
    };
    format!("{:02}{point}{:02}", at.hour(), at.minute())
}

/// `23. nov. 2026 kl. 14.05`, `23 Nov 2026, 14:05`.
#[must_use]
pub fn moment(at: UnixMillis, language: Language) -> String {
    let Some(at) = local(at) else {
        return String::new();
    };
    let between = match language {
        Language::Danish => " kl. ",
        Language::English => ", ",
    };
    format!(
        "{}{between}{}",
        short_day(at.date(), language),
        clock(&at, language)
    )
}

/// A time beside another: only the hour where the day is the same.
#[must_use]
pub fn moment_beside(at: UnixMillis, beside: Option<UnixMillis>, language: Language) -> String {
    let same_day = beside.and_then(local).zip(local(at));
    match same_day {
        Some((beside, at)) if beside.date() == at.date() => match language {
            Language::Danish => format!("kl. {}", clock(&at, language)),
            Language::English => clock(&at, language),
        },
        _ => moment(at, language),
    }
}

/// `Skrevet 6 dage efter`, `Written 6 days after`.
#[must_use]
pub fn written_late(days: i64, language: Language) -> String {
    match (language, days) {
        (Language::Danish, 1) => "Skrevet 1 dag efter".to_owned(),
        (Language::Danish, _) => format!("Skrevet {days} dage efter"),
        (Language::English, 1) => "Written 1 day after".to_owned(),
        (Language::English, _) => format!("Written {days} days after"),
    }
}

/// A time near now: `i dag kl. 14.05`, `i går kl. 14.05`, else as `moment`.
#[must_use]
pub fn recent(at: UnixMillis, now: UnixMillis, language: Language) -> String {
    let (Some(then), Some(today)) = (local(at), local(now)) else {
        return String::new();
    };
    let t = language.texts();
    let yesterday = today.date().saturating_sub(1.day());
    let word = if then.date() == today.date() {
        t.today
    } else if then.date() == yesterday {
        t.yesterday
    } else {
        return moment(at, language);
    };
    match language {
        Language::Danish => format!("{word} kl. {}", clock(&then, language)),
        Language::English => format!("{word}, {}", clock(&then, language)),
    }
}

/// The machine's form for a `<time>`: the instant in UTC.
#[must_use]
pub fn machine(at: UnixMillis) -> String {
    Timestamp::from_millisecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}

fn counted(number: i32, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// How old a child is, as health visitors say it: days in the first two weeks, weeks up to three months, months up
/// to two years, then years. Empty before birth.
#[must_use]
pub fn age(born: Date, today: Date, language: Language) -> String {
    let Ok(days) = today.since((Unit::Day, born)) else {
        return String::new();
    };
    let Ok(span) = today.since((Unit::Year, born)) else {
        return String::new();
    };
    let months = i32::from(span.get_years())
        .saturating_mul(12)
        .saturating_add(span.get_months());
    let days = days.get_days();
    let danish = language == Language::Danish;
    match (days, months) {
        (..0, _) => String::new(),
        (0..14, _) if danish => counted(days, "dag", "dage"),
        (0..14, _) => counted(days, "day", "days"),
        (_, ..3) if danish => counted(days / 7, "uge", "uger"),
        (_, ..3) => counted(days / 7, "week", "weeks"),
        (_, ..24) if danish => counted(months, "måned", "måneder"),
        (_, ..24) => counted(months, "month", "months"),
        _ if danish => format!("{} år", months / 12),
        _ => counted(months / 12, "year", "years"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    // 2026-11-23T13:05:00Z; Denmark is at UTC+1 in November.
    const AT: UnixMillis = UnixMillis(1_795_439_100_000);
    const HOUR: i64 = 3_600_000;

    #[test]
    fn times_read_as_danes_write_them_winter_and_summer() {
        assert_eq!(moment(AT, Language::Danish), "23. nov. 2026 kl. 14.05");
        assert_eq!(moment(AT, Language::English), "23 Nov 2026, 14:05");
        // 2026-07-01T22:30:00Z is the next day in Danish summer time.
        let summer = UnixMillis(1_782_945_000_000);
        assert_eq!(moment(summer, Language::Danish), "2. jul. 2026 kl. 00.30");
        assert_eq!(
            weekday(date(2026, 11, 23), Language::Danish),
            "mandag 23. november 2026"
        );
    }

    #[test]
    fn a_time_on_the_same_day_is_only_its_hour() {
        let later = AT.plus(HOUR);
        assert_eq!(
            moment_beside(later, Some(AT), Language::Danish),
            "kl. 15.05"
        );
        assert_eq!(
            moment_beside(AT.plus(24 * HOUR), Some(AT), Language::Danish),
            "24. nov. 2026 kl. 14.05"
        );
        assert_eq!(
            moment_beside(AT, None, Language::English),
            "23 Nov 2026, 14:05"
        );
    }

    #[test]
    fn today_and_yesterday_are_said_so() {
        assert_eq!(recent(AT, AT, Language::Danish), "i dag kl. 14.05");
        let next_day = AT.plus(20 * HOUR);
        assert_eq!(recent(AT, next_day, Language::Danish), "i går kl. 14.05");
        assert_eq!(recent(AT, next_day, Language::English), "yesterday, 14:05");
        let next_week = AT.plus(7 * 24 * HOUR);
        assert_eq!(
            recent(AT, next_week, Language::Danish),
            "23. nov. 2026 kl. 14.05"
        );
    }

    #[test]
    fn ages_are_counted_as_health_visitors_count() {
        let today = date(2026, 11, 23);
        let rows = [
            (date(2026, 11, 24), ""),
            (date(2026, 11, 23), "0 dage"),
            (date(2026, 11, 22), "1 dag"),
            (date(2026, 11, 10), "13 dage"),
            (date(2026, 11, 9), "2 uger"),
            (date(2026, 8, 24), "13 uger"),
            (date(2026, 8, 23), "3 måneder"),
            (date(2024, 11, 24), "23 måneder"),
            (date(2024, 11, 23), "2 år"),
            (date(2016, 12, 1), "9 år"),
        ];
        for (born, expected) in rows {
            assert_eq!(age(born, today, Language::Danish), expected, "{born}");
        }
        assert_eq!(
            age(date(2025, 11, 1), today, Language::English),
            "12 months"
        );
    }

    #[test]
    fn a_time_beyond_the_calendar_is_left_out() {
        assert_eq!(moment(UnixMillis(i64::MAX), Language::Danish), "");
        assert_eq!(machine(UnixMillis(i64::MIN)), "");
    }
}
