//! The canonical text of a document: what is signed, and from then on the record itself.
//!
//! A text is made from a reading, encoded to bytes in exactly one way, and read again without loading any CRDT. It
//! holds what the document says, with who wrote each value and when. It holds nothing of what the renderer knows of
//! the template: no labels, no merge rules, no types, no fields that say nothing.
//!
//! # The bytes
//! Deterministic CBOR (RFC 8949 § 4.2.1): shortest integers, definite lengths, map keys in bytewise order of their
//! encoding. Text stands as it was written, byte for byte: nothing is normalised. A map, absent what is not known:
//! ```text
//! 0 format (1)         1 organisation     2 space            3 document       4 card
//! 5 kind               6 template         7 version          8 subject
//! 9 occurred_at [ms, minutes east]       10 written_at      11 edited_at
//! 12 authors, in order of first change
//! 13 hands: [at, place in authors or null], ascending: who wrote when, each once
//! 14 fields: name -> said
//! said  = [0, text, [place in authors …]]                 prose
//!       / [1, value, place in hands]                      one value
//!       / [2, place of the one shown, [[value, place in hands] …]]   several, settled by the merge rule
//!       / [3, [[id, removed, fields] …]]                  items, oldest first; their fields hold no items
//! value = text / integer / boolean / bytes (the name of a reason for a missing value), as it stands in the document
//! ```
//! Ids are 16 bytes, times are Unix milliseconds. An empty text, no prose and no items say nothing and do not stand.
//!
//! # What can become a text
//! A reading in which nothing waits for a choice, nothing breaks its template and nothing had to be left out; else
//! [`UnsignableError`] names the fields. Concurrent values that need no choice (`last`; a standing withdrawal under
//! `withdrawal_wins`) all stand in the text, oldest first, with the one that is shown.
//!
//! # What is guaranteed
//! - One reading, one text; one text, one encoding: [`SignedText::decode`] takes only what [`SignedText::encode`]
//!   writes, and then gives the same bytes again. What a newer template or build wrote (fields, codes, reasons for
//!   missing values, kinds) passes through untouched.
//! - Replicas that hold the same changes make the same bytes, whatever the order in which they came.
//! - Two renderers, one of which does not know the template, a field or a code, make the same bytes, or the one that
//!   knows less refuses to make a text. It refuses where only the template tells that a conflict is settled, and where
//!   something stands that no value can carry ([`crate::reading::FieldReading::whole`]).
//!
//! # What is not
//! - That the one who knows less refuses what the other refuses: without the template nothing is invalid. Such a text
//!   reads as invalid where the template is known.
//! - Equal bytes for a document whose containers are not those its template makes (a list of statements where the
//!   template has items): another program's work. The server's own rendering then differs, and signing is refused.
//! - A new [`TemplateKind`](crate::template::TemplateKind) reads as an entry in an older build, whose text then
//!   differs: a new kind needs a new format.
//! - That time, author or place are true: authors come from changes, which the server binds at admission; the place
//!   is handed in.

mod content;
mod decode;
mod encode;
mod error;
mod read;
mod render;

pub use error::{Obstacle, TextError, UnsignableError, Why};

use crate::{
    id::{DocumentId, OrganisationId, PractitionerId, SpaceId},
    reading::Reading,
    template::Templates,
};
use content::Content;

/// The most bytes a text may take.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;

/// Where a text is filed. Handed in: the document does not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextPlace {
    /// The municipality whose record it is.
    pub organisation: OrganisationId,
    /// The space the document lives in.
    pub space: SpaceId,
    /// The document.
    pub document: DocumentId,
    /// The case's card at the time of signing; none in a circle.
    pub card: Option<DocumentId>,
}

/// What a document says, in the one form that is signed. Two are equal exactly when their bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedText {
    place: TextPlace,
    content: Content,
}

impl SignedText {
    /// The text of a reading. Its labels, merge rules, order of fields and operation ids leave no trace in it.
    ///
    /// # Errors
    /// `UnsignableError` names each field that has to be settled first, or says that the text would be too large.
    pub fn new(place: TextPlace, reading: &Reading) -> Result<Self, UnsignableError> {
        let content = render::content(reading)?;
        let text = Self { place, content };
        let bytes = text.encode().len();
        if bytes > TEXT_BYTES_MAX {
            return Err(UnsignableError::TooLarge { bytes });
        }
        Ok(text)
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode::encode(&self.place, &self.content)
    }

    /// The text of exactly these bytes, whatever they are, in time and memory in proportion to their length.
    ///
    /// # Errors
    /// `TextError` when they are too many, of another format, or not what [`Self::encode`] writes.
    pub fn decode(bytes: &[u8]) -> Result<Self, TextError> {
        let text = Self::decode_checked(bytes)?;
        if text.encode() == bytes {
            Ok(text)
        } else {
            Err(TextError::NotCanonical)
        }
    }

    /// The text of bytes that [`Self::decode`] took before and that were kept since: it is not asked again whether they
    /// are the one encoding.
    ///
    /// # Errors
    /// As [`Self::decode`], but for `NotCanonical`.
    pub fn decode_checked(bytes: &[u8]) -> Result<Self, TextError> {
        if bytes.len() > TEXT_BYTES_MAX {
            return Err(TextError::TooLarge { bytes: bytes.len() });
        }
        let (place, content) = decode::decode(bytes)?;
        Ok(Self { place, content })
    }

    /// Where it is filed.
    #[must_use]
    pub const fn place(&self) -> &TextPlace {
        &self.place
    }

    /// Everybody who wrote in it, in order of first change: the first one began it.
    #[must_use]
    pub fn authors(&self) -> &[PractitionerId] {
        &self.content.authors
    }

    /// The text as a reading: types, labels, merge rules, and the fields that say nothing are put back as far as the
    /// template is known here. `operation` is empty: nothing in a text is there to be chosen or answered.
    ///
    /// What breaks a template that was not known to who signed reads as invalid. Several values that a template not
    /// known here settled read as `last`: they do not wait for a choice again.
    #[must_use]
    pub fn reading(&self, templates: &Templates) -> Reading {
        read::reading(&self.content, templates)
    }
}

#[cfg(test)]
mod tests;
