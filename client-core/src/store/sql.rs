//! Small helpers between rows and types.

use crate::error::DeviceError;
use samspor_documents::id::{DocumentId, FactId, PractitionerId, SpaceId, TeamId};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

/// How many rows one statement writes or asks for: set-wise statements cost a tenth per row.
pub(crate) const CHUNK: usize = 100;

/// Statements that go to the database in one piece, in order, each ended by a semicolon: to hand one over costs as much
/// as a small one itself.
pub(crate) type Script = QueryBuilder<Sqlite>;

/// A script without a statement.
pub(crate) fn script() -> Script {
    QueryBuilder::new("")
}

/// Runs what a script holds, and empties it.
pub(crate) async fn run(db: &mut SqliteConnection, script: &mut Script) -> Result<(), DeviceError> {
    if !script.sql().as_str().is_empty() {
        script.build().execute(db).await?;
        *script = self::script();
    }
    Ok(())
}

/// A type that is kept as 16 bytes.
pub(crate) trait Sixteen: Sized {
    /// From the bytes.
    fn of(bytes: &[u8]) -> Option<Self>;
}

macro_rules! sixteen {
    ($($type:ident),*) => {$(
        impl Sixteen for $type {
            fn of(bytes: &[u8]) -> Option<Self> { Self::from_slice(bytes).ok() }
        }
    )*};
}
sixteen!(DocumentId, FactId, PractitionerId, SpaceId, TeamId);

impl Sixteen for Uuid {
    fn of(bytes: &[u8]) -> Option<Self> {
        Self::from_slice(bytes).ok()
    }
}

/// The identifier in a column.
pub(crate) fn id<T: Sixteen>(row: &SqliteRow, column: usize) -> Result<T, DeviceError> {
    T::of(row.try_get::<&[u8], _>(column)?).ok_or(DeviceError::Damaged { what: "identifier" })
}

/// The identifier in a column that may be null.
pub(crate) fn id_opt<T: Sixteen>(row: &SqliteRow, column: usize) -> Result<Option<T>, DeviceError> {
    row.try_get::<Option<&[u8]>, _>(column)?
        .map(|bytes| T::of(bytes).ok_or(DeviceError::Damaged { what: "identifier" }))
        .transpose()
}

/// The identifier that the first 32 hexadecimal digits of a line say, and what follows.
pub(crate) fn split_id<T: Sixteen>(line: &str) -> Option<(T, &str)> {
    let (digits, rest) = line.split_at_checked(32)?;
    Some((T::of(Uuid::try_parse(digits).ok()?.as_bytes())?, rest))
}

/// A number that is never negative.
pub(crate) fn count(row: &SqliteRow, column: usize) -> Result<u64, DeviceError> {
    Ok(u64::try_from(row.try_get::<i64, _>(column)?).unwrap_or(0))
}

/// A count for a column.
pub(crate) fn count_of(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A log position for a column: the largest integer stands for "not told yet".
pub(crate) fn seq_column(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// 32 bytes.
pub(crate) fn hash32(bytes: &[u8]) -> Result<[u8; 32], DeviceError> {
    bytes
        .try_into()
        .map_err(|_| DeviceError::Damaged { what: "hash" })
}

/// Hashes that stand one after another.
pub(crate) fn hashes(bytes: &[u8]) -> Result<Vec<[u8; 32]>, DeviceError> {
    if !bytes.len().is_multiple_of(32) {
        return Err(DeviceError::Damaged { what: "hashes" });
    }
    bytes.chunks_exact(32).map(hash32).collect()
}

/// Hashes one after another.
pub(crate) fn concat(hashes: &[[u8; 32]]) -> Vec<u8> {
    hashes.concat()
}
