//! What filed copies say: of which document each is a copy, and with which filed copy it stands.
//!
//! A text names documents of the case that it was written in. In the case that it is filed in, an addition stands with
//! the first copy there of the entry that it names, whichever of the two came first.

use super::{apply::Projected, read::TouchedDocument};
use crate::{
    log::Seq,
    store::{StoreError, Tx, id16},
};
use samspor_documents::{
    guard,
    id::{DocumentId, SpaceId},
    signed::SignedText,
    template::Templates,
};
use samspor_protocol::sign::SignedRecord;
use std::collections::HashMap;

/// What a filed text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FiledText {
    /// The document that was signed.
    pub original: DocumentId,
    /// What that one adds to.
    pub adds_to: Option<DocumentId>,
    /// The copy, in the same case, of what it adds to.
    pub entry: Option<DocumentId>,
    pub seq: Seq,
}

impl FiledText {
    /// Of a record; none when it is not one of this build's.
    pub(super) fn of(record: &[u8], seq: Seq, templates: &Templates) -> Option<Self> {
        let read = || {
            let record = SignedRecord::from_file(record).ok()?;
            let text = SignedText::decode(&record.text).ok()?;
            Some(Self {
                original: text.place().document,
                adds_to: text.reading(templates).adds_to(),
                entry: None,
                seq,
            })
        };
        guard::guarded(read).ok().flatten()
    }
}

/// Says of each filed addition with which copy it stands, where that is here: projected before, or in the same batch.
pub(super) async fn resolve(
    tx: &mut Tx,
    documents: &mut [TouchedDocument],
) -> Result<(), StoreError> {
    let mut here: HashMap<(SpaceId, DocumentId), (Seq, DocumentId)> = HashMap::new();
    for document in &*documents {
        if let Some(text) = document.filed.as_ref().and_then(|filed| filed.text) {
            let copy = (text.seq, document.document);
            let first = here.entry((document.space, text.original)).or_insert(copy);
            *first = copy.min(*first);
        }
    }
    for document in documents {
        let space = document.space;
        let Some(text) = document
            .filed
            .as_mut()
            .and_then(|filed| filed.text.as_mut())
        else {
            continue;
        };
        let Some(entry) = text.adds_to else { continue };
        let known = first_copy(tx, space, entry).await?;
        let new = || here.get(&(space, entry)).map(|(_, copy)| *copy);
        text.entry = known.or_else(new);
    }
    Ok(())
}

async fn first_copy(
    tx: &mut Tx,
    space: SpaceId,
    original: DocumentId,
) -> Result<Option<DocumentId>, StoreError> {
    let copy: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT document FROM filed_texts WHERE space = ? AND original = ? ORDER BY seq LIMIT 1",
    )
    .bind(space.as_bytes().to_vec())
    .bind(original.as_bytes().to_vec())
    .fetch_optional(&mut **tx)
    .await?;
    copy.map(|copy| id16("filed text", &copy).map(DocumentId::from_bytes))
        .transpose()
}

/// Notes what filed copies say, and puts additions that were filed before with the entry that comes now. Nothing of it
/// was open alone by then, so that no page tells of it.
pub(super) async fn write(tx: &mut Tx, documents: &[Projected]) -> Result<(), StoreError> {
    for document in documents {
        let Some(text) = document.filed else { continue };
        sqlx::query(
            "INSERT OR IGNORE INTO filed_texts (document, space, original, adds_to, seq) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(document.document.as_bytes().to_vec())
        .bind(document.space.as_bytes().to_vec())
        .bind(text.original.as_bytes().to_vec())
        .bind(text.adds_to.map(|entry| entry.as_bytes().to_vec()))
        .bind(text.seq)
        .execute(&mut **tx)
        .await?;
    }
    for document in documents {
        let Some(text) = document.filed else { continue };
        for sql in [
            // One that something was added to by then is an entry itself.
            "UPDATE items SET with_entry = ?1 WHERE with_entry IS NULL AND kind = 1 AND id IN
               (SELECT f.document FROM filed_texts AS f WHERE f.space = ?2 AND f.adds_to = ?3
                AND NOT EXISTS (SELECT 1 FROM items AS b WHERE b.with_entry = f.document))",
            "UPDATE items SET with_entry = ?1 WHERE with_entry IS NULL AND about IN
               (SELECT f.document FROM filed_texts AS f CROSS JOIN items AS a
                ON a.kind = 1 AND a.id = f.document AND a.with_entry = ?1
                WHERE f.space = ?2 AND f.adds_to = ?3)",
            "UPDATE timeline SET adds_to = ?1 WHERE adds_to = ?3 AND document IN
               (SELECT f.document FROM filed_texts AS f CROSS JOIN items AS a
                ON a.kind = 1 AND a.id = f.document AND a.with_entry = ?1
                WHERE f.space = ?2 AND f.adds_to = ?3)",
        ] {
            sqlx::query(sql)
                .bind(document.document.as_bytes().to_vec())
                .bind(document.space.as_bytes().to_vec())
                .bind(text.original.as_bytes().to_vec())
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}
