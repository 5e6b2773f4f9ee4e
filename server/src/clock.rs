//! The server's clock: the one place where the time of day is read.

use samspor_documents::time::UnixMillis;

/// Now, by this machine's clock.
#[must_use]
pub fn now() -> UnixMillis {
    UnixMillis(jiff::Timestamp::now().as_millisecond())
}
