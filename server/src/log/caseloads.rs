//! Caseloads by assignment: when a team's are, and the scopes that its cases then are; assignments by the administration.

use super::Seq;
use crate::{
    access::GroundKind,
    store::{StoreError, Tx, id16},
};
use samspor_documents::id::{SpaceId, TeamId};
use samspor_protocol::{
    assignment::Assignment,
    fact::{Caseload, Team},
};

/// The ground and the team of a case.
///
/// # Errors
/// `Damaged` when there is no such case; `Unavailable` or `Query`.
pub(super) async fn cases_of(tx: &mut Tx, case: SpaceId) -> Result<(i64, TeamId), StoreError> {
    let found = find_case(tx, case).await?;
    found.ok_or(StoreError::Damaged {
        what: "fact: its case is not known",
    })
}

/// The ground and the team of a case, where there is one.
///
/// # Errors
/// `Unavailable` or `Query`.
pub(crate) async fn find_case(
    tx: &mut Tx,
    case: SpaceId,
) -> Result<Option<(i64, TeamId)>, StoreError> {
    let row: Option<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT g.ground, g.team FROM spaces AS s CROSS JOIN grounds AS g ON g.ground = s.ground
         WHERE s.space = ? AND s.told_only = 0 AND g.kind = ?",
    )
    .bind(case.as_bytes().to_vec())
    .bind(GroundKind::Cases.code())
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|(ground, team)| Ok((ground, TeamId::from_bytes(id16("ground", &team)?))))
        .transpose()
}

/// Whose the team's cases are within it, from this entry on. What stands already is left as it is.
pub(super) async fn set(tx: &mut Tx, team: &Team, seq: Seq) -> Result<(), StoreError> {
    let id = team.team.as_bytes().to_vec();
    let stands: Option<Seq> =
        sqlx::query_scalar("SELECT from_seq FROM caseloads WHERE team = ? AND until_seq IS NULL")
            .bind(id.clone())
            .fetch_optional(&mut **tx)
            .await?;
    match (team.caseload(), stands) {
        (Caseload::Assigned, None) => {
            sqlx::query("INSERT INTO caseloads (team, from_seq, until_seq) VALUES (?, ?, NULL)")
                .bind(id)
                .bind(seq)
                .execute(&mut **tx)
                .await?;
            make_scopes(tx, team.team, seq).await
        }
        (Caseload::WholeTeam, Some(_)) => {
            sqlx::query("UPDATE caseloads SET until_seq = ? WHERE team = ? AND until_seq IS NULL")
                .bind(seq)
                .bind(id)
                .execute(&mut **tx)
                .await?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What is to be a scope of a team whose caseload becomes by assignment: kind of its ground, whose, the ground of the
/// team's cases, what it covers.
const WANTED: &str = "
    SELECT 7 AS kind, s.space AS whose, g.ground AS cases, 1 AS cover
    FROM grounds AS g CROSS JOIN spaces AS s ON s.ground = g.ground AND s.told_only = 0
    WHERE g.team = ?1 AND g.kind = 2
    UNION ALL SELECT 8, g.team, g.ground, 2 FROM grounds AS g WHERE g.team = ?1 AND g.kind = 2";

async fn make_scopes(tx: &mut Tx, team: TeamId, seq: Seq) -> Result<(), StoreError> {
    let grounds = format!(
        "INSERT INTO grounds (kind, team, last_seq, items, digest)
         SELECT kind, whose, 0, 0, zeroblob(16) FROM ({WANTED}) WHERE true
         ON CONFLICT (team, kind) DO NOTHING"
    );
    sqlx::query(sqlx::AssertSqlSafe(grounds))
        .bind(team.as_bytes().to_vec())
        .execute(&mut **tx)
        .await?;
    let scopes = format!(
        "INSERT INTO scopes (ground, space, document, cases, since_seq, counted, cover)
         SELECT o.ground, wanted.whose, NULL, wanted.cases, ?2, 0, wanted.cover FROM ({WANTED}) AS wanted
         CROSS JOIN grounds AS o ON o.team = wanted.whose AND o.kind = wanted.kind WHERE true
         ON CONFLICT (ground) DO NOTHING"
    );
    sqlx::query(sqlx::AssertSqlSafe(scopes))
        .bind(team.as_bytes().to_vec())
        .bind(seq)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Assigns a case, or ends its assignment, at this entry. The scope of a case is there since its team needs it.
pub(super) async fn assign(
    tx: &mut Tx,
    assignment: &Assignment,
    seq: Seq,
    version: u32,
) -> Result<(), StoreError> {
    let (_, team) = cases_of(tx, assignment.case).await?;
    let case = assignment.case.as_bytes().to_vec();
    let practitioner = assignment.practitioner.as_bytes().to_vec();
    sqlx::query(
        "UPDATE assignments SET until_seq = ?, version = ?
         WHERE space = ? AND practitioner = ? AND until_seq IS NULL",
    )
    .bind(seq)
    .bind(i64::from(version))
    .bind(case.clone())
    .bind(practitioner.clone())
    .execute(&mut **tx)
    .await?;
    if assignment.ended {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO assignments (space, practitioner, from_seq, until_seq, team, version)
         VALUES (?, ?, ?, NULL, ?, ?)",
    )
    .bind(case)
    .bind(practitioner)
    .bind(seq)
    .bind(team.as_bytes().to_vec())
    .bind(i64::from(version))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
