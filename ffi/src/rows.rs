//! Rows of lists, and what lists are asked for.

use crate::{
    complete::Completion,
    reading::{Attributed, all},
    values::{Day, ItemField, Value},
};
use samspor_client_core::{
    self as client, Clock as _, Disclosed, DraftRow, EntryState, PractitionerRow, RestrictionRow,
    Signer, SystemClock, TeamRow, TimelinePage, TimelinePosition,
};
use samspor_documents::{
    card::{CardView, CitizenKind, Relation},
    id::{DeviceId, DocumentId, OrganisationId, PractitionerId, SpaceId, TeamId},
    reading::Guide,
    template::{Labels, TemplateKind},
    time::{Moment, UnixMillis},
};
use samspor_protocol::fact::{Caseload, Role, TeamKind};

/// Whose device this is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
    /// The organisation's public key, 32 bytes: what signed records are checked against.
    pub organisation_key: Vec<u8>,
}

impl From<client::Identity> for Identity {
    fn from(identity: client::Identity) -> Self {
        Self {
            organisation: identity.organisation,
            organisation_name: identity.organisation_name,
            practitioner: identity.practitioner,
            practitioner_name: identity.practitioner_name,
            device: identity.device,
            server: identity.server,
            organisation_key: identity.organisation_key.to_vec(),
        }
    }
}

/// What a team does.
#[uniffi::remote(Enum)]
pub enum TeamKind {
    /// Health visitors.
    HealthVisiting,
    /// Educational psychologists and consultants.
    Ppr,
    /// Family advisers and caseworkers.
    FamilyCounselling,
    /// Family treatment.
    FamilyTreatment,
    /// Day care.
    Daycare,
    /// School.
    School,
    /// Any other.
    Other,
}

/// Whose a team's cases are within the team.
#[uniffi::remote(Enum)]
pub enum Caseload {
    /// Every case to every member whose role opens cases.
    WholeTeam,
    /// To those of them to whom the case is assigned.
    Assigned,
}

/// What a membership lets a person do.
#[uniffi::remote(Enum)]
pub enum Role {
    /// Reads and writes the team's cases.
    Practitioner,
    /// The same, and invites staff and devices.
    Coordinator,
    /// Figures and practice; reads no case by role.
    Leader,
}

/// A team of the organisation.
#[uniffi::remote(Record)]
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
#[uniffi::remote(Record)]
pub struct PractitionerRow {
    /// Their id.
    pub practitioner: PractitionerId,
    /// Their name.
    pub name: String,
    /// Their title, may be empty.
    pub title: String,
}

/// What kind of citizen a card is about.
#[uniffi::remote(Enum)]
pub enum CitizenKind {
    /// A child, born or expected.
    Child,
    /// A parent, with a record of their own.
    Parent,
}

/// Who a case is about, as far as its card's values are settled.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Card {
    /// The citizen's name; empty when none was typed.
    pub name: String,
    /// Child or parent.
    pub kind: CitizenKind,
    /// The CPR number, `DDMMYY-XXXX`, when there is one.
    pub cpr: Option<String>,
    /// The day of birth.
    pub birth_date: Option<Day>,
    /// The day the child is due.
    pub due_date: Option<Day>,
    /// Cases that are the same person, as this card says.
    pub same_as: Vec<SpaceId>,
    /// Who belongs to the citizen.
    pub relations: Vec<Relation>,
    /// The language spoken at home.
    pub language: Option<String>,
    /// Whether an interpreter is needed.
    pub interpreter: Option<bool>,
    /// Whether name and address are protected. A conflict counts as protected.
    pub protected_address: bool,
    /// Whether the card is closed: no reminders.
    pub closed: bool,
}

impl From<CardView> for Card {
    fn from(view: CardView) -> Self {
        Self {
            name: view.name,
            kind: view.kind,
            cpr: view.cpr.map(|cpr| cpr.as_str().to_owned()),
            birth_date: view.birth_date.map(Day),
            due_date: view.due_date.map(Day),
            same_as: view.same_as,
            relations: view.relations,
            language: view.language,
            interpreter: view.interpreter,
            protected_address: view.protected_address,
            closed: view.closed,
        }
    }
}

/// Which cases to list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CaseFilter {
    /// Of this team only.
    #[uniffi(default = None)]
    pub team: Option<TeamId>,
    /// Whose name contains this, upper and lower case alike.
    #[uniffi(default = None)]
    pub name: Option<String>,
    /// Closed ones as well.
    #[uniffi(default = false)]
    pub closed: bool,
    /// At most so many.
    #[uniffi(default = 10000)]
    pub limit: u32,
}

impl From<CaseFilter> for client::CaseFilter {
    fn from(filter: CaseFilter) -> Self {
        Self {
            team: filter.team,
            name: filter.name,
            closed: filter.closed,
            limit: filter.limit,
        }
    }
}

/// A case in a list, by its citizen's name.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
    pub citizen: Option<Card>,
    /// Whom it is about as it was told, where a disclosure opened it and its team has made no card yet.
    pub about: Option<String>,
    /// Whether the server told of the case, or it still waits here.
    pub confirmed: bool,
    /// To whom it is assigned, as far as this device was told.
    pub assigned: Vec<PractitionerId>,
    /// The other cases here that are about the same citizen.
    pub same_citizen: Vec<SpaceId>,
}

