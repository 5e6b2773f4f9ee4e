//! The one door for received bytes. Every change and every snapshot that another machine made passes here,
//! limits first, and nothing behind it panics out.
//!
//! The rule: a byte string is measured before the library sees it (a change of 113 bytes can declare four
//! million operations), and the library runs where a panic is caught and leaves the document as it was.
//! Content is not judged here: reading is total and marks what breaks its template.

mod apply;
mod change;
pub(crate) mod chunk;
mod columns;
mod document;
mod references;
mod snapshot;

pub(crate) use apply::operations_in;
pub use apply::{Applied, apply_to};
pub(crate) use change::FOOTER_AUTHOR;
pub use change::{ChangeFacts, check_change, own_change};
pub use document::{apply, load, load_changes};
pub use snapshot::{load_automerge, snapshot_heads};

#[cfg(test)]
mod tests;

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// What one change may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeLimits {
    /// Bytes of the whole chunk.
    pub bytes_max: usize,
    /// Operations it declares, and operations that these supersede.
    pub operations_max: u64,
}

/// No operation of a document is numbered higher: far below the library's own end, where every edit panics.
pub const OPERATION_NUMBER_MAX: u64 = 1 << 30;
/// Operations that one document may come to; a change past it is refused, so that what was applied can be loaded.
pub const DOCUMENT_OPERATIONS_MAX: u64 = 1_000_000;
/// Rows, and members of groups of rows, that any column of a snapshot may declare: an operation may be superseded by
/// several. Its operations are bounded by [`DOCUMENT_OPERATIONS_MAX`].
pub const SNAPSHOT_ROWS_MAX: u64 = 4 * DOCUMENT_OPERATIONS_MAX;

/// Why received bytes are not taken. Says nothing of their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// Longer than its limit.
    #[error("longer than {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: usize,
    },
    /// Declares more operations than its limit.
    #[error("declares more than {operations_max} operations")]
    TooManyOperations {
        /// The limit.
        operations_max: u64,
    },
    /// Holds compressed parts: it could inflate without bound.
    #[error("holds compressed parts")]
    Compressed,
    /// Not a chunk of the expected kind, damaged, cut short, or followed by more.
    #[error("not a whole, undamaged chunk: {what}")]
    Malformed {
        /// Which part is not as it should be.
        what: &'static str,
    },
    /// Operation numbers beyond [`OPERATION_NUMBER_MAX`].
    #[error("operation numbers are out of range")]
    OperationNumber,
    /// Builds on a change that the document does not hold.
    #[error("builds on a change that is not here")]
    MissingDeps,
    /// Names an operation that is neither its own nor an ancestor's: it would act by order of arrival.
    #[error("names an operation that it does not build on")]
    ForeignOperation,
    /// Names an actor that it does not list, or lists one that wrote nothing it builds on.
    #[error("names an actor that it does not build on")]
    UnknownActor,
    /// Its sequence does not follow its actor's last, or it does not build on that.
    #[error("does not follow its actor's last change")]
    ActorSequence,
    /// The library refused it.
    #[error("the document library refused it")]
    Refused,
    /// The library panicked on it.
    #[error("the document library failed on it")]
    Panicked,
}

std::thread_local! {
    static GUARDING: Cell<bool> = const { Cell::new(false) };
}

/// Runs library code on received content. A panic becomes `Panicked`; whatever the code was changing must
/// be thrown away then.
///
/// # Errors
/// `Panicked`.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, GuardError> {
    let before = GUARDING.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDING.set(before);
    outcome.map_err(|_| GuardError::Panicked)
}

/// Whether this thread runs inside [`guarded`]. A program's panic hook asks it and stays silent then: a message of
/// the library could hold content.
#[must_use]
pub fn is_guarding() -> bool {
    GUARDING.get()
}
