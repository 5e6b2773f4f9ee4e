//! Drafts on a device: their list, their publishing without a network, and what becomes of them when the server says
//! no, or another device was first.

use super::*;
use crate::{
    testing::Fault,
    views::{CaseFilter, DraftRow, TimelinePage},
};
use samspor_documents::document::AuthorError;
use samspor_protocol::reason::Reason;

impl Phone {
    pub(super) async fn draft(&self, case: SpaceId, text: &str) -> DocumentId {
        let draft = self
            .device
            .draft(case, "note", vec![set("text", text)], None)
            .await;
        draft.expect("writes a draft")
    }

    pub(super) async fn drafts(&self) -> Vec<DraftRow> {
        self.device.drafts(false).await.expect("lists")
    }

    async fn draft_ids(&self) -> Vec<DocumentId> {
        self.drafts().await.iter().map(|row| row.document).collect()
    }

    pub(super) async fn entries(&self, case: SpaceId) -> Vec<DocumentId> {
        let rows = self.device.timeline(case, TimelinePage::default()).await;
        let rows = rows.expect("reads");
        rows.iter().map(|row| row.document).collect()
    }

    async fn operations(&self) -> Vec<&'static str> {
        let rows = self.device.outbox().await.expect("reads");
        rows.iter().map(|row| row.operation).collect()
    }
}

#[tokio::test]
async fn a_draft_stands_in_the_list_of_drafts_and_in_no_other() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse Østergård").await;
    let first = phone.draft(case, "Første kladde").await;
    let second = phone.draft(case, "Anden kladde").await;
    phone
        .device
        .edit(first, &[insert(0, "Rettet: ")])
        .await
        .expect("edits");
    assert_eq!(phone.text(first).await, "Rettet: Første kladde");
    let rows = phone.drafts().await;
    assert_eq!(
        phone.draft_ids().await,
        [first, second],
        "last written first"
    );
    assert!(
        rows.iter()
            .all(|row| row.subject == Some(case) && row.waiting && !row.discarded)
    );
    assert_eq!(rows[0].template, "note");
    assert!(phone.entries(case).await.is_empty());
    assert_eq!(
        phone
            .device
            .cases(CaseFilter::default())
            .await
            .expect("lists")
            .len(),
        1
    );
    let private = practitioner(1).private_space();
    let timeline = phone
        .device
        .timeline(private, TimelinePage::default())
        .await;
    assert!(matches!(timeline, Err(DeviceError::UnknownCase)));
    let written = phone.device.write(private, "note", Vec::new(), None).await;
    assert!(
        matches!(written, Err(DeviceError::UnknownCase)),
        "only drafts live there"
    );
    let report = phone.sync().await;
    assert!(report.in_sync && report.all_sent);
    assert!(phone.drafts().await.iter().all(|row| !row.waiting));
}

#[tokio::test]
async fn what_may_not_be_written_may_not_be_drafted_either() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse").await;
    let before = phone.waiting().await;
    let card = phone.device.draft(case, "card", Vec::new(), None).await;
    assert!(matches!(card, Err(DeviceError::CardTemplate)));
    let nowhere = SpaceId::from_bytes([3; 16]);
    let nowhere = phone.device.draft(nowhere, "note", Vec::new(), None).await;
    assert!(matches!(nowhere, Err(DeviceError::UnknownCase)));
    let entry = phone.note(case, "et notat, ingen kladde").await;
    for document in [entry, DocumentId::from_bytes([9; 16])] {
        let published = phone.device.publish(document).await;
        assert!(
            matches!(published, Err(DeviceError::UnknownDraft)),
            "{published:?}"
        );
        let discarded = phone.device.discard_draft(document).await;
        assert!(
            matches!(discarded, Err(DeviceError::UnknownDraft)),
            "{discarded:?}"
        );
    }
    assert_eq!(phone.waiting().await, before + 1);
}

