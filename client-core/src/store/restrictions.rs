//! Restricted documents: which word holds, as of everything done here.
//!
//! A word of this device holds from the transaction that queues it. It gives way to a fact that stands later in the
//! log, and to what was told before when the server refuses it: the table is made anew from facts and outbox whenever
//! one of them changes.

use super::{Store, Tx, facts, meta, sql};
use crate::error::DeviceError;
use samspor_documents::id::{DocumentId, PractitionerId, SpaceId};
use samspor_protocol::{
    fact::FactBody,
    push::kind,
    restrict::{Restrict, Restriction},
    wire,
};
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

/// Whether the row `r` is restricted.
pub(super) const IS_RESTRICTED: &str =
    "EXISTS (SELECT 1 FROM restrictions x WHERE x.document = r.document AND x.restricted = 1)";

/// A signed document that is to be restricted.
pub(crate) struct Signed {
    pub(crate) space: SpaceId,
    pub(crate) template: String,
    pub(crate) title_da: String,
    pub(crate) title_en: String,
    /// The ground of the restriction that holds.
    pub(crate) restricted: Option<String>,
}

/// A document that can be restricted.
///
/// # Errors
/// `UnknownDocument`, `SetAside`; `EntryNotSigned` while it can be edited.
pub(crate) async fn signed(
    db: &mut SqliteConnection,
    document: DocumentId,
) -> Result<Signed, DeviceError> {
    let row = sqlx::query(
        "SELECT d.space, d.signed, d.aside IS NOT NULL, coalesce(r.template, ''), coalesce(r.title_da, ''),
           coalesce(r.title_en, ''), x.ground
         FROM documents d LEFT JOIN rows r ON r.document = d.document
         LEFT JOIN restrictions x ON x.document = d.document AND x.restricted = 1
         WHERE d.document = ? AND (d.signed > 0 OR r.document IS NOT NULL)",
    )
    .bind(document.as_bytes().as_slice())
    .fetch_optional(db)
    .await?
    .ok_or(DeviceError::UnknownDocument)?;
    if row.try_get(2)? {
        return Err(DeviceError::SetAside { document });
    }
    if row.try_get::<i64, _>(1)? == super::signed::state::OPEN {
        return Err(DeviceError::EntryNotSigned { document });
    }
    Ok(Signed {
        space: sql::id(&row, 0)?,
        template: row.try_get(3)?,
        title_da: row.try_get(4)?,
        title_en: row.try_get(5)?,
        restricted: row.try_get(6)?,
    })
}

/// Makes anew what holds for these documents.
pub(crate) async fn settle(tx: &mut Tx, documents: &[DocumentId]) -> Result<(), DeviceError> {
    for document in documents {
        settle_one(tx, *document).await?;
    }
    Ok(())
}

/// The same for those documents of the outbox on which a word was refused. `column` and `value` say of which.
pub(crate) async fn settle_own(
    tx: &mut Tx,
    column: &'static str,
    value: &[u8],
) -> Result<(), DeviceError> {
    let sql = format!(
        "SELECT DISTINCT document FROM outbox WHERE {column} = ? AND kind = ? AND state = 2 AND document IS NOT NULL"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(value)
        .bind(i64::from(kind::RESTRICT))
        .fetch_all(&mut **tx)
        .await?;
    let documents: Result<Vec<DocumentId>, _> = rows.iter().map(|row| sql::id(row, 0)).collect();
    settle(tx, &documents?).await
}

async fn settle_one(tx: &mut Tx, document: DocumentId) -> Result<(), DeviceError> {
    let told = told(tx, document).await?;
    let after = told.as_ref().map_or(0, |(_, _, seq)| *seq);
    let own = own(tx, document, after).await?;
    let Some((space, said)) = own.or_else(|| told.map(|(space, said, _)| (space, said))) else {
        sqlx::query("DELETE FROM restrictions WHERE document = ?")
            .bind(document.as_bytes().as_slice())
            .execute(&mut **tx)
            .await?;
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO restrictions (document, space, restricted, ground, said_by, said_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (document) DO UPDATE SET restricted = excluded.restricted, ground = excluded.ground,
           said_by = excluded.said_by, said_at = excluded.said_at",
    )
    .bind(document.as_bytes().as_slice())
    .bind(space.as_bytes().as_slice())
    .bind(said.restricted)
    .bind(said.ground)
    .bind(said.by.as_bytes().as_slice())
    .bind(said.at.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a fact says, and where in the log.
async fn told(
    tx: &mut Tx,
    document: DocumentId,
) -> Result<Option<(SpaceId, Restriction, i64)>, DeviceError> {
    let row = sqlx::query("SELECT space, body, seq FROM facts WHERE kind = ? AND subject = ?")
        .bind(facts::kind::RESTRICTION)
        .bind(document.as_bytes().as_slice())
        .fetch_optional(&mut **tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(match facts::body(row.try_get(1)?)? {
        FactBody::Restriction(said) => Some((sql::id(&row, 0)?, said, row.try_get(2)?)),
        _ => None,
    })
}

/// The last word of this device that waits, or was accepted after this place in the log.
async fn own(
    tx: &mut Tx,
    document: DocumentId,
    after: i64,
) -> Result<Option<(SpaceId, Restriction)>, DeviceError> {
    let row = sqlx::query(
        "SELECT space, coalesce(body, x'') FROM outbox
         WHERE document = ? AND kind = ? AND (state = 0 OR state = 1 AND seq > ?) ORDER BY n DESC LIMIT 1",
    )
    .bind(document.as_bytes().as_slice())
    .bind(i64::from(kind::RESTRICT))
    .bind(after)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let damaged = |_| DeviceError::Damaged {
        what: "restriction",
    };
    let said: Restrict = wire::decode("restriction", row.try_get(1)?).map_err(damaged)?;
    let enrolment: Option<meta::Enrolment> =
        meta::get_cbor(&mut **tx, meta::name::ENROLMENT).await?;
    let by: PractitionerId = enrolment.ok_or(DeviceError::NotEnrolled)?.practitioner;
    let said = Restriction {
        document,
        restricted: said.restricted,
        ground: said.ground,
        by,
        at: said.at,
    };
    Ok(Some((sql::id(&row, 0)?, said)))
}

impl Store {
    /// How many documents in these cases and circles are restricted.
    pub(crate) async fn restricted_in(&self, spaces: &[SpaceId]) -> Result<u64, DeviceError> {
        let mut count = 0;
        for space in spaces {
            let row =
                sqlx::query("SELECT count(*) FROM restrictions WHERE space = ? AND restricted = 1")
                    .bind(space.as_bytes().as_slice())
                    .fetch_one(self.read())
                    .await?;
            count += sql::count(&row, 0)?;
        }
        Ok(count)
    }
}
