//! Closing a circle of chosen participants, with the learning lines that it shares; what other circles shared.

use super::Device;
use crate::{
    error::DeviceError,
    store::{closings, outbox},
    views::{LearningRow, NewClosing, Written},
};
use samspor_documents::{
    id::{SpaceId, TeamId},
    reading::{FieldReading, FieldState},
    template::MergeRule,
};
use samspor_protocol::{
    closing::{CloseCircle, is_learning_line},
    limits,
    push::kind,
    wire,
};
use std::collections::BTreeSet;

impl Device {
    /// Closes a circle: from then on nobody writes in it, and nobody is brought in. It can be read and left. The lines
    /// are told to its participants, and to the teams named: those of which somebody who takes part is a member. Where
    /// somebody else closed it first, this closing with its lines goes to the not-delivered box.
    ///
    /// # Errors
    /// `UnknownCircle`, `CircleClosed`, `LearningLine`, `LearningTooLarge`, `UnknownTeam`, `DiskFull`: then nothing is
    /// kept.
    pub async fn close_circle(
        &self,
        circle: SpaceId,
        closing: NewClosing,
    ) -> Result<(), DeviceError> {
        let me = self.who()?.enrolment.practitioner;
        let body = self.closing_of(closing).await?;
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            let row = device.own_circle(&mut tx, circle).await?;
            closings::check_open(&mut tx, circle).await?;
            let (kind, encoded) = (kind::CLOSE_CIRCLE, wire::encode(&body));
            let mut operation = device.about_space(circle, kind, encoded, &row.title)?;
            operation.written = Written {
                fields: vec![FieldReading {
                    name: "lines".to_owned(),
                    labels: None,
                    merge: MergeRule::Last,
                    whole: true,
                    state: FieldState::Text {
                        text: body.lines.join("\n"),
                        authors: vec![me],
                    },
                }],
                ..operation.written
            };
            outbox::insert(&mut tx, &operation).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// The body of a closing, its lines without blanks around them and its teams each once.
    async fn closing_of(&self, closing: NewClosing) -> Result<CloseCircle, DeviceError> {
        let lines = closing.lines.iter().map(|line| line.trim().to_owned());
        let shared_with: BTreeSet<TeamId> = closing.shared_with.into_iter().collect();
        let body = CloseCircle {
            at: self.inner.options.clock.now(),
            lines: lines.collect(),
            shared_with: shared_with.into_iter().collect(),
            kind: closing.kind,
        };
        if !body.lines.iter().all(|line| is_learning_line(line)) {
            return Err(DeviceError::LearningLine {
                most: limits::LEARNING_LINE_CHARS_MAX,
            });
        }
        if body.check_size().is_err() {
            return Err(DeviceError::LearningTooLarge {
                lines: limits::LEARNING_LINES_MAX,
                bytes: limits::LEARNING_BYTES_MAX,
                teams: limits::LEARNING_TEAMS_MAX,
            });
        }
        let teams = self.teams().await?;
        let is_known = |wanted: &TeamId| teams.iter().any(|row| row.team == *wanted);
        if !body.shared_with.iter().all(is_known) {
            return Err(DeviceError::UnknownTeam);
        }
        Ok(body)
    }

    /// What reflections taught, as circles shared it with this practitioner's teams: the last first. It says that one
    /// took place, never which, about whom, or who wrote what.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn learning(&self) -> Result<Vec<LearningRow>, DeviceError> {
        self.inner.store()?.learning().await
    }
}
