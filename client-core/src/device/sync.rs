//! The shell around the sync engine: does what it commands, tells it what happened.
//!
//! What goes over the network is a future of the sync's own, and a stop drops it. What goes into the store is a
//! task of its own, finished before the sync returns: it holds the store's one writing connection, and must
//! not wait for somebody to poll the sync.

mod progress;

use super::{Device, Who};
use crate::{
    engine::{Command, Engine, Event, Lane, Mode, Moment},
    error::DeviceError,
    key::random_bytes,
    transport::exchange::Failed,
    views::{SyncOptions, SyncReport},
};
use futures_util::{StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use samspor_protocol::limits;
use std::{
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
    time::Duration,
};
use tokio::{sync::watch, task::JoinSet};

/// Tests wait a hundredth of the time.
const HASTE: u64 = if cfg!(test) { 100 } else { 1 };

/// A page of a sync that may be stopped: small, so that one that was begun is seldom lost.
const STOPPABLE_PAGE_BYTES_MAX: usize = 256 * 1024;

/// What may end a sync from outside.
pub(super) type Stop<'a> = BoxFuture<'a, ()>;

/// One sync under way.
struct Run {
    device: Device,
    who: Arc<Who>,
    /// How many bytes a page may take.
    page_bytes_max: usize,
    /// Why the last request failed.
    failed: Mutex<Option<DeviceError>>,
}

impl Device {
    /// Syncs once: sends what waits, receives what is new, checks that both sides hold the same. Stopped or
    /// failed at any point, it loses nothing.
    ///
    /// # Errors
    /// `NotEnrolled`, `SyncRunning`, `Unreachable`, `Busy`, `WrongPin`, `HandedOver`, `NotHandedOver`, `NotAccepted`, `Version`, or
    /// what the store reports.
    pub async fn sync(&self, options: SyncOptions) -> Result<SyncReport, DeviceError> {
        let mode = Mode::Once {
            retries_max: options.retries_max,
            finish_index: options.finish_index,
            pull_early: options.budget.is_some(),
        };
        let stop: Stop<'_> = match options.budget {
            Some(budget) => Box::pin(tokio::time::sleep(budget)),
            None => Box::pin(std::future::pending()),
        };
        self.run(mode, stop).await
    }

    /// Syncs once within a budget, as a system grants it to what runs in the background: one push, then pages beside
    /// further pushes until the time is up. The report says what is left. What is being put into the store is
    /// finished, so it may end some tenths of a second late; whoever cannot wait drops it, and loses nothing either.
    ///
    /// # Errors
    /// As [`Device::sync`].
    pub async fn sync_within(&self, budget: Duration) -> Result<SyncReport, DeviceError> {
        let options = SyncOptions {
            budget: Some(budget),
            ..SyncOptions::default()
        };
        self.sync(options).await
    }

    /// Syncs for as long as `shutdown` does not resolve: local work goes up as it is written, news come down as
    /// they are told, lost connections are taken up again.
    ///
    /// # Errors
    /// As [`Device::sync`], but for what time may mend.
    pub async fn watch(
        &self,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<SyncReport, DeviceError> {
        self.run(Mode::Live, Box::pin(shutdown)).await
    }

    async fn run(&self, mode: Mode, mut stop: Stop<'_>) -> Result<SyncReport, DeviceError> {
        let Ok(_one_at_a_time) = self.inner.syncing.try_lock() else {
            return Err(DeviceError::SyncRunning);
        };
        self.inner.gate.check_is_there()?;
        let run = Arc::new(Run {
            device: self.clone(),
            who: self.who()?,
            page_bytes_max: if mode.pulls_early() {
                STOPPABLE_PAGE_BYTES_MAX
            } else {
                limits::PAGE_COMPRESSED_BYTES_MAX
            },
            failed: Mutex::new(None),
        });
        let _under_way = self.begin_progress(&run.who.exchange).await?;
        let now = self.inner.options.token_clock.now();
        let store = self.inner.gate.behind();
        store
            .note(|history| history.last_attempt = Some(now))
            .await?;
        self.inner.gate.keep_time().await?;
        let outcome = match self.inner.gate.is_revoked() {
            true => Err(DeviceError::Revoked),
            false => run.drive(mode, &mut stop).await,
        };
        let outcome = match outcome {
            Err(DeviceError::Revoked) => Err(self.retire(&run.who, stop).await),
            outcome => outcome,
        };
        // Of an erased store nothing is noted.
        self.inner.gate.check_is_there()?;
        self.inner.gate.keep_time().await?;
        let now = self.inner.options.token_clock.now();
        store
            .note(|history| match &outcome {
                Ok(report) => {
                    history.repairs += report.repairs;
                    history.forget_failure();
                    if report.up_to_date {
                        history.succeed(now, report.in_sync);
                    }
                }
                Err(error) => history.fail(now, error),
            })
            .await?;
        outcome
    }
}

/// How a sync ended, when not by an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Well,
    Stopped,
}

