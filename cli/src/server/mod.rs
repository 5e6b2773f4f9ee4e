//! The commands of the server's side: running it, and administering its folder.

pub mod admin;
mod admin_caseloads;
mod admin_devices;
mod admin_lists;
mod admin_schedule;
mod admin_shares;
mod admin_templates;
mod admin_verify;
mod error;
mod quarantine;
pub mod serve;
mod settings;

pub use error::{administering, starting};
