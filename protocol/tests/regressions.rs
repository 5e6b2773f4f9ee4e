//! Arbitrary bytes meet no panic: what this crate does with them, with its seeds and with what once failed.

mod fuzzed;
#[path = "../../documents/tests/kept/mod.rs"]
mod kept;
