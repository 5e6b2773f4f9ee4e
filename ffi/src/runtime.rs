//! The one runtime that Rust owns. A call from an app hands its work over and waits; the work is never polled by the app's
//! own executor, and goes on when the app stops waiting.

use crate::{app::telling_app, error::SamsporError};
use std::{
    sync::{OnceLock, mpsc},
    time::Duration,
};
use tokio::runtime::{Builder, Runtime};

/// Threads that drive what was handed over; what blocks has threads of its own.
const WORKERS: usize = 2;
/// Threads for what blocks: asking the app's key store, telling its listeners.
const BLOCKING_THREADS_MAX: usize = 16;

fn runtime() -> Result<&'static Runtime, SamsporError> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let made = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .max_blocking_threads(BLOCKING_THREADS_MAX)
            .thread_name("samspor")
            .enable_all()
            .build()
            .ok()
    });
    made.as_ref().ok_or_else(SamsporError::failed)
}

/// Does the work to its end, whether or not the caller goes on waiting for it.
///
/// # Errors
/// The work's own; `Store` with the code `failed` when it ended in no way that is known.
pub(crate) async fn hand_over<T, E>(
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<T, SamsporError>
where
    T: Send + 'static,
    E: Into<SamsporError> + Send + 'static,
{
    match telling_app(runtime()?.spawn(work)).await {
        Ok(done) => done.map_err(Into::into),
        Err(_) => Err(SamsporError::failed()),
    }
}

/// Does the work and waits for it so long at most, on a thread that is no task's.
pub(crate) fn wait_for(work: impl Future<Output = ()> + Send + 'static, within: Duration) {
    let (tell, told) = mpsc::channel();
    if let Ok(runtime) = runtime() {
        runtime.spawn(async move {
            work.await;
            // Whoever waits no longer needs no answer.
            let _ = tell.send(());
        });
        let _ = told.recv_timeout(within);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        future::Future as _,
        pin::pin,
        task::{Context, Waker},
    };

    #[test]
    fn work_goes_on_when_nobody_waits_for_it_any_more() {
        let (begin, begun) = tokio::sync::oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        {
            let work = hand_over(async move {
                begun.await.map_err(|_| SamsporError::failed())?;
                tell.send("done").map_err(|_| SamsporError::failed())
            });
            let mut work = pin!(work);
            let polled = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending());
        }
        begin.send(()).expect("it still waits");
        let heard = told.recv_timeout(std::time::Duration::from_secs(20));
        assert_eq!(heard, Ok("done"));
    }

    #[test]
    fn work_that_panics_is_an_error_and_the_next_goes_on() {
        let failed = waited(hand_over(async {
            let nothing: Option<u8> = std::hint::black_box(None);
            Ok::<u8, SamsporError>(nothing.expect("nothing is there"))
        }));
        assert_eq!(failed.expect_err("it failed").code(), "failed");
        let works = waited(hand_over(async { Ok::<u8, SamsporError>(7) }));
        assert_eq!(works.expect("works"), 7);
    }

    fn waited<T>(work: impl Future<Output = T>) -> T {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(work)
    }
}
