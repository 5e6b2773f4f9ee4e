//! The device's encrypted store: one SQLCipher database in one folder, one practitioner's.
//!
//! One connection writes (so writes are in one order and never wait for each other inside SQLite), a few read.
//! Whatever belongs together is one transaction. File names say nothing about anybody.

pub(crate) mod additions;
pub(crate) mod agreed;
pub(crate) mod apply;
mod assignments;
mod card;
mod caseload;
mod cipher;
pub(crate) mod circles;
pub(crate) mod closings;
pub(crate) mod contacts;
mod disclosed;
pub(crate) mod document;
pub(crate) mod drafts;
pub(crate) mod due;
mod entries;
pub(crate) mod erase;
pub(crate) mod facts;
pub(crate) mod find;
pub(crate) mod gone;
pub(crate) mod index;
mod lock;
pub(crate) mod meta;
pub(crate) mod outbox;
mod outstanding;
mod quarantine;
pub(crate) mod refusals;
mod remainder;
pub(crate) mod repair;
pub(crate) mod restrictions;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod shares;
pub(crate) mod signed;
pub(crate) mod sql;
mod standing;
pub(crate) mod status;
mod sweep;
mod templates;
#[cfg(test)]
mod testing;
mod threads;
pub(crate) mod writing;

use crate::{error::DeviceError, key::StoreKey};
use cipher::PageCheck;
use lock::FolderLock;
use sqlx::{
    Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use threads::Threads;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/device");

/// The database's name within its folder.
pub(crate) const FILE: &str = "samspor.db";
/// How many connections read at once.
const READERS_MAX: u32 = 3;
/// What the connection that writes keeps of pages, as SQLite is told: KiB, negative. The indexes of a large caseload fit:
/// every page that is fetched again is decrypted and verified again.
const WRITER_CACHE: &str = "-16384";
/// How long a connection waits for another's lock.
const BUSY: Duration = Duration::from_secs(10);

/// A write transaction.
pub(crate) type Tx = Transaction<'static, Sqlite>;

/// An open store.
pub(crate) struct Store {
    write: SqlitePool,
    read: SqlitePool,
    lock: Mutex<Option<FolderLock>>,
    threads: Threads,
    /// Whether the write-ahead log may hold what was removed since.
    is_log_stale: AtomicBool,
    /// Whether more than one batch went into the search index since it was last made one.
    listed_many: AtomicBool,
    /// How many pieces of what is behind the next transaction puts into lists.
    index_pieces: AtomicUsize,
    /// How many wait to write.
    waiting: AtomicUsize,
    folder: PathBuf,
    templates: templates::Known,
    /// Whether it is a revoked device's: nothing is written in it any more.
    sealed: AtomicBool,
}

impl Store {
    /// Makes a new store. `StoreExists` when there is one.
    pub(crate) async fn create(folder: &Path, key: &StoreKey) -> Result<Self, DeviceError> {
        make_private_folder(folder)?;
        let lock = FolderLock::take(folder)?;
        erase::forget(folder)?;
        if folder.join(FILE).exists() {
            return Err(DeviceError::StoreExists {
                folder: folder.to_owned(),
            });
        }
        Self::connect(folder, key, lock, true).await
    }

    /// Opens a store. `NoStore`, `HandedOver`, `WrongKey`, `NewerSchema`, `StoreInUse` as they say.
    pub(crate) async fn open(folder: &Path, key: &StoreKey) -> Result<Self, DeviceError> {
        erase::finish_wiping(folder)?;
        if let Some(mark) = erase::handed_over(folder)? {
            return Err(DeviceError::HandedOver { items: mark.items });
        }
        if !folder.join(FILE).exists() {
            return Err(DeviceError::NoStore {
                folder: folder.to_owned(),
            });
        }
        let lock = FolderLock::take(folder)?;
        Self::connect(folder, key, lock, false).await
    }

    async fn connect(
        folder: &Path,
        key: &StoreKey,
        lock: FolderLock,
        create: bool,
    ) -> Result<Self, DeviceError> {
        cipher::quiet().await;
        let file = folder.join(FILE);
        let check = match create {
            true => cipher::make(&file, key).await?,
            false => cipher::check_of(&file, key).await?,
        };
        let threads = Threads::of_next();
        let options = options(&file, key, check)
            .create_if_missing(create)
            .thread_name(move |number| threads.name(number));
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(options.clone().pragma("cache_size", WRITER_CACHE));
        if let Err(error) = migrate(&write).await {
            write.close().await;
            return Err(error);
        }
        let read = SqlitePoolOptions::new()
            .max_connections(READERS_MAX)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(options.pragma("query_only", "ON"));
        let store = Self {
            write,
            read,
            lock: Mutex::new(Some(lock)),
            threads,
            // The process before may have ended in between.
            is_log_stale: AtomicBool::new(true),
            listed_many: AtomicBool::new(false),
            index_pieces: AtomicUsize::new(1),
            waiting: AtomicUsize::new(0),
            folder: folder.to_owned(),
            templates: templates::Known::default(),
            sealed: AtomicBool::new(false),
        };
        if let Err(error) = store.renew_templates().await {
            store.close().await;
            return Err(error);
        }
        Ok(store)
    }

    /// Begins a write: from here on this is the only writer. `Revoked` when the store is sealed.
    pub(crate) async fn begin(&self) -> Result<Tx, DeviceError> {
        let tx = self.begin_sealed().await?;
        // Looked at with the writer in hand: no write slips in after the store was sealed by another.
        if self.sealed.load(Ordering::SeqCst) {
            return Err(DeviceError::Revoked);
        }
        Ok(tx)
    }

    /// Begins a write that no seal stops: of what a sync notes about itself.
    pub(crate) async fn begin_sealed(&self) -> Result<Tx, DeviceError> {
        const BEGIN: &str = "BEGIN IMMEDIATE";
        let _waiting = Waiting::count(&self.waiting);
        match self.write.begin_with(BEGIN).await {
            // Where a write fails for lack of space, SQLite ends the transaction by itself; sqlx goes on counting it, and
            // begins no other on that connection.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.write.acquire().await?.close().await?;
                Ok(self.write.begin_with(BEGIN).await?)
            }
            begun => Ok(begun?),
        }
    }

    /// Whether somebody waits to write: a long transaction that may end anywhere ends for them.
    fn is_waited_for(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    /// Where to read. A reader sees the last committed write, or all of one.
    pub(crate) const fn read(&self) -> &SqlitePool {
        &self.read
    }

    /// A connection that reads, for what takes one: without a transaction, which costs two hand-overs more.
    pub(crate) async fn reader(&self) -> Result<PoolConnection<Sqlite>, DeviceError> {
        Ok(self.read.acquire().await?)
    }

    /// A read transaction: everything read in it is of one moment.
    pub(crate) async fn snapshot(&self) -> Result<Tx, DeviceError> {
        Ok(self.read.begin().await?)
    }

    /// Closes the files; the log is folded into the database.
    pub(crate) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
        self.threads.ended().await;
        if let Ok(mut lock) = self.lock.lock() {
            lock.take();
        }
    }
}

