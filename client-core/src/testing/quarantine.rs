//! Quarantine: one delivery, answered the same again.

use super::{State, good, problem};
use crate::transport::Reply;
use ed25519_dalek::SigningKey;
use samspor_documents::id::DeviceId;
use samspor_protocol::{
    hash::Hash32,
    problem::code,
    quarantine::{Delivery, Receipt},
    wire,
};

impl State {
    pub(super) fn quarantine(&mut self, device: DeviceId, body: &[u8]) -> Reply {
        let (delivery, plain) = Delivery::from_body(body).expect("a delivery");
        let known = self.handed_over.get_or_insert_with(|| plain.clone());
        if *known != plain {
            return problem(409, code::HANDED_OVER, None);
        }
        let items = u64::try_from(delivery.items()).expect("few");
        let told = (items, self.now());
        let key = match self.is_impostor {
            true => &SigningKey::from_bytes(&[1; 32]),
            false => &self.key,
        };
        good(wire::encode(&Receipt::sign(
            device,
            &Hash32::of(&plain),
            told,
            key,
        )))
    }
}
