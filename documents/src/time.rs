//! Times: Unix milliseconds in UTC, with the writer's own offset where a person reads them.
//! Nothing here reads a clock.

use jiff::{ToSpan as _, civil::Date};
use serde::{Deserialize, Serialize};

const DAY_ZERO: Date = Date::constant(1970, 1, 1);

/// A day as a column keeps it: whole days since 1970-01-01.
#[must_use]
pub fn day_number(day: Date) -> i64 {
    i64::from(crate::growth::days_between(DAY_ZERO, day))
}

/// A day from its column; none where it is beyond a calendar.
#[must_use]
pub fn day_of_number(days: i64) -> Option<Date> {
    let days = i32::try_from(days).ok()?;
    DAY_ZERO.checked_add(days.days()).ok()
}

/// Milliseconds since 1970-01-01T00:00:00Z. Negative before it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct UnixMillis(#[n(0)] pub i64);

impl UnixMillis {
    /// This time and so many milliseconds more; at the ends of the range it stays there.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// How many milliseconds lie between `earlier` and this; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A time as a person wrote it down: the instant, and their clock's offset from UTC then.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
pub struct Moment {
    /// The instant.
    #[n(0)]
    pub at: UnixMillis,
    /// Minutes east of UTC: 60 in a Danish winter, 120 in summer.
    #[n(1)]
    pub offset_minutes: i16,
}

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// How late something was written: the whole days between when it occurred and when it was written, where that is more
/// than one day; none otherwise.
#[must_use]
pub const fn days_late(occurred: UnixMillis, written: UnixMillis) -> Option<i64> {
    let after = written.since(occurred);
    if after > DAY_MILLIS {
        Some(after / DAY_MILLIS)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_more_than_a_day_after_it_occurred_is_late_by_whole_days() {
        let rows = [
            (0, None),
            (-3 * DAY_MILLIS, None),
            (DAY_MILLIS, None),
            (DAY_MILLIS + 1, Some(1)),
            (2 * DAY_MILLIS - 1, Some(1)),
            (6 * DAY_MILLIS + 5, Some(6)),
        ];
        for (after, expected) in rows {
            let occurred = UnixMillis(1_000);
            assert_eq!(
                days_late(occurred, occurred.plus(after)),
                expected,
                "{after}"
            );
        }
    }
}
