//! Workloads measured beside the peers.
//!
//! `generator` draws the content, `carrying` puts it into documents; `seed` makes a server's folder with it and
//! `world` runs server, relay and devices over a copy; `workloads` measures, `report` prints. What is measured
//! runs in processes of its own (`child`): this program again, in a role (`roles`).

pub mod alone;
pub mod apps;
pub mod carrying;
pub mod child;
pub mod folder;
pub mod generator;
pub mod handshake;
pub mod known;
pub mod measure;
pub mod report;
pub mod roles;
pub mod seed;
pub mod workloads;
pub mod world;
