//! Taking in one delivery.

use super::{
    rows::{self, NewParcel},
    seal::{self, Label},
};
use crate::{keys::Keys, problem::Failure, store::Store, sync::Caller};
use samspor_documents::time::UnixMillis;
use samspor_protocol::{
    hash::Hash32,
    quarantine::{Delivery, Receipt},
    wire::{self, WireError},
};
use std::time::Duration;
use uuid::Uuid;

const PURPOSE: &str = "quarantine-delivery";

/// Where deliveries go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quarantine<'a> {
    /// The database.
    pub store: &'a Store,
    /// The organisation's keys.
    pub keys: &'a Keys,
    /// How long a parcel is kept.
    pub keep: Duration,
}

fn refused(error: &WireError) -> Failure {
    match error {
        WireError::TooLarge { .. } => Failure::TooLarge,
        _ => Failure::Malformed("the body is not a delivery"),
    }
}

/// Takes in a revoked device's delivery, sealed and durable before it is answered. The same again is answered the same.
///
/// # Errors
/// `Malformed`, `TooLarge`; `HandedOver` when this device has delivered something else before; else the database's.
pub(crate) async fn receive(
    quarantine: &Quarantine<'_>,
    caller: &Caller,
    body: &[u8],
    now: UnixMillis,
) -> Result<Receipt, Failure> {
    let (delivery, plain) = Delivery::from_body(body).map_err(|error| refused(&error))?;
    let mac = quarantine
        .keys
        .mac(PURPOSE, &[caller.device.as_bytes(), &plain]);
    let hash = Hash32::of(&plain);
    drop(plain);
    let receipt = |told| Receipt::sign(caller.device, &hash, told, quarantine.keys.signing());
    let items = u64::try_from(delivery.items()).unwrap_or(u64::MAX);
    let parcels = sealed(quarantine, caller, delivery, now)?;
    let mut tx = quarantine.store.write().await?;
    if let Some((known, told)) = rows::delivered(&mut tx, caller.device).await? {
        return match known == mac {
            true => Ok(receipt(told)),
            false => Err(Failure::HandedOver),
        };
    }
    rows::insert_delivery(&mut tx, caller, &mac, (items, now)).await?;
    for parcel in parcels {
        rows::insert_parcel(&mut tx, parcel).await?;
    }
    tx.commit().await?;
    Ok(receipt((items, now)))
}

fn sealed(
    quarantine: &Quarantine<'_>,
    caller: &Caller,
    delivery: Delivery,
    now: UnixMillis,
) -> Result<Vec<NewParcel>, Failure> {
    let keep = i64::try_from(quarantine.keep.as_millis()).unwrap_or(i64::MAX);
    let seal_one = |parcel: samspor_protocol::quarantine::Parcel| {
        let label = Label {
            device: caller.device,
            space: parcel.space,
        };
        let sealed = seal::seal(quarantine.keys, label, wire::encode(&parcel));
        Ok(NewParcel {
            parcel: Uuid::new_v5(&caller.device.0, parcel.space.as_bytes()),
            label,
            items: i64::try_from(parcel.items.len()).unwrap_or(i64::MAX),
            expires_at: now.plus(keep),
            sealed: sealed?,
        })
    };
    delivery.parcels.into_iter().map(seal_one).collect()
}
