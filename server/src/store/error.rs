//! What can go wrong with the database, told so that somebody can act on it.

/// SQLite's primary result codes that mean "not now", by its documentation.
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READ_ONLY: i32 = 8;
const IO_ERROR: i32 = 10;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be opened or made.
    #[error(
        "the data folder cannot be used: check that it exists, that this user may write in it, and that its disk is not full"
    )]
    Folder {
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// A newer build has migrated it.
    #[error(
        "the data folder was written by a newer samspor (schema step {version} is unknown here): install that version or newer"
    )]
    NewerSchema {
        /// The step that this build does not know.
        version: i64,
    },
    /// A schema step failed.
    #[error(
        "the data folder could not be brought up to this version's schema; nothing of the failed step is kept"
    )]
    Migration {
        /// The cause.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
    /// Nothing can be kept or read now: the disk is full or read-only, or the database is busy or closing.
    #[error("the database cannot be used now: check the disk's space and permissions")]
    Unavailable {
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// A query failed: a fault of this build.
    #[error("a database query failed")]
    Query {
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// A stored value is not what this build writes.
    #[error("a stored {what} is damaged")]
    Damaged {
        /// What it is.
        what: &'static str,
    },
}

impl StoreError {
    /// Whether the same may succeed later, once the disk or the load allows: answered 503 `unavailable`.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Folder { .. })
    }
}

fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_) => true,
        sqlx::Error::Database(database) => database
            .code()
            .and_then(|code| code.parse::<i32>().ok())
            .is_some_and(|code| {
                matches!(
                    code & 0xff,
                    BUSY | LOCKED | READ_ONLY | IO_ERROR | FULL | CANNOT_OPEN
                )
            }),
        _ => false,
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(source: sqlx::Error) -> Self {
        if is_passing(&source) {
            Self::Unavailable { source }
        } else {
            Self::Query { source }
        }
    }
}
