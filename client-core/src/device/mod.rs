//! A device: one practitioner's store with everything that is done on it. All reading and writing works with
//! no network; only `enrol`, `sync` and `watch` talk to the server.

mod assignments;
mod attribution;
mod cases;
mod circles;
mod closings;
mod conflicts;
mod contacts;
mod disclosures;
mod drafts;
mod due;
mod enrol;
mod entries;
mod from_last;
mod gate;
mod growth;
mod incomplete;
mod install;
mod keep;
mod lease;
mod methods;
mod parents;
mod refused;
mod restrict;
mod revoked;
mod search;
mod shares;
mod sign;
mod sync;
mod text_edits;
mod visit_form;
mod ways_out;
mod wipe;

pub(crate) use lease::Lease;

use crate::{
    clock::{Clock, SystemClock},
    error::DeviceError,
    key::{DeviceKey, StoreKey, random_bytes},
    store::{Store, meta::Enrolment, outbox::NewOperation},
    transport::{Courier, exchange::Exchange},
    views::{
        Activity, Identity, OutboxRow, PractitionerRow, Status, SyncProgress, TeamRow, Written,
    },
};
use gate::Gate;
use samspor_documents::{
    authoring::{Actor, Authoring},
    id::{DeviceId, OperationId, SpaceId},
    template::{TemplateAside, Templates},
};
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use tokio::sync::watch;

/// How a device is opened.
#[derive(Clone)]
pub struct DeviceOptions {
    /// The clock that is written into the record.
    pub clock: Arc<dyn Clock>,
    /// The clock for tokens, retries and status: the machine's.
    pub token_clock: Arc<dyn Clock>,
    /// Where this installation's id is kept. It belongs outside what backups copy, so that a copied store is
    /// noticed; by default it stands in the store's folder.
    pub install_file: Option<PathBuf>,
}

impl Default for DeviceOptions {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            token_clock: Arc::new(SystemClock),
            install_file: None,
        }
    }
}

impl fmt::Debug for DeviceOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceOptions")
            .field("install_file", &self.install_file)
            .finish_non_exhaustive()
    }
}

/// A device. Clones are the same device.
#[derive(Clone)]
pub struct Device {
    inner: Arc<Inner>,
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Device")
    }
}

struct Inner {
    gate: Gate,
    options: DeviceOptions,
    install: [u8; 16],
    who: RwLock<Option<Arc<Who>>>,
    syncing: tokio::sync::Mutex<()>,
    /// How far the sync under way has come.
    progress: Mutex<Option<SyncProgress>>,
    activity: watch::Sender<Activity>,
}

impl Inner {
    /// The store, unless the device is locked.
    fn store(&self) -> Result<&Store, DeviceError> {
        self.gate.store()
    }

    /// What documents are read and written with, as it stands now.
    fn templates(&self) -> Arc<Templates> {
        self.gate.behind().templates()
    }
}

/// An enrolled device's session.
struct Who {
    enrolment: Enrolment,
    exchange: Exchange,
    /// Fresh per opened session, and again when own work was taken out of a document.
    actor: Mutex<Actor>,
}

impl Device {
    /// Makes a new store in `folder` (which is made, too) and opens it.
    ///
    /// # Errors
    /// `StoreExists`, `StoreInUse`, `Folder`, `ReadOnly`, `DiskFull`.
    pub async fn create(
        folder: &Path,
        key: StoreKey,
        options: DeviceOptions,
    ) -> Result<Self, DeviceError> {
        let store = Store::create(folder, &key).await?;
        Self::from_store(folder, store, options).await
    }

    /// Opens the store in `folder`.
    ///
    /// # Errors
    /// `NoStore`, `HandedOver`, `WrongKey`, `StoreInUse`, `NewerSchema`, `Folder`, `ReadOnly`, `Damaged`.
    pub async fn open(
        folder: &Path,
        key: StoreKey,
        options: DeviceOptions,
    ) -> Result<Self, DeviceError> {
        let store = Store::open(folder, &key).await?;
        Self::from_store(folder, store, options).await
    }

    async fn from_store(
        folder: &Path,
        store: Store,
        options: DeviceOptions,
    ) -> Result<Self, DeviceError> {
        let install = match install::read_or_make(folder, options.install_file.as_deref()) {
            Ok(install) => install,
            Err(error) => {
                store.close().await;
                return Err(error);
            }
        };
        let device = Self {
            inner: Arc::new(Inner {
                gate: Gate::new(store, Arc::clone(&options.token_clock)),
                options,
                install,
                who: RwLock::new(None),
                syncing: tokio::sync::Mutex::new(()),
                progress: Mutex::new(None),
                activity: watch::Sender::new(Activity::default()),
            }),
        };
        match device.take_up_enrolment().await {
            Ok(()) => Ok(device),
            Err(error) => {
                device.close().await;
                Err(error)
            }
        }
    }

    /// What enrolment left in the store, if it was enrolled.
    async fn take_up_enrolment(&self) -> Result<(), DeviceError> {
        if let Some((enrolment, key)) = self.inner.gate.behind().enrolment().await? {
            self.inner.gate.take_up(&enrolment).await?;
            let courier = enrol::road(&enrolment.server, enrolment.pin)?;
            let offset = self.inner.gate.behind().clock_offset().await?;
            self.become_enrolled(enrolment, key, courier, offset)?;
        }
        Ok(())
    }

