//! Signed texts in the store: from its signature on a document is read from its text, and no document is loaded.
//!
//! A document that is signed here keeps its snapshot and changes until a page tells of the text: a refused signature
//! opens it again with everything in it. Who signed is known from this device's own signatures, from facts about
//! others', and from evidence that was asked for. What a page's texts do is in `apply`.

mod answers;
mod signers;

pub(crate) use answers::{put_back, receive, reopen_refused};
pub(crate) use signers::{add_signers, has_signed, remember};

use super::{
    Tx, document,
    index::{self, Rows},
    outbox::{self, NewOperation},
    sql,
};
use crate::{error::DeviceError, views::Written};
use samspor_documents::{
    id::{DocumentId, OperationId, PractitionerId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::push::kind;
use sqlx::{Row as _, SqliteConnection};

/// Whether a document is signed.
pub(crate) mod state {
    /// It is not.
    pub(crate) const OPEN: i64 = 0;
    /// It is, here; no page has told of it yet.
    pub(crate) const HERE: i64 = 1;
    /// It is, as a page told: the text is all there is.
    pub(crate) const TOLD: i64 = 2;
}

/// The text of a signed document.
pub(crate) struct Text {
    /// Where it lives.
    pub(crate) space: SpaceId,
    /// One of [`state`], never open.
    pub(crate) signed: i64,
    /// The canonical text.
    pub(crate) bytes: Vec<u8>,
    /// Whether it is set aside: it came damaged.
    pub(crate) is_aside: bool,
    /// Whether it is a copy that was disclosed: signed where it comes from.
    pub(crate) is_filed: bool,
}

/// The text of a document; none when it is open or not here.
pub(crate) async fn text(
    db: &mut SqliteConnection,
    document: DocumentId,
) -> Result<Option<Text>, DeviceError> {
    let row = sqlx::query(
        "SELECT space, signed, coalesce(text, x''), aside IS NOT NULL, record IS NOT NULL
         FROM documents WHERE document = ? AND signed > 0",
    )
    .bind(document.as_bytes().as_slice())
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Text {
            space: super::sql::id(&row, 0)?,
            signed: row.try_get(1)?,
            bytes: row.try_get(2)?,
            is_aside: row.try_get(3)?,
            is_filed: row.try_get(4)?,
        })
    })
    .transpose()
}

/// The record of a copy that was disclosed, as it came; none of any other document.
pub(crate) async fn record(
    db: &mut SqliteConnection,
    document: DocumentId,
) -> Result<Option<Vec<u8>>, DeviceError> {
    let record: Option<Option<Vec<u8>>> =
        sqlx::query_scalar("SELECT record FROM documents WHERE document = ?")
            .bind(document.as_bytes().as_slice())
            .fetch_optional(db)
            .await?;
    Ok(record.flatten())
}

/// The card that a text of this space names: the case's; none in a circle.
pub(crate) async fn card_at(
    tx: &mut Tx,
    space: SpaceId,
) -> Result<Option<DocumentId>, DeviceError> {
    let row = sqlx::query(
        "SELECT c.document FROM spaces s LEFT JOIN cards c ON c.space = s.space WHERE s.space = ?",
    )
    .bind(space.as_bytes().as_slice())
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let card = super::sql::id_opt(&row, 0)?;
    card.ok_or(DeviceError::UnknownCase).map(Some)
}

/// A signature that was just made here.
pub(crate) struct NewSignature {
    /// Of which document.
    pub(crate) document: DocumentId,
    /// Where it lives.
    pub(crate) space: SpaceId,
    /// Who signed.
    pub(crate) signer: PractitionerId,
    /// By the writer's clock.
    pub(crate) signed_at: UnixMillis,
    /// The operation's name.
    pub(crate) operation: OperationId,
    /// The operation's body.
    pub(crate) body: Vec<u8>,
    /// The machine's clock.
    pub(crate) queued_at: UnixMillis,
    /// What was signed, by its heading.
    pub(crate) written: Written,
}

/// Queues a signature and notes who signed. A signature that was refused before gives way to it: there was nothing
/// in it but the wish to sign.
pub(crate) async fn queue(tx: &mut Tx, new: NewSignature) -> Result<(), DeviceError> {
    sqlx::query("DELETE FROM outbox WHERE document = ? AND kind = ? AND state = 2")
        .bind(new.document.as_bytes().as_slice())
        .bind(i64::from(kind::SIGN))
        .execute(&mut **tx)
        .await?;
    signers::note_own(tx, new.document, new.signer, new.signed_at).await?;
    let operation = NewOperation {
        space: new.space,
        document: Some(new.document),
        kind: kind::SIGN,
        operation: Some(new.operation),
        hash: None,
        draft: None,
        bytes: new.body.len(),
        body: Some(new.body),
        queued_at: new.queued_at,
        written_at: new.signed_at,
        written: new.written,
    };
    outbox::insert(tx, &operation).await
}

/// From here on the document is this text, here; its rows are made from it in the same transaction.
pub(crate) async fn freeze(
    tx: &mut Tx,
    document: DocumentId,
    space: SpaceId,
    text: &[u8],
    rows: Rows,
) -> Result<(), DeviceError> {
    set_text(tx, document, text).await?;
    let mut script = sql::script();
    document::push_indexed(&mut script, document);
    index::write_rows_after(tx, script, vec![(document, space, rows)]).await
}

async fn set_text(tx: &mut Tx, document: DocumentId, text: &[u8]) -> Result<(), DeviceError> {
    sqlx::query("UPDATE documents SET signed = ?, text = ? WHERE document = ?")
        .bind(state::HERE)
        .bind(text)
        .bind(document.as_bytes().as_slice())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
