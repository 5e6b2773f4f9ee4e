//! One device without a network.

use super::*;
use crate::{
    store::FILE,
    views::{CaseFilter, TimelinePage},
};
use samspor_documents::template::TemplateKind;

#[tokio::test]
async fn a_store_opens_with_its_own_key_only_and_once_at_a_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let options = DeviceOptions::default;
    let missing = Device::open(&path, key(), options()).await;
    assert!(matches!(missing, Err(DeviceError::NoStore { .. })));
    let device = Device::create(&path, key(), options())
        .await
        .expect("a store");
    let second = Device::open(&path, key(), options()).await;
    assert!(matches!(second, Err(DeviceError::StoreInUse { .. })));
    device.close().await;
    let wrong = Device::open(&path, StoreKey::new([8; 32]), options()).await;
    assert!(matches!(wrong, Err(DeviceError::WrongKey)), "{wrong:?}");
    let again = Device::create(&path, key(), options()).await;
    assert!(matches!(again, Err(DeviceError::StoreExists { .. })));
    let device = Device::open(&path, key(), options()).await.expect("opens");
    assert_eq!(device.identity().await.expect("reads"), None);
    let synced = device.sync(SyncOptions::default()).await;
    assert!(matches!(synced, Err(DeviceError::NotEnrolled)));
}

#[tokio::test]
async fn a_store_keeps_the_checksum_it_was_made_with_and_a_page_that_was_touched_is_refused() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse").await;
    let note = phone.note(case, "Sover godt").await;
    let (file, before) = (phone.folder.join(FILE), phone.folder.join("before.db"));
    let store = phone.device.inner.gate.behind();
    store.copy_as_before(&before, &key()).await;
    phone.device.clone().close().await;
    std::fs::rename(before, &file).expect("takes its place");
    let phone = phone.restart().await;
    assert_eq!(phone.text(note).await, "Sover godt");
    let second = phone.note(case, "Vågner").await;
    let phone = phone.restart().await;
    assert_eq!(phone.text(second).await, "Vågner");
    phone.device.close().await;
    let mut bytes = std::fs::read(&file).expect("reads");
    bytes[2_000] ^= 1;
    std::fs::write(&file, bytes).expect("writes");
    let touched = Device::open(&phone.folder, key(), DeviceOptions::default()).await;
    assert!(matches!(touched, Err(DeviceError::WrongKey)), "{touched:?}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_one_is_refused() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let under = file.path().join("store");
    let made = Device::create(&under, key(), DeviceOptions::default()).await;
    assert!(matches!(made, Err(DeviceError::Folder { .. })), "{made:?}");
}

/// How many pages saving a note writes, at most: one for each table and index that must know of it.
const SAVE_PAGES_MAX: usize = 13;

#[tokio::test]
async fn a_save_writes_no_more_pages_than_must_know_of_it() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Sofie").await;
    anna.note(case, "Sover godt").await;
    let store = anna.device.inner.store().expect("open");
    let mut pages = Vec::new();
    for _ in 0..5 {
        store.empty_log().await;
        anna.note(case, "Vågner tit om natten").await;
        pages.push(store.log_pages());
    }
    // The odd one splits a page that is full.
    pages.sort_unstable();
    assert!((1..=SAVE_PAGES_MAX).contains(&pages[2]), "{pages:?}");
}

fn assert_send<T: Send>(_: &T) {}

#[tokio::test]
async fn every_call_can_move_between_threads() {
    let phone = Phone::enrolled(&ModelServer::new(), 1).await;
    let device = &phone.device;
    let case = SpaceId::from_bytes([1; 16]);
    assert_send(&device.sync(SyncOptions::default()));
    assert_send(&device.watch(std::future::pending()));
    assert_send(&device.write(case, "note", Vec::new(), None));
    assert_send(&device.timeline(case, TimelinePage::default()));
    assert_send(&device.conflicts());
    assert_send(&device.not_delivered());
    assert_eq!(device.not_delivered().await.expect("reads").len(), 0);
}

