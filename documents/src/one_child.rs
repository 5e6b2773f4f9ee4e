//! Which cards are one person, among those a reader may see: equal CPR numbers, or one card that says so.
//!
//! Computed from what is given, stored nowhere, told to nobody: a card that the reader may not see takes no part, and
//! a card that points to one changes nothing.

mod differing;

pub use differing::{Differing, OneSays, differing};

use crate::{card::CardView, cpr::Cpr, id::SpaceId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The cases in groups, one per person. Every case given stands in exactly one group; groups and their cases are in
/// ascending order of id, so that the result does not depend on the order given.
#[must_use]
pub fn group(cards: &[(SpaceId, CardView)]) -> Vec<Vec<SpaceId>> {
    let links = links(cards.iter().map(|(case, card)| (*case, card)));
    group_linked(cards.iter().map(|(case, _)| *case), &links)
}

/// Which two cases are one person, as their cards say it: enough of them to group all. A card may name one that was not
/// given.
#[must_use]
pub fn links<'a>(cards: impl Iterator<Item = (SpaceId, &'a CardView)>) -> Vec<(SpaceId, SpaceId)> {
    let mut links = Vec::new();
    let mut by_cpr: HashMap<&Cpr, SpaceId> = HashMap::new();
    for (case, card) in cards {
        if let Some(cpr) = &card.cpr {
            let first = *by_cpr.entry(cpr).or_insert(case);
            if first != case {
                links.push((first, case));
            }
        }
        links.extend(card.same_as.iter().map(|same| (case, *same)));
    }
    links
}

/// The same, where it is known already which two cases are one person. A link to a case that was not given joins nothing.
#[must_use]
pub fn group_linked(
    cases: impl Iterator<Item = SpaceId>,
    links: &[(SpaceId, SpaceId)],
) -> Vec<Vec<SpaceId>> {
    let named: HashSet<SpaceId> = links
        .iter()
        .flat_map(|(one, other)| [*one, *other])
        .collect();
    // Nearly every case stands alone, and is not looked up.
    let (linked, alone): (Vec<_>, Vec<_>) = cases.partition(|case| named.contains(case));
    let mut joined = Joined {
        parent: linked.iter().map(|case| (*case, *case)).collect(),
    };
    for (one, other) in links {
        joined.join(*one, *other);
    }
    let mut groups: BTreeMap<SpaceId, BTreeSet<SpaceId>> = BTreeMap::new();
    for case in linked {
        groups.entry(joined.root(case)).or_default().insert(case);
    }
    let together = groups
        .into_values()
        .map(|group| group.into_iter().collect());
    let mut groups: Vec<Vec<SpaceId>> = together
        .chain(alone.into_iter().map(|case| vec![case]))
        .collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// Sets that grow together.
struct Joined {
    parent: HashMap<SpaceId, SpaceId>,
}

impl Joined {
    fn root(&mut self, case: SpaceId) -> SpaceId {
        let mut root = case;
        while let Some(parent) = self.parent.get(&root).filter(|parent| **parent != root) {
            root = *parent;
        }
        if root != case {
            self.parent.insert(case, root);
        }
        root
    }

    /// Joins two cases; a case that was not given joins nothing.
    fn join(&mut self, one: SpaceId, other: SpaceId) {
        if !self.parent.contains_key(&one) || !self.parent.contains_key(&other) {
            return;
        }
        let (one, other) = (self.root(one), self.root(other));
        let (low, high) = if one < other {
            (one, other)
        } else {
            (other, one)
        };
        self.parent.insert(high, low);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Document, template::Templates};
    use proptest::prelude::*;

    fn case(n: u8) -> SpaceId {
        SpaceId::from_bytes([n; 16])
    }

    fn card(cpr: Option<&str>, same_as: &[u8]) -> CardView {
        let mut card = CardView::of(&Document::empty().reading(Templates::built_in()));
        card.cpr = cpr.map(|cpr| Cpr::parse(cpr).unwrap());
        card.same_as = same_as.iter().map(|n| case(*n)).collect();
        card
    }

    #[test]
    fn equal_numbers_and_cards_that_say_so_are_one_child() {
        let (emma, noah) = (Some("230126-4000"), Some("230126-4001"));
        let cards = [
            (case(5), card(emma, &[])),
            (case(1), card(None, &[])),
            (case(3), card(emma, &[1])),
            (case(2), card(noah, &[])),
        ];
        assert_eq!(
            group(&cards),
            [vec![case(1), case(3), case(5)], vec![case(2)]]
        );
    }

    #[test]
    fn a_case_the_reader_may_not_see_joins_nothing_and_is_not_told_of() {
        // 1 and 2 both say that they are 9, which is not among the visible.
        let cards = [(case(1), card(None, &[9])), (case(2), card(None, &[9]))];
        assert_eq!(group(&cards), [vec![case(1)], vec![case(2)]]);
        assert!(group(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn every_case_stands_in_one_group_whatever_the_order(
            links in proptest::collection::vec((0u8..12, 0u8..12), 0..12),
            turn in 0usize..12,
        ) {
            let mut cards: Vec<(SpaceId, CardView)> = (0..12u8)
                .map(|n| {
                    let same: Vec<u8> = links.iter().filter(|(from, _)| *from == n).map(|(_, to)| *to).collect();
                    (case(n), card(None, &same))
                })
                .collect();
            let groups = group(&cards);
            cards.rotate_left(turn);
            prop_assert_eq!(&group(&cards), &groups);
            let mut all: Vec<SpaceId> = groups.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..12).map(case).collect::<Vec<_>>());
            for (from, to) in links {
                prop_assert!(groups.iter().any(|group| group.contains(&case(from)) && group.contains(&case(to))));
            }
        }
    }
}
