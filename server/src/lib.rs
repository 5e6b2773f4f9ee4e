//! Samspor's server.

pub mod access;
pub mod clock;
pub mod keys;
pub mod log;
pub mod settings;
pub mod store;
pub mod tls;
