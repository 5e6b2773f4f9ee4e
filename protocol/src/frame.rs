//! Compression on the wire: a page is one zstd frame with CBOR inside, a push may be. Bounded on both sides before
//! anything is allocated.

use crate::{feed::Page, limits, wire, wire::WireError};
use std::{
    borrow::Cow,
    io::Read as _,
    sync::{Mutex, PoisonError},
};
use zstd::bulk::Compressor;

/// The level pages are compressed at: a higher one saves a tenth for five times the CPU.
pub const LEVEL: i32 = 3;
/// The largest window a receiver grants, as a power of two: 16 MiB.
const WINDOW_LOG_MAX: u32 = 24;

/// What every zstd frame begins with. No CBOR of this protocol does: the first byte would be a negative number.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// A body below this is sent as it is: there is nothing to win.
const PACKED_BYTES_MIN: usize = 256;

/// A request body as it travels: one frame where that is smaller, else as it is.
#[must_use]
pub fn pack(plain: Vec<u8>) -> Vec<u8> {
    if plain.len() < PACKED_BYTES_MIN {
        return plain;
    }
    match compress(&plain) {
        Ok(frame) if frame.len() < plain.len() => frame,
        _ => plain,
    }
}

/// A request body as it was before [`pack`], up to `bytes_max` bytes.
///
/// # Errors
/// As [`decompress`].
pub fn unpack(body: &[u8], bytes_max: usize) -> Result<Cow<'_, [u8]>, WireError> {
    if body.starts_with(&MAGIC) {
        decompress(body, bytes_max).map(Cow::Owned)
    } else {
        Ok(Cow::Borrowed(body))
    }
}

/// Compressors at rest. Making one costs more than compressing a small page; each holds some megabytes.
static AT_REST: Mutex<Vec<Compressor<'static>>> = Mutex::new(Vec::new());
/// So many are kept; what is needed beyond at once is made and let go.
const AT_REST_MAX: usize = 4;

/// One zstd frame of `plain`.
///
/// # Errors
/// `Compression` when the library fails (out of memory).
pub fn compress(plain: &[u8]) -> Result<Vec<u8>, WireError> {
    let at_rest = || AT_REST.lock().unwrap_or_else(PoisonError::into_inner);
    let rested = at_rest().pop();
    let failed = |_| WireError::Compression { what: "frame" };
    let mut compressor = match rested {
        Some(compressor) => compressor,
        None => Compressor::new(LEVEL).map_err(failed)?,
    };
    let frame = compressor.compress(plain).map_err(failed)?;
    let mut at_rest = at_rest();
    if at_rest.len() < AT_REST_MAX {
        at_rest.push(compressor);
    }
    Ok(frame)
}

/// What one frame holds, up to `bytes_max` bytes.
///
/// # Errors
/// `TooLarge` when it holds more, `Compression` when it is damaged or cut short, `Trailing` when anything follows it.
pub fn decompress(frame: &[u8], bytes_max: usize) -> Result<Vec<u8>, WireError> {
    let damaged = || WireError::Compression { what: "frame" };
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
            what: "frame",
            limit: bytes_max,
        });
    }
    if !decoder.finish().is_empty() {
        return Err(WireError::Trailing { what: "frame" });
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
    fn a_body_is_packed_where_it_pays_and_read_either_way() {
        for plain in [
            Vec::new(),
            vec![0x81; 20],
            b"hun sover godt ".repeat(100),
            (0..=255).collect(),
        ] {
            let body = pack(plain.clone());
            assert!(body.len() <= plain.len());
            assert_eq!(unpack(&body, 4096).expect("packed here"), plain);
        }
        assert!(pack(b"hun sover godt ".repeat(100)).len() < 100);
        let bomb = compress(&vec![0; 32 * 1024 * 1024]).expect("compresses");
        assert!(matches!(
            unpack(&bomb, limits::PUSH_BYTES_MAX),
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

    #[test]
    fn what_follows_a_frame_is_refused_and_never_passed_over() {
        let frame = compress(b"what was seen at the visit").expect("compresses");
        for more in [b"x".to_vec(), frame.clone(), vec![0; 64 * 1024]] {
            let body = [frame.clone(), more].concat();
            assert!(matches!(
                decompress(&body, 1024),
                Err(WireError::Trailing { .. })
            ));
        }
    }
}
