//! What a device shows: rows of lists and timelines, status, unsent and refused work.

mod assigned;
mod circle;
mod contact;
mod lock;
mod method;
mod search;
mod share;
mod sync;
mod timeline;
mod visit;

pub use assigned::AssignedRow;
pub use circle::{CircleClosing, CircleParticipant, CircleRow, LearningRow, NewClosing};
pub use contact::{ContactFilter, ContactRow, Contacts, NewContact, NewVisit, StartedVisit};
pub use lock::{Lock, Locked};
pub use method::{CardReading, Parent, WithParents};
pub use search::{Search, SearchHit, SearchPage};
pub use share::{Disclosed, NewDisclosure, NewShare, ReceivedRow, ShareRow};
pub use sync::{Activity, LastFailure, Left, Status, SyncOptions, SyncProgress, SyncReport};
pub use timeline::{
    EntryState, RestrictionRow, Signer, TimelinePage, TimelinePosition, TimelineRow,
};

pub use visit::{
    BegunFromLast, DueFilter, DueRow, DueWhich, Growth, IncompleteRow, ParentCase, ParentForm,
    ScheduleInForce, VisitForm, WrittenParent, WrittenVisit,
};

use samspor_documents::{
    id::{DeviceId, DocumentId, OrganisationId, PractitionerId, SpaceId, TeamId},
    reading::{Attributed, FieldReading},
    template::Language,
    time::{Moment, UnixMillis},
    value::Value,
};
use samspor_protocol::fact::{Caseload, Role, TeamKind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whose device this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its name, once a first sync brought it.
    pub organisation_name: Option<String>,
    /// The practitioner.
    pub practitioner: PractitionerId,
    /// Their name, once a first sync brought it.
    pub practitioner_name: Option<String>,
    /// The device.
    pub device: DeviceId,
    /// The server's address.
    pub server: String,
    /// The organisation's public key, from the enrolment code: what signed records are checked against.
    pub organisation_key: [u8; 32],
}

/// A team of the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRow {
    /// Its id.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: TeamKind,
    /// Whose its cases are within it.
    pub caseload: Caseload,
    /// This practitioner's role in it; none when not a member (any more).
    pub role: Option<Role>,
}

/// A practitioner of the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PractitionerRow {
    /// Their id.
    pub practitioner: PractitionerId,
    /// Their name.
    pub name: String,
    /// Their title, may be empty.
    pub title: String,
}

/// Which cases to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFilter {
    /// Of this team only.
    pub team: Option<TeamId>,
    /// Whose name contains this, upper and lower case alike.
    pub name: Option<String>,
    /// Closed ones as well.
    pub closed: bool,
    /// At most so many.
    pub limit: u32,
}

impl Default for CaseFilter {
    fn default() -> Self {
        Self {
            team: None,
            name: None,
            closed: false,
            limit: 10_000,
        }
    }
}

/// A case in a list, by its citizen's name.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    /// The case.
    pub case: SpaceId,
    /// Whose case it is.
    pub team: TeamId,
    /// That team's name.
    pub team_name: Option<String>,
    /// The card's document; none while the card has not come.
    pub card: Option<DocumentId>,
    /// Who it is about; none while the card has not come or cannot be read.
    pub view: Option<samspor_documents::card::CardView>,
    /// Whom it is about as it was told, where a disclosure opened it and its team has made no card yet.
    pub about: Option<String>,
    /// Whether the server told of the case, or it still waits here.
    pub confirmed: bool,
    /// To whom it is assigned, as far as this device was told, with what waits here.
    pub assigned: Vec<AssignedRow>,
    /// The other cases here that are about the same citizen.
    pub same_citizen: Vec<SpaceId>,
}

/// A draft in the list of drafts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// The draft.
    pub document: DocumentId,
    /// The case or circle it is meant for; none when that does not read.
    pub subject: Option<SpaceId>,
    /// Its template.
    pub template: String,
    /// When what it tells happened.
    pub occurred_at: Moment,
    /// When it was last written, by the writer's clock.
    pub edited_at: UnixMillis,
    /// Its heading in Danish.
    pub title_da: String,
    /// Its heading in English.
    pub title_en: String,
    /// How many fields hold concurrent values: it cannot be published before somebody has chosen.
    pub conflicts: u32,
    /// Whether it was discarded.
    pub discarded: bool,
    /// Whether this device wrote in it what the server has not acknowledged.
    pub waiting: bool,
    /// Whether something of it lies in the not-delivered box.
    pub refused: bool,
    /// How it stands.
    pub state: EntryState,
    /// The entry that it adds to: of an addendum, or a citizen's remark.
    pub adds_to: Option<DocumentId>,
}

