//! What is in the folder: teams, practitioners, memberships, devices. From the facts' newest versions.

use super::AdminError;
use crate::{
    devices::{Contact, contacts::COLUMNS as CONTACT, device_of},
    log::fact_id,
    store::{StoreError, Tx, id16},
};
use samspor_documents::{
    id::{DeviceId, FactId, PractitionerId, TeamId},
    name_order::sort_name,
    time::UnixMillis,
};
use samspor_protocol::{
    fact::{Caseload, FactBody, Membership, Practitioner, Role, Team, TeamKind},
    wire,
};
use sqlx::Row as _;

/// No list is longer.
const ROWS_MAX: i64 = 100_000;

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRow {
    /// Its id.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: TeamKind,
    /// Whose its cases are within it.
    pub caseload: Caseload,
}

/// A practitioner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PractitionerRow {
    /// Their id.
    pub practitioner: PractitionerId,
    /// Their name.
    pub name: String,
    /// Their title, may be empty.
    pub title: String,
}

/// A membership as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipRow {
    /// Who.
    pub practitioner: PractitionerId,
    /// Of which team.
    pub team: TeamId,
    /// As what.
    pub role: Role,
    /// Whether it has ended.
    pub ended: bool,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its id.
    pub device: DeviceId,
    /// Whose it is.
    pub practitioner: PractitionerId,
    /// When it was enrolled.
    pub enrolled_at: UnixMillis,
    /// When it was revoked.
    pub revoked_at: Option<UnixMillis>,
    /// When another device took its place.
    pub replaced_at: Option<UnixMillis>,
    /// Whose place it took.
    pub succeeds: Option<DeviceId>,
    /// When it was last heard of and how it stands, to within some seconds.
    pub contact: Contact,
}

/// The newest versions of the administration's facts; those of a kind that this build does not know are
/// passed over.
async fn facts(tx: &mut Tx) -> Result<Vec<FactBody>, StoreError> {
    let bodies: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT f.body FROM grounds AS g CROSS JOIN facts AS f ON f.ground = g.ground
         WHERE g.kind IN (0, 1)
         AND f.version = (SELECT max(version) FROM facts AS n WHERE n.fact = f.fact)
         ORDER BY f.seq LIMIT ?",
    )
    .bind(ROWS_MAX)
    .fetch_all(&mut **tx)
    .await?;
    Ok(bodies
        .iter()
        .filter_map(|body| wire::decode("fact", body).ok())
        .collect())
}

pub(super) async fn teams(tx: &mut Tx) -> Result<Vec<TeamRow>, StoreError> {
    let facts = facts(tx).await?.into_iter();
    let mut rows: Vec<TeamRow> = facts
        .filter_map(|fact| match fact {
            FactBody::Team(team) => Some(TeamRow {
                caseload: team.caseload(),
                team: team.team,
                name: team.name,
                kind: team.kind,
            }),
            _ => None,
        })
        .collect();
    rows.sort_by_cached_key(|row| (sort_name(&row.name), row.team));
    Ok(rows)
}

pub(super) async fn practitioners(tx: &mut Tx) -> Result<Vec<PractitionerRow>, StoreError> {
    let facts = facts(tx).await?.into_iter();
    let mut rows: Vec<PractitionerRow> = facts
        .filter_map(|fact| match fact {
            FactBody::Practitioner(Practitioner {
                practitioner,
                name,
                title,
            }) => Some(PractitionerRow {
                practitioner,
                name,
                title,
            }),
            _ => None,
        })
        .collect();
    rows.sort_by_cached_key(|row| (sort_name(&row.name), row.practitioner));
    Ok(rows)
}

pub(super) async fn memberships(tx: &mut Tx) -> Result<Vec<MembershipRow>, StoreError> {
    let facts = facts(tx).await?.into_iter();
    Ok(facts
        .filter_map(|fact| match fact {
            FactBody::Membership(Membership {
                practitioner,
                team,
                role,
                ended,
            }) => Some(MembershipRow {
                practitioner,
                team,
                role,
                ended,
            }),
            _ => None,
        })
        .collect())
}

async fn is_known(tx: &mut Tx, fact: FactId) -> Result<bool, StoreError> {
    let known: Option<i64> = sqlx::query_scalar("SELECT 1 FROM facts WHERE fact = ? LIMIT 1")
        .bind(fact.as_bytes().as_slice())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(known.is_some())
}

/// Refuses a practitioner that nobody added.
pub(super) async fn must_know_practitioner(
    tx: &mut Tx,
    practitioner: PractitionerId,
) -> Result<(), AdminError> {
    let id = fact_id(&FactBody::Practitioner(Practitioner {
        practitioner,
        name: String::new(),
        title: String::new(),
    }));
    let known = is_known(tx, id).await?;
    known.then_some(()).ok_or(AdminError::NoPractitioner)
}

/// Refuses a team that nobody added.
pub(super) async fn must_know_team(tx: &mut Tx, team: TeamId) -> Result<(), AdminError> {
    let id = fact_id(&FactBody::Team(Team {
        team,
        name: String::new(),
        kind: TeamKind::Other,
        caseload: None,
    }));
    let known = is_known(tx, id).await?;
    known.then_some(()).ok_or(AdminError::NoTeam)
}

pub(super) async fn devices(tx: &mut Tx) -> Result<Vec<DeviceRow>, StoreError> {
    let sql = format!(
        "SELECT d.device, d.practitioner, d.public_key, d.install, d.enrolled_at, d.revoked_at,
                d.replaced_at, s.predecessor, {CONTACT}
         FROM devices AS d LEFT JOIN device_contacts AS c ON c.device = d.device
         LEFT JOIN successions AS s ON s.device = d.device AND s.generation = 1
         ORDER BY d.enrolled_at, d.device LIMIT ?"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(ROWS_MAX)
        .fetch_all(&mut **tx)
        .await?;
    rows.iter()
        .map(|row| {
            let device = device_of(row)?;
            let succeeds: Option<Vec<u8>> = row.try_get("predecessor")?;
            let succeeds = succeeds.map(|id| id16("succession", &id)).transpose()?;
            Ok(DeviceRow {
                device: device.device,
                practitioner: device.practitioner,
                enrolled_at: device.enrolled_at,
                revoked_at: device.revoked_at,
                replaced_at: device.replaced_at,
                succeeds: succeeds.map(DeviceId::from_bytes),
                contact: Contact::of(row)?,
            })
        })
        .collect()
}

/// The address and pin under which the server was last started.
pub(super) async fn served(tx: &mut Tx) -> Result<Option<(String, Option<[u8; 32]>)>, StoreError> {
    let row = sqlx::query("SELECT url, pin FROM server_address WHERE one = 1")
        .fetch_optional(&mut **tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let pin: Option<Vec<u8>> = row.try_get("pin")?;
    let pin = pin.map(|pin| crate::store::id32("pin", &pin)).transpose()?;
    Ok(Some((row.try_get("url")?, pin)))
}
