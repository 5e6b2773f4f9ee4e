//! The guarded door as the rest of the product uses it: whole documents in, single changes in.

use super::{
    Applied, ChangeLimits, GuardError, apply::apply_to, check_change, snapshot::load_automerge,
};
use crate::document::Document;

/// Loads a snapshot that was saved without compression, of at most `bytes_max` bytes.
///
/// # Errors
/// `TooLarge`, `TooManyOperations`, `Compressed`, `Malformed`, `OperationNumber`, `Refused` or `Panicked`.
pub fn load(bytes: &[u8], bytes_max: usize) -> Result<Document, GuardError> {
    load_automerge(bytes, bytes_max).map(|inner| Document { inner })
}

/// Applies one change whose bytes passed [`check_change`]. One that is there already changes nothing. On an error
/// the document is as before.
///
/// # Errors
/// `MissingDeps`, `ActorSequence`, `ForeignOperation`, `Malformed`, `Refused` or `Panicked`.
pub fn apply(document: &mut Document, bytes: &[u8]) -> Result<Applied, GuardError> {
    apply_to(&mut document.inner, bytes)
}

/// A document from its changes, ancestors first, each checked and applied.
///
/// # Errors
/// Those of [`check_change`] and [`apply`].
pub fn load_changes<'a>(
    changes: impl IntoIterator<Item = &'a [u8]>,
    limits: &ChangeLimits,
) -> Result<Document, GuardError> {
    let mut document = Document::empty();
    for bytes in changes {
        check_change(bytes, limits)?;
        apply(&mut document, bytes)?;
    }
    Ok(document)
}