impl From<client::CaseRow> for CaseRow {
    fn from(row: client::CaseRow) -> Self {
        let assigned = row.assigned.iter().filter(|one| one.stands());
        Self {
            assigned: assigned.map(|one| one.practitioner).collect(),
            case: row.case,
            team: row.team,
            team_name: row.team_name,
            card: row.card,
            citizen: row.view.map(Into::into),
            about: row.about,
            confirmed: row.confirmed,
            same_citizen: row.same_citizen,
        }
    }
}

/// How an entry stands between this device and the server.
#[uniffi::remote(Enum)]
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

/// Who signed an entry.
#[uniffi::remote(Record)]
pub struct Signer {
    /// Who.
    pub practitioner: PractitionerId,
    /// When, by their device's clock; none while only evidence would tell.
    pub signed_at: Option<UnixMillis>,
    /// Whether the server has the signature.
    pub received: bool,
}

/// A restriction that holds.
#[uniffi::remote(Record)]
pub struct RestrictionRow {
    /// Why.
    pub ground: String,
    /// Who said so.
    pub by: PractitionerId,
    /// When, by their device's clock.
    pub at: UnixMillis,
}

/// How another team's record came here.
#[uniffi::remote(Record)]
pub struct Disclosed {
    /// The team whose record it is.
    pub team: TeamId,
    /// Who disclosed it.
    pub by: PractitionerId,
    /// When, by their device.
    pub at: UnixMillis,
    /// What for.
    pub purpose: String,
}

/// A place in a timeline.
#[uniffi::remote(Record)]
pub struct TimelinePosition {
    /// When it happened.
    pub occurred_at: UnixMillis,
    /// Its place in the log.
    pub seq: u64,
    /// Its id.
    pub document: DocumentId,
}

/// Which part of a timeline to read.
#[uniffi::remote(Record)]
pub struct TimelinePage {
    /// What is older than this: the `position` of the last row of the page before. From the newest when none.
    #[uniffi(default = None)]
    pub before: Option<TimelinePosition>,
    /// At most so many.
    #[uniffi(default = 50)]
    pub limit: u32,
    /// Whether restricted entries and additions are among them.
    #[uniffi(default = false)]
    pub restricted: bool,
}

/// An entry in a timeline.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
    /// Where it stands: the `before` of the page that follows it.
    pub position: TimelinePosition,
    /// When it happened.
    pub occurred_at: Moment,
    /// When it was last written, by its author's device.
    pub written_at: UnixMillis,
    /// When the server received it; none while it waits here.
    pub received_at: Option<UnixMillis>,
    /// Who wrote in it.
    pub authors: Vec<PractitionerId>,
    /// Its heading.
    pub title: Labels,
    /// Its first fields that say something, one per line.
    pub summary: Labels,
    /// How many fields hold concurrent values that wait for a person to choose.
    pub conflicts: u32,
    /// How many fields break their template.
    pub invalid: u32,
    /// Whether something of it lies in the not-delivered box: of a signed one, too.
    pub refused: bool,
    /// How it stands.
    pub state: EntryState,
    /// Who signed it: the first signature first. Empty while it is open.
    pub signers: Vec<Signer>,
    /// The entry that it adds to: of an addendum, or a citizen's remark.
    pub adds_to: Option<DocumentId>,
    /// How it stands by what KL's guide says it must carry, when it was listed.
    pub completion: Completion,
    /// What is added to it, the first that was written first.
    pub additions: Vec<TimelineRow>,
    /// Its restriction, while it is restricted.
    pub restriction: Option<RestrictionRow>,
    /// How it came here, where it is another team's record that was disclosed.
    pub disclosed: Option<Disclosed>,
}

impl From<client::TimelineRow> for TimelineRow {
    fn from(row: client::TimelineRow) -> Self {
        Self {
            position: row.position(),
            completion: row.completeness(Guide::Text, SystemClock.now()).into(),
            document: row.document,
            case: row.case,
            team: row.team,
            kind: row.kind,
            template: row.template,
            occurred_at: row.occurred_at,
            written_at: row.written_at,
            received_at: row.received_at,
            authors: row.authors,
            title: labels(row.title_da, row.title_en),
            summary: labels(row.summary_da, row.summary_en),
            conflicts: row.conflicts,
            invalid: row.invalid,
            refused: row.refused,
            state: row.state,
            signers: row.signers,
            adds_to: row.adds_to,
            additions: all(row.additions),
            restriction: row.restriction,
            disclosed: row.disclosed,
        }
    }
}

const fn labels(da: String, en: String) -> Labels {
    Labels { da, en }
}

/// A draft in the list of drafts.
#[uniffi::remote(Record)]
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

/// One field that holds concurrent values.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ConflictRow {
    /// The document.
    pub document: DocumentId,
    /// Its case.
    pub case: SpaceId,
    /// Its template.
    pub template: String,
    /// Its heading.
    pub title: Labels,
    /// The field.
    pub field: String,
    /// The item within the field and the item's own field, where the field is a list.
    pub at: Option<ItemField>,
    /// What is shown until somebody chooses; none where the rule shows none.
    pub shown: Option<Value>,
    /// All of them, each with author and time.
    pub values: Vec<Attributed>,
}

impl From<client::ConflictRow> for ConflictRow {
    fn from(row: client::ConflictRow) -> Self {
        Self {
            document: row.document,
            case: row.case,
            template: row.template,
            title: labels(row.title_da, row.title_en),
            field: row.field,
            at: row.item.map(|(item, name)| ItemField { item, name }),
            shown: row.shown.map(Into::into),
            values: all(row.values),
        }
    }
}
