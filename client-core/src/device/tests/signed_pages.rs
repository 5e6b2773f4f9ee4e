//! Signed texts as they come by pages: twice, damaged, filed elsewhere, over what is here; and stores of before.

use super::*;
use crate::{testing::Fault, views::EntryState};
use proptest::prelude::*;
use samspor_documents::time::UnixMillis;
use samspor_protocol::{
    feed::{Content, DocumentItem, Page, Receipt, SetAside},
    hash::Hash32,
    tag::{Digest, Tag},
};

/// Anna and Bo with a note of hers that both have.
pub(super) async fn noted(server: &ModelServer) -> (Phone, Phone, SpaceId, DocumentId) {
    let anna = Phone::ready(server, 1).await;
    let bo = Phone::ready(server, 2).await;
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "Besøg").await;
    anna.sync().await;
    bo.sync().await;
    (anna, bo, case, note)
}

pub(super) async fn digest(phone: &Phone) -> Digest {
    let tags = phone
        .device
        .inner
        .gate
        .behind()
        .tags()
        .await
        .expect("reads");
    let sum = tags
        .values()
        .fold(Digest::default(), |sum, tag| sum.with(*tag));
    let mut tx = phone
        .device
        .inner
        .gate
        .behind()
        .snapshot()
        .await
        .expect("reads");
    let kept = crate::store::meta::digest(&mut *tx).await.expect("reads");
    assert_eq!(kept, sum, "the sum that is kept is the sum of what is kept");
    kept
}

pub(super) async fn apply(phone: &Phone, page: Page) -> crate::engine::Applied {
    let applied = phone.device.inner.gate.behind().apply_whole(page).await;
    phone.device.finish_index().await.expect("indexes");
    applied.expect("applies")
}

pub(super) fn page_with(
    server: &ModelServer,
    document: DocumentId,
    space: SpaceId,
    content: Content,
) -> Page {
    let mut page = server.state().empty_page();
    page.documents.push(DocumentItem {
        document,
        space,
        seq: 1_000,
        received_at: UnixMillis(0),
        receipt: Receipt([0; 16]),
        content,
    });
    page
}

#[tokio::test]
async fn a_page_with_a_signed_text_applied_twice_changes_nothing() {
    let server = ModelServer::new();
    let (anna, bo, _, note) = noted(&server).await;
    let open = server.page_of(practitioner(2), note);
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    let page = server.page_of(practitioner(2), note);
    let first = apply(&bo, page.clone()).await;
    assert_eq!((first.received, first.unconfirmed), (1, 0));
    let (kept, sum) = (
        bo.device.inner.gate.behind().kept(note).await,
        digest(&bo).await,
    );
    let second = apply(&bo, page).await;
    assert_eq!((second.received, second.digest), (0, sum));
    // Nor does a page that has lost the signature, or says another text.
    let space = open.documents[0].space;
    assert_eq!(apply(&bo, open).await.received, 0);
    let other = page_with(
        &server,
        note,
        space,
        Content::Signed(b"another".to_vec().into()),
    );
    assert_eq!(apply(&bo, other).await.received, 0);
    assert_eq!(
        (
            bo.device.inner.gate.behind().kept(note).await,
            digest(&bo).await
        ),
        (kept, sum)
    );
    assert_eq!(bo.text(note).await, "Besøg");
    let report = bo.sync().await;
    assert!(report.in_sync && report.repairs == 0);
}

#[tokio::test]
async fn what_was_accepted_owes_no_echo_once_it_came_also_when_it_is_sent_again() {
    let server = ModelServer::new();
    let (anna, bo, _, note) = noted(&server).await;
    let store = anna.device.inner.gate.behind();
    assert_eq!(store.not_echoed().await, 0);
    bo.device
        .edit(note, &[insert(0, "Bo: ")])
        .await
        .expect("edits");
    server.state().faults = [Fault::LoseAnswer].into();
    bo.sync().await;
    assert_eq!(bo.device.inner.gate.behind().not_echoed().await, 0);
}

