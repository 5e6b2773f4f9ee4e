//! Facts: what is true beside the documents. A fact has id, space, version and body, and is fed,
//! counted and purged like a document.

use crate::{
    assignment::Assignment,
    circle::{Circle, Participant},
    closing::{Closing, Learning},
    hash::Hash32,
    restrict::Restriction,
    share::{Received, Shared},
    sign::TextSignature,
    wire,
    wire::WireError,
};
use minicbor::{Decode, Encode, bytes::ByteVec};
use samspor_documents::{
    authoring::ACTOR_BYTES,
    id::{DocumentId, FactId, OrganisationId, PractitionerId, SpaceId, TeamId},
    template::OwnFile,
    time::UnixMillis,
};
use std::collections::BTreeSet;

/// A fact as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Fact {
    /// Its id; a newer version of the same fact has the same id.
    #[n(0)]
    pub id: FactId,
    /// The space whose readers may read it.
    #[n(1)]
    pub space: SpaceId,
    /// Counts from 1.
    #[n(2)]
    pub version: u32,
    /// CBOR of a [`FactBody`]. Kept as bytes: its digest is part of the fact's tag.
    #[n(3)]
    pub body: ByteVec,
}

/// What a fact says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum FactBody {
    /// The organisation. In its own space.
    #[n(0)]
    Organisation(#[n(0)] Organisation),
    /// A team. In the organisation's space.
    #[n(1)]
    Team(#[n(0)] Team),
    /// A practitioner's name. In the organisation's space.
    #[n(2)]
    Practitioner(#[n(0)] Practitioner),
    /// A membership. In the team's circle.
    #[n(3)]
    Membership(#[n(0)] Membership),
    /// A space: a case. In that space.
    #[n(4)]
    Space(#[n(0)] Space),
    /// What became of a draft. In its author's private space.
    #[n(5)]
    Published(#[n(0)] Published),
    /// A signature beside the first one. In the document's space.
    #[n(6)]
    CoSignature(#[n(0)] CoSignature),
    /// A circle of chosen participants. In that circle.
    #[n(7)]
    Circle(#[n(0)] Circle),
    /// Who takes part in a circle, or does no longer. In that circle.
    #[n(8)]
    Participant(#[n(0)] Participant),
    /// A share of a case or of a document of it. In that case, for its own writers.
    #[n(9)]
    Shared(#[n(0)] Shared),
    /// The same for its recipient. In the share's own space.
    #[n(10)]
    Received(#[n(0)] Received),
    /// Whether a signed document is restricted. In the document's space.
    #[n(11)]
    Restriction(#[n(0)] Restriction),
    /// A circle was closed. In that circle.
    #[n(12)]
    Closing(#[n(0)] Closing),
    /// A reflection took place, and what was learned in it. In the circle of a team.
    #[n(13)]
    Learning(#[n(0)] Learning),
    /// A case is assigned to somebody, or is no longer. In that case, for its own people.
    #[n(14)]
    Assignment(#[n(0)] Assignment),
    /// A template of the organisation's own. In the organisation's space.
    #[n(15)]
    Template(#[n(0)] TemplateFile),
    /// Whether a template is retired. In the organisation's space.
    #[n(16)]
    Retirement(#[n(0)] Retirement),
    /// The organisation's own visit schedule, or that it has none. In the organisation's space.
    #[n(17)]
    VisitSchedule(#[n(0)] ScheduleFile),
}

/// One version of a template that the organisation added: its file, word for word. It never changes; what is changed
/// in a template is another version.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TemplateFile {
    /// What the template is called.
    #[n(0)]
    pub name: String,
    /// Which version.
    #[n(1)]
    pub version: u32,
    /// The file, at most [`crate::limits::TEMPLATE_BYTES_MAX`] bytes. Whether it can be used is for the reader to see.
    #[n(2)]
    pub text: String,
    /// The organisation's word that this is its own, by which a signed record's file shows whose labels it has:
    /// [`Self::signed`]. None of one that was added before there was any.
    #[n(3)]
    pub signature: Option<ByteVec>,
}

impl TemplateFile {
    /// As it is read.
    #[must_use]
    pub fn file(&self) -> OwnFile<'_> {
        OwnFile {
            name: &self.name,
            version: self.version,
            text: &self.text,
        }
    }
}

/// Whether a template, or one version of it, is retired: nothing new is begun in it. What was written in it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Retirement {
    /// What the template is called; one that ships, too.
    #[n(0)]
    pub name: String,
    /// Which version; none: the template as a whole, with versions to come.
    #[n(1)]
    pub version: Option<u32>,
    /// Whether it is, from here on, or is no longer.
    #[n(2)]
    pub is_retired: bool,
}

/// The visit schedule that an organisation set: its file, word for word.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ScheduleFile {
    /// The file, at most [`crate::limits::SCHEDULE_BYTES_MAX`] bytes; none: the one that ships holds. Whether it can be
    /// used is for the reader to see.
    #[n(0)]
    pub text: Option<String>,
}

impl Retirement {
    /// Which are retired by what these say of each; one that stands twice is as the last of them says.
    #[must_use]
    pub fn in_force(all: impl IntoIterator<Item = Self>) -> BTreeSet<(String, Option<u32>)> {
        let mut retired = BTreeSet::new();
        for one in all {
            let named = (one.name, one.version);
            if one.is_retired {
                retired.insert(named);
            } else {
                retired.remove(&named);
            }
        }
        retired
    }
}

/// The organisation.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Organisation {
    /// Its id.
    #[n(0)]
    pub organisation: OrganisationId,
    /// Its name, as people say it.
    #[n(1)]
    pub name: String,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Team {
    /// Its id.
    #[n(0)]
    pub team: TeamId,
    /// Its name, as people say it.
    #[n(1)]
    pub name: String,
    /// Its kind.
    #[n(2)]
    pub kind: TeamKind,
    /// Whose its cases are within it; none: [`Caseload::WholeTeam`].
    #[n(3)]
    pub caseload: Option<Caseload>,
}

impl Team {
    /// Whose its cases are within it.
    #[must_use]
    pub fn caseload(&self) -> Caseload {
        self.caseload.unwrap_or_default()
    }
}

/// A practitioner.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Practitioner {
    /// Their id.
    #[n(0)]
    pub practitioner: PractitionerId,
    /// Their name.
    #[n(1)]
    pub name: String,
    /// Their title, may be empty.
    #[n(2)]
    pub title: String,
}

/// A membership of a team, from when it was logged until it ended.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Membership {
    /// Who.
    #[n(0)]
    pub practitioner: PractitionerId,
    /// Of which team.
    #[n(1)]
    pub team: TeamId,
    /// As what.
    #[n(2)]
    pub role: Role,
    /// Whether it has ended.
    #[n(3)]
    pub ended: bool,
}

/// A case: one citizen in one team.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Space {
    /// The team whose case it is.
    #[n(0)]
    pub team: TeamId,
    /// Who opened it.
    #[n(1)]
    pub opened_by: PractitionerId,
    /// When, by the device's clock.
    #[n(2)]
    pub opened_at: UnixMillis,
}

/// A draft that was put into a case or circle: it is closed, and stands in no list any more.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Published {
    /// The draft.
    #[n(0)]
    pub draft: DocumentId,
    /// The document that it became.
    #[n(1)]
    pub document: DocumentId,
    /// What of the draft the document was made from, as the publish said it: a device that wrote more of the draft
    /// knows by this that it is not in the document.
    #[n(2)]
    pub seen: Vec<Seen>,
}

/// How far an actor had come in a document that was read: this change and all its earlier ones were in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Seen {
    /// The actor.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub actor: [u8; ACTOR_BYTES],
    /// The number of its last change among its own, from 1.
    #[n(1)]
    pub seq: u64,
}

/// Somebody else's signature of a text that was signed before. What it is over, the evidence says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CoSignature {
    /// The signed document.
    #[n(0)]
    pub document: DocumentId,
    /// Whose, with which device, when.
    #[n(1)]
    pub signature: TextSignature,
}

macro_rules! named_codes {
    ($(#[$doc:meta])* $type:ident { $($(#[$vdoc:meta])* $name:ident = $n:literal $text:literal $danish:literal $english:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
        #[cbor(index_only)]
        pub enum $type { $($(#[$vdoc])* #[n($n)] $name,)* }

        impl $type {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// Its code: stable, lower case.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$name => $text,)* } }
            /// What people call it, in Danish.
            #[must_use]
            pub const fn danish(self) -> &'static str { match self { $(Self::$name => $danish,)* } }
            /// What people call it, in English.
            #[must_use]
            pub const fn english(self) -> &'static str { match self { $(Self::$name => $english,)* } }
            /// The one of a code.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> { Self::ALL.iter().copied().find(|one| one.code() == code) }
        }
    };
}

named_codes! {
    /// What a team does (fagområde).
    TeamKind {
        /// Health visitors.
        HealthVisiting = 0 "health_visiting" "Sundhedsplejen" "Health visiting",
        /// Educational psychologists and consultants.
        Ppr = 1 "ppr" "PPR" "Educational psychology",
        /// Family advisers and caseworkers.
        FamilyCounselling = 2 "family_counselling" "Familierådgivningen" "Family counselling",
        /// Family treatment.
        FamilyTreatment = 3 "family_treatment" "Familiebehandlingen" "Family treatment",
        /// Day care.
        Daycare = 4 "daycare" "Dagtilbud" "Day care",
        /// School.
        School = 5 "school" "Skole" "School",
        /// Any other.
        Other = 6 "other" "Andet" "Other",
    }
}

named_codes! {
    /// Whose a team's cases are within the team: what a membership opens of them.
    #[derive(Default)]
    Caseload {
        /// Every case to every member whose role opens cases.
        #[default]
        WholeTeam = 0 "whole_team" "hele teamets" "the whole team's",
        /// To those of them to whom the case is assigned.
        Assigned = 1 "assigned" "efter tildeling" "by assignment",
    }
}

named_codes! {
    /// What a membership lets a person do beside the team's daily work.
    Role {
        /// Reads and writes the team's cases.
        Practitioner = 0 "practitioner" "medarbejder" "practitioner",
        /// The same, and invites staff and devices.
        Coordinator = 1 "coordinator" "koordinator" "coordinator",
        /// Figures and practice; reads no case by role.
        Leader = 2 "leader" "leder" "leader",
    }
}

impl Role {
    /// Whether the role reads and writes the team's cases.
    #[must_use]
    pub const fn opens_cases(self) -> bool {
        matches!(self, Self::Practitioner | Self::Coordinator)
    }
}

impl Fact {
    /// A fact from what it says.
    #[must_use]
    pub fn new(id: FactId, space: SpaceId, version: u32, body: &FactBody) -> Self {
        Self {
            id,
            space,
            version,
            body: wire::encode(body).into(),
        }
    }

    /// What it says.
    ///
    /// # Errors
    /// When the body is of a kind this build does not know; the fact itself is still kept and counted.
    pub fn read(&self) -> Result<FactBody, WireError> {
        wire::decode("fact", &self.body)
    }

    /// The digest of its body.
    #[must_use]
    pub fn body_hash(&self) -> Hash32 {
        Hash32::of(&self.body)
    }
}