/// Work under way.
struct Work<'a> {
    network: FuturesUnordered<BoxFuture<'a, Event>>,
    store: JoinSet<Result<Option<Event>, DeviceError>>,
}

impl Work<'_> {
    /// What happens next; a pause with nothing under way lasts until something else happens.
    async fn next(&mut self) -> Result<Option<Event>, DeviceError> {
        if self.network.is_empty() && self.store.is_empty() {
            return std::future::pending().await;
        }
        tokio::select! {
            Some(event) = self.network.next() => Ok(Some(event)),
            Some(done) = self.store.join_next() => {
                done.unwrap_or(Err(DeviceError::Damaged { what: "sync" }))
            }
        }
    }

    /// Lets what goes into the store get there, and tells the engine.
    async fn finish_store(&mut self, engine: &mut Engine, moment: Moment) {
        while let Some(done) = self.store.join_next().await {
            if let Ok(Ok(Some(event))) = done {
                engine.handle(event, moment);
            }
        }
    }
}

impl Run {
    async fn drive(
        self: &Arc<Self>,
        mode: Mode,
        stop: &mut Stop<'_>,
    ) -> Result<SyncReport, DeviceError> {
        let mut engine = Engine::new(mode);
        let mut work = Work {
            network: FuturesUnordered::new(),
            store: JoinSet::new(),
        };
        let ended = self.steps(mode, stop, &mut engine, &mut work).await;
        work.finish_store(&mut engine, self.moment()?).await;
        let out_of_time = ended? == Ended::Stopped && mode != Mode::Live;
        let left = if out_of_time {
            Some(self.device.inner.gate.behind().left().await?)
        } else {
            None
        };
        let exchange = &self.who.exchange;
        Ok(SyncReport {
            out_of_time,
            left,
            bytes_up: exchange.bytes_up.swap(0, Ordering::Relaxed),
            bytes_down: exchange.bytes_down.swap(0, Ordering::Relaxed),
            ..engine.report()
        })
    }

