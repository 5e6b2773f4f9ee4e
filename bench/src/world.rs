//! A server over a copy of the seeded folder, a relay before it, and the devices that meet there.

use crate::{
    child::Child,
    folder,
    generator::ContentDigest,
    handshake::Handshake,
    known::Known,
    report::Size,
    roles::device::{Task, Wrote},
    seed::{ANY_PORT, Seeded, run_device, start_device, start_server},
};
use anyhow::{Context as _, ensure};
use samspor_documents::id::PractitionerId;
use samspor_server::admin::Admin;
use samspor_tests::relay::{Passed, Relay};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;

/// How long nothing must pass for a closed connection to count as drained.
const QUIET: Duration = Duration::from_millis(20);

/// Everything one workload runs in.
pub struct World {
    /// Its size.
    pub size: Size,
    scratch: TempDir,
    seeded: Seeded,
    known: Known,
    server: Option<Child>,
    address: SocketAddr,
    relay: Relay,
    /// What one handshake costs.
    pub handshake: Handshake,
}

impl World {
    /// A server with the content of this size, a relay of this delay before it.
    ///
    /// # Errors
    /// When one of them cannot be had.
    pub async fn open(size: Size, rtt: Duration) -> anyhow::Result<Self> {
        let seeded = Seeded::of(size).await?;
        let scratch = tempfile::tempdir_in(folder::cache()?)?;
        let server_folder = scratch.path().join("server");
        folder::copy(&seeded.server(), &server_folder)?;
        let (server, address) = start_server(&server_folder, ANY_PORT).await?;
        let relay = Relay::start(address, rtt).await?;
        let handshake = Handshake::measure(relay.address(), || relay.passed()).await?;
        Ok(Self {
            size,
            scratch,
            known: Known::read(&seeded.known())?,
            seeded,
            server: Some(server),
            address,
            relay,
            handshake,
        })
    }

    /// The folder of the device that is measured.
    #[must_use]
    pub fn here(&self) -> PathBuf {
        self.scratch.path().join("here")
    }

    /// The folder of the other device.
    #[must_use]
    pub fn there(&self) -> PathBuf {
        self.scratch.path().join("there")
    }

    /// A file that says what went where.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn known_file(&self) -> anyhow::Result<PathBuf> {
        let file = self.scratch.path().join("known.json");
        self.known.write(&file)?;
        Ok(file)
    }

    /// The server's process.
    ///
    /// # Errors
    /// When it was stopped.
    pub fn server(&self) -> anyhow::Result<&Child> {
        self.server.as_ref().context("the server is stopped")
    }

    /// Stops the server.
    ///
    /// # Errors
    /// When it does not end well.
    pub async fn stop_server(&mut self) -> anyhow::Result<()> {
        match self.server.take() {
            Some(server) => server.end().await,
            None => Ok(()),
        }
    }

    /// Starts the stopped server again, where it was; the time of its start, in seconds since 1970.
    ///
    /// # Errors
    /// When it does not come to listen.
    pub async fn start_server(&mut self) -> anyhow::Result<f64> {
        let folder = self.scratch.path().join("server");
        let (server, _) = start_server(&folder, self.address).await?;
        let started_at = server.started_at;
        self.server = Some(server);
        Ok(started_at)
    }

    /// A new device of the practitioner here; it reaches the server through the relay.
    ///
    /// # Errors
    /// When it cannot be enrolled.
    pub async fn enrol_here(&self) -> anyhow::Result<()> {
        let url = format!("https://{}", self.relay.address());
        self.enrol(&self.here(), self.seeded.people.here, &url)
            .await
    }

    /// A new device of the practitioner there; it reaches the server without the relay.
    ///
    /// # Errors
    /// When it cannot be enrolled.
    pub async fn enrol_there(&self) -> anyhow::Result<()> {
        let url = format!("https://{}", self.address);
        self.enrol(&self.there(), self.seeded.people.there, &url)
            .await
    }

    async fn enrol(&self, folder: &Path, who: PractitionerId, url: &str) -> anyhow::Result<()> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        let admin = Admin::open(&self.scratch.path().join("server")).await?;
        let code = admin.enrolment_code(who, url).await?;
        run_device(folder, Task::Enrol { code }, "enrolled").await?;
        Ok(())
    }

    /// Starts a device's process.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn device(&self, folder: &Path, task: Task) -> anyhow::Result<Child> {
        start_device(folder, task)
    }

    /// What has passed the relay.
    #[must_use]
    pub fn passed(&self) -> Passed {
        self.relay.passed()
    }

    /// What has passed the relay once the closed connections are drained.
    pub async fn drained(&self) -> Passed {
        loop {
            let before = self.relay.passed();
            tokio::time::sleep(QUIET).await;
            let after = self.relay.passed();
            if before == after {
                return after;
            }
        }
    }

    /// Keeps server and devices as they are now, to be returned to. The server must be stopped.
    ///
    /// # Errors
    /// When a folder cannot be copied.
    pub fn keep(&self) -> anyhow::Result<()> {
        self.each_folder(folder::restore)
    }

    /// Returns to what was kept. The server must be stopped.
    ///
    /// # Errors
    /// When nothing was kept.
    pub fn return_to_kept(&mut self) -> anyhow::Result<()> {
        self.known = Known::read(&self.seeded.known())?;
        self.each_folder(|now, kept| folder::restore(kept, now))
    }

    fn each_folder(
        &self,
        each: impl Fn(&Path, &Path) -> std::io::Result<()>,
    ) -> anyhow::Result<()> {
        ensure!(self.server.is_none(), "the server is running");
        for name in ["server", "here", "there"] {
            let kept = self.scratch.path().join("kept").join(name);
            let now = self.scratch.path().join(name);
            if now.exists() || kept.exists() {
                each(&now, &kept)?;
            }
        }
        Ok(())
    }

    /// Notes entries that a device wrote.
    pub fn note(&mut self, wrote: &[Wrote]) {
        let places = wrote.iter().map(|one| (one.document, one.place));
        self.known.entries.extend(places);
    }

    /// Opens a closed device again and reads all it has: it must be exactly what was written.
    ///
    /// # Errors
    /// When it is anything else.
    pub async fn verify(&self, folder: &Path) -> anyhow::Result<()> {
        let expected = self.known.digest();
        let known = self.known_file()?;
        let read = run_device(folder, Task::Read { known }, "read").await?;
        let read: ContentDigest = serde_json::from_value(read)?;
        ensure!(
            read == expected,
            "content: read {read:?}, written {expected:?}"
        );
        Ok(())
    }
}
