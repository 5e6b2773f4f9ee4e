//! What a device does when it learns that it was revoked: it locks itself, hands over what it could not deliver, and
//! erases itself once the server has that. Until then it keeps everything and tries again at each sync.

use super::{Device, Who, sync::Stop};
use crate::{
    engine::Failure, error::DeviceError, store::erase::HandedOver, transport::exchange::Failed,
};
use samspor_protocol::{hash::Hash32, limits, quarantine::Receipt, wire};
use std::sync::{PoisonError, atomic::Ordering};

impl Device {
    /// Locks, hands over, erases; how that ended: `HandedOver`, or why it did not. Stopped before the answer came, it has
    /// only locked.
    pub(super) async fn retire(&self, who: &Who, stop: Stop<'_>) -> DeviceError {
        let device = self.clone();
        let handed_over = tokio::select! {
            biased;
            receipt = self.hand_over(who) => receipt,
            () = stop => Err(DeviceError::Revoked),
        };
        let receipt = match handed_over {
            Ok(receipt) => receipt,
            Err(source) => {
                return DeviceError::NotHandedOver {
                    source: Box::new(source),
                };
            }
        };
        let mark = HandedOver {
            device: who.device(),
            items: receipt.items,
            at: receipt.received_at,
        };
        // Begun, it is finished, whether or not anybody waits for it.
        let erased = tokio::spawn(async move { device.erase(mark).await }).await;
        match erased.unwrap_or(Err(DeviceError::Damaged { what: "erasing" })) {
            Ok(()) => DeviceError::HandedOver { items: mark.items },
            Err(error) => error,
        }
    }

    async fn hand_over(&self, who: &Who) -> Result<Receipt, DeviceError> {
        self.inner.gate.revoke();
        let delivery = self.inner.gate.behind().seal_and_read().await?;
        let body = wire::encode(&delivery);
        let hash = Hash32::of(&body);
        if body.len() > limits::QUARANTINE_BYTES_MAX {
            return Err(DeviceError::TooLarge {
                limit: limits::QUARANTINE_BYTES_MAX,
            });
        }
        let now = || self.inner.options.token_clock.now();
        let sent = who.exchange.quarantine(now(), body.clone()).await;
        let sent = match sent {
            Err(Failed {
                failure: Failure::Clock(server),
                ..
            }) => {
                let offset = server.since(now());
                who.exchange.offset.store(offset, Ordering::Relaxed);
                who.exchange.quarantine(now(), body).await
            }
            sent => sent,
        };
        let receipt = sent.map_err(|failed| *failed.error)?;
        let organisation = &who.enrolment.organisation_key;
        // Nothing is erased on anybody else's word.
        match receipt.is_vouched(who.device(), &hash, organisation) {
            true => Ok(receipt),
            false => Err(DeviceError::NotVouched),
        }
    }

    async fn erase(&self, mark: HandedOver) -> Result<(), DeviceError> {
        self.inner.gate.close_for_good(mark.items);
        self.inner.gate.behind().erase(mark).await?;
        // The device's key is zeroed when its last holder lets go.
        let who = self.inner.who.write();
        *who.unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }
}
