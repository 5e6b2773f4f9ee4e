//! How long a device has been out of contact, as far as it can tell. Pure: clocks are handed in.
//!
//! The device reckons in the server's time: at each contact it learns how far its own clock is from it. Its clock
//! never takes time back. Set back, it goes on from the latest moment known; set forward, it counts as far as it was
//! set, until the next contact sets it right.

use minicbor::{Decode, Encode};
use samspor_documents::time::UnixMillis;

/// The organisation's lease on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Lease {
    /// How long the device may be out of contact, in milliseconds.
    #[n(0)]
    length: i64,
    /// The newest contact, in the server's time.
    #[n(1)]
    contact: UnixMillis,
    /// The latest moment known to be over, in the server's time.
    #[n(2)]
    latest: UnixMillis,
    /// To be added to the device's clock to get the server's time, in milliseconds.
    #[n(3)]
    skew: i64,
}

impl Lease {
    /// A lease that begins with a contact: the server said that it is `server`, the device's clock says `own`.
    pub(crate) const fn begin(length: i64, server: UnixMillis, own: UnixMillis) -> Self {
        Self {
            length,
            contact: server,
            latest: server,
            skew: server.since(own),
        }
    }

    /// The lease of a store from before leases were kept: the newest contact that it knows of, and how far its clock
    /// was from the server's then.
    pub(crate) const fn since(length: i64, contact: UnixMillis, skew: i64) -> Self {
        Self {
            length,
            contact,
            latest: contact,
            skew,
        }
    }

    /// The lease after another contact, of the length that the server told, if it did.
    pub(crate) fn renewed(self, server: UnixMillis, own: UnixMillis, length: Option<i64>) -> Self {
        Self::begin(length.unwrap_or(self.length), server, own)
    }

    /// Takes in what the device's clock says now.
    pub(crate) fn look(&mut self, own: UnixMillis) {
        let now = own.plus(self.skew);
        if now < self.latest {
            self.skew = self.latest.since(own);
        } else {
            self.latest = now;
        }
    }

    /// Whether it has ended, as of the last look.
    pub(crate) const fn has_ended(&self) -> bool {
        self.latest.since(self.contact) > self.length
    }

    /// The latest moment known to be over, in the server's time.
    pub(crate) const fn latest(&self) -> UnixMillis {
        self.latest
    }

    /// When it ends, by the device's clock.
    pub(crate) const fn ends_at(&self) -> UnixMillis {
        self.contact.plus(self.length).plus(-self.skew)
    }

    /// How much later it is by this one than by another of the same contact, in milliseconds; the most there is for
    /// another contact.
    pub(crate) fn ahead_of(&self, other: &Self) -> i64 {
        if self.contact == other.contact && self.length == other.length {
            self.latest.since(other.latest)
        } else {
            i64::MAX
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60 * 1000;
    const MONDAY: UnixMillis = UnixMillis(1_790_000_000_000);

    /// Whether a lease of ten days that began on Monday has ended after the device's clock showed these days.
    fn ended_after(days: &[i64]) -> bool {
        let mut lease = Lease::begin(10 * DAY, MONDAY, MONDAY);
        for day in days {
            lease.look(MONDAY.plus(day * DAY));
        }
        lease.has_ended()
    }

    #[test]
    fn a_lease_ends_by_the_clock_and_a_clock_set_back_gives_no_time_back() {
        for (name, days, expected) in [
            ("in time", vec![1, 5, 10], false),
            ("too late", vec![11], true),
            ("set back to the beginning, then on", vec![9, 0, 1], false),
            (
                "set back to the beginning, then past the rest",
                vec![9, 0, 2],
                true,
            ),
            ("set back again and again", vec![4, 0, 4, 0, 4], true),
            ("set back far", vec![9, -20_000, -19_998], true),
            ("set back once it had ended", vec![11, 0], true),
            ("set forward and back", vec![30, 1], true),
        ] {
            assert_eq!(ended_after(&days), expected, "{name}");
        }
    }

    #[test]
    fn a_contact_begins_it_anew_whatever_the_clocks_said() {
        let mut lease = Lease::begin(10 * DAY, MONDAY, MONDAY.plus(-400 * DAY));
        lease.look(MONDAY.plus(-395 * DAY));
        assert!(!lease.has_ended(), "a wrong clock is known to be wrong");
        lease.look(MONDAY.plus(400 * DAY));
        assert!(lease.has_ended());
        let own = MONDAY.plus(400 * DAY);
        let mut lease = lease.renewed(MONDAY.plus(DAY), own, None);
        assert!(!lease.has_ended());
        assert_eq!(lease.ends_at(), own.plus(10 * DAY), "by the device's clock");
        let mut shorter = lease.renewed(MONDAY.plus(DAY), own, Some(DAY));
        for (lease, expected) in [(&mut lease, false), (&mut shorter, true)] {
            lease.look(own.plus(2 * DAY));
            assert_eq!(lease.has_ended(), expected);
        }
    }
}
