//! Workloads measured beside the peers.

pub mod generator;
