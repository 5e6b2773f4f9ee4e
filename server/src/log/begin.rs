//! The log's beginning: one row of state, the organisation's own space, private spaces that are missing.

use super::{Chain, private};
use crate::{
    access::GroundKind,
    store::{StoreError, Tx},
};
use samspor_documents::id::OrganisationId;

/// Begins the organisation's log where there is none; otherwise makes only the private spaces that an older program
/// did not make. `epoch` is random: a restored log gets another.
///
/// # Errors
/// `Unavailable` or `Query`; `Damaged` when the log is another organisation's.
pub async fn begin(
    tx: &mut Tx,
    organisation: OrganisationId,
    epoch: [u8; 16],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO log_state (only_row, organisation, epoch, head_seq, head_chain, safe_seq)
         VALUES (1, ?, ?, 0, ?, 0) ON CONFLICT (only_row) DO NOTHING",
    )
    .bind(organisation.as_bytes().to_vec())
    .bind(epoch.to_vec())
    .bind(Chain::START.0.to_vec())
    .execute(&mut **tx)
    .await?;
    sqlx::query("INSERT INTO projection (only_row, seq) VALUES (1, 0) ON CONFLICT DO NOTHING")
        .execute(&mut **tx)
        .await?;
    let stored: Vec<u8> =
        sqlx::query_scalar("SELECT organisation FROM log_state WHERE only_row = 1")
            .fetch_one(&mut **tx)
            .await?;
    if stored != organisation.as_bytes() {
        return Err(StoreError::Damaged {
            what: "log: it is another organisation's",
        });
    }
    open_ground(tx, GroundKind::Organisation, organisation.as_bytes()).await?;
    sqlx::query(
        "INSERT INTO spaces (space, ground, seq)
         SELECT team, ground, 0 FROM grounds WHERE team = ? AND kind = ? ON CONFLICT DO NOTHING",
    )
    .bind(organisation.as_bytes().to_vec())
    .bind(GroundKind::Organisation.code())
    .execute(&mut **tx)
    .await?;
    private::open_missing_private_spaces(tx).await
}

/// Makes a ground where there is none.
pub(super) async fn open_ground(
    tx: &mut Tx,
    kind: GroundKind,
    team: &[u8; 16],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO grounds (kind, team, last_seq, items, digest)
         VALUES (?, ?, 0, 0, zeroblob(16)) ON CONFLICT (team, kind) DO NOTHING",
    )
    .bind(kind.code())
    .bind(team.to_vec())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
