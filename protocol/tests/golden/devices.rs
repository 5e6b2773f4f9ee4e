//! What a device is told of its lease, how it takes another's place, and what it hands over when it is revoked.

use super::{AT, compare, device, document, golden, space};
use ed25519_dalek::SigningKey;
use samspor_documents::id::{DeviceId, OperationId};
use samspor_protocol::{
    enrol::{CodeSecret, EnrolRequest},
    feed::PageEnd,
    hash::Hash32,
    quarantine::{self, Delivery, Parcel, ParcelItem},
    tag::Digest,
    wire,
};

#[test]
fn a_page_that_tells_the_lease_keeps_its_bytes() {
    golden(
        "page-end-lease",
        &PageEnd {
            cursor: b"cursor".to_vec(),
            up_to_date: true,
            digest: Some(Digest(5)),
            visible: 3,
            safe_seq: 0,
            server_time: AT,
            lease_millis: Some(1_209_600_000),
        },
    );
}

#[test]
fn an_enrolment_that_takes_a_devices_place_keeps_its_bytes() {
    let (key, old) = (
        SigningKey::from_bytes(&[7; 32]),
        SigningKey::from_bytes(&[8; 32]),
    );
    let request = EnrolRequest::sign(CodeSecret([1; 16]), device(), [5; 16], AT, &key);
    let succeeding = request.succeeding(DeviceId::from_bytes([6; 16]), &old);
    compare("enrol-request-succeeding", &wire::encode(&succeeding));
}

#[test]
fn what_a_revoked_device_hands_over_keeps_its_bytes() {
    golden(
        "quarantine-delivery",
        &Delivery {
            parcels: vec![Parcel {
                space: space(),
                items: vec![
                    ParcelItem {
                        document: Some(document()),
                        kind: 7,
                        operation: None,
                        body: b"change".to_vec().into(),
                        refused: None,
                        written_at: AT,
                        written: "{}".into(),
                    },
                    ParcelItem {
                        document: None,
                        kind: 1,
                        operation: Some(OperationId::from_bytes([0x99; 16])),
                        body: b"body".to_vec().into(),
                        refused: Some("no_access".into()),
                        written_at: AT,
                        written: "{}".into(),
                    },
                ],
            }],
        },
    );
    golden(
        "quarantine-receipt",
        &quarantine::Receipt::sign(
            device(),
            &Hash32([2; 32]),
            (2, AT),
            &SigningKey::from_bytes(&[7; 32]),
        ),
    );
}
