//! A revoked device: it hands over what it could not deliver, and erases itself; before that it keeps everything.

use super::*;
use crate::{store::erase::handed_over, testing::Fault, views::Locked};
use samspor_protocol::{push::kind, quarantine::Delivery, reason::Reason};

impl Phone {
    /// A device that had no cover when it was revoked: a case with a note that waits, and one that was refused.
    async fn revoked(server: &ModelServer) -> (Self, SpaceId) {
        let phone = Self::ready(server, 1).await;
        let case = phone.open_case("Åse Østergård").await;
        server.state().refuse = Some(Reason::NoAccess);
        phone.note(case, "Afvist på Ærø").await;
        phone.sync().await;
        server.state().refuse = None;
        phone.note(case, "Venter på Ærø").await;
        server.state().revoked = true;
        (phone, case)
    }

    async fn sync_once(&self) -> Result<SyncReport, DeviceError> {
        let options = SyncOptions {
            retries_max: 0,
            ..SyncOptions::default()
        };
        self.device.sync(options).await
    }

    async fn locked(&self) -> Option<Locked> {
        self.device.status().await.expect("status").lock.locked
    }

    fn files(&self) -> Vec<String> {
        let files = std::fs::read_dir(&self.folder).expect("reads").flatten();
        let mut names: Vec<String> = files
            .filter_map(|file| file.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }
}

fn delivered(server: &ModelServer) -> Delivery {
    let plain = server.state().handed_over.clone().expect("handed over");
    Delivery::from_body(&plain).expect("a delivery").0
}

#[tokio::test]
async fn invariant_09_a_revoked_device_hands_over_what_waits_and_what_was_refused_and_then_erases_itself()
 {
    let server = ModelServer::new();
    let (phone, case) = Phone::revoked(&server).await;
    let ended = phone.sync_once().await;
    assert!(
        matches!(ended, Err(DeviceError::HandedOver { items: 3 })),
        "{ended:?}"
    );
    let delivery = delivered(&server);
    assert_eq!(delivery.parcels.len(), 1);
    assert_eq!(delivery.parcels[0].space, case);
    let items = &delivery.parcels[0].items;
    let kinds: Vec<u8> = items.iter().map(|item| item.kind).collect();
    assert_eq!(kinds, [kind::CHANGE, kind::CHANGE, kind::CHANGE]);
    let refused: Vec<bool> = items.iter().map(|item| item.refused.is_some()).collect();
    assert!(
        refused.contains(&true) && refused.contains(&false),
        "{refused:?}"
    );
    assert!(items.iter().all(|item| !item.body.is_empty()));
    for text in ["Afvist på Ærø", "Venter på Ærø", "Åse Østergård"] {
        assert!(
            items.iter().any(|item| item.written.contains(text)),
            "{text}"
        );
    }

    let told = phone.device.status().await;
    assert!(
        matches!(told, Err(DeviceError::HandedOver { items: 3 })),
        "{told:?}"
    );
    let read = phone
        .device
        .cases(crate::views::CaseFilter::default())
        .await;
    assert!(
        matches!(read, Err(DeviceError::HandedOver { .. })),
        "{read:?}"
    );
    let again = phone.sync_once().await;
    assert!(
        matches!(again, Err(DeviceError::HandedOver { items: 3 })),
        "{again:?}"
    );
    assert_eq!(
        phone.files(),
        ["handed-over.json", "install-id", "samspor.lock"]
    );
    let mark = handed_over(&phone.folder).expect("reads").expect("says so");
    assert_eq!(mark.items, 3);
    phone.device.close().await;
    let opened = Device::open(&phone.folder, key(), DeviceOptions::default()).await;
    assert!(
        matches!(opened, Err(DeviceError::HandedOver { items: 3 })),
        "{opened:?}"
    );
    let anew = Device::create(&phone.folder, key(), DeviceOptions::default()).await;
    anew.expect("the folder can be used anew").close().await;
    assert_eq!(handed_over(&phone.folder).expect("reads"), None);
}

#[tokio::test]
async fn invariant_09_until_it_has_handed_over_a_revoked_device_keeps_everything_locked_and_tries_again()
 {
    let server = ModelServer::new();
    let (phone, case) = Phone::revoked(&server).await;
    for fault in [Fault::LoseRequest, Fault::LoseAnswer, Fault::Busy] {
        if !phone.device.inner.gate.is_revoked() {
            // It learns of it by a push.
            server.state().faults.push_back(Fault::None);
        }
        server.state().faults.push_back(fault);
        let ended = phone.sync_once().await;
        let not = matches!(ended, Err(DeviceError::NotHandedOver { .. }));
        assert!(not, "{fault:?}: {ended:?}");
        server.state().faults.clear();
        assert_eq!(phone.locked().await, Some(Locked::Revoked));
        assert_eq!(phone.waiting().await, 1);
    }
    let phone = phone.restart().await;
    assert_eq!(
        phone.locked().await,
        Some(Locked::Revoked),
        "it is known after a restart"
    );
    let read = phone.device.read(DocumentId(case.0)).await;
    assert!(matches!(read, Err(DeviceError::Revoked)), "{read:?}");
    let team = server.state().team;
    let written = phone.device.open_case(team, Vec::new()).await;
    assert!(matches!(written, Err(DeviceError::Revoked)), "{written:?}");
    let ended = phone.sync_once().await;
    assert!(
        matches!(ended, Err(DeviceError::HandedOver { items: 3 })),
        "{ended:?}"
    );
    assert_eq!(delivered(&server).items(), 3);
}

#[tokio::test]
async fn invariant_09_nothing_is_erased_on_the_word_of_who_is_not_the_organisation() {
    let server = ModelServer::new();
    let (phone, _) = Phone::revoked(&server).await;
    server.state().is_impostor = true;
    let ended = phone.sync_once().await;
    let Err(DeviceError::NotHandedOver { source }) = ended else {
        panic!("{ended:?}");
    };
    assert!(matches!(*source, DeviceError::NotVouched), "{source:?}");
    assert_eq!(phone.waiting().await, 1);
    server.state().is_impostor = false;
    let ended = phone.sync_once().await;
    assert!(
        matches!(ended, Err(DeviceError::HandedOver { items: 3 })),
        "{ended:?}"
    );
}

#[tokio::test]
async fn a_copy_whose_work_another_copy_did_not_have_is_not_erased() {
    let server = ModelServer::new();
    let (phone, _) = Phone::revoked(&server).await;
    server.state().handed_over = Some(b"something else".to_vec());
    let ended = phone.sync_once().await;
    let Err(DeviceError::NotHandedOver { source }) = ended else {
        panic!("{ended:?}");
    };
    assert!(
        matches!(*source, DeviceError::HandedOverBefore),
        "{source:?}"
    );
    assert_eq!(phone.waiting().await, 1);
}

#[tokio::test]
async fn invariant_09_what_is_being_written_while_a_device_learns_that_it_is_revoked_is_handed_over_or_refused()
 {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse Østergård").await;
    phone.sync().await;
    server.state().revoked = true;
    let writing = async {
        let mut kept = 0;
        for number in 0..200 {
            let fields = vec![set("text", &format!("Besøg {number}"))];
            match phone.device.write(case, "note", fields, None).await {
                Ok(_) => kept += 1,
                Err(_) => break,
            }
        }
        kept
    };
    let syncing = async {
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        phone.sync_once().await
    };
    let (kept, ended) = tokio::join!(writing, syncing);
    assert!(
        matches!(ended, Err(DeviceError::HandedOver { .. })),
        "{ended:?}"
    );
    assert_eq!(
        delivered(&server).items(),
        kept,
        "each that was saved, and no other"
    );
}
