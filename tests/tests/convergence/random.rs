//! Random worlds: several devices write, edit, choose and sync through a road that is cut, delayed and lossy.
//! A seed draws the same world again: `SAMSPOR_SEED`; `SAMSPOR_WORLDS` sets how many are drawn.

use anyhow::{Context as _, Result, ensure};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use samspor_client_core::{CaseFilter, Device, TimelinePage};
use samspor_documents::{
    document::Edit,
    id::{DocumentId, TeamId},
    reading::Reading,
    value::{Decimal, Value},
};
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    journal::token,
    person::{Person, prose, set, settle, text_in},
    seed,
    world::{Beginning, World},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

const WORLDS: u32 = 4;
const STEPS: u32 = 90;
const PAGE: TimelinePage = TimelinePage {
    before: None,
    limit: 500,
    restricted: false,
};

/// One of the devices, and the teams whose records its holder may read.
struct Member {
    person: Person,
    teams: BTreeSet<TeamId>,
}

struct Drawn {
    world: World,
    members: Vec<Member>,
    rng: StdRng,
    /// What was typed into which team's prose: it must be there in the end, once.
    typed: Vec<(TeamId, u64)>,
}

impl Drawn {
    async fn begin(seed: u64) -> Result<Self> {
        let mut rng = StdRng::seed_from_u64(seed);
        let world = World::begin_as(Beginning {
            round_trip: Duration::from_millis(rng.random_range(0..4)),
            ..Beginning::default()
        })
        .await?;
        let north = world
            .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
            .await?;
        let ppr = world.team("PPR", TeamKind::Ppr).await?;
        let mut members = Vec::new();
        // Anna has two devices; Carl is in both teams.
        let anna = world.practitioner("Anna Holm", &[north]).await?;
        for (name, teams) in [
            ("Anna", [north].as_slice()),
            ("Anna", &[north]),
            ("Bo", &[ppr]),
            ("Carl", &[north, ppr]),
        ] {
            let practitioner = if name == "Anna" {
                anna
            } else {
                world.practitioner(name, teams).await?
            };
            let person = world.device(practitioner).await?;
            person.until_member_of(teams).await?;
            members.push(Member {
                person,
                teams: teams.iter().copied().collect(),
            });
        }
        for member in [0, 2] {
            let member = members.get(member).context("a member")?;
            let team = *member.teams.first().context("a team")?;
            member.person.open_named_case(team, "Freja Lund").await?;
        }
        Ok(Self {
            world,
            members,
            rng,
            typed: Vec::new(),
        })
    }

    fn member(&self, who: usize) -> Result<&Member> {
        self.members.get(who).context("a member")
    }

    fn device(&self, who: usize) -> Result<Device> {
        Ok((*self.member(who)?.person).clone())
    }

    /// One step of one device.
    async fn step(&mut self, number: u64) -> Result<()> {
        let who = self.rng.random_range(0..self.members.len());
        match self.rng.random_range(0..100) {
            0..4 => self.open_case(who).await,
            4..30 => self.write(who, number).await,
            30..50 => self.add_text(who, number).await,
            50..62 => self.measure(who).await,
            62..68 => self.choose(who).await,
            68..84 => self.sync_somehow(who).await,
            _ => self.break_the_road(),
        }
    }

    async fn open_case(&mut self, who: usize) -> Result<()> {
        let teams: Vec<TeamId> = self.member(who)?.teams.iter().copied().collect();
        let team = *teams.choose(&mut self.rng).context("a team")?;
        let member = self.member(who)?;
        member.person.open_named_case(team, "Villads Krog").await?;
        Ok(())
    }

    async fn write(&mut self, who: usize, number: u64) -> Result<()> {
        let person = self.device(who)?;
        let cases = person.cases(CaseFilter::default()).await?;
        let Some(case) = cases.choose(&mut self.rng) else {
            return Ok(());
        };
        let edits = vec![
            prose("seen", &token(number)),
            set("weight", grams(4_000 + i64::try_from(number)?)),
        ];
        person.write(case.case, "home_visit", edits, None).await?;
        self.typed.push((case.team, number));
        Ok(())
    }

    /// A visit that this device has, with its team.
    async fn visit(&mut self, who: usize) -> Result<Option<(DocumentId, TeamId)>> {
        let person = self.device(who)?;
        let mut visits = Vec::new();
        for case in person.cases(CaseFilter::default()).await? {
            let rows = person.timeline(case.case, PAGE).await?;
            visits.extend(
                rows.iter()
                    .filter_map(|row| Some((row.document, row.team?))),
            );
        }
        visits.sort_unstable();
        Ok(visits.choose(&mut self.rng).copied())
    }

    async fn add_text(&mut self, who: usize, number: u64) -> Result<()> {
        let Some((document, team)) = self.visit(who).await? else {
            return Ok(());
        };
        let person = self.device(who)?;
        let text = text_in(&person.read(document).await?, "seen")?;
        let places: Vec<usize> = (0..=text.chars().count()).collect();
        // Between tokens only: each can be found again whole.
        let fits = |at: &usize| *at == 0 || text.chars().nth(at - 1) == Some('»');
        let places: Vec<usize> = places.into_iter().filter(fits).collect();
        let at = *places
            .choose(&mut self.rng)
            .context("the beginning is a place")?;
        let insert = samspor_documents::document::Splice {
            at,
            delete: 0,
            insert: token(number),
        };
        let edit = Edit::Text {
            field: "seen".to_owned(),
            edits: vec![insert],
        };
        person.edit(document, &[edit]).await?;
        self.typed.push((team, number));
        Ok(())
    }

