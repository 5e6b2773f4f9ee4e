//! A store that goes on as another device: on a new phone, after it was copied, after it was replaced. What the old device
//! had not delivered is delivered by the new one, once, and is its author's.

use anyhow::{Context as _, Result};
use samspor_client_core::{DeviceError, EnrolmentCode, SyncReport, TimelinePage};
use samspor_documents::id::{DeviceId, DocumentId, PractitionerId, SpaceId, TeamId};
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    person::{Person, prose, settle},
    world::World,
};
use std::{collections::BTreeSet, path::Path};

/// Anna and her colleague Bodil, each with a phone, and a case.
struct Begun {
    world: World,
    team: TeamId,
    anna: PractitionerId,
    bodil: PractitionerId,
    old: Person,
    colleague: Person,
    case: SpaceId,
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let anna = world.practitioner("Anna Holm", &[team]).await?;
    let bodil = world.practitioner("Bodil Kjær", &[team]).await?;
    let (old, colleague) = (world.device(anna).await?, world.device(bodil).await?);
    old.until_member_of(&[team]).await?;
    colleague.until_member_of(&[team]).await?;
    let case = old.open_named_case(team, "Åse Ærø").await?;
    settle(&[&old, &colleague]).await?;
    Ok(Begun {
        world,
        team,
        anna,
        bodil,
        old,
        colleague,
        case,
    })
}

/// What Anna did without cover.
struct Offline {
    edited: DocumentId,
    signed: DocumentId,
    published: DocumentId,
    reflection: DocumentId,
    new_case: SpaceId,
}

async fn device_of(person: &Person) -> Result<DeviceId> {
    let identity = person.identity().await?;
    Ok(identity.context("enrolled")?.device)
}

