//! A device's process: one store, opened for one task and closed at its end.

use super::{Commands, alone, app, reading, syncing, writing};
use crate::{child::tell, known::Place};
use samspor_client_core::{Clock, Device, DeviceOptions, StoreKey, SystemClock};
use samspor_documents::{
    id::{DocumentId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::enrol::EnrolmentCode;
use serde::{Deserialize, Serialize};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use crate::{carrying::OFFSET_MINUTES, generator::Part};

/// A device and what it does.
#[derive(Debug, Serialize, Deserialize)]
pub struct DeviceTask {
    /// Its store.
    pub folder: PathBuf,
    /// What it does.
    pub task: Task,
}

/// What a device does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Task {
    /// Makes the store and joins the organisation: `enrolled`.
    Enrol {
        /// The one-time code.
        code: String,
    },
    /// Opens all cases, writes all their entries and sends them: `seeded`, with what went where.
    Seed {
        /// Whose cases they are.
        team: TeamId,
        /// How many children.
        children: u64,
        /// How many entries of each.
        entries: u64,
        /// Whether they are signed.
        signed: bool,
        /// Where to write down what went where.
        known: PathBuf,
    },
    /// Fetches everything for the first time: `listed`, `durable`, `synced`.
    ColdStart {
        /// How many children the list is to show.
        children: u64,
    },
    /// Syncs: `synced`.
    Sync,
    /// Writes a day's entries with no network: `written`.
    WriteOffline {
        /// Which day.
        part: Part,
        /// What went where before.
        known: PathBuf,
        /// How many children there are.
        children: u64,
        /// Whether the entries are signed.
        signed: bool,
    },
    /// Syncs, writes a day's entries at the command `write` and sends them (`pushed`), then waits until it shows as
    /// many entries more (`got_all`).
    Witness {
        /// What went where before.
        known: PathBuf,
        /// How many children there are.
        children: u64,
        /// Whether the entries are signed.
        signed: bool,
    },
    /// Writes a whole caseload with no network: `filled`.
    Fill(Filling),
    /// Lists, searches and saves: `looked`, with how long it took.
    Look {
        /// How many children there are.
        children: u64,
    },
    /// What an app does, on its own store: `figures`, with how long it took.
    App {
        /// How many children there are.
        children: u64,
    },
    /// Makes a store, joins, and receives everything as an app does: `figures`, with how long it took.
    AppReceives {
        /// The one-time code.
        code: String,
    },
    /// Reads every entry by the device's readings: `read`, with their digest.
    Read {
        /// What went where.
        known: PathBuf,
    },
}

/// A caseload that a device writes by itself.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Filling {
    /// Whose cases they are.
    pub team: TeamId,
    /// How many children.
    pub children: u64,
    /// How many entries of each.
    pub entries: u64,
}

/// A document written in this process.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Wrote {
    /// Which.
    pub document: DocumentId,
    /// Whose entry it carries.
    pub place: Place,
}

/// The hand on the clock that entries are written by.
#[derive(Debug, Default)]
pub(super) struct ScriptedClock(AtomicI64);

impl ScriptedClock {
    pub(super) fn set(&self, now: UnixMillis) {
        self.0.store(now.0, Ordering::Relaxed);
    }
}

impl Clock for ScriptedClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.0.load(Ordering::Relaxed))
    }

    fn offset_minutes(&self) -> i16 {
        OFFSET_MINUTES
    }
}

/// Performs a task.
///
/// # Errors
/// When the device cannot do it.
pub async fn run(task: DeviceTask) -> anyhow::Result<()> {
    match &task.task {
        Task::App { children } => return app::day(&task.folder, KEY, *children).await,
        Task::AppReceives { code } => return app::receive(&task.folder, KEY, code).await,
        _ => {}
    }
    let clock = Arc::new(ScriptedClock::default());
    clock.set(SystemClock.now());
    let mut commands = Commands::new();
    let device = open(&task, clock.clone()).await?;
    perform(&task, &device, &clock, &mut commands).await?;
    commands.end().await?;
    device.close().await;
    Ok(())
}

async fn perform(
    task: &DeviceTask,
    device: &Device,
    clock: &ScriptedClock,
    commands: &mut Commands,
) -> anyhow::Result<()> {
    match &task.task {
        Task::Enrol { code } => {
            device.enrol(&EnrolmentCode::from_text(code)?).await?;
            tell("enrolled", &())?;
        }
        Task::Seed {
            team,
            children,
            entries,
            signed,
            known,
        } => {
            let content = writing::Content {
                team: *team,
                children: *children,
                entries: *entries,
                signed: *signed,
            };
            writing::seed(device, clock, content, known).await?;
        }
        Task::ColdStart { children } => syncing::cold_start(device, *children).await?,
        Task::Sync => syncing::sync(device).await?,
        Task::WriteOffline {
            part,
            known,
            children,
            signed,
        } => {
            let day = writing::Day {
                part: *part,
                children: *children,
                signed: *signed,
            };
            let wrote = writing::day(device, clock, day, known).await?;
            tell("written", &wrote)?;
        }
        Task::Witness {
            known,
            children,
            signed,
        } => {
            let day = writing::Day {
                part: Part::DayThere,
                children: *children,
                signed: *signed,
            };
            syncing::witness(device, clock, known, day, commands).await?;
        }
        Task::Fill(filling) => {
            let content = writing::Content {
                team: filling.team,
                children: filling.children,
                entries: filling.entries,
                signed: false,
            };
            alone::fill(device, clock, content).await?;
        }
        Task::Look { children } => alone::look(device, clock, *children, &task.folder).await?,
        Task::Read { known } => reading::read(device, known).await?,
        // Opened by themselves, above.
        Task::App { .. } | Task::AppReceives { .. } => {}
    }
    Ok(())
}

/// All devices here keep their stores under one key, known to everybody: it is the work of the cipher that counts.
const KEY: [u8; 32] = [7; 32];

async fn open(task: &DeviceTask, clock: Arc<ScriptedClock>) -> anyhow::Result<Device> {
    let options = DeviceOptions {
        clock,
        ..DeviceOptions::default()
    };
    let key = StoreKey::new(KEY);
    let folder: &Path = &task.folder;
    Ok(match task.task {
        Task::Enrol { .. } => Device::create(folder, key, options).await?,
        _ => Device::open(folder, key, options).await?,
    })
}
