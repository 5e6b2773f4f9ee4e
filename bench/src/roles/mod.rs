//! What this program does as a child process: it serves, or it is one device.

pub mod alone;
pub mod app;
pub mod device;
mod log;
mod reading;
pub mod serve;
mod syncing;
mod writing;

use anyhow::{Context as _, bail};
use device::DeviceTask;
use serve::ServeTask;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines, Stdin};

/// The role of a server.
pub const SERVER: &str = "server-process";
/// The role of a device.
pub const DEVICE: &str = "device-process";

/// Plays a role to its end.
///
/// # Errors
/// When there is no such role, its task cannot be read, or it fails.
pub async fn play(role: &str, task: &str) -> anyhow::Result<()> {
    match role {
        SERVER => serve::run(serde_json::from_str::<ServeTask>(task)?).await,
        DEVICE => device::run(serde_json::from_str::<DeviceTask>(task)?).await,
        _ => bail!("no such role"),
    }
}

/// The parent's commands.
pub(crate) struct Commands(Lines<BufReader<Stdin>>);

impl Commands {
    pub(crate) fn new() -> Self {
        Self(BufReader::new(tokio::io::stdin()).lines())
    }

    /// Waits for this command.
    pub(crate) async fn wait_for(&mut self, expected: &str) -> anyhow::Result<()> {
        let line = self.0.next_line().await?.context("the parent has ended")?;
        if line != expected {
            bail!("not the command that was expected");
        }
        Ok(())
    }

    /// Waits until the parent has no more to say.
    pub(crate) async fn end(&mut self) -> anyhow::Result<()> {
        while self.0.next_line().await?.is_some() {}
        Ok(())
    }
}
