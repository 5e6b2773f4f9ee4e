//! Why there is no text: of a reading, or of bytes.

use super::TEXT_BYTES_MAX;
use std::fmt;
use uuid::Uuid;

/// What stands in the way of signing one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Several values were written at once and a person has to choose.
    NeedsChoice,
    /// It breaks its template.
    Invalid,
    /// It holds what this build cannot carry into a text.
    NotWhole,
    /// It is not as a document holds it: it stands twice, an item holds items, an author wrote nothing here.
    Broken,
}

/// A field that cannot be signed as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The field.
    pub field: String,
    /// The item and the item's field, when it is one of an item's. Items that were taken away count too.
    pub item: Option<(Uuid, String)>,
    /// Why.
    pub why: Why,
}

/// A reading that cannot become a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnsignableError {
    /// It names no template: it is empty or cannot be read.
    #[error("the document names no template")]
    NoTemplate,
    /// Fields have to be settled first. Every one is named.
    #[error("not to be signed yet: {}", Listed(.0))]
    Fields(Vec<Obstacle>),
    /// There is more in it than a text may hold.
    #[error("the text is over its limit of {TEXT_BYTES_MAX} bytes")]
    TooLarge {
        /// What it came to.
        bytes: usize,
    },
}

/// Bytes that are no text. Says nothing of the content.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// More than a text may have.
    #[error("the text is over its limit of {TEXT_BYTES_MAX} bytes")]
    TooLarge {
        /// How many there are.
        bytes: usize,
    },
    /// Of a format that this build does not read.
    #[error("the text is of format {format}; this build reads 1")]
    OtherFormat {
        /// Its format.
        format: u64,
    },
    /// Not CBOR, or not of this shape.
    #[error("the bytes are not a signed text")]
    Malformed(#[source] minicbor::decode::Error),
    /// It could be read, and would be written otherwise: there is one encoding of each text.
    #[error("the text is not in its one encoding")]
    NotCanonical,
}

/// Fields for a message. A name that does not look like one could be a value in the wrong place: it is not repeated.
struct Listed<'a>(&'a [Obstacle]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, obstacle) in self.0.iter().enumerate() {
            let before = if place == 0 { "" } else { ", " };
            let why = match obstacle.why {
                Why::NeedsChoice => "waits for a choice",
                Why::Invalid => "breaks its template",
                Why::NotWhole => "holds what this version cannot sign",
                Why::Broken => "is broken",
            };
            write!(f, "{before}{}", plain(&obstacle.field))?;
            if let Some((_, part)) = &obstacle.item {
                write!(f, ".{}", plain(part))?;
            }
            write!(f, " {why}")?;
        }
        Ok(())
    }
}

fn plain(name: &str) -> String {
    crate::document::field_name(name)
}
