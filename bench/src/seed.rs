//! A server's folder with the whole content in it, made once per size and build through the public push.

use crate::{
    child::Child,
    folder,
    generator::{ContentDigest, Part},
    known::Known,
    report::Size,
    roles::{
        DEVICE, SERVER,
        device::{DeviceTask, Task},
        serve::{Listening, ServeTask},
    },
};
use anyhow::{Context as _, ensure};
use samspor_documents::id::PractitionerId;
use samspor_protocol::fact::{Role, TeamKind};
use samspor_server::admin::Admin;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// Any free port of loopback.
pub const ANY_PORT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// A seeded folder.
#[derive(Debug)]
pub struct Seeded {
    /// The folder.
    pub folder: PathBuf,
    /// Who is in the team.
    pub people: People,
}

/// The practitioners, all of one team.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct People {
    /// Whose device is measured.
    pub here: PractitionerId,
    /// Whose device is the other one.
    pub there: PractitionerId,
}

impl Seeded {
    /// The server's folder.
    #[must_use]
    pub fn server(&self) -> PathBuf {
        self.folder.join("server")
    }

    /// What went where: a `Known`.
    #[must_use]
    pub fn known(&self) -> PathBuf {
        self.folder.join("known.json")
    }

    /// The folder of this size: the one kept from before, or made now.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn of(size: Size) -> anyhow::Result<Self> {
        let Size {
            children,
            entries,
            signed,
        } = size;
        let cache = folder::cache()?;
        let kept = cache.join(format!(
            "n{children}e{entries}{}",
            if signed { "signed" } else { "" }
        ));
        if !kept.exists() {
            let making = tempfile::tempdir_in(&cache)?;
            make(making.path(), size).await.context("cannot seed")?;
            // Somebody else may have made the same meanwhile: then theirs stands.
            if fs::rename(making.path(), &kept).is_ok() {
                let _ = making.keep();
            }
        }
        let people = serde_json::from_slice(&fs::read(kept.join("people.json"))?)?;
        Ok(Self {
            folder: kept,
            people,
        })
    }
}

async fn make(folder: &Path, size: Size) -> anyhow::Result<()> {
    let server_folder = folder.join("server");
    let server = start_server(&server_folder, ANY_PORT).await?;
    let admin = Admin::open(&server_folder).await?;
    let team = admin
        .add_team("Sundhedsplejen", TeamKind::HealthVisiting)
        .await?;
    let mut people = Vec::new();
    for name in ["Seeder", "Here", "There"] {
        let one = admin.add_practitioner(name, "Sundhedsplejerske").await?;
        admin.add_membership(one, team, Role::Practitioner).await?;
        people.push(one);
    }
    let [seeder, here, there] = people[..] else {
        anyhow::bail!("three people");
    };
    fs::write(
        folder.join("people.json"),
        serde_json::to_vec(&People { here, there })?,
    )?;
    let url = format!("https://{}", server.1);
    let code = admin.enrolment_code(seeder, &url).await?;
    let device = folder.join("seeder");
    run_device(&device, Task::Enrol { code }, "enrolled").await?;
    let known = folder.join("known.json");
    let seed = Task::Seed {
        team,
        children: size.children,
        entries: size.entries,
        signed: size.signed,
        known: known.clone(),
    };
    let digest: ContentDigest = serde_json::from_value(run_device(&device, seed, "seeded").await?)?;
    server.0.end().await?;
    fs::remove_dir_all(device)?;
    let expected = ContentDigest::of(&[Part::Base], size.children, size.entries);
    ensure!(digest == expected, "seeded {digest:?}, not {expected:?}");
    ensure!(
        Known::read(&known)?.cases.len() as u64 == size.children,
        "a case per child"
    );
    Ok(())
}

/// Starts a server's process over a folder.
///
/// # Errors
/// When it does not come to listen.
pub async fn start_server(
    folder: &Path,
    listen: SocketAddr,
) -> anyhow::Result<(Child, SocketAddr)> {
    let task = ServeTask {
        folder: folder.to_owned(),
        listen,
    };
    let mut server = Child::start(SERVER, &task)?;
    let (_, Listening { address }) = server.event("listening").await?;
    Ok((server, address))
}

/// Starts a device's process.
///
/// # Errors
/// When it cannot be started.
pub fn start_device(folder: &Path, task: Task) -> anyhow::Result<Child> {
    let folder = folder.to_owned();
    Child::start(DEVICE, &DeviceTask { folder, task })
}

/// Runs a device's task to its end and hands back what its event told.
///
/// # Errors
/// When it fails.
pub async fn run_device(
    folder: &Path,
    task: Task,
    event: &str,
) -> anyhow::Result<serde_json::Value> {
    let mut device = start_device(folder, task)?;
    let (_, with) = device.event(event).await?;
    device.end().await?;
    Ok(with)
}
