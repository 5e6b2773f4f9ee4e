//! Which case is which child, and which document is which entry: what the writer of the content remembers,
//! so that a reader of it can be held to every id as well.

use crate::generator::{ContentDigest, Entry, Part, entry};
use anyhow::Context as _;
use samspor_documents::id::{DocumentId, SpaceId};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fs, path::Path};

/// An entry by its place in the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Child 0, 1, 2 …
    pub child: u64,
    /// The entry's number within the child.
    pub number: u64,
    /// Which part it belongs to.
    pub part: Part,
}

impl Place {
    /// The entry that stands there.
    #[must_use]
    pub fn entry(self) -> Entry {
        entry(self.child, self.number, self.part)
    }
}

/// What was written where.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Known {
    /// The case of child 0, 1, 2 …
    pub cases: Vec<SpaceId>,
    /// The place of each document.
    pub entries: BTreeMap<DocumentId, Place>,
}

impl Known {
    /// Reads it from a file.
    ///
    /// # Errors
    /// When there is none, or it is not one.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        Ok(serde_json::from_slice(&fs::read(file)?)?)
    }

    /// Writes it into a file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, file: &Path) -> anyhow::Result<()> {
        Ok(fs::write(file, serde_json::to_vec(self)?)?)
    }

    /// The case of a child.
    ///
    /// # Errors
    /// When the content has no such child.
    pub fn case(&self, child: u64) -> anyhow::Result<SpaceId> {
        let case = self.cases.get(usize::try_from(child)?);
        case.copied().context("no such child")
    }

    /// What the parts of the content that were written come to.
    #[must_use]
    pub fn digest(&self) -> ContentDigest {
        let mut digest = ContentDigest::default();
        for place in self.entries.values() {
            digest.add(place.child, &place.entry());
        }
        digest
    }
}
