//! How the store's pages are encrypted: AES-256, and a keyed checksum by which a page that was tampered with is refused.
//!
//! The checksum is SHA-256's, which phones and PCs compute in hardware; SHA-512, SQLCipher's own choice, takes twice as
//! long here. A store keeps the one that it was made with.

use crate::{error::DeviceError, key::StoreKey};
use sqlx::{ConnectOptions as _, sqlite::SqliteConnectOptions};
use std::path::Path;

/// By which checksum pages are told to be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageCheck {
    /// Of stores that are made now.
    Sha256,
    /// Of stores that were made before 30 November 2026.
    Sha512,
}

impl PageCheck {
    const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "HMAC_SHA256",
            Self::Sha512 => "HMAC_SHA512",
        }
    }
}

/// A connection to the database in this file.
pub(super) fn options(file: &Path, key: &StoreKey, check: PageCheck) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .pragma("key", key.pragma().to_string())
        .pragma("cipher_hmac_algorithm", check.name())
        .disable_statement_logging()
}

/// SQLCipher writes its own complaints (about a wrong key) to the error output: errors are told by their types
/// here. The setting is the process's, and has to stand before a keyed database is touched.
pub(super) async fn quiet() {
    static QUIET: tokio::sync::OnceCell<()> = tokio::sync::OnceCell::const_new();
    let quiet = async {
        let options = SqliteConnectOptions::new()
            .in_memory(true)
            .pragma("cipher_log_level", "NONE");
        if let Ok(connection) = options.connect().await {
            let _ = sqlx::Connection::close(connection).await;
        }
    };
    QUIET.get_or_init(|| quiet).await;
}

/// Which checksum a store has; `WrongKey` when its pages are whole by none.
pub(super) async fn check_of(file: &Path, key: &StoreKey) -> Result<PageCheck, DeviceError> {
    match probe(file, key, PageCheck::Sha256, false).await {
        Ok(()) => return Ok(PageCheck::Sha256),
        Err(DeviceError::WrongKey) => {}
        Err(error) => return Err(error),
    }
    probe(file, key, PageCheck::Sha512, false).await?;
    Ok(PageCheck::Sha512)
}

/// Makes the file of a new store.
pub(super) async fn make(file: &Path, key: &StoreKey) -> Result<PageCheck, DeviceError> {
    probe(file, key, PageCheck::Sha256, true).await?;
    Ok(PageCheck::Sha256)
}

/// A wrong key, a full disk, a folder without rights show at the first read only. It is done on a connection of
/// its own, which is closed before anything is told: a pool would leave one that fails to a thread of its own,
/// and a program that ends meanwhile (SQLCipher wipes its memory then) would crash.
async fn probe(
    file: &Path,
    key: &StoreKey,
    check: PageCheck,
    create: bool,
) -> Result<(), DeviceError> {
    let options = options(file, key, check).create_if_missing(create);
    let mut connection = options.busy_timeout(super::BUSY).connect().await?;
    let read = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&mut connection)
        .await;
    let closed = sqlx::Connection::close(connection).await;
    read?;
    Ok(closed?)
}
