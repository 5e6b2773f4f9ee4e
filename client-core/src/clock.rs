//! Clocks are handed in: one for what is written into the record, one for tokens and retries.

use jiff::{Timestamp, tz::TimeZone};
use samspor_documents::time::{Moment, UnixMillis};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_clock_tells_danish_time() {
        let moment = SystemClock.moment();
        assert!(moment.at.0 > 1_700_000_000_000);
        assert!([60, 120].contains(&moment.offset_minutes));
    }
}
