//! Which cards are one person, among those a reader may see: equal CPR numbers, or one card that says so.
//!
//! Computed from what is given, stored nowhere, told to nobody: a card that the reader may not see takes no part, and
//! a card that points to one changes nothing.

use crate::{card::CardView, cpr::Cpr, id::SpaceId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The cases in groups, one per person. Every case given stands in exactly one group; groups and their cases are in
/// ascending order of id, so that the result does not depend on the order given.
#[must_use]
pub fn group(cards: &[(SpaceId, CardView)]) -> Vec<Vec<SpaceId>> {
    let mut joined = Joined {
        parent: cards.iter().map(|(case, _)| (*case, *case)).collect(),
    };
    let mut by_cpr: HashMap<&Cpr, SpaceId> = HashMap::new();
    for (case, card) in cards {
        if let Some(cpr) = &card.cpr {
            let first = *by_cpr.entry(cpr).or_insert(*case);
            joined.join(first, *case);
        }
        for same in &card.same_as {
            joined.join(*case, *same);
        }
    }
    let mut groups: BTreeMap<SpaceId, BTreeSet<SpaceId>> = BTreeMap::new();
    for (case, _) in cards {
        groups.entry(joined.root(*case)).or_default().insert(*case);
    }
    let mut groups: Vec<Vec<SpaceId>> = groups
        .into_values()
        .map(|group| group.into_iter().collect())
        .collect();
    groups.sort_unstable();
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
