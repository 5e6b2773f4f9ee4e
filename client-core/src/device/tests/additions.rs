//! What is added to a signed entry: it names the entry, and stands with it wherever it would sort.

use super::*;
use crate::views::{TimelinePage, TimelineRow};
use samspor_documents::{
    document::AuthorError,
    template::ADDS_TO,
    time::{Moment, UnixMillis},
};

/// A device with a case and a note that is signed in it.
async fn with_signed_note(server: &ModelServer) -> (Phone, SpaceId, DocumentId) {
    let anna = Phone::ready(server, 1).await;
    let case = anna.open_case("Åse Østergård").await;
    let note = anna.note(case, "Vægt 6,45 kg.").await;
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    (anna, case, note)
}

/// Adds to an entry, as it happened so many milliseconds after 1970.
async fn add(phone: &Phone, entry: DocumentId, text: &str, at: i64) -> DocumentId {
    let (case, names_entry) = phone.device.adding_to(entry).await.expect("an entry");
    let occurred_at = Moment {
        at: UnixMillis(at),
        offset_minutes: 60,
    };
    let fields = vec![set("text", text), names_entry];
    let added = phone
        .device
        .write(case, "addendum", fields, Some(occurred_at));
    added.await.expect("writes")
}

async fn timeline(phone: &Phone, case: SpaceId) -> Vec<TimelineRow> {
    let page = phone.device.timeline(case, TimelinePage::default()).await;
    page.expect("reads")
}

fn documents(rows: &[TimelineRow]) -> Vec<DocumentId> {
    rows.iter().map(|row| row.document).collect()
}

#[tokio::test]
async fn an_addendum_stands_with_its_entry_on_every_device_wherever_it_would_sort() {
    let server = ModelServer::new();
    let (anna, case, note) = with_signed_note(&server).await;
    let bo = Phone::ready(&server, 2).await;
    let early = add(&anna, note, "Vægten var 6,54 kg.", 5).await;
    let other = anna.note(case, "Ringede.").await;
    // It is shown at once, offline, and an addendum to an addendum is one to the entry.
    let late = add(&anna, early, "Aflæst igen.", 1 << 45).await;
    anna.device.sign(early).await.expect("signs");
    for phone in [&anna, &bo] {
        phone.sync().await;
        phone.device.finish_index().await.expect("indexes");
        let rows = timeline(phone, case).await;
        assert_eq!(documents(&rows), [other, note]);
        assert_eq!(documents(&rows[1].additions), [early, late]);
        let entry = phone.device.row(note).await.expect("reads").expect("a row");
        assert_eq!(entry.additions, rows[1].additions);
        assert_eq!(entry.additions[0].adds_to, Some(note));
        assert_eq!(entry.additions[0].signers.len(), 1);
        assert!(rows[0].additions.is_empty());
    }
}

#[tokio::test]
async fn an_addendum_is_drafted_and_published_like_any_entry() {
    let server = ModelServer::new();
    let (anna, case, note) = with_signed_note(&server).await;
    let (_, names_entry) = anna.device.adding_to(note).await.expect("an entry");
    let fields = vec![set("text", "Vægten var 6,54 kg."), names_entry];
    let draft = anna.device.draft(case, "addendum", fields, None).await;
    let draft = draft.expect("drafts");
    let drafts = anna.device.drafts(false).await.expect("reads");
    assert_eq!(drafts[0].adds_to, Some(note));
    assert!(timeline(&anna, case).await[0].additions.is_empty());
    let published = anna.device.publish(draft).await.expect("publishes");
    let reading = anna.device.read(published).await.expect("reads");
    assert_eq!(reading.adds_to(), Some(note));
    assert_eq!(
        documents(&timeline(&anna, case).await[0].additions),
        [published]
    );
    let elsewhere = Edit::Set {
        field: ADDS_TO.to_owned(),
        value: Value::Reference(case.0),
    };
    let moved = anna.device.edit(published, &[elsewhere]).await;
    assert!(matches!(
        moved,
        Err(DeviceError::Author {
            source: AuthorError::Fixed { .. }
        })
    ));
}

#[tokio::test]
async fn what_cannot_be_added_to_is_told_and_nothing_is_kept() {
    let server = ModelServer::new();
    let (anna, case, note) = with_signed_note(&server).await;
    let open = anna.note(case, "Endnu ikke godkendt.").await;
    let elsewhere = anna.open_case("Bo Ærø").await;
    let device = &anna.device;
    let asked = device.adding_to(open).await;
    assert!(matches!(asked, Err(DeviceError::EntryNotSigned { document }) if document == open));
    let unknown = DocumentId::from_bytes([9; 16]);
    let asked = device.adding_to(unknown).await;
    assert!(matches!(asked, Err(DeviceError::UnknownDocument)));
    let (_, names_entry) = device.adding_to(note).await.expect("an entry");
    let naming = |id: DocumentId| Edit::Set {
        field: ADDS_TO.to_owned(),
        value: Value::Reference(id.0),
    };
    let before = anna.waiting().await;
    for template in ["addendum", "citizen_remark"] {
        for (space, fields, error) in [
            (case, vec![], "AddsToNothing"),
            (case, vec![naming(open)], "EntryNotSigned"),
            (case, vec![naming(unknown)], "UnknownDocument"),
            (elsewhere, vec![names_entry.clone()], "EntryElsewhere"),
        ] {
            for refused in [
                device.write(space, template, fields.clone(), None).await,
                device.draft(space, template, fields, None).await,
            ] {
                let refused = format!("{:?}", refused.expect_err(error));
                assert!(refused.starts_with(error), "{refused}");
            }
        }
    }
    assert_eq!(anna.waiting().await, before);
}

#[tokio::test]
async fn documents_that_add_to_each_other_take_nothing_out_of_a_list() {
    let server = ModelServer::new();
    let (anna, case, note) = with_signed_note(&server).await;
    let added = add(&anna, note, "Tilføjet.", 5).await;
    let mut tx = anna
        .device
        .inner
        .gate
        .behind()
        .begin()
        .await
        .expect("begins");
    sqlx::query("UPDATE rows SET adds_to = ? WHERE document = ?")
        .bind(added.as_bytes().as_slice())
        .bind(note.as_bytes().as_slice())
        .execute(&mut *tx)
        .await
        .expect("writes");
    tx.commit().await.expect("commits");
    let rows = timeline(&anna, case).await;
    assert_eq!(documents(&rows), [note, added]);
    assert!(rows.iter().all(|row| row.additions.is_empty()));
}
