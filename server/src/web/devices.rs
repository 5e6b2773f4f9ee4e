//! Beside the list of children: which devices of a team are behind, for that team's coordinators only.
//!
//! Who, when it was last in contact, when it last had everything, and what it says waits on it. No records, and no
//! count of anything about a citizen.

use super::{
    language::Language,
    rows::{self, DeviceRow},
    view::{Reader, TimeView},
};
use crate::{app::App, store::StoreError};
use samspor_documents::id::PractitionerId;

/// A device that was silent, or not up to date, for longer is marked.
const SILENT_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// One device.
pub(super) struct DeviceView {
    /// Whose it is.
    pub person: String,
    /// When it was last in contact.
    pub last_contact: Option<TimeView>,
    /// Whether that is long ago.
    pub silent: bool,
    /// When it last had everything.
    pub up_to_date: Option<TimeView>,
    /// Whether it is in contact and has not had everything for long.
    pub behind: bool,
    /// What waits on it to be sent, in words; empty when nothing does.
    pub waiting: String,
    /// Since when the oldest of that waits.
    pub oldest: Option<TimeView>,
}

/// The devices of the teams that this practitioner coordinates, those that were silent longest first.
pub(super) async fn of_teams(
    app: &App,
    reader: &Reader<'_>,
    practitioner: PractitionerId,
) -> Result<Vec<DeviceView>, StoreError> {
    let mut tx = app.store.read().await?;
    let teams = rows::coordinated(&mut tx, practitioner).await?;
    let rows = rows::devices(&mut tx, &teams).await?;
    drop(tx);
    Ok(rows.iter().map(|row| view(app, reader, row)).collect())
}

fn view(app: &App, reader: &Reader<'_>, row: &DeviceRow) -> DeviceView {
    let contact = app.devices.contacts.newest(row.device, row.contact);
    let is_old = |millis: i64| millis > SILENT_MILLIS;
    let silent = contact
        .last_contact_at
        .is_none_or(|at| is_old(reader.now.since(at)));
    let told = contact.told.filter(|told| told.waiting > 0);
    DeviceView {
        person: reader.person(row.practitioner),
        last_contact: contact.last_contact_at.map(|at| reader.recent(at)),
        silent,
        up_to_date: contact.up_to_date_at.map(|at| reader.recent(at)),
        behind: !silent && is_old(contact.behind_millis(row.enrolled_at, reader.now)),
        waiting: told.map_or_else(String::new, |told| waiting(told.waiting, reader.language)),
        oldest: told
            .and_then(|told| told.oldest_waiting_at)
            .map(|at| reader.recent(at)),
    }
}

fn waiting(count: u32, language: Language) -> String {
    format!("{count} {}", language.texts().not_delivered)
}
