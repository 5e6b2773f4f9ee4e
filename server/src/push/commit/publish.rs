//! What an admitted publish does: the new document's first change, then the fact that says so in the author's private
//! space, in entries of their own; the draft is closed with them.

use super::Batch;
use crate::{
    log::Seq,
    push::{
        admission::{self, Admitted, PublishQuestion},
        stage::Refusal,
    },
    store::{StoreError, Tx, bulk_chunks},
};
use samspor_documents::id::{DocumentId, FactId, PractitionerId};
use samspor_protocol::{
    fact::{FactBody, Published},
    reason::Reason,
    wire,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

/// `documents.state` of a draft that was published.
const SUPERSEDED: i64 = 2;

/// A draft that became a document.
pub(super) struct NewPublication {
    practitioner: PractitionerId,
    draft: DocumentId,
    document: DocumentId,
    seq: Seq,
}

impl Batch {
    /// Decides about a publish; its place in the log is the new document's.
    pub(super) fn publish(
        &mut self,
        asked: &PublishQuestion<'_>,
        change: &[u8],
    ) -> Result<Seq, Refusal> {
        let ground = match admission::admit_publish(&self.state, asked)? {
            Admitted::Already(seq) => return Ok(seq),
            Admitted::New { ground } => ground,
        };
        let author = asked.change.caller.practitioner;
        // Without a private space there is no draft either: such a practitioner is not one of this organisation.
        let private = self.state.spaces.get(&author.private_space()).copied();
        let private = private.ok_or(Refusal::new(
            Reason::NoAccess,
            "this device may not write there, or there is no such place",
        ))?;
        let seq = self.take_change(&asked.change, ground, change.to_vec());
        self.take_publication(asked, private, seq);
        Ok(seq)
    }

    fn take_publication(&mut self, asked: &PublishQuestion<'_>, private: i64, seq: Seq) {
        let caller = asked.change.caller;
        let (author, draft, document) = (caller.practitioner, asked.draft, asked.change.document);
        let body = wire::encode(&FactBody::Published(Published {
            draft,
            document,
            seen: asked.seen.to_vec(),
        }));
        // Named by its author: a draft's id that somebody else uses, too, is another fact.
        let id = FactId(Uuid::new_v5(&author.0, draft.as_bytes()));
        let fact_seq = self.next_seq();
        self.take_fact(fact_seq, id, author.private_space(), private, body);
        self.note_operation(caller, asked.operation, asked.change.space, seq);
        self.publications.push(NewPublication {
            practitioner: author,
            draft,
            document,
            seq,
        });
        self.state.publications.insert((author, draft), document);
        let own = self.state.documents.get_mut(&draft);
        if let Some(own) = own.filter(|own| own.space == author.private_space()) {
            own.state = SUPERSEDED;
            self.documents.entry(draft).or_insert(None);
        }
    }

    pub(super) async fn write_publications(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for chunk in bulk_chunks(&self.publications) {
            let mut insert =
                QueryBuilder::new("INSERT INTO publications (practitioner, draft, document, seq) ");
            insert.push_values(chunk, |mut row, new| {
                row.push_bind(new.practitioner.as_bytes().to_vec())
                    .push_bind(new.draft.as_bytes().to_vec())
                    .push_bind(new.document.as_bytes().to_vec())
                    .push_bind(new.seq);
            });
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }
}
