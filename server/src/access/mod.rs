//! Access: who reads and writes where, decided by the log alone.
//!
//! What is opened as one is a *ground*: a team's circle or a team's cases by a membership, the organisation's space
//! to everybody, a practitioner's private space to themselves, a circle of chosen participants to each of them, one
//! case or one document of it by a share, one case by being assigned to it in a team whose caseload is by assignment.
//! What a wider ground covers is not opened again by a narrower one: everything
//! visible stands on exactly one ground of its reader. What a ground allows says `documents::permission`.
//! A practitioner's history of grounds, read once, answers for any position of the log. Push, feed, repair
//! and timelines all ask here.

mod history;
mod load;
mod scope;
mod stretch;

pub use history::{Ended, Ground, History, Placed, Standing};
pub use load::{load, load_one, position};
pub use scope::{Scope, Visible, WithEntry};

use samspor_documents::permission;

/// What kind of ground it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroundKind {
    /// The organisation's space: names and teams. Everyone reads, the administration writes.
    Organisation,
    /// A team's circle: every member reads and writes.
    Circle,
    /// A team's cases: members whose role opens cases read and write.
    Cases,
    /// A practitioner's private space: they alone read and write, whatever anybody's role.
    Private,
    /// A circle of chosen participants: they read and write, whatever anybody's team or role.
    Chosen,
    /// One case: those to whom it is shared read.
    Case,
    /// One document of a case: those to whom it is shared read.
    Document,
    /// One case of a team whose caseload is by assignment: members to whom it is assigned read and write.
    AssignedCase,
    /// What is told to such a team of shares with it: members whose role opens cases read.
    Received,
}

impl GroundKind {
    /// As it is stored.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Organisation => 0,
            Self::Circle => 1,
            Self::Cases => 2,
            Self::Private => 3,
            Self::Chosen => 4,
            Self::Case => 5,
            Self::Document => 6,
            Self::AssignedCase => 7,
            Self::Received => 8,
        }
    }

    /// From what is stored.
    #[must_use]
    pub const fn of_code(code: i64) -> Option<Self> {
        match code {
            0 => Some(Self::Organisation),
            1 => Some(Self::Circle),
            2 => Some(Self::Cases),
            3 => Some(Self::Private),
            4 => Some(Self::Chosen),
            5 => Some(Self::Case),
            6 => Some(Self::Document),
            7 => Some(Self::AssignedCase),
            8 => Some(Self::Received),
            _ => None,
        }
    }

    /// What it is in the table of permissions.
    #[must_use]
    pub const fn permission(self) -> permission::Ground {
        match self {
            Self::Organisation => permission::Ground::Organisation,
            Self::Circle => permission::Ground::TeamCircle,
            Self::Cases => permission::Ground::TeamCases,
            Self::Private => permission::Ground::Private,
            Self::Chosen => permission::Ground::ChosenCircle,
            Self::Case => permission::Ground::SharedCase,
            Self::Document => permission::Ground::SharedDocument,
            Self::AssignedCase => permission::Ground::AssignedCase,
            Self::Received => permission::Ground::ReceivedShares,
        }
    }

    /// Whether it is a scope: part of another ground.
    #[must_use]
    pub const fn is_scope(self) -> bool {
        self.width() > 0
    }

    /// How wide a scope is: of one case, a wider one opens all that a narrower one does. Nothing for what is no scope.
    const fn width(self) -> u8 {
        match self {
            Self::Document => 1,
            Self::Case => 2,
            Self::AssignedCase | Self::Received => 3,
            Self::Organisation | Self::Circle | Self::Cases | Self::Private | Self::Chosen => 0,
        }
    }
}
