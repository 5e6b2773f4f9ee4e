//! Workloads measured beside the peers.

pub mod child;
pub mod generator;
pub mod measure;
pub mod report;
