//! Feed: finite pages of what a device may see and does not have yet.
//!
//! A device applies a page and its cursor in one transaction, in this order: `gone`, `facts`, `documents`.

use crate::{fact::Fact, hash::Hash32, tag::Digest};
use minicbor::{Decode, Encode, bytes::ByteVec};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    time::UnixMillis,
};

/// What a device asks.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FeedRequest {
    /// The cursor of the last page applied, as it came; none on a cold start.
    #[n(0)]
    pub cursor: Option<ByteVec>,
    /// How long the answer may be held until something is to be told, in milliseconds.
    #[n(1)]
    pub wait_millis: u32,
    /// How many compressed bytes the page may take; at least one item is sent whatever its size.
    #[n(2)]
    pub bytes_max: u32,
    /// How the device stands; older devices do not say.
    #[n(3)]
    pub tells: Option<Tells>,
}

/// What a device says of itself, so that the organisation sees who is behind: numbers only, nothing of what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Tells {
    /// How many operations wait on it to be sent.
    #[n(0)]
    pub waiting: u32,
    /// For how long the oldest of them has waited, in milliseconds by its own clock; none when nothing waits.
    #[n(1)]
    pub oldest_millis: Option<u64>,
    /// What it adds to its clock to get the server's time, in milliseconds.
    #[n(2)]
    pub clock_offset_millis: i64,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Page {
    /// Spaces and documents that are no longer visible: purge rows, keys and index, never the outbox.
    #[n(0)]
    pub gone: Vec<Gone>,
    /// Facts at their newest version.
    #[n(1)]
    pub facts: Vec<FactItem>,
    /// Documents at their newest state.
    #[n(2)]
    pub documents: Vec<DocumentItem>,
    /// Changes of this device that could not be applied: they return to the author's not-delivered box.
    #[n(3)]
    pub set_aside: Vec<SetAside>,
    /// Where the page ends.
    #[n(4)]
    pub end: PageEnd,
}

/// What is no longer visible.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Gone {
    /// A space with all that is in it.
    #[n(0)]
    Space(#[n(0)] SpaceId),
    /// One document.
    #[n(1)]
    Document(#[n(0)] DocumentId),
}

/// A fact with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FactItem {
    /// The fact.
    #[n(0)]
    pub fact: Fact,
    /// Where it was logged.
    #[n(1)]
    pub seq: u64,
}

/// A document at its newest state.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DocumentItem {
    /// Its id.
    #[n(0)]
    pub document: DocumentId,
    /// The space it lives in, for ever.
    #[n(1)]
    pub space: SpaceId,
    /// Where its newest change, or its signature, was logged.
    #[n(2)]
    pub seq: u64,
    /// When the server received its first change.
    #[n(3)]
    pub received_at: UnixMillis,
    /// MAC of the organisation over id, space, tag, `received_at` and seq: what the server once confirmed.
    #[n(4)]
    pub receipt: Receipt,
    /// What it holds.
    #[n(5)]
    pub content: Content,
}

/// 16 bytes that only the organisation can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Receipt(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

/// What a document holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Content {
    /// An open document, whole: an Automerge snapshot, uncompressed.
    #[n(0)]
    Whole(#[n(0)] ByteVec),
    /// What came since the device's cursor, in log order; the device has the rest.
    #[n(1)]
    Changes(#[n(0)] Vec<ChangeItem>),
    /// A signed document: its canonical text, always whole. From here on the text is the document.
    /// Signature and heads come on demand: see [`crate::evidence`].
    #[n(2)]
    Signed(#[n(0)] ByteVec),
    /// A copy of another case's signed document that was disclosed: its record as a file (see
    /// [`crate::sign::SignedRecord`]), always whole. It never changes; its tag is over the file's SHA-256.
    #[n(3)]
    Filed(#[n(0)] ByteVec),
}

/// One change of a document that the device already has.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ChangeItem {
    /// Another device's: the change, uncompressed.
    #[n(0)]
    Body(#[n(0)] ByteVec),
    /// This device's own, by its hash: the echo confirms it. A device that lacks it asks for the document whole.
    #[n(1)]
    Own(#[n(0)] Hash32),
}

/// A change that the library refused, or that would act differently by order of arrival, and its descendants.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SetAside {
    /// Its document.
    #[n(0)]
    pub document: DocumentId,
    /// The change.
    #[n(1)]
    pub hash: Hash32,
    /// Why: one English sentence for support.
    #[n(2)]
    pub detail: String,
}

/// Where a page ends.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PageEnd {
    /// To be sent with the next request. Opaque.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub cursor: Vec<u8>,
    /// Whether nothing more was to be told when the page was made.
    #[n(1)]
    pub up_to_date: bool,
    /// The sum of the tags of everything visible; only with `up_to_date`.
    #[n(2)]
    pub digest: Option<Digest>,
    /// How many items (documents and facts) are visible: what a progress bar ends at.
    #[n(3)]
    pub visible: u64,
    /// The log up to here is covered by a completed backup.
    #[n(4)]
    pub safe_seq: u64,
    /// The server's time.
    #[n(5)]
    pub server_time: UnixMillis,
    /// How long the device may be out of contact from here on before it locks itself, in milliseconds; none: as long
    /// as it was told before.
    #[n(6)]
    pub lease_millis: Option<i64>,
}

impl<C> Encode<C> for Digest {
    fn encode<W: minicbor::encode::Write>(
        &self,
        encoder: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.bytes(&self.to_bytes())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Digest {
    fn decode(
        decoder: &mut minicbor::Decoder<'b>,
        _: &mut C,
    ) -> Result<Self, minicbor::decode::Error> {
        let bytes = decoder.bytes()?;
        let sixteen = <[u8; 16]>::try_from(bytes)
            .map_err(|_| minicbor::decode::Error::message("digest is not 16 bytes"))?;
        Ok(Self::from_bytes(sixteen))
    }
}
