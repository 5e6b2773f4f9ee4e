//! Sealing: ChaCha20-Poly1305 under a key of its own for each parcel, derived from the organisation's secret. Without the
//! key store, which is kept outside the database and its backups, a parcel is noise.

use crate::{
    keys::{Keys, random},
    store::StoreError,
};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use samspor_documents::id::{DeviceId, SpaceId};
use zeroize::Zeroizing;

const PURPOSE: &str = "quarantine-parcel";

/// Which parcel: whose device's, and of which space. What was sealed as one does not open as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    pub device: DeviceId,
    pub space: SpaceId,
}

impl Label {
    fn bytes(self) -> Vec<u8> {
        [*self.device.as_bytes(), *self.space.as_bytes()].concat()
    }

    fn key(self, keys: &Keys) -> Option<LessSafeKey> {
        let derived = keys.mac(PURPOSE, &[&self.bytes()]);
        let key = Zeroizing::new(derived.0);
        let unbound = UnboundKey::new(&CHACHA20_POLY1305, key.as_slice()).ok()?;
        Some(LessSafeKey::new(unbound))
    }
}

const fn damaged() -> StoreError {
    StoreError::Damaged {
        what: "parcel in quarantine",
    }
}

/// Seals a parcel: nonce, then ciphertext with its tag.
///
/// # Errors
/// `Damaged` when the system gives no random numbers: nothing is sealed then, and nothing may be kept.
pub(super) fn seal(keys: &Keys, label: Label, plain: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    let failed = || StoreError::Damaged {
        what: "source of random numbers",
    };
    let nonce: [u8; NONCE_LEN] = random().map_err(|_| failed())?;
    let key = label.key(keys).ok_or(failed())?;
    let mut content = Zeroizing::new(plain);
    let unique = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(unique, Aad::from(label.bytes()), &mut *content)
        .map_err(|_| failed())?;
    Ok([nonce.as_slice(), &content].concat())
}

/// What was sealed under this label.
///
/// # Errors
/// `Damaged` when it was altered, or sealed under another label or other keys.
pub(super) fn open(
    keys: &Keys,
    label: Label,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let (nonce, content) = sealed.split_at_checked(NONCE_LEN).ok_or(damaged())?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
    let key = label.key(keys).ok_or(damaged())?;
    let mut content = Zeroizing::new(content.to_vec());
    let opened = key.open_in_place(nonce, Aad::from(label.bytes()), &mut content);
    let length = opened.map_err(|_| damaged())?.len();
    content.truncate(length);
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(device: u8, space: u8) -> Label {
        Label {
            device: DeviceId::from_bytes([device; 16]),
            space: SpaceId::from_bytes([space; 16]),
        }
    }

    #[test]
    fn a_parcel_opens_under_its_own_label_and_keys_only_and_whole() {
        let (folder, other) = (tempfile::tempdir(), tempfile::tempdir());
        let (folder, other) = (folder.expect("a folder"), other.expect("a folder"));
        let keys = Keys::open(folder.path(), true).expect("keys");
        let strange = Keys::open(other.path(), true).expect("keys");
        let plain = "skrevet uden dækning".as_bytes();
        let sealed = seal(&keys, label(1, 2), plain.to_vec()).expect("seals");
        let again = seal(&keys, label(1, 2), plain.to_vec()).expect("seals");
        assert_ne!(sealed, again, "no two are alike");
        assert!(!sealed.windows(8).any(|window| window == &plain[..8]));
        assert_eq!(
            open(&keys, label(1, 2), &sealed).expect("opens").as_slice(),
            plain
        );
        let mut altered = sealed.clone();
        altered[20] ^= 1;
        for (name, keys, label, sealed) in [
            ("other keys", &strange, label(1, 2), sealed.as_slice()),
            ("another device", &keys, label(3, 2), &sealed),
            ("another space", &keys, label(1, 3), &sealed),
            ("altered", &keys, label(1, 2), &altered),
            ("cut", &keys, label(1, 2), &sealed[..sealed.len() - 1]),
            ("empty", &keys, label(1, 2), &[]),
        ] {
            assert!(open(keys, label, sealed).is_err(), "{name}");
        }
    }
}
