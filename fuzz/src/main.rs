//! The fuzz targets in one program: which one runs is said by `SAMSPOR_FUZZ`, and `SAMSPOR_FUZZ_SEEDS` names a folder
//! to write its seeds to instead. What a target does stands in the tests of the crate concerned, where `cargo test`
//! does the same with the seeds and with what once failed.
//!
//! Beside no panic this holds each input to bounded memory, and a run to at least one input that got in.

#![no_main]

mod cbor;
mod cursor;
#[path = "../../documents/tests/fuzzed/mod.rs"]
mod documents;
mod memory;
mod mutate;
#[path = "../../protocol/tests/fuzzed/mod.rs"]
mod protocol;
mod tally;

/// The server's own file: its cursor needs nothing else of that crate, which would double what is built here.
#[path = "../../server/src/feed/cursor.rs"]
mod server_cursor;
/// What that file names by `crate::log`.
mod log {
    /// A position in the log.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
    #[cbor(transparent)]
    pub struct Seq(#[n(0)] pub i64);
}

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use std::sync::OnceLock;

/// Name, what is done, what it begins with.
type Target = (&'static str, fn(&[u8]) -> bool, fn() -> Vec<Vec<u8>>);

static CHOSEN: OnceLock<Target> = OnceLock::new();

fn targets() -> impl Iterator<Item = Target> {
    let all = documents::TARGETS
        .iter()
        .chain(protocol::TARGETS)
        .chain(cursor::TARGETS);
    all.copied()
}

fn begin() {
    let names: Vec<&str> = targets().map(|(name, ..)| name).collect();
    let wanted = std::env::var("SAMSPOR_FUZZ").unwrap_or_default();
    let Some(target) = targets().find(|(name, ..)| *name == wanted) else {
        eprintln!("SAMSPOR_FUZZ names one of: {}", names.join(" "));
        std::process::exit(2);
    };
    if let Ok(folder) = std::env::var("SAMSPOR_FUZZ_SEEDS") {
        for (place, seed) in (target.2)().iter().enumerate() {
            let file = std::path::Path::new(&folder).join(format!("seed-{place}"));
            std::fs::write(file, seed).expect("the folder can be written to");
        }
        std::process::exit(0);
    }
    // A panic that the guard catches is an answer like any other; the hook before this one ends the program.
    let fatal = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if samspor_documents::guard::is_guarding() {
            tally::caught();
        } else {
            fatal(panic);
        }
    }));
    tally::say_at_end();
    let _ = CHOSEN.set(target);
}

fuzz_target!(
    init: begin(),
    |input: &[u8]| {
        let (name, run, _) = CHOSEN.get().expect("chosen at the beginning");
        let holds_documents = matches!(*name, "snapshot" | "feed_page");
        let got_in = memory::bounded(input.len(), holds_documents, || run(input));
        tally::count(got_in);
    }
);

fuzz_mutator!(
    |bytes: &mut [u8], size: usize, size_max: usize, seed: u32| {
        let (name, ..) = CHOSEN.get().expect("chosen at the beginning");
        mutate::mutate(name, bytes, size, size_max, seed)
    }
);
