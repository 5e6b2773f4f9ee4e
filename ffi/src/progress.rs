//! The progress on a child's goals and the scalings of its meetings: each person's marks in a line of their own.

use crate::{
    device::Device,
    error::SamsporError,
    reading::all,
    said::{SaidAmount, SaidDay, SaidItem, SaidText},
};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    method::progress::{self, GoalKind},
};
use uuid::Uuid;

/// What kind of goal.
#[uniffi::remote(Enum)]
pub enum GoalKind {
    /// A plan's goal.
    Goal,
    /// A plan's sub-goal.
    SubGoal,
    /// Said in a mark, and in no plan here.
    Unlisted,
}

/// In what a line is counted.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum MarkUnit {
    /// From 0 to 10.
    Scale,
    /// In this unit.
    Measure {
        /// Which.
        unit: String,
    },
    /// Measures in conflict have several units.
    Several,
}

impl From<progress::Unit> for MarkUnit {
    fn from(unit: progress::Unit) -> Self {
        match unit {
            progress::Unit::Scale => Self::Scale,
            progress::Unit::Measure(unit) => Self::Measure { unit },
            progress::Unit::Several => Self::Several,
        }
    }
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Mark {
    /// Where it stands.
    pub document: DocumentId,
    /// Which item there.
    pub item: Uuid,
    /// When it was set: the mark's own day, else its entry's.
    pub day: SaidDay,
    /// How much.
    pub amounts: SaidAmount,
    /// Whether that is after the plan ended; none where values in conflict do not agree on it.
    pub after_plan: Option<bool>,
    /// Whether it is in conflict which goal it is of: it stands at each.
    pub goal_unsettled: bool,
}

impl From<progress::Point> for Mark {
    fn from(point: progress::Point) -> Self {
        Self {
            document: point.document,
            item: point.item.0,
            day: point.day.into(),
            amounts: point.amounts.into(),
            after_plan: point.after_plan,
            goal_unsettled: point.goal_unsettled,
        }
    }
}

/// One person's marks, in one unit.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MarkLine {
    /// `child`, `parent`, `professional` or `network`; nothing in a meeting's scaling.
    pub by: SaidText,
    /// Their name or role.
    pub who: SaidText,
    /// In what.
    pub unit: MarkUnit,
    /// By day.
    pub points: Vec<Mark>,
}

impl From<progress::Line> for MarkLine {
    fn from(line: progress::Line) -> Self {
        Self {
            by: line.by.into(),
            who: line.who.into(),
            unit: line.unit.into(),
            points: all(line.points),
        }
    }
}

/// A goal, and the marks on it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Goal {
    /// The plan that it stands in.
    pub plan: Option<DocumentId>,
    /// Its id there.
    pub id: Option<Uuid>,
    /// What kind.
    pub kind: GoalKind,
    /// Of a sub-goal: the goal that it belongs to.
    pub of: SaidItem,
    /// The goal in words.
    pub says: SaidText,
    /// `open`, `reached` or `dropped`.
    pub status: SaidText,
    /// When it is to be reached.
    pub until: SaidDay,
    /// When its plan ends.
    pub plan_ends: SaidDay,
    /// Whether somebody took it out of the plan: it stands here while there are marks on it.
    pub removed: bool,
    /// A line per person and unit, by who marked first.
    pub lines: Vec<MarkLine>,
}

impl From<progress::Goal> for Goal {
    fn from(goal: progress::Goal) -> Self {
        Self {
            plan: goal.plan,
            id: goal.id.map(|id| id.0),
            kind: goal.kind,
            of: goal.of.into(),
            says: goal.says.into(),
            status: goal.status.into(),
            until: goal.until.into(),
            plan_ends: goal.plan_ends.into(),
            removed: goal.removed,
            lines: all(goal.lines),
        }
    }
}

/// A child's progress.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct GoalProgress {
    /// Plan by plan in order of time: each goal, then its sub-goals; then goals that are in no plan here.
    pub goals: Vec<Goal>,
    /// The scaling of meetings: a line per person.
    pub scalings: Vec<MarkLine>,
}

impl From<progress::Progress> for GoalProgress {
    fn from(progress: progress::Progress) -> Self {
        Self {
            goals: all(progress.goals),
            scalings: all(progress.scalings),
        }
    }
}

#[uniffi::export]
impl Device {
    /// The progress on a child's goals, and its meetings' scalings, from everything of it that may be read here.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    pub async fn goal_progress(&self, case_id: SpaceId) -> Result<GoalProgress, SamsporError> {
        self.run(async move |device| device.goal_progress(case_id).await.map(Into::into))
            .await
    }
}
