//! Evidence: what proves a signed text, asked for when somebody needs it.
//!
//! Signatures and heads do not compress and few readers need them, so the feed leaves them out. The answer is a file
//! as [`crate::sign::SignedRecord::to_file`] makes it, with the certificates of all who signed, the organisation's key
//! and the server's receipt. Who asks checks it by [`crate::sign::SignedRecord::verify`] before relying on it.

use minicbor::{Decode, Encode};
use samspor_documents::id::DocumentId;

/// What a device asks. A document that is not signed and one that the reader may not see get the same answer:
/// [`crate::problem::code::NOT_FOUND`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct EvidenceRequest {
    /// Of which document.
    #[n(0)]
    pub document: DocumentId,
}
