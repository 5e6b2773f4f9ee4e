//! The store's own promises: what it refuses, and what outlives what.

use super::*;
use tempfile::TempDir;

#[tokio::test]
async fn a_database_written_by_a_newer_build_is_refused() {
    let folder = TempDir::new().expect("folder");
    let store = Store::open(folder.path()).await.expect("opens");
    let mut tx = store.write().await.expect("writes");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from tomorrow', 1, x'00', 0)",
    )
    .execute(&mut *tx)
    .await
    .expect("inserts");
    tx.commit().await.expect("commits");
    store.close().await;
    let error = Store::open(folder.path()).await.expect_err("refused");
    assert!(matches!(error, StoreError::NewerSchema { version: 9999 }));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told_so() {
    let folder = TempDir::new().expect("folder");
    let error = Store::open(&folder.path().join("missing"))
        .await
        .expect_err("refused");
    assert!(matches!(error, StoreError::Folder { .. }), "{error:?}");
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_keeps_what_was_committed() {
    let folder = TempDir::new().expect("folder");
    let store = Store::open(folder.path()).await.expect("opens");
    let mut tx = store.write().await.expect("writes");
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
        .fetch_one(&mut *tx)
        .await
        .expect("counts");
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "PRAGMA max_page_count = {pages}"
    )))
    .execute(&mut *tx)
    .await
    .expect("limits");
    let error = sqlx::query(
        "INSERT INTO snapshots (document, body) VALUES (randomblob(16), zeroblob(100000))",
    )
    .execute(&mut *tx)
    .await
    .map_err(StoreError::from)
    .expect_err("no room");
    assert!(error.is_unavailable(), "{error:?}");
    drop(tx);
    let again = store
        .write()
        .await
        .expect("the writer is not stuck in what was undone");
    drop(again);
    let mut tx = store.read().await.expect("reads");
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM snapshots")
        .fetch_one(&mut *tx)
        .await
        .expect("counts");
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_read_sees_one_moment() {
    let folder = TempDir::new().expect("folder");
    let store = Store::open(folder.path()).await.expect("opens");
    let count = "SELECT count(*) FROM snapshots";
    let mut read = store.read().await.expect("reads");
    let before: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut *read)
        .await
        .expect("counts");
    let mut write = store.write().await.expect("writes");
    sqlx::query("INSERT INTO snapshots (document, body) VALUES (randomblob(16), x'00')")
        .execute(&mut *write)
        .await
        .expect("inserts");
    write.commit().await.expect("commits");
    let still: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut *read)
        .await
        .expect("counts");
    assert_eq!((before, still), (0, 0));
}
