//! Stretches of the log in which a ground was open. Pure.

use crate::log::Seq;

/// From `from`, up to before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub from: Seq,
    pub until: Option<Seq>,
}

impl Stretch {
    pub(super) fn covers(&self, at: Seq) -> bool {
        self.from <= at && self.until.is_none_or(|until| until > at)
    }

    fn is_empty(&self) -> bool {
        self.until.is_some_and(|until| until <= self.from)
    }

    /// What is left of it outside another one: before, and after.
    fn outside(&self, other: &Self) -> [Option<Self>; 2] {
        let before = Self {
            from: self.from,
            until: Some(self.until.map_or(other.from, |until| until.min(other.from))),
        };
        let after = other.until.map(|end| Self {
            from: self.from.max(end),
            until: self.until,
        });
        [Some(before), after].map(|part| part.filter(|part| !part.is_empty()))
    }
}

/// Adds a stretch that begins no earlier than those before; touching ones become one.
pub(super) fn merge(stretches: &mut Vec<Stretch>, next: Stretch) {
    match stretches.last_mut() {
        Some(last) if last.until.is_none_or(|until| until >= next.from) => {
            last.until = match (last.until, next.until) {
                (Some(a), Some(b)) => Some(a.max(b)),
                _ => None,
            };
        }
        _ => stretches.push(next),
    }
}

/// What is left of some stretches outside others, in their order.
pub(super) fn without(stretches: &[Stretch], others: &[Stretch]) -> Vec<Stretch> {
    let mut left = stretches.to_vec();
    for other in others {
        left = left
            .iter()
            .flat_map(|one| one.outside(other))
            .flatten()
            .collect();
    }
    left
}

/// What of some stretches lies at an entry and after it.
pub(super) fn from(stretches: &[Stretch], since: Seq) -> Vec<Stretch> {
    let late = stretches.iter().map(|one| Stretch {
        from: one.from.max(since),
        until: one.until,
    });
    late.filter(|one| !one.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stretch(from: i64, until: Option<i64>) -> Stretch {
        Stretch {
            from: Seq(from),
            until: until.map(Seq),
        }
    }

    #[test]
    fn what_is_open_elsewhere_is_taken_out() {
        let open = [stretch(10, None)];
        for (others, expected) in [
            (vec![], vec![(10, None)]),
            (
                vec![stretch(20, Some(30))],
                vec![(10, Some(20)), (30, None)],
            ),
            (vec![stretch(5, Some(12))], vec![(12, None)]),
            (vec![stretch(5, None)], vec![]),
            (vec![stretch(1, Some(10))], vec![(10, None)]),
            (
                vec![stretch(12, Some(14)), stretch(14, Some(16))],
                vec![(10, Some(12)), (16, None)],
            ),
        ] {
            let left = without(&open, &others);
            let expected: Vec<Stretch> = expected
                .into_iter()
                .map(|(from, until)| stretch(from, until))
                .collect();
            assert_eq!(left, expected, "{others:?}");
        }
    }

    #[test]
    fn what_goes_with_an_entry_does_so_from_its_signature_on() {
        let open = [stretch(2, Some(5)), stretch(7, None)];
        for (since, expected) in [
            (1, vec![(2, Some(5)), (7, None)]),
            (4, vec![(4, Some(5)), (7, None)]),
            (5, vec![(7, None)]),
            (9, vec![(9, None)]),
        ] {
            let expected: Vec<Stretch> = expected
                .into_iter()
                .map(|(from, until)| stretch(from, until))
                .collect();
            assert_eq!(from(&open, Seq(since)), expected, "{since}");
        }
    }

    fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
        let one = (0..40i64, proptest::option::of(0..40i64));
        proptest::collection::vec(one, 0..5).prop_map(|mut all| {
            all.sort_unstable();
            let mut merged = Vec::new();
            for (from, until) in all {
                let next = stretch(from, until);
                if !next.is_empty() {
                    merge(&mut merged, next);
                }
            }
            merged
        })
    }

    proptest! {
        #[test]
        fn at_every_entry_it_is_open_where_the_one_is_and_the_other_is_not(
            one in stretches(), other in stretches()
        ) {
            let left = without(&one, &other);
            let open = |stretches: &[Stretch], at| stretches.iter().any(|stretch| stretch.covers(Seq(at)));
            for at in 0..45 {
                prop_assert_eq!(open(&left, at), open(&one, at) && !open(&other, at), "{}", at);
            }
        }
    }
}
