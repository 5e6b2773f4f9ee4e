//! Quarantine: a revoked device hands over what it could not deliver, once, and then erases itself.
//!
//! Nothing of it enters the log. The server seals it, space by space, until who may write in that space opens it on a
//! stated ground.

use crate::{frame, hash::Hash32, limits, wire, wire::WireError};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use minicbor::{Decode, Encode, bytes::ByteVec};
use samspor_documents::{
    id::{DeviceId, DocumentId, OperationId, SpaceId},
    time::UnixMillis,
};
use std::collections::BTreeSet;

/// All that a revoked device holds and the server does not have. The same again gets the same answer; another delivery
/// of the same device is [`crate::problem::code::HANDED_OVER`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Delivery {
    /// One parcel per space, each space once.
    #[n(0)]
    pub parcels: Vec<Parcel>,
}

/// What a device holds of one space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Parcel {
    /// The space.
    #[n(0)]
    pub space: SpaceId,
    /// In the order it was written.
    #[n(1)]
    pub items: Vec<ParcelItem>,
}

/// One operation that was not delivered.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ParcelItem {
    /// Of which document; none when it is about the space itself.
    #[n(0)]
    pub document: Option<DocumentId>,
    /// One of [`crate::push::kind`].
    #[n(1)]
    pub kind: u8,
    /// Its device-made name, unless it is a change.
    #[n(2)]
    pub operation: Option<OperationId>,
    /// As it would have been pushed.
    #[n(3)]
    pub body: ByteVec,
    /// The code of the reason it was refused with; none when it still waited.
    #[n(4)]
    pub refused: Option<String>,
    /// When it was written, by the device's clock.
    #[n(5)]
    pub written_at: UnixMillis,
    /// What was typed, as the device kept it: JSON.
    #[n(6)]
    pub written: String,
}

/// The answer: the delivery is durable, and the device may erase itself. It takes nobody's word for that but the
/// organisation's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    /// How many items were handed over.
    #[n(0)]
    pub items: u64,
    /// When.
    #[n(1)]
    pub received_at: UnixMillis,
    /// By the organisation's key over context, device, SHA-256 of the delivery before it was packed, items and time.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

const CONTEXT: &[u8] = b"samspor-quarantine-1";

impl Receipt {
    /// The organisation's word that it has this delivery of this device.
    #[must_use]
    pub fn sign(
        device: DeviceId,
        delivery: &Hash32,
        (items, received_at): (u64, UnixMillis),
        key: &SigningKey,
    ) -> Self {
        let mut receipt = Self {
            items,
            received_at,
            signature: [0; 64],
        };
        receipt.signature = key.sign(&receipt.signed(device, delivery)).to_bytes();
        receipt
    }

    /// Whether the organisation of this key vouches for it.
    #[must_use]
    pub fn is_vouched(
        &self,
        device: DeviceId,
        delivery: &Hash32,
        organisation_key: &[u8; 32],
    ) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(organisation_key) else {
            return false;
        };
        let signature = Signature::from_bytes(&self.signature);
        key.verify_strict(&self.signed(device, delivery), &signature)
            .is_ok()
    }

    fn signed(&self, device: DeviceId, delivery: &Hash32) -> Vec<u8> {
        let mut bytes = CONTEXT.to_vec();
        bytes.extend(device.as_bytes());
        bytes.extend(delivery.0);
        bytes.extend(self.items.to_be_bytes());
        bytes.extend(self.received_at.0.to_be_bytes());
        bytes
    }
}

impl Delivery {
    /// The delivery from a request's body, within the limits of [`limits`], and its bytes as they were before they were
    /// packed. No item is looked at.
    ///
    /// # Errors
    /// `TooLarge` over the limit, `Compression` for a damaged frame, `Malformed` or `Trailing` otherwise, also when a
    /// space stands twice.
    pub fn from_body(body: &[u8]) -> Result<(Self, Vec<u8>), WireError> {
        let limit = limits::QUARANTINE_BYTES_MAX;
        if body.len() > limit {
            return Err(WireError::TooLarge {
                what: "delivery",
                limit,
            });
        }
        let plain = frame::unpack(body, limit)?.into_owned();
        let delivery: Self = wire::decode("delivery", &plain)?;
        let spaces: BTreeSet<SpaceId> = delivery.parcels.iter().map(|one| one.space).collect();
        if spaces.len() != delivery.parcels.len() {
            return Err(WireError::Malformed {
                what: "delivery",
                source: minicbor::decode::Error::message("a space stands twice"),
            });
        }
        Ok((delivery, plain))
    }

    /// How many items it carries.
    #[must_use]
    pub fn items(&self) -> usize {
        self.parcels.iter().map(|parcel| parcel.items.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel(space: u8) -> Parcel {
        Parcel {
            space: SpaceId::from_bytes([space; 16]),
            items: vec![ParcelItem {
                document: None,
                kind: 7,
                operation: None,
                body: vec![0; 1000].into(),
                refused: Some("no_access".to_owned()),
                written_at: UnixMillis(5),
                written: "{}".to_owned(),
            }],
        }
    }

    fn body(spaces: &[u8]) -> Vec<u8> {
        let parcels = spaces.iter().copied().map(parcel).collect();
        wire::encode(&Delivery { parcels })
    }

    #[test]
    fn a_delivery_reads_packed_and_plain_and_its_plain_bytes_are_told() {
        let plain = body(&[1, 2]);
        let packed = frame::pack(plain.clone());
        assert!(packed.len() < plain.len());
        for body in [&plain, &packed] {
            let (delivery, told) = Delivery::from_body(body).expect("a delivery");
            assert_eq!(delivery.items(), 2);
            assert_eq!(told, plain);
        }
    }

    #[test]
    fn a_receipt_is_for_one_delivery_of_one_device_and_by_one_organisation() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let (device, delivery) = (DeviceId::from_bytes([1; 16]), Hash32([2; 32]));
        let receipt = Receipt::sign(device, &delivery, (3, UnixMillis(4)), &key);
        assert!(receipt.is_vouched(device, &delivery, &public));
        let fewer = Receipt {
            items: 2,
            ..receipt
        };
        let stranger = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
        for (name, receipt, device, delivery, key) in [
            ("fewer items", fewer, device, delivery, public),
            (
                "another device",
                receipt,
                DeviceId::from_bytes([9; 16]),
                delivery,
                public,
            ),
            ("another delivery", receipt, device, Hash32([9; 32]), public),
            ("another organisation", receipt, device, delivery, stranger),
        ] {
            assert!(!receipt.is_vouched(device, &delivery, &key), "{name}");
        }
    }

    #[test]
    fn a_space_that_stands_twice_and_what_inflates_too_far_are_refused() {
        assert!(matches!(
            Delivery::from_body(&body(&[1, 1])),
            Err(WireError::Malformed { .. })
        ));
        let bomb = frame::compress(&vec![0; limits::QUARANTINE_BYTES_MAX + 1]).expect("packs");
        assert!(matches!(
            Delivery::from_body(&bomb),
            Err(WireError::TooLarge { .. })
        ));
    }
}
