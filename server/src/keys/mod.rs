//! The key store: what must outlive the database and must never stand in it or in its backups.
//!
//! A folder `keys/` (for its owner only) holds the organisation's secret, its signing key, and the key and
//! certificate of the server. Each file is made once, whole or not at all, and is durable before it is used.
//! A database without its keys is refused rather than given new ones: receipts, device certificates and
//! pins made with the old ones would silently stop to hold.

mod file;

use crate::certifier::Certifier;
use ed25519_dalek::SigningKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use samspor_documents::id::OrganisationId;
use samspor_protocol::hash::Hash32;
use sha2::Sha256;
use std::{
    fmt, io,
    path::{Path, PathBuf},
};
use zeroize::{Zeroize, Zeroizing};

pub use file::{make_private_folder, replace, write_once};

/// The folder inside the server's folder.
pub const FOLDER: &str = "keys";
const SECRET: &str = "organisation.secret";
const SIGNING: &str = "organisation.key";

/// A key store that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Reading or writing failed.
    #[error("cannot use the key store {path}: see that the folder may be read and written")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file of another length.
    #[error("{path} is not a key of this server: put it back from the key store's own backup")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A database, but no keys.
    #[error("there is a database, but not its key {path}: put `keys/` back from its own backup")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no randomness.
    #[error("the system gives no random numbers")]
    Random(#[source] getrandom::Error),
}

/// The organisation's keys. Redacted when printed, zeroed when dropped.
pub struct Keys {
    secret: Zeroizing<[u8; 32]>,
    signing: SigningKey,
    folder: PathBuf,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(redacted)")
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> KeysError {
    let path = path.to_owned();
    move |source| KeysError::Io { path, source }
}

/// Random bytes of the system.
///
/// # Errors
/// The system has none to give.
pub fn random<const N: usize>() -> Result<[u8; N], KeysError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(KeysError::Random)?;
    Ok(bytes)
}

fn key(path: &Path, may_make: bool) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    if !path.try_exists().map_err(failed(path))? {
        if !may_make {
            return Err(KeysError::Missing {
                path: path.to_owned(),
            });
        }
        let fresh = Zeroizing::new(random::<32>()?);
        write_once(path, fresh.as_slice()).map_err(failed(path))?;
    }
    let mut bytes = std::fs::read(path).map_err(failed(path))?;
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map(Zeroizing::new);
    bytes.zeroize();
    key.map_err(|_| KeysError::Damaged {
        path: path.to_owned(),
    })
}

impl Keys {
    /// The keys in `folder`'s key store; made when there are none and `may_make` (no database yet). Two
    /// processes that make them at once get the same.
    ///
    /// # Errors
    /// The store cannot be read or written, a key is damaged, or is missing and may not be made.
    pub fn open(folder: &Path, may_make: bool) -> Result<Self, KeysError> {
        let folder = folder.join(FOLDER);
        make_private_folder(&folder).map_err(failed(&folder))?;
        let secret = key(&folder.join(SECRET), may_make)?;
        let signing = key(&folder.join(SIGNING), may_make)?;
        Ok(Self {
            secret,
            signing: SigningKey::from_bytes(&signing),
            folder,
        })
    }

    /// The organisation's secret: for receipts, keyed commitments and hashes of one-time codes.
    #[must_use]
    pub fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// Certifies devices of the organisation of this id.
    #[must_use]
    pub fn certifier(&self, organisation: OrganisationId) -> Certifier {
        Certifier::new(organisation, self.signing.clone())
    }

    /// The organisation's signing key.
    #[must_use]
    pub const fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The organisation's public key.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// The key store's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// HMAC-SHA256 of `parts` under the organisation's secret, for one purpose: what is made for one
    /// purpose says nothing under another.
    #[must_use]
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Hash32 {
        mac(&self.secret, purpose, parts)
    }
}

/// HMAC-SHA256 of length-prefixed parts under `secret`, for one purpose.
#[must_use]
pub fn mac(secret: &[u8; 32], purpose: &str, parts: &[&[u8]]) -> Hash32 {
    // HMAC fills a key up to its block of 64 bytes with zeros.
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(secret) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
        mac.update(&part.len().to_be_bytes());
        mac.update(part);
    }
    Hash32(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Keys::open(folder.path(), true).expect("made");
        let again = Keys::open(folder.path(), false).expect("there");
        assert_eq!(first.secret(), again.secret());
        assert_eq!(first.public(), again.public());
        let other = tempfile::tempdir().expect("a folder");
        let other = Keys::open(other.path(), true).expect("made");
        assert_ne!(first.secret(), other.secret());
    }

    #[test]
    fn a_database_without_its_keys_gets_no_new_ones() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = Keys::open(folder.path(), false).expect_err("none there");
        assert!(matches!(error, KeysError::Missing { .. }), "{error}");
    }

    #[test]
    fn a_key_cut_short_is_said_to_be_damaged() {
        let folder = tempfile::tempdir().expect("a folder");
        drop(Keys::open(folder.path(), true).expect("made"));
        let path = folder.path().join(FOLDER).join(SECRET);
        std::fs::write(&path, [1; 31]).expect("writes");
        let error = Keys::open(folder.path(), true).expect_err("damaged");
        assert!(matches!(error, KeysError::Damaged { .. }), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_the_key_store() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let keys = Keys::open(folder.path(), true).expect("made");
        let mode = |path: &Path| {
            let metadata = std::fs::metadata(path).expect("there");
            metadata.permissions().mode() & 0o777
        };
        assert_eq!(mode(keys.folder()), 0o700);
        assert_eq!(mode(&keys.folder().join(SECRET)), 0o600);
        assert_eq!(mode(&keys.folder().join(SIGNING)), 0o600);
        let left = std::fs::read_dir(keys.folder()).expect("reads").count();
        assert_eq!(left, 2, "no temporary file is left");
    }

    #[test]
    fn keys_are_not_printed() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = Keys::open(folder.path(), true).expect("made");
        assert_eq!(format!("{keys:?}"), "Keys(redacted)");
    }

    #[test]
    fn a_mac_depends_on_its_purpose_and_on_where_parts_end() {
        let secret = [7; 32];
        let one = mac(&secret, "a", &[b"bc", b"d"]);
        assert_eq!(one, mac(&secret, "a", &[b"bc", b"d"]));
        assert_ne!(one, mac(&secret, "a", &[b"b", b"cd"]));
        assert_ne!(one, mac(&secret, "ab", &[b"c", b"d"]));
        assert_ne!(one, mac(&[8; 32], "a", &[b"bc", b"d"]));
    }
}
