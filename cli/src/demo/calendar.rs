//! The demo's time: ten weekdays that end before today, eight to sixteen in Copenhagen.

use jiff::{Timestamp, ToSpan as _, civil, tz::TimeZone};
use samspor_documents::time::{Moment, UnixMillis};

/// Weekdays in the script.
pub const DAYS: usize = 10;
/// Minutes from midnight at which work begins and ends.
const WORK_BEGINS: i64 = 8 * 60;
const WORK_ENDS: i64 = 16 * 60;

/// The two working weeks before a day.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    days: Vec<civil::Date>,
}

impl Calendar {
    /// The last two whole weeks, Monday to Friday, that ended before `today`.
    ///
    /// # Errors
    /// When the time-zone data lacks Copenhagen or the year is at the end of time.
    pub fn before(today: civil::Date) -> Result<Self, jiff::Error> {
        let zone = TimeZone::get("Europe/Copenhagen")?;
        let monday =
            today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days())?;
        let mut days = Vec::with_capacity(DAYS);
        for week in [14, 7] {
            for day in 0..5 {
                days.push(monday.checked_sub((week - day).days())?);
            }
        }
        Ok(Self { zone, days })
    }

    /// The two weeks before now.
    pub fn before_now() -> Result<Self, jiff::Error> {
        Self::before(
            TimeZone::get("Europe/Copenhagen")?
                .to_datetime(Timestamp::now())
                .date(),
        )
    }

    /// A weekday of the script. Days beyond the last are the last.
    pub fn day(&self, day: usize) -> civil::Date {
        self.days
            .get(day)
            .or(self.days.last())
            .copied()
            .unwrap_or_default()
    }

    /// The last day.
    pub fn last_day(&self) -> civil::Date {
        self.day(DAYS)
    }

    /// The moment so many minutes after work begins on a day; never after it ends.
    pub fn moment(&self, day: usize, minutes: i64) -> Moment {
        self.moment_of(self.day(day), minutes)
    }

    /// The same on the Friday before the script begins, when the cases are opened.
    pub fn preparation(&self, minutes: i64) -> Moment {
        let friday = self.day(0).checked_sub(3.days()).unwrap_or_default();
        self.moment_of(friday, minutes)
    }

    fn moment_of(&self, date: civil::Date, minutes: i64) -> Moment {
        let minute = (WORK_BEGINS + minutes).clamp(WORK_BEGINS, WORK_ENDS);
        let hour = i8::try_from(minute / 60).unwrap_or(8);
        let time = civil::time(hour, i8::try_from(minute % 60).unwrap_or(0), 0, 0);
        let Ok(stamp) = self.zone.to_timestamp(date.to_datetime(time)) else {
            return Moment {
                at: UnixMillis(0),
                offset_minutes: 60,
            };
        };
        let seconds = self.zone.to_offset(stamp).seconds();
        Moment {
            at: UnixMillis(stamp.as_millisecond()),
            offset_minutes: i16::try_from(seconds / 60).unwrap_or(60),
        }
    }
}

/// Minutes of a working day.
pub const WORK_MINUTES: i64 = WORK_ENDS - WORK_BEGINS;

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Weekday, date};

    #[test]
    fn the_two_weeks_end_on_the_friday_before_and_are_written_in_danish_time() {
        for today in [date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 25)] {
            let calendar = Calendar::before(today).unwrap();
            assert_eq!(calendar.day(0), date(2026, 11, 9));
            assert_eq!(calendar.last_day(), date(2026, 11, 20));
            assert_eq!(calendar.last_day().weekday(), Weekday::Friday);
        }
        let winter = Calendar::before(date(2026, 11, 23)).unwrap().moment(0, 15);
        assert_eq!(
            winter,
            Moment {
                at: UnixMillis(1_794_208_500_000),
                offset_minutes: 60
            }
        );
        let summer = Calendar::before(date(2026, 7, 1)).unwrap().moment(0, 0);
        assert_eq!(summer.offset_minutes, 120);
    }

    #[test]
    fn nobody_works_after_four() {
        let calendar = Calendar::before(date(2026, 11, 23)).unwrap();
        assert_eq!(calendar.moment(3, 10_000), calendar.moment(3, WORK_MINUTES));
    }
}
