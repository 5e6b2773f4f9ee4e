//! A revoked device: what it had not delivered is handed over into quarantine, sealed, and then it erases itself. Real
//! server, real stores, a road that breaks.

use anyhow::{Context as _, Result};
use samspor_client_core::{CaseFilter, DeviceError, StoreKey};
use samspor_documents::id::{DeviceId, PractitionerId, SpaceId, TeamId};
use samspor_protocol::{fact::TeamKind, push::PushRequest, quarantine::Delivery, version, wire};
use samspor_server::{admin::AdminError, quarantine::Refused};
use samspor_tests::{
    needles::{files_in, found, make_needle},
    person::{Person, options, settle},
    world::World,
};
use uuid::Uuid;

/// Anna of health visiting and her colleague Bodil, with a case; Peter of PPR; what Anna wrote without cover.
struct Begun {
    world: World,
    team: TeamId,
    anna: Person,
    bodil: PractitionerId,
    peter: PractitionerId,
    case: SpaceId,
    needles: Vec<String>,
}

async fn device_of(person: &Person) -> Result<DeviceId> {
    let identity = person.identity().await?;
    Ok(identity.context("enrolled")?.device)
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let ppr = world.team("PPR", TeamKind::Ppr).await?;
    let anna = world.person("Anna Holm", &[team]).await?;
    let bodil = world.practitioner("Bodil Kjær", &[team]).await?;
    let peter = world.practitioner("Peter Bæk", &[ppr]).await?;
    let case = anna.open_named_case(team, "Åse Ærø").await?;
    settle(&[&anna]).await?;
    world.relay.set_cover(false);
    let mut needles = Vec::new();
    for number in 0..3 {
        let needle = make_needle(&format!("besøg-{number}"))?;
        anna.note(case, &needle).await?;
        needles.push(needle);
    }
    Ok(Begun {
        world,
        team,
        anna,
        bodil,
        peter,
        case,
        needles,
    })
}

impl Begun {
    /// Anna's phone is revoked, and the server knows.
    async fn revoke(&mut self) -> Result<()> {
        self.world.revoke(device_of(&self.anna).await?).await?;
        self.world.stop_server().await?;
        self.world.start_server().await?;
        self.world.relay.set_cover(true);
        Ok(())
    }

    async fn hand_over(&self) -> Result<u64> {
        match self.anna.try_sync().await {
            Err(DeviceError::HandedOver { items }) => Ok(items),
            other => anyhow::bail!("{other:?}"),
        }
    }

    async fn parcels(&self) -> Result<Vec<(Option<Uuid>, Option<SpaceId>, u64)>> {
        let admin = self.world.admin().await?;
        let rows = admin.quarantine().await?;
        admin.close().await;
        let rows = rows.into_iter();
        Ok(rows.map(|row| (row.parcel, row.space, row.items)).collect())
    }

