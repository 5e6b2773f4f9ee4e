//! Whose place a device took. It speaks for those before it: what they wrote it may push, under their actors and with
//! their signatures; and what one of the line has named is named for all of it.

use crate::store::{StoreError, Tx, hex_list, id16};
use samspor_documents::id::DeviceId;
use std::collections::{BTreeSet, HashMap};

/// The lines of the devices that push.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Those before each device, the one right before it first. Most have none.
    before: HashMap<DeviceId, Vec<DeviceId>>,
}

impl Lines {
    /// Reads the lines of these devices.
    pub(super) async fn read(
        tx: &mut Tx,
        devices: &BTreeSet<DeviceId>,
    ) -> Result<Self, StoreError> {
        let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
            "SELECT s.device, s.predecessor FROM json_each(?) AS wanted
             CROSS JOIN successions AS s ON s.device = unhex(wanted.value)
             ORDER BY s.device, s.generation",
        )
        .bind(hex_list(devices.iter().map(DeviceId::as_bytes)))
        .fetch_all(&mut **tx)
        .await?;
        let mut lines = Self::default();
        for (device, predecessor) in rows {
            let device = DeviceId::from_bytes(id16("succession", &device)?);
            let predecessor = DeviceId::from_bytes(id16("succession", &predecessor)?);
            lines.before.entry(device).or_default().push(predecessor);
        }
        Ok(lines)
    }

    /// Whether what `other` wrote is `device`'s to push.
    pub(super) fn speaks_for(&self, device: DeviceId, other: DeviceId) -> bool {
        device == other
            || self
                .before
                .get(&device)
                .is_some_and(|before| before.contains(&other))
    }

    /// The first of a device's line: under it its operations are named, whoever of the line pushes them.
    pub(super) fn first(&self, device: DeviceId) -> DeviceId {
        let before = self.before.get(&device);
        before
            .and_then(|before| before.last())
            .copied()
            .unwrap_or(device)
    }

    #[cfg(test)]
    pub(super) fn with(mut self, device: DeviceId, before: &[DeviceId]) -> Self {
        self.before.insert(device, before.to_vec());
        self
    }
}

/// The device whose actor this is: its first 16 bytes, of 24.
pub(super) fn device_of(actor: &[u8]) -> Option<DeviceId> {
    if actor.len() != 24 {
        return None;
    }
    let first = actor.get(..16)?;
    <[u8; 16]>::try_from(first).ok().map(DeviceId::from_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(n: u8) -> DeviceId {
        DeviceId::from_bytes([n; 16])
    }

    #[test]
    fn a_device_speaks_for_those_before_it_and_nobody_for_those_after() {
        let lines = Lines::default()
            .with(device(3), &[device(2), device(1)])
            .with(device(2), &[device(1)])
            .with(device(4), &[device(1)]);
        for (who, other, expected) in [
            (3, 3, true),
            (3, 2, true),
            (3, 1, true),
            (2, 3, false),
            (1, 3, false),
            (4, 1, true),
            (4, 2, false),
            (9, 1, false),
        ] {
            let speaks = lines.speaks_for(device(who), device(other));
            assert_eq!(speaks, expected, "{who} for {other}");
        }
        for (who, first) in [(1, 1), (2, 1), (3, 1), (4, 1), (9, 9)] {
            assert_eq!(lines.first(device(who)), device(first));
        }
    }

    #[test]
    fn an_actor_names_its_device() {
        let actor = [[7; 16].as_slice(), &[1; 8]].concat();
        assert_eq!(device_of(&actor), Some(device(7)));
        for wrong in [&actor[..23], &[], &[0; 25]] {
            assert_eq!(device_of(wrong), None);
        }
    }
}
