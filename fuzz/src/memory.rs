//! How much memory one input takes, counted where it is allocated: also what is asked for and never touched. What
//! the compression library takes is its own: the limit of the process is for that.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

/// What an input may take for each of its bytes, and beside them.
const PER_BYTE_MAX: usize = 4 * 1024;
const BESIDE: usize = 32 << 20;
/// What a whole document may take, however small its bytes: as many operations as one may have, and their reading.
const DOCUMENT: usize = 1024 << 20;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: hands every call on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        // SAFETY: the caller keeps the system allocator's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most that one input took so far.
pub fn most() -> usize {
    MOST.load(Relaxed)
}

/// Runs `work` on an input of so many bytes, which may hold whole documents, and fails when it took more than it may.
pub fn bounded<T>(length: usize, holds_documents: bool, work: impl FnOnce() -> T) -> T {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let outcome = work();
    let taken = PEAK.load(Relaxed).saturating_sub(before);
    MOST.fetch_max(taken, Relaxed);
    let beside = if holds_documents { DOCUMENT } else { BESIDE };
    let allowed = length.saturating_mul(PER_BYTE_MAX) + beside;
    assert!(
        taken <= allowed,
        "{taken} bytes of memory for an input of {length}"
    );
    outcome
}
