//! Arbitrary bytes meet no panic: what this crate does with them, with its seeds and with what once failed.

mod fuzzed;
mod kept;