    async fn steps<'a>(
        self: &'a Arc<Self>,
        mode: Mode,
        stop: &mut Stop<'_>,
        engine: &mut Engine,
        work: &mut Work<'a>,
    ) -> Result<Ended, DeviceError> {
        let mut written = self.device.activity();
        let mut seen = written.borrow_and_update().written;
        let mut in_sync = false;
        let cursor = self.device.inner.gate.behind().cursor().await?;
        let mut event = Event::Started(cursor);
        loop {
            for command in engine.handle(event, self.moment()?) {
                match command {
                    Command::Finish { well: true } => return Ok(Ended::Well),
                    Command::Finish { well: false } => return Err(self.why()),
                    command => self.begin(command, work),
                }
            }
            self.device
                .note_progress(&engine.report(), &self.who.exchange);
            if just_agreed(engine, &mut in_sync) {
                work.store.spawn(Arc::clone(self).note_success());
            }
            event = loop {
                tokio::select! {
                    () = &mut *stop => return Ok(Ended::Stopped),
                    event = work.next() => if let Some(event) = event? {
                        break event;
                    },
                    () = local_work(&mut written, &mut seen), if mode == Mode::Live => {
                        break Event::LocalWork;
                    }
                }
            };
        }
    }

    fn begin<'a>(self: &'a Arc<Self>, command: Command, work: &mut Work<'a>) {
        match command {
            Command::Push(..)
            | Command::Feed { .. }
            | Command::Tags(_)
            | Command::Whole(_)
            | Command::Sleep(..) => work.network.push(Box::pin(self.ask(command))),
            Command::Offset(millis) => {
                self.who.exchange.offset.store(millis, Ordering::Relaxed);
                work.store.spawn(Arc::clone(self).keep(command));
            }
            command => {
                work.store.spawn(Arc::clone(self).keep(command));
            }
        }
    }

    fn moment(&self) -> Result<Moment, DeviceError> {
        Ok(Moment {
            at: self.device.inner.options.token_clock.now(),
            random: u64::from_le_bytes(random_bytes()?),
        })
    }

    fn why(&self) -> DeviceError {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.take().unwrap_or(DeviceError::Busy)
    }

    async fn note_success(self: Arc<Self>) -> Result<Option<Event>, DeviceError> {
        let now = self.device.inner.options.token_clock.now();
        let note = self.device.inner.gate.behind().note(|history| {
            history.succeed(now, true);
        });
        note.await?;
        self.device.tell(|activity| activity.in_sync += 1);
        Ok(None)
    }

    /// What goes over the network, or waits.
    async fn ask(&self, command: Command) -> Event {
        let exchange = &self.who.exchange;
        let now = self.device.inner.options.token_clock.now();
        match command {
            Command::Push(batch) => {
                let _on_its_way = OnItsWay::send(&self.device);
                let answer = exchange.push(now, &batch.request).await;
                Event::Pushed(batch, answer.map_err(|failed| self.note_failure(failed)))
            }
            Command::Feed {
                cursor,
                wait_millis,
            } => {
                let question = self.question(cursor, wait_millis).await;
                let page = exchange.feed(now, question).await;
                Event::Fed(page.map_err(|failed| self.note_failure(failed)))
            }
            Command::Tags(after) => {
                let tags = exchange.tags(now, after).await;
                Event::Tags(tags.map_err(|failed| self.note_failure(failed)))
            }
            Command::Whole(items) => {
                let page = exchange.whole(now, items).await;
                Event::Whole(page.map_err(|failed| self.note_failure(failed)))
            }
            Command::Sleep(lane, millis) => {
                tokio::time::sleep(Duration::from_millis(millis / HASTE)).await;
                Event::Woke(lane)
            }
            _ => Event::Woke(Lane::Push),
        }
    }

    fn note_failure(&self, failed: Failed) -> crate::engine::Failure {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(*failed.error);
        failed.failure
    }

    /// What goes into the store.
    async fn keep(self: Arc<Self>, command: Command) -> Result<Option<Event>, DeviceError> {
        let gate = &self.device.inner.gate;
        let store = gate.behind();
        Ok(Some(match command {
            Command::ReadOutbox => Event::Outbox(store.next_batch().await?),
            Command::Settle(batch, response) => {
                let settled = store.settle(&batch, &response).await?;
                gate.renew(gate.renewed(response.server_time, None));
                if settled.refused > 0 {
                    self.who.draw_new_actor()?;
                    self.device.finish_index().await?;
                }
                self.device.tell(|activity| activity.pushes += 1);
                Event::Settled(settled)
            }
            Command::Apply(page) => {
                let lease = gate.renewed(page.end.server_time, page.end.lease_millis);
                let applied = store.apply_page(page, lease.as_ref()).await?;
                if let Some(lease) = lease {
                    gate.renew_kept(lease);
                }
                self.applied(applied.set_aside)?;
                Event::Applied(applied)
            }
            Command::ApplyWhole(page) => {
                let applied = store.apply_whole(page).await?;
                self.applied(applied.set_aside)?;
                Event::WholeApplied(applied)
            }
            Command::Compare { after, tags } => Event::Compared(store.compare(after, &tags).await?),
            Command::Index => {
                let left = store.index().await?;
                self.device.tell(|activity| activity.indexed += 1);
                Event::Indexed(left)
            }
            // The machine's clock is not the server's: tokens are made for the server's from now on.
            Command::Offset(millis) => {
                store.note(|history| history.clock_offset = millis).await?;
                return Ok(None);
            }
            _ => return Ok(None),
        }))
    }

    fn applied(&self, set_aside: u64) -> Result<(), DeviceError> {
        if set_aside > 0 {
            self.who.draw_new_actor()?;
        }
        self.device.tell(|activity| activity.pages += 1);
        Ok(())
    }
}

/// A push on its way, as those see it who wait for changes; dropped with whatever waits for its answer.
struct OnItsWay<'a>(&'a Device);

impl<'a> OnItsWay<'a> {
    fn send(device: &'a Device) -> Self {
        device.tell(|activity| activity.sent += 1);
        Self(device)
    }
}

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        self.0.tell(|activity| activity.returned += 1);
    }
}

/// Whether both sides were just found to hold the same. A live sync does not end: its successes are noted as
/// they come.
fn just_agreed(engine: &Engine, before: &mut bool) -> bool {
    let report = engine.report();
    let agrees = report.up_to_date && report.in_sync;
    let just = agrees && !*before;
    *before = agrees;
    just
}

/// Resolves when something was written here since `seen`.
async fn local_work(activity: &mut watch::Receiver<crate::views::Activity>, seen: &mut u64) {
    loop {
        if activity.changed().await.is_err() {
            return std::future::pending().await;
        }
        let written = activity.borrow_and_update().written;
        if written != *seen {
            *seen = written;
            return;
        }
    }
}
