//! The organisation's secret, as the log, receipts and the keyed CPR column use it: each under a purpose of
//! its own, so that what is made for one says nothing under another.

use crate::keys;
use samspor_protocol::hash::Hash32;
use std::{fmt, sync::Arc};
use zeroize::Zeroizing;

/// The organisation's secret. Redacted when printed, zeroed when the last holder drops it.
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<[u8; 32]>>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

impl Secret {
    /// From the key store's bytes.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(*bytes)))
    }

    /// HMAC-SHA256 of `parts` for one purpose.
    #[must_use]
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Hash32 {
        keys::mac(&self.0, purpose, parts)
    }

    /// The first 16 bytes of [`Self::mac`].
    #[must_use]
    pub fn mac16(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 16] {
        let full = self.mac(purpose, parts).0;
        let mut first = [0; 16];
        first.copy_from_slice(full.split_at(16).0);
        first
    }
}
