//! Samspor's server.

pub mod clock;
pub mod keys;
pub mod settings;
pub mod store;
pub mod tls;
