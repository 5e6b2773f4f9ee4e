//! The store's key as a file: given, or made beside the store at first use. Apps keep the key in the
//! platform's key store instead; a file is for the command line only, and the documentation says so.

use crate::{exit::Exit, failure::Failure, files::owner_only, output::Output, words::W};
use samspor_client_core::StoreKey;
use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The key file's name inside the device's folder.
pub const FILE: &str = "store.key";
/// A key file is not longer than this, in bytes.
const BYTES_MAX: usize = 4096;

/// The store's name inside the device's folder.
const STORE: &str = "samspor.db";

/// Whether a folder holds a device's store.
pub fn store_in(folder: &Path) -> bool {
    folder.join(STORE).exists()
}

/// Overwrites and removes the key that was made in the folder. One that was given lies where its owner put it.
pub fn forget(folder: &Path) {
    let path = folder.join(FILE);
    if let Ok(length) = fs::metadata(&path).map(|file| file.len()) {
        let zeros = vec![0; usize::try_from(length).unwrap_or(0).min(BYTES_MAX)];
        // Without its store the key opens nothing: what cannot be removed is of no use.
        let _ = fs::write(&path, zeros);
        let _ = fs::remove_file(&path);
    }
}

/// Where the key is.
pub struct KeyPlace {
    path: PathBuf,
    given: bool,
}

impl KeyPlace {
    /// The file given, else the one in the folder.
    pub fn new(given: Option<&Path>, folder: &Path) -> Self {
        Self {
            path: given.map_or_else(|| folder.join(FILE), Path::to_owned),
            given: given.is_some(),
        }
    }

    /// Reads the key of a store that is there.
    ///
    /// # Errors
    /// `key_gone`, `key_unreadable`, `bad_key`.
    pub fn read(&self, out: &Output) -> Result<StoreKey, Failure> {
        let text = match fs::read_to_string(&self.path).map(Zeroizing::new) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound && !self.given => {
                return Err(self.about(Failure::new(Exit::Store, "key_gone", W::KEY_GONE)));
            }
            Err(_) => {
                return Err(self.about(Failure::new(
                    Exit::Store,
                    "key_unreadable",
                    W::KEY_UNREADABLE,
                )));
            }
        };
        self.warn_if_open(out);
        if text.len() > BYTES_MAX {
            return Err(self.about(Failure::new(Exit::Store, "bad_key", W::BAD_KEY)));
        }
        StoreKey::from_hex(&text)
            .map_err(|_| self.about(Failure::new(Exit::Store, "bad_key", W::BAD_KEY)))
    }

    /// The key for a new store: the given file's, else a new one, written to the folder for its owner only.
    ///
    /// # Errors
    /// As for `read`; `folder` when the file cannot be written.
    pub fn read_or_make(&self, out: &Output) -> Result<StoreKey, Failure> {
        if self.given || self.path.exists() {
            return self.read(out);
        }
        let key = StoreKey::make().map_err(super::error::failure)?;
        self.write(&key).map_err(|_| {
            let folder = self.path.parent().unwrap_or(&self.path);
            Failure::new(Exit::Folder, "folder", W::FOLDER_UNUSABLE)
                .with("folder", folder.display().to_string())
        })?;
        Ok(key)
    }

    fn write(&self, key: &StoreKey) -> std::io::Result<()> {
        let mut file = owner_only(&mut fs::OpenOptions::new())
            .write(true)
            .create_new(true)
            .open(&self.path)?;
        file.write_all(key.to_hex().as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    }

    fn about(&self, failure: Failure) -> Failure {
        failure.with("file", self.path.display().to_string())
    }

    fn warn_if_open(&self, out: &Output) {
        if is_open_to_others(&self.path) {
            out.note(
                W::KEY_OPEN_TO_OTHERS,
                &[("file", &self.path.display().to_string())],
            );
        }
    }
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Lang;

    fn out() -> Output {
        Output::new(Lang::En, true)
    }

    #[test]
    fn a_key_is_made_once_and_read_ever_after() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = KeyPlace::new(None, folder.path());
        assert_eq!(place.read(&out()).expect_err("none yet").code, "key_gone");
        let made = place.read_or_make(&out()).expect("a key").to_hex();
        assert_eq!(
            *place.read_or_make(&out()).expect("the key").to_hex(),
            *made
        );
        assert!(!is_open_to_others(&folder.path().join(FILE)));
    }

    #[test]
    fn a_given_key_file_is_never_made_and_must_be_a_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("my.key");
        let place = KeyPlace::new(Some(&path), folder.path());
        assert_eq!(
            place.read_or_make(&out()).expect_err("absent").code,
            "key_unreadable"
        );
        assert!(!path.exists());
        fs::write(&path, "not a key").expect("writes");
        let failure = place.read_or_make(&out()).expect_err("no key");
        assert_eq!((failure.code, failure.exit), ("bad_key", Exit::Store));
    }
}
