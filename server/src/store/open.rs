//! Opening: the connections' settings and the schema's migration.

use super::{Store, StoreError};
use sqlx::{
    migrate::{MigrateError, Migrator},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
    },
};
use std::{path::Path, time::Duration};

/// The database's file in the server's folder.
pub const FILE_NAME: &str = "samspor.db";

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
        .optimize_on_close(true, None)
}

pub(super) async fn open(folder: &Path) -> Result<Store, StoreError> {
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options(folder))
        .await
        .map_err(|source| StoreError::Folder { source })?;
    migrate(&writer).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS_MAX)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options(folder).pragma("query_only", "on"))
        .await
        .map_err(|source| StoreError::Folder { source })?;
    Ok(Store { writer, readers })
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
