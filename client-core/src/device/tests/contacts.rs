//! Planned contacts on devices: what is to come today, what was begun, what nobody wrote about.

use super::*;
use crate::{
    clock::Clock,
    views::{ContactFilter, ContactRow, Contacts, NewContact, NewVisit, StartedVisit},
};
use samspor_documents::{
    contact::{ContactStanding as Standing, ContactStatus, Statuses, made_by},
    template::PLANNED_CONTACT,
    time::{Moment, UnixMillis},
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Noon of Wednesday 25 November 2026, in Denmark.
const NOON: UnixMillis = UnixMillis(1_795_604_400_000);

/// A clock that begins at noon and goes on by a millisecond whenever it is asked: no test comes near midnight.
struct FromNoon(AtomicI64);

impl Clock for FromNoon {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.0.fetch_add(1, Ordering::SeqCst))
    }

    fn offset_minutes(&self) -> i16 {
        60
    }
}

async fn at_noon(server: &ModelServer, n: u8) -> Phone {
    let options = DeviceOptions {
        clock: Arc::new(FromNoon(AtomicI64::new(NOON.0))),
        ..DeviceOptions::default()
    };
    let phone = Phone::enrolled_with(server, n, options).await;
    phone.sync().await;
    phone
}

/// Two colleagues.
async fn two_at_noon(server: &ModelServer) -> (Phone, Phone) {
    (at_noon(server, 1).await, at_noon(server, 2).await)
}

/// So many milliseconds from noon.
const fn after(millis: i64) -> Moment {
    Moment {
        at: UnixMillis(NOON.0 + millis),
        offset_minutes: 60,
    }
}

async fn plan(phone: &Phone, case: SpaceId, planned_at: Moment) -> DocumentId {
    let new = NewContact {
        case,
        planned_at,
        practitioner: None,
        fields: Vec::new(),
    };
    phone.device.plan_contact(new).await.expect("plans")
}

fn visit(case: SpaceId, contact: Option<DocumentId>) -> NewVisit {
    NewVisit {
        case,
        contact,
        template: "home_visit".to_owned(),
        fields: Vec::new(),
        occurred_at: None,
        from_last: false,
    }
}

async fn start(phone: &Phone, case: SpaceId, contact: Option<DocumentId>) -> StartedVisit {
    let started = phone.device.start_visit(visit(case, contact)).await;
    started.expect("begins")
}

async fn list(phone: &Phone, which: Contacts) -> Vec<ContactRow> {
    let filter = ContactFilter {
        which,
        ..ContactFilter::default()
    };
    phone.device.contacts(filter).await.expect("reads")
}

async fn ids(phone: &Phone, which: Contacts) -> Vec<DocumentId> {
    let rows = list(phone, which).await;
    rows.iter().map(|row| row.document).collect()
}

async fn standing(phone: &Phone, contact: DocumentId) -> Standing {
    let row = phone.device.contact(contact).await;
    row.expect("a contact").standing
}

/// What the rows of all contacts here say, against what their documents and those that name them read now.
async fn rows_are_what_documents_say(phone: &Phone, entries: &[DocumentId]) {
    let mut named = Vec::new();
    for entry in entries {
        if let Ok(reading) = phone.device.read(*entry).await {
            named.extend(
                reading
                    .planned_contact()
                    .map(|contact| (contact, reading.subject)),
            );
        }
    }
    for row in list(phone, Contacts::All).await {
        let reading = phone.device.read(row.document).await.expect("reads");
        let planned_at = reading.occurred_at.expect("a time");
        let is_named = named.contains(&(row.document, Some(row.case)));
        let now = phone.device.inner.options.clock.now();
        let read = Standing::of(Statuses::of(&reading), planned_at.at, is_named, now);
        assert_eq!((row.standing, row.planned_at), (read, planned_at));
        assert_eq!(row.practitioner, made_by(&reading));
        assert_eq!(usize::try_from(row.conflicts).ok(), Some(reading.conflicts));
    }
}

