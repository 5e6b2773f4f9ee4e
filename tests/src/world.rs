//! A world: one organisation's server in a temporary folder, a relay before it, practitioners and their devices.
//! Everything in it is real: the server's database, TLS, encrypted stores. Dropped, it is gone.

use crate::{
    hand_made::{self, HandMade},
    person::Person,
    program::{self, Program},
    relay::Relay,
    wait,
};
use anyhow::{Context as _, Result, bail};
use samspor_documents::id::{DeviceId, PractitionerId, TeamId};
use samspor_protocol::{
    enrol::EnrolmentCode,
    fact::{Role, TeamKind},
};
use samspor_server::{RunningServer, Server, Settings, admin::Admin};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering::SeqCst},
    time::Duration,
};
use tempfile::TempDir;
use tokio::process::Command;

/// How the server runs.
enum Serving {
    /// Within the test's process.
    Here(RunningServer),
    /// As `samspor serve`, a process of its own.
    Apart(Program),
}

/// The world.
pub struct World {
    folder: TempDir,
    /// What stands between the devices and the server.
    pub relay: Relay,
    serving: Option<Serving>,
    address: SocketAddr,
    apart: bool,
    wait_max: Duration,
    log_filter: &'static str,
    devices: AtomicU32,
}

/// How a world begins.
#[derive(Debug, Clone, Copy)]
pub struct Beginning {
    /// Whether the server is a process of its own, so that it can be killed.
    pub apart: bool,
    /// What the relay adds to a round trip.
    pub round_trip: Duration,
    /// How long the server lets a feed request wait.
    pub wait_max: Duration,
    /// What a server that is a process of its own logs.
    pub log_filter: &'static str,
}

impl Default for Beginning {
    fn default() -> Self {
        Self {
            apart: false,
            round_trip: Duration::ZERO,
            wait_max: Duration::from_secs(25),
            log_filter: "info",
        }
    }
}

/// Where a starting `samspor --json serve` says that it listens.
///
/// # Errors
/// What it said instead.
pub async fn listening(program: &mut Program) -> Result<SocketAddr> {
    #[derive(serde::Deserialize)]
    struct Running {
        address: SocketAddr,
    }
    let mut said = String::new();
    loop {
        match wait::within("the server to say where it listens", program.line()).await? {
            Some(line) => said.push_str(&line),
            None => bail!("the server ended: {said} {}", program.errors().await),
        }
        if let Ok(running) = serde_json::from_str::<Running>(&said) {
            return Ok(running.address);
        }
    }
}

impl World {
    /// A world with a server in the test's own process.
    ///
    /// # Errors
    /// When a part of it does not start.
    pub async fn begin() -> Result<Self> {
        Self::begin_as(Beginning::default()).await
    }

    /// A world that begins so.
    ///
    /// # Errors
    /// When a part of it does not start.
    pub async fn begin_as(beginning: Beginning) -> Result<Self> {
        let mut world = Self::make(beginning).await?;
        world.start_server().await?;
        Ok(world)
    }

    /// A world whose relay leads nowhere yet: for a server that the test starts itself.
    ///
    /// # Errors
    /// When a part of it does not start.
    pub async fn begin_without_server() -> Result<Self> {
        Self::make(Beginning::default()).await
    }

    async fn make(beginning: Beginning) -> Result<Self> {
        hand_made::speak_tls();
        let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
        Ok(Self {
            folder: tempfile::tempdir()?,
            relay: Relay::start(nowhere, beginning.round_trip).await?,
            serving: None,
            address: nowhere,
            apart: beginning.apart,
            wait_max: beginning.wait_max,
            log_filter: beginning.log_filter,
            devices: AtomicU32::new(0),
        })
    }

    /// The world's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The server's folder.
    #[must_use]
    pub fn server_folder(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// The address that devices use: the relay's.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.relay.address().port())
    }

