//! Samspor's documents: what an entry, a card and a reflection are, how they are edited, merged and read.
//!
//! Pure: no I/O, no clock, no randomness of its own. Times, ids and actors are handed in.
//!
//! - [`template`]: what a document may hold, as data; KL's codes; merge rules.
//! - [`value`]: a field's value, typed in, kept, shown.
//! - [`document`]: create, edit, save. Every edit is one change, signed into history as its author's.
//! - [`reading`]: what a document says, over all concurrent values; [`card`] and [`one_child`] on top of it.
//! - [`growth`]: measurements as z-scores by a named reference.
//! - [`visit`]: what follows from visits: which are due, what a new one takes over, periods.
//! - [`method`]: what the methods' entries say over time: progress, factors, agreements, the child heard.
//! - [`signed`]: the canonical text that a reading becomes when it is signed.
//! - [`search`]: the words by which a document is found, and what is typed to find it.
//! - [`name_order`]: in which order names stand.
//! - [`permission`]: who may do what, on what ground.
//! - [`guard`]: the one door for bytes from elsewhere.

pub mod authoring;
pub mod card;
pub mod contact;
pub mod cpr;
pub mod document;
pub mod growth;
pub mod guard;
pub mod id;
pub mod method;
pub mod name_order;
pub mod one_child;
pub mod permission;
pub mod reading;
pub mod search;
pub mod signed;
pub mod template;
pub mod time;
pub mod value;
pub mod visit;

#[cfg(test)]
mod testing;
