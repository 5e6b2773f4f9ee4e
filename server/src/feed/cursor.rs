//! The cursor: how far a device has come. Opaque to it; a cursor that this log never gave means a cold start.

use crate::log::Seq;
use samspor_protocol::wire;

/// How far a device has come.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub struct Cursor {
    /// The log's epoch; a restored log has another.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub epoch: [u8; 16],
    /// What the device holds of its grounds is at least as new as this.
    #[n(1)]
    pub seq: Seq,
    /// The first bytes of the chain at `seq`: notices another log of the same epoch.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub check: [u8; 8],
    /// Where access was looked at last: what ended after it is still to be told.
    #[n(3)]
    pub access: Seq,
    /// Grounds open since then or before are held whole.
    #[n(4)]
    pub filled: Seq,
    /// The fill under way.
    #[n(5)]
    pub fill: Option<Fill>,
    /// Set while news are told over several pages: what the device held when the first of them began. An item
    /// that changed again waits for a later page, and what of it is older than `seq` was not sent either.
    #[n(6)]
    pub held: Option<Seq>,
}

/// What is visible now and was not at `filled`, on its way: cards, planned contacts and facts first, then newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub struct Fill {
    /// Items up to this one are the fill's; newer ones come live.
    #[n(0)]
    pub upto: Seq,
    /// Grounds open since then or before are filled; younger ones wait for the next fill.
    #[n(1)]
    pub target: Seq,
    /// The last item sent; none before the first.
    #[n(2)]
    pub position: Option<Position>,
}

/// A place in a fill's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub struct Position {
    /// Its rank: lower ones come first.
    #[n(0)]
    pub rank: i64,
    /// Its last entry: within a rank newer ones come first.
    #[n(1)]
    pub seq: Seq,
}

impl Cursor {
    /// As it travels.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// From what a device sent; none when no server of this protocol wrote it.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        wire::decode("cursor", bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cursor() -> Cursor {
        let position = Some(Position {
            rank: 1,
            seq: Seq(7),
        });
        let fill = Some(Fill {
            upto: Seq(9),
            target: Seq(12),
            position,
        });
        Cursor {
            epoch: [1; 16],
            seq: Seq(20),
            check: [2; 8],
            access: Seq(21),
            filled: Seq(3),
            fill,
            held: Some(Seq(19)),
        }
    }

    #[test]
    fn a_cursor_reads_back_and_is_small() {
        let bytes = cursor().to_bytes();
        assert_eq!(Cursor::from_bytes(&bytes), Some(cursor()));
        assert!(bytes.len() < 64, "{} bytes", bytes.len());
        assert_eq!(Cursor::from_bytes(&bytes[1..]), None);
    }

    proptest! {
        #[test]
        fn invariant_10_arbitrary_bytes_as_a_cursor_meet_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = Cursor::from_bytes(&bytes);
        }
    }
}
