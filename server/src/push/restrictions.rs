//! Restrictions as admission sees them, read in sets under the log's lock: how often each document's was told of.

use super::{stage::Staged, state::Question};
use crate::{
    log,
    store::{StoreError, Tx, hex_list, id16},
};
use samspor_documents::id::{DocumentId, FactId, PractitionerId};
use samspor_protocol::{
    fact::FactBody,
    restrict::{Restrict, Restriction},
};
use std::collections::{BTreeSet, HashMap};

/// The newest versions of the facts that tell of restrictions; it grows by what is admitted.
#[derive(Debug, Default)]
pub(super) struct Restrictions {
    pub versions: HashMap<FactId, u32>,
}

/// The facts to look up.
#[derive(Default)]
pub(super) struct Keys(BTreeSet<FactId>);

/// The fact that tells of a document's restriction.
pub(super) fn fact(
    document: DocumentId,
    by: PractitionerId,
    said: &Restrict,
) -> (FactId, FactBody) {
    let body = FactBody::Restriction(Restriction {
        document,
        restricted: said.restricted,
        ground: said.ground.clone(),
        by,
        at: said.at,
    });
    (log::fact_id(&body), body)
}

impl Keys {
    pub(super) fn add(&mut self, question: &Question<'_>) {
        if let (Staged::Restrict { body, .. }, Some(document)) =
            (question.operation, question.group.document)
        {
            let (fact, _) = fact(document, question.caller.practitioner, body);
            self.0.insert(fact);
        }
    }
}

impl Restrictions {
    /// Reads what the keys name; nothing when there are none.
    pub(super) async fn read(tx: &mut Tx, keys: &Keys) -> Result<Self, StoreError> {
        let mut restrictions = Self::default();
        if keys.0.is_empty() {
            return Ok(restrictions);
        }
        let rows: Vec<(Vec<u8>, i64)> = sqlx::query_as(
            "SELECT f.fact, max(f.version) FROM json_each(?) AS wanted
             CROSS JOIN facts AS f ON f.fact = unhex(wanted.value) GROUP BY f.fact",
        )
        .bind(hex_list(keys.0.iter().map(FactId::as_bytes)))
        .fetch_all(&mut **tx)
        .await?;
        for (fact, version) in rows {
            let fact = FactId::from_bytes(id16("fact", &fact)?);
            let version = u32::try_from(version).unwrap_or(u32::MAX);
            restrictions.versions.insert(fact, version);
        }
        Ok(restrictions)
    }

    /// The version that a fact gets next.
    pub(super) fn next_version(&mut self, fact: FactId) -> u32 {
        let version = self.versions.entry(fact).or_default();
        *version = version.saturating_add(1);
        *version
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use samspor_documents::time::UnixMillis;

    #[test]
    fn one_document_has_one_fact_whoever_restricts_it_and_whatever_is_said() {
        let document = DocumentId::from_bytes([1; 16]);
        let said = |restricted, ground: &str, at| Restrict {
            restricted,
            ground: ground.to_owned(),
            at: UnixMillis(at),
        };
        let (one, _) = fact(
            document,
            PractitionerId::from_bytes([1; 16]),
            &said(true, "x", 1),
        );
        let (same, _) = fact(
            document,
            PractitionerId::from_bytes([2; 16]),
            &said(false, "y", 2),
        );
        let other = DocumentId::from_bytes([2; 16]);
        let (other, _) = fact(
            other,
            PractitionerId::from_bytes([1; 16]),
            &said(true, "x", 1),
        );
        assert_eq!(one, same);
        assert_ne!(one, other);
        let mut restrictions = Restrictions::default();
        let versions = [one, one, other].map(|fact| restrictions.next_version(fact));
        assert_eq!(versions, [1, 2, 1]);
    }
}
