//! What was typed leaves the not-delivered box as a draft of its own, or as one of an addendum; and stays there until
//! that draft is kept.

use super::*;
use crate::views::{NotDelivered, WayOut};
use samspor_documents::{document::AuthorError, template::Language};
use samspor_protocol::reason::Reason;

async fn box_of(phone: &Phone) -> Vec<NotDelivered> {
    phone.device.not_delivered().await.expect("lists")
}

async fn ways(phone: &Phone) -> Vec<WayOut> {
    box_of(phone).await.remove(0).ways_out
}

async fn drafts(phone: &Phone) -> Vec<DocumentId> {
    let rows = phone.device.drafts(false).await.expect("lists");
    rows.iter().map(|row| row.document).collect()
}

/// Anna's note that she signed while Bo had not sent an edit of it: Bo's device, where the edit was refused.
async fn too_late(server: &ModelServer, edits: &[Edit]) -> (Phone, SpaceId, DocumentId) {
    let anna = Phone::ready(server, 1).await;
    let bo = Phone::ready(server, 2).await;
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "Vægt 6,45 kg. Sover godt.").await;
    anna.sync().await;
    bo.sync().await;
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    for edit in edits {
        let edited = bo.device.edit(note, std::slice::from_ref(edit)).await;
        assert!(edited.expect("edits"));
    }
    let report = bo.sync().await;
    assert_eq!(report.refused, edits.len() as u64, "{report:?}");
    bo.sync().await;
    (bo, case, note)
}

fn reads(field: &str, text: &str) -> Edit {
    Edit::ReplaceText {
        field: field.to_owned(),
        text: text.to_owned(),
    }
}

#[tokio::test]
async fn an_edit_that_came_after_the_signature_goes_on_as_an_addendum_that_tells_what_differs() {
    let server = ModelServer::new();
    let edits = [
        reads("text", "Vægt 6,54 kg. Sover godt."),
        set("subject_line", "Besøg"),
    ];
    let (bo, case, note) = too_late(&server, &edits).await;
    assert_eq!(box_of(&bo).await[0].reason, Reason::Signed.code());
    assert_eq!(ways(&bo).await, [WayOut::Addendum, WayOut::Export]);
    let as_draft = bo.device.draft_of_not_delivered(note.0).await;
    assert!(matches!(as_draft, Err(DeviceError::NotThatWayOut)));
    let made = bo
        .device
        .addendum_of_not_delivered(note.0, Language::Danish);
    let draft = made.await.expect("makes a draft");
    assert!(box_of(&bo).await.is_empty());
    assert_eq!(drafts(&bo).await, [draft]);
    let bo = bo.restart().await;
    assert_eq!(
        bo.text(draft).await,
        "Emne: Besøg\nNotat: »6,45« rettet til »6,54«"
    );
    let reading = bo.device.read(draft).await.expect("reads");
    assert_eq!(
        (reading.adds_to(), reading.subject),
        (Some(note), Some(case))
    );
    let again = bo
        .device
        .addendum_of_not_delivered(note.0, Language::Danish);
    assert!(matches!(again.await, Err(DeviceError::UnknownRefusal)));
    let published = bo.device.publish(draft).await.expect("publishes");
    bo.device.sign(published).await.expect("signs");
    assert!(bo.sync().await.in_sync);
    let row = bo.device.row(note).await.expect("reads").expect("a row");
    assert_eq!(row.additions[0].document, published);
    assert_eq!(bo.text(note).await, "Vægt 6,45 kg. Sover godt.");
}

#[tokio::test]
async fn what_an_addendum_cannot_take_stays_in_the_box_and_makes_no_draft() {
    let server = ModelServer::new();
    let edits = [
        reads("text", &"a ".repeat(9_000)),
        reads("understood", &"b ".repeat(9_000)),
    ];
    let (bo, _, note) = too_late(&server, &edits).await;
    let made = bo
        .device
        .addendum_of_not_delivered(note.0, Language::Danish);
    assert!(matches!(
        made.await,
        Err(DeviceError::Author {
            source: AuthorError::TooLong { .. } | AuthorError::TooMuchAtOnce { .. }
        })
    ));
    assert_eq!(box_of(&bo).await[0].operations.len(), 2);
    assert!(drafts(&bo).await.is_empty());
    assert_eq!(ways(&bo).await, [WayOut::Addendum, WayOut::Export]);
}

