//! Worlds of devices and real servers, and what stands between them.

pub mod hand_made;
pub mod hostile;
pub mod journal;
pub mod needles;
pub mod program;
pub mod relay;
pub mod seed;
pub mod wait;
