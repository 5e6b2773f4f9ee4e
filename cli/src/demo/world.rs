//! The demo's world: a real server, an administration, and real devices with their stores, each behind a relay
//! of its own.

use super::{
    calendar::Calendar,
    clock::ScriptedClock,
    content::Content,
    error::DemoError,
    journal::{Journal, What},
    plan::PlannedDevice,
    relay::Relay,
};
use samspor_client_core::{Device, DeviceOptions, EnrolmentCode, StoreKey};
use samspor_documents::id::{DocumentId, PractitionerId, SpaceId, TeamId};
use samspor_protocol::fact::{Role, TeamKind};
use samspor_server::{RunningServer, Server, Settings, admin::Admin};
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Where `samspor device` looks for a store's key.
const KEY_FILE: &str = crate::device::key::FILE;

/// A device and the way to it.
pub struct Worker {
    /// `mette-telefon`: its folder's name and its name in the journal.
    pub name: String,
    pub practitioner: PractitionerId,
    pub teams: Vec<TeamId>,
    pub device: Device,
    pub relay: Relay,
    pub clock: ScriptedClock,
}

/// Where a device's store lies.
#[derive(Debug, Clone)]
pub struct DeviceFolder {
    pub name: String,
    pub folder: PathBuf,
    pub key_file: PathBuf,
}

/// Everything that runs.
pub struct World {
    pub server: RunningServer,
    pub admin: Admin,
    pub teams: Vec<TeamId>,
    pub practitioners: Vec<PractitionerId>,
    pub workers: Vec<Worker>,
    /// Cases and documents by their numbers in the plan.
    pub cases: Vec<Option<SpaceId>>,
    pub documents: std::collections::HashMap<usize, DocumentId>,
    pub journal: Journal,
    folder: PathBuf,
}

/// The journal's file in the demo's folder.
pub fn journal_file(folder: &Path) -> PathBuf {
    folder.join("journal.jsonl")
}

/// The server's folder in the demo's folder.
pub fn server_folder(folder: &Path) -> PathBuf {
    folder.join("server")
}

/// The certificate that the server made for itself.
pub fn certificate_file(folder: &Path) -> PathBuf {
    server_folder(folder).join("keys").join("tls.crt")
}

/// A device's folder and key file in the demo's folder.
pub fn device_folder(folder: &Path, name: &str) -> DeviceFolder {
    DeviceFolder {
        name: name.to_owned(),
        folder: folder.join("devices").join(name),
        key_file: folder.join("devices").join(name).join(KEY_FILE),
    }
}

impl DeviceFolder {
    /// Reads the store's key.
    pub fn key(&self) -> Result<StoreKey, DemoError> {
        let text = fs::read_to_string(&self.key_file).map_err(DemoError::folder(&self.key_file))?;
        Ok(StoreKey::from_hex(text.trim())?)
    }

    fn make_key(&self) -> Result<StoreKey, DemoError> {
        let key = StoreKey::make()?;
        if let Some(folder) = self.key_file.parent() {
            fs::create_dir_all(folder).map_err(DemoError::folder(folder))?;
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .open(&self.key_file)
            .map_err(DemoError::folder(&self.key_file))?;
        std::io::Write::write_all(&mut file, key.to_hex().as_bytes())
            .map_err(DemoError::folder(&self.key_file))?;
        Ok(key)
    }
}

impl World {
    /// Starts the server in an empty folder, makes teams, people and devices, and enrols the devices.
    pub async fn start(
        folder: &Path,
        listen: SocketAddr,
        content: &Content,
        devices: &[PlannedDevice],
        calendar: &Calendar,
    ) -> Result<Self, DemoError> {
        fs::create_dir_all(folder).map_err(DemoError::folder(folder))?;
        if fs::read_dir(folder)
            .map_err(DemoError::folder(folder))?
            .next()
            .is_some()
        {
            return Err(DemoError::NotEmpty {
                folder: folder.to_owned(),
            });
        }
        let mut settings = Settings::in_folder(server_folder(folder));
        settings.listen = listen;
        settings
            .organisation
            .clone_from(&content.staff.organisation);
        let server = Server::start(settings).await?;
        let admin = Admin::open(&server_folder(folder)).await?;
        let mut world = Self {
            server,
            admin,
            teams: Vec::new(),
            practitioners: Vec::new(),
            workers: Vec::new(),
            cases: Vec::new(),
            documents: std::collections::HashMap::new(),
            journal: Journal::begin(&journal_file(folder))?,
            folder: folder.to_owned(),
        };
        world.make_staff(content).await?;
        for planned in devices {
            world.enrol(content, planned, calendar).await?;
        }
        Ok(world)
    }

