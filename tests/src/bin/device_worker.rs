//! A device as a process of its own, to be killed: writes and syncs without pause and says what it is doing.
//!
//! `device_worker FOLDER KEY_HEX SEED FIRST [CODE]`: opens the store in the folder (with a code: makes and enrols it).
//! It numbers what it saves from FIRST. Lines it says, each at once:
//! `ready` · `save begin N WHAT` · `save end N DOCUMENT` · `push begin WAITING` · `push heard` · `push end` ·
//! `push failed` · `acked N` · `rested`. It ends, all sent, when its input ends.

use anyhow::{Context as _, Result, ensure};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use samspor_client_core::{CaseFilter, Device, StoreKey, SyncOptions, TimelinePage};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    value::Value,
};
use samspor_protocol::enrol::EnrolmentCode;
use samspor_tests::{
    hand_made,
    journal::{Line, token},
    person::{options, prose, set, text_in},
    wait,
};
use std::{
    collections::HashMap,
    io::Write as _,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{io::AsyncReadExt as _, sync::watch};

/// The longest pause between two saves, in milliseconds.
const PAUSE_MILLIS_MAX: u64 = 12;
/// How many of its newest notes it goes on writing in.
const NOTES_EDITED_MAX: u32 = 12;
/// Of so many saves, `NOTES_EDITED_MAX` go on in a note where there are enough of them.
const SAVES: u32 = 20;

/// What was saved, per document in order, and how much of it was heard to be accepted.
#[derive(Default)]
struct Saved {
    by_document: HashMap<Option<DocumentId>, Vec<u64>>,
    acked: HashMap<Option<DocumentId>, usize>,
}

struct Worker {
    device: Device,
    saved: Mutex<Saved>,
}

fn say(line: Line) {
    let mut output = std::io::stdout().lock();
    // Nobody listens any more: then nobody misses it.
    let _ = writeln!(output, "{line}").and_then(|()| output.flush());
}

#[tokio::main]
async fn main() -> Result<()> {
    hand_made::speak_tls();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, key, seed, first, rest @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: device_worker FOLDER KEY_HEX SEED FIRST [CODE]");
    };
    let (folder, key) = (Path::new(folder), StoreKey::from_hex(key)?);
    let device = match rest.first() {
        Some(code) => {
            let device = Device::create(folder, key, options()).await?;
            device.enrol(&EnrolmentCode::from_text(code)?).await?;
            wait::until("a team to save in", async || {
                device.sync(SyncOptions::default()).await?;
                let teams = device.teams().await?;
                Ok(teams.iter().any(|team| team.role.is_some()))
            })
            .await?;
            device
        }
        None => Device::open(folder, key, options()).await?,
    };
    let worker = Arc::new(Worker {
        device,
        saved: Mutex::default(),
    });
    say(Line::Ready);
    let (stop, stopped) = watch::channel(false);
    let mut saving = tokio::spawn(worker.clone().save_all(
        seed.parse()?,
        first.parse()?,
        stopped.clone(),
    ));
    let pushing = tokio::spawn(worker.clone().push_all(stopped.clone()));
    let listening = tokio::spawn(worker.clone().listen(stopped));
    let (mut input, mut told) = (tokio::io::stdin(), Vec::new());
    tokio::select! {
        ended = input.read_to_end(&mut told) => ended.map(|_| ())?,
        ended = &mut saving => {
            ended??;
            anyhow::bail!("it saves no more");
        }
    }
    stop.send_replace(true);
    saving.await??;
    pushing.await?;
    listening.await??;
    let report = worker.device.sync(SyncOptions::default()).await?;
    ensure!(report.all_sent && report.in_sync, "{report:?}");
    worker.tell_acked().await?;
    say(Line::Rested);
    let worker = Arc::into_inner(worker).context("nobody else works with it")?;
    worker.device.close().await;
    Ok(())
}

