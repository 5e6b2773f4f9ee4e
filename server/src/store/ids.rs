//! Identifiers in and out of statements.
//!
//! A statement through sqlx costs 30 to 50 µs whatever it does, so every bulk path works on sets: lookups
//! join a list of hexadecimal texts (`json_each` and `unhex`), inserts take many rows of values at once.

use super::StoreError;
use std::fmt::Write as _;

/// Rows per insert statement. A few fixed sizes, so that prepared statements are found again.
const CHUNK_SIZES: [usize; 4] = [100, 25, 5, 1];

/// A JSON list of the values' hexadecimal texts, for `json_each(?)` and `unhex(value)`.
pub fn hex_list<T: AsRef<[u8]>>(values: impl IntoIterator<Item = T>) -> String {
    let mut list = String::from("[");
    for value in values {
        list.push_str(if list.len() > 1 { ",\"" } else { "\"" });
        for byte in value.as_ref() {
            // Writing to a String cannot fail.
            let _ = write!(list, "{byte:02x}");
        }
        list.push('"');
    }
    list.push(']');
    list
}

/// Cuts rows into pieces of a few fixed lengths, the longest first.
pub fn bulk_chunks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = CHUNK_SIZES.into_iter().find(|size| *size <= rows.len())?;
        let (chunk, rest) = rows.split_at(size);
        rows = rest;
        Some(chunk)
    })
}

/// Sixteen bytes of a column.
///
/// # Errors
/// `Damaged` when there are more or fewer.
pub fn id16(what: &'static str, bytes: &[u8]) -> Result<[u8; 16], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged { what })
}

/// Thirty-two bytes of a column.
///
/// # Errors
/// `Damaged` when there are more or fewer.
pub fn id32(what: &'static str, bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hex_list_is_json() {
        assert_eq!(hex_list::<&[u8]>([]), "[]");
        assert_eq!(hex_list([[0u8, 255], [16, 1]]), r#"["00ff","1001"]"#);
    }

    #[test]
    fn chunks_are_of_few_lengths_and_leave_nothing_out() {
        let rows: Vec<u32> = (0..138).collect();
        let chunks: Vec<&[u32]> = bulk_chunks(&rows).collect();
        let lengths: Vec<usize> = chunks.iter().map(|chunk| chunk.len()).collect();
        assert_eq!(lengths, [100, 25, 5, 5, 1, 1, 1]);
        assert_eq!(chunks.concat(), rows);
    }
}
