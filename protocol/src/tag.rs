//! Tags and digests: how a device and the server know that they hold the same, without listing it.
//!
//! Tag = the first 16 bytes of SHA-256(kind ‖ id ‖ state ‖ content); digest = the sum of the tags of
//! everything visible, modulo 2^128. Superseded and expunged items count nothing.

use crate::fact::Fact;
use samspor_documents::id::DocumentId;
use sha2::{Digest as _, Sha256};

/// One item's tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Tag(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

/// A sum of tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Digest(pub u128);

const KIND_DOCUMENT: u8 = 1;
const KIND_FACT: u8 = 2;
const STATE_OPEN: u8 = 0;
const STATE_SIGNED: u8 = 1;

fn tag(
    kind: u8,
    id: &[u8; 16],
    state: u8,
    content: impl IntoIterator<Item = impl AsRef<[u8]>>,
) -> Tag {
    let mut hasher = Sha256::new();
    hasher.update([kind]);
    hasher.update(id);
    hasher.update([state]);
    for part in content {
        hasher.update(part);
    }
    let full: [u8; 32] = hasher.finalize().into();
    let mut first = [0; 16];
    first.copy_from_slice(full.split_at(16).0);
    Tag(first)
}

impl Tag {
    /// Of an open document, by its heads. They are sorted here.
    #[must_use]
    pub fn of_open_document(id: DocumentId, heads: &[[u8; 32]]) -> Self {
        let mut sorted = heads.to_vec();
        sorted.sort_unstable();
        tag(KIND_DOCUMENT, id.as_bytes(), STATE_OPEN, sorted)
    }

    /// Of a signed document, by the SHA-256 of its text.
    #[must_use]
    pub fn of_signed_document(id: DocumentId, text_hash: [u8; 32]) -> Self {
        tag(KIND_DOCUMENT, id.as_bytes(), STATE_SIGNED, [text_hash])
    }

    /// Of a fact, by its version and its body's hash.
    #[must_use]
    pub fn of_fact(fact: &Fact) -> Self {
        tag(
            KIND_FACT,
            fact.id.as_bytes(),
            STATE_OPEN,
            [
                fact.version.to_be_bytes().to_vec(),
                fact.body_hash().0.to_vec(),
            ],
        )
    }
}

impl Digest {
    /// From its 16 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// As 16 bytes, the highest first.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// With one more tag.
    #[must_use]
    pub const fn with(self, tag: Tag) -> Self {
        Self(self.0.wrapping_add(u128::from_be_bytes(tag.0)))
    }

    /// Without one tag that was in it.
    #[must_use]
    pub const fn without(self, tag: Tag) -> Self {
        Self(self.0.wrapping_sub(u128::from_be_bytes(tag.0)))
    }

    /// The sum of two.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> DocumentId {
        DocumentId::from_bytes([9; 16])
    }

    #[test]
    fn the_order_of_heads_does_not_matter_and_their_content_does() {
        let (a, b) = ([1; 32], [2; 32]);
        let tag = Tag::of_open_document(document(), &[a, b]);
        assert_eq!(tag, Tag::of_open_document(document(), &[b, a]));
        assert_ne!(tag, Tag::of_open_document(document(), &[a]));
        assert_ne!(
            Tag::of_open_document(document(), &[a]),
            Tag::of_signed_document(document(), a)
        );
    }

    #[test]
    fn a_digest_forgets_what_is_taken_out() {
        let one = Tag::of_open_document(document(), &[[1; 32]]);
        let two = Tag([0xff; 16]);
        let digest = Digest::default().with(one).with(two);
        assert_eq!(digest.without(one), Digest::default().with(two));
        assert_eq!(Digest::from_bytes(digest.to_bytes()), digest);
    }
}