impl DraftRow {
    /// Its heading.
    #[must_use]
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::Danish => &self.title_da,
            Language::English => &self.title_en,
        }
    }
}

/// One field that holds concurrent values.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictRow {
    /// The document.
    pub document: DocumentId,
    /// Its case.
    pub case: SpaceId,
    /// Its template.
    pub template: String,
    /// Its heading in Danish.
    pub title_da: String,
    /// Its heading in English.
    pub title_en: String,
    /// The field.
    pub field: String,
    /// The item within the field and the item's own field, where the field is a list.
    pub item: Option<(Uuid, String)>,
    /// What is shown until somebody chooses; none where the rule shows none.
    pub shown: Option<Value>,
    /// All of them, each with author and time.
    pub values: Vec<Attributed>,
}

/// An operation that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// Its place among them.
    pub number: i64,
    /// The case or circle.
    pub space: SpaceId,
    /// The document; none when it is about the space itself.
    pub document: Option<DocumentId>,
    /// `open_case`, `change`, …
    pub operation: &'static str,
    /// Its size.
    pub bytes: u64,
    /// When it was queued, by the machine's clock.
    pub queued_at: UnixMillis,
    /// What was written.
    pub written: Written,
}

/// What was typed in one operation, kept beside it so that it can be read whatever happens to its document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Written {
    /// The template; empty where the operation writes no document.
    pub template: String,
    /// The document's heading in Danish, when it was written.
    pub title_da: String,
    /// The document's heading in English.
    pub title_en: String,
    /// When it happened.
    pub occurred_at: Option<Moment>,
    /// The fields that were touched, as they read afterwards.
    pub fields: Vec<FieldReading>,
    /// What was said of the document's restriction, where the operation is about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restriction: Option<WrittenRestriction>,
}

/// A restriction, or its lifting, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenRestriction {
    /// Whether the document was restricted; else its restriction was lifted.
    pub restricted: bool,
    /// Why.
    pub ground: String,
}

/// Refused work on one document, or on one space: visible, readable, exportable, until a person deals with it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotDelivered {
    /// Names it: the document, or the space where the space itself was refused.
    #[serde(serialize_with = "as_text")]
    pub id: Uuid,
    /// The case or circle.
    pub space: SpaceId,
    /// The document; none when the space itself was refused.
    pub document: Option<DocumentId>,
    /// The code of the first refusal.
    pub reason: String,
    /// One English sentence for support.
    pub detail: String,
    /// Whether trying again can help.
    pub retryable: bool,
    /// What a person can do with it.
    pub ways_out: Vec<WayOut>,
    /// What was written, in order.
    pub operations: Vec<RefusedOperation>,
}

fn as_text<S: serde::Serializer>(id: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

/// What a person can do with refused work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WayOut {
    /// Queue it again.
    Retry,
    /// Go on with it as a draft.
    Draft,
    /// Go on with it as a draft of an addendum to the entry, which is signed.
    Addendum,
    /// Give it up: nothing that was typed is in it.
    Discard,
    /// Take it out as a file. It stays in the box.
    Export,
}

impl WayOut {
    /// Its code: stable, lower case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Draft => "draft",
            Self::Addendum => "addendum",
            Self::Discard => "discard",
            Self::Export => "export",
        }
    }
}

/// One refused operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RefusedOperation {
    /// Its place among all this device did.
    pub number: i64,
    /// `open_case`, `change`, …
    pub operation: &'static str,
    /// Why, as a code.
    pub reason: String,
    /// When it was written, by the writer's clock.
    pub written_at: UnixMillis,
    /// What was written.
    pub written: Written,
}

/// A document that came damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideDocument {
    /// Which.
    pub document: DocumentId,
    /// Where it lives.
    pub space: SpaceId,
    /// Why it does not open.
    pub detail: String,
}
