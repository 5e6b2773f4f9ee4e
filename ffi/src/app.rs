//! Calls from Rust's threads into the app's language: its key store, its listeners, and the word that what it waits for is
//! done. Some languages end before their threads do, and a call into them then ends the process badly (Python aborts): so
//! calls are counted, and there is an end to them.

use crate::{device::close_all, runtime::wait_for};
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Wake, Waker},
    time::{Duration, Instant},
};

/// How long calls under way are waited for: one may wait for the very thread that waits for it.
const END_WITHIN: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(1);

static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);
static ENDED: AtomicBool = AtomicBool::new(false);

/// A call under way, until it is dropped.
struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        UNDER_WAY.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Calls into the app. None when no calls are made any more: then nothing of the call is touched, not even to drop it.
pub(crate) fn call_app<T>(call: impl FnOnce() -> T) -> Option<T> {
    let _under_way = UnderWay::begin();
    if ENDED.load(Ordering::SeqCst) {
        std::mem::forget(call);
        return None;
    }
    Some(call())
}

/// Something of the app's that Rust holds: calling it, and letting go of it, are calls into the app.
pub(crate) struct OfApp<T: ?Sized>(Option<Arc<T>>);

impl<T: ?Sized> OfApp<T> {
    pub(crate) const fn new(held: Arc<T>) -> Self {
        Self(Some(held))
    }
}

impl<T: ?Sized> Clone for OfApp<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: ?Sized> Drop for OfApp<T> {
    fn drop(&mut self) {
        let held = self.0.take();
        call_app(move || drop(held));
    }
}

impl<T: ?Sized + Send + Sync + 'static> OfApp<T> {
    /// Calls it on a thread that may wait for it. None when that ended in a panic, or no calls are made any more.
    pub(crate) async fn call<R: Send + 'static>(
        &self,
        call: impl FnOnce(&T) -> R + Send + 'static,
    ) -> Option<R> {
        let held = self.clone();
        let called = tokio::task::spawn_blocking(move || {
            call_app(move || held.0.as_deref().map(call)).flatten()
        });
        called.await.ok().flatten()
    }
}

/// Tells the app's executor, as any other call.
struct Told(Waker);

impl Wake for Told {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        call_app(|| self.0.wake_by_ref());
    }
}

/// The work, with the app told as any other call when there is something to poll.
pub(crate) async fn telling_app<F: Future>(work: F) -> F::Output {
    let mut work = pin!(work);
    std::future::poll_fn(|context| {
        let told = Waker::from(Arc::new(Told(context.waker().clone())));
        work.as_mut().poll(&mut Context::from_waker(&told))
    })
    .await
}

/// From now on nothing is called in the app's language, and what was under way has ended when this returns: calls into the
/// app, and calls on devices, whose stores are closed. For languages that end before their threads do: the Python wheel calls
/// it when the process ends, and no thread is at work in a cipher library that the process takes down. What is waited for
/// then never comes.
#[uniffi::export]
pub fn end_calls() {
    ENDED.store(true, Ordering::SeqCst);
    let begun = Instant::now();
    while UNDER_WAY.load(Ordering::SeqCst) > 0 && begun.elapsed() < END_WITHIN {
        std::thread::sleep(LOOK_EVERY);
    }
    wait_for(close_all(), END_WITHIN);
}
