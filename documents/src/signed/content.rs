//! What a text holds, in memory: free of templates, each collection in its one order.

use crate::{
    id::{PractitionerId, SpaceId},
    time::{Moment, UnixMillis},
};
use automerge::ScalarValue;
use std::cmp::Ordering;
use uuid::Uuid;

/// What a text holds beside its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    /// The kind's name. Kept as text, so that a newer kind passes through.
    pub kind: String,
    pub template: String,
    pub version: u32,
    pub subject: Option<SpaceId>,
    pub occurred_at: Option<Moment>,
    pub written_at: Option<UnixMillis>,
    pub edited_at: Option<UnixMillis>,
    pub authors: Vec<PractitionerId>,
    pub fields: Fields,
}

/// Fields by name, in canonical order, each once.
pub(super) type Fields = Vec<(String, Said)>;

/// What a field says. Never nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Prose {
        text: String,
        /// Places among the content's authors, in order of first appearance.
        authors: Vec<u32>,
    },
    One(Written),
    /// At least two.
    Several {
        /// The place of the one that is shown.
        shown: usize,
        values: Vec<Written>,
    },
    Items(Vec<Item>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub value: Scalar,
    pub hand: Hand,
}

/// Who wrote, and when. In the order of the text's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hand {
    pub at: UnixMillis,
    /// The place among the content's authors.
    pub author: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub id: Uuid,
    pub removed: bool,
    /// None of them says items.
    pub fields: Fields,
}

/// A value as it stands in a document, whatever the template takes it for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scalar {
    Text(String),
    Integer(i64),
    Boolean(bool),
    /// The name of a reason for a missing value.
    Missing(Vec<u8>),
}

impl Scalar {
    /// Of what a document's field holds; none for what no value of ours is kept as.
    pub fn of(stored: &ScalarValue) -> Option<Self> {
        match stored {
            ScalarValue::Str(text) => Some(Self::Text(text.to_string())),
            ScalarValue::Int(number) => Some(Self::Integer(*number)),
            ScalarValue::Boolean(yes) => Some(Self::Boolean(*yes)),
            ScalarValue::Bytes(name) => Some(Self::Missing(name.clone())),
            _ => None,
        }
    }

    /// As a document's field holds it.
    pub fn stored(&self) -> ScalarValue {
        match self {
            Self::Text(text) => ScalarValue::Str(text.as_str().into()),
            Self::Integer(number) => ScalarValue::Int(*number),
            Self::Boolean(yes) => ScalarValue::Boolean(*yes),
            Self::Missing(name) => ScalarValue::Bytes(name.clone()),
        }
    }

    /// Whether nothing is said.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}

/// The order of map keys: bytewise by their encoding, which begins with the length.
pub(super) fn key_order(one: &str, other: &str) -> Ordering {
    (one.len(), one).cmp(&(other.len(), other))
}

/// The field of this name.
pub(super) fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a Said> {
    let at = fields.binary_search_by(|(known, _)| key_order(known, name));
    at.ok().and_then(|at| fields.get(at)).map(|(_, said)| said)
}
