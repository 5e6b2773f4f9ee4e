//! Who writes, from which session, and when. Everything here is handed in.

use crate::{
    id::{DeviceId, PractitionerId},
    time::UnixMillis,
};
use std::fmt;

/// Bytes of an actor: 16 for the device, 8 drawn at random for the session.
pub const ACTOR_BYTES: usize = 24;

/// One opened session of one device on one document: device id ‖ 8 random bytes. Drawn fresh for each
/// opened session, never reused, drawn anew after a restore.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor([u8; ACTOR_BYTES]);

impl Actor {
    /// From the device and eight random bytes.
    #[must_use]
    pub fn make(device: DeviceId, random: [u8; 8]) -> Self {
        let mut bytes = [0; ACTOR_BYTES];
        let (front, back) = bytes.split_at_mut(16);
        front.copy_from_slice(device.as_bytes());
        back.copy_from_slice(&random);
        Self(bytes)
    }

    /// From its 24 bytes; `None` when the length is another.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 24 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; ACTOR_BYTES] {
        &self.0
    }

    /// The device whose session this is.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        let mut device = [0; 16];
        for (to, from) in device.iter_mut().zip(self.0) {
            *to = from;
        }
        DeviceId::from_bytes(device)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Actor({self})")
    }
}

/// What every change carries: the session, the person, and the time it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authoring {
    /// The session. One actor belongs to one author.
    pub actor: Actor,
    /// The person. Written into the actor's first change of a document, and only there.
    pub author: PractitionerId,
    /// When it was typed, by the device's clock.
    pub at: UnixMillis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_says_its_device() {
        let device = DeviceId::make(UnixMillis(5), [3; 10]);
        let actor = Actor::make(device, [9; 8]);
        assert_eq!(actor.device(), device);
        assert_eq!(Actor::from_slice(actor.as_bytes()), Some(actor));
        assert_eq!(Actor::from_slice(&[0; 23]), None);
    }
}
