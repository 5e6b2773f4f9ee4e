//! The threads of a store's connections: named after it, so that closing it can wait until they have ended.
//!
//! At the end of a process the cipher's library frees what is its own. A thread that is just ending frees its part of
//! that at the same time, and the process would crash with everything done. Where the system does not tell which threads
//! there are, nothing is waited for.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// How long ending threads are waited for, at most.
const WAIT: Duration = Duration::from_secs(2);
/// How often they are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// The threads of one store.
#[derive(Debug, Clone, Copy)]
pub(super) struct Threads(u64);

impl Threads {
    /// Those of the next store of this process.
    pub(super) fn of_next() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self(COUNT.fetch_add(1, Ordering::Relaxed))
    }

    /// What one of them is called. A system keeps fifteen letters of it.
    pub(super) fn name(self, number: u64) -> String {
        format!("{}{number:x}", self.beginning())
    }

    fn beginning(self) -> String {
        format!("store{:x}-", self.0)
    }

    /// Returns when none is there any more, or after a while.
    pub(super) async fn ended(self) {
        let waiting = async {
            while self.are_there() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        let _ = tokio::time::timeout(WAIT, waiting).await;
    }

    #[cfg(target_os = "linux")]
    fn are_there(self) -> bool {
        let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
            return false;
        };
        let names = tasks.flatten().filter_map(|task| {
            let name = task.path().join("comm");
            std::fs::read_to_string(name).ok()
        });
        let beginning = self.beginning();
        names.into_iter().any(|name| name.starts_with(&beginning))
    }

    #[cfg(not(target_os = "linux"))]
    const fn are_there(self) -> bool {
        false
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use crate::{key::StoreKey, store::Store};

    #[tokio::test]
    async fn a_store_that_was_closed_has_no_thread_any_more() {
        let keep = tempfile::tempdir().expect("a folder");
        let made = Store::create(&keep.path().join("store"), &StoreKey::new([7; 32])).await;
        let store = made.expect("a store");
        store.status().await.expect("reads");
        let threads = store.threads;
        assert!(threads.are_there());
        store.close().await;
        assert!(!threads.are_there());
    }
}
