//! The projector's task: one batch after the other, then waiting for the log to grow.

use super::{
    Heads, again,
    apply::{self, Projected, With},
    filed,
    read::{self, LoggedFact, Work},
    restrictions, rows, scopes, sums, write,
};
use crate::{
    access,
    log::{Secret, Seq},
    store::{Store, StoreError},
};
use samspor_documents::time::UnixMillis;
use samspor_protocol::fact::FactBody;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, watch},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

/// How often the log is looked at when this process has appended nothing: another one may have.
const POLL_INTERVAL: Duration = Duration::from_millis(250);
/// How long to wait after a failure before trying the same batch again.
const RETRY_INTERVAL: Duration = Duration::from_millis(1000);

/// The running projector.
pub struct Projector {
    heads: watch::Receiver<Arc<Heads>>,
    task: Mutex<Option<JoinHandle<()>>>,
    stop: CancellationToken,
}

impl Projector {
    /// What was projected last.
    #[must_use]
    pub fn heads(&self) -> watch::Receiver<Arc<Heads>> {
        self.heads.clone()
    }

    /// Lets the batch under way finish, and ends.
    pub async fn stop(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }
}

impl Drop for Projector {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Starts the projector where it stopped. `logged` changes when this process has appended.
pub(crate) async fn start(
    store: Store,
    secret: Secret,
    logged: watch::Receiver<Seq>,
) -> Result<Projector, StoreError> {
    let heads = read_heads(&store).await?;
    let (sender, receiver) = watch::channel(Arc::new(heads));
    let stop = CancellationToken::new();
    let task = Task {
        store,
        secret,
        logged,
        heads: sender,
        stop: stop.clone(),
        old_after: Some(Vec::new()),
    };
    Ok(Projector {
        heads: receiver,
        task: Mutex::new(Some(tokio::spawn(task.run()))),
        stop,
    })
}

async fn read_heads(store: &Store) -> Result<Heads, StoreError> {
    let mut tx = store.read().await?;
    let position = access::position(&mut tx).await?;
    let grounds: Vec<(i64, Seq)> = sqlx::query_as("SELECT ground, last_seq FROM grounds")
        .fetch_all(&mut *tx)
        .await?;
    Ok(Heads {
        position,
        grants: position,
        shares: position,
        due: scopes::due(&mut tx).await?,
        grounds: grounds.into_iter().collect(),
    })
}

struct Task {
    store: Store,
    secret: Secret,
    logged: watch::Receiver<Seq>,
    heads: watch::Sender<Arc<Heads>>,
    stop: CancellationToken,
    /// After which document rows by an earlier version may stand; none when there are no more.
    old_after: Option<Vec<u8>>,
}

/// A batch, applied.
struct Batch {
    upto: Seq,
    documents: Vec<Projected>,
    facts: Vec<LoggedFact>,
    items: Vec<sums::NewItem>,
    closings: Vec<read::Closed>,
    movements: std::collections::BTreeMap<i64, sums::Movement>,
}

fn project(with: &With, work: Work) -> Batch {
    let documents: Vec<Projected> = work
        .documents
        .into_iter()
        .map(|touched| apply::apply(with, touched))
        .collect();
    let items = sums::new_items(&documents, &work.facts, &work.closed, &work.items);
    let closings = sums::closings(&work.closed, &items, &work.items);
    let movements = sums::movements(&items, &closings, &work.items, &documents, &work.scopes);
    Batch {
        upto: work.upto,
        documents,
        facts: work.facts,
        items,
        closings,
        movements,
    }
}

fn begins_or_ends_grant(fact: &LoggedFact) -> bool {
    matches!(
        fact.fact.read(),
        Ok(FactBody::Membership(_)
            | FactBody::Participant(_)
            | FactBody::Team(_)
            | FactBody::Assignment(_))
    )
}

fn is_about_share(fact: &LoggedFact) -> bool {
    matches!(fact.fact.read(), Ok(FactBody::Shared(_)))
}

/// Whether a scope may be counted from it on.
fn begins_scope(fact: &LoggedFact) -> bool {
    matches!(
        fact.fact.read(),
        Ok(FactBody::Shared(_) | FactBody::Team(_) | FactBody::Space(_))
    )
}

/// What was written beside the batch itself.
#[derive(Default)]
struct Written {
    /// The scopes that are counted from here on, with all that stands in them.
    scopes: std::collections::BTreeMap<i64, sums::Movement>,
    /// The newest entry about a share, and when the next share ends by itself.
    share: Option<(Seq, Option<UnixMillis>)>,
}

impl Task {
    async fn run(mut self) {
        while !self.stop.is_cancelled() {
            let pause = match self.step().await {
                Ok(true) => continue,
                Ok(false) => POLL_INTERVAL,
                Err(error) => {
                    tracing::error!(%error, source = ?std::error::Error::source(&error), "the projector failed; it tries again");
                    RETRY_INTERVAL
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
                changed = self.logged.changed() => {
                    if changed.is_err() {
                        // The writer has ended; what others append is still followed.
                        tokio::select! {
                            () = self.stop.cancelled() => {}
                            () = tokio::time::sleep(pause) => {}
                        }
                    }
                }
            }
        }
    }

    /// Projects the next batch; false when there is none.
    async fn step(&mut self) -> Result<bool, StoreError> {
        let position = self.heads.borrow().position;
        let mut tx = self.store.read().await?;
        let templates = self.store.templates(&mut tx).await?;
        let work = read::read(&mut tx, position, &templates).await?;
        drop(tx);
        let with = With {
            secret: self.secret.clone(),
            templates,
        };
        let Some(work) = work else {
            return self.make_again(&with, position).await;
        };
        for template in again::told(&work.facts) {
            again::render(&self.store, &with, position, &template).await?;
        }
        let batch = tokio::task::spawn_blocking(move || project(&with, work))
            .await
            .map_err(|_| StoreError::Damaged {
                what: "batch: projecting it failed",
            })?;
        if let Some(written) = self.write(position, &batch).await? {
            self.tell(&batch, written);
        } else {
            // Another server on the same folder has projected it: go on from where that one stands.
            self.heads
                .send_replace(Arc::new(read_heads(&self.store).await?));
        }
        Ok(true)
    }

    /// Makes some rows again that an earlier version made; false when there are none.
    async fn make_again(&mut self, with: &With, position: Seq) -> Result<bool, StoreError> {
        let Some(after) = &self.old_after else {
            return Ok(false);
        };
        self.old_after = again::render_next(&self.store, with, position, after).await?;
        Ok(self.old_after.is_some())
    }

    /// Writes a batch; none, and nothing written, when the projection has moved meanwhile.
    async fn write(&self, position: Seq, batch: &Batch) -> Result<Option<Written>, StoreError> {
        let mut tx = self.store.write().await?;
        if !write::move_position(&mut tx, position, batch.upto).await? {
            return Ok(None);
        }
        write::write_snapshots(&mut tx, &batch.documents).await?;
        write::write_aside(&mut tx, &batch.documents).await?;
        rows::write_rows(&mut tx, &batch.documents).await?;
        restrictions::write(&mut tx, &batch.facts).await?;
        write::write_items(&mut tx, &batch.items).await?;
        filed::write(&mut tx, &batch.documents).await?;
        write::write_closings(&mut tx, &batch.closings).await?;
        write::write_sums(&mut tx, &batch.movements).await?;
        let mut written = Written::default();
        if batch.facts.iter().any(begins_scope) {
            written.scopes = scopes::count_new(&mut tx, batch.upto).await?;
            write::write_sums(&mut tx, &written.scopes).await?;
        }
        if let Some(share) = batch.facts.iter().rev().find(|one| is_about_share(one)) {
            written.share = Some((share.seq, scopes::due(&mut tx).await?));
        }
        tx.commit().await?;
        Ok(Some(written))
    }

    fn tell(&self, batch: &Batch, written: Written) {
        for document in &batch.documents {
            if document.is_rendered
                && document
                    .state
                    .as_ref()
                    .is_some_and(|state| state.row.is_none())
            {
                tracing::error!(document = %document.document, "a document could not be rendered: pages show what it said before");
            }
            for aside in &document.aside {
                tracing::warn!(seq = aside.seq.0, detail = %aside.detail, "a change was set aside");
            }
        }
        let mut heads = Heads::clone(&self.heads.borrow());
        heads.position = batch.upto;
        for (ground, movement) in batch.movements.iter().chain(&written.scopes) {
            let head = heads.grounds.entry(*ground).or_default();
            *head = (*head).max(movement.last_seq);
        }
        if let Some(fact) = batch
            .facts
            .iter()
            .rev()
            .find(|one| begins_or_ends_grant(one))
        {
            heads.grants = fact.seq;
        }
        if !written.scopes.is_empty() {
            // Who opens a case of their own is told of a ground that nobody had.
            heads.grants = batch.upto;
        }
        if let Some((seq, due)) = written.share {
            heads.shares = seq;
            heads.due = due;
        }
        self.heads.send_replace(Arc::new(heads));
    }
}
