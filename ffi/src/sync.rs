//! Syncing once: until done, or within the time that the system grants what runs in the background.

use crate::{device::Device, error::SamsporError};
use samspor_client_core::{
    LastFailure, Left, Lock, Locked, Status, SyncOptions, SyncProgress, SyncReport,
};
use samspor_documents::time::UnixMillis;
use std::time::Duration;

/// Why a device is locked by its organisation.
#[uniffi::remote(Enum)]
pub enum Locked {
    /// It was out of contact for longer than the organisation allows. The next contact unlocks it.
    LeaseEnded,
    /// It was revoked, and has not handed over yet what it could not deliver.
    Revoked,
}

/// Whether a device is locked by its organisation, and when it will be.
#[uniffi::remote(Record)]
pub struct Lock {
    /// Why it is; none while it is not.
    pub locked: Option<Locked>,
    /// When it locks itself without contact, by the machine's clock; none before enrolment.
    pub lease_ends_at: Option<UnixMillis>,
}

/// Why a sync failed.
#[uniffi::remote(Record)]
pub struct LastFailure {
    /// When, by the machine's clock.
    pub at: UnixMillis,
    /// Its code.
    pub code: String,
}

/// How far a sync under way has come.
#[uniffi::remote(Record)]
pub struct SyncProgress {
    /// Whether no sync was ever completed here.
    pub first: bool,
    /// Operations that the server acknowledged.
    pub sent: u64,
    /// Documents and facts received, and own changes confirmed.
    pub received: u64,
    /// Bytes of bodies sent.
    pub bytes_up: u64,
    /// Bytes of bodies received.
    pub bytes_down: u64,
}

/// How a device stands, in numbers.
#[uniffi::remote(Record)]
pub struct Status {
    /// When a sync was last begun, by the machine's clock.
    pub last_attempt: Option<UnixMillis>,
    /// When one was last completed.
    pub last_success: Option<UnixMillis>,
    /// Why the last one failed, in one English sentence; none when it succeeded.
    pub last_error: Option<String>,
    /// The same as a code, with its time.
    pub last_failure: Option<LastFailure>,
    /// The sync under way; none when none is.
    pub under_way: Option<SyncProgress>,
    /// Whether device and server held the same after the last sync; none before the first.
    pub in_sync: Option<bool>,
    /// How often a repair was needed. Should be 0 for ever.
    pub repairs: u64,
    /// Operations that wait to be sent.
    pub waiting: u64,
    /// Their size in bytes.
    pub waiting_bytes: u64,
    /// Since when the oldest of them waits, by the machine's clock.
    pub oldest_waiting: Option<UnixMillis>,
    /// When the oldest of them was written, by the writer's clock.
    pub oldest_written: Option<UnixMillis>,
    /// Operations that the server refused and nobody has dealt with.
    pub not_delivered: u64,
    /// Signatures made here that the server does not have yet.
    pub signatures_waiting: u64,
    /// Documents that came damaged and are set aside.
    pub set_aside: u64,
    /// Documents on the device.
    pub documents: u64,
    /// Documents that are durable but not in the lists yet.
    pub to_index: u64,
    /// How many items the server holds for this device: a progress bar's end.
    pub visible: u64,
    /// How many of them the device has.
    pub held: u64,
    /// Milliseconds to add to the machine's clock to get the server's.
    pub clock_offset: i64,
    /// Whether the device is locked.
    pub lock: Lock,
}

/// What a sync that its budget ended left for the next one.
#[uniffi::remote(Record)]
pub struct Left {
    /// Operations that wait.
    pub to_send: u64,
    /// Their size in bytes.
    pub to_send_bytes: u64,
    /// Documents and facts that the device does not have yet.
    pub to_receive: u64,
    /// Documents that are durable here but not in the lists yet.
    pub to_index: u64,
}

/// What a sync did.
#[uniffi::remote(Record)]
pub struct SyncReport {
    /// Operations that the server acknowledged.
    pub pushed: u64,
    /// Operations that it refused: see the not-delivered box.
    pub refused: u64,
    /// Documents and facts received, and own changes confirmed.
    pub received: u64,
    /// Requests answered.
    pub round_trips: u64,
    /// Bytes of bodies sent.
    pub bytes_up: u64,
    /// Bytes of bodies received.
    pub bytes_down: u64,
    /// Whether everything the server had to tell was received.
    pub up_to_date: bool,
    /// Whether device and server hold the same, checked by digest.
    pub in_sync: bool,
    /// Whether the outbox was empty at the end.
    pub all_sent: bool,
    /// Whether the budget ended it.
    pub out_of_time: bool,
    /// Repairs made.
    pub repairs: u64,
    /// What the budget left undone; none when the sync ended by itself.
    pub left: Option<Left>,
}

#[uniffi::export]
impl Device {
    /// Syncs once, until done. It goes on when nobody waits for it any more; `stop_sync` ends it.
    ///
    /// # Errors
    /// `NoContact`, `Server`, `Revoked`, `Refused` (`sync_running`, `stopped`): whatever was received and sent stands.
    pub async fn sync(&self) -> Result<SyncReport, SamsporError> {
        self.ask(async move |device| device.sync(SyncOptions::default()).await)
            .await
    }

    /// Syncs once for so many milliseconds at most. The report says what is left for the next time.
    ///
    /// # Errors
    /// As [`Device::sync`].
    pub async fn sync_within(&self, millis: u64) -> Result<SyncReport, SamsporError> {
        let budget = Duration::from_millis(millis);
        self.ask(async move |device| device.sync_within(budget).await)
            .await
    }

    /// Stops every sync of this device where it is, live ones as well. Nothing is lost by that.
    pub fn stop_sync(&self) {
        self.shared.stop();
    }
}