    /// The server's own address, past the relay.
    #[must_use]
    pub fn server_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// Where the server listens, past the relay.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server's database, found by its name's end.
    ///
    /// # Errors
    /// When there is not exactly one.
    pub fn server_database(&self) -> Result<PathBuf> {
        let files = crate::needles::files_in(&self.server_folder())?;
        let mut databases = files.into_iter().filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "db" || extension == "sqlite")
        });
        let database = databases.next().context("the server has a database")?;
        anyhow::ensure!(
            databases.next().is_none(),
            "the server has several databases"
        );
        Ok(database)
    }

    /// Ends a membership.
    ///
    /// # Errors
    /// When there is none.
    pub async fn end_membership(&self, practitioner: PractitionerId, team: TeamId) -> Result<()> {
        let admin = self.admin().await?;
        admin.end_membership(practitioner, team).await?;
        admin.close().await;
        Ok(())
    }

    /// Revokes a device.
    ///
    /// # Errors
    /// When it is unknown.
    pub async fn revoke(&self, device: DeviceId) -> Result<()> {
        let admin = self.admin().await?;
        admin.revoke_device(device).await?;
        admin.close().await;
        Ok(())
    }

    /// Makes a practitioner a member.
    ///
    /// # Errors
    /// When either is unknown.
    pub async fn add_membership(&self, practitioner: PractitionerId, team: TeamId) -> Result<()> {
        let admin = self.admin().await?;
        admin
            .add_membership(practitioner, team, Role::Practitioner)
            .await?;
        admin.close().await;
        Ok(())
    }

    /// The server's settings.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::in_folder(self.server_folder());
        settings.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        settings.wait_max = self.wait_max;
        settings.url = Some(self.url());
        settings
    }

    /// Starts the server and leads the relay to it; devices notice nothing but the pause.
    ///
    /// # Errors
    /// When it does not start, or runs already.
    pub async fn start_server(&mut self) -> Result<()> {
        if self.serving.is_some() {
            bail!("the server runs");
        }
        let (serving, address) = if self.apart {
            let (program, address) = self.serve_apart().await?;
            (Serving::Apart(program), address)
        } else {
            let running = Server::start(self.settings()).await?;
            let address = running.address();
            (Serving::Here(running), address)
        };
        self.relay.lead_to(address);
        self.address = address;
        self.serving = Some(serving);
        Ok(())
    }

    async fn serve_apart(&self) -> Result<(Program, SocketAddr)> {
        let mut command = Command::new(program::built("samspor")?);
        command
            .args(["--json", "serve", "--listen", "127.0.0.1:0", "--folder"])
            .arg(self.server_folder())
            .args(["--url", &self.url(), "--log-filter", self.log_filter])
            .args(["--wait-millis-max", &self.wait_max.as_millis().to_string()]);
        let mut program = Program::start(command)?;
        let address = listening(&mut program).await?;
        Ok((program, address))
    }

    /// Asks the server to stop and waits until it has. What it said and logged, where it is a process of its own.
    ///
    /// # Errors
    /// When it does not run, or not end well.
    pub async fn stop_server(&mut self) -> Result<String> {
        match self.serving.take().context("the server does not run")? {
            Serving::Here(running) => {
                wait::within("the server to stop", running.stop()).await?;
                Ok(String::new())
            }
            Serving::Apart(program) => {
                program.interrupt().await?;
                let ended = program.end().await?;
                anyhow::ensure!(ended.code == Some(0), "{ended:?}");
                Ok(format!("{}\n{}", ended.output.join("\n"), ended.errors))
            }
        }
    }

    /// Kills the server as the power does.
    ///
    /// # Errors
    /// When it is not a process of its own.
    pub async fn kill_server(&mut self) -> Result<()> {
        match self.serving.take() {
            Some(Serving::Apart(program)) => {
                program.kill().await?;
                Ok(())
            }
            _ => bail!("only a server that is a process of its own can be killed"),
        }
    }

    /// The administrator's hands on the server's folder, also while it runs.
    ///
    /// # Errors
    /// When the folder does not open.
    pub async fn admin(&self) -> Result<Admin> {
        Ok(Admin::open(&self.server_folder()).await?)
    }

    /// A new team.
    ///
    /// # Errors
    /// When the server's folder does not take it.
    pub async fn team(&self, name: &str, kind: TeamKind) -> Result<TeamId> {
        let admin = self.admin().await?;
        let team = admin.add_team(name, kind).await?;
        admin.close().await;
        Ok(team)
    }

    /// A new practitioner, a member of these teams.
    ///
    /// # Errors
    /// When the server's folder does not take it.
    pub async fn practitioner(&self, name: &str, teams: &[TeamId]) -> Result<PractitionerId> {
        let admin = self.admin().await?;
        let practitioner = admin.add_practitioner(name, "").await?;
        for team in teams {
            admin
                .add_membership(practitioner, *team, Role::Practitioner)
                .await?;
        }
        admin.close().await;
        Ok(practitioner)
    }

    /// A code for a practitioner's new device. It leads through the relay.
    ///
    /// # Errors
    /// When the server's folder does not take it.
    pub async fn code(&self, practitioner: PractitionerId) -> Result<String> {
        let admin = self.admin().await?;
        let code = admin.enrolment_code(practitioner, &self.url()).await?;
        admin.close().await;
        Ok(code)
    }

    /// A folder that nobody has used yet.
    #[must_use]
    pub fn free_folder(&self) -> PathBuf {
        let number = self.devices.fetch_add(1, SeqCst);
        self.folder.path().join(format!("device-{number}"))
    }

    /// A practitioner's new device, enrolled.
    ///
    /// # Errors
    /// When it does not enrol.
    pub async fn device(&self, practitioner: PractitionerId) -> Result<Person> {
        self.enrolled(&self.code(practitioner).await?).await
    }

    /// A new device, enrolled with this code.
    ///
    /// # Errors
    /// When it does not enrol.
    pub async fn enrolled(&self, code: &str) -> Result<Person> {
        let person = Person::with_store(self.free_folder()).await?;
        person.enrol_with(&EnrolmentCode::from_text(code)?).await?;
        Ok(person)
    }

    /// A new practitioner in these teams with one device, enrolled, that has heard of them.
    ///
    /// # Errors
    /// When a step fails.
    pub async fn person(&self, name: &str, teams: &[TeamId]) -> Result<Person> {
        let practitioner = self.practitioner(name, teams).await?;
        let person = self.device(practitioner).await?;
        person.until_member_of(teams).await?;
        Ok(person)
    }

    /// A device made by hand, enrolled for this practitioner.
    ///
    /// # Errors
    /// When it does not enrol.
    pub async fn hand_made(&self, practitioner: PractitionerId) -> Result<HandMade> {
        HandMade::enrol(&self.code(practitioner).await?).await
    }
}
