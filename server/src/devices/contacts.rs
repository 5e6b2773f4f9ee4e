//! When each device was last heard of and how it stands: gathered in memory, written every few seconds, set-wise.
//!
//! How many operations wait on a device, since when, and how far its clock is off is what it says of itself. Nothing
//! here is about a citizen or about what is written.

use crate::store::{Store, StoreError};
use samspor_documents::{id::DeviceId, time::UnixMillis};
use samspor_protocol::feed::Tells;
use sqlx::{QueryBuilder, Row as _, Sqlite, sqlite::SqliteRow};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Rows in one statement.
const ROWS_MAX: usize = 200;
/// Nothing waits for longer: what a device says beyond it is taken for this. Ten years, in milliseconds.
const AGE_MILLIS_MAX: u64 = 10 * 366 * 24 * 60 * 60 * 1000;

/// What [`Contact::of`] reads, of a `device_contacts AS c` that may be missing.
pub(crate) const COLUMNS: &str = "c.last_contact_at, c.last_push_at, c.up_to_date_at, c.waiting, c.oldest_waiting_at, c.clock_offset_millis";

/// When a device was last heard of, and how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contact {
    /// By any signed request.
    pub last_contact_at: Option<UnixMillis>,
    /// By a push.
    pub last_push_at: Option<UnixMillis>,
    /// When it was last told that there is nothing more.
    pub up_to_date_at: Option<UnixMillis>,
    /// What it last said of itself; none from a device that does not say.
    pub told: Option<Told>,
}

/// What a device said of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Operations that wait on it to be sent.
    pub waiting: u32,
    /// Since when the oldest waits, by the server's clock.
    pub oldest_waiting_at: Option<UnixMillis>,
    /// What it adds to its clock to get the server's time, in milliseconds.
    pub clock_offset_millis: i64,
}

impl Told {
    fn new(tells: Tells, now: UnixMillis) -> Self {
        let since = |age: u64| {
            let age = i64::try_from(age.min(AGE_MILLIS_MAX)).unwrap_or(i64::MAX);
            UnixMillis(now.0.saturating_sub(age))
        };
        Self {
            waiting: tells.waiting,
            oldest_waiting_at: tells.oldest_millis.map(since),
            clock_offset_millis: tells.clock_offset_millis,
        }
    }
}

impl Contact {
    /// From a row with [`COLUMNS`].
    pub(crate) fn of(row: &SqliteRow) -> Result<Self, StoreError> {
        let at = |name: &str| -> Result<Option<UnixMillis>, StoreError> {
            Ok(row.try_get::<Option<i64>, _>(name)?.map(UnixMillis))
        };
        let waiting: Option<i64> = row.try_get("waiting")?;
        let clock_offset: Option<i64> = row.try_get("clock_offset_millis")?;
        let oldest_waiting_at = at("oldest_waiting_at")?;
        let told = waiting.map(|waiting| Told {
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            oldest_waiting_at,
            clock_offset_millis: clock_offset.unwrap_or(0),
        });
        Ok(Self {
            last_contact_at: at("last_contact_at")?,
            last_push_at: at("last_push_at")?,
            up_to_date_at: at("up_to_date_at")?,
            told,
        })
    }

    /// With what was heard since.
    #[must_use]
    pub fn and_then(self, newer: Self) -> Self {
        Self {
            last_contact_at: newer.last_contact_at.or(self.last_contact_at),
            last_push_at: newer.last_push_at.or(self.last_push_at),
            up_to_date_at: newer.up_to_date_at.or(self.up_to_date_at),
            told: newer.told.or(self.told),
        }
    }

    /// For how long it has not been up to date, in milliseconds; since it was enrolled, if it never was.
    #[must_use]
    pub fn behind_millis(&self, enrolled_at: UnixMillis, now: UnixMillis) -> i64 {
        now.since(self.up_to_date_at.unwrap_or(enrolled_at)).max(0)
    }
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

    fn note(&self, device: DeviceId, news: Contact) {
        let mut heard = self.heard();
        let contact = heard.entry(device).or_default();
        *contact = contact.and_then(news);
    }

    /// Notes a push that was answered.
    pub fn note_push(&self, device: DeviceId, now: UnixMillis) {
        self.note(
            device,
            Contact {
                last_contact_at: Some(now),
                last_push_at: Some(now),
                ..Contact::default()
            },
        );
    }

    /// Notes that a page was asked for, and what the device says of itself.
    pub fn note_asked(&self, device: DeviceId, now: UnixMillis, tells: Option<Tells>) {
        self.note(
            device,
            Contact {
                last_contact_at: Some(now),
                told: tells.map(|tells| Told::new(tells, now)),
                ..Contact::default()
            },
        );
    }

