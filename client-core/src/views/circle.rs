//! What a device shows of circles of chosen participants.

use samspor_documents::{
    id::{PractitionerId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::closing::ReflectionKind;

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
    /// Who wrote in it, whether or not they take part still, by name.
    pub authors: Vec<PractitionerId>,
    /// How it was closed; none while it is open.
    pub closing: Option<CircleClosing>,
}

/// How a circle was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleClosing {
    /// By whom.
    pub closed_by: PractitionerId,
    /// When, by their device's clock.
    pub closed_at: UnixMillis,
    /// What kind of reflection it was.
    pub kind: ReflectionKind,
    /// What was learned.
    pub lines: Vec<String>,
    /// The teams that the lines are shared with.
    pub shared_with: Vec<TeamId>,
    /// Whether the server told of it, or it still waits here.
    pub confirmed: bool,
}

/// What a circle is closed with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewClosing {
    /// What kind of reflection it was.
    pub kind: ReflectionKind,
    /// What was learned; may be nothing.
    pub lines: Vec<String>,
    /// The teams that see it; may be none.
    pub shared_with: Vec<TeamId>,
}

/// That a reflection took place, and what was learned in it, as it was shared with a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearningRow {
    /// Which of this practitioner's teams it was shared with.
    pub teams: Vec<TeamId>,
    /// What kind of reflection it was.
    pub kind: ReflectionKind,
    /// The day it was closed: its beginning in UTC.
    pub day: UnixMillis,
    /// What was learned.
    pub lines: Vec<String>,
    /// How many took part.
    pub participants: u32,
}

impl LearningRow {
    /// Whether both are what one closing shared with several teams. Where there are no lines, nothing tells one
    /// reflection from another.
    pub(crate) fn is_of_one_closing(&self, other: &Self) -> bool {
        !self.lines.is_empty()
            && (self.kind, self.day, &self.lines, self.participants)
                == (other.kind, other.day, &other.lines, other.participants)
            && !self.teams.iter().any(|team| other.teams.contains(team))
    }
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
