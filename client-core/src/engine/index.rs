//! The index lane: what arrived is durable first and goes into lists right after, in bounded batches.

use super::{Command, Engine};

/// Where the lane stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing to do.
    Idle,
    /// A batch is being made; whether more arrived meanwhile.
    Running {
        /// Arrived meanwhile.
        more: bool,
    },
}

impl Engine {
    pub(super) fn start_index(&mut self) -> Vec<Command> {
        match self.index {
            State::Idle => {
                self.index = State::Running { more: false };
                vec![Command::Index]
            }
            State::Running { .. } => {
                self.index = State::Running { more: true };
                Vec::new()
            }
        }
    }

    pub(super) fn indexed(&mut self, left: u64) -> Vec<Command> {
        let more = self.index == State::Running { more: true };
        if left > 0 || more {
            self.index = State::Running { more: false };
            vec![Command::Index]
        } else {
            self.index = State::Idle;
            Vec::new()
        }
    }
}
