//! A clock that a script sets. What is written is dated by it; tokens and receipt use the machine's.

use samspor_client_core::Clock;
use samspor_documents::time::{Moment, UnixMillis};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};

/// A clock that stands where the script has set it. Clones show the same time.
#[derive(Debug, Clone, Default)]
pub struct ScriptedClock {
    at: Arc<AtomicI64>,
    offset_minutes: Arc<AtomicI64>,
}

impl ScriptedClock {
    /// Sets it.
    pub fn set(&self, moment: Moment) {
        self.at.store(moment.at.0, SeqCst);
        self.offset_minutes
            .store(i64::from(moment.offset_minutes), SeqCst);
    }
}

impl Clock for ScriptedClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.at.load(SeqCst))
    }

    fn offset_minutes(&self) -> i16 {
        i16::try_from(self.offset_minutes.load(SeqCst)).unwrap_or(0)
    }
}
