//! Who signed a document, as far as this device knows it.
//!
//! The first signature is its author's, so a text that came by a page names its first signer without saying when.
//! Times are known of this device's own signatures, of co-signatures, and of what evidence showed.

use crate::{
    error::DeviceError,
    store::{
        Tx,
        apply::push_ids,
        facts::{self, kind},
        sql,
    },
    views::{EntryState, Signer, TimelineRow},
};
use samspor_documents::{
    id::{DocumentId, PractitionerId},
    time::UnixMillis,
};
use samspor_protocol::{
    fact::{CoSignature, FactBody},
    sign::TextSignature,
};
use sqlx::{QueryBuilder, Row as _, SqliteConnection};
use std::collections::HashMap;

/// Notes a signature made here that the server does not have yet.
pub(super) async fn note_own(
    tx: &mut Tx,
    document: DocumentId,
    signer: PractitionerId,
    signed_at: UnixMillis,
) -> Result<(), DeviceError> {
    sqlx::query(
        "INSERT INTO signatures (document, signer, signed_at, received) VALUES (?, ?, ?, 0)
         ON CONFLICT (document, signer) DO UPDATE SET signed_at = excluded.signed_at, received = 0",
    )
    .bind(document.as_bytes().as_slice())
    .bind(signer.as_bytes().as_slice())
    .bind(signed_at.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes signatures that evidence showed.
pub(crate) async fn remember(
    tx: &mut Tx,
    document: DocumentId,
    signatures: &[TextSignature],
) -> Result<(), DeviceError> {
    for chunk in signatures.chunks(sql::CHUNK) {
        let mut query =
            QueryBuilder::new("INSERT INTO signatures (document, signer, signed_at, received) ");
        query.push_values(chunk, |mut row, one| {
            row.push_bind(document.as_bytes().to_vec())
                .push_bind(one.signer.as_bytes().to_vec())
                .push_bind(one.signed_at.0)
                .push("1");
        });
        query.push(
            " ON CONFLICT (document, signer) DO UPDATE SET signed_at = excluded.signed_at, received = 1",
        );
        query.build().execute(&mut **tx).await?;
    }
    Ok(())
}

/// Whether this practitioner is known to have signed it beside its author.
pub(crate) async fn has_signed(
    db: &mut SqliteConnection,
    document: DocumentId,
    practitioner: PractitionerId,
) -> Result<bool, DeviceError> {
    let known = known(db, &[document]).await?;
    let signers = known.get(&document);
    Ok(signers.is_some_and(|all| all.iter().any(|one| one.practitioner == practitioner)))
}

/// Puts into rows of signed documents who signed them: the first signature first, then by time.
pub(crate) async fn add_signers(
    db: &mut SqliteConnection,
    rows: &mut [TimelineRow],
) -> Result<(), DeviceError> {
    let is_signed = |row: &TimelineRow| {
        matches!(
            row.state,
            EntryState::Signed | EntryState::SignedNotReceived
        )
    };
    let mut signed: Vec<&mut TimelineRow> = rows.iter_mut().filter(|row| is_signed(row)).collect();
    for chunk in signed.chunks_mut(sql::CHUNK) {
        let documents: Vec<DocumentId> = chunk.iter().map(|row| row.document).collect();
        let mut known = known(db, &documents).await?;
        for row in chunk {
            let signers = known.remove(&row.document).unwrap_or_default();
            row.signers = in_order(row.authors.first().copied(), signers);
        }
    }
    Ok(())
}

fn in_order(author: Option<PractitionerId>, mut signers: Vec<Signer>) -> Vec<Signer> {
    if let Some(practitioner) = author
        && !signers.iter().any(|one| one.practitioner == practitioner)
    {
        signers.push(Signer {
            practitioner,
            signed_at: None,
            received: true,
        });
    }
    signers.sort_by_key(|one| {
        let is_author = author == Some(one.practitioner);
        (!is_author, one.signed_at, one.practitioner)
    });
    signers
}

/// The signatures that are known of these documents, each signer once.
async fn known(
    db: &mut SqliteConnection,
    documents: &[DocumentId],
) -> Result<HashMap<DocumentId, Vec<Signer>>, DeviceError> {
    let mut known: HashMap<DocumentId, Vec<Signer>> = HashMap::new();
    let mut query = QueryBuilder::new(
        "SELECT document, signer, signed_at, received FROM signatures WHERE document IN (",
    );
    push_ids(&mut query, documents.iter().copied());
    for row in query.build().fetch_all(&mut *db).await? {
        known.entry(sql::id(&row, 0)?).or_default().push(Signer {
            practitioner: sql::id(&row, 1)?,
            signed_at: Some(UnixMillis(row.try_get(2)?)),
            received: row.try_get(3)?,
        });
    }
    for told in co_signatures(db, documents).await? {
        let signers = known.entry(told.document).or_default();
        signers.retain(|one| one.practitioner != told.signature.signer);
        signers.push(Signer {
            practitioner: told.signature.signer,
            signed_at: Some(told.signature.signed_at),
            received: true,
        });
    }
    Ok(known)
}

/// Co-signatures that facts told of.
async fn co_signatures(
    db: &mut SqliteConnection,
    documents: &[DocumentId],
) -> Result<Vec<CoSignature>, DeviceError> {
    let mut query = QueryBuilder::new("SELECT body FROM facts WHERE kind = ");
    query.push_bind(kind::CO_SIGNATURE);
    query.push(" AND subject IN (");
    push_ids(&mut query, documents.iter().copied());
    let mut found = Vec::new();
    for row in query.build().fetch_all(db).await? {
        if let FactBody::CoSignature(one) = facts::body(row.try_get(0)?)? {
            found.push(one);
        }
    }
    Ok(found)
}
