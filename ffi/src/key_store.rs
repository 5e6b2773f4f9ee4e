//! The store's key, in the platform's own key store: the app lends it through a trait, and may block or throw as the
//! platform does. A key is in memory for as long as it takes to open the store, and is zeroed.
//!
//! What the platform's own side of the call copies on its way here is the platform's to clear.

use crate::{app::OfApp, error::SamsporError};
use samspor_client_core::StoreKey;
use zeroize::{Zeroize as _, Zeroizing};

/// How many bytes a key has.
const KEY_BYTES: usize = 32;

/// The platform's key store, holding one store's key: 32 raw bytes. Called on a thread that may wait, for a person's
/// fingerprint if need be; never twice at once by one device.
#[uniffi::export(rust, foreign)]
pub trait KeyStore: Send + Sync {
    /// The key that was kept; none when none is.
    fn read_key(&self) -> Result<Option<Vec<u8>>, KeyStoreError>;
    /// Keeps a new key, durably before it returns: the store is made with it next.
    fn keep_key(&self, key: Vec<u8>) -> Result<(), KeyStoreError>;
    /// Forgets the key for good: its store was erased. None being there is no error.
    fn forget_key(&self) -> Result<(), KeyStoreError>;
}

/// Why a key store gives no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeyStoreError {
    /// It is locked, or the person did not let it: ask again later.
    #[error("the key store is locked")]
    Locked,
    /// It failed.
    #[error("the key store failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeyStoreError {
    /// What else it threw may say anything: it is not repeated.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

impl From<KeyStoreError> for SamsporError {
    fn from(error: KeyStoreError) -> Self {
        Self::key_store(match error {
            KeyStoreError::Locked => "key_store_locked",
            KeyStoreError::Failed => "key_store_failed",
        })
    }
}

/// A device's key store.
#[derive(Clone)]
pub(crate) struct Keys(pub(crate) OfApp<dyn KeyStore>);

impl Keys {
    /// The key that opens the store.
    pub(crate) async fn read(&self) -> Result<StoreKey, SamsporError> {
        self.find().await?.ok_or_else(SamsporError::no_key)
    }

    /// The key to make a store with: the one that is kept, so that none is ever overwritten, or a new one.
    pub(crate) async fn read_or_make(&self) -> Result<StoreKey, SamsporError> {
        if let Some(key) = self.find().await? {
            return Ok(key);
        }
        let key = StoreKey::make()?;
        let bytes = key.to_bytes();
        self.ask(move |keys| keys.keep_key(bytes.to_vec())).await?;
        Ok(key)
    }

    pub(crate) async fn forget(&self) -> Result<(), SamsporError> {
        self.ask(|keys| keys.forget_key()).await
    }

    async fn find(&self) -> Result<Option<StoreKey>, SamsporError> {
        let found = self.ask(|keys| keys.read_key()).await?;
        found.map(key_of).transpose()
    }

    async fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&(dyn KeyStore + 'static)) -> Result<T, KeyStoreError> + Send + 'static,
    ) -> Result<T, SamsporError> {
        let asked = self.0.call(call).await;
        let asked = asked.unwrap_or(Err(KeyStoreError::Failed));
        Ok(asked?)
    }
}

fn key_of(bytes: Vec<u8>) -> Result<StoreKey, SamsporError> {
    let bytes = Zeroizing::new(bytes);
    let mut key = [0; KEY_BYTES];
    if bytes.len() != key.len() {
        return Err(SamsporError::key_store("bad_key"));
    }
    key.copy_from_slice(&bytes);
    let made = StoreKey::new(key);
    key.zeroize();
    Ok(made)
}
