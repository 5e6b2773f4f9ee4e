//! Two devices and a server.

use super::*;
use crate::{testing::Fault, views::TimelinePage};
use samspor_documents::{id::FactId, time::UnixMillis};
use std::time::Duration;

#[tokio::test]
async fn invariant_02_two_devices_hold_the_same_and_show_the_same_text() {
    let server = ModelServer::new();
    let (anna, bo) = (
        Phone::ready(&server, 1).await,
        Phone::ready(&server, 2).await,
    );
    let case = anna.open_case("Åse Østergård").await;
    let note = anna.note(case, "Første besøg").await;
    let report = anna.sync().await;
    assert_eq!((report.pushed, report.round_trips), (3, 2));
    assert!(report.in_sync && report.all_sent && report.up_to_date);
    assert!(bo.sync().await.in_sync);
    assert_eq!(bo.text(note).await, "Første besøg");
    anna.device
        .edit(note, &[insert(0, "A: ")])
        .await
        .expect("edits");
    bo.device
        .edit(note, &[insert(12, " B!")])
        .await
        .expect("edits");
    for phone in [&anna, &bo, &anna] {
        assert!(phone.sync().await.in_sync);
    }
    assert_eq!(anna.text(note).await, "A: Første besøg B!");
    let (one, two) = (anna.device.read(note).await, bo.device.read(note).await);
    assert_eq!(one.expect("reads"), two.expect("reads"));
    let rows = bo
        .device
        .timeline(case, TimelinePage::default())
        .await
        .expect("reads");
    assert_eq!(rows[0].summary_da, "Notat: A: Første besøg B!");
    assert!(rows[0].seq.is_some() && rows[0].received_at.is_some() && !rows[0].waiting);
}

#[tokio::test]
async fn a_quiet_sync_is_one_round_trip() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    anna.note(case, "en").await;
    anna.sync().await;
    let quiet = anna.sync().await;
    assert_eq!((quiet.round_trips, quiet.received, quiet.pushed), (1, 0, 0));
    assert!(quiet.in_sync);
}

#[tokio::test]
async fn values_written_at_once_stand_beside_each_other_until_somebody_chooses() {
    let server = ModelServer::new();
    let (anna, bo) = (
        Phone::ready(&server, 1).await,
        Phone::ready(&server, 2).await,
    );
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "besøg").await;
    anna.sync().await;
    bo.sync().await;
    anna.device
        .edit(note, &[set("subject_line", "Amning")])
        .await
        .expect("edits");
    bo.device
        .edit(note, &[set("subject_line", "Søvn")])
        .await
        .expect("edits");
    for phone in [&anna, &bo, &anna] {
        phone.sync().await;
    }
    let conflicts = anna.device.conflicts().await.expect("reads");
    assert_eq!(conflicts.len(), 1);
    assert_eq!(
        (conflicts[0].field.as_str(), conflicts[0].values.len()),
        ("subject_line", 2)
    );
    let refused = anna
        .device
        .edit(note, &[set("subject_line", "Andet")])
        .await;
    assert!(matches!(refused, Err(DeviceError::Author { .. })));
    let chosen = Value::Text("Søvn".to_owned());
    anna.device
        .choose(note, "subject_line", None, chosen)
        .await
        .expect("chooses");
    anna.sync().await;
    bo.sync().await;
    assert!(bo.device.conflicts().await.expect("reads").is_empty());
}

#[tokio::test]
async fn a_cold_start_goes_on_where_it_was_cut_off() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    for n in 0..9 {
        anna.note(case, &format!("nr {n}")).await;
    }
    anna.sync().await;
    server.state().page_items = 2;
    let bo = Phone::enrolled(&server, 2).await;
    // The third page is lost, again and again.
    server.state().faults = [Fault::None, Fault::None]
        .into_iter()
        .chain([Fault::LoseAnswer; 30])
        .collect();
    let cut = bo.try_sync().await;
    assert!(
        matches!(cut, Err(DeviceError::Unreachable { .. })),
        "{cut:?}"
    );
    let status = bo.device.status().await.expect("reads");
    assert_eq!(status.documents, 4);
    assert!(status.last_error.is_some() && status.last_success.is_none());
    server.state().faults.clear();
    let bo = bo.restart().await;
    let report = bo.sync().await;
    assert!(report.in_sync);
    assert_eq!(report.received, 6, "only what was not there yet");
    let rows = bo
        .device
        .timeline(case, TimelinePage::default())
        .await
        .expect("reads");
    assert_eq!(rows.len(), 9);
}

#[tokio::test]
async fn a_page_applied_twice_changes_nothing() {
    let server = ModelServer::new();
    let (anna, bo) = (
        Phone::ready(&server, 1).await,
        Phone::ready(&server, 2).await,
    );
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "en").await;
    anna.sync().await;
    bo.sync().await;
    let cursor = bo
        .device
        .inner
        .gate
        .behind()
        .cursor()
        .await
        .expect("reads")
        .expect("a cursor");
    anna.device
        .edit(note, &[insert(0, "nul ")])
        .await
        .expect("edits");
    bo.device
        .edit(note, &[insert(2, " to")])
        .await
        .expect("edits");
    anna.sync().await;
    assert!(bo.sync().await.in_sync);
    let digest = bo.device.inner.gate.behind().tags().await.expect("reads");
    bo.device.inner.gate.behind().set_cursor(&cursor).await;
    assert!(bo.sync().await.in_sync);
    assert_eq!(
        bo.device.inner.gate.behind().tags().await.expect("reads"),
        digest
    );
    assert_eq!(bo.text(note).await, "nul en to");
}

