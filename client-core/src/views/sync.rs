//! What a device tells of its syncs: how it stands, what one did, how far one has come.

use super::Lock;
use samspor_documents::time::UnixMillis;
use serde::{Deserialize, Serialize};

/// How a device stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Status {
    /// When a sync was last begun, by the machine's clock.
    pub last_attempt: Option<UnixMillis>,
    /// When one was last completed.
    pub last_success: Option<UnixMillis>,
    /// Why the last one failed, in one English sentence without personal data; none when it succeeded.
    pub last_error: Option<String>,
    /// The same as a code, with its time; none when the last sync succeeded.
    #[serde(default)]
    pub last_failure: Option<LastFailure>,
    /// The sync under way on this opened device; none when none is.
    #[serde(default)]
    pub under_way: Option<SyncProgress>,
    /// Whether device and server held the same after the last sync; none before the first.
    pub in_sync: Option<bool>,
    /// How often a repair was needed. Should be 0 for ever.
    pub repairs: u64,
    /// Operations that wait to be sent.
    pub waiting: u64,
    /// Their size in bytes, as they will be sent.
    #[serde(default)]
    pub waiting_bytes: u64,
    /// Since when the oldest of them waits, by the machine's clock.
    pub oldest_waiting: Option<UnixMillis>,
    /// When the oldest of them was written, by the writer's clock.
    #[serde(default)]
    pub oldest_written: Option<UnixMillis>,
    /// Operations that the server refused and nobody has dealt with.
    pub not_delivered: u64,
    /// Signatures made here that the server does not have yet.
    #[serde(default)]
    pub signatures_waiting: u64,
    /// Documents that came damaged and are set aside.
    pub set_aside: u64,
    /// Documents on the device.
    pub documents: u64,
    /// Documents that are durable but not in the lists yet.
    pub to_index: u64,
    /// How many items the server holds for this device, as of the last page: a progress bar's end.
    pub visible: u64,
    /// How many of them the device has.
    pub held: u64,
    /// Milliseconds to add to the machine's clock to get the server's.
    pub clock_offset: i64,
    /// Whether the device is locked.
    #[serde(default)]
    pub lock: Lock,
}

/// Why a sync failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastFailure {
    /// When, by the machine's clock.
    pub at: UnixMillis,
    /// Its code: [`DeviceError::code`](crate::DeviceError::code).
    pub code: String,
}

/// How far a sync under way has come. What it still has to do stands beside it in [`Status`]: `waiting` and
/// `waiting_bytes` go up, `visible` less `held` comes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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

/// How to sync once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncOptions {
    /// Stop within this time, wherever it is; nothing is lost. Pages are asked for after the first push, and smaller,
    /// so that each one that comes is kept. None: until done.
    pub budget: Option<std::time::Duration>,
    /// How often a failed request is tried again before the sync gives up.
    pub retries_max: u32,
    /// Whether to return only when the lists are complete as well.
    pub finish_index: bool,
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self {
            budget: None,
            retries_max: 3,
            finish_index: true,
        }
    }
}

/// What a sync that its budget ended left for the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Left {
    /// Operations that wait.
    pub to_send: u64,
    /// Their size in bytes.
    pub to_send_bytes: u64,
    /// Documents and facts that the server holds for this device and that it does not have, as of the last page.
    pub to_receive: u64,
    /// Documents that are durable here but not in the lists yet.
    pub to_index: u64,
}

/// What a sync did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SyncReport {
    /// Operations that the server acknowledged.
    pub pushed: u64,
    /// Operations that it refused, or that a published draft was found to be without: see the not-delivered box.
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

/// A sign of life for those who wait for changes on the device: each number only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Activity {
    /// Local writes kept.
    pub written: u64,
    /// Pages applied.
    pub pages: u64,
    /// Documents put into lists.
    pub indexed: u64,
    /// Pushes sent.
    pub sent: u64,
    /// Pushes that are no longer on their way: answered, failed, or given up.
    pub returned: u64,
    /// Pushes answered.
    pub pushes: u64,
    /// Times the digest agreed.
    pub in_sync: u64,
}
