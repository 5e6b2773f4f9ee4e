//! Files that are there whole or not at all, durable before anyone relies on them, for their owner only.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Makes a folder (and those above it) that only its owner may open.
///
/// # Errors
/// It cannot be made, or something else stands there.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Writes a durable temporary file beside `path` and returns its path.
fn write_beside(path: &Path, content: &[u8]) -> io::Result<PathBuf> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let name = format!(".new-{:016x}", u64::from_be_bytes(random));
    let temporary = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&temporary)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if let Err(error) = written {
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    Ok(temporary)
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Writes a file that is not there yet. If another process made it meanwhile, that one stands.
///
/// # Errors
/// The folder cannot be written.
pub fn write_once(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = write_beside(path, content)?;
    let linked = fs::hard_link(&temporary, path);
    fs::remove_file(&temporary)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_folder_of(path),
    }
}

/// Writes a file in the place of whatever is there.
///
/// # Errors
/// The folder cannot be written; what was there stands.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = write_beside(path, content)?;
    if let Err(error) = fs::rename(&temporary, path) {
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    sync_folder_of(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_to_write_once_stands_and_replacing_replaces() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        write_once(&path, b"first").expect("writes");
        write_once(&path, b"second").expect("passes over");
        assert_eq!(fs::read(&path).expect("reads"), b"first");
        replace(&path, b"third").expect("replaces");
        assert_eq!(fs::read(&path).expect("reads"), b"third");
        assert_eq!(fs::read_dir(folder.path()).expect("reads").count(), 1);
    }
}
