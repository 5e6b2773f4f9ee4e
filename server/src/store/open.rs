//! Opening: the connections' settings and the schema's migration.

use super::{Store, StoreError};
use sqlx::{
    Connection as _,
    migrate::{MigrateError, Migrator},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
    },
};
use std::{path::Path, sync::Arc, time::Duration};

/// The database's file in the server's folder.
pub const FILE_NAME: &str = "samspor.db";

/// Held while the schema is brought up.
const LOCK_NAME: &str = "samspor.lock";

/// How long a write waits for another process's.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const READERS_MAX: u32 = 4;
/// Bytes of the write-ahead log after which it is cut back.
const JOURNAL_BYTES_MAX: &str = "67108864";
/// Page cache of one connection, in KiB (negative: KiB, not pages).
const CACHE_KIB: &str = "-8192";

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/server/sqlite");

fn options(folder: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(folder.join(FILE_NAME))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("secure_delete", "on")
        .pragma("journal_size_limit", JOURNAL_BYTES_MAX)
        .pragma("cache_size", CACHE_KIB)
        .pragma("temp_store", "memory")
}

/// Connections that stay open. One whose transaction SQLite itself has undone (a full disk, an I/O error) still
/// counts as in it, and would refuse every later one: it is closed, and a fresh one takes its place.
fn pool(connections_max: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_release(|connection, _| {
            Box::pin(async move {
                // Behind the rollback that a dropped transaction has queued.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
}

pub(super) async fn open(folder: &Path) -> Result<Store, StoreError> {
    let writer = pool(1)
        .connect_with(options(folder))
        .await
        .map_err(|source| StoreError::Folder { source })?;
    let lock = lock(folder).await?;
    migrate(&writer).await?;
    drop(lock);
    let readers = pool(READERS_MAX)
        .connect_with(options(folder).pragma("query_only", "on"))
        .await
        .map_err(|source| StoreError::Folder { source })?;
    Ok(Store {
        writer,
        readers,
        templates: Arc::default(),
    })
}

/// One process at a time brings the schema up; the others wait. Let go when the file is closed.
async fn lock(folder: &Path) -> Result<std::fs::File, StoreError> {
    let path = folder.join(LOCK_NAME);
    let locking = tokio::task::spawn_blocking(move || {
        let file = std::fs::File::create(path)?;
        file.lock()?;
        Ok(file)
    });
    let failed = |source| StoreError::Folder {
        source: sqlx::Error::Io(source),
    };
    locking
        .await
        .map_err(|error| failed(std::io::Error::other(error)))?
        .map_err(failed)
}

async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    MIGRATIONS.run(writer).await.map_err(|source| match source {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
            StoreError::NewerSchema { version }
        }
        MigrateError::Execute(source) => StoreError::Folder { source },
        source => StoreError::Migration { source },
    })
}
