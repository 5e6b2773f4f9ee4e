//! Seeds: drawn anew for each run, said when something fails, replayed by `SAMSPOR_SEED`.

use anyhow::{Context as _, Result};

/// The seed of this run: `SAMSPOR_SEED`, else drawn.
///
/// # Errors
/// When the variable is no number, or the system gives no randomness.
pub fn seed() -> Result<u64> {
    match std::env::var("SAMSPOR_SEED") {
        Ok(text) => text.parse().context("SAMSPOR_SEED is a whole number"),
        Err(_) => Ok(u64::from_le_bytes(crate::hand_made::random()?)),
    }
}

/// A count from the environment, else the default.
///
/// # Errors
/// When the variable is no number.
pub fn count(variable: &str, default: u32) -> Result<u32> {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .with_context(|| format!("{variable} is a whole number")),
        Err(_) => Ok(default),
    }
}
