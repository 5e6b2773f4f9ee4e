//! What follows from a child's card and visits: which are due, what a new one takes over from the last, periods.

pub mod caseload;
pub mod from_last;
pub mod periods;
pub mod schedule;

use crate::{id::DocumentId, reading::Reading};

/// One visit, as it reads.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// Which document it is.
    pub document: DocumentId,
    /// What it says, open or signed.
    pub reading: &'a Reading,
}
