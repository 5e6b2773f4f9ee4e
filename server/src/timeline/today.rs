//! What stands in a practitioner's day beside what is due: contacts that are planned for it in the cases that they may see, and
//! contacts of their own that lack what they must carry. From rows, by index.

use super::{ContactRow, restrictions::IS_RESTRICTED, stored, together, visible};
use crate::{
    access::Visible,
    store::{Store, StoreError, Tx, id16},
    sync::CoreError,
};
use samspor_documents::{
    contact::Statuses,
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    reading::{Completeness, Guide, Outstanding, Reading},
    time::UnixMillis,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most planned contacts of one day, and most contacts that are not complete, that a page tells.
const LIST_MAX: i64 = 500;

/// A contact of one's own that is not complete.
#[derive(Debug, Clone, PartialEq)]
pub struct IncompleteContact {
    /// The document.
    pub document: DocumentId,
    /// The case it stands in.
    pub case: SpaceId,
    /// The team whose case it is.
    pub team: TeamId,
    /// When it happened, as far as it says.
    pub occurred_at: UnixMillis,
    /// Until or since when something is outstanding.
    pub completeness: Completeness,
    /// What it says.
    pub reading: Reading,
}

type Planned = (Vec<u8>, Vec<u8>, i64, i64, i64, Vec<u8>);

/// Contacts on a team's ground.
pub(super) const PLANNED_BY_GROUND: &str =
    "SELECT t.document, t.space, t.ground, t.occurred_at, t.statuses, t.reading FROM json_each(?) AS wanted
     CROSS JOIN timeline AS t ON t.ground = wanted.value AND t.kind = 3
     WHERE t.occurred_at >= ? AND t.occurred_at < ? AND t.statuses & ? <> 0 LIMIT ?";
/// Contacts of some cases.
const PLANNED_BY_CASE: &str =
    "SELECT t.document, t.space, t.ground, t.occurred_at, t.statuses, t.reading FROM json_each(?) AS wanted
     CROSS JOIN timeline AS t ON t.space = unhex(wanted.value) AND t.kind = 3
     WHERE t.occurred_at >= ? AND t.occurred_at < ? AND t.statuses & ? <> 0 LIMIT ?";

/// The contacts that are planned from one time to another in cases that the reader may see and of which something has still to
/// be done, in order of time.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn planned(
    store: &Store,
    practitioner: PractitionerId,
    (from, to): (UnixMillis, UnixMillis),
) -> Result<Vec<ContactRow>, CoreError> {
    let mut tx = store.read().await?;
    let visible = visible(&mut tx, practitioner).await?;
    let parts = [
        (PLANNED_BY_GROUND, visible.grounds_list()),
        (PLANNED_BY_CASE, visible.cases_list()),
    ];
    let mut contacts: BTreeMap<(UnixMillis, DocumentId), ContactRow> = BTreeMap::new();
    for (sql, list) in parts {
        let rows: Vec<Planned> = sqlx::query_as(sql)
            .bind(list)
            .bind(from.0)
            .bind(to.0)
            .bind(Statuses::UNDONE)
            .bind(LIST_MAX)
            .fetch_all(&mut *tx)
            .await
            .map_err(StoreError::from)?;
        for row in rows {
            if let Some(contact) = contact(&visible, &row)? {
                contacts.insert((contact.planned_at, contact.document), contact);
            }
        }
    }
    Ok(contacts.into_values().collect())
}

fn contact(visible: &Visible, row: &Planned) -> Result<Option<ContactRow>, StoreError> {
    let (document, case, ground, planned_at, statuses, reading) = row;
    let case = SpaceId::from_bytes(id16("timeline row", case)?);
    let Some(team) = visible.team_of(*ground, case) else {
        return Ok(None);
    };
    Ok(Some(ContactRow {
        document: DocumentId::from_bytes(id16("timeline row", document)?),
        case,
        team,
        planned_at: UnixMillis(*planned_at),
        statuses: Statuses::from_bits(*statuses),
        reading: stored::decode(reading)?,
    }))
}

type Lacking = (Vec<u8>, i64, Vec<u8>, i64, i64, Vec<u8>);

/// One's own that are not complete.
pub(super) fn incomplete_sql() -> String {
    format!(
        "SELECT t.document, o.bits, t.space, t.ground, t.occurred_at, t.reading FROM outstanding AS o
         CROSS JOIN timeline AS t ON t.document = o.document
         WHERE o.practitioner = ? AND o.bits & ? <> 0 AND NOT {IS_RESTRICTED}
           AND NOT (EXISTS (SELECT 1 FROM signed_texts AS s WHERE s.document = t.document)
             AND EXISTS (SELECT 1 FROM timeline AS a WHERE a.adds_to = t.document))
         ORDER BY t.occurred_at, t.document LIMIT ?"
    )
}

/// The contacts that this practitioner wrote in, in cases that they may see, and that lack what this reading of the guide says
/// they must carry: those that happened first, first. What is signed stays until something is added to it; what is restricted
/// is left out.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn incomplete(
    store: &Store,
    practitioner: PractitionerId,
    guide: Guide,
    now: UnixMillis,
) -> Result<Vec<IncompleteContact>, CoreError> {
    let mut tx = store.read().await?;
    let visible = visible(&mut tx, practitioner).await?;
    let rows: Vec<Lacking> = sqlx::query_as(sqlx::AssertSqlSafe(incomplete_sql()))
        .bind(practitioner.as_bytes().to_vec())
        .bind(Outstanding::bit(guide))
        .bind(LIST_MAX)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::from)?;
    let mut contacts = Vec::new();
    for (document, bits, case, ground, occurred_at, reading) in rows {
        let case = SpaceId::from_bytes(id16("timeline row", &case)?);
        let Some(team) = visible.team_of(ground, case) else {
            continue;
        };
        let occurred_at = UnixMillis(occurred_at);
        let outstanding = Outstanding::from_bits(Some(bits));
        contacts.push(IncompleteContact {
            document: DocumentId::from_bytes(id16("timeline row", &document)?),
            case,
            team,
            occurred_at,
            completeness: outstanding.completeness(guide, occurred_at, now),
            reading: stored::decode(&reading)?,
        });
    }
    Ok(contacts)
}

/// Whose these cases are: the name on a card, as far as the reader may see it.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn names_of(
    store: &Store,
    practitioner: PractitionerId,
    cases: &BTreeSet<SpaceId>,
) -> Result<BTreeMap<SpaceId, String>, CoreError> {
    let mut tx: Tx = store.read().await?;
    let visible = visible(&mut tx, practitioner).await?;
    let cards = together::cards(&mut tx, &visible, cases).await?;
    let mut names = BTreeMap::new();
    for card in cards {
        names.entry(card.case).or_insert(card.view.name);
    }
    Ok(names)
}
