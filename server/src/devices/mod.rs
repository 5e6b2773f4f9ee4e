//! The devices that are enrolled: their keys, whether they were revoked, and when they were last heard of.
//!
//! The database decides. What is read is remembered until the revision counter moves, which is polled with the
//! log's head: a revocation, also by another process, acts within that quarter of a second, on parked polls too.
//! When a device was last heard of is gathered in memory and written every few seconds.

pub(crate) mod contacts;

use crate::{
    problem::Failure,
    store::{Store, StoreError, id16, id32},
};
use samspor_documents::{
    id::{DeviceId, PractitionerId},
    time::UnixMillis,
};
use sqlx::{Row as _, sqlite::SqliteRow};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;

pub use contacts::{Contact, Contacts};

/// How many devices are remembered at once.
const REMEMBERED_MAX: usize = 20_000;

/// An enrolled device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub device: DeviceId,
    /// Whose it is.
    pub practitioner: PractitionerId,
    /// Its Ed25519 public key.
    pub public_key: [u8; 32],
    /// Its installation.
    pub install: [u8; 16],
    /// When it was enrolled.
    pub enrolled_at: UnixMillis,
    /// When it was revoked.
    pub revoked_at: Option<UnixMillis>,
    /// When another device took its place.
    pub replaced_at: Option<UnixMillis>,
}

impl Device {
    /// Why it may not speak any more, if it may not. What was revoked says so, also when it was replaced as well: it has
    /// to erase itself.
    #[must_use]
    pub const fn barred(&self) -> Option<Failure> {
        match (self.revoked_at, self.replaced_at) {
            (Some(_), _) => Some(Failure::Revoked),
            (None, Some(_)) => Some(Failure::Replaced),
            (None, None) => None,
        }
    }
}

#[derive(Default)]
struct Remembered {
    revision: i64,
    devices: HashMap<DeviceId, Arc<Device>>,
}

/// The enrolled devices of one server.
pub struct Devices {
    store: Store,
    remembered: Mutex<Remembered>,
    revision: watch::Sender<i64>,
    /// When each was last heard of.
    pub contacts: Contacts,
}

/// One device by its id, for [`device_of`].
pub(crate) const SELECT_DEVICE: &str =
    "SELECT device, practitioner, public_key, install, enrolled_at, revoked_at, replaced_at
     FROM devices WHERE device = ?";

/// A device from a row as [`SELECT_DEVICE`] gives.
pub(crate) fn device_of(row: &SqliteRow) -> Result<Device, StoreError> {
    let revoked_at: Option<i64> = row.try_get("revoked_at")?;
    let replaced_at: Option<i64> = row.try_get("replaced_at")?;
    Ok(Device {
        device: DeviceId::from_bytes(id16("device", row.try_get("device")?)?),
        practitioner: PractitionerId::from_bytes(id16("device", row.try_get("practitioner")?)?),
        public_key: id32("device", row.try_get("public_key")?)?,
        install: id16("device", row.try_get("install")?)?,
        enrolled_at: UnixMillis(row.try_get("enrolled_at")?),
        revoked_at: revoked_at.map(UnixMillis),
        replaced_at: replaced_at.map(UnixMillis),
    })
}

impl Devices {
    /// The devices in a database.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            contacts: Contacts::new(store.clone()),
            store,
            remembered: Mutex::default(),
            revision: watch::Sender::new(0),
        }
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, Remembered> {
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The device of an id, revoked or not.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn find(&self, id: DeviceId) -> Result<Option<Arc<Device>>, StoreError> {
        let revision = {
            let remembered = self.remembered();
            if let Some(device) = remembered.devices.get(&id) {
                return Ok(Some(Arc::clone(device)));
            }
            remembered.revision
        };
        let mut tx = self.store.read().await?;
        let row = sqlx::query(SELECT_DEVICE)
            .bind(id.as_bytes().as_slice())
            .fetch_optional(&mut *tx)
            .await?;
        drop(tx);
        let Some(row) = row else { return Ok(None) };
        let device = Arc::new(device_of(&row)?);
        let mut remembered = self.remembered();
        // What was read before the counter moved may be old: answer with it, but do not keep it.
        if remembered.revision == revision {
            if remembered.devices.len() >= REMEMBERED_MAX {
                remembered.devices.clear();
            }
            remembered.devices.insert(id, Arc::clone(&device));
        }
        Ok(Some(device))
    }

    /// Looks at the revision counter once and forgets everything when it moved.
    ///
    /// # Errors
    /// The database cannot be read; what is remembered stays.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let mut tx = self.store.read().await?;
        let now = sqlx::query_scalar("SELECT revision FROM devices_revision WHERE one = 1")
            .fetch_one(&mut *tx)
            .await?;
        drop(tx);
        {
            let mut remembered = self.remembered();
            if remembered.revision == now {
                return Ok(());
            }
            remembered.revision = now;
            remembered.devices.clear();
        }
        self.revision.send_replace(now);
        Ok(())
    }

    /// Ends when this device may not speak any more, and says why; else never.
    pub async fn barred(&self, id: DeviceId) -> Failure {
        let mut revision = self.revision.subscribe();
        loop {
            match self.find(id).await {
                Ok(Some(device)) => {
                    if let Some(barred) = device.barred() {
                        return barred;
                    }
                }
                Ok(None) => return Failure::Unauthenticated,
                // Without an answer nothing is known to be revoked; the next move asks again.
                Err(_) => {}
            }
            if revision.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }
}
