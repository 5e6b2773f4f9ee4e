//! The one door for received bytes.

/// What one change may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeLimits {
    /// Bytes.
    pub bytes_max: usize,
    /// Operations.
    pub operations_max: u64,
}
