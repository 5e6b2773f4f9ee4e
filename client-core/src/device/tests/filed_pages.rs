//! Copies that were disclosed as they come by pages: they read as their text and prove themselves, or are set aside.

use super::{
    signed_pages::{apply, digest, noted, page_with},
    *,
};
use crate::views::EntryState;
use samspor_protocol::{feed::Content, hash::Hash32, sign::SignedRecord, tag::Tag};

const COPY: DocumentId = DocumentId::from_bytes([0xc0; 16]);

async fn tag_of(phone: &Phone, document: DocumentId) -> Option<Tag> {
    let tags = phone.device.inner.gate.behind().tags().await;
    let item = samspor_protocol::repair::ItemId::Document(document);
    tags.expect("reads").get(&item).copied()
}

#[tokio::test]
async fn a_filed_record_reads_as_its_text_is_its_own_evidence_and_is_written_by_nobody() {
    let server = ModelServer::new();
    let (anna, bo, case, note) = noted(&server).await;
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    bo.sync().await;
    let file = bo.device.export_signed(note).await.expect("evidence");
    let page = || page_with(&server, COPY, case, Content::Filed(file.clone().into()));
    let first = apply(&bo, page()).await;
    assert_eq!(first.received, 1);
    let sum = digest(&bo).await;
    let second = apply(&bo, page()).await;
    assert_eq!((second.received, second.digest), (0, sum));
    let expected = Tag::of_signed_document(COPY, Hash32::of(&file).0);
    assert_eq!(tag_of(&bo, COPY).await, Some(expected));

    assert_eq!(bo.text(COPY).await, "Besøg");
    let row = bo.device.row(COPY).await.expect("reads").expect("listed");
    assert_eq!((row.state, row.signers.len()), (EntryState::Signed, 1));
    assert!(row.signers[0].signed_at.is_some(), "the record says when");
    server.state().faults = [crate::testing::Fault::LoseAnswer].into();
    let again = bo.device.export_signed(COPY).await.expect("asks nobody");
    assert_eq!(again, file);
    let edited = bo.device.edit(COPY, &[]).await;
    assert!(matches!(edited, Err(DeviceError::Signed { .. })));
    let signed = bo.device.sign(COPY).await;
    assert!(matches!(signed, Err(DeviceError::Signed { .. })));
    // No later page opens it again or makes it say something else.
    let other = Content::Filed(b"another".to_vec().into());
    assert_eq!(
        apply(&bo, page_with(&server, COPY, case, other))
            .await
            .received,
        0
    );
    assert_eq!(digest(&bo).await, sum);
}

#[tokio::test]
async fn invariant_10_a_filed_record_that_does_not_verify_is_set_aside_and_counted_as_it_came() {
    let server = ModelServer::new();
    let (anna, bo, case, note) = noted(&server).await;
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    let file = anna.device.export_signed(note).await.expect("evidence");
    let record = SignedRecord::from_file(&file).expect("a record");
    let mut unsigned = record.clone();
    unsigned.signature.signature[0] ^= 1;
    let mut others = record.clone();
    others.organisation_key = [7; 32];
    let mut cut = file.clone();
    cut.truncate(file.len() / 2);
    let damaged = [
        unsigned.to_file(),
        others.to_file(),
        cut,
        b"nothing".to_vec(),
    ];
    for (number, bytes) in (1..).zip(damaged) {
        let document = DocumentId::from_bytes([number; 16]);
        let content = Content::Filed(bytes.clone().into());
        apply(&bo, page_with(&server, document, case, content)).await;
        let aside = bo.device.set_aside().await.expect("reads");
        assert_eq!(aside.len(), usize::from(number), "{aside:?}");
        let tag = Tag::of_signed_document(document, Hash32::of(&bytes).0);
        assert_eq!(tag_of(&bo, document).await, Some(tag));
        assert!(bo.device.row(document).await.expect("reads").is_none());
        let kept = bo.device.export_bytes(document).await.expect("exports");
        assert_eq!(kept, [bytes]);
        digest(&bo).await;
    }
}
