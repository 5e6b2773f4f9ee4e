//! A visitor's day: what is due, what of one's own is not complete, a child's growth, a visit from the last one.

use super::{NewVisit, TimelineRow};
use jiff::civil::Date;
use samspor_documents::{
    card::RelationKind,
    document::Edit,
    growth::{Child, series::Series},
    id::{DocumentId, SpaceId, TeamId},
    reading::Completeness,
    template::Labels,
    time::Moment,
    visit::{
        from_last::Unchanged,
        schedule::{Schedule, ScheduleError, Urgency},
    },
};
use std::borrow::Cow;

/// Which visits that are due to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DueWhich {
    /// Every one, those whose window is open as well.
    #[default]
    All,
    /// Those of today.
    Today,
    /// Those of today and of the rest of this week, Monday to Sunday.
    Week,
    /// Those whose time has passed.
    Overdue,
}

impl DueWhich {
    /// Whether one of this urgency stands in the list.
    #[must_use]
    pub const fn has(self, urgency: Urgency) -> bool {
        match self {
            Self::All => true,
            Self::Today => matches!(urgency, Urgency::Today),
            Self::Week => matches!(urgency, Urgency::Today | Urgency::ThisWeek),
            Self::Overdue => matches!(urgency, Urgency::Overdue),
        }
    }
}

/// By which schedule visits are due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleInForce {
    /// The schedule.
    pub schedule: Cow<'static, Schedule>,
    /// Whether the organisation set it; else it is the one that ships.
    pub is_own: bool,
    /// Why the one that the organisation set cannot be used here.
    pub aside: Option<ScheduleError>,
}

/// A list of visits that are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueFilter {
    /// Which.
    pub which: DueWhich,
    /// Of this team only.
    pub team: Option<TeamId>,
    /// At most so many.
    pub limit: u32,
}

impl Default for DueFilter {
    fn default() -> Self {
        Self {
            which: DueWhich::All,
            team: None,
            limit: 1_000,
        }
    }
}

/// A visit that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRow {
    /// The case in which it is: of several cards of one child, one of one's own team.
    pub case: SpaceId,
    /// That case's team.
    pub team: TeamId,
    /// Who it is about, as the case's card names them.
    pub citizen: String,
    /// The kind of visit, by its short name; none of what was agreed without saying which.
    pub visit_type: Option<String>,
    /// What it is called.
    pub labels: Labels,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The first day for it.
    pub from: Date,
    /// The last day for it.
    pub until: Date,
    /// The day that is agreed.
    pub agreed: Option<Date>,
    /// By how many days its window was moved because the child was born early; 0 else.
    pub moved_days: i32,
}

/// A contact of one's own that is not complete.
#[derive(Debug, Clone, PartialEq)]
pub struct IncompleteRow {
    /// The entry, or the draft of one.
    pub entry: TimelineRow,
    /// The case that it is about.
    pub case: SpaceId,
    /// Who that is, as the case's card names them; none while the card is not here.
    pub citizen: Option<String>,
    /// Until when it is to be complete, or since when it is overdue.
    pub completeness: Completeness,
}

/// A child's growth.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// The cases that it is told from: every one here that is about this child.
    pub cases: Vec<SpaceId>,
    /// What the cards agree on.
    pub child: Child,
    /// A curve per indicator.
    pub series: Vec<Series>,
}

/// A draft that was begun from the last entry of its template.
#[derive(Debug, Clone, PartialEq)]
pub struct BegunFromLast {
    /// The draft.
    pub draft: DocumentId,
    /// The last entry, and when it happened; none where there is none.
    pub last: Option<(DocumentId, Moment)>,
    /// The fields that the last entry hands on; what was typed in them is said instead.
    pub carried: Vec<String>,
    /// What can be said to be as it was then, and stands empty in the draft.
    pub unchanged: Vec<Unchanged>,
}

/// A visit written in one act: the child's entry, and one per parent, each in that parent's own case.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitForm {
    /// The child's part.
    pub visit: NewVisit,
    /// The parents' parts.
    pub parents: Vec<ParentForm>,
    /// Whether they stand in their cases at once; drafts of one's own else.
    pub published: bool,
}

impl VisitForm {
    /// The child's part alone, as a draft.
    #[must_use]
    pub const fn of(visit: NewVisit) -> Self {
        Self {
            visit,
            parents: Vec::new(),
            published: false,
        }
    }
}

/// What a visit says about one parent.
#[derive(Debug, Clone, PartialEq)]
pub struct ParentForm {
    /// Which parent.
    pub parent: ParentCase,
    /// The template of the parent's entry.
    pub template: String,
    /// What stands in it. What it does not say of visit type and form of contact, and the child's does, is taken from
    /// there.
    pub fields: Vec<Edit>,
}

/// A parent's own case.
#[derive(Debug, Clone, PartialEq)]
pub enum ParentCase {
    /// This one.
    Here(SpaceId),
    /// One that is opened in the child's team, and named on the child's card.
    Opened {
        /// The parent's name.
        name: String,
        /// How they belong together, where the child's card does not say so of a relation by this name.
        relation: Option<RelationKind>,
    },
}

/// A visit that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenVisit {
    /// Its planned contact.
    pub contact: DocumentId,
    /// The child's entry, or its draft.
    pub entry: DocumentId,
    /// Of each parent, in the order given.
    pub parents: Vec<WrittenParent>,
}

/// What was written about a parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenParent {
    /// The parent's own case.
    pub case: SpaceId,
    /// The parent's entry, or its draft.
    pub entry: DocumentId,
    /// Whether the case was opened for it.
    pub opened: bool,
}
