//! `kill -9` of the server, of a device, of both, at work and at chosen moments; then everything starts again.
//! What must not be lost is known from what the device's process said before it died, and from nothing else.
//!
//! `SAMSPOR_KILL_ROUNDS` sets how many rounds there are (25), `SAMSPOR_SEED` replays the choices of a run.

use anyhow::{Context as _, Result, ensure};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use samspor_documents::{guard, id::DocumentId, template::Templates};
use samspor_protocol::{
    fact::TeamKind,
    feed::{Content, Gone},
    limits,
};
use samspor_tests::{
    hand_made::HandMade,
    journal::{InFlight, Journal, Line, token},
    person::{Person, settle},
    program::Program,
    seed, wait,
    world::{Beginning, World},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::process::Command;

const ROUNDS: u32 = 25;
/// A world grows with its rounds; after so many a new one begins.
const ROUNDS_PER_WORLD: u32 = 13;
/// Saves before the moment that is aimed at.
const SAVES_BEFORE: std::ops::Range<usize> = 4..24;
/// What the relay adds to a round trip: so that pushes are on their way for a while.
const ROUND_TRIP: Duration = Duration::from_millis(8);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Server,
    Device,
    Both,
}

/// The moment that is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// While a push is on its way.
    Push,
    /// While the device saves.
    Save,
    /// As soon as the device has heard that its work is accepted.
    Heard,
}

#[derive(Default)]
struct Hits {
    pushes: u32,
    saves: u32,
}

impl Hits {
    fn count(&mut self, in_flight: &InFlight) {
        self.pushes += u32::from(in_flight.push.is_some());
        self.saves += u32::from(in_flight.save.is_some());
    }
}

/// How long things take here and now, as far as was seen: the moments that are aimed at follow it.
struct Pace {
    push: Duration,
    save: Duration,
}

struct Outcome {
    in_flight: InFlight,
    told: String,
}

struct Rounds {
    world: World,
    folder: PathBuf,
    key: [u8; 32],
    code: Option<String>,
    journal: Journal,
    reader: HandMade,
    observer: Person,
    rng: StdRng,
    pace: Pace,
}

/// What each document says, as text.
type Word = BTreeMap<DocumentId, String>;

impl Rounds {
    async fn begin(seed: u64) -> Result<Self> {
        let world = World::begin_as(Beginning {
            apart: true,
            round_trip: ROUND_TRIP,
            ..Beginning::default()
        })
        .await?;
        let team = world
            .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
            .await?;
        let worker = world.practitioner("Anna Holm", &[team]).await?;
        let colleague = world.practitioner("Bodil Kjær", &[team]).await?;
        Ok(Self {
            folder: world.free_folder(),
            key: samspor_tests::hand_made::random()?,
            code: Some(world.code(worker).await?),
            journal: Journal::default(),
            reader: world.hand_made(colleague).await?,
            observer: world.device(colleague).await?,
            rng: StdRng::seed_from_u64(seed),
            pace: Pace {
                push: Duration::from_millis(10),
                save: Duration::from_millis(1),
            },
            world,
        })
    }

