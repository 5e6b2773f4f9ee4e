//! The pages people read: server-rendered, Danish first, with a script that only keeps them fresh.
//!
//! A page shows what the signed-in practitioner's memberships open, decided by the log like a device's feed. What
//! is not for a reader looks exactly like what is not there.

mod assets;
mod cookies;
mod language;
mod respond;
pub mod session;
mod sign_in;

pub use assets::asset;
pub use language::Wishes;
pub use respond::failure_page;
pub use sign_in::{sign_in, sign_in_page, sign_out};
