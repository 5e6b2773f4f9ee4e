//! Every fuzz target of the crate that includes this with its seeds, and with every input that once failed. A new one is
//! a file in that crate's `tests/regressions/TARGET`, as `scripts/fuzz` wrote it, named by what it shows.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads its files, and fails by panic"
)]

use crate::fuzzed::TARGETS;
use std::{collections::BTreeSet, path::PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/regressions")
}

#[test]
fn invariant_10_the_seeds_of_every_target_get_in() {
    for (name, run, seeds) in TARGETS {
        let seeds = seeds();
        let got_in = seeds.iter().filter(|seed| run(seed)).count();
        assert!(got_in > 0, "{name}: none of {} seeds got in", seeds.len());
    }
}

#[test]
fn invariant_10_what_once_failed_does_not_fail_again() {
    let known: BTreeSet<&str> = TARGETS.iter().map(|(name, ..)| *name).collect();
    for target in std::fs::read_dir(folder()).expect("the folder") {
        let target = target.expect("a folder").path();
        let name = target
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        assert!(
            name == "README.md" || known.contains(name.as_str()),
            "no target is called {name}"
        );
        let Some((_, run, _)) = TARGETS.iter().find(|(target, ..)| *target == name) else {
            continue;
        };
        for file in std::fs::read_dir(&target).expect("a target's folder") {
            run(&std::fs::read(file.expect("a file").path()).expect("its bytes"));
        }
    }
}
