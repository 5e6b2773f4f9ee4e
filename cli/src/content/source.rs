//! Text from files and from standard input, within a limit; standard input only once.

use crate::{exit::Exit, failure::Failure, words::W};
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// No file with text for one document is larger, in bytes.
const BYTES_MAX: u64 = 4 * 1024 * 1024;

/// What has been read so far.
#[derive(Debug, Default)]
pub struct Sources {
    stdin_used: bool,
}

impl Sources {
    /// The whole text of a file; `-` is standard input.
    ///
    /// # Errors
    /// `file_unreadable`, `file_too_large`, `file_not_text`; `usage` when standard input is named twice.
    pub fn read(&mut self, path: &Path) -> Result<String, Failure> {
        let name = path.display().to_string();
        let unreadable = || input("file_unreadable", W::FILE_UNREADABLE, &name);
        let mut bytes = Vec::new();
        let read = if path == Path::new("-") {
            if std::mem::replace(&mut self.stdin_used, true) {
                return Err(Failure::new(Exit::Usage, "usage", W::USAGE_STDIN_TWICE));
            }
            io::stdin()
                .lock()
                .take(BYTES_MAX + 1)
                .read_to_end(&mut bytes)
        } else {
            let file = File::open(path).map_err(|_| unreadable())?;
            file.take(BYTES_MAX + 1).read_to_end(&mut bytes)
        };
        read.map_err(|_| unreadable())?;
        if bytes.len() as u64 > BYTES_MAX {
            return Err(input("file_too_large", W::FILE_TOO_LARGE, &name)
                .with("most", BYTES_MAX.to_string()));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| input("file_not_text", W::FILE_NOT_TEXT, &name))?;
        Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
    }
}

/// A failure about a file.
pub fn input(code: &'static str, words: W, file: &str) -> Failure {
    Failure::new(Exit::Input, code, words).with("file", file)
}
