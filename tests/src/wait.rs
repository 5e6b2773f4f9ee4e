//! Waiting for a condition, with a deadline. Nothing in this crate sleeps for a fixed time and hopes.

use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// How long anything may take before a test says that it never happens. Generous: other suites run beside.
pub const DEADLINE: Duration = Duration::from_secs(60);
/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Returns when `holds` says so.
///
/// # Errors
/// What it waited for, when the deadline passes; or the first error of looking.
pub async fn until<F, Fut>(what: &str, mut holds: F) -> Result<()>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<bool>>,
{
    let begun = Instant::now();
    while !holds().await? {
        if begun.elapsed() > DEADLINE {
            bail!("waited {} s for: {what}", DEADLINE.as_secs());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// The future's value, if it comes within the deadline.
///
/// # Errors
/// What it waited for, when the deadline passes.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> Result<T> {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(value) => Ok(value),
        Err(_) => bail!("waited {} s for: {what}", DEADLINE.as_secs()),
    }
}
