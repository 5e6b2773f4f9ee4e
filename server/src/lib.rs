//! Samspor's server: the organisation's log, what devices push and are fed, the coordinator's pages.
//!
//! Begin at `router`: every route on one page. A request is authenticated (`auth`, `web::session`), decided by the
//! log (`access`), and answered by one step (`push`, `feed`, `enrol`, `timeline`).

pub mod access;
pub mod admin;
mod app;
mod auth;
pub mod certifier;
pub mod clock;
mod device_api;
mod devices;
mod enrol;
mod evidence;
pub mod feed;
mod health;
pub mod keys;
pub mod log;
pub mod logging;
mod names;
mod organisation;
mod problem;
pub mod projector;
pub mod push;
pub mod quarantine;
pub mod repair;
mod router;
mod schedule;
mod server;
pub mod settings;
pub mod store;
pub mod sync;
mod templates;
#[cfg(test)]
mod testing;
pub mod timeline;
mod tls;
mod web;

pub use organisation::OpenError;
pub use server::{RunningServer, Server, StartError};
pub use settings::Settings;
pub use tls::TlsError;

#[cfg(test)]
mod tests;
