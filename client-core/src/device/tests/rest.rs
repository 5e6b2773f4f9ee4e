//! Nothing readable at rest.

use super::*;
use std::{fs, path::Path};

const NEEDLE: &str = "Sødmælksgrød på Ærø, nål 4711";
const NAME: &str = "Åse Nålestribe-Østergård";

/// In which files of a folder the needles stand, whatever their encoding.
fn files_with_needles(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let bytes = fs::read(entry.path()).expect("a file");
        let stands = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        let utf16: Vec<u8> = NEEDLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        if stands(NEEDLE.as_bytes()) || stands(NAME.as_bytes()) || stands(&utf16) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

async fn fill(phone: &Phone) -> (SpaceId, DocumentId) {
    let case = phone.open_case(NAME).await;
    let note = phone.note(case, NEEDLE).await;
    phone
        .device
        .edit(note, &[insert(0, "igen: ")])
        .await
        .expect("edits");
    (case, note)
}

#[tokio::test]
async fn no_text_stands_readable_in_any_file_of_the_store() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    fill(&phone).await;
    assert_eq!(
        files_with_needles(&phone.folder),
        Vec::<String>::new(),
        "while open"
    );
    assert!(
        phone.folder.join("samspor.db-wal").exists(),
        "the log was looked at, too"
    );
    phone.sync().await;
    let phone = phone.restart().await;
    assert_eq!(
        files_with_needles(&phone.folder),
        Vec::<String>::new(),
        "after closing"
    );
}

#[tokio::test]
async fn the_search_finds_the_needles_where_a_store_is_not_encrypted() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    fill(&phone).await;
    let copy = tempfile::tempdir().expect("a folder");
    phone
        .device
        .inner
        .gate
        .behind()
        .copy_unkeyed(&copy.path().join("plain.db"))
        .await;
    assert_eq!(files_with_needles(copy.path()), vec!["plain.db".to_owned()]);
}

#[tokio::test]
async fn nothing_readable_remains_of_a_case_that_is_gone() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    fill(&phone).await;
    phone.sync().await;
    server.state().safe_seq = u64::MAX;
    phone.sync().await;
    server.state().members.clear();
    assert!(phone.sync().await.in_sync);
    // Opened with its own key: every row there is; freed pages are overwritten.
    let copy = tempfile::tempdir().expect("a folder");
    let store = &phone.device.inner.gate.behind();
    store.copy_unkeyed(&copy.path().join("plain.db")).await;
    assert!(store.overwrites_deleted().await);
    assert_eq!(files_with_needles(copy.path()), Vec::<String>::new());
}
