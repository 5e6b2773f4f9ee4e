//! A page on the wire: one zstd frame with CBOR inside, bounded on both sides before anything is allocated.

use crate::{feed::Page, limits, wire, wire::WireError};
use std::io::Read as _;

/// The level pages are compressed at: a higher one saves a tenth for five times the CPU.
pub const LEVEL: i32 = 3;
/// The largest window a receiver grants, as a power of two: 16 MiB.
const WINDOW_LOG_MAX: u32 = 24;

/// One zstd frame of `plain`.
///
/// # Errors
/// `Compression` when the library fails (out of memory).
pub fn compress(plain: &[u8]) -> Result<Vec<u8>, WireError> {
    zstd::bulk::compress(plain, LEVEL).map_err(|_| WireError::Compression { what: "page" })
}

/// What one frame holds, up to `bytes_max` bytes.
///
/// # Errors
/// `TooLarge` when it holds more, `Compression` when it is damaged or cut short.
pub fn decompress(frame: &[u8], bytes_max: usize) -> Result<Vec<u8>, WireError> {
    let damaged = || WireError::Compression { what: "page" };
    let mut decoder = zstd::stream::read::Decoder::with_buffer(frame)
        .map_err(|_| damaged())?
        .single_frame();
    decoder
        .window_log_max(WINDOW_LOG_MAX)
        .map_err(|_| damaged())?;
    let mut plain = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX);
    decoder
        .by_ref()
        .take(limit.saturating_add(1))
        .read_to_end(&mut plain)
        .map_err(|_| damaged())?;
    if plain.len() > bytes_max {
        return Err(WireError::TooLarge {
            what: "page",
            limit: bytes_max,
        });
    }
    Ok(plain)
}

/// A page as one frame.
///
/// # Errors
/// As [`compress`].
pub fn encode_page(page: &Page) -> Result<Vec<u8>, WireError> {
    compress(&wire::encode(page))
}

/// A page from one frame.
///
/// # Errors
/// `TooLarge`, `Compression`, `Malformed` or `Trailing`.
pub fn decode_page(frame: &[u8]) -> Result<Page, WireError> {
    wire::decode("page", &decompress(frame, limits::PAGE_DECODED_BYTES_MAX)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_inflates_beyond_its_limit_is_refused() {
        let bomb = compress(&vec![0; 32 * 1024 * 1024]).expect("compresses");
        assert!(bomb.len() < 8 * 1024);
        assert!(matches!(
            decompress(&bomb, limits::PAGE_DECODED_BYTES_MAX),
            Err(WireError::TooLarge { .. })
        ));
    }

    #[test]
    fn a_frame_cut_short_is_refused() {
        let frame = compress(b"what was seen at the visit").expect("compresses");
        for end in 0..frame.len() {
            assert!(decompress(&frame[..end], 1024).is_err(), "cut at {end}");
        }
        assert_eq!(
            decompress(&frame, 1024).expect("whole"),
            b"what was seen at the visit"
        );
    }
}
