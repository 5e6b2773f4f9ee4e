//! Says whether anything that was typed is lost, and whether any two places say different things.
//!
//! It knows the journal, nothing else of how the demo came about. It reads the server as a coordinator's browser
//! does, and every device as an app does, after closing and reopening its store.

pub mod expect;
mod stretches;
