//! Folders of state: copied to be used up, kept to be used again.

use sha2::{Digest as _, Sha256};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Copies a folder with all that is in it; `to` must not be there.
///
/// # Errors
/// When one of its files cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for item in fs::read_dir(from)? {
        let item = item?;
        let target = to.join(item.file_name());
        if item.file_type()?.is_dir() {
            copy(&item.path(), &target)?;
        } else {
            fs::copy(item.path(), target)?;
        }
    }
    Ok(())
}

/// Makes `to` what `from` is.
///
/// # Errors
/// When one of the files cannot be removed, read or written.
pub fn restore(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    copy(from, to)
}

/// Where seeded folders are kept: beside this program, for this build of it only; what other builds left goes.
///
/// # Errors
/// When this program cannot find or read itself, or the folder cannot be made.
pub fn cache() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let build: [u8; 32] = Sha256::digest(fs::read(&program)?).into();
    let name: String = build
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let all = program
        .parent()
        .unwrap_or(Path::new("."))
        .join("bench-seeded");
    let own = all.join(name);
    fs::create_dir_all(&own)?;
    for item in fs::read_dir(&all)? {
        let item = item?.path();
        if item != own {
            fs::remove_dir_all(item)?;
        }
    }
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restored_folder_is_as_the_first() {
        let scratch = tempfile::tempdir().unwrap();
        let (from, to) = (scratch.path().join("from"), scratch.path().join("to"));
        fs::create_dir_all(from.join("keys")).unwrap();
        fs::write(from.join("keys/one"), b"1").unwrap();
        copy(&from, &to).unwrap();
        fs::write(to.join("stray"), b"2").unwrap();
        restore(&from, &to).unwrap();
        assert_eq!(fs::read(to.join("keys/one")).unwrap(), b"1");
        assert!(!to.join("stray").exists());
    }
}
