//! Leaving nothing of what was removed: pages of before stand in the write-ahead log until they are overwritten, and
//! copies of a row stay where a page was split or its rows were moved, though each removal overwrites what it removes.
//! No query finds them, but the store's key opens them.
//!
//! The log is emptied after each removal. The database is written anew once access has ended, when the page that says so
//! has everything with it: rarely, and at the cost of the store's size, which is why nothing else asks for it. A mark in
//! the transaction of the removal says that it is to be done; what is interrupted, or has no room, is done the next time.

use super::{BUSY, Store, Tx, meta};
use crate::error::DeviceError;
use sqlx::AssertSqlSafe;
use std::sync::atomic::Ordering;

/// How long the log waits for its readers before it is emptied another time.
const WIPE_MILLIS: u64 = 250;

/// Notes that the database is to be written anew.
pub(super) async fn ask(tx: &mut Tx) -> Result<(), DeviceError> {
    meta::set(tx, meta::name::UNSWEPT, &[1]).await
}

impl Store {
    /// Writes the database anew where something was removed from it because access had ended. Reading goes on meanwhile;
    /// a write waits. What does not succeed now, as on a full disk, is done the next time.
    pub(super) async fn sweep(&self) -> Result<(), DeviceError> {
        if meta::get(self.read(), meta::name::UNSWEPT).await?.is_none() {
            return Ok(());
        }
        let swept = async {
            let mut connection = self.write.acquire().await?;
            // The copy is as large as the store, and encrypted with its key: it is not kept in memory.
            sqlx::query("PRAGMA temp_store = FILE")
                .execute(&mut *connection)
                .await?;
            let copied = sqlx::query("VACUUM").execute(&mut *connection).await;
            sqlx::query("PRAGMA temp_store = MEMORY")
                .execute(&mut *connection)
                .await?;
            copied?;
            sqlx::query("DELETE FROM meta WHERE name = ?")
                .bind(meta::name::UNSWEPT)
                .execute(&mut *connection)
                .await
        };
        if swept.await.is_ok() {
            self.wipe_log(true).await;
        }
        Ok(())
    }

    /// Folds the write-ahead log into the database and empties it, where it may hold what was removed: pages of before
    /// stand in it until they are overwritten, and a store's key opens them as well. While somebody reads from it, it
    /// is left for the next time; what was committed is durable either way.
    pub(super) async fn wipe_log(&self, has_purged: bool) {
        if !self.is_log_stale.fetch_or(has_purged, Ordering::SeqCst) && !has_purged {
            return;
        }
        let wiped = async {
            let mut connection = self.write.acquire().await?;
            sqlx::query(AssertSqlSafe(format!(
                "PRAGMA busy_timeout = {WIPE_MILLIS}"
            )))
            .execute(&mut *connection)
            .await?;
            let row: Result<(i64, i64, i64), _> = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
                .fetch_one(&mut *connection)
                .await;
            sqlx::query(AssertSqlSafe(format!(
                "PRAGMA busy_timeout = {}",
                BUSY.as_millis()
            )))
            .execute(&mut *connection)
            .await?;
            row.map(|(is_busy, _, _)| is_busy == 0)
        };
        if matches!(wiped.await, Ok(true)) {
            self.is_log_stale.store(false, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::StoreKey;
    use std::{
        collections::BTreeSet,
        sync::{Arc, atomic::AtomicBool},
        time::Duration,
    };

    const NEEDLE: &str = "blåbærgrød-fra-i-går";

    async fn filled() -> (tempfile::TempDir, Store) {
        let keep = tempfile::tempdir().expect("a folder");
        let made = Store::create(&keep.path().join("store"), &StoreKey::new([7; 32])).await;
        let store = made.expect("a store");
        let mut tx = store.begin().await.expect("begins");
        sqlx::query(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 500)
             INSERT INTO meta (name, value)
             SELECT 'filler ' || n, CAST(replace(hex(zeroblob(3000)), '0', ?) AS BLOB) FROM n",
        )
        .bind(NEEDLE)
        .execute(&mut *tx)
        .await
        .expect("fills");
        ask(&mut tx).await.expect("asks");
        tx.commit().await.expect("commits");
        (keep, store)
    }

    /// What files of this process that are in no folder any more say, as far as they are SQLite's temporary ones.
    #[cfg(target_os = "linux")]
    fn temporary_files() -> Vec<Vec<u8>> {
        let Ok(open) = std::fs::read_dir("/proc/self/fd") else {
            return Vec::new();
        };
        open.flatten()
            .filter(|one| {
                let file = std::fs::read_link(one.path());
                file.is_ok_and(|file| file.to_string_lossy().contains("etilqs_"))
            })
            .filter_map(|one| std::fs::read(one.path()).ok())
            .collect()
    }

    #[cfg(target_os = "linux")]
    #[tokio::test(flavor = "multi_thread")]
    async fn the_copy_that_a_sweep_makes_is_encrypted_as_the_store_is() {
        let (_keep, store) = filled().await;
        let is_over = Arc::new(AtomicBool::new(false));
        let watched = Arc::clone(&is_over);
        let watching = std::thread::spawn(move || {
            let (mut sizes, mut readable) = (BTreeSet::new(), false);
            while !watched.load(Ordering::SeqCst) {
                for bytes in temporary_files() {
                    let needle = NEEDLE.as_bytes();
                    readable |= bytes.windows(needle.len()).any(|part| part == needle);
                    sizes.insert(bytes.len());
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            (sizes, readable)
        });
        store.sweep().await.expect("sweeps");
        is_over.store(true, Ordering::SeqCst);
        let (sizes, readable) = watching.join().expect("watches");
        assert!(
            sizes.last().is_some_and(|size| *size > 1_000_000),
            "{sizes:?}"
        );
        assert!(!readable);
    }

    #[tokio::test]
    async fn a_store_is_swept_once_it_was_asked_for_and_gives_its_room_back() {
        let (_keep, store) = filled().await;
        let asked = async || {
            meta::get(store.read(), meta::name::UNSWEPT)
                .await
                .expect("reads")
        };
        sqlx::query("DELETE FROM meta WHERE name LIKE 'filler %'")
            .execute(&mut *store.write.acquire().await.expect("the writer"))
            .await
            .expect("deletes");
        assert!(asked().await.is_some());
        store.sweep().await.expect("sweeps");
        assert!(asked().await.is_none());
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
            .fetch_one(store.read())
            .await
            .expect("a count");
        assert!(pages < 200, "{pages}");
    }
}