#[tokio::test]
async fn a_case_is_opened_written_listed_and_read_with_no_network() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse Østergård").await;
    let first = phone.note(case, "Første besøg på Ærø").await;
    let second = phone.note(case, "Andet besøg").await;
    assert!(
        phone
            .device
            .edit(first, &[insert(0, "Rettet: ")])
            .await
            .expect("edits")
    );
    let unchanged = phone
        .device
        .edit(first, &[set("text", "Rettet: Første besøg på Ærø")])
        .await;
    assert!(!unchanged.expect("edits nothing"));
    assert_eq!(phone.text(first).await, "Rettet: Første besøg på Ærø");

    let cases = phone
        .device
        .cases(CaseFilter::default())
        .await
        .expect("lists");
    assert_eq!(cases.len(), 1);
    assert_eq!(
        cases[0].view.as_ref().map(|view| view.name.as_str()),
        Some("Åse Østergård")
    );
    assert!(!cases[0].confirmed);
    let by_name = CaseFilter {
        name: Some("østERgård".to_owned()),
        ..CaseFilter::default()
    };
    assert_eq!(phone.device.cases(by_name).await.expect("lists").len(), 1);

    let timeline = phone
        .device
        .timeline(case, TimelinePage::default())
        .await
        .expect("reads");
    let ids: Vec<_> = timeline.iter().map(|row| row.document).collect();
    assert_eq!(ids, vec![second, first], "newest first");
    assert!(
        timeline
            .iter()
            .all(|row| row.waiting && row.kind == TemplateKind::Entry)
    );
    assert_eq!(
        phone.waiting().await,
        5,
        "open_case, card, two notes, one edit"
    );
}

#[tokio::test]
async fn a_timeline_is_read_page_by_page_without_gap_or_repetition() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse").await;
    let mut written = Vec::new();
    for n in 0..7 {
        written.push(phone.note(case, &format!("nr {n}")).await);
    }
    let mut read = Vec::new();
    let mut page = TimelinePage {
        restricted: false,
        before: None,
        limit: 3,
    };
    loop {
        let rows = phone.device.timeline(case, page).await.expect("reads");
        let Some(last) = rows.last() else { break };
        page.before = Some(last.position());
        read.extend(rows.iter().map(|row| row.document));
    }
    written.reverse();
    assert_eq!(read, written);
}

#[tokio::test]
async fn cards_with_one_cpr_are_one_childs_timeline() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let team = phone.server.state().team;
    let card = |name: &str| vec![set("name", name), set("cpr", "010120-1234")];
    let one = phone
        .device
        .open_case(team, card("Åse"))
        .await
        .expect("opens");
    let other = phone
        .device
        .open_case(team, card("Åse Ø."))
        .await
        .expect("opens");
    let third = phone.open_case("En anden").await;
    phone.note(one, "i den ene").await;
    phone.note(other, "i den anden").await;
    phone.note(third, "hos en anden").await;
    let timeline = phone
        .device
        .timeline(one, TimelinePage::default())
        .await
        .expect("reads");
    assert_eq!(timeline.len(), 2);
    let cases = phone
        .device
        .cases(CaseFilter::default())
        .await
        .expect("lists");
    let same: Vec<_> = cases
        .iter()
        .filter(|case| !case.same_citizen.is_empty())
        .collect();
    assert_eq!(same.len(), 2);
}

#[tokio::test]
async fn invariant_09_drafts_and_outbox_survive_a_restart() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse Østergård").await;
    let note = phone.note(case, "skrevet uden dækning").await;
    let before = phone.device.outbox().await.expect("reads");
    let phone = phone.restart().await;
    assert_eq!(phone.device.outbox().await.expect("reads"), before);
    assert_eq!(phone.text(note).await, "skrevet uden dækning");
    // A new session writes under a new actor, and its edits stand beside the old ones.
    assert!(
        phone
            .device
            .edit(note, &[insert(0, "stadig ")])
            .await
            .expect("edits")
    );
    assert_eq!(phone.text(note).await, "stadig skrevet uden dækning");
    assert_eq!(phone.sync().await.pushed, 4);
}

#[tokio::test]
async fn what_the_template_refuses_is_not_kept() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse").await;
    let before = phone.waiting().await;
    let unknown = phone
        .device
        .write(case, "note", vec![set("no_such", "x")], None)
        .await;
    assert!(matches!(unknown, Err(DeviceError::Author { .. })));
    let unknown = phone.device.write(case, "no_such", Vec::new(), None).await;
    assert!(matches!(unknown, Err(DeviceError::Author { .. })));
    let card = phone.device.write(case, "card", Vec::new(), None).await;
    assert!(matches!(card, Err(DeviceError::CardTemplate)));
    let nowhere = phone
        .device
        .write(SpaceId::from_bytes([3; 16]), "note", Vec::new(), None)
        .await;
    assert!(matches!(nowhere, Err(DeviceError::UnknownCase)));
    let missing = phone
        .device
        .edit(DocumentId::from_bytes([3; 16]), &[])
        .await;
    assert!(matches!(missing, Err(DeviceError::UnknownDocument)));
    let foreign = samspor_documents::id::TeamId::from_bytes([3; 16]);
    let foreign = phone.device.open_case(foreign, Vec::new()).await;
    assert!(matches!(foreign, Err(DeviceError::NotYourTeam)));
    assert_eq!(phone.waiting().await, before);
}

