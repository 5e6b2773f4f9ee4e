//! Copies of other teams' signed records in cases here: by which disclosure each came, as facts told.

use super::{Store, Tx, apply::push_ids, facts, sql};
use crate::{
    error::DeviceError,
    views::{Disclosed, TimelineRow},
};
use samspor_documents::id::{DocumentId, SpaceId};
use samspor_protocol::{
    fact::FactBody,
    share::{Received, Shared},
};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};
use std::collections::{BTreeSet, HashMap};

/// Takes over disclosures that facts of a page told of.
pub(super) async fn insert_told(tx: &mut Tx, told: &[Received]) -> Result<(), DeviceError> {
    let copies: Vec<_> = told
        .iter()
        .filter_map(|one| {
            let share = one.shared.share;
            Some((share.filed(one.shared.terms.document?), share))
        })
        .collect();
    if copies.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO disclosed (document, share) ");
    query.push_values(copies, |mut row, (document, share)| {
        row.push_bind(document.as_bytes().to_vec())
            .push_bind(share.as_bytes().to_vec());
    });
    query.push(" ON CONFLICT (document) DO NOTHING");
    query.build().execute(&mut **tx).await?;
    Ok(())
}

/// Puts additions that were filed in these cases with the first copy, in the same case, of the entry that their texts
/// name. Where there is none, they name what stands elsewhere, and stand on their own.
pub(super) async fn stand_with_copies(
    tx: &mut Tx,
    cases: BTreeSet<SpaceId>,
) -> Result<(), DeviceError> {
    for case in cases {
        sqlx::query(
            "UPDATE rows SET adds_to = coalesce((SELECT e.document FROM rows e
               WHERE e.original = rows.names AND e.space = rows.space ORDER BY e.seq, e.document LIMIT 1), names)
             WHERE space = ? AND names IS NOT NULL",
        )
        .bind(case.as_bytes().as_slice())
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

fn disclosed(body: &[u8]) -> Result<Option<(Disclosed, String)>, DeviceError> {
    let FactBody::Received(Received { team, shared, .. }) = facts::body(body)? else {
        return Ok(None);
    };
    let Shared { by, terms, .. } = shared;
    let one = Disclosed {
        team,
        by,
        at: terms.shared_at,
        purpose: terms.purpose,
    };
    Ok(Some((one, terms.about)))
}

/// Puts into rows by which disclosure they came.
pub(super) async fn add_disclosed(
    db: &mut SqliteConnection,
    rows: &mut [TimelineRow],
) -> Result<(), DeviceError> {
    for chunk in rows.chunks_mut(sql::CHUNK) {
        let mut query = QueryBuilder::new(
            "SELECT x.document, f.body FROM disclosed x JOIN facts f ON f.kind = ",
        );
        query.push_bind(facts::kind::RECEIVED);
        query.push(" AND f.subject = x.share WHERE x.document IN (");
        push_ids(&mut query, chunk.iter().map(|row| row.document));
        let mut known: HashMap<DocumentId, Disclosed> = HashMap::new();
        for row in query.build().fetch_all(&mut *db).await? {
            if let Some((one, _)) = disclosed(row.try_get(1)?)? {
                known.insert(sql::id(&row, 0)?, one);
            }
        }
        for row in chunk {
            row.disclosed = known.remove(&row.document);
        }
    }
    Ok(())
}

impl Store {
    /// Whom a case is about that a disclosure opened, as it was told; none when nothing was disclosed into it.
    pub(crate) async fn disclosed_about(
        &self,
        case: SpaceId,
    ) -> Result<Option<String>, DeviceError> {
        let body: Option<Vec<u8>> = sqlx::query_scalar(
            "SELECT f.body FROM documents d CROSS JOIN disclosed x ON x.document = d.document
             CROSS JOIN facts f ON f.kind = ? AND f.subject = x.share
             WHERE d.space = ? ORDER BY x.share LIMIT 1",
        )
        .bind(facts::kind::RECEIVED)
        .bind(case.as_bytes().as_slice())
        .fetch_optional(self.read())
        .await?;
        let told = body.map(|body| disclosed(&body)).transpose()?.flatten();
        Ok(told.map(|(_, about)| about))
    }
}
