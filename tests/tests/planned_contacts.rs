//! Planned contacts: a phone knows today without cover, and a visit that was held is seen by everybody in the case until
//! somebody has written about it.

#![allow(
    clippy::indexing_slicing,
    reason = "what a story sets up by number is there"
)]

use anyhow::{Context as _, Result};
use samspor_client_core::{
    Clock, ContactFilter, Contacts, DeviceOptions, EnrolmentCode, NewContact, NewShare, NewVisit,
    StartedVisit, SystemClock,
};
use samspor_documents::{
    contact::{ContactStanding as Standing, ContactStatus},
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    time::{Moment, UnixMillis},
    value::Value,
};
use samspor_protocol::{
    fact::TeamKind,
    share::{Consent, LegalBasis, Recipient},
};
use samspor_tests::{
    browser::Browser,
    needles::{found, make_needle},
    pages,
    person::{Person, options, prose, set, settle},
    wait,
    world::World,
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Anna and Bo of one team, with a case; Peter of another, who has none.
struct Begun {
    world: World,
    team: TeamId,
    bo: PractitionerId,
    peter: PractitionerId,
    phones: [Person; 3],
    case: SpaceId,
}

async fn begin() -> Result<Begun> {
    begin_with(options()).await
}

/// The same, with these clocks on each of their devices.
async fn begin_with(options: DeviceOptions) -> Result<Begun> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let ppr = world.team("PPR", TeamKind::Ppr).await?;
    let anna = world.practitioner("Anna Holm", &[team]).await?;
    let bo = world.practitioner("Bo Dam", &[team]).await?;
    let peter = world.practitioner("Peter Bæk", &[ppr]).await?;
    let mut phones = Vec::new();
    for (who, of) in [(anna, team), (bo, team), (peter, ppr)] {
        let phone = Person::with_options(world.free_folder(), options.clone()).await?;
        let code = EnrolmentCode::from_text(&world.code(who).await?)?;
        phone.enrol_with(&code).await?;
        phone.until_member_of(&[of]).await?;
        phones.push(phone);
    }
    let phones = <[Person; 3]>::try_from(phones)
        .ok()
        .context("three phones")?;
    let case = phones[0].open_named_case(team, "Åse Østergård").await?;
    settle(&phones.each_ref()).await?;
    Ok(Begun {
        world,
        team,
        bo,
        peter,
        phones,
        case,
    })
}

impl Begun {
    /// What the child's page says to Bo.
    async fn page(&self) -> Result<String> {
        let admin = self.world.admin().await?;
        let url = self.world.server_url();
        let link = admin.sign_in_link(self.bo, &url).await?;
        admin.close().await;
        let browser = Browser::sign_in(&url, &link).await?;
        browser.read(&format!("/children/{}", self.case)).await
    }
}

/// Noon of Wednesday 25 November 2026, in Denmark.
const NOON: UnixMillis = UnixMillis(1_795_604_400_000);

/// A clock that begins at noon and goes on by a millisecond whenever it is asked: no story comes near midnight.
struct FromNoon(AtomicI64);

impl Clock for FromNoon {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.0.fetch_add(1, Ordering::SeqCst))
    }

    fn offset_minutes(&self) -> i16 {
        60
    }
}

/// So many milliseconds from that noon.
const fn from_noon(millis: i64) -> Moment {
    Moment {
        at: UnixMillis(NOON.0 + millis),
        offset_minutes: 60,
    }
}

/// So many milliseconds from now.
fn after(millis: i64) -> Moment {
    let now = SystemClock.moment();
    Moment {
        at: now.at.plus(millis),
        ..now
    }
}

async fn plan(person: &Person, case: SpaceId, millis: i64, note: &str) -> Result<DocumentId> {
    plan_at(person, case, after(millis), note).await
}

async fn plan_at(
    person: &Person,
    case: SpaceId,
    planned_at: Moment,
    note: &str,
) -> Result<DocumentId> {
    let new = NewContact {
        case,
        planned_at,
        practitioner: None,
        fields: vec![set("note", Value::Text(note.to_owned()))],
    };
    Ok(person.plan_contact(new).await?)
}

async fn start(
    person: &Person,
    case: SpaceId,
    contact: Option<DocumentId>,
) -> Result<StartedVisit> {
    let visit = NewVisit {
        case,
        contact,
        template: "home_visit".to_owned(),
        fields: Vec::new(),
        occurred_at: None,
        from_last: false,
    };
    Ok(person.start_visit(visit).await?)
}