    async fn start_worker(&mut self) -> Result<Program> {
        let mut key = String::new();
        for byte in self.key {
            write!(key, "{byte:02x}")?;
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_device_worker"));
        command
            .arg(&self.folder)
            .arg(key)
            .arg(self.rng.random::<u64>().to_string())
            .arg(self.journal.next().to_string())
            .args(self.code.take());
        let mut worker = Program::start(command)?;
        let line = self.hear(&mut worker).await?;
        ensure!(line == Line::Ready, "{line}");
        Ok(worker)
    }

    async fn hear(&mut self, worker: &mut Program) -> Result<Line> {
        match wait::within("the worker to say something", worker.line()).await? {
            Some(line) => self.journal.note(&line),
            None => anyhow::bail!("the worker ended: {}", worker.errors().await),
        }
    }

    /// Lets the worker work, then strikes at the moment aimed at. Says what was going on then.
    async fn strike(
        &mut self,
        mut worker: Program,
        victim: Victim,
        aim: Aim,
    ) -> Result<(Option<Program>, InFlight)> {
        let saves = self.journal.saved.len() + self.rng.random_range(SAVES_BEFORE);
        self.watch_until(&mut worker, saves).await?;
        self.wait_for_the_moment(&mut worker, aim).await?;
        if victim != Victim::Server {
            worker.strike()?;
        }
        if victim != Victim::Device {
            self.world.kill_server().await?;
            self.world.relay.set_cover(false);
        }
        if victim == Victim::Server {
            let in_flight = self.push_that_failed(&mut worker).await?;
            return Ok((Some(worker), in_flight));
        }
        for line in worker.kill().await? {
            self.journal.note(&line)?;
        }
        Ok((None, self.journal.in_flight()))
    }

    /// Returns amid what is aimed at, at no particular place in it: what is over by then is let go.
    async fn wait_for_the_moment(&mut self, worker: &mut Program, aim: Aim) -> Result<()> {
        loop {
            let within = match (aim, self.hear(worker).await?) {
                (Aim::Push, Line::PushBegin { waiting }) if waiting > 0 => self.pace.push,
                (Aim::Save, Line::SaveBegin { .. }) => self.pace.save,
                (Aim::Heard, Line::PushHeard) => return Ok(()),
                _ => continue,
            };
            tokio::time::sleep(within.mul_f64(self.rng.random_range(0.0..0.6))).await;
            for line in worker.heard() {
                self.journal.note(&line)?;
            }
            let in_flight = self.journal.in_flight();
            if (aim == Aim::Push && in_flight.push.is_some())
                || (aim == Aim::Save && in_flight.save.is_some())
            {
                return Ok(());
            }
        }
    }

    /// Lets the worker work until it has saved so much; meanwhile, how long does what take?
    async fn watch_until(&mut self, worker: &mut Program, saves: usize) -> Result<()> {
        let (mut pushing, mut saving) = (None, None);
        while self.journal.saved.len() < saves {
            let line = self.hear(worker).await?;
            let now = Instant::now();
            match line {
                Line::PushBegin { waiting } if waiting > 0 => pushing = Some(now),
                Line::PushHeard => follow(&mut self.pace.push, pushing.take()),
                Line::SaveBegin { .. } => saving = Some(now),
                Line::SaveEnd { .. } => follow(&mut self.pace.save, saving.take()),
                _ => {}
            }
        }
        Ok(())
    }

    /// What was on its way when the server died: a push that now fails, and was not heard of before.
    async fn push_that_failed(&mut self, worker: &mut Program) -> Result<InFlight> {
        for line in worker.heard() {
            self.journal.note(&line)?;
        }
        let push = self.journal.in_flight().push;
        let failed = self.journal.failed;
        while self.journal.failed == failed {
            let line = self.hear(worker).await?;
            if push.is_some() && matches!(line, Line::PushHeard | Line::PushEnd) {
                return Ok(InFlight::default());
            }
        }
        Ok(InFlight { push, save: None })
    }

    async fn round(&mut self, number: u32, victim: Victim, aim: Aim) -> Result<Outcome> {
        let begun = Instant::now();
        let worker = self.start_worker().await?;
        let (worker, in_flight) = self.strike(worker, victim, aim).await?;
        let acked: BTreeSet<u64> = self.journal.acked.clone();
        if victim != Victim::Device {
            self.world.start_server().await?;
            self.reader.lead_to(self.world.server_url());
        }
        self.server_holds(&acked).await?;
        self.world.relay.set_cover(true);
        if let Some(worker) = worker {
            let ended = worker.end().await?;
            for line in &ended.output {
                self.journal.note(line)?;
            }
            ensure!(
                self.journal.rested,
                "the worker did not come to rest: {ended:?}"
            );
        }
        self.converge(&in_flight).await?;
        let told = format!(
            "round {number}: {victim:?} killed, aimed at {aim:?}; in flight: {} and {}; {} saved, {} of them acknowledged; {:.1} s",
            in_flight
                .push
                .map_or("no push".to_owned(), |waiting| format!(
                    "a push of {waiting}"
                )),
            in_flight
                .save
                .map_or("no save".to_owned(), |save| format!("save {save}")),
            self.journal.saved.len(),
            acked.len(),
            begun.elapsed().as_secs_f32(),
        );
        Ok(Outcome { in_flight, told })
    }

    /// The server's own word holds these saves, before any device can tell it anything again. What was logged and
    /// not yet projected at the kill is fed as soon as the projector has caught up.
    async fn server_holds(&self, acked: &BTreeSet<u64>) -> Result<()> {
        let lost = "acknowledged, and lost on the server";
        let held = wait::until("the projector to catch up", async || {
            let word = self.servers_word().await?;
            Ok(self.hold(&word, acked, lost).is_ok())
        });
        match held.await {
            Ok(()) => Ok(()),
            Err(_) => self.hold(&self.servers_word().await?, acked, lost),
        }
    }

    /// Opens the worker's store again, lets everybody sync, and compares all of it, value by value.
    async fn converge(&mut self, in_flight: &InFlight) -> Result<()> {
        let saved: BTreeSet<u64> = self.journal.saved.keys().copied().collect();
        let mut device = Person::of(self.folder.clone(), self.key).await?;
        let own = self.word_of(&device).await?;
        self.hold(&own, &saved, "saved, and lost on the device")?;
        settle(&[&device, &self.observer]).await?;
        let (own, other) = (
            self.word_of(&device).await?,
            self.word_of(&self.observer).await?,
        );
        let server = self.servers_word().await?;
        ensure!(own == other, "two devices in sync read differently");
        ensure!(own == server, "device and server read differently");
        self.hold(&own, &saved, "saved, and lost after all have synced")?;
        ensure!(device.outbox().await?.is_empty() && device.not_delivered().await?.is_empty());
        device.close().await;
        // A save that was cut short is there wholly or not at all: either was right, and from now on it is known.
        if let Some(save) = in_flight.save {
            let found = own.iter().find(|(_, text)| text.contains(&token(save)));
            if let Some((document, _)) = found {
                self.journal.saved.insert(save, *document);
            }
        }
        let all: BTreeSet<u64> = self.journal.saved.keys().copied().collect();
        self.journal.acked = all;
        Ok(())
    }

    /// Whether these saves can be read where they were saved.
    fn hold(&self, word: &Word, saves: &BTreeSet<u64>, else_they_are: &str) -> Result<()> {
        for save in saves {
            let document = self
                .journal
                .saved
                .get(save)
                .context("what is acknowledged was saved")?;
            let text = word.get(document).map_or("", String::as_str);
            ensure!(
                text.matches(&token(*save)).count() == 1,
                "save {save} in {document} was {else_they_are}"
            );
        }
        Ok(())
    }

    async fn word_of(&self, person: &Person) -> Result<Word> {
        let mut word = Word::new();
        for document in self.journal.saved.values() {
            if !word.contains_key(document) {
                let reading = person.read(*document).await?;
                word.insert(*document, serde_json::to_string(&reading.fields)?);
            }
        }
        Ok(word)
    }

    /// What the server tells someone who comes with nothing.
    async fn servers_word(&self) -> Result<Word> {
        let known: BTreeSet<DocumentId> = self.journal.saved.values().copied().collect();
        let mut word = Word::new();
        for page in self.reader.read_everything().await? {
            ensure!(
                !page
                    .gone
                    .iter()
                    .any(|gone| matches!(gone, Gone::Document(_)))
            );
            for item in page.documents {
                let Content::Whole(bytes) = item.content else {
                    anyhow::bail!("a cold start sends documents whole");
                };
                if known.contains(&item.document) {
                    let document = guard::load(&bytes, limits::DOCUMENT_BYTES_MAX)?;
                    let reading = document.reading(Templates::built_in());
                    word.insert(item.document, serde_json::to_string(&reading.fields)?);
                }
            }
        }
        Ok(word)
    }
}

/// Moves a pace half way to what was just seen.
fn follow(pace: &mut Duration, begun: Option<Instant>) {
    if let Some(begun) = begun {
        *pace = (*pace + begun.elapsed()) / 2;
    }
}

/// What is killed, and when, round by round: every pair comes, pushes and saves most often. Where hits of a kind
/// are too few so far (a busy machine), the next rounds aim at it.
fn plan(number: u32, so_far: &Hits) -> (Victim, Aim) {
    const PLAN: [(Victim, Aim); 8] = [
        (Victim::Server, Aim::Push),
        (Victim::Device, Aim::Save),
        (Victim::Both, Aim::Push),
        (Victim::Server, Aim::Heard),
        (Victim::Device, Aim::Push),
        (Victim::Both, Aim::Save),
        (Victim::Both, Aim::Heard),
        (Victim::Device, Aim::Save),
    ];
    let [first, ..] = PLAN;
    let planned = *PLAN.iter().cycle().nth(number as usize).unwrap_or(&first);
    if planned.1 == Aim::Heard {
        planned
    } else if so_far.pushes * 5 < number * 2 {
        (planned.0, Aim::Push)
    } else if so_far.saves * 5 < number * 2 && planned.0 != Victim::Server {
        (planned.0, Aim::Save)
    } else {
        planned
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_01_nothing_acknowledged_and_nothing_saved_is_lost_when_server_or_device_is_killed_at_work()
 {
    let seed = seed::seed().unwrap();
    let rounds = seed::count("SAMSPOR_KILL_ROUNDS", ROUNDS).unwrap();
    println!("{rounds} rounds; SAMSPOR_SEED={seed} draws the same again");
    let mut total = Hits::default();
    let mut number = 0;
    while number < rounds {
        let mut world = Rounds::begin(seed ^ u64::from(number)).await.unwrap();
        for _ in 0..ROUNDS_PER_WORLD.min(rounds - number) {
            let (victim, aim) = plan(number, &total);
            let outcome = world.round(number, victim, aim).await;
            let outcome = outcome.unwrap_or_else(|error| {
                panic!("round {number} ({victim:?} at {aim:?}): {error:#}")
            });
            total.count(&outcome.in_flight);
            println!("{}", outcome.told);
            number += 1;
        }
    }
    let Hits { pushes, saves } = total;
    println!("{rounds} rounds: {pushes} hit an unacknowledged push, {saves} a device's save");
    assert!(
        pushes * 4 >= rounds,
        "only {pushes} of {rounds} rounds hit an unacknowledged push"
    );
    assert!(
        saves * 4 >= rounds,
        "only {saves} of {rounds} rounds hit a device's save"
    );
}
