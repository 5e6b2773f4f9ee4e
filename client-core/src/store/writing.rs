//! A write that ends with one script: its statements and its end are handed over in one piece, which a save that somebody
//! waits for can tell. What goes from statement to statement is a transaction of the library's ([`Store::begin`]).

use super::{
    Store, Waiting,
    sql::{self, Script},
};
use crate::error::DeviceError;
use sqlx::{Sqlite, SqliteConnection, pool::PoolConnection};
use std::sync::atomic::Ordering;

/// A transaction that was begun. Whoever holds it is the only writer, until it is committed or given up.
pub(crate) struct Writing(Option<PoolConnection<Sqlite>>);

impl Store {
    /// Begins a write. `Revoked` when the store is sealed.
    pub(crate) async fn begin_writing(&self) -> Result<Writing, DeviceError> {
        let mut connection = {
            let _waiting = Waiting::count(&self.waiting);
            self.write.acquire().await?
        };
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut *connection)
            .await?;
        let writing = Writing(Some(connection));
        // As in `begin`: looked at with the writer in hand.
        if self.sealed.load(Ordering::SeqCst) {
            writing.give_up().await;
            return Err(DeviceError::Revoked);
        }
        Ok(writing)
    }
}

impl Writing {
    /// Where to read what the write follows from.
    pub(crate) fn db(&mut self) -> Result<&mut SqliteConnection, DeviceError> {
        let ended = DeviceError::Damaged { what: "write" };
        self.0.as_deref_mut().ok_or(ended)
    }

    /// Runs what the script holds, and commits. After an error nothing of it is kept.
    pub(crate) async fn commit(mut self, mut script: Script) -> Result<(), DeviceError> {
        script.push("COMMIT;");
        let done = sql::run(self.db()?, &mut script).await;
        match done {
            Ok(()) => drop(self.0.take()),
            Err(_) => self.give_up().await,
        }
        done
    }

    /// Keeps nothing of it.
    pub(crate) async fn give_up(mut self) {
        if let Some(mut connection) = self.0.take() {
            let rolled_back = sqlx::query("ROLLBACK").execute(&mut *connection).await;
            // Where there is no room SQLite has ended the transaction by itself. Whatever it is: the next write begins on a
            // connection of which that is known.
            if rolled_back.is_err() {
                connection.close_on_drop();
            }
        }
    }
}

impl Drop for Writing {
    /// A write that nobody ended must not be the beginning of the next.
    fn drop(&mut self) {
        if let Some(mut connection) = self.0.take() {
            connection.close_on_drop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::StoreKey;

    async fn note(store: &Store, name: &str, rest: &str) -> Result<(), DeviceError> {
        let writing = store.begin_writing().await?;
        let mut script = sql::script();
        script
            .push("INSERT INTO meta (name, value) VALUES (")
            .push_bind(name.to_owned())
            .push(", x'00');")
            .push(rest);
        writing.commit(script).await
    }

    async fn noted(store: &Store) -> Vec<String> {
        let names =
            sqlx::query_scalar("SELECT name FROM meta WHERE name GLOB 'note-*' ORDER BY name");
        names.fetch_all(store.read()).await.unwrap()
    }

    #[tokio::test]
    async fn invariant_01_a_write_is_kept_whole_or_not_at_all_and_the_next_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::new([7; 32]);
        let store = Store::create(folder.path(), &key).await.unwrap();
        note(&store, "note-1", "").await.unwrap();
        let refused = note(
            &store,
            "note-2",
            "INSERT INTO meta (name) VALUES ('note-2');",
        )
        .await;
        assert!(refused.is_err());
        assert_eq!(noted(&store).await, ["note-1"], "a script that fails");
        note(&store, "note-3", "").await.unwrap();
        store.begin_writing().await.unwrap().give_up().await;
        note(&store, "note-4", "").await.unwrap();
        let mut begun = store.begin_writing().await.unwrap();
        let written = sqlx::query("INSERT INTO meta (name, value) VALUES ('note-5', x'00')");
        written.execute(begun.db().unwrap()).await.unwrap();
        drop(begun);
        note(&store, "note-6", "").await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let written = sqlx::query("INSERT INTO meta (name, value) VALUES ('note-7', x'00')");
        written.execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            noted(&store).await,
            ["note-1", "note-3", "note-4", "note-6", "note-7"]
        );
        store.close().await;
        let store = Store::open(folder.path(), &key).await.unwrap();
        assert_eq!(noted(&store).await.len(), 5);
        store.close().await;
    }
}
