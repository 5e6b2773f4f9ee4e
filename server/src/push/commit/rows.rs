//! What a batch admitted, into its rows: written in sets, in the transaction that decided it.

use super::{
    super::{disclosures, signatures},
    Batch, stored,
};
use crate::{
    log::{self, Secret, Seq},
    store::{StoreError, Tx, bulk_chunks},
};
use sqlx::QueryBuilder;

impl Batch {
    /// Writes what was admitted; the new head of the log.
    pub(in crate::push) async fn write(
        mut self,
        tx: &mut Tx,
        secret: &Secret,
    ) -> Result<Seq, StoreError> {
        // What says again what is so already has a name to be remembered, and no entry.
        if self.entries.is_empty() && self.operations.is_empty() {
            return Ok(self.head.seq);
        }
        if !self.entries.is_empty() {
            log::append(tx, secret, &mut self.head, &self.entries).await?;
        }
        self.circles.write_grounds(tx).await?;
        self.write_spaces(tx).await?;
        self.circles.write_grants(tx).await?;
        self.shares.write(tx).await?;
        disclosures::write(tx, &self.disclosures).await?;
        self.assignments.write(tx).await?;
        self.circles.write_closings(tx).await?;
        log::insert_facts(tx, &self.facts).await?;
        self.write_documents(tx).await?;
        self.write_changes(tx).await?;
        self.write_actors(tx).await?;
        self.write_operations(tx).await?;
        self.write_publications(tx).await?;
        signatures::write(tx, &self.signatures, self.now).await?;
        Ok(self.head.seq)
    }

    async fn write_spaces(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for chunk in bulk_chunks(&self.spaces) {
            let mut insert = QueryBuilder::new("INSERT INTO spaces (space, ground, seq) ");
            insert.push_values(chunk, |mut row, new| {
                row.push_bind(new.space.as_bytes().to_vec())
                    .push_bind(new.ground)
                    .push_bind(new.seq);
            });
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }

    async fn write_operations(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for chunk in bulk_chunks(&self.operations) {
            let mut insert =
                QueryBuilder::new("INSERT INTO operations (device, operation, space, seq) ");
            insert.push_values(chunk, |mut row, new| {
                row.push_bind(new.device.as_bytes().to_vec())
                    .push_bind(new.operation.as_bytes().to_vec())
                    .push_bind(new.space.as_bytes().to_vec())
                    .push_bind(new.seq);
            });
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }

    async fn write_documents(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(self.documents.len());
        for (document, made) in &self.documents {
            if let Some(known) = self.state.documents.get(document) {
                rows.push((document, known, made));
            }
        }
        for chunk in bulk_chunks(&rows) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO documents (document, space, ground, device, state, first_seq, received_at, bytes) ",
            );
            insert.push_values(chunk, |mut row, (document, known, made)| {
                // What an existing document keeps is not overwritten below.
                let device = made
                    .as_ref()
                    .map_or([0; 16], |made| *made.device.as_bytes());
                let first_seq = made.as_ref().map_or(Seq::ZERO, |made| made.first_seq);
                row.push_bind(document.as_bytes().to_vec())
                    .push_bind(known.space.as_bytes().to_vec())
                    .push_bind(known.ground)
                    .push_bind(device.to_vec())
                    .push_bind(known.state)
                    .push_bind(first_seq)
                    .push_bind(self.now.0)
                    .push_bind(known.bytes);
            });
            insert.push(" ON CONFLICT (document) DO UPDATE SET bytes = excluded.bytes, state = excluded.state");
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }

    async fn write_changes(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for chunk in bulk_chunks(&self.changes) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO changes (seq, document, hash, actor, actor_seq, max_op, device, author, received_at, state, key_id, body) ",
            );
            insert.push_values(chunk, |mut row, new| {
                row.push_bind(new.seq)
                    .push_bind(new.document.as_bytes().to_vec())
                    .push_bind(new.hash.to_vec())
                    .push_bind(new.actor.clone())
                    .push_bind(new.actor_seq)
                    .push_bind(new.max_op)
                    .push_bind(new.device.as_bytes().to_vec())
                    .push_bind(new.author.as_bytes().to_vec())
                    .push_bind(self.now.0)
                    .push("0, NULL")
                    .push_bind(new.body.clone());
            });
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }

    async fn write_actors(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(self.actors.len());
        for key in self.actors.keys() {
            if let Some(binding) = self.state.actors.get(key) {
                rows.push((key, binding));
            }
        }
        for chunk in bulk_chunks(&rows) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO actors (document, actor, device, author, actor_seq) ",
            );
            insert.push_values(chunk, |mut row, ((document, actor), binding)| {
                row.push_bind(document.as_bytes().to_vec())
                    .push_bind(actor.clone())
                    .push_bind(binding.device.as_bytes().to_vec())
                    .push_bind(binding.author.as_bytes().to_vec())
                    .push_bind(stored(binding.actor_seq));
            });
            insert.push(
                " ON CONFLICT (document, actor) DO UPDATE SET actor_seq = excluded.actor_seq",
            );
            insert.build().execute(&mut **tx).await?;
        }
        Ok(())
    }
}
