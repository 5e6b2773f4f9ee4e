//! What facts say of restrictions, where pages look for it.

use super::read::LoggedFact;
use crate::{
    log::Seq,
    store::{StoreError, Tx, bulk_chunks},
};
use samspor_documents::id::{DocumentId, SpaceId};
use samspor_protocol::fact::FactBody;
use sqlx::QueryBuilder;
use std::collections::BTreeMap;

/// The newest word on a document.
struct Word {
    space: SpaceId,
    restricted: bool,
    seq: Seq,
}

pub(super) async fn write(tx: &mut Tx, facts: &[LoggedFact]) -> Result<(), StoreError> {
    let mut words: BTreeMap<DocumentId, Word> = BTreeMap::new();
    // Facts come in log order: the last word stands.
    for fact in facts {
        if let Ok(FactBody::Restriction(said)) = fact.fact.read() {
            let word = Word {
                space: fact.fact.space,
                restricted: said.restricted,
                seq: fact.seq,
            };
            words.insert(said.document, word);
        }
    }
    let words: Vec<(DocumentId, Word)> = words.into_iter().collect();
    for chunk in bulk_chunks(&words) {
        let mut insert =
            QueryBuilder::new("INSERT INTO restrictions (document, space, restricted, seq) ");
        insert.push_values(chunk, |mut row, (document, word)| {
            row.push_bind(document.as_bytes().to_vec())
                .push_bind(word.space.as_bytes().to_vec())
                .push_bind(word.restricted)
                .push_bind(word.seq);
        });
        insert.push(
            " ON CONFLICT (document) DO UPDATE SET restricted = excluded.restricted, seq = excluded.seq",
        );
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}
