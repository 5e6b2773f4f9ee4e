//! The organisation's log: append-only, gap-free, one order for all.
//!
//! Whoever holds the database's write lock reads the head, appends, and moves the head in the same
//! transaction: so `seq` follows the order of commits. Each entry is chained to the one before over a keyed
//! commitment. Facts (teams, names, memberships, cases) are appended here; changes by `push`.

mod append;
mod begin;
mod caseloads;
mod chain;
mod facts;
mod private;
mod secret;
mod seq;

pub use append::{Entry, Head, append, head};
pub use begin::begin;
pub use chain::Chain;
pub use facts::{append_facts, fact_id, next_version};
pub use secret::Secret;
pub use seq::Seq;

pub(crate) use caseloads::find_case;
pub(crate) use facts::{NewFact, insert_facts, role_code, role_of_code};

/// What an entry of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// One change of a document.
    Change,
    /// One version of a fact.
    Fact,
    /// The signature that freezes a document's text.
    Signature,
    /// A signed record that was disclosed, as a document of its own.
    Filed,
    /// Nothing: so that what is logged with it takes as many entries as it would otherwise.
    Nothing,
}

impl EntryKind {
    /// As it is stored.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Change => 1,
            Self::Fact => 2,
            Self::Signature => 3,
            Self::Filed => 4,
            Self::Nothing => 5,
        }
    }

    /// From what is stored.
    #[must_use]
    pub const fn of_code(code: i64) -> Option<Self> {
        match code {
            1 => Some(Self::Change),
            2 => Some(Self::Fact),
            3 => Some(Self::Signature),
            4 => Some(Self::Filed),
            5 => Some(Self::Nothing),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
