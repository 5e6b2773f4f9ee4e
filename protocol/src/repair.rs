//! Repair: what differs, where a digest did not agree. Should never be needed: counted and logged.

use crate::tag::Tag;
use minicbor::{Decode, Encode};
use samspor_documents::id::{DocumentId, FactId};

/// What a device asks.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RepairRequest {
    /// The tags of everything visible, in the order of ids, after this one. Answer: [`Tags`].
    #[n(0)]
    Tags(#[n(0)] Option<ItemId>),
    /// These items whole. Answer: a page as of the feed, whose cursor is empty and to be ignored.
    /// Items that do not exist or are not visible come as `gone` or not at all: the answer is the same.
    #[n(1)]
    Whole(#[n(0)] Vec<ItemId>),
}

/// A document or a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum ItemId {
    /// A document.
    #[n(0)]
    Document(#[n(0)] DocumentId),
    /// A fact.
    #[n(1)]
    Fact(#[n(0)] FactId),
}

/// Tags of visible items.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Tags {
    /// In the order of ids: documents first, then facts.
    #[n(0)]
    pub items: Vec<(ItemId, Tag)>,
    /// Whether more follow after the last one.
    #[n(1)]
    pub more: bool,
}
