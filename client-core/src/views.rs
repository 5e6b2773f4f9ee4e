//! What a device shows: rows of lists and timelines, status, unsent and refused work.

mod circle;
mod lock;
mod share;
mod sync;

pub use circle::{CircleClosing, CircleParticipant, CircleRow, LearningRow, NewClosing};
pub use lock::{Lock, Locked};
pub use share::{NewShare, ReceivedRow, ShareRow};
pub use sync::{Activity, LastFailure, Left, Status, SyncOptions, SyncProgress, SyncReport};

use samspor_documents::{
    id::{DeviceId, DocumentId, OrganisationId, PractitionerId, SpaceId, TeamId},
    reading::{Attributed, FieldReading},
    template::{Language, TemplateKind},
    time::{Moment, UnixMillis},
    value::Value,
};
use samspor_protocol::fact::{Role, TeamKind};
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
    /// Whether the server told of the case, or it still waits here.
    pub confirmed: bool,
    /// The other cases here that are about the same citizen.
    pub same_citizen: Vec<SpaceId>,
}

/// A place in a timeline: the order is by these three, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimelinePosition {
    /// When it happened.
    pub occurred_at: UnixMillis,
    /// Its place in the log; `u64::MAX` while it waits here.
    pub seq: u64,
    /// Its id.
    pub document: DocumentId,
}

/// Which part of a timeline to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelinePage {
    /// What is older than this; from the newest when none.
    pub before: Option<TimelinePosition>,
    /// At most so many.
    pub limit: u32,
}

impl Default for TimelinePage {
    fn default() -> Self {
        Self {
            before: None,
            limit: 50,
        }
    }
}

/// How an entry stands between this device and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// A draft: its author's own until it is published.
    Draft,
    /// This device wrote in it what the server has not acknowledged.
    Waiting,
    /// Open, and all that this device wrote in it is with the server.
    Delivered,
    /// Signed here; the server has not acknowledged the signature.
    SignedNotReceived,
    /// Signed: its text is the record and stays as it is.
    Signed,
    /// Open, and something of it lies in the not-delivered box.
    Refused,
}

impl EntryState {
    /// Its code: stable, lower case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::SignedNotReceived => "signed_not_received",
            Self::Signed => "signed",
            Self::Refused => "refused",
        }
    }
}

/// Who signed an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signer {
    /// Who.
    pub practitioner: PractitionerId,
    /// When, by their device's clock; none while only evidence would tell.
    pub signed_at: Option<UnixMillis>,
    /// Whether the server has the signature.
    pub received: bool,
}

/// An entry in a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineRow {
    /// The entry.
    pub document: DocumentId,
    /// The case it stands in.
    pub case: SpaceId,
    /// That case's team; none for what is no case.
    pub team: Option<TeamId>,
    /// What it is.
    pub kind: TemplateKind,
    /// Its template.
    pub template: String,
    /// When it happened.
    pub occurred_at: Moment,
    /// When it was last written, by its author's device.
    pub written_at: UnixMillis,
    /// When the server received it; none while it waits here.
    pub received_at: Option<UnixMillis>,
    /// Its place in the log; none while it waits here.
    pub seq: Option<u64>,
    /// Who wrote in it.
    pub authors: Vec<PractitionerId>,
    /// Its heading in Danish.
    pub title_da: String,
    /// Its heading in English.
    pub title_en: String,
    /// Its first fields that say something, one per line, in Danish.
    pub summary_da: String,
    /// The same in English.
    pub summary_en: String,
    /// How many fields hold concurrent values that wait for a person to choose.
    pub conflicts: u32,
    /// How many fields break their template.
    pub invalid: u32,
    /// Whether this device wrote or signed in it what the server has not acknowledged.
    pub waiting: bool,
    /// Whether something of it lies in the not-delivered box.
    pub refused: bool,
    /// How it stands.
    pub state: EntryState,
    /// Who signed it, as far as known here: the first signature first. Empty while it is open.
    pub signers: Vec<Signer>,
}

impl TimelineRow {
    /// Where it stands: the `before` of the page that follows it.
    #[must_use]
    pub fn position(&self) -> TimelinePosition {
        TimelinePosition {
            occurred_at: self.occurred_at.at,
            seq: self.seq.unwrap_or(u64::MAX),
            document: self.document,
        }
    }

    /// Its first fields that say something, one per line.
    #[must_use]
    pub fn summary(&self, language: Language) -> &str {
        match language {
            Language::Danish => &self.summary_da,
            Language::English => &self.summary_en,
        }
    }

    /// Its heading.
    #[must_use]
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::Danish => &self.title_da,
            Language::English => &self.title_en,
        }
    }
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
    /// What was written, in order.
    pub operations: Vec<RefusedOperation>,
}

fn as_text<S: serde::Serializer>(id: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
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
