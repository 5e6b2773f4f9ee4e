//! Worlds of devices and real servers, and what stands between them.

pub mod relay;
