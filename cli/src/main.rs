//! Samspor.

fn main() {}
