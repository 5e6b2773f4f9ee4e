//! Samspor's documents: what an entry, a card and a reflection are, how they are edited, merged and read.
//!
//! Pure: no I/O, no clock, no randomness of its own. Times, ids and actors are handed in.

pub mod guard;
pub mod id;
pub mod time;
