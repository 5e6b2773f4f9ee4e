//! The sync engine: decides, does nothing. Events come in, commands go out; time and chance are handed in;
//! so it runs under simulation as it runs in the field.
//!
//! Three lanes step beside each other: `push` empties the outbox, `pull` reads pages until nothing is left and
//! checks that both sides hold the same, `index` puts what arrived into lists. Each is a state of its own file.
//! The rule the engine keeps: nothing is settled without an answer, no cursor moves without its page.

mod backoff;
mod index;
mod pull;
mod push;
#[cfg(test)]
mod simulation;

use crate::views::SyncReport;
use backoff::Backoff;
use samspor_documents::{id::DocumentId, time::UnixMillis};
use samspor_protocol::{
    feed::Page,
    push::{PushRequest, PushResponse},
    repair::{ItemId, Tags},
    tag::Digest,
};

/// The moment an event happens at, with one draw of chance for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// The machine's clock.
    pub(crate) at: UnixMillis,
    /// Any number.
    pub(crate) random: u64,
}

/// How a sync ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// When everything is sent and received, or when a request failed more often than this in a row.
    Once {
        /// Retries in a row.
        retries_max: u32,
        /// Whether the lists have to be complete, too.
        finish_index: bool,
        /// Whether pages are asked for after the first push, beside the next ones: for a sync that may be stopped.
        pull_early: bool,
    },
    /// Never by itself.
    Live,
}

impl Mode {
    /// Whether one sync asks for pages beside its pushes, not after them.
    pub(crate) const fn pulls_early(self) -> bool {
        matches!(
            self,
            Self::Once {
                pull_early: true,
                ..
            }
        )
    }
}

/// Operations read from the outbox, in the shape they are pushed in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Batch {
    /// The outbox numbers, in the shape of the request's groups.
    pub(crate) numbers: Vec<Vec<i64>>,
    /// What is sent.
    pub(crate) request: PushRequest,
}

/// What an answered push did to the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Settled {
    /// Acknowledged.
    pub(crate) accepted: u64,
    /// Refused for good, what depended on them included.
    pub(crate) refused: u64,
    /// To be tried again later.
    pub(crate) postponed: u64,
}

/// What an applied page did to the store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Applied {
    /// Items received or confirmed.
    pub(crate) received: u64,
    /// The sum of the tags of all that is confirmed.
    pub(crate) digest: Digest,
    /// Own operations acknowledged and not yet echoed.
    pub(crate) unconfirmed: u64,
    /// Documents that the page took for known and that are not: to be asked for whole.
    pub(crate) missing: Vec<DocumentId>,
    /// Own operations that the server's projector set aside.
    pub(crate) set_aside: u64,
    /// Own operations on published drafts that the documents were not made from.
    pub(crate) left_over: u64,
}

/// Why a request brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Try again later: no connection, a busy or failing server.
    Retry,
    /// The token's time was not the server's, which was this.
    Clock(UnixMillis),
    /// Trying again changes nothing.
    Fatal,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// A sync begins at the stored cursor.
    Started(Option<Vec<u8>>),
    /// Something was written here.
    LocalWork,
    /// What the outbox had to send.
    Outbox(Option<Batch>),
    /// A push was answered, or not.
    Pushed(Batch, Result<PushResponse, Failure>),
    /// An answered push is in the store.
    Settled(Settled),
    /// A page came, or not.
    Fed(Result<Page, Failure>),
    /// A page is in the store.
    Applied(Applied),
    /// Tags came, or not.
    Tags(Result<Tags, Failure>),
    /// Tags were compared with the store: these are wanted whole, after what was too much is gone.
    Compared(Vec<ItemId>),
    /// Items came whole, or not.
    Whole(Result<Page, Failure>),
    /// They are in the store.
    WholeApplied(Applied),
    /// Rows were made; so many documents are behind still.
    Indexed(u64),
    /// A wait is over.
    Woke(Lane),
}

/// Who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// What goes up.
    Push,
    /// What comes down.
    Pull,
}

/// What is to be done. Each but `Finish` and `Offset` is answered by one event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Command {
    /// Read the next waiting operations: `Outbox`.
    ReadOutbox,
    /// Send them: `Pushed`.
    Push(Batch),
    /// Put the answers into the store: `Settled`.
    Settle(Batch, PushResponse),
    /// Ask for a page: `Fed`.
    Feed {
        /// The cursor, as the last page brought it.
        cursor: Option<Vec<u8>>,
        /// How long the server may hold the answer.
        wait_millis: u32,
    },
    /// Put a page and its cursor into the store: `Applied`.
    Apply(Page),
    /// Ask for tags after this item: `Tags`.
    Tags(Option<ItemId>),
    /// Compare tags with the store, all of the range from the first item to the second; remove what is too
    /// much: `Compared`.
    Compare {
        /// The last item of the answer before.
        after: Option<ItemId>,
        /// What the server holds next.
        tags: Tags,
    },
    /// Ask for items whole: `Whole`.
    Whole(Vec<ItemId>),
    /// Put them into the store, the cursor untouched: `WholeApplied`.
    ApplyWhole(Page),
    /// Put some documents into lists: `Indexed`.
    Index,
    /// Wait: `Woke`.
    Sleep(Lane, u64),
    /// From now on add this to the machine's clock for tokens, in milliseconds.
    Offset(i64),
    /// The sync is over; when not well, the last request's failure says why.
    Finish {
        /// Whether all was done.
        well: bool,
    },
}