    /// A new weight; where two were written at once, it is refused until somebody chooses.
    async fn measure(&mut self, who: usize) -> Result<()> {
        let Some((document, _)) = self.visit(who).await? else {
            return Ok(());
        };
        let grams = grams(self.rng.random_range(3_000..9_000));
        let person = self.device(who)?;
        let conflict = person.read(document).await?.conflicts > 0;
        let outcome = person.edit(document, &[set("weight", grams)]).await;
        ensure!(
            outcome.is_err() == conflict,
            "an edit of a field in conflict: {outcome:?}"
        );
        Ok(())
    }

    async fn choose(&mut self, who: usize) -> Result<()> {
        let person = self.device(who)?;
        let conflicts = person.conflicts().await?;
        if let Some(conflict) = conflicts.choose(&mut self.rng) {
            let value = conflict.values.choose(&mut self.rng).context("a value")?;
            let value = value.value.clone();
            person
                .choose(conflict.document, &conflict.field, None, value)
                .await?;
        }
        Ok(())
    }

    /// Syncs, wherever that ends.
    async fn sync_somehow(&mut self, who: usize) -> Result<()> {
        if let Ok(report) = self.member(who)?.person.try_sync().await {
            ensure!(report.refused == 0 && report.repairs == 0, "{report:?}");
            ensure!(!report.up_to_date || report.in_sync, "{report:?}");
        }
        Ok(())
    }

    fn break_the_road(&mut self) -> Result<()> {
        let relay = &self.world.relay;
        match self.rng.random_range(0..6) {
            0 => relay.set_cover(false),
            1 | 2 => relay.set_cover(true),
            3 => relay.cut_after(self.rng.random_range(2_000..40_000)),
            4 => relay.lose_next_answer(),
            _ => relay.cut(),
        }
        Ok(())
    }

    /// The road is whole again and everybody syncs: what do they hold?
    async fn end(&mut self) -> Result<()> {
        self.world.relay.set_cover(true);
        self.world.relay.cut_after(0);
        if !self.world.relay.has_lost() {
            // Whatever is lost first: nobody shall miss it.
            let _ = self.member(0)?.person.try_sync().await;
        }
        let people: Vec<&Person> = self.members.iter().map(|member| &member.person).collect();
        settle(&people).await?;
        let mut readings = Vec::new();
        for member in &self.members {
            let held = everything(&member.person).await?;
            let teams: BTreeSet<TeamId> = held.values().map(|(team, _)| *team).collect();
            ensure!(
                teams.is_subset(&member.teams),
                "somebody holds what they may not see"
            );
            ensure!(
                member.person.status().await?.repairs == 0,
                "a repair was needed"
            );
            readings.push(held);
        }
        self.all_read_the_same(&readings)?;
        self.all_was_kept(&readings)
    }

    /// Devices read equally what they both may read: text, concurrent values, authors and times.
    fn all_read_the_same(&self, readings: &[Held]) -> Result<()> {
        for (one, held) in self.members.iter().zip(readings) {
            for (other, others) in self.members.iter().zip(readings) {
                let both: BTreeSet<&TeamId> = one.teams.intersection(&other.teams).collect();
                let of_both = |held: &Held| -> BTreeMap<DocumentId, Reading> {
                    let shared = held.iter().filter(|(_, (team, _))| both.contains(team));
                    shared
                        .map(|(id, (_, reading))| (*id, reading.clone()))
                        .collect()
                };
                ensure!(
                    of_both(held) == of_both(others),
                    "two devices read differently"
                );
            }
        }
        Ok(())
    }

    fn all_was_kept(&self, readings: &[Held]) -> Result<()> {
        for (team, number) in &self.typed {
            for (member, held) in self.members.iter().zip(readings) {
                let mut found = 0;
                for (_, reading) in held.values() {
                    found += text_in(reading, "seen")?.matches(&token(*number)).count();
                }
                let expected = usize::from(member.teams.contains(team));
                ensure!(
                    found == expected,
                    "{} stands {found} times, not {expected}",
                    token(*number)
                );
            }
        }
        Ok(())
    }
}

type Held = BTreeMap<DocumentId, (TeamId, Reading)>;

/// All that a device holds, cards too.
async fn everything(person: &Person) -> Result<Held> {
    let mut held = Held::new();
    for case in person.cases(CaseFilter::default()).await? {
        if let Some(card) = case.card {
            held.insert(card, (case.team, person.read(card).await?));
        }
        for row in person.timeline(case.case, PAGE).await? {
            let team = row.team.context("an entry stands in a case")?;
            held.insert(row.document, (team, person.read(row.document).await?));
        }
    }
    Ok(held)
}

fn grams(amount: i64) -> Value {
    Value::Quantity {
        amount: Decimal::whole(amount),
        unit: "g".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_02_devices_in_sync_read_the_same_whatever_the_order_loss_and_delay() {
    let seed = seed::seed().unwrap();
    for number in 0..seed::count("SAMSPOR_WORLDS", WORLDS).unwrap() {
        let seed = seed.wrapping_add(u64::from(number));
        println!("SAMSPOR_SEED={seed} SAMSPOR_WORLDS=1 draws this world again");
        let mut drawn = Drawn::begin(seed).await.unwrap();
        for step in 0..STEPS {
            drawn
                .step(u64::from(step))
                .await
                .unwrap_or_else(|error| panic!("step {step} of {seed}: {error:#}"));
        }
        drawn
            .end()
            .await
            .unwrap_or_else(|error| panic!("the end of {seed}: {error:#}"));
    }
}
