//! Receipts: 16 bytes that only the organisation can make, over what the server once confirmed.

use crate::log::{Secret, Seq};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::feed::Receipt;

/// The receipt of a document at one state.
#[must_use]
pub fn make(
    secret: &Secret,
    document: DocumentId,
    space: SpaceId,
    tag: [u8; 16],
    received_at: UnixMillis,
    seq: Seq,
) -> Receipt {
    let parts: [&[u8]; 5] = [
        document.as_bytes(),
        space.as_bytes(),
        &tag,
        &received_at.0.to_be_bytes(),
        &seq.0.to_be_bytes(),
    ];
    Receipt(secret.mac16("receipt-1", &parts))
}