#[tokio::test]
async fn a_full_disk_refuses_a_write_before_anything_is_kept() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse").await;
    let kept = phone.note(case, "før").await;
    phone
        .device
        .inner
        .gate
        .behind()
        .limit_pages_to_present()
        .await;
    let mut written = 0;
    let refused = loop {
        let text = "æøå ".repeat(500);
        match phone
            .device
            .write(case, "note", vec![set("text", &text)], None)
            .await
        {
            Ok(_) if written < 50 => written += 1,
            other => break other,
        }
    };
    assert!(matches!(refused, Err(DeviceError::DiskFull)), "{refused:?}");
    let status = phone.device.status().await.expect("reads");
    assert_eq!(status.waiting, 3 + written);
    assert_eq!(status.documents, 2 + written);
    let phone = phone.restart().await;
    assert_eq!(phone.text(kept).await, "før");
    phone.note(case, "efter, da der var plads igen").await;
    assert_eq!(phone.waiting().await, 4 + written);
}

#[tokio::test]
async fn a_transaction_that_sqlite_ended_by_itself_stops_no_later_write() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse").await;
    let store = phone.device.inner.gate.behind();
    let mut tx = store.begin().await.expect("begins");
    let ended = sqlx::query("ROLLBACK").execute(&mut *tx).await;
    ended.expect("ends it, as a failed write does");
    drop(tx);
    let note = phone.note(case, "efter, uden at åbne igen").await;
    assert_eq!(phone.text(note).await, "efter, uden at åbne igen");
}

#[tokio::test]
async fn a_store_of_a_newer_program_is_left_alone() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    phone.device.inner.gate.behind().pretend_newer().await;
    let Phone {
        device,
        folder,
        _keep,
        ..
    } = phone;
    device.close().await;
    let opened = Device::open(&folder, key(), DeviceOptions::default()).await;
    assert!(matches!(
        opened,
        Err(DeviceError::NewerSchema { found: 999, .. })
    ));
}

#[tokio::test]
async fn a_store_is_never_enrolled_for_another_practitioner_or_in_another_organisation() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse Østergård").await;
    let before = phone.device.identity().await.expect("reads");
    let road = || phone.server.road();
    let code = phone.server.code(practitioner(2));
    let again = phone.device.enrol_by(&code, road()).await;
    assert!(
        matches!(again, Err(DeviceError::OtherPractitioner)),
        "{again:?}"
    );
    let mut elsewhere = phone.server.code(practitioner(1));
    elsewhere.organisation_key = [3; 32];
    let again = phone.device.enrol_by(&elsewhere, road()).await;
    assert!(
        matches!(again, Err(DeviceError::AlreadyEnrolled)),
        "{again:?}"
    );
    assert_eq!(phone.device.identity().await.expect("reads"), before);
    assert_eq!(phone.waiting().await, 2, "its work is kept");
    phone.device.card(case).await.expect("and can be read");
}

#[tokio::test]
async fn enrolled_again_a_store_is_another_device_with_everything_in_it_also_after_a_restart() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse Østergård").await;
    let note = phone.note(case, "Skrevet uden dækning").await;
    let first = phone
        .device
        .identity()
        .await
        .expect("reads")
        .expect("enrolled");
    let code = phone.server.code(practitioner(1));
    phone
        .server
        .state()
        .faults
        .push_back(crate::testing::Fault::LoseAnswer);
    let lost = phone.device.enrol_by(&code, phone.server.road()).await;
    assert!(
        matches!(lost, Err(DeviceError::Unreachable { .. })),
        "{lost:?}"
    );
    let kept = phone
        .device
        .identity()
        .await
        .expect("reads")
        .expect("enrolled");
    assert_eq!(
        kept.device, first.device,
        "without an answer it is what it was"
    );
    let second = phone.device.enrol_by(&code, phone.server.road()).await;
    let second = second.expect("the same request again");
    assert_ne!(second.device, first.device);
    assert_eq!(second.practitioner, first.practitioner);
    let phone = phone.restart().await;
    let after = phone
        .device
        .identity()
        .await
        .expect("reads")
        .expect("enrolled");
    assert_eq!(after.device, second.device);
    assert_eq!(phone.waiting().await, 3);
    assert_eq!(phone.text(note).await, "Skrevet uden dækning");
}

#[tokio::test]
async fn an_enrolment_that_the_organisation_does_not_vouch_for_is_not_kept() {
    let server = ModelServer::new();
    let keep = tempfile::tempdir().expect("a folder");
    let device = Device::create(keep.path(), key(), DeviceOptions::default())
        .await
        .expect("a store");
    let mut code = server.code(practitioner(1));
    code.organisation_key = [5; 32];
    let enrolled = device.enrol_by(&code, server.road()).await;
    assert!(matches!(enrolled, Err(DeviceError::NotVouched)));
    assert_eq!(device.identity().await.expect("reads"), None);
}
