//! Files that only their owner may read.

use std::fs;

/// Lets only the owner read what is made.
#[cfg(unix)]
pub fn owner_only(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

/// Elsewhere the folder's own protection holds.
#[cfg(not(unix))]
pub fn owner_only(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    options
}
