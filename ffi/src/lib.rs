//! The face of client-core for Kotlin, Swift and Python: thin. What an app does goes through one object, [`Device`];
//! each area of it is a file here.
//!
//! - Nothing runs on the caller's thread: a call hands its work to a runtime of Rust's own and waits for it. Whoever stops
//!   waiting stops nothing: a write that was begun is finished.
//! - Errors are ten kinds that an app can act on, each with a stable code ([`SamsporError`]). Neither they nor what is
//!   logged hold personal data.
//! - No argument is called by a word of C (`case`): Swift imports the calls through a header in C.
//! - Ids are texts, times are Unix milliseconds with the writer's offset, days are `2026-11-23`, amounts are decimal texts.
//! - What the app is asked for (the store's key) and told (syncs, logs) goes through traits that it implements. Whatever
//!   they throw loses nothing.

uniffi::setup_scaffolding!("samspor");

mod agreements;
mod app;
mod assignments;
mod circles;
mod complete;
mod contacts;
mod device;
mod disclosures;
mod entries;
mod error;
#[cfg(test)]
mod faces;
mod family;
mod feeding;
mod growth;
mod key_store;
mod lists;
mod live;
mod log;
mod methods;
mod outbox;
mod planned;
mod prefill;
mod progress;
mod reading;
mod restrictions;
mod rows;
mod runtime;
mod said;
mod schedule;
mod shares;
mod support;
mod sync;
mod templates;
mod text;
mod values;
mod verify;
mod visit_form;

pub use device::{Device, Place};
pub use error::SamsporError;
pub use key_store::{KeyStore, KeyStoreError};
pub use live::{ListenerError, LiveSync, SyncListener};
pub use log::{LogLevel, LogRecord, LogSink, LogSinkError, set_log_sink};
