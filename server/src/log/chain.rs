//! The chain over the log: each value covers the whole log before it.

use super::{EntryKind, Secret, Seq};
use samspor_protocol::hash::Hash32;

/// The chain's value at one position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain(pub [u8; 32]);

/// What an entry commits to: without the organisation's secret it says nothing of the content.
pub(super) fn commitment(
    secret: &Secret,
    kind: EntryKind,
    item: &[u8; 16],
    content: &Hash32,
) -> Hash32 {
    secret.mac(
        "log-entry-1",
        &[&kind.code().to_be_bytes(), item, &content.0],
    )
}

impl Chain {
    /// Before the first entry.
    pub const START: Self = Self([0; 32]);

    /// The value after one more entry.
    #[must_use]
    pub fn after(self, seq: Seq, commitment: &Hash32) -> Self {
        let mut bytes = Vec::with_capacity(72);
        bytes.extend(self.0);
        bytes.extend(seq.0.to_be_bytes());
        bytes.extend(commitment.0);
        Self(Hash32::of(&bytes).0)
    }

    /// The first eight bytes: enough for a cursor to notice another log.
    #[must_use]
    pub fn check(self) -> [u8; 8] {
        let mut first = [0; 8];
        first.copy_from_slice(self.0.split_at(8).0);
        first
    }
}
