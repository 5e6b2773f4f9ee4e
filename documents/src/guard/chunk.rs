//! Automerge's outer form (its published storage format): magic, checksum, kind, length, content. Read
//! without the library, so that limits come first.

use super::GuardError;
use sha2::{Digest as _, Sha256};

/// What a chunk begins with.
pub const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// A snapshot.
pub const DOCUMENT: u8 = 0;
/// One change.
pub const CHANGE: u8 = 1;
/// One change in DEFLATE.
const COMPRESSED_CHANGE: u8 = 2;

pub(super) const fn malformed(what: &'static str) -> GuardError {
    GuardError::Malformed { what }
}

/// Reads forward through bytes; every step is checked.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub fn take(&mut self, length: usize) -> Result<&'a [u8], GuardError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(malformed("cut short"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// So many bytes as a number that stands before them says.
    pub fn take_prefixed(&mut self) -> Result<&'a [u8], GuardError> {
        let length = self.length()?;
        self.take(length)
    }

    pub fn hash(&mut self) -> Result<[u8; 32], GuardError> {
        self.take(32)?.try_into().map_err(|_| malformed("hash"))
    }

    fn byte(&mut self) -> Result<u8, GuardError> {
        let (&first, rest) = self.rest.split_first().ok_or(malformed("cut short"))?;
        self.rest = rest;
        Ok(first)
    }

    /// An unsigned LEB128 number.
    pub fn unsigned(&mut self) -> Result<u64, GuardError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(malformed("number"));
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(malformed("number"))
    }

    /// A signed LEB128 number.
    pub fn signed(&mut self) -> Result<i64, GuardError> {
        let mut value = 0i64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let sign_shift = shift + 7;
                let negative = byte & 0x40 != 0 && sign_shift < 64;
                return Ok(if negative {
                    value | (-1i64 << sign_shift)
                } else {
                    value
                });
            }
        }
        Err(malformed("number"))
    }

    /// A count or length; never trusted to reserve memory.
    pub fn length(&mut self) -> Result<usize, GuardError> {
        usize::try_from(self.unsigned()?).map_err(|_| malformed("length"))
    }
}

/// The content of the one chunk that `bytes` are, and its SHA-256, which is a change's hash.
pub fn open(bytes: &[u8], kind: u8) -> Result<(Reader<'_>, [u8; 32]), GuardError> {
    let mut reader = Reader::new(bytes);
    if reader.take(4)? != MAGIC {
        return Err(malformed("magic"));
    }
    let checksum = reader.take(4)?;
    let hashed = reader.rest();
    let found = reader.byte()?;
    if found == COMPRESSED_CHANGE {
        return Err(GuardError::Compressed);
    }
    if found != kind {
        return Err(malformed("kind"));
    }
    let length = reader.length()?;
    if reader.rest().len() != length {
        return Err(malformed("length"));
    }
    let hash: [u8; 32] = Sha256::digest(hashed).into();
    if hash.get(..4) != Some(checksum) {
        return Err(malformed("checksum"));
    }
    Ok((reader, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_are_written() {
        let cases: [(&[u8], u64); 4] = [
            (&[0x00], 0),
            (&[0x7f], 127),
            (&[0x80, 0x01], 128),
            (&[0xe5, 0x8e, 0x26], 624_485),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Reader::new(bytes).unsigned(), Ok(expected));
        }
        let cases: [(&[u8], i64); 4] = [
            (&[0x02], 2),
            (&[0x7e], -2),
            (&[0xff, 0x00], 127),
            (&[0xc0, 0xbb, 0x78], -123_456),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Reader::new(bytes).signed(), Ok(expected));
        }
        assert!(Reader::new(&[0xff; 11]).unsigned().is_err());
        assert!(Reader::new(&[0xff; 11]).signed().is_err());
    }
}
