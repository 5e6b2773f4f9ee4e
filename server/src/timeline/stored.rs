//! Readings as they are stored: JSON in a zstd frame. A reading names every field with its labels, so it is
//! several times its document; compressed it is smaller.

use crate::store::StoreError;
use samspor_documents::reading::Reading;
use samspor_protocol::{frame, limits};

/// A stored reading may be this much when decoded: labels and attribution around a document of full size.
const READING_BYTES_MAX: usize = 16 * limits::DOCUMENT_BYTES_MAX;

/// A reading as it is stored; none when this build cannot write it.
pub(crate) fn encode(reading: &Reading) -> Option<Vec<u8>> {
    let json = serde_json::to_vec(reading).ok()?;
    frame::compress(&json).ok()
}

/// A stored reading.
///
/// # Errors
/// `Damaged` when it is not one of this build's.
pub(crate) fn decode(stored: &[u8]) -> Result<Reading, StoreError> {
    let damaged = || StoreError::Damaged { what: "reading" };
    let json = frame::decompress(stored, READING_BYTES_MAX).map_err(|_| damaged())?;
    serde_json::from_slice(&json).map_err(|_| damaged())
}