#[tokio::test]
async fn what_is_planned_is_listed_by_its_time_without_a_network_and_moved() {
    let server = ModelServer::new();
    let anna = at_noon(&server, 1).await;
    let case = anna.open_case("Åse Østergård").await;
    let far = plan(&anna, case, after(40 * DAY)).await;
    let passed = plan(&anna, case, after(-40 * DAY)).await;
    let today = plan(&anna, case, after(0)).await;
    let anna = anna.restart().await;
    assert_eq!(ids(&anna, Contacts::All).await, [passed, today, far]);
    assert_eq!(ids(&anna, Contacts::Today).await, [today]);
    assert!(ids(&anna, Contacts::Week).await.contains(&today));
    assert!(ids(&anna, Contacts::Overdue).await.contains(&passed));
    assert!(ids(&anna, Contacts::NoteMissing).await.is_empty());
    let rows = list(&anna, Contacts::Today).await;
    assert_eq!(rows[0].citizen.as_deref(), Some("Åse Østergård"));
    assert_eq!(rows[0].title_da, "Aftalt kontakt");
    assert!(rows[0].waiting);

    assert!(
        anna.device
            .move_contact(far, after(60_000))
            .await
            .expect("moves")
    );
    assert!(
        anna.device
            .move_contact(passed, after(DAY * 50))
            .await
            .expect("moves")
    );
    assert_eq!(ids(&anna, Contacts::Today).await, [today, far]);
    assert_eq!(standing(&anna, passed).await, Standing::Agreed);
    assert!(anna.sync().await.in_sync);
    assert!(!list(&anna, Contacts::Today).await[0].waiting);
    rows_are_what_documents_say(&anna, &[]).await;

    // It stands in no timeline, and nobody is reminded of what is to come in a case that was closed.
    let page = crate::views::TimelinePage::default();
    assert!(
        anna.device
            .timeline(case, page)
            .await
            .expect("reads")
            .is_empty()
    );
    let closed = Edit::Set {
        field: "closed".to_owned(),
        value: Value::Code("ended".to_owned()),
    };
    let begun = start(&anna, case, Some(today)).await;
    anna.device
        .edit_card(case, &[closed])
        .await
        .expect("closes");
    assert_eq!(ids(&anna, Contacts::Today).await, [begun.contact]);
    assert_eq!(ids(&anna, Contacts::NoteMissing).await, [begun.contact]);
    assert_eq!(ids(&anna, Contacts::All).await.len(), 3);
}

#[tokio::test]
async fn a_visit_that_was_begun_is_seen_by_colleagues_until_its_entry_is_there() {
    let server = ModelServer::new();
    let (anna, bo) = two_at_noon(&server).await;
    let case = anna.open_case("Åse Østergård").await;
    // Nobody planned it: a contact is made.
    let begun = start(&anna, case, None).await;
    assert_eq!(standing(&anna, begun.contact).await, Standing::NoteMissing);
    let row = anna.device.contact(begun.contact).await.expect("a contact");
    assert_eq!(row.practitioner, Some(practitioner(1)));
    anna.sync().await;
    bo.sync().await;
    bo.device.finish_index().await.expect("indexes");
    assert_eq!(ids(&bo, Contacts::NoteMissing).await, [begun.contact]);
    assert!(bo.device.drafts(false).await.expect("reads").is_empty());

    let text = [set("seen", "Vægten følger kurven")];
    anna.device.edit(begun.draft, &text).await.expect("edits");
    let entry = anna.device.publish(begun.draft).await.expect("publishes");
    assert_eq!(
        standing(&anna, begun.contact).await,
        Standing::Held,
        "at once"
    );
    anna.device.sign(entry).await.expect("signs");
    anna.sync().await;
    bo.sync().await;
    bo.device.finish_index().await.expect("indexes");
    for phone in [&anna, &bo] {
        assert_eq!(standing(phone, begun.contact).await, Standing::Held);
        let reading = phone.device.read(entry).await.expect("reads");
        assert_eq!(reading.planned_contact(), Some(begun.contact));
        assert!(ids(phone, Contacts::NoteMissing).await.is_empty());
        rows_are_what_documents_say(phone, &[entry]).await;
    }
}

