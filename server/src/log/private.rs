//! Private spaces: a ground and a space for every practitioner, made with their fact, and after the fact for those
//! who were there before private spaces were. Nothing is logged for it: that the space is there follows from the
//! practitioner's own entry.

use super::{Seq, begin::open_ground};
use crate::{
    access::GroundKind,
    store::{StoreError, Tx, hex_list},
};
use samspor_documents::id::PractitionerId;
use samspor_protocol::{fact::FactBody, wire};

/// Makes a practitioner's private space where there is none. `seq`: their fact's entry.
///
/// # Errors
/// `Unavailable` or `Query`.
pub(super) async fn open_private_space(
    tx: &mut Tx,
    practitioner: PractitionerId,
    seq: Seq,
) -> Result<(), StoreError> {
    open_ground(tx, GroundKind::Private, practitioner.as_bytes()).await?;
    sqlx::query(
        "INSERT INTO spaces (space, ground, seq)
         SELECT team, ground, ? FROM grounds WHERE team = ? AND kind = ? ON CONFLICT DO NOTHING",
    )
    .bind(seq)
    .bind(practitioner.as_bytes().to_vec())
    .bind(GroundKind::Private.code())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Makes the private spaces that are missing: of practitioners whose facts an older program logged. Where none is
/// missing it reads and writes nothing else.
///
/// # Errors
/// `Unavailable` or `Query`; `Damaged` for a fact that does not read.
pub(super) async fn open_missing_private_spaces(tx: &mut Tx) -> Result<(), StoreError> {
    let facts: Vec<(Seq, Vec<u8>)> = sqlx::query_as(
        "SELECT f.seq, f.body FROM grounds AS g CROSS JOIN facts AS f ON f.ground = g.ground
         WHERE g.kind = ? AND f.version = 1 ORDER BY f.seq",
    )
    .bind(GroundKind::Organisation.code())
    .fetch_all(&mut **tx)
    .await?;
    let mut known = Vec::new();
    for (seq, body) in facts {
        // A kind that a newer program has logged makes no private space here.
        if let Ok(FactBody::Practitioner(fact)) = wire::decode("fact", &body) {
            known.push((fact.practitioner, seq));
        }
    }
    let missing: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT unhex(wanted.value) FROM json_each(?) AS wanted
         WHERE NOT EXISTS (SELECT 1 FROM grounds AS g WHERE g.team = unhex(wanted.value) AND g.kind = ?)",
    )
    .bind(hex_list(known.iter().map(|(practitioner, _)| practitioner.as_bytes())))
    .bind(GroundKind::Private.code())
    .fetch_all(&mut **tx)
    .await?;
    for (practitioner, seq) in known {
        if missing.iter().any(|id| id == practitioner.as_bytes()) {
            open_private_space(tx, practitioner, seq).await?;
        }
    }
    Ok(())
}
