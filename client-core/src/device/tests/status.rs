//! How a device tells how it stands: each entry by one state, the whole by what waits and how syncs went.

use super::*;
use crate::{
    testing::Fault,
    views::{EntryState, TimelinePage},
};
use samspor_protocol::reason::Reason;
use std::time::Duration;

async fn listed(phone: &Phone, case: SpaceId) -> Vec<EntryState> {
    let page = TimelinePage::default();
    match phone.device.timeline(case, page).await {
        Ok(rows) => rows.iter().map(|row| row.state).collect(),
        // Before the first page it is not told of.
        Err(DeviceError::UnknownCase) => Vec::new(),
        Err(error) => panic!("{error}"),
    }
}

async fn state(phone: &Phone, document: DocumentId) -> EntryState {
    let row = phone.device.row(document).await.expect("reads");
    row.expect("in the lists").state
}

#[tokio::test]
async fn an_entry_tells_one_state_from_its_draft_to_its_signature() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    anna.sync().await;
    let fields = vec![set("text", "første udkast")];
    let draft = anna.device.draft(case, "note", fields, None).await;
    let draft = draft.expect("drafts");
    for _ in ["before it is sent", "and after"] {
        assert_eq!(state(&anna, draft).await, EntryState::Draft);
        let drafts = anna.device.drafts(false).await.expect("reads");
        assert_eq!(drafts[0].state, EntryState::Draft);
        assert!(
            listed(&anna, case).await.is_empty(),
            "it stands on no timeline"
        );
        anna.sync().await;
    }
    let note = anna.device.publish(draft).await.expect("publishes");
    let sign = async || anna.device.sign(note).await.expect("signs");
    let steps = [EntryState::Waiting, EntryState::Delivered];
    for expected in steps {
        assert_eq!(state(&anna, note).await, expected);
        assert_eq!(listed(&anna, case).await, [expected]);
        anna.sync().await;
    }
    sign().await;
    for expected in [EntryState::SignedNotReceived, EntryState::Signed] {
        assert_eq!(state(&anna, note).await, expected);
        assert_eq!(listed(&anna, case).await, [expected]);
        anna.sync().await;
    }
}

#[tokio::test]
async fn a_draft_of_which_something_was_refused_says_so() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    anna.sync().await;
    let fields = vec![set("text", "for stort")];
    let draft = anna.device.draft(case, "note", fields, None).await;
    let draft = draft.expect("drafts");
    anna.sync().await;
    anna.device
        .edit(draft, &[insert(0, "mere ")])
        .await
        .expect("edits");
    server.state().refuse = Some(Reason::TooLarge);
    anna.sync().await;
    let drafts = anna.device.drafts(false).await.expect("reads");
    assert_eq!(
        (drafts[0].state, drafts[0].refused),
        (EntryState::Refused, true)
    );
}

#[tokio::test]
async fn the_whole_tells_what_waits_and_since_when_and_why_the_last_sync_failed() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let calm = anna.device.status().await.expect("reads");
    assert!(calm.last_success.is_some() && calm.last_failure.is_none());
    assert_eq!(
        (calm.waiting, calm.waiting_bytes, calm.oldest_written),
        (0, 0, None)
    );
    let before = SystemClock.now();
    let case = anna.open_case("Åse").await;
    anna.note(case, "venter").await;
    let status = anna.device.status().await.expect("reads");
    let outbox = anna.device.outbox().await.expect("reads");
    let bytes: u64 = outbox.iter().map(|row| row.bytes).sum();
    assert_eq!((status.waiting, status.waiting_bytes), (3, bytes));
    assert!(status.oldest_written.is_some_and(|at| at >= before));
    server.state().faults = [Fault::LoseRequest; 40].into_iter().collect();
    anna.try_sync().await.expect_err("no contact");
    let status = anna.device.status().await.expect("reads");
    let failure = status.last_failure.expect("told");
    assert_eq!(failure.code, "no_contact");
    assert!(failure.at >= before && status.last_error.is_some());
    server.state().faults.clear();
    anna.sync().await;
    let status = anna.device.status().await.expect("reads");
    assert_eq!((status.last_failure, status.last_error), (None, None));
    assert_eq!(status.waiting, 0);
}

#[tokio::test]
async fn lists_are_read_and_progress_is_seen_while_the_first_sync_runs() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    for n in 0..12 {
        anna.note(case, &format!("nr {n}")).await;
    }
    anna.sync().await;
    server.state().page_items = 2;
    let bo = Phone::enrolled(&server, 2).await;
    let device = bo.device.clone();
    let mut activity = bo.device.activity();
    let syncing = tokio::spawn(async move { device.sync(SyncOptions::default()).await });
    let mut seen = Vec::new();
    while activity.changed().await.is_ok() && !syncing.is_finished() {
        let status = bo.device.status().await.expect("reads");
        let entries = listed(&bo, case).await.len();
        if let Some(progress) = status.under_way {
            assert!(progress.first, "nothing was completed before");
            seen.push((status.held, status.visible, progress.received, entries));
        }
        if activity.borrow().in_sync > 0 {
            break;
        }
    }
    let report = syncing.await.expect("ends").expect("syncs");
    assert!(report.in_sync);
    let partly = |(held, visible, received, entries): &(u64, u64, u64, usize)| {
        *held > 0 && held < visible && *received > 0 && *entries > 0 && *entries < 12
    };
    assert!(seen.iter().any(partly), "{seen:?}");
    assert!(seen.is_sorted_by_key(|(held, ..)| *held), "{seen:?}");
    let status = bo.device.status().await.expect("reads");
    assert_eq!((status.under_way, status.held), (None, status.visible));
}

#[tokio::test]
async fn a_sync_that_its_budget_ends_says_what_is_left_and_the_next_goes_on() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    for n in 0..9 {
        anna.note(case, &format!("nr {n}")).await;
    }
    anna.sync().await;
    server.state().page_items = 2;
    let bo = Phone::enrolled(&server, 2).await;
    // Two pages come, then the road is too slow.
    server.state().faults = [Fault::None, Fault::None]
        .into_iter()
        .chain([Fault::LoseAnswer; 500])
        .collect();
    let options = SyncOptions {
        budget: Some(Duration::from_millis(300)),
        retries_max: u32::MAX,
        ..SyncOptions::default()
    };
    let report = bo.device.sync(options).await.expect("stops");
    let left = report.left.expect("told");
    assert!(report.out_of_time && !report.up_to_date);
    let status = bo.device.status().await.expect("reads");
    assert_eq!(left.to_receive, status.visible - status.held);
    assert!(left.to_receive > 0 && left.to_send == 0);
    server.state().faults.clear();
    let report = bo
        .device
        .sync_within(Duration::from_secs(60))
        .await
        .expect("syncs");
    assert!(report.in_sync && report.left.is_none() && !report.out_of_time);
    assert_eq!(listed(&bo, case).await.len(), 9);
}