#[tokio::test]
async fn a_visit_takes_up_what_is_agreed_for_today_and_what_was_agreed_about_it() {
    let server = ModelServer::new();
    let anna = at_noon(&server, 1).await;
    let case = anna.open_case("Åse Østergård").await;
    let templates = anna.device.templates();
    let visit_type = templates.latest(PLANNED_CONTACT);
    let visit_type = visit_type.and_then(|template| template.field("visit_type"));
    let code = visit_type.expect("a field").codes()[0].code.clone();
    let says_type = Edit::Set {
        field: "visit_type".to_owned(),
        value: Value::Code(code.clone()),
    };
    let new = |practitioner, fields| NewContact {
        case,
        planned_at: after(0),
        practitioner,
        fields,
    };
    let theirs = new(Some(practitioner(2)), Vec::new());
    let theirs = anna.device.plan_contact(theirs).await.expect("plans");
    let mine = new(None, vec![says_type]);
    let mine = anna.device.plan_contact(mine).await.expect("plans");
    let begun = start(&anna, case, None).await;
    assert_eq!(begun.contact, mine, "a colleague's is left alone");
    let draft = anna.device.read(begun.draft).await.expect("reads");
    assert_eq!(draft.value("visit_type"), Some(&Value::Code(code)));
    assert_eq!(draft.planned_contact(), Some(mine));
    // It began: the next visit of the day is another contact.
    let next = start(&anna, case, None).await;
    assert!(next.contact != mine && next.contact != theirs);
    assert_eq!(standing(&anna, theirs).await, Standing::Overdue);
    let filter = ContactFilter {
        mine: true,
        ..ContactFilter::default()
    };
    let rows = anna.device.contacts(filter).await.expect("reads");
    assert!(rows.len() == 2 && rows.iter().all(|row| row.document != theirs));
}

#[tokio::test]
async fn begun_by_one_and_cancelled_by_another_at_once_it_is_hidden_from_nobody() {
    let server = ModelServer::new();
    let (anna, bo) = two_at_noon(&server).await;
    let case = anna.open_case("Åse Østergård").await;
    let contact = plan(&anna, case, after(DAY)).await;
    anna.sync().await;
    bo.sync().await;
    bo.device.finish_index().await.expect("indexes");
    let cancelled = ContactStatus::Cancelled;
    bo.device
        .set_contact_status(contact, cancelled)
        .await
        .expect("cancels");
    assert_eq!(standing(&bo, contact).await, Standing::Cancelled);
    let begun = start(&anna, case, Some(contact)).await;
    for phone in [&anna, &bo, &anna] {
        phone.sync().await;
        phone.device.finish_index().await.expect("indexes");
    }
    for phone in [&anna, &bo] {
        assert_eq!(ids(phone, Contacts::NoteMissing).await, [contact]);
        let row = phone.device.contact(contact).await.expect("a contact");
        assert_eq!((row.conflicts, row.standing), (1, Standing::NoteMissing));
        rows_are_what_documents_say(phone, &[]).await;
    }
    // A visit begins whatever stands there: it settles what was written at once.
    let again = start(&bo, case, Some(contact)).await;
    assert_eq!(again.contact, contact);
    let row = bo.device.contact(contact).await.expect("a contact");
    assert_eq!((row.conflicts, row.standing), (0, Standing::NoteMissing));
    let entry = anna.device.publish(begun.draft).await.expect("publishes");
    assert_eq!(standing(&anna, contact).await, Standing::Held);
    rows_are_what_documents_say(&anna, &[entry]).await;
}

#[tokio::test]
async fn several_times_at_once_show_the_earliest_until_it_is_moved() {
    let server = ModelServer::new();
    let (anna, bo) = two_at_noon(&server).await;
    let case = anna.open_case("Åse Østergård").await;
    let contact = plan(&anna, case, after(DAY)).await;
    anna.sync().await;
    bo.sync().await;
    let (early, late) = (after(2 * DAY), after(3 * DAY));
    anna.device
        .move_contact(contact, late)
        .await
        .expect("moves");
    bo.device.move_contact(contact, early).await.expect("moves");
    for phone in [&anna, &bo, &anna] {
        phone.sync().await;
        phone.device.finish_index().await.expect("indexes");
    }
    let row = anna.device.contact(contact).await.expect("a contact");
    assert_eq!((row.planned_at, row.conflicts), (early, 1));
    assert!(
        anna.device
            .move_contact(contact, late)
            .await
            .expect("moves")
    );
    let row = anna.device.contact(contact).await.expect("a contact");
    assert_eq!((row.planned_at, row.conflicts), (late, 0));
}

