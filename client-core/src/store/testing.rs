//! What only tests do to a store.

use super::{Store, meta, sql};
use crate::key::StoreKey;
use samspor_documents::id::{DocumentId, FactId, SpaceId};
use sqlx::AssertSqlSafe;
use std::path::Path;

impl Store {
    async fn run(&self, sql: String) {
        let mut connection = self.write.acquire().await.expect("a connection");
        let done = sqlx::query(AssertSqlSafe(sql))
            .execute(&mut *connection)
            .await;
        done.expect("runs");
    }

    /// Copies it into this file, with the checksum that stores had before.
    pub(crate) async fn copy_as_before(&self, file: &Path, key: &StoreKey) {
        let key = key.pragma();
        for sql in [
            format!(
                "ATTACH DATABASE '{}' AS before KEY {}",
                file.display(),
                *key
            ),
            "SELECT sqlcipher_export('before')".to_owned(),
            "DETACH DATABASE before".to_owned(),
        ] {
            self.run(sql).await;
        }
    }

    /// How many operations were accepted and owe an echo, as far as it is known.
    pub(crate) async fn not_echoed(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM outbox WHERE state = 1 AND echoed = 0")
            .fetch_one(self.read())
            .await
            .expect("reads")
    }

    /// The disk is full: the database may not grow any more.
    pub(crate) async fn limit_pages_to_present(&self) {
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
            .fetch_one(self.read())
            .await
            .expect("a count");
        self.run(format!("PRAGMA max_page_count = {}", pages + 4))
            .await;
    }