    /// Closes the store. Other clones of this device cannot use it any more. Until then, dropping a device
    /// loses nothing either.
    pub async fn close(self) {
        // Time that is not written down is over all the same, when the clock is not set back.
        let _ = self.inner.gate.keep_time().await;
        self.inner.gate.behind().close().await;
    }

    fn become_enrolled(
        &self,
        enrolment: Enrolment,
        key: DeviceKey,
        courier: Arc<dyn Courier>,
        offset: i64,
    ) -> Result<(), DeviceError> {
        let actor = Actor::make(enrolment.device, random_bytes()?);
        let exchange = Exchange::new(&enrolment, key, courier, self.inner.install, offset);
        let who = Who {
            enrolment,
            exchange,
            actor: Mutex::new(actor),
        };
        *self
            .inner
            .who
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(who));
        Ok(())
    }

    fn who(&self) -> Result<Arc<Who>, DeviceError> {
        self.inner
            .who
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or(DeviceError::NotEnrolled)
    }

    /// Whose device it is; none before enrolment.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn identity(&self) -> Result<Option<Identity>, DeviceError> {
        self.inner.gate.check_is_there()?;
        let Ok(who) = self.who() else { return Ok(None) };
        let enrolment = &who.enrolment;
        let people = self.inner.gate.behind().practitioners().await?;
        let organisation = enrolment.organisation;
        Ok(Some(Identity {
            organisation,
            organisation_name: self
                .inner
                .gate
                .behind()
                .organisation_name(organisation)
                .await?,
            practitioner: enrolment.practitioner,
            practitioner_name: people
                .into_iter()
                .find(|one| one.practitioner == enrolment.practitioner)
                .map(|one| one.name),
            device: enrolment.device,
            server: enrolment.server.clone(),
            organisation_key: enrolment.organisation_key,
        }))
    }

    /// The organisation's teams, by name, as the last sync told.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the store reports.
    pub async fn teams(&self) -> Result<Vec<TeamRow>, DeviceError> {
        let who = self.who()?;
        self.inner.store()?.teams(who.enrolment.practitioner).await
    }

    /// The organisation's practitioners, by name, as the last sync told.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn practitioners(&self) -> Result<Vec<PractitionerRow>, DeviceError> {
        self.inner.store()?.practitioners().await
    }

    /// How the device stands, in numbers: also while it is locked.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn status(&self) -> Result<Status, DeviceError> {
        self.inner.gate.check_is_there()?;
        let status = self.inner.gate.behind().status().await?;
        Ok(Status {
            lock: self.inner.gate.lock(),
            under_way: self.sync_progress(),
            ..status
        })
    }

    /// What waits to be sent, in order.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn outbox(&self) -> Result<Vec<OutboxRow>, DeviceError> {
        self.inner.store()?.outbox_rows().await
    }

    /// Tells of each change on the device: local writes, applied pages, finished rows.
    #[must_use]
    pub fn activity(&self) -> watch::Receiver<Activity> {
        self.inner.activity.subscribe()
    }

    /// The templates this device knows: those that ship, and the organisation's own as the last sync told.
    #[must_use]
    pub fn templates(&self) -> Arc<Templates> {
        self.inner.templates()
    }

    /// Templates of the organisation that were told and cannot be used. They stay in the store.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn templates_aside(&self) -> Result<Vec<TemplateAside>, DeviceError> {
        self.inner.gate.check_is_there()?;
        self.inner.gate.behind().templates_aside().await
    }

    /// Runs a local write as a task of its own: once begun it is finished, whether or not the caller waits for
    /// it, and it never holds the store while nobody polls it.
    async fn saving<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, DeviceError>> + Send + 'static,
    ) -> Result<T, DeviceError> {
        self.inner.gate.keep_time().await?;
        let saved = tokio::spawn(work)
            .await
            .unwrap_or(Err(DeviceError::Damaged { what: "write" }))?;
        self.tell(|activity| activity.written += 1);
        Ok(saved)
    }

    /// An operation on a space itself, by a title for whoever reads the outbox.
    fn about_space(
        &self,
        space: SpaceId,
        kind: u8,
        body: Vec<u8>,
        title: &str,
    ) -> Result<NewOperation, DeviceError> {
        let now = self.inner.options.clock.now();
        Ok(NewOperation {
            space,
            document: None,
            kind,
            operation: Some(OperationId::make(now, random_bytes()?)),
            hash: None,
            draft: None,
            bytes: body.len(),
            body: Some(body),
            queued_at: self.inner.options.token_clock.now(),
            written_at: now,
            written: Written {
                title_da: title.to_owned(),
                title_en: title.to_owned(),
                ..Written::default()
            },
        })
    }

    fn tell(&self, edit: impl FnOnce(&mut Activity)) {
        self.inner.activity.send_modify(edit);
    }
}

impl Who {
    fn authoring(&self, clock: &dyn Clock) -> Authoring {
        Authoring {
            actor: *self.actor.lock().unwrap_or_else(PoisonError::into_inner),
            author: self.enrolment.practitioner,
            at: clock.now(),
        }
    }

    /// Own work was taken out of a document: its sequence numbers are never used again.
    fn draw_new_actor(&self) -> Result<(), DeviceError> {
        let actor = Actor::make(self.device(), random_bytes()?);
        *self.actor.lock().unwrap_or_else(PoisonError::into_inner) = actor;
        Ok(())
    }

    const fn device(&self) -> DeviceId {
        self.enrolment.device
    }
}

#[cfg(test)]
mod tests;
