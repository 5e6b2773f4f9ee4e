//! What follows from a child's card and visits: when the next is due.

pub mod schedule;
