//! Erasing a device on its user's word: the telephone is sold, or another takes it over. What was not delivered would be
//! lost with it, so that has to be said as well.

use super::Device;
use crate::{error::DeviceError, store};
use std::{path::Path, sync::PoisonError};

impl Device {
    /// Whether there is a device's store in the folder.
    #[must_use]
    pub fn is_in(folder: &Path) -> bool {
        folder.join(store::FILE).exists()
    }

    /// Erases everything on this device for good. Where something is not delivered (it waits, or was refused and lies in
    /// the not-delivered box) nothing is erased, unless `even_undelivered` says that it is given up. Begun, it is
    /// finished, when the folder is next opened if need be. The app forgets the store's key afterwards.
    ///
    /// # Errors
    /// `Undelivered`, `SyncRunning`, `HandedOver`, `Folder`: then nothing was erased, but for `Folder`, where the rest is
    /// erased when the folder is next opened.
    pub async fn wipe(&self, even_undelivered: bool) -> Result<(), DeviceError> {
        let device = self.clone();
        tokio::spawn(async move { device.wipe_now(even_undelivered).await })
            .await
            .unwrap_or(Err(DeviceError::Damaged { what: "erasing" }))
    }

    async fn wipe_now(&self, even_undelivered: bool) -> Result<(), DeviceError> {
        let Ok(_no_sync_meanwhile) = self.inner.syncing.try_lock() else {
            return Err(DeviceError::SyncRunning);
        };
        self.inner.gate.check_is_there()?;
        let store = self.inner.gate.behind();
        let items = store.seal_and_count().await?;
        let marked = match items {
            1.. if !even_undelivered => Err(DeviceError::Undelivered { items }),
            _ => store.mark_wiped(),
        };
        if let Err(error) = marked {
            if !self.inner.gate.is_revoked() {
                store.unseal();
            }
            return Err(error);
        }
        self.inner.gate.wipe();
        let erased = store.wipe().await;
        // The device's key is zeroed when its last holder lets go.
        let who = self.inner.who.write();
        *who.unwrap_or_else(PoisonError::into_inner) = None;
        erased
    }
}
