//! A device by itself: it writes a whole caseload with no network, and then does what a person waits for.

use super::{
    device::ScriptedClock,
    log::Log,
    writing::{self, Content},
};
use crate::{child::tell, generator};
use anyhow::ensure;
use jiff::{ToSpan as _, civil::Date};
use samspor_client_core::{CaseFilter, Device, DueFilter, Search};
use samspor_documents::{document::Edit, id::SpaceId, time::UnixMillis, value::Value};
use serde::{Deserialize, Serialize};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Instant};

/// How often the list is read.
const LISTS: usize = 21;
/// The day that is asked about.
const DUE_ON: Date = Date::constant(2026, 11, 23);
/// Over how many days before it the children were born: sixteen years, as in a municipality.
const BIRTHS_OVER_DAYS: usize = 16 * 365;
/// How many searches of each kind.
const SEARCHES: u64 = 40;
/// How many visits are saved.
const SAVES: u64 = 101;
/// Of how many more the pages are counted.
const COUNTED: u64 = 41;

/// What it took, in seconds, each time.
#[derive(Debug, Serialize, Deserialize)]
pub struct Looked {
    /// The list of all children.
    pub list: Vec<f64>,
    /// Which visits are due.
    pub due: Vec<f64>,
    /// Searches, of all kinds.
    pub search: Vec<f64>,
    /// The slowest kind of search, its median: its name and how long.
    pub slowest: (String, f64),
    /// Saving a visit.
    pub save: Vec<f64>,
    /// A bare transaction of 1 KiB.
    pub bare: Vec<f64>,
    /// How many pages saving a visit wrote.
    pub save_pages: Vec<f64>,
    /// The same of a bare transaction.
    pub bare_pages: Vec<f64>,
}

/// Writes all of it, and puts it into lists and index: `filled`.
pub(super) async fn fill(
    device: &Device,
    clock: &ScriptedClock,
    content: Content,
) -> anyhow::Result<()> {
    writing::join(device, content.team).await?;
    let mut cases = Vec::new();
    writing::write_all(device, clock, &content, |case, _| cases.push(case)).await?;
    for (child, case) in cases.into_iter().enumerate() {
        born(device, child, case).await?;
    }
    device.finish_index().await?;
    tell("filled", &())
}

/// Says when a child was born: in the sixteen years before the day that is asked about. Every other child was visited
/// after birth.
async fn born(device: &Device, child: usize, case: SpaceId) -> anyhow::Result<()> {
    let days = i64::try_from(child % BIRTHS_OVER_DAYS)?;
    let day = DUE_ON.checked_sub(days.days())?;
    let set = |field: &str, value| Edit::Set {
        field: field.to_owned(),
        value,
    };
    device
        .edit_card(case, &[set("birth_date", Value::Date(day))])
        .await?;
    if child.is_multiple_of(2) {
        // KL's code of the first visit after birth.
        let templates = device.templates();
        let kl = templates.kl().and_then(|kl| kl.codes("visit_type"));
        let kinds = kl.unwrap_or_default();
        let first = kinds
            .iter()
            .find(|kind| kind.name.as_deref() == Some("postnatal"));
        let code = first.map(|kind| kind.code.clone()).unwrap_or_default();
        let visit = vec![set("visit_type", Value::Code(code))];
        device
            .write(case, crate::carrying::TEMPLATE, visit, None)
            .await?;
    }
    Ok(())
}

/// Lists, searches, saves: `looked`, with how long each took.
pub(super) async fn look(
    device: &Device,
    clock: &ScriptedClock,
    children: u64,
    folder: &Path,
) -> anyhow::Result<()> {
    let all = || CaseFilter {
        limit: u32::MAX,
        ..CaseFilter::default()
    };
    let mut looked = Looked {
        list: Vec::new(),
        due: Vec::new(),
        search: Vec::new(),
        slowest: (String::new(), 0.0),
        save: Vec::new(),
        bare: Vec::new(),
        save_pages: Vec::new(),
        bare_pages: Vec::new(),
    };
    let mut cases = Vec::new();
    for _ in 0..LISTS {
        let began = Instant::now();
        let rows = device.cases(all()).await?;
        looked.list.push(began.elapsed().as_secs_f64());
        ensure!(rows.len() as u64 == children, "{} are listed", rows.len());
        cases = rows.into_iter().map(|row| row.case).collect();
    }
    for _ in 0..LISTS {
        let began = Instant::now();
        let due = device.due(DUE_ON, DueFilter::default()).await?;
        looked.due.push(began.elapsed().as_secs_f64());
        ensure!(!due.is_empty(), "nothing is due");
    }
    let mut found = 0;
    let me = device.identity().await?.map(|one| one.practitioner);
    for (name, make) in KINDS {
        let mut took = Vec::new();
        for n in 0..SEARCHES {
            let mut search = make(n, &cases);
            if name.contains("author") {
                search.author = me;
            }
            let began = Instant::now();
            let page = device.search(&search).await?;
            took.push(began.elapsed().as_secs_f64());
            found += page.hits.len();
            ensure!(page.hits.is_empty() || *name != NOTHING, "{name}");
        }
        looked.search.extend(&took);
        took.sort_by(f64::total_cmp);
        let middle = took.get(took.len() / 2).copied().unwrap_or_default();
        if middle > looked.slowest.1 {
            looked.slowest = ((*name).to_owned(), middle);
        }
    }
    ensure!(found > 0, "nothing at all is found");
    save(device, clock, folder, &cases, &mut looked).await?;
    tell("looked", &looked)
}

