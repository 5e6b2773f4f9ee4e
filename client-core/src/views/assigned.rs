//! What a device shows of assignments.

use samspor_documents::id::PractitionerId;

/// Somebody to whom a case is assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssignedRow {
    /// Who.
    pub practitioner: PractitionerId,
    /// Whether the server told of it, or it still waits here.
    pub confirmed: bool,
    /// Whether its end still waits here.
    pub end_waits: bool,
}

impl AssignedRow {
    /// Whether it stands, as far as this device knows.
    #[must_use]
    pub const fn stands(&self) -> bool {
        !self.end_waits
    }
}
