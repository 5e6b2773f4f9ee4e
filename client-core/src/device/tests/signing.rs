//! Signing: offline, refused, met by somebody else's signature, and read from the text ever after.

use super::*;
use crate::views::{EntryState, TimelinePage, TimelineRow};
use samspor_documents::signed::UnsignableError;
use samspor_protocol::{
    reason::Reason,
    sign::{SignedRecord, VerifyError},
};

/// A team of two with one case, which both have.
async fn two(server: &ModelServer) -> (Phone, Phone, SpaceId) {
    let anna = Phone::ready(server, 1).await;
    let bo = Phone::ready(server, 2).await;
    let case = anna.open_case("Åse Østergård").await;
    anna.sync().await;
    bo.sync().await;
    (anna, bo, case)
}

async fn row(phone: &Phone, document: DocumentId) -> TimelineRow {
    let row = phone.device.row(document).await.expect("reads");
    row.expect("it stands in the lists")
}

async fn state(phone: &Phone, document: DocumentId) -> EntryState {
    row(phone, document).await.state
}

async fn signers(phone: &Phone, document: DocumentId) -> Vec<(PractitionerId, bool, bool)> {
    let row = row(phone, document).await;
    let signers = row.signers.iter();
    signers
        .map(|one| (one.practitioner, one.signed_at.is_some(), one.received))
        .collect()
}

async fn agreed(phone: &Phone) -> SyncReport {
    let report = phone.sync().await;
    assert!(report.in_sync && report.all_sent, "{report:?}");
    assert_eq!(report.repairs, 0);
    report
}

fn organisation_key(phone: &Phone) -> [u8; 32] {
    phone
        .device
        .who()
        .expect("enrolled")
        .enrolment
        .organisation_key
}

#[tokio::test]
async fn an_entry_is_signed_offline_and_is_its_text_everywhere_after_a_sync() {
    let server = ModelServer::new();
    let (anna, bo, case) = two(&server).await;
    let note = anna.note(case, "Besøg hos Åse").await;
    assert_eq!(state(&anna, note).await, EntryState::Waiting);
    agreed(&anna).await;
    agreed(&bo).await;
    assert_eq!(state(&anna, note).await, EntryState::Delivered);
    anna.device
        .edit(note, &[insert(0, "Første b")])
        .await
        .expect("edits");
    anna.device.sign(note).await.expect("signs");
    assert_eq!(state(&anna, note).await, EntryState::SignedNotReceived);
    assert_eq!(signers(&anna, note).await, [(practitioner(1), true, false)]);
    assert_eq!(
        anna.device
            .status()
            .await
            .expect("status")
            .signatures_waiting,
        1
    );
    let edited = anna.device.edit(note, &[insert(0, "x")]).await;
    assert!(matches!(edited, Err(DeviceError::Signed { document }) if document == note));
    let anna = anna.restart().await;
    assert_eq!(anna.text(note).await, "Første bBesøg hos Åse");
    let outbox = anna.device.outbox().await.expect("reads");
    let operations: Vec<_> = outbox.iter().map(|row| row.operation).collect();
    assert_eq!(operations, ["change", "sign"]);
    let report = agreed(&anna).await;
    assert_eq!((report.pushed, report.refused), (2, 0));
    assert_eq!(state(&anna, note).await, EntryState::Signed);
    assert_eq!(signers(&anna, note).await, [(practitioner(1), true, true)]);
    // Nothing of the document is left beside its text but what the outbox keeps until a backup covers it.
    assert_eq!(
        anna.device.inner.gate.behind().kept(note).await,
        (2, false, vec![3, 3])
    );
    agreed(&bo).await;
    assert_eq!(
        bo.device.inner.gate.behind().kept(note).await,
        (2, false, vec![])
    );
    assert_eq!(bo.text(note).await, "Første bBesøg hos Åse");
    assert_eq!(signers(&bo, note).await, [(practitioner(1), false, true)]);
    let timeline = bo.device.timeline(case, TimelinePage::default()).await;
    let rows = timeline.expect("reads");
    assert_eq!((rows.len(), rows[0].state), (1, EntryState::Signed));
    assert_eq!(rows[0].signers.len(), 1);
    let edited = bo.device.edit(note, &[insert(0, "x")]).await;
    assert!(matches!(edited, Err(DeviceError::Signed { .. })));
    // A device that comes new gets the text, too.
    let new = Phone::enrolled(&server, 1).await;
    agreed(&new).await;
    assert_eq!(new.text(note).await, anna.text(note).await);
    server.state().safe_seq = u64::MAX >> 1;
    anna.note(case, "et andet").await;
    agreed(&anna).await;
    assert_eq!(
        anna.device.inner.gate.behind().kept(note).await,
        (2, false, vec![])
    );
}

