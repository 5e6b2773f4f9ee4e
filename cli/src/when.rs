//! When something happened, as a person types it: ISO 8601 or Danish, in Danish time unless it names an
//! offset; and how a time is shown.

use crate::{
    args::Lang,
    exit::Exit,
    failure::Failure,
    words::{self, W},
};
use jiff::{
    Timestamp, ToSpan as _, ZonedDateTime,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};
use samspor_documents::time::{Moment, UnixMillis};

/// The zone that times are typed and shown in.
pub const ZONE: &str = "Europe/Copenhagen";

/// Danish time; UTC in a build without its table.
pub fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

/// The moment of a text. Accepted: `2026-11-23T10:30`, with seconds, `Z` or an offset; `2026-11-23 10:30`;
/// `23.11.2026 10.30`, `23/11-2026 kl. 10:30`; `i dag 10.30`, `i går 14:00`, `i morgen 9.15`, `today`, `yesterday`, `tomorrow`;
/// `10:30` alone is today. A repeated hour in autumn is its first; an hour that spring skips is refused.
///
/// # Errors
/// `bad_time`, with the forms in its sentence.
pub fn parse(text: &str, now: UnixMillis) -> Result<Moment, Failure> {
    let bad = || Failure::new(Exit::Input, "bad_time", W::BAD_TIME);
    let text = text.trim();
    if let Some(moment) = with_offset(text) {
        return Ok(moment);
    }
    let now = stamp(now).to_zoned_datetime(zone());
    let civil = civil(text, &now).ok_or_else(bad)?;
    let ambiguous = zone().to_ambiguous_timestamp(civil);
    if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        return Err(Failure::new(Exit::Input, "bad_time", W::SKIPPED_HOUR));
    }
    let zoned = ambiguous
        .earlier()
        .map_err(|_| bad())?
        .to_zoned_datetime(zone());
    Ok(moment(&zoned))
}

/// Where a period begins or ends: a time as [`parse`] takes it, or a day, which counts whole. What ends a period is not
/// in it any more.
///
/// # Errors
/// `bad_time`, with the forms in its sentence.
pub fn bound(text: &str, now: UnixMillis, is_end: bool) -> Result<UnixMillis, Failure> {
    let today = stamp(now).to_zoned_datetime(zone());
    let Some(day) = date(text.trim(), &today) else {
        return Ok(parse(text, now)?.at);
    };
    let day = if is_end { day.tomorrow() } else { Ok(day) };
    let begins = day.and_then(|day| {
        let midnight = day.to_datetime(Time::midnight());
        zone().to_ambiguous_timestamp(midnight).earlier()
    });
    let begins = begins.map_err(|_| Failure::new(Exit::Input, "bad_time", W::BAD_TIME))?;
    Ok(UnixMillis(begins.as_millisecond()))
}

