//! Work that the server refuses, and access that ends.

use super::*;
use crate::views::{CaseFilter, TimelinePage};
use samspor_protocol::{feed::SetAside, hash::Hash32, reason::Reason};

#[tokio::test]
async fn invariant_09_refused_work_stays_in_the_not_delivered_box_and_can_be_tried_again() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "kom igennem").await;
    anna.sync().await;
    server.state().refuse = Some(Reason::NoAccess);
    anna.device
        .edit(note, &[insert(0, "afvist: ")])
        .await
        .expect("edits");
    anna.device
        .edit(note, &[insert(0, "også ")])
        .await
        .expect("edits");
    let report = anna.sync().await;
    assert_eq!((report.pushed, report.refused), (0, 2));
    assert!(report.in_sync && report.all_sent);
    // What is shown is what is delivered; what was refused is beside it, readable.
    assert_eq!(anna.text(note).await, "kom igennem");
    let refused = anna.device.not_delivered().await.expect("reads");
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (refused[0].reason.as_str(), refused[0].operations.len()),
        ("no_access", 2)
    );
    assert_eq!(refused[0].operations[1].reason, "earlier_refused");
    let json = anna
        .device
        .export_not_delivered(note.0)
        .await
        .expect("exports");
    assert!(json.contains("også afvist: kom igennem"));
    // Later edits do not build on what was refused.
    server.state().refuse = None;
    anna.device
        .edit(note, &[insert(0, "nyt: ")])
        .await
        .expect("edits");
    assert!(anna.sync().await.in_sync);
    let anna = anna.restart().await;
    anna.device
        .retry_not_delivered(note.0)
        .await
        .expect("tries again");
    assert!(anna.text(note).await.contains("afvist: "));
    let report = anna.sync().await;
    assert_eq!((report.pushed, report.refused), (2, 0));
    assert!(anna.device.not_delivered().await.expect("reads").is_empty());
    let text = anna.text(note).await;
    assert!(
        ["nyt: ", "også ", "afvist: "]
            .iter()
            .all(|one| text.contains(one)),
        "{text}"
    );
}

#[tokio::test]
async fn an_entry_that_was_refused_from_its_first_change_stands_in_no_list() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    anna.sync().await;
    server.state().refuse = Some(Reason::Malformed);
    let note = anna.note(case, "afvist").await;
    anna.sync().await;
    let rows = anna
        .device
        .timeline(case, TimelinePage::default())
        .await
        .expect("reads");
    assert!(rows.is_empty());
    let read = anna.device.read(note).await;
    assert!(matches!(read, Err(DeviceError::UnknownDocument)));
    let again = anna.device.retry_not_delivered(note.0).await;
    assert!(matches!(again, Err(DeviceError::NotRetryable)));
    anna.device
        .discard_not_delivered(note.0)
        .await
        .expect("discards");
    assert!(anna.device.not_delivered().await.expect("reads").is_empty());
    let unknown = anna.device.discard_not_delivered(note.0).await;
    assert!(matches!(unknown, Err(DeviceError::UnknownRefusal)));
}

#[tokio::test]
async fn a_refused_case_takes_its_entries_along_and_all_come_back_together() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let members = std::mem::take(&mut server.state().members);
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "i en sag, der blev afvist").await;
    let report = anna.sync().await;
    assert_eq!((report.pushed, report.refused), (0, 3));
    assert_eq!(anna.device.not_delivered().await.expect("reads").len(), 3);
    let listed = async || anna.device.cases(CaseFilter::default()).await;
    assert!(listed().await.expect("lists").is_empty());
    server.state().members = members;
    for one in anna.device.not_delivered().await.expect("reads") {
        anna.device
            .retry_not_delivered(one.id)
            .await
            .expect("tries again");
    }
    let report = anna.sync().await;
    assert_eq!((report.pushed, report.refused), (3, 0));
    assert!(report.in_sync);
    assert_eq!(listed().await.expect("lists")[0].case, case);
    assert_eq!(anna.text(note).await, "i en sag, der blev afvist");
}

#[tokio::test]
async fn invariant_09_what_is_gone_is_purged_but_never_the_outbox() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "leveret").await;
    anna.sync().await;
    let members = std::mem::take(&mut server.state().members);
    let late = anna.note(case, "for sent").await;
    let report = anna.sync().await;
    assert_eq!(report.refused, 1);
    assert!(report.in_sync);
    assert!(
        anna.device
            .cases(CaseFilter::default())
            .await
            .expect("lists")
            .is_empty()
    );
    assert!(matches!(
        anna.device.read(note).await,
        Err(DeviceError::UnknownDocument)
    ));
    let kept = anna.device.not_delivered().await.expect("reads");
    assert_eq!(kept.len(), 1);
    let json = anna
        .device
        .export_not_delivered(late.0)
        .await
        .expect("exports");
    assert!(json.contains("for sent"));
    // Access comes back: everything arrives whole again, and the late entry can be delivered.
    server.state().members = members;
    assert!(anna.sync().await.in_sync);
    assert_eq!(anna.text(note).await, "leveret");
    anna.device
        .retry_not_delivered(late.0)
        .await
        .expect("tries again");
    assert_eq!(anna.text(late).await, "for sent");
    let report = anna.sync().await;
    assert!(report.in_sync);
    assert_eq!(report.pushed, 1);
}

#[tokio::test]
async fn a_change_that_the_projector_sets_aside_returns_to_its_author() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "godt").await;
    anna.sync().await;
    anna.device
        .edit(note, &[insert(4, " skidt")])
        .await
        .expect("edits");
    anna.device
        .edit(note, &[insert(10, " værre")])
        .await
        .expect("edits");
    let hashes = anna.device.inner.gate.behind().own_hashes(note).await;
    // Told by a page, while the second edit still waits here.
    let mut page = server.state().empty_page();
    page.set_aside.push(SetAside {
        document: note,
        hash: Hash32(hashes[1]),
        detail: "the library refused it".to_owned(),
    });
    let applied = anna
        .device
        .inner
        .gate
        .behind()
        .apply_whole(page)
        .await
        .expect("applies");
    assert_eq!(applied.set_aside, 2, "the change and what builds on it");
    anna.device.finish_index().await.expect("indexes");
    assert_eq!(anna.text(note).await, "godt");
    let refused = anna.device.not_delivered().await.expect("reads");
    assert_eq!(refused[0].reason, "set_aside");
    assert!(!refused[0].retryable);
    let again = anna.device.retry_not_delivered(note.0).await;
    assert!(matches!(again, Err(DeviceError::NotRetryable)));
    let report = anna.sync().await;
    assert!(report.in_sync && report.pushed == 0);
}
