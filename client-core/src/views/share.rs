//! What a device shows of shares: of the cases here, and of those that are open to this practitioner.

use samspor_documents::{
    id::{DocumentId, PractitionerId, ShareId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::share::{Consent, Ended, LegalBasis, Recipient, Terms};

/// A share about to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShare {
    /// The one document that is shared; the whole case when none.
    pub document: Option<DocumentId>,
    /// To whom.
    pub to: Recipient,
    /// Whom or what it is about, as the recipient is told; the name on the case's card when none.
    pub about: Option<String>,
    /// What for.
    pub purpose: String,
    /// The ground in law.
    pub basis: LegalBasis,
    /// The consent, or why there is none.
    pub consent: Consent,
    /// Until when; until it is withdrawn when none.
    pub until: Option<UnixMillis>,
}

/// A disclosure about to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDisclosure {
    /// The signed entry.
    pub document: DocumentId,
    /// The team it is filed with.
    pub team: TeamId,
    /// Whom it is about, as the recipient is told; the name on the case's card when none.
    pub about: Option<String>,
    /// What for.
    pub purpose: String,
    /// The ground in law.
    pub basis: LegalBasis,
    /// The consent, or why there is none.
    pub consent: Consent,
}

/// How another team's signed record came to stand in a case here.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// A share of a case here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRow {
    /// The share: it is withdrawn by this id.
    pub share: ShareId,
    /// The case.
    pub case: SpaceId,
    /// Who recorded it.
    pub by: PractitionerId,
    /// What it says.
    pub terms: Terms,
    /// Whether and how it has ended, as the server told.
    pub ended: Option<Ended>,
    /// Whether its time is over, by the latest time that this device knows.
    pub is_over: bool,
    /// Whether the server told of it, or it still waits here.
    pub confirmed: bool,
    /// Whether its withdrawal still waits here.
    pub withdrawal_waits: bool,
    /// Whether it is a disclosure: a copy is filed with the recipient, and stays.
    pub is_disclosure: bool,
    /// Of a disclosure: what was added to its entry and signed, and has not been disclosed to the same team.
    pub without: Vec<DocumentId>,
}

/// A share by which something is open to this practitioner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedRow {
    /// The share.
    pub share: ShareId,
    /// The case that is open, whole or in one document.
    pub case: SpaceId,
    /// The team whose case it is.
    pub team: TeamId,
    /// Who recorded it.
    pub by: PractitionerId,
    /// What it says.
    pub terms: Terms,
    /// Whether and how it has ended.
    pub ended: Option<Ended>,
    /// Whether its time is over, by the latest time that this device knows: what it opened is hidden.
    pub is_over: bool,
    /// Whether it is a disclosure: it opens nothing, and its copy stands in a case here.
    pub is_disclosure: bool,
}

impl ShareRow {
    /// Whether it stands, as far as this device knows.
    #[must_use]
    pub const fn stands(&self) -> bool {
        self.ended.is_none() && !self.is_over && !self.withdrawal_waits
    }
}

impl ReceivedRow {
    /// Whether it stands, as far as this device knows.
    #[must_use]
    pub const fn stands(&self) -> bool {
        self.ended.is_none() && !self.is_over
    }
}
