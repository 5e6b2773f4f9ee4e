//! What is kept of a change that was just written: the change, the unsent work that it is, and the rows of lists, all in
//! one transaction. Everything but the writing itself is done before the store is asked for it.

use super::Device;
use crate::{
    error::DeviceError,
    store::{
        Tx, closings,
        document::{self, NewChange, state},
        index,
        outbox::{self, NewOperation},
        sql::{self, Script},
        writing::Writing,
    },
    views::Written,
};
use samspor_documents::{
    document::{ChangeHash, Edit},
    guard,
    id::{DocumentId, OperationId, SpaceId},
    reading::{FieldReading, FieldState, Reading},
    template::Language,
    time::UnixMillis,
};
use samspor_protocol::{
    fact::Seen,
    limits,
    push::{Publish, kind},
    wire,
};

/// A change that was just written, on its way into the store.
pub(super) struct Authored<'a> {
    pub(super) id: DocumentId,
    pub(super) space: SpaceId,
    /// What the document says with it.
    pub(super) reading: &'a Reading,
    pub(super) change: Vec<u8>,
    /// Of a change that began its document, and builds on nothing; else it is read from the change.
    pub(super) hash: Option<ChangeHash>,
    pub(super) edits: &'a [Edit],
    pub(super) written_at: UnixMillis,
    /// Its place in the log, when the server told it.
    pub(super) seq: Option<i64>,
    pub(super) is_new: bool,
    /// Whether it writes everything that the document says.
    pub(super) is_copy: bool,
    /// What it publishes, when it does.
    pub(super) publishes: Option<Publishing>,
}

/// A change with everything that is kept of it, ready to be written.
pub(super) struct Ready {
    script: Script,
    /// The rows of a document that was there before: what it was found by has to be looked up.
    changed: Option<index::RowsOf>,
}

impl Ready {
    /// Writes it. Whether it may be written is known.
    pub(super) async fn write(mut self, tx: &mut Tx) -> Result<(), DeviceError> {
        match self.changed {
            Some(rows) => index::write_rows_after(tx, self.script, vec![rows]).await,
            None => sql::run(tx, &mut self.script).await,
        }
    }

    /// The same of a new document, with the end of its transaction.
    pub(super) async fn commit(self, writing: Writing) -> Result<(), DeviceError> {
        writing.commit(self.script).await
    }
}

/// A publish on its way.
pub(super) struct Publishing {
    pub(super) draft: DocumentId,
    /// What of the draft the copy was made from.
    pub(super) seen: Vec<Seen>,
    pub(super) operation: OperationId,
}

impl Device {
    /// Keeps a change with its unsent work and its rows.
    pub(super) async fn keep(
        &self,
        tx: &mut Tx,
        authored: Authored<'_>,
    ) -> Result<(), DeviceError> {
        closings::check_open(tx, authored.space).await?;
        self.make_ready(authored)?.write(tx).await
    }

    /// Everything that is kept of a change, as far as the store is not needed.
    pub(super) fn make_ready(&self, authored: Authored<'_>) -> Result<Ready, DeviceError> {
        if authored.change.len() > limits::CHANGE_BYTES_MAX {
            return Err(DeviceError::TooLarge {
                limit: limits::CHANGE_BYTES_MAX,
            });
        }
        let (hash, deps) = match authored.hash {
            Some(hash) => (hash, Vec::new()),
            None => {
                let facts = guard::own_change(&authored.change, &limits::CHANGE)?;
                (facts.hash, facts.deps)
            }
        };
        let written = self.written(&authored);
        let rows = index::rows_of(authored.reading, &self.inner.templates(), authored.seq);
        let mut script = sql::script();
        if authored.is_new {
            document::push_local(&mut script, authored.id, authored.space);
        } else {
            document::push_indexed(&mut script, authored.id);
        }
        let (publishes, mut body) = (authored.publishes, None);
        if let Some(publishing) = &publishes {
            body = Some(wire::encode(&Publish {
                draft: publishing.draft,
                change: authored.change.clone().into(),
                seen: publishing.seen.clone(),
            }));
        }
        let operation = NewOperation {
            space: authored.space,
            document: Some(authored.id),
            kind: publishes.as_ref().map_or(kind::CHANGE, |_| kind::PUBLISH),
            operation: publishes.as_ref().map(|one| one.operation),
            hash: Some(hash),
            draft: publishes.as_ref().map(|one| one.draft),
            bytes: body.as_ref().unwrap_or(&authored.change).len(),
            body,
            queued_at: self.inner.options.token_clock.now(),
            written_at: authored.written_at,
            written,
        };
        outbox::push(&mut script, &operation)?;
        let change = NewChange {
            document: authored.id,
            hash,
            deps,
            own: true,
            state: state::OWN,
            body: authored.change,
        };
        document::push_changes(&mut script, [change]);
        let rows = (authored.id, authored.space, rows);
        let changed = if authored.is_new {
            index::push_begun(&mut script, rows);
            None
        } else {
            Some(rows)
        };
        Ok(Ready { script, changed })
    }

    /// What was typed, so that it can be read whatever happens to its document.
    fn written(&self, authored: &Authored<'_>) -> Written {
        let (reading, edits) = (authored.reading, authored.edits);
        let templates = self.inner.templates();
        let touched: Vec<&str> = edits.iter().filter_map(Edit::field).collect();
        let moved = edits.iter().any(|edit| matches!(edit, Edit::OccurredAt(_)));
        Written {
            template: reading.template.clone(),
            title_da: reading.title(&templates, Language::Danish),
            title_en: reading.title(&templates, Language::English),
            occurred_at: reading.occurred_at.filter(|_| authored.is_new || moved),
            fields: reading
                .fields
                .iter()
                .filter(|field| {
                    touched.contains(&field.name.as_str())
                        || authored.is_copy && field.state != FieldState::Empty
                })
                .cloned()
                .map(FieldReading::without_operations)
                .collect(),
            restriction: None,
        }
    }
}
