//! The LMS method: a measurement as a z-score by three parameters of its distribution at an age.
//!
//! Numbers are `f64` here and nowhere else: the formulas need powers. What leaves is a whole number of hundredths, so
//! that two machines whose `powf` differs in the last bits say the same (`hundredths` tells why).

/// Smaller powers are taken for zero: the limit of the formula is a logarithm.
const ZERO_POWER: f64 = 1e-9;

/// A distribution at one age, or at one length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lms {
    /// The power that makes it normal.
    pub l: f64,
    /// The median.
    pub m: f64,
    /// The coefficient of variation.
    pub s: f64,
}

impl Lms {
    /// On the straight line from this to `next`; `part` is from 0 to 1.
    pub fn towards(self, next: Self, part: f64) -> Self {
        let between = |from: f64, to: f64| from + (to - from) * part;
        Self {
            l: between(self.l, next.l),
            m: between(self.m, next.m),
            s: between(self.s, next.s),
        }
    }

    /// The measurement at a z-score.
    pub fn measurement(self, z: f64) -> f64 {
        if self.l.abs() < ZERO_POWER {
            self.m * (self.s * z).exp()
        } else {
            self.m * (self.l * self.s).mul_add(z, 1.0).powf(1.0 / self.l)
        }
    }

    /// The z-score of a measurement.
    pub fn z(self, measurement: f64) -> f64 {
        let ratio = measurement / self.m;
        if self.l.abs() < ZERO_POWER {
            ratio.ln() / self.s
        } else {
            (ratio.powf(self.l) - 1.0) / (self.l * self.s)
        }
    }

    /// The z-score by WHO's restricted method, for indicators with weight in them: beyond ±3 each further unit is as
    /// long as that from 2 to 3. (WHO Child Growth Standards, Methods and development, 2006, chapter 7.)
    pub fn z_restricted(self, measurement: f64) -> f64 {
        let z = self.z(measurement);
        let sd = |z| self.measurement(z);
        if z > 3.0 {
            3.0 + (measurement - sd(3.0)) / (sd(3.0) - sd(2.0))
        } else if z < -3.0 {
            -3.0 + (measurement - sd(-3.0)) / (sd(-2.0) - sd(-3.0))
        } else {
            z
        }
    }
}

/// A z-score in hundredths, half away from zero. It is rounded to billionths first: a score that stands exactly between
/// two hundredths comes out of floating point a few last bits to either side, and would be shown differently on two
/// machines. None when it is no number a child has.
pub(super) fn hundredths(z: f64) -> Option<i32> {
    if !z.is_finite() || z.abs() >= 1000.0 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "less than 10^12, and whole"
    )]
    let billionths = (z * 1e9).round() as i64;
    let half = if billionths < 0 {
        -5_000_000
    } else {
        5_000_000
    };
    i32::try_from((billionths + half) / 10_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measurement_at_a_score_has_that_score() {
        for l in [-1.5, -0.3, 0.0, 1e-4, 1.0] {
            let lms = Lms {
                l,
                m: 16.0,
                s: 0.09,
            };
            for z in [-3.0, -1.5, 0.0, 0.25, 3.0] {
                let back = lms.z(lms.measurement(z));
                assert!((back - z).abs() < 1e-9, "{l} {z} {back}");
            }
        }
    }

    #[test]
    fn beyond_three_the_scale_goes_on_as_from_two_to_three() {
        let lms = Lms {
            l: -1.5,
            m: 16.0,
            s: 0.09,
        };
        let unit = lms.measurement(3.0) - lms.measurement(2.0);
        let four = lms.measurement(3.0) + unit;
        assert!((lms.z_restricted(four) - 4.0).abs() < 1e-9);
        assert!(lms.z(four) < 3.9, "the plain formula says less");
        let below = lms.measurement(-3.0) - 2.0 * (lms.measurement(-2.0) - lms.measurement(-3.0));
        assert!((lms.z_restricted(below) + 5.0).abs() < 1e-9);
        assert!((lms.z_restricted(lms.measurement(2.9)) - 2.9).abs() < 1e-9);
    }

    #[test]
    fn hundredths_are_rounded_half_away_and_last_bits_do_not_show() {
        for (z, shown) in [
            (0.0, 0),
            (1.234, 123),
            (1.235, 124),
            (-1.235, -124),
            (-0.004, 0),
            (2.005, 201),
        ] {
            assert_eq!(hundredths(z), Some(shown), "{z}");
            assert_eq!(
                hundredths(z * (1.0 + 4.0 * f64::EPSILON)),
                Some(shown),
                "{z}"
            );
            assert_eq!(
                hundredths(z * (1.0 - 4.0 * f64::EPSILON)),
                Some(shown),
                "{z}"
            );
        }
        for z in [f64::NAN, f64::INFINITY, -1000.0] {
            assert_eq!(hundredths(z), None);
        }
    }
}
