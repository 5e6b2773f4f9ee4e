//! CBOR to and from bytes, whole bodies only: what follows a body is an error, not ignored.

use minicbor::{Decode, Encode};

/// A body that is not what it should be. Says nothing of the content.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Not CBOR, or not of this shape.
    #[error("the body is not a {what} of this protocol version")]
    Malformed {
        /// What was expected.
        what: &'static str,
        /// Where decoding stopped.
        #[source]
        source: minicbor::decode::Error,
    },
    /// Bytes follow the body.
    #[error("bytes follow the {what}")]
    Trailing {
        /// What was read before them.
        what: &'static str,
    },
    /// Over a limit of [`crate::limits`].
    #[error("the {what} is over its limit of {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, in the unit its constant names.
        limit: usize,
    },
    /// The compressed frame is damaged or declares too much.
    #[error("the {what} is not a whole compressed frame")]
    Compression {
        /// What was expected.
        what: &'static str,
    },
}

/// A message as CBOR bytes.
#[must_use]
pub fn encode<T: Encode<()>>(message: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    // Writing to a Vec cannot fail, and no message of this crate refuses to be encoded.
    let _ = minicbor::encode(message, &mut bytes);
    bytes
}

/// A message from exactly these bytes.
///
/// # Errors
/// `Malformed` when the bytes are of another shape or truncated, `Trailing` when more follows.
pub fn decode<'b, T: Decode<'b, ()>>(what: &'static str, bytes: &'b [u8]) -> Result<T, WireError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let message = decoder
        .decode()
        .map_err(|source| WireError::Malformed { what, source })?;
    if decoder.position() == bytes.len() {
        Ok(message)
    } else {
        Err(WireError::Trailing { what })
    }
}