    async fn make_staff(&mut self, content: &Content) -> Result<(), DemoError> {
        for team in &content.staff.teams {
            let kind = TeamKind::of_code(&team.kind).unwrap_or(TeamKind::Other);
            self.teams
                .push(self.admin.add_team(&team.name, kind).await?);
        }
        for person in &content.staff.practitioners {
            let practitioner = self
                .admin
                .add_practitioner(&person.name, &person.title)
                .await?;
            let role = if person.coordinator {
                Role::Coordinator
            } else {
                Role::Practitioner
            };
            for team in self.teams_of(content, &person.teams) {
                self.admin.add_membership(practitioner, team, role).await?;
            }
            self.practitioners.push(practitioner);
        }
        Ok(())
    }

    fn teams_of(&self, content: &Content, kinds: &[String]) -> Vec<TeamId> {
        let places = kinds.iter().filter_map(|kind| content.team_of_kind(kind));
        places
            .filter_map(|place| self.teams.get(place).copied())
            .collect()
    }

    async fn enrol(
        &mut self,
        content: &Content,
        planned: &PlannedDevice,
        calendar: &Calendar,
    ) -> Result<(), DemoError> {
        let person = content.staff.practitioners.get(planned.practitioner);
        let (Some(person), Some(practitioner)) = (
            person,
            self.practitioners.get(planned.practitioner).copied(),
        ) else {
            return Err(DemoError::Plan("a device without a practitioner"));
        };
        let name = device_name(&person.name, &planned.name);
        let place = device_folder(&self.folder, &name);
        let clock = ScriptedClock::default();
        clock.set(calendar.preparation(0));
        let options = DeviceOptions {
            clock: Arc::new(clock.clone()),
            ..DeviceOptions::default()
        };
        let device = Device::create(&place.folder, place.make_key()?, options).await?;
        let relay = Relay::start(self.server.address())
            .await
            .map_err(DemoError::Relay)?;
        let url = format!("https://{}", relay.address());
        let code = self.admin.enrolment_code(practitioner, &url).await?;
        let code = EnrolmentCode::from_text(&code)
            .map_err(|_| DemoError::Plan("an enrolment code that does not read"))?;
        device.enrol(&code).await?;
        let teams = self.teams_of(content, &person.teams);
        let what = What::Device {
            name: name.clone(),
            practitioner,
            teams: teams.clone(),
        };
        self.journal.note(None, calendar.preparation(0).at, what)?;
        self.workers.push(Worker {
            name,
            practitioner,
            teams,
            device,
            relay,
            clock,
        });
        Ok(())
    }

    /// Where every device's store lies.
    pub fn device_folders(&self) -> Vec<DeviceFolder> {
        self.workers
            .iter()
            .map(|worker| device_folder(&self.folder, &worker.name))
            .collect()
    }

    /// The coordinator: the last of the staff.
    pub fn coordinator(&self) -> Result<PractitionerId, DemoError> {
        self.practitioners
            .last()
            .copied()
            .ok_or(DemoError::Plan("no coordinator"))
    }
}

/// `mette-telefon`: first name and device in lower case, letters beyond a to z spelled out.
fn device_name(person: &str, device: &str) -> String {
    let first = person.split(' ').next().unwrap_or(person);
    let name = format!("{first}-{device}").to_lowercase();
    name.replace('æ', "ae")
        .replace('ø', "oe")
        .replace('å', "aa")
}

#[cfg(test)]
mod tests {
    use super::device_name;

    #[test]
    fn a_devices_folder_has_a_name_that_every_file_system_takes() {
        assert_eq!(device_name("Åse Højbjerg", "iPad"), "aase-ipad");
        assert_eq!(
            device_name("Bjørn Ravnkilde", "computer"),
            "bjoern-computer"
        );
    }
}
