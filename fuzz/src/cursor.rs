//! The server's cursor, which a device sends back as it came, or as it likes.

use crate::{
    log::Seq,
    server_cursor::{Cursor, Fill, Position},
};

/// As in the crates.
pub const TARGETS: &[(&str, fn(&[u8]) -> bool, fn() -> Vec<Vec<u8>>)] = &[("cursor", run, seeds)];

fn run(input: &[u8]) -> bool {
    let Some(cursor) = Cursor::from_bytes(input) else {
        return false;
    };
    let bytes = cursor.to_bytes();
    assert!(bytes.len() <= 128, "a cursor of {} bytes", bytes.len());
    assert_eq!(Cursor::from_bytes(&bytes), Some(cursor), "another cursor");
    true
}

fn seeds() -> Vec<Vec<u8>> {
    let cursor = |fill| Cursor {
        epoch: [1; 16],
        seq: Seq(20),
        check: [2; 8],
        access: Seq(21),
        filled: Seq(3),
        fill,
        held: Some(Seq(19)),
    };
    let position = Some(Position {
        rank: 1,
        seq: Seq(7),
    });
    let fill = Fill {
        upto: Seq(9),
        target: Seq(12),
        position,
    };
    vec![cursor(None).to_bytes(), cursor(Some(fill)).to_bytes()]
}
