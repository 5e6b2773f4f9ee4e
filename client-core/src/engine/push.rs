//! The push lane: reads the outbox in batches, sends each, and settles each answer before the next.

use super::{Batch, Command, Engine, Failure, Lane, Mode, Moment, Settled};
use samspor_protocol::push::PushResponse;

/// Where the lane stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing to send.
    Idle,
    /// The outbox is being read; whether something was written meanwhile.
    Reading {
        /// Written meanwhile.
        dirty: bool,
    },
    /// A batch is on its way, or its answers go into the store.
    Sending,
    /// After a failure; whether the road was to blame.
    Waiting {
        /// It was: an answer to anything says that it is open again.
        road: bool,
    },
}

impl Engine {
    pub(super) fn read_outbox(&mut self) -> Vec<Command> {
        self.push = State::Reading { dirty: false };
        vec![Command::ReadOutbox]
    }

    /// What is sent or waits already reads the outbox again afterwards.
    pub(super) fn local_work(&mut self) -> Vec<Command> {
        match self.push {
            State::Idle => self.read_outbox(),
            State::Reading { .. } => {
                self.push = State::Reading { dirty: true };
                Vec::new()
            }
            State::Sending | State::Waiting { .. } => Vec::new(),
        }
    }

    pub(super) fn outbox_read(&mut self, batch: Option<Batch>) -> Vec<Command> {
        let dirty = self.push == State::Reading { dirty: true };
        match batch {
            Some(batch) => {
                self.report.all_sent = false;
                self.push = State::Sending;
                vec![Command::Push(batch)]
            }
            None if dirty => self.read_outbox(),
            None => {
                self.report.all_sent = true;
                self.push = State::Idle;
                self.ask_after_sending()
            }
        }
    }

    pub(super) fn pushed(
        &mut self,
        batch: Batch,
        answer: Result<PushResponse, Failure>,
        moment: Moment,
    ) -> Vec<Command> {
        match answer {
            Ok(response) => {
                self.answered();
                let mut commands = self.pull_woke();
                commands.push(Command::Settle(batch, response));
                commands
            }
            Err(failure) => {
                self.push = State::Waiting { road: true };
                self.failed(Lane::Push, failure, moment)
            }
        }
    }

    /// What is postponed alone is waited for; where anything was settled, the next batch follows at once.
    pub(super) fn settled(&mut self, settled: Settled, moment: Moment) -> Vec<Command> {
        self.report.pushed = self.report.pushed.saturating_add(settled.accepted);
        self.report.refused = self.report.refused.saturating_add(settled.refused);
        if settled.accepted > 0 {
            self.pull.expect_echo();
        }
        if settled.accepted + settled.refused == 0 && settled.postponed > 0 {
            self.push = State::Waiting { road: false };
            return self.wait(Lane::Push, moment);
        }
        let mut commands = self.read_outbox();
        if self.mode.pulls_early() && self.pull.has_not_begun() {
            commands.extend(self.ask());
        }
        commands
    }

    pub(super) fn push_woke(&mut self) -> Vec<Command> {
        match self.push {
            State::Waiting { .. } => self.read_outbox(),
            _ => Vec::new(),
        }
    }

    /// The other lane got an answer.
    pub(super) fn road_is_open(&mut self) -> Vec<Command> {
        match self.push {
            State::Waiting { road: true } => self.read_outbox(),
            _ => Vec::new(),
        }
    }

    /// One sync asks for pages once the outbox is empty; again when it had all of them before the last push.
    fn ask_after_sending(&mut self) -> Vec<Command> {
        let wants = self.pull.has_not_begun() || self.pull.is_behind_the_echo();
        if matches!(self.mode, Mode::Once { .. }) && wants {
            self.ask()
        } else {
            Vec::new()
        }
    }
}
