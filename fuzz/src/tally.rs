//! What a run came to, said at its end. A run of which no input got in proves nothing, and fails.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static RUNS: AtomicU64 = AtomicU64::new(0);
static GOT_IN: AtomicU64 = AtomicU64::new(0);
static CAUGHT: AtomicU64 = AtomicU64::new(0);

/// The exit code of a run that proves nothing.
const NOTHING_GOT_IN: i32 = 70;

pub fn count(got_in: bool) {
    RUNS.fetch_add(1, Relaxed);
    GOT_IN.fetch_add(u64::from(got_in), Relaxed);
}

/// A panic of the document library that the guard caught.
pub fn caught() {
    CAUGHT.fetch_add(1, Relaxed);
}

extern "C" fn at_end() {
    let got_in = GOT_IN.load(Relaxed);
    let kilobytes = crate::memory::most() >> 10;
    eprintln!(
        "tally: {} executions, {got_in} got in, {} panics caught by the guard, at most {kilobytes} KiB for one input",
        RUNS.load(Relaxed),
        CAUGHT.load(Relaxed),
    );
    if got_in == 0 {
        eprintln!("tally: no input got in");
        // SAFETY: ends the process; nothing runs after it.
        unsafe { libc::_exit(NOTHING_GOT_IN) }
    }
}

pub fn say_at_end() {
    // SAFETY: the function lives as long as the program and does not unwind.
    let failed = unsafe { libc::atexit(at_end) };
    assert_eq!(failed, 0, "the run could not be counted");
}