/// The engine.
#[derive(Debug)]
pub(crate) struct Engine {
    mode: Mode,
    push: push::State,
    pull: pull::Pull,
    index: index::State,
    backoff: Backoff,
    clock_corrected: bool,
    finished: bool,
    report: SyncReport,
}

impl Engine {
    /// An engine that has not begun.
    pub(crate) fn new(mode: Mode) -> Self {
        Self {
            mode,
            push: push::State::Idle,
            pull: pull::Pull::default(),
            index: index::State::Idle,
            backoff: Backoff::default(),
            clock_corrected: false,
            finished: false,
            report: SyncReport::default(),
        }
    }

    /// What was done so far.
    pub(crate) const fn report(&self) -> SyncReport {
        self.report
    }

    /// Takes in one event and says what is to be done next.
    pub(crate) fn handle(&mut self, event: Event, moment: Moment) -> Vec<Command> {
        if self.finished {
            return Vec::new();
        }
        let mut commands = self.step(event, moment);
        if let Some(well) = self.outcome() {
            self.finished = true;
            commands.push(Command::Finish { well });
        }
        commands
    }

    fn step(&mut self, event: Event, moment: Moment) -> Vec<Command> {
        match event {
            Event::Started(cursor) => self.start(cursor),
            Event::LocalWork => self.local_work(),
            Event::Outbox(batch) => self.outbox_read(batch),
            Event::Pushed(batch, answer) => self.pushed(batch, answer, moment),
            Event::Settled(settled) => self.settled(settled, moment),
            Event::Fed(page) => self.fed(page, moment),
            Event::Applied(applied) => self.applied(applied, moment),
            Event::Tags(tags) => self.tags(tags, moment),
            Event::Compared(wanted) => self.compared(wanted),
            Event::Whole(page) => self.whole(page, moment),
            Event::WholeApplied(applied) => self.whole_applied(&applied),
            Event::Indexed(left) => self.indexed(left),
            Event::Woke(Lane::Push) => self.push_woke(),
            Event::Woke(Lane::Pull) => self.pull_woke(),
        }
    }

    /// What was left unindexed by an earlier run goes beside the rest. One sync first sends, then asks, so
    /// that the echo of what it sent comes with the same pages; a live one does both at once.
    fn start(&mut self, cursor: Option<Vec<u8>>) -> Vec<Command> {
        self.pull.cursor = cursor;
        let mut commands = self.start_index();
        commands.extend(self.read_outbox());
        if self.mode == Mode::Live {
            commands.extend(self.ask());
        }
        commands
    }

    /// A request failed: wait and try again, correct the clock once, or give up.
    fn failed(&mut self, lane: Lane, failure: Failure, moment: Moment) -> Vec<Command> {
        match failure {
            Failure::Clock(server) if !self.clock_corrected => {
                self.clock_corrected = true;
                vec![
                    Command::Offset(server.since(moment.at)),
                    Command::Sleep(lane, 0),
                ]
            }
            Failure::Fatal | Failure::Clock(_) => self.give_up(),
            Failure::Retry => self.wait(lane, moment),
        }
    }

    fn wait(&mut self, lane: Lane, moment: Moment) -> Vec<Command> {
        let millis = self.backoff.next(moment.random);
        match self.mode {
            Mode::Once { retries_max, .. } if self.backoff.failures() > retries_max => {
                self.give_up()
            }
            Mode::Once { .. } | Mode::Live => vec![Command::Sleep(lane, millis)],
        }
    }

    fn give_up(&mut self) -> Vec<Command> {
        self.finished = true;
        vec![Command::Finish { well: false }]
    }

    /// A request was answered.
    fn answered(&mut self) {
        self.backoff.reset();
        self.clock_corrected = false;
        self.report.round_trips = self.report.round_trips.saturating_add(1);
    }

    fn outcome(&self) -> Option<bool> {
        let Mode::Once { finish_index, .. } = self.mode else {
            return None;
        };
        let indexed = !finish_index || self.index == index::State::Idle;
        let done = self.push == push::State::Idle && self.pull.is_done() && indexed;
        (done && !self.finished).then_some(true)
    }
}
