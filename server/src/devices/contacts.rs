//! When each device was last heard of: gathered in memory, written every few seconds, set-wise.

use crate::store::{Store, StoreError};
use samspor_documents::{id::DeviceId, time::UnixMillis};
use sqlx::{QueryBuilder, Sqlite};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Rows in one statement.
const ROWS_MAX: usize = 200;

/// When a device was last heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// By any signed request.
    pub last_contact_at: UnixMillis,
    /// By a push.
    pub last_push_at: Option<UnixMillis>,
}

/// What was heard since it was last written.
pub struct Contacts {
    store: Store,
    heard: Mutex<HashMap<DeviceId, Contact>>,
}

impl Contacts {
    pub(super) fn new(store: Store) -> Self {
        Self {
            store,
            heard: Mutex::default(),
        }
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, HashMap<DeviceId, Contact>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a signed request.
    pub fn note(&self, device: DeviceId, now: UnixMillis, pushed: bool) {
        let mut heard = self.heard();
        let contact = heard.entry(device).or_insert(Contact {
            last_contact_at: now,
            last_push_at: None,
        });
        contact.last_contact_at = now;
        if pushed {
            contact.last_push_at = Some(now);
        }
    }

    /// When a device was heard of, if that is not written yet.
    pub fn heard_of(&self, device: DeviceId) -> Option<UnixMillis> {
        self.heard()
            .get(&device)
            .map(|contact| contact.last_contact_at)
    }

    /// Writes what was heard.
    ///
    /// # Errors
    /// The database cannot be written; what was heard is kept for the next time, unless heard anew.
    pub async fn write(&self) -> Result<(), StoreError> {
        let taken: Vec<(DeviceId, Contact)> = self.heard().drain().collect();
        for rows in taken.chunks(ROWS_MAX) {
            if let Err(error) = self.write_rows(rows).await {
                let mut heard = self.heard();
                for (device, contact) in &taken {
                    heard.entry(*device).or_insert(*contact);
                }
                return Err(error);
            }
        }
        Ok(())
    }

    async fn write_rows(&self, rows: &[(DeviceId, Contact)]) -> Result<(), StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO device_contacts (device, last_contact_at, last_push_at) ",
        );
        query.push_values(rows, |mut values, (device, contact)| {
            values
                .push_bind(device.as_bytes().to_vec())
                .push_bind(contact.last_contact_at.0)
                .push_bind(contact.last_push_at.map(|at| at.0));
        });
        query.push(
            " ON CONFLICT (device) DO UPDATE SET last_contact_at = excluded.last_contact_at,
              last_push_at = coalesce(excluded.last_push_at, last_push_at)",
        );
        let mut tx = self.store.write().await?;
        query.build().execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
