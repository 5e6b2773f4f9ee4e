//! Evidence: all that proves one signed document, as a file, on demand.
//!
//! Signatures and heads do not compress, so no page carries them. What may be read may be proven: who may not see the
//! document, or asks for one that is not signed, gets the answer for one that is not there.

use crate::{
    access,
    app::App,
    devices::{SELECT_DEVICE, device_of},
    feed::receipt,
    log::Seq,
    problem::Failure,
    push,
    store::{StoreError, Tx, id16},
    sync::Caller,
};
use samspor_documents::{
    id::{DeviceId, DocumentId, PractitionerId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::{
    certificate::DeviceCertificate,
    evidence::EvidenceRequest,
    hash::Hash32,
    limits,
    sign::{ServerReceipt, SignedRecord, TextSignature},
    wire,
};

/// A signed document as it stands.
struct Signed {
    text: Vec<u8>,
    heads: Vec<Hash32>,
    receipt: ServerReceipt,
}

/// Answers one request for evidence.
///
/// # Errors
/// `Malformed` for the request; `NotFound`; `Internal` or `Unavailable` when the database cannot be read.
pub async fn evidence(app: &App, caller: &Caller, body: &[u8]) -> Result<Vec<u8>, Failure> {
    let request: EvidenceRequest = wire::decode("evidence request", body)
        .map_err(|_| Failure::Malformed("the body is not a request for evidence"))?;
    app.core.end_due().await?;
    let mut tx = app.store.read().await?;
    if let Some(record) = filed(&mut tx, caller, request.document).await? {
        return Ok(record);
    }
    let signed = signed(app, &mut tx, caller, request.document).await?;
    let signed = signed.ok_or(Failure::NotFound)?;
    let mut signatures = signatures(&mut tx, request.document).await?.into_iter();
    let signature = signatures.next().ok_or(Failure::NotFound)?;
    let co_signatures: Vec<TextSignature> = signatures.collect();
    let mut certificates = vec![certificate(app, &mut tx, signature.device).await?];
    for other in &co_signatures {
        certificates.push(certificate(app, &mut tx, other.device).await?);
    }
    let record = SignedRecord {
        text: signed.text.into(),
        heads: signed.heads,
        signature,
        co_signatures,
        certificates,
        organisation_key: app.keys.public(),
        receipt: Some(signed.receipt),
    };
    Ok(record.to_file())
}

/// Space, ground, the entry that it stands with; the record.
type FiledRow = (Vec<u8>, i64, Option<Vec<u8>>, Vec<u8>);

/// The record of a copy that was disclosed, where it is projected and the caller may see it: it is its own evidence.
async fn filed(
    tx: &mut Tx,
    caller: &Caller,
    document: DocumentId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row: Option<FiledRow> = sqlx::query_as(
        "SELECT i.space, i.ground, i.with_entry, d.record FROM items AS i JOIN disclosures AS d ON d.document = i.id
         WHERE i.kind = 1 AND i.id = ? AND i.state = 1",
    )
    .bind(document.as_bytes().to_vec())
    .fetch_optional(&mut **tx)
    .await?;
    let Some((space, ground, with_entry, record)) = row else {
        return Ok(None);
    };
    let position = access::position(tx).await?;
    let history = access::load_one(tx, caller.practitioner, position).await?;
    let placed = placed(document, ground, &space, with_entry.as_deref())?;
    let is_seen = history.reads_document(&placed, position);
    Ok(is_seen.then_some(record))
}

fn placed(
    document: DocumentId,
    ground: i64,
    space: &[u8],
    with_entry: Option<&[u8]>,
) -> Result<access::Placed, StoreError> {
    let with_entry = with_entry.map(|entry| id16("item", entry)).transpose()?;
    Ok(access::Placed {
        ground,
        space: SpaceId::from_bytes(id16("item", space)?),
        document,
        with_entry: with_entry.map(DocumentId::from_bytes),
    })
}

/// Space, ground, the entry that it adds to; tag, time and place in the log; text and heads.
type SignedRow = (
    Vec<u8>,
    i64,
    Option<Vec<u8>>,
    Vec<u8>,
    i64,
    Seq,
    Vec<u8>,
    Vec<u8>,
);

/// The document, where it is signed, projected, and the caller may see it.
async fn signed(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    document: DocumentId,
) -> Result<Option<Signed>, StoreError> {
    let row: Option<SignedRow> = sqlx::query_as(
        "SELECT i.space, i.ground, i.with_entry, i.tag, i.received_at, i.last_seq, t.text, t.heads
         FROM items AS i JOIN signed_texts AS t ON t.document = i.id
         WHERE i.kind = 1 AND i.id = ? AND i.state = 1",
    )
    .bind(document.as_bytes().to_vec())
    .fetch_optional(&mut **tx)
    .await?;
    let position = access::position(tx).await?;
    let history = access::load_one(tx, caller.practitioner, position).await?;
    let Some((space, ground, with_entry, tag, received_at, seq, text, heads)) = row else {
        return Ok(None);
    };
    let placed = placed(document, ground, &space, with_entry.as_deref())?;
    if !history.reads_document(&placed, position) {
        return Ok(None);
    }
    let space = placed.space;
    let received_at = UnixMillis(received_at);
    let tag = id16("tag", &tag)?;
    let receipt = receipt::make(&app.core.secret, document, space, tag, received_at, seq);
    Ok(Some(Signed {
        text,
        heads: push::split_heads(&heads)?,
        receipt: ServerReceipt {
            seq: seq.to_wire(),
            received_at,
            receipt,
        },
    }))
}

/// Signer, device, time, signature.
type SignatureRow = (Vec<u8>, Vec<u8>, i64, Vec<u8>);

/// The first signature, then those of others in the order they came.
async fn signatures(tx: &mut Tx, document: DocumentId) -> Result<Vec<TextSignature>, StoreError> {
    let rows: Vec<SignatureRow> = sqlx::query_as(
        "SELECT signer, device, signed_at, signature FROM signatures
         WHERE document = ? ORDER BY seq LIMIT ?",
    )
    .bind(document.as_bytes().to_vec())
    .bind(i64::try_from(limits::CO_SIGNATURES_MAX + 1).unwrap_or(i64::MAX))
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|(signer, device, signed_at, signature)| {
            Ok(TextSignature {
                signer: PractitionerId::from_bytes(id16("signature", &signer)?),
                device: DeviceId::from_bytes(id16("signature", &device)?),
                signed_at: UnixMillis(signed_at),
                signature: signature
                    .try_into()
                    .map_err(|_| StoreError::Damaged { what: "signature" })?,
            })
        })
        .collect()
}

async fn certificate(
    app: &App,
    tx: &mut Tx,
    device: DeviceId,
) -> Result<DeviceCertificate, StoreError> {
    let row = sqlx::query(SELECT_DEVICE)
        .bind(device.as_bytes().to_vec())
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(StoreError::Damaged {
            what: "signature: its device is not known",
        })?;
    let certifier = app.keys.certifier(app.organisation);
    Ok(certifier.certify(&device_of(&row)?))
}