#[tokio::test]
async fn a_draft_is_published_without_a_network_and_what_it_became_is_edited_at_once() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse").await;
    let draft = phone.draft(case, "Sofie smiler").await;
    phone
        .device
        .edit(draft, &[insert(12, " på Ærø")])
        .await
        .expect("edits");
    let entry = phone.device.publish(draft).await.expect("publishes");
    assert_ne!(entry, draft);
    assert!(phone.drafts().await.is_empty());
    assert_eq!(phone.entries(case).await, [entry]);
    assert_eq!(phone.text(entry).await, "Sofie smiler på Ærø");
    phone
        .device
        .edit(entry, &[insert(0, "Rettet: ")])
        .await
        .expect("edits");
    for again in [
        phone.device.publish(draft).await.map(|_| ()),
        phone
            .device
            .edit(draft, &[insert(0, "x")])
            .await
            .map(|_| ()),
        phone.device.discard_draft(draft).await.map(|_| ()),
    ] {
        assert!(
            matches!(again, Err(DeviceError::Published { document }) if document == entry),
            "{again:?}"
        );
    }
    let operations = [
        "open_case",
        "change",
        "change",
        "change",
        "publish",
        "change",
    ];
    assert_eq!(
        phone.operations().await,
        operations,
        "in the order it was done"
    );
    // It survives a crash, and goes as one.
    let phone = phone.restart().await;
    assert!(phone.drafts().await.is_empty());
    let report = phone.sync().await;
    assert_eq!((report.pushed, report.refused, report.repairs), (6, 0, 0));
    assert!(report.in_sync && report.all_sent);
    assert_eq!(phone.text(entry).await, "Rettet: Sofie smiler på Ærø");
    let gone = phone.device.read(draft).await;
    assert!(
        matches!(gone, Err(DeviceError::UnknownDocument)),
        "{gone:?}"
    );
    assert!(phone.sync().await.in_sync);
    assert_eq!(phone.device.status().await.expect("status").repairs, 0);
}

#[tokio::test]
async fn a_publish_is_no_change_of_its_draft_even_where_both_say_the_same_at_the_same_time() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse").await;
    let draft = phone.draft(case, "kladde").await;
    let entry = phone.device.publish(draft).await.expect("publishes");
    let store = &phone.device.inner.gate.behind();
    assert_ne!(store.own_hashes(draft).await, store.own_hashes(entry).await);
}

#[tokio::test]
async fn nothing_waits_for_an_echo_of_a_draft_that_was_published() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse").await;
    let draft = phone.draft(case, "kladde").await;
    phone.device.publish(draft).await.expect("publishes");
    phone.sync().await;
    phone.note(case, "et notat").await;
    let report = phone.sync().await;
    assert!(report.in_sync);
    assert!(report.round_trips <= 3, "{report:?}");
}

#[tokio::test]
async fn a_published_draft_leaves_the_authors_other_devices_and_colleagues_never_see_it() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let tablet = Phone::ready(&server, 1).await;
    let colleague = Phone::ready(&server, 2).await;
    let case = phone.open_case("Åse").await;
    let draft = phone.draft(case, "kladde").await;
    phone.sync().await;
    tablet.sync().await;
    colleague.sync().await;
    assert_eq!(tablet.draft_ids().await, [draft]);
    assert!(colleague.drafts().await.is_empty());
    let unseen = colleague.device.read(draft).await;
    assert!(matches!(unseen, Err(DeviceError::UnknownDocument)));
    tablet
        .device
        .edit(draft, &[insert(0, "fra tabletten: ")])
        .await
        .expect("edits");
    tablet.sync().await;
    phone.sync().await;
    assert_eq!(phone.text(draft).await, "fra tabletten: kladde");
    let entry = phone.device.publish(draft).await.expect("publishes");
    for device in [&phone, &tablet, &colleague] {
        let report = device.sync().await;
        assert!(report.in_sync && report.repairs == 0, "{report:?}");
        assert!(device.drafts().await.is_empty());
        assert_eq!(device.entries(case).await, [entry]);
        assert_eq!(device.text(entry).await, "fra tabletten: kladde");
    }
}

