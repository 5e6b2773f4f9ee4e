//! What a page shows beside names and entries: how fresh a child's record is, what waits in it, its cards.
//! Of cases that the reader may see only: the caller has them from `timeline`.

use crate::{
    devices::{Contact, contacts::COLUMNS as CONTACT},
    log::role_code,
    store::{StoreError, Tx, hex_list, id16},
    timeline::stored,
};
use samspor_documents::{
    id::{DeviceId, DocumentId, PractitionerId, SpaceId, TeamId},
    reading::Reading,
    time::UnixMillis,
};
use samspor_protocol::fact::Role;
use sqlx::Row as _;
use std::collections::HashMap;

/// How a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaseState {
    /// When its latest entry occurred that is not restricted.
    pub last_entry_at: Option<UnixMillis>,
    /// Fields that wait for a person to choose, in its entries and its card.
    pub conflicts: usize,
}

/// How these cases stand.
///
/// # Errors
/// The database cannot be read.
pub async fn states(
    tx: &mut Tx,
    cases: &[SpaceId],
) -> Result<HashMap<SpaceId, CaseState>, StoreError> {
    let rows = sqlx::query(
        "SELECT unhex(wanted.value) AS space,
           (SELECT t.occurred_at FROM timeline AS t WHERE t.space = unhex(wanted.value) AND t.kind = 1
              AND NOT EXISTS (SELECT 1 FROM restrictions AS x WHERE x.document = t.document AND x.restricted = 1)
             ORDER BY t.occurred_at DESC LIMIT 1) AS last_entry_at,
           (SELECT sum(conflicts) FROM timeline
             WHERE space = unhex(wanted.value) AND conflicts > 0) AS conflicts
         FROM json_each(?) AS wanted",
    )
    .bind(hex_list(cases.iter().map(SpaceId::as_bytes)))
    .fetch_all(&mut **tx)
    .await?;
    let mut states = HashMap::with_capacity(rows.len());
    for row in rows {
        let case = SpaceId::from_bytes(id16("case", row.try_get("space")?)?);
        let last: Option<i64> = row.try_get("last_entry_at")?;
        let conflicts: Option<i64> = row.try_get("conflicts")?;
        let state = CaseState {
            last_entry_at: last.map(UnixMillis),
            conflicts: usize::try_from(conflicts.unwrap_or(0)).unwrap_or(0),
        };
        states.insert(case, state);
    }
    Ok(states)
}

/// A card of one case.
#[derive(Debug, Clone, PartialEq)]
pub struct CardRow {
    /// Its document.
    pub document: DocumentId,
    /// Its case.
    pub case: SpaceId,
    /// The team whose case it is.
    pub team: TeamId,
    /// What it says.
    pub reading: Reading,
}

/// The cards of these cases.
///
/// # Errors
/// The database cannot be read, or a stored reading is damaged.
pub async fn cards(tx: &mut Tx, cases: &[SpaceId]) -> Result<Vec<CardRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT t.document, t.space, g.team, t.reading FROM json_each(?) AS wanted
         CROSS JOIN timeline AS t ON t.space = unhex(wanted.value) AND t.kind = 0
         CROSS JOIN grounds AS g ON g.ground = t.ground
         ORDER BY t.space, t.document",
    )
    .bind(hex_list(cases.iter().map(SpaceId::as_bytes)))
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            let reading: &[u8] = row.try_get("reading")?;
            Ok(CardRow {
                document: DocumentId::from_bytes(id16("card", row.try_get("document")?)?),
                case: SpaceId::from_bytes(id16("card", row.try_get("space")?)?),
                team: TeamId::from_bytes(id16("card", row.try_get("team")?)?),
                reading: stored::decode(reading)?,
            })
        })
        .collect()
}

/// How the device of a member of one of some teams stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// The device.
    pub device: DeviceId,
    /// Whose it is.
    pub practitioner: PractitionerId,
    /// When it was enrolled.
    pub enrolled_at: UnixMillis,
    /// When it was last heard of and how it stands, as it is written.
    pub contact: Contact,
}

/// The teams of which a practitioner is a coordinator.
///
/// # Errors
/// The database cannot be read.
pub async fn coordinated(
    tx: &mut Tx,
    practitioner: PractitionerId,
) -> Result<Vec<TeamId>, StoreError> {
    let teams: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT DISTINCT team FROM grants WHERE practitioner = ? AND role = ? AND until_seq IS NULL LIMIT ?",
    )
    .bind(practitioner.as_bytes().as_slice())
    .bind(role_code(Role::Coordinator))
    .bind(TEAMS_MAX)
    .fetch_all(&mut **tx)
    .await?;
    teams
        .iter()
        .map(|team| id16("team", team).map(TeamId::from_bytes))
        .collect()
}

/// Most teams that one practitioner coordinates.
const TEAMS_MAX: i64 = 200;
/// Most devices of one list.
const DEVICES_MAX: i64 = 200;

/// The devices that are in use by members of these teams, those that were silent longest first.
///
/// # Errors
/// The database cannot be read.
pub async fn devices(tx: &mut Tx, teams: &[TeamId]) -> Result<Vec<DeviceRow>, StoreError> {
    let sql = format!(
        "SELECT d.device, d.practitioner, d.enrolled_at, {CONTACT}
         FROM devices AS d LEFT JOIN device_contacts AS c ON c.device = d.device
         WHERE d.revoked_at IS NULL AND d.replaced_at IS NULL AND d.practitioner IN (
           SELECT g.practitioner FROM json_each(?) AS wanted
           CROSS JOIN grants AS g ON g.team = unhex(wanted.value) AND g.until_seq IS NULL)
         ORDER BY coalesce(c.last_contact_at, 0), d.device LIMIT ?"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(hex_list(teams.iter().map(TeamId::as_bytes)))
        .bind(DEVICES_MAX)
        .fetch_all(&mut **tx)
        .await?;
    rows.iter()
        .map(|row| {
            let practitioner = id16("device", row.try_get("practitioner")?)?;
            Ok(DeviceRow {
                device: DeviceId::from_bytes(id16("device", row.try_get("device")?)?),
                practitioner: PractitionerId::from_bytes(practitioner),
                enrolled_at: UnixMillis(row.try_get("enrolled_at")?),
                contact: Contact::of(row)?,
            })
        })
        .collect()
}
