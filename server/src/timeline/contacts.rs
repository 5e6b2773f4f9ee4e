//! A child's planned contacts of which something has still to be done: those to come, those whose time has passed, and
//! those that were begun or held and that no entry names.

use super::stored;
use crate::{
    access::Visible,
    store::{StoreError, Tx, id16},
};
use samspor_documents::{
    contact::{ContactStanding, Statuses},
    id::{DocumentId, SpaceId, TeamId},
    reading::Reading,
    time::UnixMillis,
};
use std::collections::BTreeSet;

/// Most contacts of one case on a page.
const CASE_MAX: i64 = 50;

/// A planned contact.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRow {
    /// The document.
    pub document: DocumentId,
    /// The case it stands in.
    pub case: SpaceId,
    /// The team whose case it is.
    pub team: TeamId,
    /// When it is planned for.
    pub planned_at: UnixMillis,
    /// What its status says.
    pub statuses: Statuses,
    /// What it says, concurrent values included.
    pub reading: Reading,
}

impl ContactRow {
    /// How it stands at a time. No entry names it: else it were none of these.
    #[must_use]
    pub const fn standing(&self, now: UnixMillis) -> ContactStanding {
        ContactStanding::of(self.statuses, self.planned_at, false, now)
    }
}

/// Those of one case that are not done with, the first to come first.
pub(super) const UNDONE: &str = "SELECT t.document, t.ground, t.occurred_at, t.statuses, t.reading FROM timeline AS t
    WHERE t.space = ? AND t.kind = 3 AND t.statuses & ? <> 0
      AND NOT EXISTS (SELECT 1 FROM timeline AS e WHERE e.contact = t.document AND e.space = t.space)
    ORDER BY t.occurred_at, t.seq, t.document LIMIT ?";

type Row = (Vec<u8>, i64, i64, i64, Vec<u8>);

/// Those of these cases, the first to come first. Of a closed case nobody is reminded of what was to come; that a visit
/// was held and not written about is told all the same.
pub(super) async fn undone(
    tx: &mut Tx,
    visible: &Visible,
    cases: &BTreeSet<SpaceId>,
    closed: &BTreeSet<SpaceId>,
) -> Result<Vec<ContactRow>, StoreError> {
    let mut contacts = Vec::new();
    for case in cases {
        let rows: Vec<Row> = sqlx::query_as(UNDONE)
            .bind(case.as_bytes().to_vec())
            .bind(Statuses::UNDONE)
            .bind(CASE_MAX)
            .fetch_all(&mut **tx)
            .await?;
        for (document, ground, planned_at, statuses, reading) in rows {
            let Some(team) = visible.team_of(ground, *case) else {
                continue;
            };
            let contact = ContactRow {
                document: DocumentId::from_bytes(id16("timeline row", &document)?),
                case: *case,
                team,
                planned_at: UnixMillis(planned_at),
                statuses: Statuses::from_bits(statuses),
                reading: stored::decode(&reading)?,
            };
            let is_to_come = contact.standing(contact.planned_at).is_to_come();
            if !(is_to_come && closed.contains(case)) {
                contacts.push(contact);
            }
        }
    }
    contacts.sort_by_key(|contact| (contact.planned_at, contact.document));
    Ok(contacts)
}
