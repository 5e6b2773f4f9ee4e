//! Restricted entries: they stand, and are left out unless a reader asks for them.

use super::Before;
use crate::store::{StoreError, Tx, hex_list, id16};
use samspor_documents::id::{DocumentId, SpaceId};
use samspor_protocol::{fact::FactBody, restrict::Restriction, wire};
use std::collections::{BTreeMap, BTreeSet};

/// Whether the row `t` is restricted.
pub(super) const IS_RESTRICTED: &str =
    "EXISTS (SELECT 1 FROM restrictions AS x WHERE x.document = t.document AND x.restricted = 1)";

/// How many entries and additions of these cases are restricted.
pub(super) async fn count(tx: &mut Tx, cases: &BTreeSet<SpaceId>) -> Result<usize, StoreError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM json_each(?) AS wanted
         CROSS JOIN restrictions AS r ON r.space = unhex(wanted.value) AND r.restricted = 1
         CROSS JOIN timeline AS t ON t.document = r.document AND t.kind = 1",
    )
    .bind(hex_list(cases.iter().map(SpaceId::as_bytes)))
    .fetch_one(&mut **tx)
    .await?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// What was said of those of these documents that are restricted.
pub(super) async fn said(
    tx: &mut Tx,
    places: &[Before],
) -> Result<BTreeMap<DocumentId, Restriction>, StoreError> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT r.document, f.body FROM json_each(?) AS wanted
         CROSS JOIN restrictions AS r ON r.document = unhex(wanted.value) AND r.restricted = 1
         CROSS JOIN facts AS f ON f.seq = r.seq",
    )
    .bind(hex_list(
        places.iter().map(|place| place.document.as_bytes()),
    ))
    .fetch_all(&mut **tx)
    .await?;
    let mut said = BTreeMap::new();
    for (document, body) in rows {
        let damaged = || StoreError::Damaged { what: "fact" };
        if let FactBody::Restriction(one) = wire::decode("fact", &body).map_err(|_| damaged())? {
            let document = DocumentId::from_bytes(id16("restriction", &document)?);
            said.insert(document, one);
        }
    }
    Ok(said)
}
