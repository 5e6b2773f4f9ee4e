//! Whether a device is locked.

use samspor_documents::time::UnixMillis;
use serde::{Deserialize, Serialize};

/// Why a device is locked: records are neither read nor written on it. Nothing is deleted by that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locked {
    /// It was out of contact for longer than the organisation allows. The next contact unlocks it.
    LeaseEnded,
    /// It was revoked, and has not handed over yet what it could not deliver.
    Revoked,
}

impl Locked {
    /// Its code: stable, lower case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LeaseEnded => "lease_ended",
            Self::Revoked => "revoked",
        }
    }
}

/// Whether a device is locked, and when it will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lock {
    /// Why it is; none while it is not.
    pub locked: Option<Locked>,
    /// When it locks itself without contact, by the machine's clock; none before enrolment.
    pub lease_ends_at: Option<UnixMillis>,
}