/// A copy of a closed store, as a backup brings it to a new phone: without the installation's id.
fn copied(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for file in std::fs::read_dir(from)? {
        let file = file?;
        if file.file_name() != "install-id" {
            std::fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    Ok(())
}

impl Begun {
    /// All kinds of work that has to be delivered: more of a document that is there, a signature, a published draft, a
    /// reflection in a new circle, a new case.
    async fn work_offline(&self, edited: DocumentId) -> Result<Offline> {
        self.world.relay.set_cover(false);
        let (anna, case) = (&self.old, self.case);
        anna.edit(edited, &[prose("text", "Rettet uden dækning")])
            .await?;
        let signed = anna.note(case, "Underskrevet uden dækning").await?;
        anna.sign(signed).await?;
        let fields = vec![prose("text", "Fra en kladde")];
        let draft = anna.draft(case, "note", fields, None).await?;
        let published = anna.publish(draft).await?;
        let circle = anna
            .open_circle("Overgang", vec![self.bodil], vec![case])
            .await?;
        let fields = vec![prose("text", "Fælles tanker")];
        let reflection = anna.write(circle, "team_reflection", fields, None).await?;
        let new_case = anna.open_named_case(self.team, "Ny sag").await?;
        Ok(Offline {
            edited,
            signed,
            published,
            reflection,
            new_case,
        })
    }

    /// Anna's store on a new phone, not enrolled there yet.
    async fn on_a_new_phone(&mut self) -> Result<Person> {
        self.old.close().await;
        let folder = self.world.free_folder();
        copied(self.old.folder(), &folder)?;
        let key = self.old.key();
        self.old.open().await?;
        Person::of(folder, key).await
    }

    async fn enrol_again(&self, person: &Person, who: PractitionerId) -> Result<(), DeviceError> {
        let code = self.world.code(who).await;
        let code = code
            .ok()
            .and_then(|code| EnrolmentCode::from_text(&code).ok());
        let code = code.ok_or(DeviceError::CodeRefused)?;
        person.enrol_with(&code).await
    }

    /// Bodil has all of it, once, as Anna's.
    async fn check_delivered(&self, offline: &Offline) -> Result<()> {
        let bodil = &self.colleague;
        for (document, text) in [
            (offline.edited, "Rettet uden dækning"),
            (offline.signed, "Underskrevet uden dækning"),
            (offline.published, "Fra en kladde"),
            (offline.reflection, "Fælles tanker"),
        ] {
            assert_eq!(bodil.text_of(document).await?, text);
            let reading = bodil.read(document).await?;
            assert_eq!(reading.authors, [self.anna], "{text}");
        }
        let rows = bodil.timeline(self.case, TimelinePage::default()).await?;
        let entries: BTreeSet<DocumentId> = rows.iter().map(|row| row.document).collect();
        assert_eq!(
            entries,
            BTreeSet::from([offline.edited, offline.signed, offline.published])
        );
        bodil.card(offline.new_case).await?;
        bodil.export_signed(offline.signed).await?;
        Ok(())
    }
}

fn delivered(report: &SyncReport) -> bool {
    report.all_sent && report.refused == 0 && report.repairs == 0 && report.in_sync
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_a_store_on_a_new_phone_is_enrolled_again_and_delivers_what_the_old_one_had_not()
 {
    let mut begun = begin().await.unwrap();
    let entry = begun.old.note(begun.case, "Besøg").await.unwrap();
    settle(&[&begun.old, &begun.colleague]).await.unwrap();
    let offline = begun.work_offline(entry).await.unwrap();
    let waiting = begun.old.status().await.unwrap().waiting;
    let new = begun.on_a_new_phone().await.unwrap();
    begun.world.relay.set_cover(true);

    let copied = new.try_sync().await;
    assert!(
        matches!(copied, Err(DeviceError::CopiedStore)),
        "{copied:?}"
    );
    let refused = begun.enrol_again(&new, begun.bodil).await;
    assert!(
        matches!(refused, Err(DeviceError::OtherPractitioner)),
        "{refused:?}"
    );
    assert_eq!(new.status().await.unwrap().waiting, waiting);
    begun.enrol_again(&new, begun.anna).await.unwrap();
    assert_ne!(
        device_of(&new).await.unwrap(),
        device_of(&begun.old).await.unwrap()
    );
    // Its own work, on top of what it took over.
    let later = [prose("text", "Rettet uden dækning, og på den nye telefon")];
    new.edit(offline.edited, &later).await.unwrap();
    let back = [prose("text", "Rettet uden dækning")];
    new.edit(offline.edited, &back).await.unwrap();
    let report = new.sync().await.unwrap();
    assert!(delivered(&report), "{report:?}");
    assert_eq!(report.pushed, waiting + 2);
    settle(&[&new, &begun.colleague]).await.unwrap();
    begun.check_delivered(&offline).await.unwrap();

    let closed = begun.old.try_sync().await;
    assert!(matches!(closed, Err(DeviceError::Replaced)), "{closed:?}");
    assert_eq!(
        begun.old.status().await.unwrap().waiting,
        waiting,
        "it keeps what it has"
    );
    let admin = begun.world.admin().await.unwrap();
    let devices = admin.devices().await.unwrap();
    admin.close().await;
    let (old, new) = (
        device_of(&begun.old).await.unwrap(),
        device_of(&new).await.unwrap(),
    );
    let row = |id| devices.iter().find(|row| row.device == id).unwrap();
    assert!(row(old).replaced_at.is_some() && row(old).revoked_at.is_none());
    assert_eq!((row(new).succeeds, row(new).replaced_at), (Some(old), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_old_device_had_delivered_without_hearing_of_it_is_there_once() {
    let mut begun = begin().await.unwrap();
    let entry = begun.old.note(begun.case, "Besøg").await.unwrap();
    settle(&[&begun.old, &begun.colleague]).await.unwrap();
    let offline = begun.work_offline(entry).await.unwrap();
    let new = begun.on_a_new_phone().await.unwrap();
    begun.world.relay.set_cover(true);
    // The old phone delivers everything after the copy was made.
    let report = begun.old.sync().await.unwrap();
    let waiting = new.status().await.unwrap().waiting;
    assert_eq!(report.pushed, waiting);
    begun.enrol_again(&new, begun.anna).await.unwrap();
    let report = new.sync().await.unwrap();
    assert!(delivered(&report), "{report:?}");
    assert_eq!(
        report.pushed, waiting,
        "each is accepted, by the answer that it had"
    );
    settle(&[&new, &begun.colleague]).await.unwrap();
    begun.check_delivered(&offline).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_copies_of_one_store_deliver_the_same_work_once_and_their_own_each() {
    let mut begun = begin().await.unwrap();
    let entry = begun.old.note(begun.case, "Besøg").await.unwrap();
    settle(&[&begun.old, &begun.colleague]).await.unwrap();
    let offline = begun.work_offline(entry).await.unwrap();
    let new = begun.on_a_new_phone().await.unwrap();
    begun.world.relay.set_cover(true);
    begun.enrol_again(&new, begun.anna).await.unwrap();
    let report = new.sync().await.unwrap();
    assert!(delivered(&report), "{report:?}");
    // The old phone is still in use; it takes its own place again.
    let closed = begun.old.try_sync().await;
    assert!(matches!(closed, Err(DeviceError::Replaced)), "{closed:?}");
    begun.enrol_again(&begun.old, begun.anna).await.unwrap();
    let text = "Kun på den gamle telefon";
    let own = begun.old.note(offline.new_case, text).await.unwrap();
    let report = begun.old.sync().await.unwrap();
    assert!(delivered(&report), "{report:?}");
    settle(&[&new, &begun.old, &begun.colleague]).await.unwrap();
    begun.check_delivered(&offline).await.unwrap();
    assert_eq!(begun.colleague.text_of(own).await.unwrap(), text);
    assert_eq!(new.text_of(own).await.unwrap(), text);
    assert!(
        new.try_sync().await.is_ok(),
        "each goes on as a device of its own"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_several_devices_delivers_what_each_of_them_wrote() {
    let begun = begin().await.unwrap();
    let entry = begun.old.note(begun.case, "Besøg").await.unwrap();
    settle(&[&begun.old, &begun.colleague]).await.unwrap();
    let offline = begun.work_offline(entry).await.unwrap();
    let phone = &begun.old;
    let mut written = Vec::new();
    for number in 0..3 {
        begun.world.relay.set_cover(true);
        begun.enrol_again(phone, begun.anna).await.unwrap();
        begun.world.relay.set_cover(false);
        let text = format!("Som telefon nummer {number}");
        let note = phone.note(offline.new_case, &text).await.unwrap();
        phone.sign(note).await.unwrap();
        written.push((note, text));
    }
    begun.world.relay.set_cover(true);
    let report = phone.sync().await.unwrap();
    assert!(delivered(&report), "{report:?}");
    settle(&[phone, &begun.colleague]).await.unwrap();
    begun.check_delivered(&offline).await.unwrap();
    for (note, text) in written {
        assert_eq!(begun.colleague.text_of(note).await.unwrap(), text);
        begun.colleague.export_signed(note).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_a_revoked_device_that_was_not_erased_yet_goes_on_with_a_new_code() {
    let mut begun = begin().await.unwrap();
    let entry = begun.old.note(begun.case, "Besøg").await.unwrap();
    settle(&[&begun.old, &begun.colleague]).await.unwrap();
    let offline = begun.work_offline(entry).await.unwrap();
    let device = device_of(&begun.old).await.unwrap();
    begun.world.revoke(device).await.unwrap();
    begun.world.stop_server().await.unwrap();
    begun.world.start_server().await.unwrap();
    begun.world.relay.set_cover(true);
    for bytes in (2_000..60_000).step_by(250) {
        begun.world.relay.cut_after(bytes);
        match begun.old.try_sync().await {
            Err(DeviceError::NotHandedOver { .. }) => break,
            Err(DeviceError::Unreachable { .. }) => {}
            other => panic!("{other:?}"),
        }
        begun.old.close().await;
        begun.old.open().await.unwrap();
    }
    begun.world.relay.cut_after(u64::MAX);
    let locked = begun.old.read(offline.signed).await;
    assert!(matches!(locked, Err(DeviceError::Revoked)), "{locked:?}");
    begun.enrol_again(&begun.old, begun.anna).await.unwrap();
    let report = begun.old.sync().await.unwrap();
    assert!(delivered(&report), "{report:?}");
    settle(&[&begun.old, &begun.colleague]).await.unwrap();
    begun.check_delivered(&offline).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_the_place_of_a_colleagues_device_nor_writes_as_it() {
    let begun = begin().await.unwrap();
    let by_hand = begun.world.hand_made(begun.anna).await.unwrap();
    let victim = device_of(&begun.colleague).await.unwrap();
    let code = begun.world.code(begun.anna).await.unwrap();
    let code = EnrolmentCode::from_text(&code).unwrap();
    let request = samspor_protocol::enrol::EnrolRequest::sign(
        code.secret,
        DeviceId::from_bytes([9; 16]),
        [9; 16],
        samspor_tests::hand_made::now(),
        &by_hand.key,
    );
    let forged = request.succeeding(victim, &by_hand.key);
    let body = samspor_protocol::wire::encode(&forged);
    let path = samspor_protocol::version::path::ENROL;
    let said = by_hand.send(by_hand.draft(path, body)).await.unwrap();
    assert_eq!(said.status, 403);
    assert!(begun.colleague.sync().await.unwrap().in_sync, "it goes on");
}
