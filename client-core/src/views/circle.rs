//! What a device shows of circles of chosen participants.

use samspor_documents::{
    id::{PractitionerId, SpaceId},
    time::UnixMillis,
};

/// A circle in which this practitioner takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleRow {
    /// The circle: documents are written into it by this id.
    pub circle: SpaceId,
    /// What it is called.
    pub title: String,
    /// Who opened it.
    pub opened_by: PractitionerId,
    /// When, by the device's clock.
    pub opened_at: UnixMillis,
    /// The cases it concerns. They may be others' than this practitioner may see.
    pub about: Vec<SpaceId>,
    /// Who takes part.
    pub participants: Vec<CircleParticipant>,
    /// Whether the server told of the circle, or it still waits here.
    pub confirmed: bool,
}

/// Who takes part in a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleParticipant {
    /// Who.
    pub practitioner: PractitionerId,
    /// Their name; none until a sync has brought it.
    pub name: Option<String>,
    /// Whether the server told of it, or it still waits here.
    pub confirmed: bool,
}

impl CircleRow {
    /// Whether somebody takes part.
    #[must_use]
    pub fn has(&self, practitioner: PractitionerId) -> bool {
        self.participants
            .iter()
            .any(|one| one.practitioner == practitioner)
    }
}
