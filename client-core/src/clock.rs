//! Clocks are handed in: one for what is written into the record, one for tokens and retries.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use samspor_documents::time::{Moment, UnixMillis};
use std::ops::Range;

/// Tells the time. A device has two: the one it writes by may be scripted (and is never trusted alone),
/// the one for tokens is the machine's.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> UnixMillis;
    /// How many minutes east of UTC a person here is now: 60 in a Danish winter, 120 in summer.
    fn offset_minutes(&self) -> i16;

    /// Now, as a person writes it down.
    fn moment(&self) -> Moment {
        Moment {
            at: self.now(),
            offset_minutes: self.offset_minutes(),
        }
    }
}

/// The machine's clock, with Danish local time.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// Where times are shown and written.
const ZONE: &str = "Europe/Copenhagen";

impl Clock for SystemClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(Timestamp::now().as_millisecond())
    }

    fn offset_minutes(&self) -> i16 {
        let seconds =
            TimeZone::get(ZONE).map_or(0, |zone| zone.to_offset(Timestamp::now()).seconds());
        i16::try_from(seconds / 60).unwrap_or(0)
    }
}

/// The Danish day of a time, from its midnight to the next.
pub(crate) fn day_of(at: UnixMillis) -> Range<UnixMillis> {
    days(at, 0, 1)
}

/// The Danish week of a time, from the midnight before Monday to the one after Sunday.
pub(crate) fn week_of(at: UnixMillis) -> Range<UnixMillis> {
    let past = date_of(at).map_or(0, |date| date.weekday().to_monday_zero_offset());
    days(at, i64::from(past), 7)
}

/// The Danish midnight that a day begins with; the end of all days where a calendar has none.
pub(crate) fn begins(day: Date) -> UnixMillis {
    let midnight = day.to_zoned_datetime(zone()).ok();
    midnight.map_or(UnixMillis(i64::MAX), |at| {
        UnixMillis(at.timestamp().as_millisecond())
    })
}

fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

/// The Danish day of a time; none outside the calendar.
pub(crate) fn date_of(at: UnixMillis) -> Option<Date> {
    let at = Timestamp::from_millisecond(at.0).ok()?;
    Some(at.to_zoned_datetime(zone()).date())
}

/// So many days from the midnight that lies `back` days before this time's own; nothing beyond what a calendar holds.
fn days(at: UnixMillis, back: i64, count: i64) -> Range<UnixMillis> {
    let midnight = |days: i64| {
        let day = date_of(at)?.checked_add(days.days()).ok()?;
        let begins = day.to_zoned_datetime(zone()).ok()?.timestamp();
        Some(UnixMillis(begins.as_millisecond()))
    };
    match (midnight(-back), midnight(count - back)) {
        (Some(from), Some(until)) => from..until,
        _ => at..at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UnixMillis {
        let at: Timestamp = text.parse().expect("a time");
        UnixMillis(at.as_millisecond())
    }

    #[test]
    fn days_and_weeks_are_danish_ones_also_when_the_clocks_change() {
        // The last Sunday of March has 23 hours, that of October 25.
        let cases = [
            (
                "2026-11-23T12:00:00Z",
                "2026-11-22T23:00:00Z",
                "2026-11-23T23:00:00Z",
            ),
            (
                "2026-11-22T23:30:00Z",
                "2026-11-22T23:00:00Z",
                "2026-11-23T23:00:00Z",
            ),
            (
                "2026-03-29T12:00:00Z",
                "2026-03-28T23:00:00Z",
                "2026-03-29T22:00:00Z",
            ),
            (
                "2026-10-25T12:00:00Z",
                "2026-10-24T22:00:00Z",
                "2026-10-25T23:00:00Z",
            ),
        ];
        for (now, from, until) in cases {
            assert_eq!(day_of(at(now)), at(from)..at(until), "{now}");
        }
        let week = at("2026-10-18T22:00:00Z")..at("2026-10-25T23:00:00Z");
        for now in ["2026-10-18T22:00:00Z", "2026-10-25T22:59:00Z"] {
            assert_eq!(week_of(at(now)), week, "{now}");
        }
    }

    #[test]
    fn the_machines_clock_tells_danish_time() {
        let moment = SystemClock.moment();
        assert!(moment.at.0 > 1_700_000_000_000);
        assert!([60, 120].contains(&moment.offset_minutes));
    }
}
