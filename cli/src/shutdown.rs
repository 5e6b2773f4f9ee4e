//! Being asked to stop: Ctrl-C, and SIGTERM where there is one.

use crate::{exit::Exit, failure::Failure, words::W};
use std::{future::Future, io};

/// Listens from now on; the future ends when the process is asked to stop.
///
/// # Errors
/// `unexpected` when the system lets nobody listen.
pub fn asked() -> Result<impl Future<Output = ()>, Failure> {
    listen().map_err(|error| {
        Failure::new(Exit::Other, "unexpected", W::UNEXPECTED).with("detail", error.to_string())
    })
}

#[cfg(unix)]
fn listen() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn listen() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _unheard = tokio::signal::ctrl_c().await;
    })
}
