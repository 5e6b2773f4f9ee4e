//! How long to wait after failures in a row: doubling, capped, spread by chance so that a thousand devices
//! do not come back in the same instant.

/// After the first failure, in milliseconds.
const FIRST_MILLIS: u64 = 250;
/// Never longer, in milliseconds.
const MILLIS_MAX: u64 = 60_000;

/// Failures in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// One more failure: how long to wait, in milliseconds, between half of the step and the whole.
    pub(super) fn next(&mut self, random: u64) -> u64 {
        let step = FIRST_MILLIS
            .saturating_mul(1 << self.failures.min(16))
            .min(MILLIS_MAX);
        self.failures = self.failures.saturating_add(1);
        let half = step / 2;
        half + random % (half + 1)
    }

    /// How many there were.
    pub(super) const fn failures(self) -> u32 {
        self.failures
    }

    /// An answer came.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_are_spread_and_have_an_end() {
        let mut backoff = Backoff::default();
        let (mut low, mut high) = (backoff, backoff);
        let steps: Vec<(u64, u64)> = (0..12)
            .map(|_| (low.next(0), high.next(u64::MAX)))
            .collect();
        assert_eq!(steps[0].0, 125);
        assert!(
            steps
                .iter()
                .all(|(low, high)| low <= high && *high <= MILLIS_MAX)
        );
        assert!(steps.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        assert_eq!(steps[11].0, MILLIS_MAX / 2);
        backoff.next(1);
        backoff.reset();
        assert_eq!(backoff.next(0), 125);
    }
}
