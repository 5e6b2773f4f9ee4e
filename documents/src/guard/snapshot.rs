//! A whole document as received: measured, then loaded where a panic is caught.

use super::{
    DOCUMENT_OPERATIONS_MAX, GuardError, OPERATION_NUMBER_MAX, SNAPSHOT_ROWS_MAX,
    change::{ACTION_COLUMN, read_hashes},
    chunk, columns, guarded,
};
use automerge::{
    Automerge, LoadOptions, OnPartialLoad, StringMigration, TextEncoding, VerificationMode,
};

/// The column that has one row per change: its last operation's number.
const MAX_OP_COLUMN: u64 = 0x13;

/// The heads a snapshot says it has, sorted, without loading it. Its checksum holds.
///
/// # Errors
/// `Malformed` or `Compressed`.
pub fn snapshot_heads(bytes: &[u8]) -> Result<Vec<[u8; 32]>, GuardError> {
    let (mut reader, _) = chunk::open(bytes, chunk::DOCUMENT)?;
    skip_actors(&mut reader)?;
    let mut heads = read_hashes(&mut reader)?;
    heads.sort_unstable();
    Ok(heads)
}

fn skip_actors(reader: &mut chunk::Reader<'_>) -> Result<(), GuardError> {
    for _ in 0..reader.length()? {
        reader.take_prefixed()?;
    }
    Ok(())
}

/// Measures a snapshot by its run lengths.
fn measure(bytes: &[u8]) -> Result<(), GuardError> {
    let (mut reader, _) = chunk::open(bytes, chunk::DOCUMENT)?;
    skip_actors(&mut reader)?;
    read_hashes(&mut reader)?;
    let changes = columns::read_list(&mut reader)?;
    let operations = columns::read_list(&mut reader)?;
    let changes = columns::read_data(&mut reader, &changes)?;
    let operations = columns::read_data(&mut reader, &operations)?;
    columns::measure(&changes, MAX_OP_COLUMN, SNAPSHOT_ROWS_MAX)?;
    // Deletions have no row here, so no document that changes were applied to under guard comes to more.
    if columns::measure(&operations, ACTION_COLUMN, SNAPSHOT_ROWS_MAX)? > DOCUMENT_OPERATIONS_MAX {
        return Err(GuardError::TooManyOperations {
            operations_max: DOCUMENT_OPERATIONS_MAX,
        });
    }
    Ok(())
}

/// Loads a snapshot that was saved without compression. Text counts in Unicode code points; strings stay
/// what they are.
///
/// # Errors
/// `TooLarge`, `TooManyOperations`, `Compressed`, `Malformed`, `OperationNumber`, `Refused` or `Panicked`.
pub fn load_automerge(bytes: &[u8], bytes_max: usize) -> Result<Automerge, GuardError> {
    if bytes.len() > bytes_max {
        return Err(GuardError::TooLarge { bytes_max });
    }
    measure(bytes)?;
    let options = LoadOptions::new()
        .on_partial_load(OnPartialLoad::Error)
        .verification_mode(VerificationMode::Check)
        .migrate_strings(StringMigration::NoMigration)
        .text_encoding(TextEncoding::UnicodeCodePoint);
    let document = guarded(|| Automerge::load_with_options(bytes, options))?
        .map_err(|_| GuardError::Refused)?;
    let highest = guarded(|| {
        document
            .get_changes_meta(&[])
            .iter()
            .map(|change| change.max_op)
            .max()
    })?;
    if highest.is_some_and(|number| number > OPERATION_NUMBER_MAX) {
        return Err(GuardError::OperationNumber);
    }
    Ok(document)
}