#[tokio::test]
async fn accepted_changes_whose_answer_was_lost_are_in_the_text_and_the_sync_ends() {
    let server = ModelServer::new();
    let (anna, bo, _, note) = noted(&server).await;
    bo.device
        .edit(note, &[insert(0, "Bo: ")])
        .await
        .expect("edits");
    server.state().faults = [Fault::LoseAnswer].into();
    let once = SyncOptions {
        retries_max: 0,
        ..SyncOptions::default()
    };
    assert!(bo.device.sync(once).await.is_err());
    anna.sync().await;
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    let applied = apply(&bo, server.page_of(practitioner(2), note)).await;
    assert_eq!(applied.unconfirmed, 0);
    assert_eq!(
        bo.device.inner.gate.behind().kept(note).await,
        (2, false, vec![1])
    );
    let report = bo.sync().await;
    assert!(report.in_sync && report.all_sent);
    assert_eq!(
        (report.pushed, report.refused, report.round_trips),
        (1, 0, 2)
    );
    assert_eq!(
        bo.device.inner.gate.behind().kept(note).await,
        (2, false, vec![3])
    );
    assert_eq!(bo.text(note).await, "Bo: Besøg");
}

#[tokio::test]
async fn an_accepted_change_that_was_set_aside_is_no_part_of_the_text_and_returns() {
    let server = ModelServer::new();
    let (anna, bo, _, note) = noted(&server).await;
    bo.device
        .edit(note, &[insert(0, "Bo: ")])
        .await
        .expect("edits");
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    let hash = Hash32(bo.device.inner.gate.behind().own_hashes(note).await[0]);
    let mut page = server.page_of(practitioner(2), note);
    page.set_aside.push(SetAside {
        document: note,
        hash,
        detail: "cannot be applied".to_owned(),
    });
    bo.device.inner.gate.behind().accept_all().await;
    let applied = apply(&bo, page).await;
    assert_eq!((applied.set_aside, applied.unconfirmed), (1, 0));
    let refused = bo.device.not_delivered().await.expect("reads");
    assert_eq!(refused[0].reason, "set_aside");
    assert_eq!(bo.text(note).await, "Besøg");
}

#[tokio::test]
async fn a_damaged_text_is_set_aside_until_a_repair_brings_the_right_one() {
    let server = ModelServer::new();
    let (anna, bo, _, note) = noted(&server).await;
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    server.state().damaged.insert(note, b"damaged".to_vec());
    let report = bo.sync().await;
    assert!(!report.in_sync);
    let aside = bo.device.set_aside().await.expect("reads");
    assert_eq!((aside.len(), aside[0].document), (1, note));
    let read = bo.device.read(note).await;
    assert!(matches!(read, Err(DeviceError::SetAside { .. })));
    let signed = bo.device.sign(note).await;
    assert!(matches!(signed, Err(DeviceError::SetAside { .. })));
    let kept = bo.device.export_bytes(note).await.expect("exports");
    assert_eq!(kept[0], b"damaged");
    assert!(kept.len() > 1, "what was here before stays beside it");
    // Evidence does not ask what came damaged.
    bo.device.export_signed(note).await.expect("exports");
    server.state().damaged.clear();
    let report = bo.sync().await;
    assert!(report.in_sync);
    assert!(bo.device.set_aside().await.expect("reads").is_empty());
    assert_eq!(bo.text(note).await, "Besøg");
    assert_eq!(
        bo.device.inner.gate.behind().kept(note).await,
        (2, false, vec![])
    );
}

#[tokio::test]
async fn a_text_that_is_filed_elsewhere_is_set_aside() {
    let server = ModelServer::new();
    let (anna, bo, case, note) = noted(&server).await;
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    let page = server.page_of(practitioner(2), note);
    let Content::Signed(text) = &page.documents[0].content else {
        panic!("it is signed");
    };
    let other = DocumentId::from_bytes([7; 16]);
    let elsewhere = SpaceId::from_bytes([8; 16]);
    for (document, space) in [(other, case), (note, elsewhere)] {
        let content = Content::Signed(text.clone());
        apply(&bo, page_with(&server, document, space, content)).await;
        let aside = bo.device.set_aside().await.expect("reads");
        assert!(
            aside.iter().any(|one| one.document == document),
            "{aside:?}"
        );
    }
    server.state().organisation = samspor_documents::id::OrganisationId::from_bytes([9; 16]);
    let stranger = Phone::enrolled(&server, 3).await;
    apply(
        &stranger,
        page_with(&server, note, case, Content::Signed(text.clone())),
    )
    .await;
    assert_eq!(stranger.device.set_aside().await.expect("reads").len(), 1);
}

