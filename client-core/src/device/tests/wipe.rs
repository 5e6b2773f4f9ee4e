//! A device that is erased on its user's word.

use super::*;
use std::fs;

async fn wiped(phone: &Phone, even_undelivered: bool) -> Result<(), DeviceError> {
    phone.device.wipe(even_undelivered).await
}

async fn opened(phone: &Phone) -> Result<Device, DeviceError> {
    Device::open(&phone.folder, key(), DeviceOptions::default()).await
}

#[tokio::test]
async fn invariant_09_a_device_is_wiped_only_when_everything_is_delivered_or_given_up() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse Østergård").await;
    let refused = wiped(&phone, false).await;
    assert!(
        matches!(refused, Err(DeviceError::Undelivered { items: 2 })),
        "{refused:?}"
    );
    let note = phone.note(case, "Skrevet bagefter").await;
    assert_eq!(phone.text(note).await, "Skrevet bagefter");
    phone.sync().await;
    wiped(&phone, false).await.expect("wipes");
    let read = phone.device.read(note).await;
    assert!(matches!(read, Err(DeviceError::Wiped)), "{read:?}");
    assert!(matches!(
        phone.device.sync(SyncOptions::default()).await,
        Err(DeviceError::Wiped)
    ));
    assert!(!phone.folder.join("samspor.db").exists());
    assert!(matches!(
        opened(&phone).await,
        Err(DeviceError::NoStore { .. })
    ));
    let new = Device::create(&phone.folder, key(), DeviceOptions::default()).await;
    assert!(
        new.expect("a new store")
            .identity()
            .await
            .expect("reads")
            .is_none()
    );
}

#[tokio::test]
async fn what_was_given_up_goes_and_what_was_refused_counts_as_undelivered() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse Østergård").await;
    server.state().refuse = Some(samspor_protocol::reason::Reason::NoAccess);
    phone.note(case, "Afvist").await;
    phone.sync().await;
    assert_eq!(phone.waiting().await, 0);
    let refused = wiped(&phone, false).await;
    assert!(
        matches!(refused, Err(DeviceError::Undelivered { .. })),
        "{refused:?}"
    );
    wiped(&phone, true).await.expect("wipes");
    let again = wiped(&phone, true).await;
    assert!(matches!(again, Err(DeviceError::Wiped)), "{again:?}");
}

#[tokio::test]
async fn a_wipe_that_was_interrupted_is_finished_when_the_folder_is_next_opened() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    phone.device.clone().close().await;
    fs::write(phone.folder.join("wiped"), "").expect("marks");
    assert!(matches!(
        opened(&phone).await,
        Err(DeviceError::NoStore { .. })
    ));
    assert!(!phone.folder.join("samspor.db").exists());
    assert!(!phone.folder.join("wiped").exists());
}
