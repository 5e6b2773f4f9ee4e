//! An organisation: two teams and a road, people with devices whose clocks are off, and what they asked for.

use crate::model::{Model, What};
use anyhow::{Context as _, Result};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use samspor_client_core::{Clock, Device, DeviceOptions, EnrolmentCode, SystemClock};
use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::fact::{Role, TeamKind};
use samspor_tests::{
    person::Person,
    world::{Beginning, World},
};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::SeqCst},
    },
    time::Duration,
};

/// A clock that is off.
#[derive(Default)]
pub struct Off(AtomicI64);

impl Off {
    /// By so many milliseconds from now on.
    pub fn by(&self, millis: i64) {
        self.0.store(millis, SeqCst);
    }
}

impl Clock for Off {
    fn now(&self) -> UnixMillis {
        UnixMillis(SystemClock.now().0 + self.0.load(SeqCst))
    }

    fn offset_minutes(&self) -> i16 {
        60
    }
}

/// A device, its holder, its clock.
pub struct Holder {
    pub who: PractitionerId,
    pub person: Person,
    pub clock: Arc<Off>,
    /// The last operation that was seen in its outbox.
    pub last: i64,
}

/// What a device asked for: the operations that say so, by their numbers.
pub struct Asked {
    pub device: usize,
    pub numbers: Vec<i64>,
    pub what: What,
}

/// What somebody typed: it must be found again.
pub struct Typed {
    pub number: u64,
    pub who: PractitionerId,
}

/// The organisation.
pub struct Drawn {
    pub world: World,
    pub rng: StdRng,
    /// The first is its own people's, the second by assignment in the beginning.
    pub teams: [TeamId; 2],
    /// In each team one who always stays.
    pub stay: [[PractitionerId; 2]; 2],
    /// They come and go.
    pub float: [PractitionerId; 2],
    pub holders: Vec<Holder>,
    pub model: Model,
    pub asked: Vec<Asked>,
    pub typed: Vec<Typed>,
    /// Who signed what, delivered or not.
    pub signed: Vec<(PractitionerId, DocumentId)>,
    /// Assignments that somebody has asked about since the last rest: one word each, so that their order is no question.
    pub touched: BTreeSet<(SpaceId, PractitionerId)>,
}

async fn holder(world: &World, who: PractitionerId) -> Result<Holder> {
    let clock = Arc::new(Off::default());
    let options = DeviceOptions {
        clock: clock.clone(),
        ..DeviceOptions::default()
    };
    let person = Person::with_options(world.free_folder(), options).await?;
    let code = EnrolmentCode::from_text(&world.code(who).await?)?;
    person.enrol_with(&code).await?;
    Ok(Holder {
        who,
        person,
        clock,
        last: 0,
    })
}

impl Drawn {
    pub async fn begin(seed: u64) -> Result<Self> {
        let mut rng = StdRng::seed_from_u64(seed);
        let world = World::begin_as(Beginning {
            round_trip: Duration::from_millis(rng.random_range(0..4)),
            ..Beginning::default()
        })
        .await?;
        let nurses = world
            .team("Sundhedsplejen", TeamKind::HealthVisiting)
            .await?;
        let ppr = world.team("PPR", TeamKind::Ppr).await?;
        let mut model = Model::default();
        let mut people = Vec::new();
        for (name, teams) in [
            ("Anna", &[nurses][..]),
            ("Bo", &[nurses]),
            ("Peter", &[ppr]),
            ("Mia", &[ppr]),
            ("Sara", &[]),
            ("Carl", &[nurses]),
        ] {
            let who = world.practitioner(name, teams).await?;
            people.push(who);
            let roles = teams.iter().map(|team| ((who, *team), Role::Practitioner));
            model.members.extend(roles);
        }
        let mut drawn = Self {
            world,
            rng,
            teams: [nurses, ppr],
            stay: [[people[0], people[1]], [people[2], people[3]]],
            float: [people[4], people[5]],
            holders: Vec::new(),
            model,
            asked: Vec::new(),
            typed: Vec::new(),
            signed: Vec::new(),
            touched: BTreeSet::new(),
        };
        drawn.set_caseload(ppr, true).await?;
        // Anna has two devices.
        for who in people.iter().chain(&people[..1]) {
            drawn.holders.push(holder(&drawn.world, *who).await?);
        }
        drawn.hear_of_memberships().await?;
        // Each team has a case to begin with.
        for (device, number) in [(0, 1_000_000), (2, 1_000_001)] {
            drawn
                .open_case_in(device, drawn.teams[device / 2], number)
                .await?;
            drawn.write(device, number + 10).await?;
        }
        drawn.rest().await?;
        Ok(drawn)
    }

    pub fn device(&self, device: usize) -> Result<Device> {
        let holder = self.holders.get(device).context("a device")?;
        Ok((*holder.person).clone())
    }

    /// Somebody's team members who always stay.
    pub fn stayers(&self, team: TeamId) -> [PractitionerId; 2] {
        self.stay[usize::from(team == self.teams[1])]
    }

    /// Notes what a device has just asked for, by the operations that are new in its outbox.
    pub async fn ask(&mut self, device: usize, what: Option<What>) -> Result<()> {
        let rows = self.device(device)?.outbox().await?;
        let holder = self.holders.get_mut(device).context("a device")?;
        let numbers = rows.iter().map(|row| row.number);
        let new: Vec<i64> = numbers.filter(|number| *number > holder.last).collect();
        holder.last = new.iter().copied().max().unwrap_or(holder.last);
        if let Some(what) = what {
            // Of a case that is opened with its card, the opening decides.
            let numbers = match &what {
                What::Open(..) => new.into_iter().take(1).collect(),
                _ => new,
            };
            self.asked.push(Asked {
                device,
                numbers,
                what,
            });
        }
        Ok(())
    }

    /// Something was typed here.
    pub fn typed(&mut self, number: u64, device: usize) {
        let who = self.holders[device].who;
        self.typed.push(Typed { number, who });
    }

    /// The cases that a device's holder has as their own, with their teams.
    pub async fn own_cases(&self, device: usize) -> Result<Vec<SpaceId>> {
        let mut own = Vec::new();
        let hands = self.device(device)?;
        let received = hands.received_shares().await?;
        for case in hands.cases(Default::default()).await? {
            if !received.iter().any(|one| one.case == case.case) {
                own.push(case.case);
            }
        }
        Ok(own)
    }

    /// An entry of one of those cases.
    pub async fn own_entry(&mut self, device: usize) -> Result<Option<(SpaceId, DocumentId)>> {
        let cases = self.own_cases(device).await?;
        let Some(case) = cases.choose(&mut self.rng).copied() else {
            return Ok(None);
        };
        let rows = self
            .device(device)?
            .timeline(case, Default::default())
            .await?;
        let row = rows.choose(&mut self.rng);
        Ok(row.map(|row| (case, row.document)))
    }

    pub async fn end(mut self) -> Result<()> {
        for holder in &mut self.holders {
            holder.person.close().await;
        }
        self.world.stop_server().await?;
        Ok(())
    }
}
