//! Whose a team's cases are within it, and cases that nobody has. No case is read: a case is its id here.

use super::{Admin, AdminError, lists};
use crate::{
    clock, log,
    store::{StoreError, Tx, id16},
};
use samspor_documents::id::{PractitionerId, SpaceId, TeamId};
use samspor_protocol::{
    assignment::Assignment,
    fact::{Caseload, FactBody, Team},
};

/// No list is longer.
const ROWS_MAX: i64 = 10_000;

/// A case that is assigned to no member of its team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseRow {
    /// Its id.
    pub case: SpaceId,
    /// The team whose case it is.
    pub team: TeamId,
    /// Who had it last.
    pub last: Option<PractitionerId>,
}

/// Case, team, who had it last.
type Row = (Vec<u8>, Vec<u8>, Option<Vec<u8>>);

impl Admin {
    /// Sets whose a team's cases are within it, from now on. The same again changes nothing.
    ///
    /// # Errors
    /// `NoTeam`, `NoOrganisation`; else the database's.
    pub async fn set_caseload(&self, team: TeamId, caseload: Caseload) -> Result<(), AdminError> {
        let mut tx = self.opened.store.write().await?;
        let teams = lists::teams(&mut tx).await?;
        let known = teams.into_iter().find(|one| one.team == team);
        let known = known.ok_or(AdminError::NoTeam)?;
        if known.caseload == caseload {
            return Ok(());
        }
        let fact = FactBody::Team(Team {
            team,
            name: known.name,
            kind: known.kind,
            caseload: (caseload != Caseload::default()).then_some(caseload),
        });
        self.append(&mut tx, fact).await?;
        Ok(tx.commit().await.map_err(StoreError::from)?)
    }

    /// Assigns a case to a member of its team whose role opens cases. The same again changes nothing.
    ///
    /// # Errors
    /// `NoCase`, `NoPractitioner`, `NoMembership`, `RoleOpensNoCase`, `NoOrganisation`; else the database's.
    pub async fn assign(
        &self,
        case: SpaceId,
        practitioner: PractitionerId,
    ) -> Result<(), AdminError> {
        let mut tx = self.opened.store.write().await?;
        lists::must_know_practitioner(&mut tx, practitioner).await?;
        let found = log::find_case(&mut tx, case).await?;
        let (_, team) = found.ok_or(AdminError::NoCase)?;
        let memberships = lists::memberships(&mut tx).await?;
        let stands = memberships
            .iter()
            .find(|one| one.practitioner == practitioner && one.team == team && !one.ended);
        let role = stands.ok_or(AdminError::NoMembership)?.role;
        if !role.opens_cases() {
            return Err(AdminError::RoleOpensNoCase);
        }
        if is_assigned(&mut tx, case, practitioner).await? {
            return Ok(());
        }
        let fact = FactBody::Assignment(Assignment {
            case,
            practitioner,
            by: None,
            at: clock::now(),
            ended: false,
        });
        self.append(&mut tx, fact).await?;
        Ok(tx.commit().await.map_err(StoreError::from)?)
    }

    /// The cases that are assigned to no member of their team whose role opens cases, the oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn cases_with_nobody(&self) -> Result<Vec<CaseRow>, AdminError> {
        let mut tx = self.opened.store.read().await?;
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT s.space, g.team, (SELECT a.practitioner FROM assignments AS a WHERE a.space = s.space
                 ORDER BY a.until_seq IS NULL DESC, a.until_seq DESC LIMIT 1)
             FROM grounds AS g CROSS JOIN spaces AS s ON s.ground = g.ground AND s.told_only = 0
             WHERE g.kind = 2 AND NOT EXISTS (
                 SELECT 1 FROM assignments AS a
                 CROSS JOIN grants AS r ON r.practitioner = a.practitioner AND r.team = a.team
                     AND r.until_seq IS NULL AND r.role IN (0, 1)
                 WHERE a.space = s.space AND a.until_seq IS NULL)
             ORDER BY s.seq LIMIT ?",
        )
        .bind(ROWS_MAX)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::from)?;
        let row = |(case, team, last): Row| {
            let last = last.map(|last| id16("assignment", &last)).transpose()?;
            Ok(CaseRow {
                case: SpaceId::from_bytes(id16("space", &case)?),
                team: TeamId::from_bytes(id16("ground", &team)?),
                last: last.map(PractitionerId::from_bytes),
            })
        };
        rows.into_iter().map(row).collect()
    }
}

async fn is_assigned(
    tx: &mut Tx,
    case: SpaceId,
    practitioner: PractitionerId,
) -> Result<bool, StoreError> {
    let known: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM assignments WHERE space = ? AND practitioner = ? AND until_seq IS NULL",
    )
    .bind(case.as_bytes().to_vec())
    .bind(practitioner.as_bytes().to_vec())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(known.is_some())
}
