//! Stories of one device without a network.

use super::*;
use crate::views::{CaseFilter, SyncOptions, TimelinePage};

fn assert_send<T: Send>(_: &T) {}

fn key() -> StoreKey {
    StoreKey::new([7; 32])
}

#[tokio::test]
async fn a_store_opens_with_its_own_key_only_and_once_at_a_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let options = DeviceOptions::default;
    let missing = Device::open(&path, key(), options()).await;
    assert!(matches!(missing, Err(DeviceError::NoStore { .. })));
    let device = Device::create(&path, key(), options())
        .await
        .expect("a store");
    let second = Device::open(&path, key(), options()).await;
    assert!(matches!(second, Err(DeviceError::StoreInUse { .. })));
    device.close().await;
    let wrong = Device::open(&path, StoreKey::new([8; 32]), options()).await;
    assert!(matches!(wrong, Err(DeviceError::WrongKey)), "{wrong:?}");
    let again = Device::create(&path, key(), options()).await;
    assert!(matches!(again, Err(DeviceError::StoreExists { .. })));
    let device = Device::open(&path, key(), options()).await.expect("opens");
    assert_eq!(device.identity().await.expect("reads"), None);
    assert!(matches!(
        device.sync(SyncOptions::default()).await,
        Err(DeviceError::NotEnrolled)
    ));
}

#[tokio::test]
async fn every_call_can_move_between_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let device = Device::create(folder.path(), key(), DeviceOptions::default())
        .await
        .expect("a store");
    let case = samspor_documents::id::SpaceId::from_bytes([1; 16]);
    assert_send(&device.sync(SyncOptions::default()));
    assert_send(&device.watch(std::future::pending()));
    assert_send(&device.write(case, "note", Vec::new(), None));
    assert_send(&device.timeline(case, TimelinePage::default()));
    assert_send(&device.conflicts());
    assert_send(&device.not_delivered());
    let cases = device.cases(CaseFilter::default()).await;
    assert!(matches!(cases, Err(DeviceError::NotEnrolled)));
}
