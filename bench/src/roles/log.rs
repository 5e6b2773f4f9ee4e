//! How many pages of a database's write-ahead log a transaction wrote: a count, which no other work on the machine moves.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The log's own header, and a page's in it.
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The log of a database.
pub(super) struct Log(PathBuf);

/// What a log holds: which it is, and how many pages of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    salt: Vec<u8>,
    pages: usize,
}

impl Log {
    pub(super) fn of(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push("-wal");
        Self(PathBuf::from(name))
    }

    pub(super) fn held(&self) -> io::Result<Held> {
        Ok(held(&fs::read(&self.0)?))
    }
}

impl Held {
    /// How many pages came to it since; none where the log began anew in between.
    pub(super) fn since(&self, before: &Self) -> Option<usize> {
        (self.salt == before.salt).then(|| self.pages.saturating_sub(before.pages))
    }
}

fn held(bytes: &[u8]) -> Held {
    let salt = bytes.get(16..24).unwrap_or_default().to_vec();
    let page = bytes.get(8..12).and_then(|size| size.try_into().ok());
    let page = usize::try_from(page.map_or(0, u32::from_be_bytes)).unwrap_or(0);
    let frames = bytes.get(HEADER..).unwrap_or_default();
    let frames = frames.chunks_exact(FRAME_HEADER + page);
    // What stands behind them is left of the log before.
    let is_of_it = |frame: &&[u8]| frame.get(8..16) == Some(salt.as_slice());
    let pages = frames.take_while(is_of_it).count();
    Held { salt, pages }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log of pages of 512 bytes, each frame with this salt.
    fn log(salt: u8, frames: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; HEADER];
        bytes[8..12].copy_from_slice(&512_u32.to_be_bytes());
        bytes[16..24].fill(salt);
        for salt in frames {
            let mut frame = vec![0; FRAME_HEADER + 512];
            frame[8..16].fill(*salt);
            bytes.extend(frame);
        }
        bytes
    }

    #[test]
    fn pages_of_this_log_count_and_those_left_of_the_one_before_do_not() {
        let before = held(&log(3, &[3, 3, 2]));
        assert_eq!(before.pages, 2);
        assert_eq!(held(&log(3, &[3, 3, 3, 3, 2])).since(&before), Some(2));
        assert_eq!(held(&log(4, &[4, 3, 3])).since(&before), None);
        assert_eq!(held(&[]).pages, 0);
    }
}
