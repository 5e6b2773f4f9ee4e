//! One change, before any document: what it is, who made it, what it builds on.

use super::{
    ChangeLimits, GuardError, OPERATION_NUMBER_MAX,
    chunk::{self, Reader, malformed},
    columns::{self, Data},
    guarded,
    references::{References, places_fit},
};
use crate::{id::PractitionerId, time::UnixMillis};
use automerge::Change;
use std::collections::HashSet;

/// The column that has one row per operation: its action.
pub(super) const ACTION_COLUMN: u64 = 0x42;
/// Every column that a change of this library version has; any other is refused.
const KNOWN_COLUMNS: &[u64] = &[
    0x01,
    0x02, // object: actor, counter
    0x11,
    0x13,
    0x15, // key: actor, counter, text
    0x34,
    ACTION_COLUMN, // insert, action
    0x56,
    0x57, // value: kind and length, bytes
    0x70,
    0x71,
    0x73, // superseded operations: count, actor, counter
    0x94,
    0xa5, // marks: expand, name
];
/// What stands before an author in the bytes that follow the columns.
pub(crate) const FOOTER_AUTHOR: u64 = 1;

/// What a change says of itself. Nothing here was compared with any document yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeFacts {
    /// SHA-256 of its content: its name.
    pub hash: [u8; 32],
    /// The actor's bytes.
    pub actor: Vec<u8>,
    /// The author, only in an actor's first change of a document.
    pub author: Option<PractitionerId>,
    /// Counts the actor's changes in this document from 1.
    pub seq: u64,
    /// Number of its first operation.
    pub start_op: u64,
    /// Number of its last operation.
    pub max_op: u64,
    /// The changes it builds on.
    pub deps: Vec<[u8; 32]>,
    /// How many operations it has; at least one.
    pub operations: u64,
    /// When it was written, by its device's clock.
    pub time: UnixMillis,
}

/// A change as it stands in its bytes, limits held and references pointing to actors it lists.
pub(super) struct Parsed<'a> {
    pub facts: ChangeFacts,
    /// The other actors whose operations it may name.
    pub others: Vec<&'a [u8]>,
    pub columns: Vec<Data<'a>>,
}

/// What the bytes of one uncompressed change say. Limits come before parsing; no document is needed.
///
/// # Errors
/// `TooLarge`, `TooManyOperations`, `Compressed`, `OperationNumber`, `UnknownActor`, or `Malformed` for anything that
/// is not exactly one undamaged change with at least one operation, an author of 16 bytes in an actor's first change
/// or none, and no message.
pub fn check_change(bytes: &[u8], limits: &ChangeLimits) -> Result<ChangeFacts, GuardError> {
    let facts = own_change(bytes, limits)?;
    // Only now, bounded, does the library check the columns against each other.
    guarded(|| Change::try_from(bytes).map(|_| ()))?.map_err(|_| malformed("operations"))?;
    Ok(facts)
}

/// What a change says that this process has just written, within the limits of one. The library that wrote it is not
/// asked to read it as well: whoever receives it does.
///
/// # Errors
/// As [`check_change`], but for columns that contradict each other.
pub fn own_change(bytes: &[u8], limits: &ChangeLimits) -> Result<ChangeFacts, GuardError> {
    if bytes.len() > limits.bytes_max {
        return Err(GuardError::TooLarge {
            bytes_max: limits.bytes_max,
        });
    }
    Ok(parse(bytes, limits.operations_max)?.facts)
}

/// Reads a change without the library.
pub(super) fn parse(bytes: &[u8], operations_max: u64) -> Result<Parsed<'_>, GuardError> {
    let (mut reader, hash) = chunk::open(bytes, chunk::CHANGE)?;
    let deps = read_hashes(&mut reader)?;
    if deps.iter().collect::<HashSet<_>>().len() != deps.len() {
        return Err(malformed("deps"));
    }
    let actor = reader.take_prefixed()?.to_vec();
    let seq = reader.unsigned()?;
    let start_op = reader.unsigned()?;
    let time = UnixMillis(reader.signed()?);
    if !reader.take_prefixed()?.is_empty() {
        return Err(malformed("message"));
    }
    let mut others = Vec::new();
    for _ in 0..reader.length()? {
        others.push(reader.take_prefixed()?);
    }
    let columns = read_columns(&mut reader)?;
    let operations = columns::measure(&columns, ACTION_COLUMN, operations_max)?;
    let author = read_author(reader)?;
    if seq == 0 || start_op == 0 {
        return Err(malformed("sequence"));
    }
    if author.is_some() && seq != 1 {
        return Err(malformed("author"));
    }
    let max_op = start_op.saturating_add(operations).saturating_sub(1);
    if max_op > OPERATION_NUMBER_MAX {
        return Err(GuardError::OperationNumber);
    }
    if operations == 0 {
        return Err(malformed("no operations"));
    }
    check_actors(&columns, operations, others.len())?;
    if !places_fit(&columns, operations)? {
        return Err(malformed("place"));
    }
    let facts = ChangeFacts {
        hash,
        actor,
        author,
        seq,
        start_op,
        max_op,
        deps,
        operations,
        time,
    };
    Ok(Parsed {
        facts,
        others,
        columns,
    })
}

fn read_columns<'a>(reader: &mut Reader<'a>) -> Result<Vec<Data<'a>>, GuardError> {
    let list = columns::read_list(reader)?;
    let unknown = |column: &columns::Column| !KNOWN_COLUMNS.contains(&column.specification);
    // In ascending order, each once.
    let twice = list
        .windows(2)
        .any(|pair| matches!(pair, [one, next] if one.specification >= next.specification));
    if twice || list.iter().any(unknown) {
        return Err(malformed("column"));
    }
    columns::read_data(reader, &list)
}

/// Every operation named belongs to an actor that the change lists: the library panics on others.
fn check_actors(columns: &[Data<'_>], operations: u64, others: usize) -> Result<(), GuardError> {
    let mut references = References::of(columns);
    for _ in 0..operations {
        references.next_operation(|named| {
            let listed = usize::try_from(named.actor).is_ok_and(|actor| actor <= others);
            if listed {
                Ok(())
            } else {
                Err(GuardError::UnknownActor)
            }
        })?;
    }
    Ok(())
}

pub(super) fn read_hashes(reader: &mut Reader<'_>) -> Result<Vec<[u8; 32]>, GuardError> {
    let count = reader.length()?;
    let mut hashes = Vec::new();
    for _ in 0..count {
        hashes.push(reader.hash()?);
    }
    Ok(hashes)
}

fn read_author(mut reader: Reader<'_>) -> Result<Option<PractitionerId>, GuardError> {
    if reader.is_empty() {
        return Ok(None);
    }
    let footer = reader.unsigned()?;
    let author = reader.take_prefixed()?;
    if footer != FOOTER_AUTHOR || !reader.is_empty() {
        return Err(malformed("footer"));
    }
    PractitionerId::from_slice(author)
        .map(Some)
        .map_err(|_| malformed("author"))
}
