//! Automerge's columns, measured without being expanded: how many rows each declares by its run lengths.

use super::{
    GuardError,
    chunk::{Reader, malformed},
};

/// Columns are run-length encoded by kind, the low bits of their specification.
const KIND_GROUP: u64 = 0;
const KIND_DELTA: u64 = 3;
const KIND_BOOLEAN: u64 = 4;
const KIND_STRING: u64 = 5;
const KIND_RAW: u64 = 7;
const DEFLATED: u64 = 0b1000;

/// A column's specification and length.
pub struct Column {
    pub specification: u64,
    length: usize,
}

/// The list of columns that stands before their data.
pub fn read_list(reader: &mut Reader<'_>) -> Result<Vec<Column>, GuardError> {
    let count = reader.length()?;
    let mut columns = Vec::new();
    for _ in 0..count {
        let specification = reader.unsigned()?;
        if specification & DEFLATED != 0 {
            return Err(GuardError::Compressed);
        }
        columns.push(Column {
            specification,
            length: reader.length()?,
        });
    }
    Ok(columns)
}

/// A column's specification and data.
pub struct Data<'a> {
    pub specification: u64,
    pub bytes: &'a [u8],
}

/// The data of these columns, in their order.
pub fn read_data<'a>(
    reader: &mut Reader<'a>,
    columns: &[Column],
) -> Result<Vec<Data<'a>>, GuardError> {
    let mut all = Vec::with_capacity(columns.len());
    for column in columns {
        all.push(Data {
            specification: column.specification,
            bytes: reader.take(column.length)?,
        });
    }
    Ok(all)
}

/// Measures these columns: none may declare more than `rows_max` rows, nor its groups more members. Says how many
/// rows the column of `counted` has.
pub fn measure(columns: &[Data<'_>], counted: u64, rows_max: u64) -> Result<u64, GuardError> {
    let mut rows = 0u64;
    for column in columns {
        let declared = rows_of(column.specification, column.bytes, rows_max)?;
        if column.specification == counted {
            rows = rows.saturating_add(declared);
        }
    }
    if rows > rows_max {
        return Err(GuardError::TooManyOperations {
            operations_max: rows_max,
        });
    }
    Ok(rows)
}

fn rows_of(specification: u64, data: &[u8], rows_max: u64) -> Result<u64, GuardError> {
    let kind = specification & 0b111;
    match kind {
        KIND_RAW => Ok(0),
        KIND_BOOLEAN => sum_booleans(data, rows_max),
        _ => sum_runs(kind, data, rows_max),
    }
}

fn add(sum: &mut u64, more: u64, rows_max: u64) -> Result<(), GuardError> {
    *sum = sum.saturating_add(more);
    if *sum > rows_max {
        Err(GuardError::TooManyOperations {
            operations_max: rows_max,
        })
    } else {
        Ok(())
    }
}

/// Alternating lengths of false and true.
fn sum_booleans(data: &[u8], rows_max: u64) -> Result<u64, GuardError> {
    let mut reader = Reader::new(data);
    let mut rows = 0;
    while !reader.is_empty() {
        add(&mut rows, reader.unsigned()?, rows_max)?;
    }
    Ok(rows)
}

/// Runs: a positive length and its value, a negative length and so many values, or zero and a length of nulls.
fn sum_runs(kind: u64, data: &[u8], rows_max: u64) -> Result<u64, GuardError> {
    let mut reader = Reader::new(data);
    let (mut rows, mut members) = (0, 0);
    while !reader.is_empty() {
        let length = reader.signed()?;
        let run = length.unsigned_abs();
        if length == 0 {
            add(&mut rows, reader.unsigned()?, rows_max)?;
        } else if length > 0 {
            add(&mut rows, run, rows_max)?;
            let value = value_of(kind, &mut reader)?;
            add(&mut members, value.saturating_mul(run), rows_max)?;
        } else {
            add(&mut rows, run, rows_max)?;
            for _ in 0..run {
                let value = value_of(kind, &mut reader)?;
                add(&mut members, value, rows_max)?;
            }
        }
    }
    Ok(rows)
}

/// Passes one value over. For a group: how many members it declares; else 0.
fn value_of(kind: u64, reader: &mut Reader<'_>) -> Result<u64, GuardError> {
    match kind {
        KIND_GROUP => reader.unsigned(),
        KIND_DELTA => reader.signed().map(|_| 0),
        KIND_STRING => {
            let text = reader.take_prefixed()?;
            std::str::from_utf8(text)
                .map(|_| 0)
                .map_err(|_| malformed("text"))
        }
        _ => reader.unsigned().map(|_| 0),
    }
}
