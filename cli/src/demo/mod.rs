//! `samspor demo`: an invented municipality whose devices work offline for two weeks and then agree.
//!
//! Everything is real but the people: the server, its administration, TLS, the devices and their encrypted stores.
//! What is typed is dated by a scripted clock, tokens and receipts by the machine's. At the end a checker that
//! knows only the journal of what was typed reads the server and every device, value by value.

mod args;
mod calendar;
mod checker;
mod clock;
mod content;
mod error;
mod journal;
mod people;
mod plan;
mod relay;
mod run;
mod script;
mod signing;
mod typing;
mod world;

pub use args::DemoArgs;
pub use run::run;

#[cfg(test)]
mod tests;
