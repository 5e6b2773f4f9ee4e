//! A practitioner with a device in their hand: a real store in a folder, opened, closed and opened again.

use crate::{hand_made, wait};
use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{
    Clock as _, Device, DeviceError, DeviceOptions, EnrolmentCode, NewContact, StoreKey,
    SyncOptions, SyncReport, SystemClock,
};
use samspor_documents::{
    document::Edit,
    id::{DocumentId, SpaceId, TeamId},
    reading::{FieldState, Reading},
    value::Value,
};
use std::{
    ops::Deref,
    path::{Path, PathBuf},
};
use tokio::runtime::{Handle, RuntimeFlavor};

/// The person, by way of the device. Everything a device can do, this can.
pub struct Person {
    folder: PathBuf,
    key: [u8; 32],
    device: Option<Device>,
    options: DeviceOptions,
}

/// The machine's clocks.
#[must_use]
pub fn options() -> DeviceOptions {
    DeviceOptions::default()
}

/// One sync, without trying again: what a test breaks shall be seen.
#[must_use]
pub fn once() -> SyncOptions {
    SyncOptions {
        retries_max: 0,
        ..SyncOptions::default()
    }
}

impl Drop for Person {
    /// Whoever is still holding their device when a test ends puts it away: a process that ends while connections are
    /// closing takes SQLCipher's memory from under them, and crashes after all its tests have passed.
    fn drop(&mut self) {
        let Some(device) = self.device.take() else {
            return;
        };
        let Ok(handle) = Handle::try_current() else {
            return;
        };
        if handle.runtime_flavor() == RuntimeFlavor::MultiThread && !std::thread::panicking() {
            tokio::task::block_in_place(|| handle.block_on(device.close()));
        }
    }
}

impl Person {
    /// With a new store.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn with_store(folder: PathBuf) -> Result<Self> {
        Self::with_options(folder, options()).await
    }

    /// With a new store, always opened like this.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn with_options(folder: PathBuf, options: DeviceOptions) -> Result<Self> {
        let key = hand_made::random()?;
        let device = Device::create(&folder, StoreKey::new(key), options.clone()).await?;
        Ok(Self {
            folder,
            key,
            device: Some(device),
            options,
        })
    }

    /// With a store that another process made, and that nobody has open now.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn of(folder: PathBuf, key: [u8; 32]) -> Result<Self> {
        let mut person = Self {
            folder,
            key,
            device: None,
            options: options(),
        };
        person.open().await?;
        Ok(person)
    }

    /// Enrols with a code.
    ///
    /// # Errors
    /// When the code or the server is refused.
    pub async fn enrol_with(&self, code: &EnrolmentCode) -> Result<(), DeviceError> {
        self.deref().enrol(code).await.map(|_| ())
    }

    fn device(&self) -> Result<&Device> {
        self.device.as_ref().context("the device is closed")
    }

    /// Where the store is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The store's key.
    #[must_use]
    pub const fn key(&self) -> [u8; 32] {
        self.key
    }

    /// Closes the store.
    pub async fn close(&mut self) {
        if let Some(device) = self.device.take() {
            device.close().await;
        }
    }

    /// Opens the store.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn open(&mut self) -> Result<()> {
        ensure!(self.device.is_none(), "the device is open");
        let key = StoreKey::new(self.key);
        self.device = Some(Device::open(&self.folder, key, self.options.clone()).await?);
        Ok(())
    }

    /// Syncs once; it must reach the end.
    ///
    /// # Errors
    /// When it fails, or device and server do not hold the same.
    pub async fn sync(&self) -> Result<SyncReport> {
        let device = self.device()?;
        let report = wait::within("a sync", device.sync(once())).await??;
        ensure!(
            report.up_to_date && report.in_sync,
            "not in sync: {report:?}"
        );
        Ok(report)
    }

    /// Syncs until the device has heard that it is a member of these teams: what an administrator does reaches the
    /// server within a quarter of a second, not at once.
    ///
    /// # Errors
    /// When a sync fails, or it never hears of it.
    pub async fn until_member_of(&self, teams: &[TeamId]) -> Result<()> {
        wait::until("the device to hear of its memberships", async || {
            self.sync().await?;
            let known = self.device()?.teams().await?;
            let members = known.iter().filter(|row| row.role.is_some());
            let members: Vec<TeamId> = members.map(|row| row.team).collect();
            Ok(teams.iter().all(|team| members.contains(team)))
        })
        .await
    }

    /// Syncs once, however that ends.
    ///
    /// # Errors
    /// Why it failed.
    pub async fn try_sync(&self) -> Result<SyncReport, DeviceError> {
        self.deref().sync(once()).await
    }

    /// Opens a case with a name on its card.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn open_named_case(&self, team: TeamId, name: &str) -> Result<SpaceId> {
        let name = Edit::Set {
            field: "name".to_owned(),
            value: Value::Text(name.to_owned()),
        };
        Ok(self.device()?.open_case(team, vec![name]).await?)
    }

    /// Writes a note with this text.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn note(&self, case: SpaceId, text: &str) -> Result<DocumentId> {
        let edits = vec![prose("text", text)];
        Ok(self.device()?.write(case, "note", edits, None).await?)
    }

    /// Plans a contact for now, with this remark.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn plan_now(&self, case: SpaceId, remark: &str) -> Result<DocumentId> {
        let contact = NewContact {
            case,
            planned_at: SystemClock.moment(),
            practitioner: None,
            fields: vec![set("note", Value::Text(remark.to_owned()))],
        };
        Ok(self.device()?.plan_contact(contact).await?)
    }

    /// The text of a note.
    ///
    /// # Errors
    /// When the note is not here, or its text cannot be read.
    pub async fn text_of(&self, document: DocumentId) -> Result<String> {
        text_in(&self.device()?.read(document).await?, "text")
    }
}

impl Deref for Person {
    type Target = Device;

    /// The open device.
    ///
    /// # Panics
    /// When it is closed: a test that uses a closed device is wrong.
    #[expect(clippy::expect_used, reason = "a mistake in a test's own script")]
    fn deref(&self) -> &Device {
        self.device.as_ref().expect("the device is open")
    }
}

/// Prose that shall read so.
#[must_use]
pub fn prose(field: &str, text: &str) -> Edit {
    Edit::ReplaceText {
        field: field.to_owned(),
        text: text.to_owned(),
    }
}

/// A field set to a value.
#[must_use]
pub fn set(field: &str, value: Value) -> Edit {
    Edit::Set {
        field: field.to_owned(),
        value,
    }
}

/// The text of a prose field.
///
/// # Errors
/// When the field is something else.
pub fn text_in(reading: &Reading, field: &str) -> Result<String> {
    let found = reading.fields.iter().find(|one| one.name == field);
    match found.map(|one| &one.state) {
        Some(FieldState::Text { text, .. }) => Ok(text.clone()),
        Some(FieldState::Empty) | None => Ok(String::new()),
        Some(other) => anyhow::bail!("{field} reads as {other:?}"),
    }
}

/// Syncs these people in turn until nobody has anything to send and nobody hears anything new.
///
/// # Errors
/// When a sync fails or they never come to rest.
pub async fn settle(people: &[&Person]) -> Result<()> {
    for _ in 0..10 {
        let mut moved = 0;
        for person in people {
            let report = person.sync().await?;
            ensure!(report.repairs == 0, "a repair was needed: {report:?}");
            moved += report.pushed + report.received;
        }
        if moved == 0 {
            return Ok(());
        }
    }
    anyhow::bail!("they never come to rest")
}