#[tokio::test]
async fn invariant_09_published_on_two_devices_at_once_one_wins_and_the_others_text_is_kept() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let tablet = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse").await;
    let draft = phone.draft(case, "fælles").await;
    phone.sync().await;
    tablet.sync().await;
    tablet
        .device
        .edit(draft, &[insert(6, " og kun på tabletten")])
        .await
        .expect("edits");
    let won = phone.device.publish(draft).await.expect("publishes");
    let lost = tablet.device.publish(draft).await.expect("publishes");
    phone.sync().await;
    let report = tablet.sync().await;
    assert_eq!((report.pushed, report.refused, report.repairs), (0, 2, 0));
    assert!(report.in_sync);
    assert_eq!(tablet.entries(case).await, [won]);
    assert!(tablet.drafts().await.is_empty());
    let refused = tablet.device.not_delivered().await.expect("reads");
    let ids: Vec<_> = refused.iter().map(|one| one.document).collect();
    assert_eq!(ids, [Some(draft), Some(lost)]);
    for one in &refused {
        assert_eq!((one.reason.as_str(), one.retryable), ("superseded", false));
        let json = tablet
            .device
            .export_not_delivered(one.id)
            .await
            .expect("exports");
        assert!(json.contains("fælles og kun på tabletten"), "{json}");
        tablet
            .device
            .discard_not_delivered(one.id)
            .await
            .expect("discards");
    }
    assert!(tablet.sync().await.in_sync);
}

#[tokio::test]
async fn invariant_09_a_publish_that_is_refused_leaves_the_draft_a_draft_and_keeps_the_text() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse").await;
    let draft = phone.draft(case, "skrevet i bilen").await;
    phone.sync().await;
    let entry = phone.device.publish(draft).await.expect("publishes");
    let members = std::mem::take(&mut server.state().members);
    let report = phone.sync().await;
    assert_eq!((report.pushed, report.refused), (0, 1));
    assert!(report.in_sync);
    assert_eq!(phone.draft_ids().await, [draft], "a draft again");
    assert_eq!(phone.text(draft).await, "skrevet i bilen");
    let refused = phone.device.not_delivered().await.expect("reads");
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (
            refused[0].document,
            refused[0].reason.as_str(),
            refused[0].operations[0].operation
        ),
        (Some(entry), Reason::NoAccess.code(), "publish")
    );
    let json = phone
        .device
        .export_not_delivered(entry.0)
        .await
        .expect("exports");
    assert!(json.contains("skrevet i bilen"));
    let nowhere = phone.device.publish(draft).await;
    assert!(
        matches!(nowhere, Err(DeviceError::UnknownCase)),
        "the case is gone"
    );
    // Access comes back: the publish goes through as it was.
    server.state().members = members;
    assert!(phone.sync().await.in_sync);
    phone
        .device
        .retry_not_delivered(entry.0)
        .await
        .expect("tries again");
    assert!(phone.drafts().await.is_empty());
    let report = phone.sync().await;
    assert_eq!((report.pushed, report.refused, report.repairs), (1, 0, 0));
    assert!(report.in_sync);
    assert_eq!(phone.entries(case).await, [entry]);
    assert!(phone.drafts().await.is_empty());
}

#[tokio::test]
async fn invariant_01_a_publish_whose_answer_is_lost_or_that_arrives_twice_publishes_once() {
    for fault in [
        Fault::LoseAnswer,
        Fault::Twice,
        Fault::LoseRequest,
        Fault::Postpone,
    ] {
        let server = ModelServer::new();
        let phone = Phone::ready(&server, 1).await;
        let case = phone.open_case("Åse").await;
        let draft = phone.draft(case, "kladde").await;
        phone.sync().await;
        let entry = phone.device.publish(draft).await.expect("publishes");
        server.state().faults.push_back(fault);
        let phone = match fault {
            Fault::LoseAnswer => {
                let once = phone.device.sync(SyncOptions {
                    retries_max: 0,
                    ..SyncOptions::default()
                });
                assert!(once.await.is_err());
                phone.restart().await
            }
            _ => phone,
        };
        let report = phone.sync().await;
        assert!(report.in_sync && report.all_sent, "{fault:?}: {report:?}");
        assert_eq!((report.refused, report.repairs), (0, 0), "{fault:?}");
        assert_eq!(phone.entries(case).await, [entry], "{fault:?}");
        assert!(phone.drafts().await.is_empty(), "{fault:?}");
        assert!(phone.device.outbox().await.expect("reads").is_empty());
    }
}