#[test]
fn invariant_10_arbitrary_bytes_as_a_text_are_set_aside_and_counted_as_they_came() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let server = ModelServer::new();
    let phone = runtime.block_on(Phone::ready(&server, 1));
    let space = SpaceId::from_bytes([3; 16]);
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        Just(vec![0; samspor_protocol::limits::SIGNED_TEXT_BYTES_MAX + 1]),
    ];
    proptest!(|(bytes in bytes, id in any::<[u8; 16]>())| {
        runtime.block_on(async {
            let document = DocumentId::from_bytes(id);
            let content = Content::Signed(bytes.clone().into());
            apply(&phone, page_with(&server, document, space, content)).await;
            let tags = phone.device.inner.gate.behind().tags().await.expect("reads");
            let tag = Tag::of_signed_document(document, Hash32::of(&bytes).0);
            let item = samspor_protocol::repair::ItemId::Document(document);
            assert_eq!(tags.get(&item), Some(&tag));
            let read = phone.device.read(document).await;
            assert!(matches!(read, Err(DeviceError::SetAside { .. })));
            assert_eq!(phone.device.export_bytes(document).await.expect("exports"), [bytes]);
            assert!(phone.device.row(document).await.expect("reads").is_none());
        });
    });
    runtime.block_on(digest(&phone));
}

#[tokio::test]
async fn a_signed_text_goes_with_its_space_and_comes_back_whole() {
    let server = ModelServer::new();
    let (anna, bo, _, note) = noted(&server).await;
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    bo.sync().await;
    bo.device.sign(note).await.expect("signs, too");
    assert_eq!(bo.device.inner.gate.behind().signatures_noted().await, 2);
    let members = std::mem::take(&mut server.state().members);
    let report = bo.sync().await;
    assert!(report.in_sync && report.refused == 1);
    assert_eq!(bo.device.inner.gate.behind().signatures_noted().await, 0);
    assert!(matches!(
        bo.device.read(note).await,
        Err(DeviceError::UnknownDocument)
    ));
    let status = bo.device.status().await.expect("status");
    assert_eq!((status.signatures_waiting, status.not_delivered), (0, 1));
    let again = bo.device.retry_not_delivered(note.0).await;
    assert!(
        matches!(again, Err(DeviceError::NotRetryable)),
        "there is nothing to sign"
    );
    server.state().members = members;
    assert!(bo.sync().await.in_sync);
    assert_eq!(bo.text(note).await, "Besøg");
    bo.device
        .retry_not_delivered(note.0)
        .await
        .expect("now there is");
    let report = bo.sync().await;
    assert_eq!(
        (report.pushed, report.refused, report.in_sync),
        (1, 0, true)
    );
    let row = bo.device.row(note).await.expect("reads").expect("listed");
    assert_eq!((row.state, row.signers.len()), (EntryState::Signed, 2));
}

#[tokio::test]
async fn invariant_09_a_store_of_the_first_version_keeps_everything_and_signs_from_then_on() {
    let server = ModelServer::new();
    let (anna, bo, case, note) = noted(&server).await;
    let waits = anna.note(case, "venter").await;
    server.state().refuse = Some(samspor_protocol::reason::Reason::NoAccess);
    bo.device
        .edit(note, &[insert(0, "afvist ")])
        .await
        .expect("edits");
    bo.sync().await;
    server.state().refuse = None;
    let mut phones = Vec::new();
    for phone in [anna, bo] {
        let before = (
            phone.device.status().await.expect("status"),
            phone.device.outbox().await.expect("reads"),
            phone.device.not_delivered().await.expect("reads"),
            phone
                .device
                .timeline(case, Default::default())
                .await
                .expect("reads"),
            digest(&phone).await,
        );
        phone
            .device
            .inner
            .gate
            .behind()
            .pretend_first_version()
            .await;
        let phone = phone.restart().await;
        // What came before search stands in lists as it was, and is found once it was put there again.
        let status = phone.device.status().await.expect("status");
        assert_eq!(status.to_index, status.documents);
        phone.device.finish_index().await.expect("indexes");
        let search = crate::Search {
            text: "besøg".to_owned(),
            ..crate::Search::default()
        };
        let found = phone.device.search(&search).await.expect("searches");
        assert_eq!(found.hits[0].row.document, note);
        let after = (
            phone.device.status().await.expect("status"),
            phone.device.outbox().await.expect("reads"),
            phone.device.not_delivered().await.expect("reads"),
            phone
                .device
                .timeline(case, Default::default())
                .await
                .expect("reads"),
            digest(&phone).await,
        );
        assert_eq!(before, after);
        phones.push(phone);
    }
    assert_eq!(phones[0].waiting().await, 1);
    assert_eq!(
        phones[1].device.not_delivered().await.expect("reads").len(),
        1
    );
    for document in [note, waits] {
        phones[0].device.sign(document).await.expect("signs");
    }
    for phone in &phones {
        assert!(phone.sync().await.in_sync);
        assert_eq!(phone.text(waits).await, "venter");
    }
}