impl Worker {
    fn saved(&self) -> std::sync::MutexGuard<'_, Saved> {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn save_all(
        self: Arc<Self>,
        seed: u64,
        first: u64,
        stopped: watch::Receiver<bool>,
    ) -> Result<()> {
        let mut rng = StdRng::seed_from_u64(seed);
        let case = self.case(first).await?;
        let mut number = first + 1;
        while !*stopped.borrow() {
            self.save_one(case, number, &mut rng).await?;
            number += 1;
            let pause = rng.random_range(0..=PAUSE_MILLIS_MAX);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        Ok(())
    }

    /// Its one case; opened, when there is none, as the save of this number.
    async fn case(&self, number: u64) -> Result<SpaceId> {
        if let Some(row) = self.device.cases(CaseFilter::default()).await?.first() {
            return Ok(row.case);
        }
        let teams = self.device.teams().await?;
        let team = teams
            .iter()
            .find(|team| team.role.is_some())
            .context("a team of its own")?;
        say(Line::SaveBegin {
            number,
            what: "case".to_owned(),
        });
        let name = set("name", Value::Text(token(number)));
        let case = self.device.open_case(team.team, vec![name]).await?;
        let card = self.device.cases(CaseFilter::default()).await?;
        let card = card.first().and_then(|row| row.card).context("the card")?;
        // Two operations wait for it, the case's and the card's: both are the save.
        self.saved().by_document.insert(None, vec![number]);
        say(Line::SaveEnd {
            number,
            document: card,
        });
        Ok(case)
    }

    async fn save_one(&self, case: SpaceId, number: u64, rng: &mut StdRng) -> Result<()> {
        let page = TimelinePage {
            limit: NOTES_EDITED_MAX,
            ..TimelinePage::default()
        };
        let notes = self.device.timeline(case, page).await?;
        let chosen = usize::try_from(rng.random_range(0..SAVES))?;
        let document = match notes.get(chosen) {
            Some(row) => {
                let text = text_in(&self.device.read(row.document).await?, "text")?;
                let text = format!("{text}{}", token(number));
                say(Line::SaveBegin {
                    number,
                    what: row.document.to_string(),
                });
                self.device
                    .edit(row.document, &[prose("text", &text)])
                    .await?;
                row.document
            }
            None => {
                let edits = vec![
                    prose("text", &token(number)),
                    prose("understood", &"sover godt ".repeat(30)),
                ];
                say(Line::SaveBegin {
                    number,
                    what: "note".to_owned(),
                });
                self.device.write(case, "note", edits, None).await?
            }
        };
        self.saved()
            .by_document
            .entry(Some(document))
            .or_default()
            .push(number);
        say(Line::SaveEnd { number, document });
        Ok(())
    }

    async fn push_all(self: Arc<Self>, stopped: watch::Receiver<bool>) {
        let once = SyncOptions {
            retries_max: 0,
            finish_index: false,
            ..SyncOptions::default()
        };
        while !*stopped.borrow() {
            match self.device.sync(once).await {
                Ok(_) => say(Line::PushEnd),
                Err(error) => {
                    say(Line::PushFailed {
                        why: error.to_string(),
                    });
                    tokio::time::sleep(Duration::from_millis(PAUSE_MILLIS_MAX)).await;
                }
            }
        }
    }

    /// Says so whenever a push was sent or answered, and what it was that is now acknowledged. One sync sends as
    /// many pushes as it finds work for: behind a slow server it does not end while there is saved on.
    async fn listen(self: Arc<Self>, mut stopped: watch::Receiver<bool>) -> Result<()> {
        let mut activity = self.device.activity();
        let mut before = *activity.borrow();
        loop {
            tokio::select! {
                changed = activity.changed() => changed?,
                stop = stopped.changed() => return Ok(stop?),
            }
            let now = *activity.borrow_and_update();
            if now.pushes > before.pushes {
                say(Line::PushHeard);
                self.tell_acked().await?;
            }
            if now.sent > before.sent && now.sent > now.returned {
                let waiting = self.device.outbox().await?.len();
                say(Line::PushBegin { waiting });
            }
            before = now;
        }
    }

    /// Says which saves are acknowledged: those of each document that no longer wait, its first ones.
    async fn tell_acked(&self) -> Result<()> {
        // What was saved is read before what waits: so nothing counts as acknowledged too early.
        let saved: Vec<(Option<DocumentId>, usize)> = self
            .saved()
            .by_document
            .iter()
            .map(|(document, saves)| (*document, saves.len()))
            .collect();
        let mut waiting: HashMap<Option<DocumentId>, usize> = HashMap::new();
        let cards = self.device.cases(CaseFilter::default()).await?;
        for row in self.device.outbox().await? {
            let card = cards.iter().any(|case| case.card == row.document);
            let document = if card { None } else { row.document };
            *waiting.entry(document).or_default() += 1;
        }
        let mut all = self.saved();
        for (document, saves) in saved {
            let waits = waiting.get(&document).copied().unwrap_or(0);
            let before = all.acked.get(&document).copied().unwrap_or(0);
            let now = saves.saturating_sub(waits).max(before);
            let numbers = all.by_document.get(&document).cloned().unwrap_or_default();
            for number in numbers.get(before..now).unwrap_or_default() {
                say(Line::Acked { number: *number });
            }
            all.acked.insert(document, now);
        }
        Ok(())
    }
}