async fn list(person: &Person, which: Contacts) -> Result<Vec<DocumentId>> {
    let filter = ContactFilter {
        which,
        ..ContactFilter::default()
    };
    let rows = person.contacts(filter).await?;
    Ok(rows.iter().map(|row| row.document).collect())
}

async fn standing(person: &Person, contact: DocumentId) -> Result<Standing> {
    Ok(person.contact(contact).await?.standing)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_was_begun_reads_note_missing_everywhere_until_its_entry_is_there() {
    let begun = begin().await.unwrap();
    let [anna, bo, peter] = begun.phones.each_ref();
    // Anna begins a visit in a kitchen without cover, and writes nothing more: she falls ill.
    begun.world.relay.set_cover(false);
    let visit = start(anna, begun.case, None).await.unwrap();
    assert_eq!(
        list(anna, Contacts::NoteMissing).await.unwrap(),
        [visit.contact]
    );
    begun.world.relay.set_cover(true);
    settle(&begun.phones.each_ref()).await.unwrap();

    assert_eq!(
        list(bo, Contacts::NoteMissing).await.unwrap(),
        [visit.contact]
    );
    assert!(
        bo.drafts(false).await.unwrap().is_empty(),
        "the draft is hers"
    );
    assert!(list(peter, Contacts::All).await.unwrap().is_empty());
    let page = begun.page().await.unwrap();
    assert!(page.contains("Aftalte kontakter") && page.contains("Notat mangler"));
    assert!(page.contains("Udføres af Anna Holm"), "{page}");

    // She is back: what she writes names the contact, and nothing is missing any more.
    let seen = [prose("seen", "Vægten følger kurven")];
    anna.edit(visit.draft, &seen).await.unwrap();
    let entry = anna.publish(visit.draft).await.unwrap();
    anna.sign(entry).await.unwrap();
    settle(&begun.phones.each_ref()).await.unwrap();
    for person in [anna, bo] {
        assert_eq!(
            standing(person, visit.contact).await.unwrap(),
            Standing::Held
        );
        assert!(
            list(person, Contacts::NoteMissing)
                .await
                .unwrap()
                .is_empty()
        );
        let reading = person.read(entry).await.unwrap();
        assert_eq!(
            reading.planned_contact(),
            Some(visit.contact),
            "in the signed text"
        );
        let row = person.row(entry).await.unwrap().unwrap();
        assert_eq!(row.signers.len(), 1);
        assert!(!row.summary_da.contains(&visit.contact.to_string()));
    }
    let page = begun.page().await.unwrap();
    assert!(page.contains("Vægten følger kurven"));
    assert!(!page.contains("Aftalte kontakter") && !page.contains("Notat mangler"));
    assert!(!page.contains(&visit.contact.to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_was_cancelled_while_it_was_begun_is_hidden_from_nobody() {
    let begun = begin().await.unwrap();
    let [anna, bo, _] = begun.phones.each_ref();
    let contact = plan(bo, begun.case, 60 * 60 * 1000, "Husk vægten")
        .await
        .unwrap();
    settle(&[anna, bo]).await.unwrap();
    let page = begun.page().await.unwrap();
    assert!(
        page.contains("Aftalt") && page.contains("Husk vægten"),
        "{page}"
    );
    begun.world.relay.set_cover(false);
    let visit = start(anna, begun.case, Some(contact)).await.unwrap();
    let cancelled = bo.set_contact_status(contact, ContactStatus::Cancelled);
    assert!(cancelled.await.unwrap());
    begun.world.relay.set_cover(true);
    settle(&[anna, bo]).await.unwrap();
    for person in [anna, bo] {
        let row = person.contact(contact).await.unwrap();
        assert_eq!((row.standing, row.conflicts), (Standing::NoteMissing, 1));
        let conflicts = person.conflicts().await.unwrap();
        assert_eq!(conflicts.len(), 1);
        assert_eq!(conflicts[0].values.len(), 2);
    }
    assert!(begun.page().await.unwrap().contains("Notat mangler"));
    // Bo says which it was.
    let held = bo.set_contact_status(contact, ContactStatus::Held).await;
    assert!(held.unwrap());
    settle(&[anna, bo]).await.unwrap();
    let row = anna.contact(contact).await.unwrap();
    assert_eq!((row.standing, row.conflicts), (Standing::NoteMissing, 0));
    anna.publish(visit.draft).await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    assert_eq!(standing(bo, contact).await.unwrap(), Standing::Held);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_knows_today_without_cover_and_after_it_was_closed() {
    let options = DeviceOptions {
        clock: Arc::new(FromNoon(AtomicI64::new(NOON.0))),
        ..options()
    };
    let mut begun = begin_with(options).await.unwrap();
    let [anna, bo, _] = begun.phones.each_ref();
    let mut planned = Vec::new();
    for (millis, note) in [(0, "i dag"), (-20 * DAY, "glemt"), (20 * DAY, "senere")] {
        let contact = plan_at(anna, begun.case, from_noon(millis), note).await;
        planned.push(contact.unwrap());
    }
    let (today, passed, later) = (planned[0], planned[1], planned[2]);
    settle(&[anna, bo]).await.unwrap();
    begun.world.relay.set_cover(false);
    let bo = &mut begun.phones[1];
    bo.close().await;
    bo.open().await.unwrap();
    assert_eq!(list(bo, Contacts::Today).await.unwrap(), [today]);
    assert!(list(bo, Contacts::Week).await.unwrap().contains(&today));
    assert!(list(bo, Contacts::Overdue).await.unwrap().contains(&passed));
    assert!(!list(bo, Contacts::Overdue).await.unwrap().contains(&later));
    assert_eq!(
        list(bo, Contacts::All).await.unwrap(),
        [passed, today, later]
    );
    // It is moved there, too, and the visit takes up what is agreed for today.
    assert!(bo.move_contact(passed, from_noon(30 * DAY)).await.unwrap());
    let visit = start(bo, begun.case, None).await.unwrap();
    assert_eq!(visit.contact, today);
    begun.world.relay.set_cover(true);
    let [anna, bo, _] = begun.phones.each_ref();
    settle(&[bo, anna]).await.unwrap();
    assert_eq!(
        list(anna, Contacts::All).await.unwrap(),
        [today, later, passed]
    );
    assert_eq!(list(anna, Contacts::NoteMissing).await.unwrap(), [today]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_gone_leaves_no_contact_on_the_device() {
    let begun = begin().await.unwrap();
    let [anna, bo, _] = begun.phones.each_ref();
    let needle = make_needle("aftalen").unwrap();
    let contact = plan(anna, begun.case, DAY, &needle).await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    let row = bo.contact(contact).await.unwrap();
    assert!(row.summary_da.contains(&needle));
    begun
        .world
        .end_membership(begun.bo, begun.team)
        .await
        .unwrap();
    wait::until("the case to be gone", async || {
        bo.sync().await?;
        Ok(list(bo, Contacts::All).await?.is_empty())
    })
    .await
    .unwrap();
    assert!(bo.contact(contact).await.is_err());
    assert!(bo.read(contact).await.is_err());
    let (folder, key) = (bo.folder().to_owned(), bo.key());
    let mut phones = begun.phones;
    phones[1].close().await;
    let bytes = pages::decrypted(&folder, &key).await.unwrap();
    assert!(found(&[needle], &bytes).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_shared_case_its_contacts_come_and_are_hidden_in_time_and_with_one_entry_none_do() {
    let begun = begin().await.unwrap();
    let [anna, _, peter] = begun.phones.each_ref();
    let contact = plan(anna, begun.case, DAY, "Husk vægten").await.unwrap();
    let visit = start(anna, begun.case, Some(contact)).await.unwrap();
    let entry = anna.publish(visit.draft).await.unwrap();
    let share = |document, until| NewShare {
        document,
        to: Recipient::Practitioner(begun.peter),
        about: None,
        purpose: "Sparring".to_owned(),
        basis: LegalBasis {
            code: "samtykke".to_owned(),
            text: String::new(),
        },
        consent: Consent::Given {
            by: "mor".to_owned(),
            at: SystemClock.now(),
        },
        until,
    };
    anna.share(&[begun.case], share(Some(entry), None))
        .await
        .unwrap();
    settle(&[anna, peter]).await.unwrap();
    let reading = peter.read(entry).await.unwrap();
    assert_eq!(reading.planned_contact(), Some(contact), "it names it");
    assert!(list(peter, Contacts::All).await.unwrap().is_empty());
    assert!(peter.read(contact).await.is_err());

    let until = Some(SystemClock.now().plus(8_000));
    anna.share(&[begun.case], share(None, until)).await.unwrap();
    settle(&[anna, peter]).await.unwrap();
    assert_eq!(standing(peter, contact).await.unwrap(), Standing::Held);
    let moved = peter.move_contact(contact, after(0)).await;
    assert!(moved.is_err(), "it is shared for reading");
    begun.world.relay.set_cover(false);
    wait::until("it to be hidden", async || {
        Ok(list(peter, Contacts::All).await?.is_empty())
    })
    .await
    .unwrap();
    assert!(peter.contact(contact).await.is_err());
}