#[tokio::test]
async fn a_refused_note_goes_on_as_a_draft_with_all_that_was_typed() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    anna.sync().await;
    let note = anna.note(case, "Første").await;
    server.state().refuse = Some(Reason::ActorConflict);
    let edited = anna
        .device
        .edit(note, &[set("subject_line", "Besøg")])
        .await;
    assert!(edited.expect("edits"));
    anna.sync().await;
    server.state().refuse = None;
    assert_eq!(
        ways(&anna).await,
        [WayOut::Retry, WayOut::Draft, WayOut::Export]
    );
    let as_addendum = anna
        .device
        .addendum_of_not_delivered(note.0, Language::Danish);
    assert!(matches!(as_addendum.await, Err(DeviceError::NotThatWayOut)));
    let draft = anna.device.draft_of_not_delivered(note.0).await;
    let draft = draft.expect("makes a draft");
    assert!(box_of(&anna).await.is_empty());
    let rows = anna.device.drafts(false).await.expect("lists");
    assert_eq!((rows[0].document, rows[0].subject), (draft, Some(case)));
    assert_eq!(rows[0].title_da, "Notat: Besøg");
    assert_eq!(anna.text(draft).await, "Første");
    let published = anna.device.publish(draft).await.expect("publishes");
    let report = anna.sync().await;
    assert!(report.in_sync && report.refused == 0, "{report:?}");
    assert_eq!(anna.text(published).await, "Første");
    let timeline = anna.device.timeline(case, Default::default()).await;
    assert_eq!(timeline.expect("reads").len(), 1);
}

#[tokio::test]
async fn what_a_published_draft_is_without_goes_on_as_a_draft_or_an_addendum_to_what_it_became() {
    for signed in [false, true] {
        let server = ModelServer::new();
        let phone = Phone::ready(&server, 1).await;
        let tablet = Phone::ready(&server, 1).await;
        let case = phone.open_case("Åse").await;
        let fields = vec![set("text", "kladde")];
        let draft = phone.device.draft(case, "note", fields, None).await;
        let draft = draft.expect("drafts");
        phone.sync().await;
        tablet.sync().await;
        let edited = tablet.device.edit(draft, &[insert(0, "ikke ")]).await;
        assert!(edited.expect("edits"));
        let entry = phone.device.publish(draft).await.expect("publishes");
        if signed {
            phone.device.sign(entry).await.expect("signs");
        }
        phone.sync().await;
        tablet.sync().await;
        tablet.sync().await;
        assert_eq!(box_of(&tablet).await[0].reason, Reason::Superseded.code());
        let way = if signed {
            WayOut::Addendum
        } else {
            WayOut::Draft
        };
        assert_eq!(ways(&tablet).await, [way, WayOut::Export]);
        let device = &tablet.device;
        let made = match signed {
            true => {
                device
                    .addendum_of_not_delivered(draft.0, Language::Danish)
                    .await
            }
            false => device.draft_of_not_delivered(draft.0).await,
        };
        let made = made.expect("makes a draft");
        assert!(box_of(&tablet).await.is_empty());
        let reading = device.read(made).await.expect("reads");
        assert_eq!(reading.subject, Some(case));
        assert_eq!(reading.adds_to(), signed.then_some(entry));
        let expected = match signed {
            true => "Notat: tilføjet »ikke«",
            false => "ikke kladde",
        };
        assert_eq!(tablet.text(made).await, expected);
        assert!(tablet.sync().await.in_sync);
    }
}

#[tokio::test]
async fn refused_work_without_anything_typed_or_without_its_case_goes_neither_way() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    server.state().refuse = Some(Reason::NoAccess);
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "Ringede.").await;
    server.state().members.clear();
    anna.sync().await;
    for item in box_of(&anna).await {
        let is_note = item.id == note.0;
        let expected: &[WayOut] = match is_note {
            // The case waits in the box, too: a draft can be kept for it.
            true => &[WayOut::Retry, WayOut::Draft, WayOut::Export],
            false => &[WayOut::Retry, WayOut::Export],
        };
        assert_eq!(item.ways_out, expected, "{item:?}");
        if !is_note {
            let refused = anna.device.draft_of_not_delivered(item.id).await;
            assert!(matches!(refused, Err(DeviceError::NotThatWayOut)));
        }
    }
    let unknown = anna.device.draft_of_not_delivered(uuid::Uuid::from_u128(9));
    assert!(matches!(unknown.await, Err(DeviceError::UnknownRefusal)));
}