/// Somebody who waits to write, until they may, or give up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn count(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::SeqCst);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn options(file: &Path, key: &StoreKey, check: PageCheck) -> SqliteConnectOptions {
    cipher::options(file, key, check)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .foreign_keys(false)
        // Nothing in the clear: no temporary file, no remains of what was deleted.
        .pragma("temp_store", "MEMORY")
        .pragma("secure_delete", "ON")
        .pragma("cache_size", "-8192")
}

async fn migrate(pool: &SqlitePool) -> Result<(), DeviceError> {
    let known = MIGRATIONS
        .iter()
        .map(|step| step.version)
        .max()
        .unwrap_or(0);
    let migrated: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'",
    )
    .fetch_one(pool)
    .await?;
    if migrated > 0 {
        let found: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
            .fetch_one(pool)
            .await?;
        let found = found.unwrap_or(0);
        if found > known {
            return Err(DeviceError::NewerSchema { found, known });
        }
        if found == known {
            return Ok(());
        }
    }
    MIGRATIONS.run(pool).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::Execute(source) => DeviceError::from(source),
        sqlx::migrate::MigrateError::ExecuteMigration(source, _) => DeviceError::from(source),
        _ => DeviceError::Damaged { what: "schema" },
    })
}

/// The folder, readable by its owner only.
fn make_private_folder(folder: &Path) -> Result<(), DeviceError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
        .create(folder)
        .map_err(|source| DeviceError::Folder {
            folder: folder.to_owned(),
            source,
        })
}
