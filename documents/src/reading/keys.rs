//! Every key of a map with all its values, in one pass: the library takes as long for one key alone as for many of them.

use automerge::{ObjId, Value as Stored};
use std::collections::BTreeMap;

/// One value as it stands in the document, with the operation that wrote it.
pub(crate) type Found = (Stored<'static>, ObjId);

/// What stands in a map, by its keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(BTreeMap<String, Vec<Found>>);

impl Keys {
    /// Every concurrent value at a key; none where nothing stands.
    pub(crate) fn values(&self, key: &str) -> &[Found] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// All of them, by key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &[Found])> {
        self.0.iter().map(|(key, found)| (key, found.as_slice()))
    }
}

impl From<BTreeMap<String, Vec<Found>>> for Keys {
    fn from(keys: BTreeMap<String, Vec<Found>>) -> Self {
        Self(keys)
    }
}

impl FromIterator<(String, Vec<Found>)> for Keys {
    fn from_iter<I: IntoIterator<Item = (String, Vec<Found>)>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}
