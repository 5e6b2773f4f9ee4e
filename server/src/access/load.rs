//! Reading histories of access from the database, many practitioners at once.

use super::{Ground, GroundKind, History};
use crate::{
    log::{Seq, role_of_code},
    store::{StoreError, Tx, hex_list, id16},
};
use samspor_documents::id::{PractitionerId, TeamId};
use samspor_protocol::tag::Digest;
use std::collections::HashMap;

type Row = (
    Option<Vec<u8>>,
    Option<Seq>,
    Option<Seq>,
    Option<i64>,
    i64,
    i64,
    Vec<u8>,
    Seq,
    i64,
    Vec<u8>,
);

const SQL: &str = "
    SELECT g.practitioner, g.from_seq, g.until_seq, g.role,
           c.ground, c.kind, c.team, c.last_seq, c.items, c.digest
    FROM json_each(?1) AS wanted
    CROSS JOIN grants AS g ON g.practitioner = unhex(wanted.value)
    CROSS JOIN grounds AS c ON c.team = g.team
    UNION ALL
    SELECT c.team, NULL, NULL, NULL, c.ground, c.kind, c.team, c.last_seq, c.items, c.digest
    FROM json_each(?1) AS wanted
    CROSS JOIN grounds AS c ON c.team = unhex(wanted.value) AND c.kind = 3
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, c.ground, c.kind, c.team, c.last_seq, c.items, c.digest
    FROM log_state AS s CROSS JOIN grounds AS c ON c.team = s.organisation AND c.kind = 0
    ORDER BY 1, 2";

fn ground(row: &Row) -> Result<Ground, StoreError> {
    let damaged = StoreError::Damaged { what: "ground" };
    Ok(Ground {
        ground: row.4,
        kind: GroundKind::of_code(row.5).ok_or(damaged)?,
        team: TeamId::from_bytes(id16("ground", &row.6)?),
        last_seq: row.7,
        items: row.8,
        digest: Digest::from_bytes(id16("ground", &row.9)?),
    })
}

/// The histories of these practitioners; one without any membership has the organisation's ground and their own only.
///
/// # Errors
/// `Unavailable`, `Query`, or `Damaged`.
pub async fn load(
    tx: &mut Tx,
    practitioners: &[PractitionerId],
) -> Result<HashMap<PractitionerId, History>, StoreError> {
    let wanted = hex_list(practitioners.iter().map(PractitionerId::as_bytes));
    let rows: Vec<Row> = sqlx::query_as(SQL)
        .bind(wanted)
        .fetch_all(&mut **tx)
        .await?;
    let mut histories: HashMap<PractitionerId, History> = practitioners
        .iter()
        .map(|one| (*one, History::default()))
        .collect();
    for row in &rows {
        let ground = ground(row)?;
        let Some(practitioner) = &row.0 else {
            histories
                .values_mut()
                .for_each(|history| history.add_for_ever(ground));
            continue;
        };
        let practitioner = PractitionerId::from_bytes(id16("grant", practitioner)?);
        let Some(history) = histories.get_mut(&practitioner) else {
            continue;
        };
        match (row.1, row.3) {
            (Some(from), Some(role)) => {
                let role = role_of_code(role).ok_or(StoreError::Damaged { what: "grant" })?;
                history.add_grant(ground, role, from, row.2);
            }
            _ => history.add_for_ever(ground),
        }
    }
    Ok(histories)
}

/// The history of one practitioner.
///
/// # Errors
/// As [`load`].
pub async fn load_one(tx: &mut Tx, practitioner: PractitionerId) -> Result<History, StoreError> {
    let mut histories = load(tx, &[practitioner]).await?;
    Ok(histories.remove(&practitioner).unwrap_or_default())
}

/// How far the projector has come: where reads are decided.
///
/// # Errors
/// `Unavailable` or `Query`.
pub async fn position(tx: &mut Tx) -> Result<Seq, StoreError> {
    let row: Option<Seq> = sqlx::query_scalar("SELECT seq FROM projection WHERE only_row = 1")
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.unwrap_or_default())
}
