//! Entries in a timeline: where each stands in it, how it stands with the server, who signed it, what is added to it.

use super::Disclosed;
use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    reading::{Completeness, Guide, Outstanding},
    template::{Language, TemplateKind},
    time::{Moment, UnixMillis},
};
use serde::{Deserialize, Serialize};

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
    /// Whether restricted entries and additions are among them.
    pub restricted: bool,
}

impl Default for TimelinePage {
    fn default() -> Self {
        Self {
            before: None,
            limit: 50,
            restricted: false,
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
    /// The entry that it adds to: of an addendum, or a citizen's remark.
    pub adds_to: Option<DocumentId>,
    /// What is added to it, the first that was written first. It stands here and nowhere else in lists.
    pub additions: Vec<TimelineRow>,
    /// Whether it must carry something still.
    pub outstanding: Outstanding,
    /// Its restriction, while it is restricted.
    pub restriction: Option<RestrictionRow>,
    /// How it came here, where it is another team's record that was disclosed.
    pub disclosed: Option<Disclosed>,
}

/// A restriction that holds, here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestrictionRow {
    /// Why.
    pub ground: String,
    /// Who said so.
    pub by: PractitionerId,
    /// When, by their device's clock.
    pub at: UnixMillis,
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

    /// Whether it is complete by a reading of the guide; if not, until when it is to be, or since when it is overdue.
    #[must_use]
    pub const fn completeness(&self, guide: Guide, now: UnixMillis) -> Completeness {
        self.outstanding
            .completeness(guide, self.occurred_at.at, now)
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