    /// Notes a page that was answered, and whether it says that there is nothing more.
    pub fn note_page(&self, device: DeviceId, now: UnixMillis, up_to_date: bool) {
        self.note(
            device,
            Contact {
                last_contact_at: Some(now),
                up_to_date_at: up_to_date.then_some(now),
                ..Contact::default()
            },
        );
    }

    /// What is known of a device, with what is not written yet.
    #[must_use]
    pub fn newest(&self, device: DeviceId, written: Contact) -> Contact {
        match self.heard().get(&device) {
            Some(heard) => written.and_then(*heard),
            None => written,
        }
    }

    /// Writes what was heard.
    ///
    /// # Errors
    /// The database cannot be written; what was heard is kept for the next time.
    pub async fn write(&self) -> Result<(), StoreError> {
        let taken: Vec<(DeviceId, Contact)> = self.heard().drain().collect();
        for rows in taken.chunks(ROWS_MAX) {
            if let Err(error) = self.write_rows(rows).await {
                let mut heard = self.heard();
                for (device, contact) in &taken {
                    let newer = heard.entry(*device).or_default();
                    *newer = contact.and_then(*newer);
                }
                return Err(error);
            }
        }
        Ok(())
    }

    async fn write_rows(&self, rows: &[(DeviceId, Contact)]) -> Result<(), StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO device_contacts (device, last_contact_at, last_push_at, up_to_date_at, waiting,
               oldest_waiting_at, clock_offset_millis) ",
        );
        query.push_values(rows, |mut values, (device, contact)| {
            let told = contact.told;
            values
                .push_bind(device.as_bytes().to_vec())
                .push_bind(contact.last_contact_at.unwrap_or_default().0)
                .push_bind(contact.last_push_at.map(|at| at.0))
                .push_bind(contact.up_to_date_at.map(|at| at.0))
                .push_bind(told.map(|told| i64::from(told.waiting)))
                .push_bind(told.and_then(|told| told.oldest_waiting_at).map(|at| at.0))
                .push_bind(told.map(|told| told.clock_offset_millis));
        });
        query.push(
            " ON CONFLICT (device) DO UPDATE SET last_contact_at = excluded.last_contact_at,
              last_push_at = coalesce(excluded.last_push_at, last_push_at),
              up_to_date_at = coalesce(excluded.up_to_date_at, up_to_date_at),
              oldest_waiting_at = iif(excluded.waiting IS NULL, oldest_waiting_at, excluded.oldest_waiting_at),
              waiting = coalesce(excluded.waiting, waiting),
              clock_offset_millis = coalesce(excluded.clock_offset_millis, clock_offset_millis)",
        );
        let mut tx = self.store.write().await?;
        query.build().execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000);

    fn tells(waiting: u32, oldest_millis: Option<u64>) -> Tells {
        Tells {
            waiting,
            oldest_millis,
            clock_offset_millis: -3,
        }
    }

    #[test]
    fn what_a_device_says_is_kept_by_the_servers_clock_and_within_reason() {
        let told = Told::new(tells(3, Some(400)), NOW);
        assert_eq!(told.oldest_waiting_at, Some(UnixMillis(999_600)));
        assert_eq!(Told::new(tells(0, None), NOW).oldest_waiting_at, None);
        let absurd = Told::new(tells(1, Some(u64::MAX)), NOW).oldest_waiting_at;
        let least = -i64::try_from(AGE_MILLIS_MAX).expect("fits");
        assert!(absurd.is_some_and(|at| at.0 >= least));
    }

    #[test]
    fn what_is_new_takes_the_place_of_what_was_and_silence_of_nothing() {
        let told = Told::new(tells(3, Some(400)), NOW);
        let written = Contact {
            last_contact_at: Some(UnixMillis(1)),
            last_push_at: Some(UnixMillis(1)),
            up_to_date_at: Some(UnixMillis(1)),
            told: Some(told),
        };
        let page = Contact {
            last_contact_at: Some(UnixMillis(2)),
            ..Contact::default()
        };
        let both = written.and_then(page);
        assert_eq!(both.last_contact_at, Some(UnixMillis(2)));
        assert_eq!(
            (both.up_to_date_at, both.told),
            (Some(UnixMillis(1)), Some(told))
        );
        assert_eq!(both.behind_millis(NOW, UnixMillis(5)), 4);
        assert_eq!(Contact::default().behind_millis(NOW, NOW.plus(9)), 9);
        assert_eq!(Contact::default().behind_millis(NOW, UnixMillis(0)), 0);
    }
}
