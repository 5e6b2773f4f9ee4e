//! What entries of a timeline were disclosed: copies of other teams' records, with who signed them and who disclosed them.

use super::SignedBy;
use crate::{
    push,
    store::{StoreError, Tx, hex_list, id16},
};
use samspor_documents::{
    id::{DocumentId, PractitionerId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::{share::Received, wire};
use std::collections::BTreeMap;

/// How an entry came to stand in a case that it was not written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosed {
    /// The team whose record it is.
    pub team: TeamId,
    /// Who disclosed it.
    pub by: PractitionerId,
    /// When, by their device.
    pub at: UnixMillis,
    /// What for.
    pub purpose: String,
}

/// Those of these documents that were disclosed, each with its signatures.
pub(super) async fn disclosed(
    tx: &mut Tx,
    documents: impl Iterator<Item = DocumentId>,
) -> Result<BTreeMap<DocumentId, (Disclosed, Vec<SignedBy>)>, StoreError> {
    let wanted: Vec<[u8; 16]> = documents.map(|one| *one.as_bytes()).collect();
    let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT d.document, d.told, d.record FROM json_each(?) AS wanted
         CROSS JOIN disclosures AS d ON d.document = unhex(wanted.value)",
    )
    .bind(hex_list(&wanted))
    .fetch_all(&mut **tx)
    .await?;
    let mut disclosed = BTreeMap::new();
    for (document, told, record) in rows {
        let damaged = StoreError::Damaged { what: "disclosure" };
        let Ok(Received { team, shared, .. }) = wire::decode("disclosure", &told) else {
            return Err(damaged);
        };
        let signatures = push::signatures_in(&record).ok_or(damaged)?;
        let signed = signatures.into_iter().map(|one| SignedBy {
            signer: one.signer,
            at: one.signed_at,
        });
        let one = Disclosed {
            team,
            by: shared.by,
            at: shared.terms.shared_at,
            purpose: shared.terms.purpose,
        };
        let document = DocumentId::from_bytes(id16("disclosure", &document)?);
        disclosed.insert(document, (one, signed.collect()));
    }
    Ok(disclosed)
}