#[tokio::test]
async fn what_cannot_be_signed_is_told_and_left_as_it_was() {
    let server = ModelServer::new();
    let (anna, bo, case) = two(&server).await;
    let unknown = DocumentId::from_bytes([9; 16]);
    let signed = anna.device.sign(unknown).await;
    assert!(matches!(signed, Err(DeviceError::UnknownDocument)));
    let card = anna
        .device
        .inner
        .gate
        .behind()
        .card_of(case)
        .await
        .expect("reads");
    let signed = anna.device.sign(card.expect("a card")).await;
    assert!(matches!(signed, Err(DeviceError::CardNeverSigned)));
    let visit = anna
        .device
        .write(case, "home_visit", vec![weight("4000")], None)
        .await
        .expect("writes");
    agreed(&anna).await;
    agreed(&bo).await;
    let not_hers = bo.device.sign(visit).await;
    assert!(matches!(not_hers, Err(DeviceError::NotAuthor)));
    anna.device
        .edit(visit, &[weight("4100")])
        .await
        .expect("edits");
    bo.device
        .edit(visit, &[weight("4200")])
        .await
        .expect("edits");
    agreed(&bo).await;
    agreed(&anna).await;
    let error = anna.device.sign(visit).await.expect_err("two weights");
    assert_eq!(
        error.to_string(),
        "not to be signed yet: weight waits for a choice"
    );
    assert!(matches!(
        &error,
        DeviceError::Unsignable { source: UnsignableError::Fields(fields) } if fields.len() == 1
    ));
    assert_eq!(state(&anna, visit).await, EntryState::Delivered);
    anna.device
        .choose(visit, "weight", None, kilos("4150"))
        .await
        .expect("chooses");
    anna.device.sign(visit).await.expect("signs");
    let again = anna.device.sign(visit).await;
    assert!(matches!(again, Err(DeviceError::Signed { .. })));
    agreed(&anna).await;
    let again = anna.device.sign(visit).await;
    assert!(matches!(again, Err(DeviceError::Signed { .. })));
}

fn kilos(grams: &str) -> Value {
    Value::Quantity {
        amount: grams.parse().expect("a number"),
        unit: "g".to_owned(),
    }
}

fn weight(grams: &str) -> Edit {
    Edit::Set {
        field: "weight".to_owned(),
        value: kilos(grams),
    }
}

#[tokio::test]
async fn invariant_09_edits_that_wait_when_another_signs_lie_in_the_box_with_what_was_typed() {
    let server = ModelServer::new();
    let (anna, bo, case) = two(&server).await;
    let note = anna.note(case, "Besøg").await;
    agreed(&anna).await;
    agreed(&bo).await;
    bo.device
        .edit(note, &[insert(0, "Bo så også med. ")])
        .await
        .expect("edits");
    anna.device.sign(note).await.expect("signs");
    agreed(&anna).await;
    // The page comes first: the text is the record, the edit waits.
    let page = server.page_of(practitioner(2), note);
    let store = &bo.device.inner.gate.behind();
    store.apply_whole(page).await.expect("applies");
    bo.device.finish_index().await.expect("indexes");
    assert_eq!(
        (bo.text(note).await.as_str(), bo.waiting().await),
        ("Besøg", 1)
    );
    let before = row(&bo, note).await;
    assert_eq!((before.state, before.waiting), (EntryState::Signed, true));
    let report = agreed(&bo).await;
    assert_eq!((report.pushed, report.refused), (0, 1));
    let row = row(&bo, note).await;
    assert_eq!(
        (row.state, row.refused, row.waiting),
        (EntryState::Signed, true, false)
    );
    let refused = bo.device.not_delivered().await.expect("reads");
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (refused[0].reason.as_str(), refused[0].retryable),
        ("signed", false)
    );
    let json = bo
        .device
        .export_not_delivered(note.0)
        .await
        .expect("exports");
    assert!(json.contains("Bo så også med. Besøg"));
    let again = bo.device.retry_not_delivered(note.0).await;
    assert!(matches!(again, Err(DeviceError::NotRetryable)));
    assert_eq!(bo.text(note).await, "Besøg");
}