#[tokio::test]
async fn a_contact_is_planned_in_its_case_and_named_by_entries_of_its_case() {
    let server = ModelServer::new();
    let anna = at_noon(&server, 1).await;
    let (case, other) = (anna.open_case("Åse").await, anna.open_case("Bo").await);
    let contact = plan(&anna, case, after(0)).await;
    let names = |contact: DocumentId| Edit::Set {
        field: PLANNED_CONTACT.to_owned(),
        value: Value::Reference(contact.0),
    };
    let device = &anna.device;
    let card = device.write(case, PLANNED_CONTACT, Vec::new(), None).await;
    assert!(matches!(card, Err(DeviceError::ContactTemplate)));
    let draft = device.draft(case, PLANNED_CONTACT, Vec::new(), None).await;
    assert!(matches!(draft, Err(DeviceError::ContactTemplate)));
    let signed = device.sign(contact).await;
    assert!(matches!(signed, Err(DeviceError::ContactNeverSigned)));
    let elsewhere = device
        .draft(other, "note", vec![names(contact)], None)
        .await;
    assert!(matches!(elsewhere, Err(DeviceError::UnknownContact)));
    let nowhere = DocumentId::from_bytes([9; 16]);
    let nothing = device.write(case, "note", vec![names(nowhere)], None).await;
    assert!(matches!(nothing, Err(DeviceError::UnknownContact)));
    for wrong in [visit(other, Some(contact)), visit(case, Some(nowhere))] {
        let begun = device.start_visit(wrong).await;
        assert!(matches!(begun, Err(DeviceError::UnknownContact)));
    }
    let addendum = NewVisit {
        template: "addendum".to_owned(),
        ..visit(case, Some(contact))
    };
    let begun = device.start_visit(addendum).await;
    assert!(matches!(begun, Err(DeviceError::NamesNoContact)));
    // Nothing of it was kept.
    assert_eq!(ids(&anna, Contacts::All).await, [contact]);
    assert!(device.drafts(false).await.expect("reads").is_empty());
    assert_ne!(standing(&anna, contact).await, Standing::NoteMissing);
    // A second entry of the same contact is written like any other.
    let note = device.write(case, "note", vec![names(contact)], None).await;
    let note = note.expect("writes");
    assert_eq!(standing(&anna, contact).await, Standing::Held);
    rows_are_what_documents_say(&anna, &[note]).await;
}

#[tokio::test]
async fn with_its_case_a_contact_goes_and_what_was_refused_of_an_entry_leaves_its_note_missing() {
    let server = ModelServer::new();
    let (anna, bo) = two_at_noon(&server).await;
    let case = anna.open_case("Åse").await;
    let begun = start(&anna, case, None).await;
    anna.sync().await;
    bo.sync().await;
    bo.device.finish_index().await.expect("indexes");
    assert_eq!(ids(&bo, Contacts::All).await, [begun.contact]);

    server.state().refuse = Some(samspor_protocol::reason::Reason::TooLarge);
    anna.device.publish(begun.draft).await.expect("publishes");
    assert_eq!(standing(&anna, begun.contact).await, Standing::Held);
    anna.try_sync().await.expect("syncs");
    anna.device.finish_index().await.expect("indexes");
    assert_eq!(standing(&anna, begun.contact).await, Standing::NoteMissing);
    server.state().refuse = None;

    server
        .state()
        .members
        .retain(|member| *member != practitioner(2));
    bo.sync().await;
    assert!(ids(&bo, Contacts::All).await.is_empty());
    let gone = bo.device.contact(begun.contact).await;
    assert!(matches!(gone, Err(DeviceError::UnknownContact)));
}
