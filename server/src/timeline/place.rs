//! A place in a timeline, as a link carries it.

use crate::log::Seq;
use samspor_documents::id::DocumentId;
use std::{fmt, str::FromStr};

/// A place in a timeline: its rows come in the order of (`occurred_at`, `seq`, `document`), newest first, and
/// a page begins right before one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Before {
    /// What the order follows first, in Unix milliseconds.
    pub occurred_at: i64,
    /// The newest entry of the log that moved the document.
    pub seq: Seq,
    /// The document.
    pub document: DocumentId,
}

/// A text that is not a place in a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a timeline: follow the page's own link")]
pub struct PlaceError;

impl fmt::Display for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.occurred_at, self.seq.0, self.document)
    }
}

impl FromStr for Before {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(PlaceError);
        let place = Self {
            occurred_at: next()?.parse().map_err(|_| PlaceError)?,
            seq: Seq(next()?.parse().map_err(|_| PlaceError)?),
            document: next()?.parse().map_err(|_| PlaceError)?,
        };
        match parts.next() {
            None => Ok(place),
            Some(_) => Err(PlaceError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_nothing_else_does() {
        let place = Before {
            occurred_at: -5,
            seq: Seq(7),
            document: DocumentId::from_bytes([3; 16]),
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        for text in ["", "1.2", "1.2.x", &format!("{place}.4")] {
            assert_eq!(text.parse::<Before>(), Err(PlaceError), "{text}");
        }
    }
}