fn stamp(at: UnixMillis) -> Timestamp {
    Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn moment(zoned: &ZonedDateTime) -> Moment {
    Moment {
        at: UnixMillis(zoned.timestamp().as_millisecond()),
        offset_minutes: i16::try_from(zoned.offset().seconds() / 60).unwrap_or(0),
    }
}

/// A time of the timeline's own clock as a moment in Danish time.
pub fn local(at: UnixMillis) -> Moment {
    moment(&stamp(at).to_zoned_datetime(zone()))
}

fn with_offset(text: &str) -> Option<Moment> {
    let pieces = jiff::fmt::temporal::DateTimeParser::new()
        .parse_pieces(text)
        .ok()?;
    let time = pieces.time()?;
    let offset = match pieces.offset()? {
        jiff::fmt::temporal::PiecesOffset::Numeric(numeric) => numeric.offset(),
        _ => zone().to_offset(text.parse::<Timestamp>().ok()?),
    };
    let stamp = text.parse::<Timestamp>().ok().or_else(|| {
        offset
            .to_timestamp(DateTime::from_parts(pieces.date(), time))
            .ok()
    })?;
    Some(Moment {
        at: UnixMillis(stamp.as_millisecond()),
        offset_minutes: i16::try_from(offset.seconds() / 60).ok()?,
    })
}

fn civil(text: &str, now: &ZonedDateTime) -> Option<DateTime> {
    if let Some(time) = clock(text) {
        return Some(DateTime::from_parts(now.date(), time));
    }
    let text = text.replacen('T', " ", 1);
    let (day, time) = text.trim().rsplit_once(char::is_whitespace)?;
    let day = day
        .trim()
        .trim_end_matches("kl.")
        .trim_end_matches("kl")
        .trim();
    Some(DateTime::from_parts(date(day, now)?, clock(time)?))
}

fn clock(text: &str) -> Option<Time> {
    let mut parts = text.split([':', '.']);
    let hour = number(parts.next()?, 2)?;
    let minute = parts.next().filter(|part| part.len() == 2)?;
    let second = parts.next().map_or(Some(0), |part| number(part, 2))?;
    if parts.next().is_some() {
        return None;
    }
    let whole = |value: i32| i8::try_from(value).ok();
    Time::new(whole(hour)?, whole(number(minute, 2)?)?, whole(second)?, 0).ok()
}

fn date(text: &str, now: &ZonedDateTime) -> Option<Date> {
    match text.to_lowercase().as_str() {
        "i dag" | "idag" | "today" => return Some(now.date()),
        "i går" | "igår" | "yesterday" => return now.date().checked_sub(1.day()).ok(),
        "i morgen" | "imorgen" | "tomorrow" => return now.date().checked_add(1.day()).ok(),
        _ => {}
    }
    if let Ok(date) = text.parse::<Date>() {
        return (text.len() == 10).then_some(date);
    }
    let mut parts = text.split(['.', '/', '-']).filter(|part| !part.is_empty());
    let day = i8::try_from(number(parts.next()?, 2)?).ok()?;
    let month = i8::try_from(number(parts.next()?, 2)?).ok()?;
    let year = parts.next().filter(|part| part.len() == 4)?;
    let year = i16::try_from(number(year, 4)?).ok()?;
    parts
        .next()
        .is_none()
        .then(|| Date::new(year, month, day).ok())?
}

fn number(text: &str, digits_max: usize) -> Option<i32> {
    let plain =
        !text.is_empty() && text.len() <= digits_max && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// `23. nov. 2026 kl. 10.30`, `23 Nov 2026 10:30`: in Danish time.
pub fn show(lang: Lang, at: UnixMillis) -> String {
    let local = stamp(at).to_zoned_datetime(zone());
    let day = day(lang, local.date());
    let (hour, minute) = (local.hour(), local.minute());
    match lang {
        Lang::Da => format!("{day} kl. {hour:02}.{minute:02}"),
        Lang::En => format!("{day} {hour:02}:{minute:02}"),
    }
}

fn day(lang: Lang, date: Date) -> String {
    let month = usize::try_from(date.month()).unwrap_or(1);
    let month = words::months(lang).get(month - 1).copied().unwrap_or("");
    let (day, year) = (date.day(), date.year());
    match lang {
        Lang::Da => format!("{day}. {month} {year}"),
        Lang::En => format!("{day} {month} {year}"),
    }
}

/// A day as it stands in a table: `23.11.2026`.
pub fn short_day(lang: Lang, day: Date) -> String {
    match lang {
        Lang::Da => day.strftime("%d.%m.%Y").to_string(),
        Lang::En => day.to_string(),
    }
}

/// The day that begins in UTC at this moment, as people read it.
pub fn show_day(lang: Lang, at: UnixMillis) -> String {
    day(lang, stamp(at).to_zoned_datetime(TimeZone::UTC).date())
}

/// The same as `2026-11-23`, for JSON.
pub fn iso_day(at: UnixMillis) -> String {
    stamp(at)
        .to_zoned_datetime(TimeZone::UTC)
        .date()
        .to_string()
}

/// RFC 3339 with the writer's offset, for JSON.
pub fn iso(moment: Moment) -> String {
    let offset = jiff::tz::Offset::from_seconds(i32::from(moment.offset_minutes) * 60)
        .unwrap_or(jiff::tz::Offset::UTC);
    stamp(moment.at).display_with_offset(offset).to_string()
}

/// RFC 3339 in Danish time, for JSON.
pub fn iso_local(at: UnixMillis) -> String {
    iso(local(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-11-23T12:00:00Z
    const NOW: UnixMillis = UnixMillis(1_795_435_200_000);

    #[test]
    fn a_time_reads_in_every_documented_form() {
        let cases = [
            ("2026-11-23T10:30", "2026-11-23T10:30:00+01:00"),
            ("2026-11-23T10:30:15", "2026-11-23T10:30:15+01:00"),
            ("2026-11-23T10:30Z", "2026-11-23T11:30:00+01:00"),
            ("2026-11-23T10:30+02:00", "2026-11-23T10:30:00+02:00"),
            ("2026-11-23 10:30", "2026-11-23T10:30:00+01:00"),
            ("2026-07-01 10:30", "2026-07-01T10:30:00+02:00"),
            ("23.11.2026 10.30", "2026-11-23T10:30:00+01:00"),
            ("3.2.2026 kl. 9.05", "2026-02-03T09:05:00+01:00"),
            ("23/11-2026 kl. 10:30", "2026-11-23T10:30:00+01:00"),
            ("23-11-2026 10:30", "2026-11-23T10:30:00+01:00"),
            ("10:30", "2026-11-23T10:30:00+01:00"),
            ("i dag 10.30", "2026-11-23T10:30:00+01:00"),
            ("i går kl. 14:00", "2026-11-22T14:00:00+01:00"),
            ("yesterday 14:00", "2026-11-22T14:00:00+01:00"),
            ("2026-10-25 02:30", "2026-10-25T02:30:00+02:00"),
        ];
        for (text, expected) in cases {
            let moment = parse(text, NOW).unwrap_or_else(|_| panic!("{text} is a time"));
            assert_eq!(iso(moment), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_time_with_hour_and_minute_is_refused() {
        for text in [
            "",
            "i morges",
            "2026-11-23",
            "23.11.2026",
            "2026-13-01 10:00",
            "31.11.2026 10:00",
            "25:00",
            "10:60",
            "23.11.26 10:00",
            "2026-11-23T10",
            "10:3",
            "2026-03-29 02:30",
            "æøå 10:30",
            "1 2 3",
        ] {
            let failure = parse(text, NOW).expect_err(text);
            assert_eq!(
                (failure.code, failure.exit),
                ("bad_time", Exit::Input),
                "{text}"
            );
        }
    }

    #[test]
    fn a_time_is_shown_in_danish_time_in_both_languages() {
        assert_eq!(show(Lang::Da, NOW), "23. nov. 2026 kl. 13.00");
        assert_eq!(show(Lang::En, NOW), "23 Nov 2026 13:00");
        assert_eq!(iso_local(NOW), "2026-11-23T13:00:00+01:00");
    }
}
