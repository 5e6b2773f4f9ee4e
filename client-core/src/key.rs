//! Secrets of a device: the key of its store and the key it signs with. Redacted when printed, zeroed
//! when dropped, never cloned.

use crate::error::DeviceError;
use ed25519_dalek::SigningKey;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The raw 32-byte key of a device's store. The app hands it in from the platform's key store.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct StoreKey([u8; 32]);

impl StoreKey {
    /// From its 32 bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key from the operating system's randomness.
    ///
    /// # Errors
    /// `Randomness` when the system gives none.
    pub fn make() -> Result<Self, DeviceError> {
        Ok(Self(random_bytes()?))
    }

    /// Its 32 bytes: for whoever keeps it in a key store.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0)
    }

    /// The key as 64 hexadecimal digits: for whoever keeps it (a key store, a file only its owner reads).
    #[must_use]
    pub fn to_hex(&self) -> Zeroizing<String> {
        let mut hex = Zeroizing::new(String::with_capacity(64));
        for byte in self.0 {
            for digit in [byte >> 4, byte & 15] {
                hex.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
        hex
    }

    /// From 64 hexadecimal digits.
    ///
    /// # Errors
    /// `BadKey` when it is anything else.
    pub fn from_hex(text: &str) -> Result<Self, DeviceError> {
        let digits: Zeroizing<Vec<u8>> = Zeroizing::new(
            text.trim()
                .chars()
                .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
                .collect::<Option<Vec<u8>>>()
                .ok_or(DeviceError::BadKey)?,
        );
        let mut bytes = [0; 32];
        if digits.len() != bytes.len() * 2 {
            return Err(DeviceError::BadKey);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().fold(0, |value, digit| (value << 4) | digit);
        }
        Ok(Self(bytes))
    }

    /// The value of SQLCipher's `key` pragma: a raw key, no passphrase derivation.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("\"x'{}'\"", *self.to_hex()))
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey(redacted)")
    }
}

/// The Ed25519 key that a device signs its requests with. `ed25519-dalek` zeroes it on drop.
pub(crate) struct DeviceKey(pub(crate) SigningKey);

impl DeviceKey {
    /// A new key from the operating system's randomness.
    pub(crate) fn make() -> Result<Self, DeviceError> {
        let seed = Zeroizing::new(random_bytes::<32>()?);
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// From its seed as it is kept in the encrypted store.
    pub(crate) fn from_seed(seed: &[u8]) -> Result<Self, DeviceError> {
        let seed: &[u8; 32] = seed
            .try_into()
            .map_err(|_| DeviceError::Damaged { what: "device key" })?;
        Ok(Self(SigningKey::from_bytes(seed)))
    }

    /// Its seed, for the encrypted store only.
    pub(crate) fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey(redacted)")
    }
}

/// So many bytes of the operating system's randomness.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], DeviceError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|source| DeviceError::Randomness { source })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_key_reads_back_from_its_digits_and_is_never_printed() {
        let key = StoreKey::new([0xa5; 32]);
        let again = StoreKey::from_hex(&key.to_hex()).expect("digits");
        assert_eq!(again.0, key.0);
        assert_eq!(format!("{key:?}"), "StoreKey(redacted)");
        assert_eq!(
            format!("{:?}", DeviceKey::make().expect("randomness")),
            "DeviceKey(redacted)"
        );
    }

    #[test]
    fn what_is_not_a_key_is_refused() {
        for text in ["", "a5", &"g5".repeat(32), &"a5".repeat(33)] {
            assert!(matches!(StoreKey::from_hex(text), Err(DeviceError::BadKey)));
        }
    }
}
