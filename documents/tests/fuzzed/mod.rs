//! What is done with bytes from elsewhere, and what has to hold then. `cargo test` does it with the seeds and with
//! what once failed (`tests/regressions`); the fuzz targets (`/fuzz`) compile these very files and look for more.
//!
//! A target says whether its input got in: was read as what it claims to be, not just refused.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "what must hold fails by panic, and seeds are read from golden files"
)]

mod change;
mod grammar;
mod made;
mod rebuilt;
mod script;
mod signed_text;
mod snapshot;
mod template;
mod typed;

/// Does with an input all that is done with such bytes; whether it got in.
pub type Run = fn(&[u8]) -> bool;
/// What fuzzing begins with.
pub type Seeds = fn() -> Vec<Vec<u8>>;

/// Every target of this crate: its name, which is also its folder of regressions.
pub const TARGETS: &[(&str, Run, Seeds)] = &[
    ("change", change::run, change::seeds),
    ("snapshot", snapshot::run, snapshot::seeds),
    ("signed_text", signed_text::run, signed_text::seeds),
    ("template", template::run, template::seeds),
    ("typed", typed::run, typed::seeds),
    ("search", typed::search, typed::search_seeds),
];
