//! Every key of a map with all its values, in one pass: the library takes as long for one key alone as for many of them.

use super::collect::Found;
use crate::document::values_at;
use automerge::{Automerge, ObjId, ReadDoc};
use std::collections::BTreeMap;

/// What stands in a map, by its keys.
pub(super) struct Keys(BTreeMap<String, Vec<Found>>);

impl Keys {
    /// What stands in this map now.
    pub fn of(document: &Automerge, home: &ObjId) -> Self {
        let all = document.map_range(home, ..).map(|item| {
            let found = match item.conflict {
                true => values_at(document, home, &item.key).unwrap_or_default(),
                false => vec![(item.value.clone().into_value(), item.id())],
            };
            (item.key.into_owned(), found)
        });
        Self(all.collect())
    }

    /// Every concurrent value at a key; none where nothing stands.
    pub fn values(&self, key: &str) -> &[Found] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// All of them, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &[Found])> {
        self.0.iter().map(|(key, found)| (key, found.as_slice()))
    }
}
