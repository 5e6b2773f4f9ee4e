//! The projector: follows the log and makes what is fed and shown.
//!
//! It takes entries in log order, in batches: reads what they are about in sets (`read`), applies them to the
//! documents where a panic is caught (`apply`), renders rows (`render`), and writes snapshots, items, the
//! grounds' sums, timeline rows and its own position in one transaction (`write`). Nobody is fed anything
//! before that. A change that cannot be applied without harm is set aside, with what builds on it; the rest
//! goes on. After a restart it continues where its position stands.

mod again;
mod apply;
mod filed;
mod heads;
mod read;
pub(crate) mod render;
mod restrictions;
mod rows;
mod scopes;
mod sums;
mod task;
mod write;

pub use heads::Heads;
pub use task::Projector;

pub(crate) use task::start;

#[cfg(test)]
mod tests;