    async fn open_as(&self, parcel: Uuid, by: PractitionerId) -> Result<String, AdminError> {
        let admin = self.world.admin().await.map_err(|_| AdminError::NoDevice)?;
        let opened = admin.open_parcel(parcel, by, "Sagen overtages").await;
        admin.close().await;
        let items = opened?.items.into_iter();
        Ok(items.map(|item| item.written).collect())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_the_unsent_work_of_a_revoked_device_is_opened_by_a_writer_of_its_case_and_nobody_else()
 {
    let mut begun = begin().await.unwrap();
    begun.revoke().await.unwrap();
    assert_eq!(begun.hand_over().await.unwrap(), 3);
    let parcels = begun.parcels().await.unwrap();
    let [(Some(parcel), Some(space), 3)] = parcels[..] else {
        panic!("{parcels:?}");
    };
    assert_eq!(space, begun.case);
    let refused = begun.open_as(parcel, begun.peter).await;
    assert!(
        matches!(refused, Err(AdminError::Quarantine(Refused::NoAccess))),
        "{refused:?}"
    );
    let opened = begun.open_as(parcel, begun.bodil).await.unwrap();
    for needle in &begun.needles {
        assert!(opened.contains(needle), "{needle}");
    }
    let server = files_in(&begun.world.server_folder()).unwrap();
    for file in server {
        let bytes = std::fs::read(&file).unwrap_or_default();
        assert_eq!(found(&begun.needles, &bytes), [""; 0], "{}", file.display());
    }
    let bodil = begun.world.device(begun.bodil).await.unwrap();
    bodil.until_member_of(&[begun.team]).await.unwrap();
    let cases = bodil.cases(CaseFilter::default()).await.unwrap();
    assert_eq!(cases.len(), 1, "nothing of it is in the record");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_erasing_nothing_on_the_device_can_be_read_with_its_key_or_without() {
    let mut begun = begin().await.unwrap();
    let (folder, key) = (begun.anna.folder().to_owned(), begun.anna.key());
    begun.revoke().await.unwrap();
    begun.hand_over().await.unwrap();
    begun.anna.close().await;
    for file in files_in(&folder).unwrap() {
        let bytes = std::fs::read(&file).unwrap();
        assert_eq!(found(&begun.needles, &bytes), [""; 0], "{}", file.display());
        assert!(bytes.len() < 300, "{} holds something", file.display());
    }
    let opened = samspor_client_core::Device::open(&folder, StoreKey::new(key), options()).await;
    assert!(
        matches!(opened, Err(DeviceError::HandedOver { items: 3 })),
        "{opened:?}"
    );
    let mark = samspor_client_core::handed_over(&folder).unwrap().unwrap();
    assert_eq!(mark.items, 3, "its folder says what became of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_a_delivery_that_is_cut_or_never_answered_loses_nothing_and_is_counted_once() {
    let mut begun = begin().await.unwrap();
    // More than the road carries before it breaks.
    let mut noise = String::new();
    for number in 0..400 {
        noise.push_str(&make_needle(&number.to_string()).unwrap());
    }
    begun.anna.note(begun.case, &noise).await.unwrap();
    begun.revoke().await.unwrap();
    let (mut breaks, mut items) = (0, None);
    for bytes in (1_000..60_000).step_by(500) {
        begun.world.relay.cut_after(bytes);
        match begun.anna.try_sync().await {
            Err(DeviceError::HandedOver { items: all }) => {
                items = Some(all);
                break;
            }
            Err(DeviceError::NotHandedOver { .. }) => breaks += 1,
            Err(DeviceError::Unreachable { .. }) => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(begun.anna.status().await.unwrap().waiting, 4, "all is kept");
        begun.anna.close().await;
        begun.anna.open().await.unwrap();
    }
    assert_eq!(items, Some(4));
    assert!(breaks > 0, "no delivery was cut");
    let parcels = begun.parcels().await.unwrap();
    assert_eq!(parcels.len(), 1, "once: {parcels:?}");
    assert_eq!(parcels[0].2, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_reaches_the_quarantine_and_nothing_else_and_nobody_else_reaches_it() {
    let mut begun = begin().await.unwrap();
    begun.world.relay.set_cover(true);
    let by_hand = begun.world.hand_made(begun.bodil).await.unwrap();
    let delivery = wire::encode(&Delivery {
        parcels: Vec::new(),
    });
    let push = wire::encode(&PushRequest { groups: Vec::new() });
    let quarantine = version::path::QUARANTINE;
    let early = by_hand.draft(quarantine, delivery.clone());
    assert_eq!(
        by_hand.send(early).await.unwrap().status,
        401,
        "it is not revoked"
    );
    begun.world.revoke(by_hand.speaker.device).await.unwrap();
    begun.world.stop_server().await.unwrap();
    begun.world.start_server().await.unwrap();
    for (path, body, status) in [
        (version::path::PUSH, push, 401),
        (quarantine, delivery.clone(), 200),
        (quarantine, delivery, 200),
        (quarantine, vec![0xff; 10], 400),
    ] {
        let sent = by_hand.send(by_hand.draft(path, body)).await.unwrap();
        assert_eq!(sent.status, status, "{path}");
    }
}
