//! What may no longer be seen goes: documents, facts, rows. What this device wrote and nobody answered stays, and so do
//! its acknowledged operations until a backup covers them; but not how their fields read, which was not only its word.

use super::{
    apply::{Applying, tag_of},
    facts, meta, restrictions, sql, sweep,
};
use crate::error::DeviceError;
use samspor_documents::id::{DocumentId, FactId, SpaceId};
use samspor_protocol::{feed::Gone, repair::ItemId};
use sqlx::{AssertSqlSafe, Row as _};

/// Purges what a page says is gone.
pub(crate) async fn apply(applying: &mut Applying, gone: &[Gone]) -> Result<(), DeviceError> {
    if !gone.is_empty() {
        sweep::ask(&mut applying.tx).await?;
    }
    for one in gone {
        match one {
            Gone::Space(space) => purge_space(applying, *space).await?,
            Gone::Document(document) => purge_document(applying, *document).await?,
        }
    }
    Ok(())
}

/// Purges items that a repair found to be too much.
pub(crate) async fn purge_items(
    applying: &mut Applying,
    items: &[ItemId],
) -> Result<(), DeviceError> {
    if !items.is_empty() {
        sweep::ask(&mut applying.tx).await?;
    }
    for item in items {
        match item {
            ItemId::Document(document) => purge_document(applying, *document).await?,
            ItemId::Fact(fact) => purge_fact(applying, *fact).await?,
        }
    }
    Ok(())
}

/// The facts about one document: they go with it.
const ABOUT_DOCUMENT: &str = "SELECT tag FROM facts WHERE kind IN (6, 11) AND subject = ?";

/// An acknowledged operation without what is told of it.
const UNTOLD: &str =
    "UPDATE outbox SET written = json_remove(json_set(written, '$.fields', json('[]'),
   '$.title_da', '', '$.title_en', ''), '$.restriction') WHERE state = 1 AND ";

async fn purge_space(applying: &mut Applying, space: SpaceId) -> Result<(), DeviceError> {
    let id = space.as_bytes().as_slice();
    forget_tags(applying, "SELECT tag FROM documents WHERE space = ?", id).await?;
    forget_tags(applying, "SELECT tag FROM facts WHERE space = ?", id).await?;
    for sql in [
        "DELETE FROM changes WHERE document IN (SELECT document FROM documents WHERE space = ?)
         AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.document = changes.document AND o.hash = changes.hash)",
        "DELETE FROM signatures WHERE document IN (SELECT document FROM documents WHERE space = ?)",
        "DELETE FROM restrictions WHERE space = ?",
        "DELETE FROM documents WHERE space = ?",
        "DELETE FROM rows WHERE space = ?",
        "DELETE FROM found WHERE space = ?",
        "DELETE FROM cards WHERE space = ?",
        "DELETE FROM card_links WHERE space = ?",
        "DELETE FROM facts WHERE space = ?",
        "DELETE FROM spaces WHERE space = ?",
        "DELETE FROM circles WHERE circle = ?",
        "DELETE FROM shares WHERE space = ?",
        // A share's own space, in which its recipient is told of it.
        "DELETE FROM received WHERE share = ?",
        "DELETE FROM disclosed WHERE share = ?",
    ] {
        sqlx::query(sql).bind(id).execute(&mut *applying.tx).await?;
    }
    untell(applying, "space", id).await?;
    applying.received += 1;
    Ok(())
}

pub(super) async fn purge_document(
    applying: &mut Applying,
    document: DocumentId,
) -> Result<(), DeviceError> {
    let id = document.as_bytes().as_slice();
    forget_tags(applying, "SELECT tag FROM documents WHERE document = ?", id).await?;
    forget_tags(applying, ABOUT_DOCUMENT, id).await?;
    for sql in [
        "DELETE FROM changes WHERE document = ?
         AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.document = changes.document AND o.hash = changes.hash)",
        "DELETE FROM signatures WHERE document = ?",
        "DELETE FROM restrictions WHERE document = ?",
        "DELETE FROM documents WHERE document = ?",
        "DELETE FROM facts WHERE kind IN (6, 11) AND subject = ?",
        "DELETE FROM rows WHERE document = ?",
        "DELETE FROM found WHERE document = ?",
        "DELETE FROM card_links WHERE space IN (SELECT space FROM cards WHERE document = ?)",
        "DELETE FROM cards WHERE document = ?",
    ] {
        sqlx::query(sql).bind(id).execute(&mut *applying.tx).await?;
    }
    untell(applying, "document", id).await?;
    applying.received += 1;
    Ok(())
}

/// `column` says of which operations. What is one's own alone stays told: an edit of a draft may still come back as what
/// is left over of it.
async fn untell(
    applying: &mut Applying,
    column: &'static str,
    id: &[u8],
) -> Result<(), DeviceError> {
    let enrolment: Option<meta::Enrolment> =
        meta::get_cbor(&mut *applying.tx, meta::name::ENROLMENT).await?;
    let private = enrolment.map(|one| one.practitioner.private_space());
    let sql = format!("{UNTOLD}{column} = ? AND space IS NOT ?");
    sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .bind(private.map(|space| space.as_bytes().to_vec()))
        .execute(&mut *applying.tx)
        .await?;
    Ok(())
}

async fn purge_fact(applying: &mut Applying, fact: FactId) -> Result<(), DeviceError> {
    let id = fact.as_bytes().as_slice();
    forget_tags(applying, "SELECT tag FROM facts WHERE fact = ?", id).await?;
    let restricts = sqlx::query("SELECT subject FROM facts WHERE fact = ? AND kind = ?")
        .bind(id)
        .bind(facts::kind::RESTRICTION)
        .fetch_optional(&mut *applying.tx)
        .await?;
    for sql in [
        "DELETE FROM received WHERE share = (SELECT space FROM facts WHERE fact = ? AND kind = 10)",
        "DELETE FROM disclosed WHERE share = (SELECT space FROM facts WHERE fact = ? AND kind = 10)",
        "DELETE FROM shares WHERE share = (SELECT subject FROM facts WHERE fact = ? AND kind = 9)",
        "DELETE FROM facts WHERE fact = ?",
    ] {
        sqlx::query(sql).bind(id).execute(&mut *applying.tx).await?;
    }
    if let Some(row) = restricts {
        let document: DocumentId = sql::id(&row, 0)?;
        restrictions::settle(&mut applying.tx, &[document]).await?;
    }
    Ok(())
}

async fn forget_tags(
    applying: &mut Applying,
    sql: &'static str,
    id: &[u8],
) -> Result<(), DeviceError> {
    applying.has_purged = true;
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .fetch_all(&mut *applying.tx)
        .await?;
    for row in rows {
        if let Some(tag) = tag_of(row.try_get(0)?)? {
            applying.digest = applying.digest.without(tag);
        }
    }
    Ok(())
}
