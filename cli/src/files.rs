//! Files that only their owner may read.

use crate::{exit::Exit, failure::Failure, words::W};
use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::Path,
};

/// Writes a new file that only its owner may read. One that is there is not overwritten.
///
/// # Errors
/// `file_exists`, `file_unwritable`, `disk_full`.
pub fn save_new(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let save = || {
        let mut file = owner_only(&mut fs::OpenOptions::new())
            .write(true)
            .create_new(true)
            .open(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    save().map_err(|error: std::io::Error| {
        match error.kind() {
            ErrorKind::AlreadyExists => Failure::new(Exit::Folder, "file_exists", W::FILE_EXISTS),
            ErrorKind::StorageFull => Failure::new(Exit::Folder, "disk_full", W::DISK_FULL),
            _ => Failure::new(Exit::Folder, "file_unwritable", W::FILE_UNWRITABLE),
        }
        .with("file", path.display().to_string())
    })
}

/// Lets only the owner read what is made.
#[cfg(unix)]
pub fn owner_only(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

/// Elsewhere the folder's own protection holds.
#[cfg(not(unix))]
pub fn owner_only(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    options
}
