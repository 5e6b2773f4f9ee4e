//! The database: one SQLite file in the server's folder.
//!
//! One connection writes, several read; every commit is on disk before it returns (WAL, synchronous = FULL).
//! `write` takes the database's write lock at once, so that another process (`samspor admin`) may append to
//! the same log. No transaction is held while a request's bytes travel.

mod error;
mod ids;
mod open;

pub use error::StoreError;
pub use ids::{bulk_chunks, hex_list, id16, id32};
pub use open::FILE_NAME;

use crate::templates::Known;
use samspor_documents::template::Templates;
use sqlx::{Sqlite, SqlitePool, Transaction};
use std::{path::Path, sync::Arc};

/// A transaction: reads see one moment of the database until it ends.
pub type Tx = Transaction<'static, Sqlite>;

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    templates: Arc<Known>,
}

impl Store {
    /// Opens the database in `folder`, makes it where there is none, and brings its schema up to this build's.
    ///
    /// # Errors
    /// `Folder` when it cannot be read or written, `NewerSchema` when a newer build has migrated it,
    /// `Migration` when a schema step fails (nothing of that step is kept).
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        open::open(folder).await
    }

    /// Begins a read: one snapshot, whatever is committed meanwhile. End it by dropping it.
    ///
    /// # Errors
    /// `Unavailable` when no connection is to be had.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(self.readers.begin().await?)
    }

    /// Begins a write: waits for its turn and holds the log's lock until it is committed or dropped (undone).
    ///
    /// # Errors
    /// `Unavailable` when the lock is not to be had in time, or the disk is full or read-only.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// The templates to read documents with, as they stand in this transaction.
    ///
    /// # Errors
    /// `Unavailable`, `Query` or `Damaged`.
    pub(crate) async fn templates(&self, tx: &mut Tx) -> Result<Arc<Templates>, StoreError> {
        self.templates.read(tx).await
    }

    /// Closes every connection, after the transactions under way.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[cfg(test)]
mod tests;
