//! A device as an app holds it: made or opened, enrolled, locked and unlocked, wiped, closed.
//!
//! Locked, the store is closed and its key is gone from memory; the key store is asked for it again to unlock. That is the
//! app's lock. The one that the organisation's lease puts on a device stands in its status, and a sync opens it.

use crate::{
    app::OfApp,
    error::SamsporError,
    key_store::{KeyStore, Keys},
    rows::Identity,
    runtime::hand_over,
};
use samspor_client_core::{
    self as client, DeviceError, DeviceOptions, EnrolmentCode, PractitionerRow, Status, TeamRow,
};
use std::{
    path::PathBuf,
    sync::{
        self, Arc, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{Mutex, RwLock, watch};

/// Where a device is kept.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Place {
    /// The folder of its store: one practitioner's, made when it is not there.
    pub folder: String,
    /// Where this installation's id is kept, outside what backups copy, so that a copied store is noticed; in the
    /// folder when none.
    #[uniffi(default = None)]
    pub install_file: Option<String>,
}

impl Place {
    fn folder(&self) -> PathBuf {
        PathBuf::from(&self.folder)
    }

    fn options(&self) -> DeviceOptions {
        DeviceOptions {
            install_file: self.install_file.as_ref().map(PathBuf::from),
            ..DeviceOptions::default()
        }
    }
}

/// A device: everything a person does on it.
#[derive(uniffi::Object)]
pub struct Device {
    pub(crate) shared: Arc<Shared>,
}

/// What calls under way hold on to, also when the app has let go of the device.
pub(crate) struct Shared {
    place: Place,
    keys: Keys,
    /// The open store; none while it is locked. Each call holds it open until the call has ended.
    slot: RwLock<Option<client::Device>>,
    /// Raised by one to stop what is on its way to or from the server.
    stops: watch::Sender<u64>,
    /// Held by whoever asks the key store: it is asked one thing at a time.
    asking: Mutex<()>,
    /// How often it was locked: an unlocking that was overtaken by a lock opens nothing.
    locks: AtomicU64,
}

impl Shared {
    /// Does the work on the open store.
    pub(crate) async fn with<T, F>(
        &self,
        work: impl FnOnce(client::Device) -> F,
    ) -> Result<T, SamsporError>
    where
        F: Future<Output = Result<T, DeviceError>>,
    {
        let slot = self.slot.read().await;
        let device = slot.clone().ok_or_else(SamsporError::closed)?;
        Ok(work(device).await?)
    }

    /// The same for what waits for the server: a stop ends it where it is, and nothing is lost.
    pub(crate) async fn with_server<T, F>(
        &self,
        work: impl FnOnce(client::Device) -> F,
    ) -> Result<T, SamsporError>
    where
        F: Future<Output = Result<T, DeviceError>>,
    {
        let mut stops = self.stops.subscribe();
        tokio::select! {
            done = self.with(work) => done,
            _ = stops.changed() => Err(SamsporError::stopped()),
        }
    }

    /// Stops what waits for the server.
    pub(crate) fn stop(&self) {
        self.stops.send_modify(|stops| *stops += 1);
    }

    /// Tells when it is to stop.
    pub(crate) fn stops(&self) -> watch::Receiver<u64> {
        self.stops.subscribe()
    }

    async fn lock(&self) {
        self.locks.fetch_add(1, Ordering::SeqCst);
        self.stop();
        let device = self.slot.write().await.take();
        if let Some(device) = device {
            device.close().await;
        }
    }

    async fn unlock(&self) -> Result<(), SamsporError> {
        if self.slot.read().await.is_some() {
            return Ok(());
        }
        let locks = self.locks.load(Ordering::SeqCst);
        let _asking = self.asking.lock().await;
        // The store is nobody's meanwhile: a person may take their time over a fingerprint.
        let key = self.keys.read().await?;
        let mut slot = self.slot.write().await;
        if self.locks.load(Ordering::SeqCst) != locks {
            return Err(SamsporError::closed());
        }
        if slot.is_none() {
            let folder = self.place.folder();
            *slot = Some(client::Device::open(&folder, key, self.place.options()).await?);
        }
        Ok(())
    }

    async fn wipe(&self, even_undelivered: bool) -> Result<(), SamsporError> {
        self.stop();
        let mut slot = self.slot.write().await;
        if let Some(device) = slot.as_ref() {
            match device.wipe(even_undelivered).await {
                // Erased already: what is left is to forget the key.
                Ok(()) | Err(DeviceError::Wiped | DeviceError::HandedOver { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        } else if client::Device::is_in(&self.place.folder()) {
            return Err(SamsporError::closed());
        }
        if let Some(device) = slot.take() {
            device.close().await;
        }
        self.keys.forget().await
    }
}

/// Every device of this process that somebody holds, or that a call under way works on.
fn made() -> MutexGuard<'static, Vec<Weak<Shared>>> {
    static MADE: sync::Mutex<Vec<Weak<Shared>>> = sync::Mutex::new(Vec::new());
    MADE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Closes every store, each once the calls on it have ended.
pub(crate) async fn close_all() {
    let open: Vec<_> = made().iter().filter_map(Weak::upgrade).collect();
    for shared in open {
        shared.lock().await;
    }
}

impl Device {
    fn new(place: Place, keys: Keys, opened: client::Device) -> Arc<Self> {
        let shared = Shared {
            place,
            keys,
            slot: RwLock::new(Some(opened)),
            stops: watch::Sender::new(0),
            asking: Mutex::new(()),
            locks: AtomicU64::new(0),
        };
        Arc::new(Self {
            shared: Arc::new(shared),
        })
    }

    /// Does the work on the open store, to its end, whoever waits for it.
    pub(crate) async fn run<T, F>(
        &self,
        work: impl FnOnce(client::Device) -> F + Send + 'static,
    ) -> Result<T, SamsporError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, DeviceError>> + Send,
    {
        let shared = Arc::clone(&self.shared);
        hand_over(async move { shared.with(work).await }).await
    }

    /// The same for what waits for the server, and can be stopped.
    pub(crate) async fn ask<T, F>(
        &self,
        work: impl FnOnce(client::Device) -> F + Send + 'static,
    ) -> Result<T, SamsporError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, DeviceError>> + Send,
    {
        let shared = Arc::clone(&self.shared);
        hand_over(async move { shared.with_server(work).await }).await
    }
}

#[uniffi::export]
impl Device {
    /// Makes a new store, with the key that the key store holds or a new one that it is given to keep.
    ///
    /// # Errors
    /// `Store` (`store_exists`, `store_in_use`, `folder`), `Key`, `DiskFull`.
    #[uniffi::constructor]
    pub async fn create(
        place: Place,
        key_store: Arc<dyn KeyStore>,
    ) -> Result<Arc<Self>, SamsporError> {
        hand_over(async move {
            let keys = Keys(OfApp::new(key_store));
            let key = keys.read_or_make().await?;
            let made = client::Device::create(&place.folder(), key, place.options()).await?;
            Ok::<_, SamsporError>(Self::new(place, keys, made))
        })
        .await
    }

    /// Opens the store with the key that the key store holds.
    ///
    /// # Errors
    /// `Store` (`no_store`, `store_in_use`, `newer_store`, `folder`), `Key` (`wrong_key`, `no_key`), `Revoked`.
    #[uniffi::constructor]
    pub async fn open(
        place: Place,
        key_store: Arc<dyn KeyStore>,
    ) -> Result<Arc<Self>, SamsporError> {
        hand_over(async move {
            let keys = Keys(OfApp::new(key_store));
            let key = keys.read().await?;
            let opened = client::Device::open(&place.folder(), key, place.options()).await?;
            Ok::<_, SamsporError>(Self::new(place, keys, opened))
        })
        .await
    }

    /// Enrols the store with a code, as text from a QR picture or as it was copied. A store that is enrolled can be
    /// enrolled again with a new code of the same practitioner, and keeps everything.
    ///
    /// # Errors
    /// `Enrolment`, `NoContact`, `Server`; `Refused` (`bad_code`) for a text that is no code. Then it is as it was.
    pub async fn enrol(&self, code: String) -> Result<Identity, SamsporError> {
        let code =
            EnrolmentCode::from_text(&code).map_err(|_| SamsporError::argument("bad_code"))?;
        // Never stopped half-way: the same code, asked again, would answer the same.
        self.run(async move |device| device.enrol(&code).await.map(Into::into))
            .await
    }

    /// Whose device it is; none before enrolment.
    pub async fn identity(&self) -> Result<Option<Identity>, SamsporError> {
        self.run(async move |device| Ok(device.identity().await?.map(Into::into)))
            .await
    }

    /// How the device stands, in numbers: also while its lease has ended.
    pub async fn status(&self) -> Result<Status, SamsporError> {
        self.run(async move |device| device.status().await).await
    }

    /// The organisation's teams, by name, as the last sync told.
    pub async fn teams(&self) -> Result<Vec<TeamRow>, SamsporError> {
        self.run(async move |device| device.teams().await).await
    }

    /// The organisation's practitioners, by name, as the last sync told.
    pub async fn practitioners(&self) -> Result<Vec<PractitionerRow>, SamsporError> {
        self.run(async move |device| device.practitioners().await)
            .await
    }

    /// Closes the store and drops its key from memory; calls under way are finished before, syncs are stopped.
    pub async fn lock(&self) -> Result<(), SamsporError> {
        let shared = Arc::clone(&self.shared);
        hand_over(async move {
            shared.lock().await;
            Ok::<_, SamsporError>(())
        })
        .await
    }

    /// Opens the store again, with the key that the key store holds. Of an open one nothing.
    ///
    /// # Errors
    /// As [`Device::open`]; `Locked` (`closed`) when it was locked again while the key store was asked.
    pub async fn unlock(&self) -> Result<(), SamsporError> {
        let shared = Arc::clone(&self.shared);
        hand_over(async move { shared.unlock().await }).await
    }

    /// Erases the store for good and has the key store forget its key. Where something is not delivered nothing is
    /// erased, unless `even_undelivered` says that it is given up. Called again after the key store failed, it forgets
    /// the key.
    ///
    /// # Errors
    /// `Refused` (`undelivered`), `Locked` (`closed`: unlock it first), `Key` when only the key is left.
    pub async fn wipe(&self, even_undelivered: bool) -> Result<(), SamsporError> {
        let shared = Arc::clone(&self.shared);
        hand_over(async move { shared.wipe(even_undelivered).await }).await
    }
}
