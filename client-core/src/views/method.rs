//! A child over its cards and its parents' records, as far as they may be seen.

use super::TimelineRow;
use samspor_documents::{
    card::RelationKind,
    id::{SpaceId, TeamId},
    reading::Reading,
};

/// One card of a child, with whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct CardReading {
    /// The case.
    pub case: SpaceId,
    /// Its team; none where this device was not told.
    pub team: Option<TeamId>,
    /// What it says.
    pub reading: Reading,
}

/// A parent of a child, with a record of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// The parent's case here; the first where there are several.
    pub case: SpaceId,
    /// The name on that card. Nothing else of it is told.
    pub name: String,
    /// How they belong together, as the cards say.
    pub relations: Vec<RelationKind>,
}

/// A row of a child's timeline among its parents'.
#[derive(Debug, Clone, PartialEq)]
pub struct WithParents {
    /// The entry.
    pub row: TimelineRow,
    /// The parent in whose record it stands; none: the child's own.
    pub parent: Option<Parent>,
}
