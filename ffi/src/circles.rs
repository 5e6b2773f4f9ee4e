//! Circles: colleagues across teams who write one reflection, and what they share of it when they close it.

use crate::{device::Device, error::SamsporError, reading::all, rows::TimelineRow};
use samspor_client_core::{CircleClosing, CircleParticipant, CircleRow, LearningRow, NewClosing};
use samspor_documents::{
    id::{PractitionerId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::closing::ReflectionKind;

/// What kind of reflection it was.
#[uniffi::remote(Enum)]
pub enum ReflectionKind {
    /// A shared professional reflection.
    Shared,
    /// Some time after a course or a method was taken up: what was tried.
    MethodFollowUp,
    /// Sparring on a recorded conversation.
    VideoSparring,
}

/// Who takes part in a circle.
#[uniffi::remote(Record)]
pub struct CircleParticipant {
    /// Who.
    pub practitioner: PractitionerId,
    /// Their name; none until a sync has brought it.
    pub name: Option<String>,
    /// Whether the server told of it, or it still waits here.
    pub confirmed: bool,
}

/// How a circle was closed.
#[uniffi::remote(Record)]
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

/// A circle in which this practitioner takes part.
#[uniffi::remote(Record)]
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

/// What a circle is closed with.
#[uniffi::remote(Record)]
pub struct NewClosing {
    /// What kind of reflection it was.
    pub kind: ReflectionKind,
    /// What was learned; may be nothing.
    #[uniffi(default = [])]
    pub lines: Vec<String>,
    /// The teams that see it; may be none.
    #[uniffi(default = [])]
    pub shared_with: Vec<TeamId>,
}

/// That a reflection took place, and what was learned in it, as it was shared with a team.
#[uniffi::remote(Record)]
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

#[uniffi::export]
impl Device {
    /// Opens a circle of oneself and colleagues of any team, about these cases. Nobody else is told that it is there.
    ///
    /// # Errors
    /// `NotFound` (`unknown_practitioner`, `unknown_case`), `Refused` (`bad_circle_title`, `circle_too_large`),
    /// `DiskFull`: then nothing is kept.
    #[uniffi::method(default(about = []))]
    pub async fn open_circle(
        &self,
        title: String,
        participants: Vec<PractitionerId>,
        about: Vec<SpaceId>,
    ) -> Result<SpaceId, SamsporError> {
        self.run(async move |device| device.open_circle(&title, participants, about).await)
            .await
    }

    /// The circles in which this practitioner takes part, by title.
    pub async fn circles(&self) -> Result<Vec<CircleRow>, SamsporError> {
        self.run(async move |device| device.circles().await).await
    }

    /// What stands in a circle, or in that of one's own team (`team_circle`), newest first.
    ///
    /// # Errors
    /// `NotFound` (`unknown_circle`).
    #[uniffi::method(default(restricted = false))]
    pub async fn written_in(
        &self,
        circle: SpaceId,
        restricted: bool,
    ) -> Result<Vec<TimelineRow>, SamsporError> {
        self.run(async move |device| device.written_in(circle, restricted).await.map(all))
            .await
    }

    /// Brings a colleague into a circle, who gets all that stands in it. `false` when they take part already.
    ///
    /// # Errors
    /// `NotFound` (`unknown_circle`, `unknown_practitioner`), `Refused` (`circle_closed`, `circle_too_large`).
    pub async fn join(
        &self,
        circle: SpaceId,
        practitioner: PractitionerId,
    ) -> Result<bool, SamsporError> {
        self.run(async move |device| device.join(circle, practitioner).await)
            .await
    }

    /// Leaves a circle: it goes from one's devices. What was written stays with the others.
    ///
    /// # Errors
    /// `NotFound` (`unknown_circle`).
    pub async fn leave(&self, circle: SpaceId) -> Result<(), SamsporError> {
        self.run(async move |device| device.leave(circle).await)
            .await
    }

    /// Closes a circle with what was learned in it. Nobody writes in it or is brought in after that.
    ///
    /// # Errors
    /// `NotFound` (`unknown_circle`, `unknown_team`), `Refused` (`circle_closed`, `bad_learning_line`,
    /// `learning_too_large`): then it is open still.
    pub async fn close_circle(
        &self,
        circle: SpaceId,
        closing: NewClosing,
    ) -> Result<(), SamsporError> {
        self.run(async move |device| device.close_circle(circle, closing).await)
            .await
    }

    /// What circles shared with one's own teams, the last first: never which, about whom or by whom.
    pub async fn learning(&self) -> Result<Vec<LearningRow>, SamsporError> {
        self.run(async move |device| device.learning().await).await
    }
}

/// The circle of a whole team: its members write reflections into it.
#[uniffi::export]
pub fn team_circle(team: TeamId) -> SpaceId {
    team.circle()
}