#[tokio::test]
async fn a_difference_is_repaired_once_and_counted() {
    let server = ModelServer::new();
    let (anna, bo) = (
        Phone::ready(&server, 1).await,
        Phone::ready(&server, 2).await,
    );
    let case = anna.open_case("Åse").await;
    let mut notes = Vec::new();
    for n in 0..5 {
        notes.push(anna.note(case, &format!("nr {n}")).await);
    }
    anna.sync().await;
    bo.sync().await;
    bo.device.inner.gate.behind().lose_document(notes[1]).await;
    bo.device
        .inner
        .gate
        .behind()
        .lose_fact(FactId::from_bytes([0xa1; 16]))
        .await;
    let report = bo.sync().await;
    assert!(report.in_sync);
    assert_eq!(report.repairs, 1);
    assert_eq!(bo.text(notes[1]).await, "nr 1");
    assert_eq!(bo.device.status().await.expect("reads").repairs, 1);
    // Changes that come after a repair and are in what it brought are not counted twice.
    anna.device
        .edit(notes[1], &[insert(0, "rettet ")])
        .await
        .expect("edits");
    anna.sync().await;
    assert!(bo.sync().await.in_sync);
    assert_eq!(bo.text(notes[1]).await, "rettet nr 1");
}

#[tokio::test]
async fn a_difference_that_does_not_go_away_is_shown_and_not_repaired_for_ever() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    server.state().digest_error = 7;
    let report = anna.sync().await;
    assert!(report.up_to_date && !report.in_sync);
    assert_eq!(report.repairs, 1);
    assert_eq!(
        anna.device.status().await.expect("reads").in_sync,
        Some(false)
    );
}

#[tokio::test]
async fn a_document_that_does_not_open_is_set_aside_and_the_rest_goes_on() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let bad = anna.note(case, "går i stykker").await;
    let good = anna.note(case, "hel").await;
    anna.sync().await;
    let mut bytes = anna.device.export_bytes(bad).await.expect("bytes").concat();
    bytes.truncate(40);
    server.state().damaged.insert(bad, bytes.clone());
    let bo = Phone::enrolled(&server, 2).await;
    let report = bo.sync().await;
    assert!(!report.in_sync);
    assert_eq!(bo.text(good).await, "hel");
    let aside = bo.device.set_aside().await.expect("reads");
    assert_eq!(
        aside.iter().map(|one| one.document).collect::<Vec<_>>(),
        vec![bad]
    );
    assert_eq!(
        bo.device.export_bytes(bad).await.expect("bytes"),
        vec![bytes]
    );
    let edited = bo.device.edit(bad, &[insert(0, "x")]).await;
    assert!(matches!(edited, Err(DeviceError::SetAside { .. })));
    // Whole again, it comes back by itself.
    server.state().damaged.clear();
    assert!(bo.sync().await.in_sync);
    assert_eq!(bo.text(bad).await, "går i stykker");
    assert!(bo.device.set_aside().await.expect("reads").is_empty());
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_by_the_servers() {
    let server = ModelServer::new();
    let anna = Phone::enrolled(&server, 1).await;
    let real = SystemClock.now();
    server.state().now = Some(real.plus(3_600_000));
    let report = anna.sync().await;
    assert!(report.in_sync);
    let offset = anna.device.status().await.expect("reads").clock_offset;
    assert!((3_590_000..=3_600_000).contains(&offset), "{offset}");
    assert_eq!(anna.sync().await.round_trips, 1, "remembered");
    server.state().now = Some(UnixMillis(0));
    assert!(anna.sync().await.in_sync);
}

#[tokio::test]
async fn a_sync_within_a_budget_stops_and_loses_nothing() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "vigtigt").await;
    server.state().faults = [Fault::LoseAnswer; 200].into_iter().collect();
    let options = SyncOptions {
        budget: Some(Duration::from_millis(50)),
        retries_max: u32::MAX,
        ..SyncOptions::default()
    };
    let report = anna.device.sync(options).await.expect("stops");
    assert!(report.out_of_time && !report.all_sent);
    assert_eq!(anna.waiting().await, 3);
    server.state().faults.clear();
    assert_eq!(anna.sync().await.pushed, 3);
    assert_eq!(anna.text(note).await, "vigtigt");
}

#[tokio::test]
async fn a_live_sync_sends_what_is_written_while_it_runs() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut activity = anna.device.activity();
    let before = activity.borrow().in_sync;
    let live = anna.device.clone();
    let watching = tokio::spawn(async move {
        live.watch(async {
            let _ = stopped.await;
        })
        .await
    });
    activity
        .wait_for(|activity| activity.in_sync > before)
        .await
        .expect("syncs");
    let second = anna.device.sync(SyncOptions::default()).await;
    assert!(
        matches!(second, Err(DeviceError::SyncRunning)),
        "{second:?}"
    );
    anna.note(case, "mens der synkroniseres").await;
    while anna.waiting().await > 0 {
        activity.changed().await.expect("goes on");
    }
    stop.send(()).expect("stops");
    let report = watching.await.expect("ends").expect("well");
    assert_eq!(report.pushed, 3);
    assert_eq!(anna.waiting().await, 0);
}
