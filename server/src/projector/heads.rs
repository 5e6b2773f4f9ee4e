//! What was projected last, in memory: a parked poll compares numbers and asks the database only when
//! something in its own scope has moved.

use crate::log::Seq;
use samspor_documents::time::UnixMillis;
use std::collections::HashMap;

/// How far the projector has come, and where it has moved something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heads {
    /// Every entry up to here is projected.
    pub position: Seq,
    /// The newest projected entry that begins or ends a grant: a membership, or taking part in a circle.
    pub grants: Seq,
    /// The newest projected entry about a share.
    pub shares: Seq,
    /// When the next share ends by itself, as far as the log is known here; none when none does.
    pub due: Option<UnixMillis>,
    /// Per ground, the newest entry that moved something in it.
    pub grounds: HashMap<i64, Seq>,
}

impl Heads {
    /// The newest entry that moved something in these grounds.
    #[must_use]
    pub fn newest(&self, grounds: impl IntoIterator<Item = i64>) -> Seq {
        grounds
            .into_iter()
            .filter_map(|ground| self.grounds.get(&ground).copied())
            .max()
            .unwrap_or_default()
    }
}
