//! The pull lane: pages until nothing is left, the digest check, and at most one repair.
//!
//! While a page goes into the store, the next one is asked for already: its cursor is known, and the stored
//! cursor moves only with its page, so a stop in between costs a page read twice and nothing else.

use super::{Applied, Command, Engine, Failure, Lane, Mode, Moment};
use samspor_documents::{id::DocumentId, time::UnixMillis};
use samspor_protocol::{
    feed::Page,
    limits,
    repair::{ItemId, Tags},
    tag::Digest,
};

/// How long a single sync lets the server hold an answer while the echo of what it sent is on its way.
const ECHO_WAIT_MILLIS: u32 = 2_000;
/// How often it asks for that echo without getting any of it.
const ECHO_POLLS_MAX: u32 = 3;
/// Live: at most one repair in this time.
const REPAIR_INTERVAL_MILLIS: i64 = 10 * 60 * 1000;

/// Where the lane stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum State {
    /// Not begun.
    #[default]
    New,
    /// Pages are asked for and applied.
    Reading,
    /// Tags are compared.
    Comparing { after: Option<ItemId>, more: bool },
    /// Items are fetched whole.
    Fetching,
    /// Waiting after a failure, then on with what is named.
    Waiting(Next),
    /// Up to date; nothing under way.
    Done,
}

/// What a wait was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A page.
    Page,
    /// Tags after this one.
    Tags(Option<ItemId>),
    /// Items whole.
    Whole,
}

/// The lane.
#[derive(Debug, Default)]
pub(super) struct Pull {
    pub(super) cursor: Option<Vec<u8>>,
    state: State,
    /// A request is on its way.
    asking: bool,
    /// A page goes into the store: its end.
    applying: Option<PageSays>,
    /// A page that came meanwhile.
    ready: Option<Page>,
    /// Acknowledged operations whose echo is awaited.
    echo: bool,
    /// Something was acknowledged while a page went into the store: what that page counted may not know of it.
    is_echo_newer: bool,
    echo_polls: u32,
    unconfirmed: u64,
    /// What is to be asked for whole.
    wanted: Vec<ItemId>,
    last_repair: Option<UnixMillis>,
}

/// What a page's end says to the engine.
#[derive(Debug, Clone, Copy)]
struct PageSays {
    up_to_date: bool,
    digest: Option<Digest>,
}

impl Pull {
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    pub(super) fn has_not_begun(&self) -> bool {
        self.state == State::New
    }

    /// Whether everything was told before what was sent last, and its echo was not asked for yet.
    pub(super) fn is_behind_the_echo(&self) -> bool {
        self.state == State::Done && self.echo && self.echo_polls == 0
    }

    pub(super) fn expect_echo(&mut self) {
        self.echo = true;
        self.echo_polls = 0;
        self.is_echo_newer = self.applying.is_some();
    }
}

impl Engine {
    /// Asks for the page after the cursor.
    pub(super) fn ask(&mut self) -> Vec<Command> {
        let caught_up = self.pull.state == State::Done;
        let wait_millis = match self.mode {
            Mode::Live if caught_up => limits::WAIT_MILLIS_MAX,
            Mode::Live => 0,
            Mode::Once { .. } if self.pull.echo => ECHO_WAIT_MILLIS,
            Mode::Once { .. } => 0,
        };
        self.pull.state = State::Reading;
        self.pull.asking = true;
        vec![Command::Feed {
            cursor: self.pull.cursor.clone(),
            wait_millis,
        }]
    }

    pub(super) fn fed(&mut self, page: Result<Page, Failure>, moment: Moment) -> Vec<Command> {
        self.pull.asking = false;
        match page {
            Ok(page) => {
                self.answered();
                self.pull.cursor = Some(page.end.cursor.clone());
                let mut commands = self.road_is_open();
                if self.pull.applying.is_some() {
                    self.pull.ready = Some(page);
                } else {
                    commands.extend(self.apply(page));
                }
                commands
            }
            Err(failure) => self.pull_failed(Next::Page, failure, moment),
        }
    }

    /// Puts a page into the store and asks for the next beside it.
    fn apply(&mut self, page: Page) -> Vec<Command> {
        let up_to_date = page.end.up_to_date;
        self.pull.applying = Some(PageSays {
            up_to_date,
            digest: page.end.digest,
        });
        let mut commands = vec![Command::Apply(page)];
        if !up_to_date {
            commands.extend(self.ask());
        }
        commands
    }

    pub(super) fn applied(&mut self, applied: Applied, moment: Moment) -> Vec<Command> {
        let says = self.pull.applying.take();
        let is_echo_newer = std::mem::take(&mut self.pull.is_echo_newer);
        self.report.refused = self.report.refused.saturating_add(applied.left_over);
        self.report.received = self.report.received.saturating_add(applied.received);
        self.want_whole(&applied.missing);
        let mut commands = if applied.received > 0 {
            self.start_index()
        } else {
            Vec::new()
        };
        if let Some(page) = self.pull.ready.take() {
            commands.extend(self.apply(page));
            return commands;
        }
        if let Some(says) = says.filter(|says| says.up_to_date) {
            commands.extend(self.caught_up(says, &applied, is_echo_newer, moment));
        } else if !self.pull.asking && self.pull.state == State::Reading {
            commands.extend(self.ask());
        }
        commands
    }