/// Saves visits, each followed by a bare transaction; then some more, whose pages are counted: to read the logs in between
/// would disturb the clock.
async fn save(
    device: &Device,
    clock: &ScriptedClock,
    folder: &Path,
    cases: &[SpaceId],
    looked: &mut Looked,
) -> anyhow::Result<()> {
    let bare = Bare::open(folder).await?;
    let logs = [STORE, BARE].map(|name| Log::of(&folder.join(name)));
    let held = || -> std::io::Result<Vec<_>> { logs.iter().map(Log::held).collect() };
    for n in 0..SAVES + COUNTED {
        let child = n % u64::try_from(cases.len().max(1))?;
        let entry = generator::entry(child, n + 1_000, generator::Part::DayHere);
        let case = *cases
            .get(usize::try_from(child)?)
            .ok_or_else(|| anyhow::anyhow!("no case"))?;
        let before = (n >= SAVES).then(held).transpose()?;
        let began = Instant::now();
        writing::write(device, clock, case, &entry).await?;
        let save = began.elapsed().as_secs_f64();
        let began = Instant::now();
        bare.write().await?;
        let Some(before) = before else {
            looked.save.push(save);
            looked.bare.push(began.elapsed().as_secs_f64());
            continue;
        };
        let pages = [&mut looked.save_pages, &mut looked.bare_pages];
        for ((pages, before), after) in pages.into_iter().zip(&before).zip(&held()?) {
            if let Some(since) = after.since(before) {
                pages.push(f64::from(u32::try_from(since)?));
            }
        }
    }
    Ok(())
}

/// The device's store, and the bare database beside it, by their names.
const STORE: &str = "samspor.db";
const BARE: &str = "bare.db";

/// A database encrypted as a device's store is, in which one table takes 1 KiB per transaction.
struct Bare(SqlitePool);

impl Bare {
    async fn open(folder: &Path) -> anyhow::Result<Self> {
        let key = "07".repeat(32);
        let options = SqliteConnectOptions::new()
            .filename(folder.join(BARE))
            .pragma("key", format!("\"x'{key}'\""))
            .pragma("cipher_hmac_algorithm", "HMAC_SHA256")
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .create_if_missing(true);
        let pool = SqlitePoolOptions::new().max_connections(1);
        let pool = pool.connect_with(options).await?;
        sqlx::query("CREATE TABLE bare (n INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
            .execute(&pool)
            .await?;
        Ok(Self(pool))
    }

    async fn write(&self) -> anyhow::Result<()> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO bare (body) VALUES (?)")
            .bind(vec![7_u8; 1024])
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

/// A word of the content: each stands in a large part of all entries.
fn word(n: u64) -> String {
    generator::note_word(n).to_owned()
}

fn of(text: String) -> Search {
    Search {
        text,
        ..Search::default()
    }
}

/// A kind of search that finds nothing.
const NOTHING: &str = "nothing";

type Make = fn(u64, &[SpaceId]) -> Search;

/// What is looked for: each kind by its name.
const KINDS: &[(&str, Make)] = &[
    ("one common word", |n, _| of(word(n))),
    ("two common words", |n, _| {
        of(format!("{} {}", word(n), word(n + 17)))
    }),
    ("three common words", |n, _| {
        of(format!("{} {} {}", word(n), word(n + 17), word(n + 31)))
    }),
    ("the first two letters", |n, _| {
        of(word(n).chars().take(2).collect())
    }),
    ("a word, author", |n, _| of(word(n))),
    ("a word, template", |n, _| Search {
        template: Some(crate::carrying::TEMPLATE.to_owned()),
        ..of(word(n))
    }),
    ("a word, one child", |n, cases| Search {
        case: cases
            .get(usize::try_from(n).unwrap_or(0) % cases.len().max(1))
            .copied(),
        ..of(word(n).chars().take(1).collect())
    }),
    ("a word, half a year", |n, _| Search {
        from: Some(UnixMillis(1_650_000_000_000)),
        until: Some(UnixMillis(1_665_000_000_000)),
        ..of(word(n))
    }),
    ("a name", |n, _| of(format!("barn {n:05}"))),
    (NOTHING, |n, _| of(format!("zebra{n} {}", word(n)))),
];
