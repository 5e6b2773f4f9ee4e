//! A position in the log.

/// A position in the organisation's log; entries count from 1, 0 is before the first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    sqlx::Type,
    minicbor::Encode,
    minicbor::Decode,
)]
#[sqlx(transparent)]
#[cbor(transparent)]
pub struct Seq(#[n(0)] pub i64);

impl Seq {
    /// Before the first entry.
    pub const ZERO: Self = Self(0);

    /// The position after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// From what travelled; none for what is no position.
    #[must_use]
    pub fn of_wire(seq: u64) -> Option<Self> {
        i64::try_from(seq).ok().map(Self)
    }

    /// As it travels.
    #[must_use]
    pub fn to_wire(self) -> u64 {
        u64::try_from(self.0).unwrap_or(0)
    }
}
