//! A small demo from beginning to end, and the checker shown to fail when something is taken away or altered.

use super::{
    checker::{Verdict, expect::Expected},
    journal::Journal,
    run::{Serving, Size, check, play},
    world::{DeviceFolder, journal_file, server_folder},
};
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, Edit, Splice},
    guard,
    id::{DeviceId, DocumentId},
    reading::{FieldState, Reading},
    template::Templates,
    time::UnixMillis,
};
use sqlx::{
    Connection as _, Row as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use std::path::Path;

const SMALL: Size = Size {
    children: 4,
    entries: 9,
    seed: 3,
};
const DOCUMENT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A small demo that has been played and serves; its journal read back from the file.
async fn played(folder: &Path) -> (Serving, Journal, Verdict) {
    let _first = rustls::crypto::ring::default_provider().install_default();
    let listen = "127.0.0.1:0".parse().unwrap();
    let (outcome, serving) = play(folder, listen, SMALL, |_| ()).await.unwrap();
    assert_eq!(outcome.entries, SMALL.children * SMALL.entries);
    assert!(outcome.tally.acknowledged > outcome.entries as u64);
    assert!(outcome.tally.failed_syncs > 0, "connections did not break");
    let journal = Journal::open(&journal_file(folder)).unwrap();
    (serving, journal, outcome.verdict)
}

async fn stop(serving: Serving) {
    serving.admin.close().await;
    serving.server.stop().await;
}

async fn open(options: SqliteConnectOptions) -> SqliteConnection {
    let options = options.journal_mode(SqliteJournalMode::Wal);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Takes one entry off the server's timeline.
async fn delete_on_the_server(folder: &Path, document: DocumentId) {
    let file = server_folder(folder).join("samspor.db");
    let mut database = open(SqliteConnectOptions::new().filename(file)).await;
    let deleted = sqlx::query("DELETE FROM timeline WHERE document = ?")
        .bind(document.as_bytes().as_slice())
        .execute(&mut database)
        .await
        .unwrap();
    assert_eq!(deleted.rows_affected(), 1);
    database.close().await.unwrap();
}

/// A device's store, opened with its own key.
async fn store(device: &DeviceFolder) -> SqliteConnection {
    let key = device.key().unwrap().to_hex();
    let file = device.folder.join("samspor.db");
    let options = SqliteConnectOptions::new().filename(file);
    let options = options.pragma("key", format!("\"x'{}'\"", *key));
    open(options.pragma("cipher_hmac_algorithm", "HMAC_SHA256")).await
}

async fn document_in(store: &mut SqliteConnection, id: DocumentId) -> Document {
    let row = sqlx::query("SELECT snapshot FROM documents WHERE document = ?")
        .bind(id.as_bytes().as_slice())
        .fetch_one(&mut *store)
        .await
        .unwrap();
    let snapshot: Option<Vec<u8>> = row.get(0);
    let mut document = snapshot.map_or_else(Document::empty, |snapshot| {
        guard::load(&snapshot, DOCUMENT_BYTES_MAX).unwrap()
    });
    let changes = sqlx::query("SELECT body FROM changes WHERE document = ? ORDER BY n")
        .bind(id.as_bytes().as_slice())
        .fetch_all(&mut *store)
        .await
        .unwrap();
    for change in changes {
        guard::apply(&mut document, change.get(0)).unwrap();
    }
    document
}

/// One prose field with something in it.
fn prose(reading: &Reading) -> Option<String> {
    let mut filled = reading
        .fields
        .iter()
        .filter(|field| matches!(&field.state, FieldState::Text { text, .. } if !text.is_empty()));
    filled.next().map(|field| field.name.clone())
}

/// Writes one more word into one text, on one device, past everything that would tell of it.
async fn alter_on_a_device(device: &DeviceFolder, id: DocumentId) {
    let mut store = store(device).await;
    let mut document = document_in(&mut store, id).await;
    let reading = document.reading(Templates::built_in());
    let splice = Splice {
        at: 0,
        delete: 0,
        insert: "Ikke ".to_owned(),
    };
    let edit = Edit::Text {
        field: prose(&reading).unwrap(),
        edits: vec![splice],
    };
    let authoring = Authoring {
        actor: Actor::make(DeviceId::from_bytes([7; 16]), [7; 8]),
        author: reading.authors[0],
        at: UnixMillis(1),
    };
    document
        .edit(Templates::built_in(), &[edit], &authoring)
        .unwrap();
    sqlx::query("UPDATE documents SET snapshot = ? WHERE document = ?")
        .bind(document.save())
        .bind(id.as_bytes().as_slice())
        .execute(&mut store)
        .await
        .unwrap();
    sqlx::query("DELETE FROM changes WHERE document = ?")
        .bind(id.as_bytes().as_slice())
        .execute(&mut store)
        .await
        .unwrap();
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_checker_finds_one_entry_deleted_on_the_server_and_one_value_altered_on_a_device() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("demo");
    let (serving, journal, verdict) = played(&folder).await;
    assert_eq!((verdict.lost, verdict.diverged), (0, 0), "{verdict:?}");
    assert!(verdict.conflicts_shown > 0);

    let expected = Expected::of(&journal);
    let entries = expected.documents.iter();
    let mut entries = entries.filter(|(_, document)| document.is_listed());
    let (single, _) = entries.find(|(_, document)| document.typed() == 1).unwrap();
    delete_on_the_server(&folder, *single).await;
    let verdict = check(&folder, &journal, &serving).await.unwrap();
    assert_eq!((verdict.lost, verdict.diverged), (1, 0), "{verdict:?}");

    let known = &expected.devices[0];
    let device = serving.devices.iter().find(|one| one.name == known.name);
    let mut visible = expected.documents.iter().filter(|(id, document)| {
        // A signed one is a text here, not a document to be altered by an edit.
        let is_open = !expected.signed.contains(id);
        is_open && document.is_listed() && known.teams.contains(&document.team) && *id != single
    });
    let (other, _) = visible.next().unwrap();
    alter_on_a_device(device.unwrap(), *other).await;
    let verdict = check(&folder, &journal, &serving).await.unwrap();
    assert_eq!((verdict.lost, verdict.diverged), (1, 1), "{verdict:?}");
    assert!(
        verdict
            .findings
            .iter()
            .any(|finding| finding.contains(&known.name))
    );
    stop(serving).await;
}

#[tokio::test]
async fn a_folder_with_something_in_it_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept.txt");
    std::fs::write(&kept, "mine").unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let refused = play(folder.path(), listen, SMALL, |_| ()).await;
    assert!(matches!(
        refused,
        Err(super::error::DemoError::NotEmpty { .. })
    ));
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
