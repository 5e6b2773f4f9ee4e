//! What a device shows after its store has been closed and opened again: through the readings that an app has.

use super::{
    CheckError, Held,
    expect::{Expected, ExpectedDevice},
};
use crate::demo::world::DeviceFolder;
use samspor_client_core::{Device, DeviceError, DeviceOptions, EntryState, TimelinePage};
use samspor_documents::id::{DocumentId, SpaceId};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Entries read at once.
const PAGE: u32 = 200;

/// Opens one device's store and reads everything that the journal names.
pub(super) async fn read(
    place: &DeviceFolder,
    expected: &Expected,
    known: &ExpectedDevice,
) -> Result<Held, CheckError> {
    let key = place.key().map_err(|source| CheckError::Key {
        device: place.name.clone(),
        source: Box::new(source),
    })?;
    let device = Device::open(&place.folder, key, DeviceOptions::default()).await?;
    let held = read_open(&device, expected, known).await;
    device.close().await;
    held
}

async fn read_open(
    device: &Device,
    expected: &Expected,
    known: &ExpectedDevice,
) -> Result<Held, CheckError> {
    let (listed, signed) = listed(device, expected, known).await?;
    let mut held = Held {
        place: known.name.clone(),
        signed,
        ..Held::default()
    };
    for (id, document) in &expected.documents {
        let reading = match device.read(*id).await {
            Ok(reading) => reading,
            Err(DeviceError::UnknownDocument) => continue,
            Err(error) => return Err(error.into()),
        };
        if !known.teams.contains(&document.team) {
            held.leaked.insert(*id);
        }
        // What no list shows is not there for the person who looks for it.
        if document.is_listed() && !listed.contains(id) {
            continue;
        }
        held.readings.insert(*id, reading);
    }
    let status = device.status().await?;
    let delivered = status.waiting == 0 && status.not_delivered == 0 && status.set_aside == 0;
    held.in_sync = status.in_sync == Some(true) && delivered;
    held.citizens = citizens(device).await?;
    Ok(held)
}

/// The entries on the timelines of the cases this device may see, and those among them that are signed.
async fn listed(
    device: &Device,
    expected: &Expected,
    known: &ExpectedDevice,
) -> Result<(HashSet<DocumentId>, BTreeSet<DocumentId>), CheckError> {
    let visible = expected
        .documents
        .values()
        .filter(|document| known.teams.contains(&document.team));
    let cases: BTreeSet<SpaceId> = visible.filter_map(|document| document.case).collect();
    let (mut listed, mut signed) = (HashSet::new(), BTreeSet::new());
    for case in cases {
        let mut page = TimelinePage {
            before: None,
            limit: PAGE,
            restricted: false,
        };
        loop {
            let rows = match device.timeline(case, page).await {
                Err(DeviceError::UnknownCase) => break,
                rows => rows?,
            };
            let Some(last) = rows.last() else { break };
            // A page that begins where it was asked to end would come again for ever.
            if page.before.is_some_and(|before| last.position() >= before) {
                return Err(CheckError::Order {
                    device: known.name.clone(),
                });
            }
            page.before = Some(last.position());
            listed.extend(rows.iter().map(|row| row.document));
            let is_signed = rows.iter().filter(|row| row.state == EntryState::Signed);
            signed.extend(is_signed.map(|row| row.document));
        }
    }
    Ok((listed, signed))
}

/// The cases that the device shows as one citizen.
async fn citizens(device: &Device) -> Result<HashMap<SpaceId, BTreeSet<SpaceId>>, CheckError> {
    let filter = samspor_client_core::CaseFilter {
        closed: true,
        limit: u32::MAX,
        ..Default::default()
    };
    let rows = device.cases(filter).await?;
    let groups = rows.into_iter().map(|row| {
        (
            row.case,
            row.same_citizen.into_iter().chain([row.case]).collect(),
        )
    });
    Ok(groups.collect())
}
