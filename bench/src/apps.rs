//! A1: an app on a device: opening, the list of all children, a page of a timeline, logging a visit, searching, receiving a
//! caseload. The same steps through client-core in Rust, and through the library that apps load in Python and Kotlin,
//! each in a process of its own, on copies of one store, in turns.
//!
//! `scripts/app-figures` builds library and bindings and says by the environment where they are.

use crate::{
    alone, folder,
    report::{Samples, Size, Unit, median},
    roles::{app::Figures, device::Task},
    seed::{ANY_PORT, Seeded, run_device, start_server},
};
use anyhow::{Context as _, ensure};
use samspor_server::admin::Admin;
use std::{env, path::Path, process::Stdio};
use tokio::process::Command;

/// What is received: so many children, with so many signed entries each.
const RECEIVED: Size = Size {
    children: 20,
    entries: 50,
    signed: true,
};

/// A way to the device.
#[derive(Debug, Clone, Copy)]
enum Way {
    Rust,
    Python,
    Kotlin,
}

impl Way {
    /// What its metrics are named by.
    const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::Kotlin => "kotlin",
        }
    }

    async fn day(self, store: &Path, children: u64) -> anyhow::Result<Figures> {
        match self {
            Self::Rust => figures(run_device(store, Task::App { children }, "figures").await?),
            _ => self.run(store, &["day", &children.to_string()]).await,
        }
    }

    async fn receives(self, store: &Path, code: String) -> anyhow::Result<Figures> {
        match self {
            Self::Rust => figures(run_device(store, Task::AppReceives { code }, "figures").await?),
            _ => self.run(store, &["receive", &code]).await,
        }
    }

    /// Runs the program in another language, which prints its figures in one line.
    async fn run(self, store: &Path, task: &[&str]) -> anyhow::Result<Figures> {
        let said = |name: &str| {
            env::var(name).with_context(|| format!("{name} is not set: run scripts/app-figures"))
        };
        let mut command = match self {
            Self::Python => {
                let mut command = Command::new("python3");
                command
                    .arg(said("SAMSPOR_FIGURES_PYTHON")?)
                    .env("PYTHONPATH", said("SAMSPOR_FIGURES_PYTHONPATH")?);
                command
            }
            _ => {
                let mut command = Command::new("java");
                command
                    .args(["-cp", &said("SAMSPOR_FIGURES_CLASSPATH")?])
                    .arg("dk.samspor.FiguresKt");
                command
            }
        };
        command.arg(store).args(task).stderr(Stdio::inherit());
        let ended = command.kill_on_drop(true).output().await?;
        ensure!(ended.status.success(), "{self:?} failed");
        figures(serde_json::from_slice(&ended.stdout)?)
    }
}

fn figures(told: serde_json::Value) -> anyhow::Result<Figures> {
    Ok(serde_json::from_value(told)?)
}

/// Measures it so often.
///
/// # Errors
/// When a part fails.
pub async fn measure(size: Size, samples: &mut Samples, runs: u32) -> anyhow::Result<()> {
    let written = alone::written(size).await?;
    let seeded = Seeded::of(RECEIVED).await?;
    let scratch = tempfile::tempdir_in(folder::cache()?)?;
    let server_folder = scratch.path().join("server");
    folder::copy(&seeded.server(), &server_folder)?;
    let (server, address) = start_server(&server_folder, ANY_PORT).await?;
    let admin = Admin::open(&server_folder).await?;
    let url = format!("https://{address}");
    for _ in 0..runs {
        for way in [Way::Rust, Way::Python, Way::Kotlin] {
            let scratch = tempfile::tempdir_in(folder::cache()?)?;
            let store = scratch.path().join("device");
            folder::copy(&written, &store)?;
            let day = way.day(&store, size.children).await?;
            let code = admin.enrolment_code(seeded.people.here, &url).await?;
            let new = scratch.path().join("new");
            let received = way.receives(&new, code).await?;
            for (what, took) in [
                ("open", &day.open),
                ("list", &day.list),
                ("some", &day.some),
                ("page", &day.page),
                ("visit", &day.visit),
                ("search", &day.search),
                ("received", &received.received),
            ] {
                let metric = format!("{}_{what}_s", way.name());
                ensure!(!took.is_empty(), "{metric} was not taken");
                samples.take(metric, median(took), Unit::Seconds);
            }
            for (what, held) in [
                ("held", &day.held),
                ("held_list", &day.held_list),
                ("held_sync", &received.held_sync),
            ] {
                // The longest of all: no call may stop an app's own thread.
                if let Some(longest) = held.iter().copied().max_by(f64::total_cmp) {
                    samples.take(format!("{}_{what}_s", way.name()), longest, Unit::Seconds);
                }
            }
        }
    }
    admin.close().await;
    server.end().await?;
    Ok(())
}
