//! Signatures that were admitted, into their rows.

use super::signing::{Frozen, Signing};
use crate::{
    log::Seq,
    store::{StoreError, Tx, bulk_chunks, hex_list, id16, id32},
};
use samspor_documents::{
    id::{DocumentId, PractitionerId},
    time::UnixMillis,
};
use samspor_protocol::{hash::Hash32, push::Sign};
use sqlx::QueryBuilder;
use std::collections::{BTreeSet, HashMap};

/// A signature to be written.
pub(super) struct NewSignature {
    pub seq: Seq,
    pub document: DocumentId,
    pub sign: Sign,
    /// The entry that its text adds to.
    pub adds_to: Option<DocumentId>,
    /// Whether it froze the document: then its text is kept.
    pub is_first: bool,
}

/// Writes the texts and signatures of a batch.
pub(super) async fn write(
    tx: &mut Tx,
    signatures: &[NewSignature],
    now: UnixMillis,
) -> Result<(), StoreError> {
    let first: Vec<&NewSignature> = signatures.iter().filter(|new| new.is_first).collect();
    for chunk in bulk_chunks(&first) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO signed_texts (document, seq, hash, heads, adds_to, text) ",
        );
        insert.push_values(chunk, |mut row, new| {
            row.push_bind(new.document.as_bytes().to_vec())
                .push_bind(new.seq)
                .push_bind(Hash32::of(&new.sign.text).0.to_vec())
                .push_bind(joined(&new.sign.heads))
                .push_bind(new.adds_to.map(|entry| entry.as_bytes().to_vec()))
                .push_bind(new.sign.text.to_vec());
        });
        insert.build().execute(&mut **tx).await?;
    }
    for chunk in bulk_chunks(signatures) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO signatures (seq, document, signer, device, signed_at, received_at, signature) ",
        );
        insert.push_values(chunk, |mut row, new| {
            let signature = &new.sign.signature;
            row.push_bind(new.seq)
                .push_bind(new.document.as_bytes().to_vec())
                .push_bind(signature.signer.as_bytes().to_vec())
                .push_bind(signature.device.as_bytes().to_vec())
                .push_bind(signature.signed_at.0)
                .push_bind(now.0)
                .push_bind(signature.signature.to_vec());
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}

fn joined(heads: &[Hash32]) -> Vec<u8> {
    heads.iter().flat_map(|head| head.0).collect()
}

/// Heads as they are stored.
pub(crate) fn split(heads: &[u8]) -> Result<Vec<Hash32>, StoreError> {
    heads
        .chunks(32)
        .map(|head| id32("heads", head).map(Hash32))
        .collect()
}

/// Document, changes, author of the first one, text's hash, heads.
type SigningRow = (
    Vec<u8>,
    i64,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
);

/// These documents, as the admission of a signature sees them.
pub(super) async fn read(
    tx: &mut Tx,
    documents: &BTreeSet<DocumentId>,
) -> Result<HashMap<DocumentId, Signing>, StoreError> {
    let mut signing: HashMap<DocumentId, Signing> = documents
        .iter()
        .map(|document| (*document, Signing::default()))
        .collect();
    let wanted = hex_list(documents.iter().map(DocumentId::as_bytes));
    let rows: Vec<SigningRow> = sqlx::query_as(
        "SELECT d.document, (SELECT count(*) FROM changes AS c WHERE c.document = d.document),
                (SELECT c.author FROM changes AS c WHERE c.document = d.document ORDER BY c.seq LIMIT 1),
                s.hash, s.heads
         FROM json_each(?) AS wanted CROSS JOIN documents AS d ON d.document = unhex(wanted.value)
         LEFT JOIN signed_texts AS s ON s.document = d.document",
    )
    .bind(&wanted)
    .fetch_all(&mut **tx)
    .await?;
    for (document, changes, author, hash, heads) in rows {
        let known = Signing {
            changes,
            author: author.map(|author| practitioner(&author)).transpose()?,
            frozen: match (hash, heads) {
                (Some(hash), Some(heads)) => Some(Frozen {
                    text: Hash32(id32("signed text", &hash)?),
                    heads: split(&heads)?,
                }),
                _ => None,
            },
            signers: Vec::new(),
        };
        signing.insert(DocumentId::from_bytes(id16("document", &document)?), known);
    }
    let signers: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT s.document, s.signer FROM json_each(?) AS wanted
         CROSS JOIN signatures AS s ON s.document = unhex(wanted.value)",
    )
    .bind(&wanted)
    .fetch_all(&mut **tx)
    .await?;
    for (document, signer) in signers {
        let document = DocumentId::from_bytes(id16("signature", &document)?);
        let known = signing.entry(document).or_default();
        known.signers.push(practitioner(&signer)?);
    }
    Ok(signing)
}

/// Those of these documents that add to an entry: by their own signed text, or filed beside a copy of theirs.
pub(super) async fn read_additions(
    tx: &mut Tx,
    documents: &BTreeSet<DocumentId>,
) -> Result<BTreeSet<DocumentId>, StoreError> {
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT s.document FROM json_each(?1) AS wanted
         CROSS JOIN signed_texts AS s ON s.document = unhex(wanted.value) AND s.adds_to IS NOT NULL
         UNION SELECT i.id FROM json_each(?1) AS wanted
         CROSS JOIN items AS i ON i.kind = 1 AND i.id = unhex(wanted.value) AND i.with_entry IS NOT NULL",
    )
    .bind(hex_list(documents.iter().map(DocumentId::as_bytes)))
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|id| id16("signed text", id).map(DocumentId::from_bytes))
        .collect()
}

fn practitioner(bytes: &[u8]) -> Result<PractitionerId, StoreError> {
    Ok(PractitionerId::from_bytes(id16("practitioner", bytes)?))
}
