//! The organisation's lease on a device: a real server, a real store, and a clock that a test sets.

use anyhow::Result;
use samspor_client_core::{
    CaseFilter, Clock, DeviceError, DeviceOptions, EnrolmentCode, Locked, SystemClock,
};
use samspor_documents::time::UnixMillis;
use samspor_protocol::fact::TeamKind;
use samspor_tests::{person::Person, world::World};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// The machine's clock, so many milliseconds ahead.
struct Ahead(AtomicI64);

impl Clock for Ahead {
    fn now(&self) -> UnixMillis {
        SystemClock.now().plus(self.0.load(SeqCst))
    }

    fn offset_minutes(&self) -> i16 {
        SystemClock.offset_minutes()
    }
}

async fn locked(person: &Person) -> Result<Option<Locked>> {
    Ok(person.status().await?.lock.locked)
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_a_device_past_its_lease_locks_keeps_its_work_and_delivers_it_at_the_next_contact()
 {
    let world = World::begin().await.unwrap();
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await
        .unwrap();
    let anna = world.practitioner("Anna Holm", &[team]).await.unwrap();
    let clock = Arc::new(Ahead(AtomicI64::new(0)));
    let options = DeviceOptions {
        token_clock: Arc::clone(&clock) as Arc<dyn Clock>,
        ..DeviceOptions::default()
    };
    let mut phone = Person::with_options(world.free_folder(), options)
        .await
        .unwrap();
    let code = world.code(anna).await.unwrap();
    phone
        .enrol_with(&EnrolmentCode::from_text(&code).unwrap())
        .await
        .unwrap();
    phone.until_member_of(&[team]).await.unwrap();
    let case = phone.open_named_case(team, "Åse Ærø").await.unwrap();
    let note = phone.note(case, "Skrevet uden dækning").await.unwrap();
    world.relay.set_cover(false);

    clock.0.store(29 * DAY, SeqCst);
    assert_eq!(phone.text_of(note).await.unwrap(), "Skrevet uden dækning");
    clock.0.store(31 * DAY, SeqCst);
    let refused = phone.read(note).await;
    assert!(
        matches!(refused, Err(DeviceError::LeaseEnded)),
        "{refused:?}"
    );
    let refused = phone.cases(CaseFilter::default()).await;
    assert!(
        matches!(refused, Err(DeviceError::LeaseEnded)),
        "{refused:?}"
    );
    assert!(phone.try_sync().await.is_err(), "there is no cover");
    phone.close().await;
    phone.open().await.unwrap();
    assert_eq!(locked(&phone).await.unwrap(), Some(Locked::LeaseEnded));
    assert_eq!(phone.status().await.unwrap().waiting, 3);

    world.relay.set_cover(true);
    let report = phone.sync().await.unwrap();
    assert_eq!(report.pushed, 3);
    assert_eq!(locked(&phone).await.unwrap(), None);
    assert_eq!(phone.text_of(note).await.unwrap(), "Skrevet uden dækning");
}
