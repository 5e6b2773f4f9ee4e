//! The server's process: what `samspor serve` runs, with a folder and an address.

use super::Commands;
use crate::child::tell;
use samspor_server::{Server, Settings};
use serde::{Deserialize, Serialize};
use std::{net::SocketAddr, path::PathBuf};

/// What to serve.
#[derive(Debug, Serialize, Deserialize)]
pub struct ServeTask {
    /// The server's folder.
    pub folder: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
}

/// Where it listens: told as `listening`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Listening {
    /// The address.
    pub address: SocketAddr,
}

/// Serves until the parent has no more to say.
///
/// # Errors
/// When the server cannot start.
pub async fn run(task: ServeTask) -> anyhow::Result<()> {
    let mut settings = Settings::in_folder(task.folder);
    settings.listen = task.listen;
    let server = Server::start(settings).await?;
    let address = server.address();
    tell("listening", &Listening { address })?;
    Commands::new().end().await?;
    server.stop().await;
    Ok(())
}
