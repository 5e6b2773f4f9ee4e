//! Restriction (begrænsning af behandling): a signed document stays, marked, and is left out of ordinary timelines and
//! lists, until the restriction is lifted.
//!
//! Both are said by the same operation, in the document's own group, and told by one fact per document: its newest
//! version holds, in the order of the log, whoever said it.

use crate::{limits, wire, wire::WireError};
use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{DocumentId, PractitionerId},
    time::UnixMillis,
};

/// Body of `restrict`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Restrict {
    /// Whether the document is restricted from here on; else its restriction is lifted.
    #[n(0)]
    pub restricted: bool,
    /// Why: see [`is_ground`].
    #[n(1)]
    pub ground: String,
    /// When, by the device's clock.
    #[n(2)]
    pub at: UnixMillis,
}

/// A document was restricted, or its restriction lifted. In the document's space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Restriction {
    /// Which.
    #[n(0)]
    pub document: DocumentId,
    /// Whether it is restricted.
    #[n(1)]
    pub restricted: bool,
    /// Why.
    #[n(2)]
    pub ground: String,
    /// Who said so.
    #[n(3)]
    pub by: PractitionerId,
    /// When, by their device's clock.
    #[n(4)]
    pub at: UnixMillis,
}

/// Whether a text can be the ground of a restriction: it says something, without blanks around it, in at most
/// [`limits::RESTRICTION_GROUND_CHARS_MAX`] characters.
#[must_use]
pub fn is_ground(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= limits::RESTRICTION_GROUND_CHARS_MAX
}

impl Restrict {
    /// The body from its bytes.
    ///
    /// # Errors
    /// `TooLarge` over the characters of a ground; `Malformed` or `Trailing`, and for a ground that is none.
    pub fn from_body(body: &[u8]) -> Result<Self, WireError> {
        let restrict: Self = wire::decode("restriction", body)?;
        let limit = limits::RESTRICTION_GROUND_CHARS_MAX;
        if restrict.ground.chars().count() > limit {
            let what = "ground of a restriction";
            return Err(WireError::TooLarge { what, limit });
        }
        if !is_ground(&restrict.ground) {
            return Err(WireError::Malformed {
                what: "restriction",
                source: minicbor::decode::Error::message("not a ground"),
            });
        }
        Ok(restrict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ground_says_something_within_its_limit() {
        let longest = "å".repeat(limits::RESTRICTION_GROUND_CHARS_MAX);
        let too_long = format!("{longest}æ");
        let rows = [
            ("Forkert barn nævnt", true),
            ("Under klage.\nAfventer svar.", true),
            (&longest, true),
            (&too_long, false),
            ("", false),
            (" ", false),
            (" x", false),
            ("x\n", false),
        ];
        for (text, expected) in rows {
            assert_eq!(is_ground(text), expected, "{text:?}");
            let body = wire::encode(&Restrict {
                restricted: true,
                ground: text.to_owned(),
                at: UnixMillis(5),
            });
            assert_eq!(Restrict::from_body(&body).is_ok(), expected, "{text:?}");
        }
    }
}