#[tokio::test]
async fn a_refused_signature_opens_the_entry_again_and_the_next_one_takes_its_place() {
    let server = ModelServer::new();
    let (anna, bo, case) = two(&server).await;
    let note = anna.note(case, "Besøg").await;
    agreed(&anna).await;
    agreed(&bo).await;
    bo.device
        .edit(note, &[insert(0, "Bo: ")])
        .await
        .expect("edits");
    agreed(&bo).await;
    anna.device
        .edit(note, &[insert(5, " hjemme")])
        .await
        .expect("edits");
    anna.device.sign(note).await.expect("signs");
    let report = agreed(&anna).await;
    assert_eq!((report.pushed, report.refused), (1, 1));
    assert_eq!(anna.text(note).await, "Bo: Besøg hjemme");
    let stands = row(&anna, note).await;
    assert_eq!((stands.state, stands.refused), (EntryState::Refused, true));
    assert_eq!(stands.signers, []);
    let refused = anna.device.not_delivered().await.expect("reads");
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].operations[0].operation, "sign");
    assert_eq!(
        (refused[0].reason.as_str(), refused[0].retryable),
        ("unseen_changes", false)
    );
    let again = anna.device.retry_not_delivered(note.0).await;
    assert!(matches!(again, Err(DeviceError::NotRetryable)));
    // Read again, sign again.
    anna.device.sign(note).await.expect("signs");
    assert!(anna.device.not_delivered().await.expect("reads").is_empty());
    assert_eq!(state(&anna, note).await, EntryState::SignedNotReceived);
    agreed(&anna).await;
    agreed(&bo).await;
    assert_eq!(state(&anna, note).await, EntryState::Signed);
    assert_eq!(bo.text(note).await, "Bo: Besøg hjemme");
}

#[tokio::test]
async fn a_refused_signature_can_be_discarded_and_the_entry_stays_open() {
    let server = ModelServer::new();
    let (anna, _, case) = two(&server).await;
    for reason in [
        Reason::TextDiffers,
        Reason::NoAccess,
        Reason::Malformed,
        Reason::Signed,
    ] {
        let note = anna.note(case, "Besøg").await;
        server.state().refuse_signatures = Some(reason.clone());
        anna.device.sign(note).await.expect("signs");
        agreed(&anna).await;
        assert_eq!(state(&anna, note).await, EntryState::Refused, "{reason}");
        anna.device
            .edit(note, &[insert(0, "x")])
            .await
            .expect("edits");
        anna.device
            .discard_not_delivered(note.0)
            .await
            .expect("discards");
        assert_eq!(state(&anna, note).await, EntryState::Waiting);
        agreed(&anna).await;
        assert_eq!(anna.text(note).await, "xBesøg");
    }
}

#[tokio::test]
async fn a_signature_is_tried_again_with_its_changes_but_only_while_they_say_the_same() {
    let server = ModelServer::new();
    let (anna, _, case) = two(&server).await;
    for edits_meanwhile in [false, true] {
        let note = anna.note(case, "Besøg").await;
        anna.device.sign(note).await.expect("signs");
        server.state().refuse = Some(Reason::NoAccess);
        let report = agreed(&anna).await;
        assert_eq!((report.pushed, report.refused), (0, 2));
        assert!(matches!(
            anna.device.read(note).await,
            Err(DeviceError::UnknownDocument)
        ));
        server.state().refuse = None;
        let refused = anna.device.not_delivered().await.expect("reads");
        assert!(refused[0].retryable);
        if edits_meanwhile {
            // Only the changes come back; then something is added.
            server.state().refuse_signatures = Some(Reason::NoAccess);
        }
        anna.device
            .retry_not_delivered(note.0)
            .await
            .expect("tries again");
        assert_eq!(state(&anna, note).await, EntryState::SignedNotReceived);
        agreed(&anna).await;
        server.state().refuse_signatures = None;
        if edits_meanwhile {
            assert_eq!(state(&anna, note).await, EntryState::Refused);
            anna.device
                .edit(note, &[insert(0, "x")])
                .await
                .expect("edits");
            let again = anna.device.retry_not_delivered(note.0).await;
            assert!(matches!(again, Err(DeviceError::NotRetryable)));
            anna.device.sign(note).await.expect("signs");
            agreed(&anna).await;
        }
        assert_eq!(state(&anna, note).await, EntryState::Signed);
        assert!(anna.device.not_delivered().await.expect("reads").is_empty());
    }
}

