//! What every handler shares.

use crate::{
    devices::Devices, keys::Keys, names::Directory, settings::Settings, store::Store, sync::Core,
};
use samspor_documents::id::OrganisationId;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// The running server's parts. Shared by reference; nothing in it is rebuilt while it runs.
pub struct App {
    /// What it was started with.
    pub settings: Settings,
    /// The address that devices and browsers use.
    pub url: String,
    /// The database.
    pub store: Store,
    /// The organisation's keys.
    pub keys: Keys,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The log, the projector, push and feed.
    pub core: Core,
    /// Names of teams and people.
    pub directory: Directory,
    /// Who may speak.
    pub devices: Devices,
    /// How many pages may be kept fresh at once.
    pub streams: Arc<Semaphore>,
    /// Deliveries of revoked devices that may arrive at once.
    pub deliveries: Semaphore,
    /// Set when the server begins to stop: parked requests end.
    pub stopping: CancellationToken,
}
