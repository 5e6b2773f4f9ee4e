//! Worlds of devices and real servers, and what stands between them.

pub mod browser;
pub mod filled;
pub mod hand_made;
pub mod handshake;
pub mod hostile;
pub mod journal;
pub mod narrow;
pub mod needles;
pub mod pages;
pub mod person;
pub mod program;
pub mod relay;
pub mod seed;
pub mod wait;
pub mod world;