#[tokio::test]
async fn a_draft_in_conflict_is_not_published_and_says_which_fields_wait() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let tablet = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse").await;
    let draft = phone.draft(case, "kladde").await;
    phone.sync().await;
    tablet.sync().await;
    for (device, line) in [(&phone, "Opkald til mor"), (&tablet, "Opkald til far")] {
        let edits = [set("conferred_with", line)];
        device.device.edit(draft, &edits).await.expect("edits");
        device.sync().await;
    }
    phone.sync().await;
    let before = phone.waiting().await;
    let refused = phone.device.publish(draft).await;
    let Err(DeviceError::Author { source }) = refused else {
        panic!("{refused:?}");
    };
    assert!(
        matches!(&source, AuthorError::InConflict { field } if field == "conferred_with"),
        "{source:?}"
    );
    assert_eq!(phone.waiting().await, before);
    assert_eq!(phone.drafts().await[0].conflicts, 1);
    assert_eq!(phone.device.conflicts().await.expect("lists").len(), 1);
    let chosen = Value::Text("Opkald til mor".to_owned());
    phone
        .device
        .choose(draft, "conferred_with", None, chosen)
        .await
        .expect("chooses");
    phone.device.publish(draft).await.expect("publishes");
    assert!(phone.device.conflicts().await.expect("lists").is_empty());
}

#[tokio::test]
async fn a_discarded_draft_leaves_the_list_on_all_devices_and_is_found_and_published_still() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let tablet = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse").await;
    let draft = phone.draft(case, "blev ikke til noget").await;
    phone.sync().await;
    tablet.sync().await;
    assert!(phone.device.discard_draft(draft).await.expect("discards"));
    assert!(
        !phone
            .device
            .discard_draft(draft)
            .await
            .expect("says so already")
    );
    phone.sync().await;
    tablet.sync().await;
    for device in [&phone, &tablet] {
        assert!(device.drafts().await.is_empty());
        let discarded = device.device.drafts(true).await.expect("lists");
        assert_eq!(discarded.len(), 1);
        assert!(discarded[0].discarded && discarded[0].document == draft);
        assert_eq!(device.text(draft).await, "blev ikke til noget");
    }
    let entry = tablet.device.publish(draft).await.expect("publishes");
    tablet.sync().await;
    phone.sync().await;
    assert_eq!(phone.entries(case).await, [entry]);
    assert!(phone.device.drafts(true).await.expect("lists").is_empty());
}

#[tokio::test]
async fn invariant_09_an_edit_that_waits_outlives_the_news_that_its_draft_was_published() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let tablet = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse").await;
    let draft = phone.draft(case, "kladde").await;
    phone.sync().await;
    tablet.sync().await;
    tablet
        .device
        .edit(draft, &[insert(6, ", rettet uden dækning")])
        .await
        .expect("edits");
    phone.device.publish(draft).await.expect("publishes");
    phone.sync().await;
    // The news come by a page, while the edit waits.
    let page = server.news_of(practitioner(1), draft);
    let store = &tablet.device.inner.gate.behind();
    store.apply_whole(page).await.expect("applies");
    assert!(tablet.drafts().await.is_empty());
    assert_eq!(tablet.waiting().await, 1);
    let report = tablet.sync().await;
    assert_eq!((report.pushed, report.refused, report.repairs), (0, 1, 0));
    assert!(report.in_sync);
    let json = tablet
        .device
        .export_not_delivered(draft.0)
        .await
        .expect("exports");
    assert!(json.contains("kladde, rettet uden dækning"), "{json}");
}
