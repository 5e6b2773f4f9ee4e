//! Workloads measured beside the peers.

pub mod child;
pub mod folder;
pub mod generator;
pub mod handshake;
pub mod measure;
pub mod report;