    /// Whether the end of a word can be read anywhere in the search index, or beside it.
    pub(crate) async fn index_says(&self, word: &str) -> bool {
        let (_, end) = word.split_at(word.len() / 2);
        let found: i64 = sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM found_words_data WHERE instr(block, CAST(?1 AS BLOB)) > 0)
               + (SELECT count(*) FROM found WHERE instr(words, ?1) > 0)
               + (SELECT count(*) FROM found_here WHERE instr(words, ?1) > 0)",
        )
        .bind(end)
        .fetch_one(self.read())
        .await
        .expect("reads");
        found > 0
    }

    /// The search index holds what it is made from, and nothing else.
    pub(crate) async fn check_index(&self) {
        let sql = "INSERT INTO found_words (found_words, rank) VALUES ('integrity-check', 1)";
        self.run(sql.to_owned()).await;
    }

    /// As if these were found: a place, a document, its words.
    pub(crate) async fn pretend_found(
        &self,
        found: impl Iterator<Item = (i64, DocumentId, String)>,
    ) {
        let rows = found.map(|(n, document, words)| {
            format!("({n}, x'{}', x'', '{words}')", document.0.simple())
        });
        let rows = rows.collect::<Vec<_>>().join(", ");
        self.run(format!(
            "INSERT INTO found (n, document, space, words) VALUES {rows}"
        ))
        .await;
    }

    /// As if the server had told of these cases, those with a name also of their card.
    pub(crate) async fn pretend_cases(
        &self,
        cases: impl Iterator<Item = (SpaceId, Option<String>)>,
    ) {
        let (mut spaces, mut cards) = (Vec::new(), Vec::new());
        for (space, name) in cases {
            let id = space.0.simple();
            spaces.push(format!("(x'{id}', x'{id}', x'{id}', 0, 1)"));
            let Some(name) = name else { continue };
            let view = serde_json::json!({ "name": name, "kind": "child" });
            cards.push(format!("(x'{id}', x'{id}', '{name}', 0, '{view}')"));
        }
        for (table, rows) in [
            (
                "spaces (space, team, opened_by, opened_at, confirmed)",
                spaces,
            ),
            ("cards (space, document, name, closed, view)", cards),
        ] {
            self.run(format!("INSERT INTO {table} VALUES {}", rows.join(", ")))
                .await;
        }
    }

    /// As if a newer program had used it.
    pub(crate) async fn pretend_newer(&self) {
        let sql =
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                   VALUES (999, 'from tomorrow', 1, x'00', 0)";
        self.run(sql.to_owned()).await;
    }

    /// As the store was before it knew what a template's fact is, with such facts in it.
    pub(crate) async fn pretend_before_templates(&self) {
        self.pretend_found_at_places().await;
        for sql in [
            "UPDATE facts SET kind = 255, subject = x'' WHERE kind >= 15",
            "DROP INDEX rows_by_template",
            "DELETE FROM _sqlx_migrations WHERE version >= 16",
        ] {
            self.run(sql.to_owned()).await;
        }
    }

    /// As the store was when words waited by the ids of their documents, with what waits in it.
    pub(crate) async fn pretend_words_by_id(&self) {
        for sql in [
            "DROP TRIGGER found_here_forgotten",
            "DROP TRIGGER found_here_gone",
            "CREATE TABLE found_here_before (document BLOB NOT NULL PRIMARY KEY, space BLOB NOT NULL, subject BLOB,
               occurred_at INTEGER NOT NULL, words TEXT NOT NULL) STRICT, WITHOUT ROWID",
            "INSERT INTO found_here_before SELECT r.document, r.space, r.subject, r.occurred_at, h.words FROM found_here h
               JOIN documents d ON d.n = h.n JOIN rows r ON r.document = d.document",
            "DROP TABLE found_here",
            "ALTER TABLE found_here_before RENAME TO found_here",
            "CREATE TRIGGER found_here_forgotten AFTER DELETE ON rows BEGIN
               DELETE FROM found_here WHERE document = old.document; END",
            "DROP INDEX outbox_not_echoed",
            "ALTER TABLE outbox DROP COLUMN echoed",
            "CREATE INDEX changes_unconfirmed ON changes (document, hash) WHERE state = 1",
            "DELETE FROM _sqlx_migrations WHERE version >= 21",
        ] {
            self.run(sql.to_owned()).await;
        }
    }

    /// As the store was when each lookup had an index of its own, with what is in it.
    pub(crate) async fn pretend_more_pages(&self) {
        self.place_begun().await.expect("places");
        self.pretend_words_by_id().await;
        for sql in [
            "DROP INDEX outbox_opens",
            "CREATE INDEX cards_by_name ON cards (name, space)",
            "DROP TRIGGER found_here_forgotten",
            "DROP TABLE found_here",
            "DROP INDEX rows_by_time",
            "CREATE INDEX rows_by_time ON rows (space, kind, occurred_at, seq, document)",
            "CREATE INDEX rows_by_template ON rows (template)",
            "DROP INDEX documents_by_space",
            "CREATE INDEX documents_by_space ON documents (space)",
            "CREATE INDEX documents_unconfirmed ON documents (n) WHERE seq IS NULL",
            "DROP INDEX outbox_by_document",
            "DROP INDEX outbox_about_space",
            "DROP INDEX outbox_accepted_by_space",
            "CREATE INDEX outbox_by_document ON outbox (document, n) WHERE document IS NOT NULL",
            "CREATE INDEX outbox_by_space ON outbox (space, n)",
            "CREATE INDEX outbox_by_hash ON outbox (hash) WHERE hash IS NOT NULL",
            "DROP INDEX changes_folded",
            "CREATE INDEX changes_folded ON changes (hash) WHERE state = 3",
            "DROP INDEX changes_by_document",
            "CREATE INDEX changes_by_document ON changes (document, n)",
            "CREATE UNIQUE INDEX changes_by_hash ON changes (hash, document)",
            "DELETE FROM _sqlx_migrations WHERE version >= 19",
        ] {
            self.run(sql.to_owned()).await;
        }
    }

    /// As the store was when what is found stood at its place, with what is found in it.
    pub(crate) async fn pretend_found_at_places(&self) {
        self.pretend_more_pages().await;
        for sql in [
            "DROP TRIGGER found_told",
            "DROP TRIGGER found_forgotten",
            "CREATE TABLE found_waiting_at (n INTEGER NOT NULL PRIMARY KEY) STRICT",
            "INSERT INTO found_waiting_at SELECT f.n FROM found_waiting w JOIN found f ON f.id = w.id",
            "DROP TABLE found_waiting",
            "ALTER TABLE found_waiting_at RENAME TO found_waiting",
            "CREATE TABLE found_at (n INTEGER NOT NULL PRIMARY KEY, document BLOB NOT NULL UNIQUE,
               space BLOB NOT NULL, words TEXT NOT NULL) STRICT",
            "INSERT INTO found_at SELECT n, document, space, words FROM found",
            "DROP TABLE found",
            "ALTER TABLE found_at RENAME TO found",
            "CREATE INDEX found_by_space ON found (space)",
            "CREATE TRIGGER found_forgotten BEFORE DELETE ON found BEGIN
               DELETE FROM found_waiting WHERE n = old.n; END",
            "DELETE FROM _sqlx_migrations WHERE version >= 18",
        ] {
            self.run(sql.to_owned()).await;
        }
    }

    /// As the store was before what is agreed stood beside its rows, with what is in it.
    pub(crate) async fn pretend_before_agreements(&self) {
        self.pretend_found_at_places().await;
        for sql in [
            "DROP TRIGGER agreed_forgotten",
            "DROP TABLE agreed",
            "DROP INDEX rows_by_template",
            "DELETE FROM _sqlx_migrations WHERE version >= 15",
        ] {
            self.run(sql.to_owned()).await;
        }
    }

    /// As the first version of the store was, with what is in it.
    pub(crate) async fn pretend_first_version(&self) {
        self.pretend_more_pages().await;
        for sql in [
            "DROP TRIGGER agreed_forgotten",
            "DROP TABLE agreed",
            "DROP INDEX rows_by_template",
            "DROP INDEX rows_visits",
            "ALTER TABLE rows DROP COLUMN visit_type",
            "DROP INDEX rows_outstanding",
            "ALTER TABLE rows DROP COLUMN outstanding",
            "DROP INDEX cards_due",
            "ALTER TABLE cards DROP COLUMN born",
            "ALTER TABLE cards DROP COLUMN term",
            "ALTER TABLE cards DROP COLUMN gestational_days",
            "ALTER TABLE cards DROP COLUMN parent",
            "ALTER TABLE cards DROP COLUMN is_over",
            "DROP TABLE found_words",
            "DROP TABLE found",
            "DROP TABLE found_waiting",
            "DROP INDEX rows_by_contact",
            "DROP INDEX rows_planned",
            "ALTER TABLE rows DROP COLUMN contact",
            "ALTER TABLE rows DROP COLUMN statuses",
            "ALTER TABLE rows DROP COLUMN made_by",
            "DROP TABLE restrictions",
            "DROP INDEX rows_by_original",
            "ALTER TABLE rows DROP COLUMN original",
            "ALTER TABLE rows DROP COLUMN names",
            "DROP INDEX rows_by_entry",
            "ALTER TABLE rows DROP COLUMN adds_to",
            "DROP INDEX outbox_assignments",
            "DROP INDEX outbox_withdrawals",
            "DROP TABLE disclosed",
            "ALTER TABLE documents DROP COLUMN record",
            "DROP TABLE received",
            "DROP TABLE shares",
            "DROP TABLE circles",
            "DROP TABLE signatures",
            "DROP INDEX changes_folded",
            "DROP INDEX outbox_accepted",
            "DROP INDEX documents_signed_here",
            "ALTER TABLE documents DROP COLUMN text",
            "ALTER TABLE documents DROP COLUMN signed",
            "DROP INDEX outbox_by_draft",
            "ALTER TABLE outbox DROP COLUMN draft",
            "ALTER TABLE rows DROP COLUMN subject",
            "ALTER TABLE rows DROP COLUMN edited_at",
            "ALTER TABLE rows DROP COLUMN discarded",
            "DELETE FROM _sqlx_migrations WHERE version > 1",
        ] {
            self.run(sql.to_owned()).await;
        }
    }

    /// How a document is kept: whether signed, whether there is a snapshot, and the states of its changes.
    pub(crate) async fn kept(&self, document: DocumentId) -> (i64, bool, Vec<i64>) {
        let id = document.as_bytes().as_slice();
        let (signed, snapshot) =
            sqlx::query_as("SELECT signed, snapshot IS NOT NULL FROM documents WHERE document = ?")
                .bind(id)
                .fetch_one(self.read())
                .await
                .expect("a document");
        let states = sqlx::query_scalar("SELECT state FROM changes WHERE document = ? ORDER BY n")
            .bind(id)
            .fetch_all(self.read())
            .await
            .expect("reads");
        (signed, snapshot, states)
    }

    /// How many signatures are noted here.
    pub(crate) async fn signatures_noted(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM signatures")
            .fetch_one(self.read())
            .await
            .expect("a count")
    }

    /// As if the server had accepted all that waits.
    pub(crate) async fn accept_all(&self) {
        self.run("UPDATE outbox SET state = 1, seq = 1 WHERE state = 0".to_owned())
            .await;
    }

    /// The whole database, decrypted by its own key.
    pub(crate) async fn copy_unkeyed(&self, to: &Path) {
        let to = to.to_str().expect("a path");
        let mut connection = self.write.acquire().await.expect("a connection");
        for sql in [
            format!("ATTACH DATABASE '{to}' AS plain KEY ''"),
            "SELECT sqlcipher_export('plain')".to_owned(),
            "DETACH DATABASE plain".to_owned(),
        ] {
            let done = sqlx::query(AssertSqlSafe(sql))
                .execute(&mut *connection)
                .await;
            done.expect("copies");
        }
    }

    /// Folds the log into the database, and empties it.
    pub(crate) async fn empty_log(&self) {
        self.run("PRAGMA wal_checkpoint(TRUNCATE)".to_owned()).await;
    }

    /// How many pages were written to the log since it was empty.
    pub(crate) fn log_pages(&self) -> usize {
        let log = self.folder.join(format!("{}-wal", super::FILE));
        let log = std::fs::read(log).expect("a log");
        let (header, frames) = log.split_at(32);
        let page = u32::from_be_bytes(header[8..12].try_into().expect("a size"));
        frames.len() / (24 + page as usize)
    }

    /// Whether what is deleted is overwritten.
    pub(crate) async fn overwrites_deleted(&self) -> bool {
        let mut connection = self.write.acquire().await.expect("a connection");
        let setting: i64 = sqlx::query_scalar("PRAGMA secure_delete")
            .fetch_one(&mut *connection)
            .await
            .expect("a setting");
        setting == 1
    }

    pub(crate) async fn set_cursor(&self, cursor: &[u8]) {
        let mut tx = self.begin().await.expect("a write");
        meta::set(&mut tx, meta::name::CURSOR, cursor)
            .await
            .expect("sets");
        tx.commit().await.expect("commits");
    }

    /// As if a document had been lost by a fault.
    pub(crate) async fn lose_document(&self, document: DocumentId) {
        let id = document.0.simple();
        self.forget_tag(format!(
            "SELECT tag FROM documents WHERE document = x'{id}'"
        ))
        .await;
        self.run(format!("DELETE FROM changes WHERE document = x'{id}'"))
            .await;
        self.run(format!("DELETE FROM documents WHERE document = x'{id}'"))
            .await;
    }

    /// As if a fact had been lost by a fault.
    pub(crate) async fn lose_fact(&self, fact: FactId) {
        let id = fact.0.simple();
        self.forget_tag(format!("SELECT tag FROM facts WHERE fact = x'{id}'"))
            .await;
        self.run(format!("DELETE FROM facts WHERE fact = x'{id}'"))
            .await;
    }

    async fn forget_tag(&self, sql: String) {
        let mut tx = self.begin().await.expect("a write");
        let tag: Vec<u8> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut *tx)
            .await
            .expect("a tag");
        let tag = super::apply::tag_of(Some(&tag))
            .expect("a tag")
            .expect("a tag");
        let digest = meta::digest(&mut *tx).await.expect("a digest").without(tag);
        meta::set(&mut tx, meta::name::DIGEST, &digest.to_bytes())
            .await
            .expect("sets");
        tx.commit().await.expect("commits");
    }

    /// The hashes of this device's changes of a document, in order.
    pub(crate) async fn own_hashes(&self, document: DocumentId) -> Vec<[u8; 32]> {
        let hashes: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT hash FROM changes WHERE document = ? AND own = 1 ORDER BY n",
        )
        .bind(document.as_bytes().as_slice())
        .fetch_all(self.read())
        .await
        .expect("reads");
        hashes
            .iter()
            .map(|hash| sql::hash32(hash).expect("a hash"))
            .collect()
    }
}