    /// Nothing more to be told: is what is held the same?
    fn caught_up(
        &mut self,
        says: PageSays,
        applied: &Applied,
        is_echo_newer: bool,
        moment: Moment,
    ) -> Vec<Command> {
        if !self.pull.wanted.is_empty() {
            self.count_repair();
            return self.fetch_whole();
        }
        let same = says.digest.is_some_and(|digest| digest == applied.digest);
        self.report.up_to_date = true;
        self.report.in_sync = same;
        if !same && says.digest.is_some() && self.may_repair(moment) {
            self.pull.last_repair = Some(moment.at);
            self.count_repair();
            return self.ask_tags(None);
        }
        if applied.unconfirmed < self.pull.unconfirmed {
            self.pull.echo_polls = 0;
        }
        self.pull.unconfirmed = applied.unconfirmed;
        let is_awaited = applied.unconfirmed > 0 || is_echo_newer;
        self.pull.echo = is_awaited && self.pull.echo;
        self.pull.state = State::Done;
        match self.mode {
            Mode::Live => self.ask(),
            Mode::Once { .. } if self.pull.echo && self.pull.echo_polls < ECHO_POLLS_MAX => {
                self.pull.echo_polls = self.pull.echo_polls.saturating_add(1);
                self.ask()
            }
            Mode::Once { .. } => Vec::new(),
        }
    }

    fn may_repair(&self, moment: Moment) -> bool {
        match (self.mode, self.pull.last_repair) {
            (_, None) => true,
            (Mode::Once { .. }, Some(_)) => false,
            (Mode::Live, Some(last)) => moment.at.since(last) >= REPAIR_INTERVAL_MILLIS,
        }
    }

    fn count_repair(&mut self) {
        self.report.repairs = self.report.repairs.saturating_add(1);
    }

    fn want_whole(&mut self, documents: &[DocumentId]) {
        for document in documents {
            let item = ItemId::Document(*document);
            if !self.pull.wanted.contains(&item) {
                self.pull.wanted.push(item);
            }
        }
    }

    fn ask_tags(&mut self, after: Option<ItemId>) -> Vec<Command> {
        self.pull.state = State::Comparing { after, more: false };
        vec![Command::Tags(after)]
    }

    pub(super) fn tags(&mut self, tags: Result<Tags, Failure>, moment: Moment) -> Vec<Command> {
        let State::Comparing { after, .. } = self.pull.state else {
            return Vec::new();
        };
        match tags {
            Ok(tags) => {
                self.answered();
                let last = tags.items.last().map(|(item, _)| *item);
                // An answer that says "more" without an item would be asked for ever.
                let more = tags.more && last.is_some();
                self.pull.state = State::Comparing { after: last, more };
                vec![Command::Compare { after, tags }]
            }
            Err(failure) => self.pull_failed(Next::Tags(after), failure, moment),
        }
    }

    pub(super) fn compared(&mut self, wanted: Vec<ItemId>) -> Vec<Command> {
        self.pull.wanted.extend(wanted);
        match self.pull.state {
            State::Comparing { after, more: true } => self.ask_tags(after),
            _ => self.fetch_whole(),
        }
    }

    /// What is wanted, in requests of bounded size; then the digest again.
    fn fetch_whole(&mut self) -> Vec<Command> {
        if self.pull.wanted.is_empty() {
            self.pull.state = State::New;
            return self.ask();
        }
        self.pull.state = State::Fetching;
        let count = self.pull.wanted.len().min(limits::REPAIR_WHOLE_MAX);
        vec![Command::Whole(
            self.pull.wanted.iter().take(count).copied().collect(),
        )]
    }

    pub(super) fn whole(&mut self, page: Result<Page, Failure>, moment: Moment) -> Vec<Command> {
        match page {
            Ok(page) => {
                self.answered();
                let count = self.pull.wanted.len().min(limits::REPAIR_WHOLE_MAX);
                self.pull.wanted.drain(..count);
                vec![Command::ApplyWhole(page)]
            }
            Err(failure) => self.pull_failed(Next::Whole, failure, moment),
        }
    }

    pub(super) fn whole_applied(&mut self, applied: &Applied) -> Vec<Command> {
        self.report.refused = self.report.refused.saturating_add(applied.left_over);
        self.report.received = self.report.received.saturating_add(applied.received);
        let mut commands = self.start_index();
        commands.extend(self.fetch_whole());
        commands
    }

    fn pull_failed(&mut self, next: Next, failure: Failure, moment: Moment) -> Vec<Command> {
        self.pull.state = State::Waiting(next);
        self.failed(Lane::Pull, failure, moment)
    }

    pub(super) fn pull_woke(&mut self) -> Vec<Command> {
        match self.pull.state {
            State::Waiting(Next::Page) => self.ask(),
            State::Waiting(Next::Tags(after)) => self.ask_tags(after),
            State::Waiting(Next::Whole) => self.fetch_whole(),
            _ => Vec::new(),
        }
    }
}