#[tokio::test]
async fn others_sign_the_same_text_after_they_have_checked_the_evidence() {
    let server = ModelServer::new();
    let (anna, bo, case) = two(&server).await;
    let note = anna.note(case, "Vi var der begge").await;
    anna.device.sign(note).await.expect("signs");
    agreed(&anna).await;
    agreed(&bo).await;
    // Evidence that does not hold, or of something else, is not signed.
    let other = anna.note(case, "Noget andet").await;
    anna.device.sign(other).await.expect("signs");
    agreed(&anna).await;
    let of_other = anna.device.export_signed(other).await.expect("exports");
    for damaged in [
        Vec::new(),
        b"x".to_vec(),
        of_other.clone(),
        flipped(&of_other),
    ] {
        server.state().damaged_evidence = Some(damaged);
        let signed = bo.device.sign(note).await;
        assert!(
            matches!(signed, Err(DeviceError::Evidence { .. })),
            "{signed:?}"
        );
    }
    server.state().damaged_evidence = None;
    server.state().faults = [crate::testing::Fault::LoseRequest].into();
    let signed = bo.device.sign(note).await;
    assert!(matches!(signed, Err(DeviceError::Unreachable { .. })));
    assert_eq!(bo.waiting().await, 0);
    bo.device.sign(note).await.expect("signs");
    let stands = row(&bo, note).await;
    assert_eq!((stands.state, stands.waiting), (EntryState::Signed, true));
    let both = |received| {
        [
            (practitioner(1), true, true),
            (practitioner(2), true, received),
        ]
    };
    assert_eq!(signers(&bo, note).await, both(false));
    let again = bo.device.sign(note).await;
    assert!(matches!(again, Err(DeviceError::Signed { .. })));
    agreed(&bo).await;
    assert_eq!(signers(&bo, note).await, both(true));
    agreed(&anna).await;
    assert_eq!(signers(&anna, note).await, both(true));
    let file = anna.device.export_signed(note).await.expect("exports");
    let record = SignedRecord::from_file(&file).expect("a record");
    let verified = record
        .verify(Some(&organisation_key(&anna)))
        .expect("holds");
    assert_eq!(verified.signatures.len(), 2);
    // A first signature that is not the author's makes no record, however genuine it is.
    let mut swapped = record;
    std::mem::swap(&mut swapped.signature, &mut swapped.co_signatures[0]);
    server.state().damaged_evidence = Some(swapped.to_file());
    let exported = anna.device.export_signed(note).await;
    assert!(
        matches!(
            exported,
            Err(DeviceError::Evidence {
                source: Some(VerifyError::NotTheAuthor { .. })
            })
        ),
        "{exported:?}"
    );
    server.state().damaged_evidence = None;
    // The same person's other device asks, learns of the signature, and does not sign twice.
    let other = Phone::ready(&server, 2).await;
    let again = other.device.sign(note).await;
    assert!(matches!(again, Err(DeviceError::Signed { .. })));
}

fn flipped(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    let middle = file.len() / 2;
    file[middle] ^= 1;
    file
}

#[tokio::test]
async fn only_what_is_signed_and_seen_is_exported() {
    let server = ModelServer::new();
    let (anna, _, case) = two(&server).await;
    let unknown = anna
        .device
        .export_signed(DocumentId::from_bytes([9; 16]))
        .await;
    assert!(matches!(unknown, Err(DeviceError::UnknownDocument)));
    let note = anna.note(case, "Besøg").await;
    let open = anna.device.export_signed(note).await;
    assert!(matches!(open, Err(DeviceError::NotSigned)));
    anna.device.sign(note).await.expect("signs");
    let not_yet = anna.device.export_signed(note).await;
    assert!(matches!(not_yet, Err(DeviceError::NoEvidence)));
    agreed(&anna).await;
    anna.device.export_signed(note).await.expect("exports");
    server.state().members.clear();
    let ended = anna.device.export_signed(note).await;
    assert!(matches!(ended, Err(DeviceError::NoEvidence)));
}

#[tokio::test]
async fn signed_on_two_devices_at_once_one_signature_stands_and_the_other_is_told() {
    let server = ModelServer::new();
    let (anna, _, case) = two(&server).await;
    let note = anna.note(case, "Besøg").await;
    agreed(&anna).await;
    let tablet = Phone::ready(&server, 1).await;
    tablet.device.sign(note).await.expect("signs");
    anna.device.sign(note).await.expect("signs");
    agreed(&tablet).await;
    let report = agreed(&anna).await;
    assert_eq!((report.pushed, report.refused), (0, 1));
    let stands = row(&anna, note).await;
    assert_eq!((stands.state, stands.refused), (EntryState::Signed, true));
    assert_eq!(signers(&anna, note).await, [(practitioner(1), false, true)]);
    anna.device
        .discard_not_delivered(note.0)
        .await
        .expect("discards");
    assert!(!row(&anna, note).await.refused);
}
