//! Quarantine: what revoked devices hand over before they erase themselves.
//!
//! `receive` keeps one delivery per device, durable before it is answered, sealed (`seal`) space by space. `open` shows
//! one parcel to who may write in its space now, on a ground that is written down first. What nobody fetches is deleted
//! after the time that held when it came; its row stays and says so. Nothing here is ever logged but counts.

mod open;
mod receive;
mod rows;
mod seal;

pub use open::{OpenedParcel, Refused};
pub use rows::{OpeningRow, ParcelRow};

pub(crate) use open::open;
pub(crate) use receive::{Quarantine, receive};
pub(crate) use rows::{expire, list};

#[cfg(test)]
mod tests;
