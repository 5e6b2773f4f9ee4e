//! Shares: a case, or one document of it, is open to another team or a colleague for reading; and disclosures, by which a
//! signed copy is filed with another team and stays there.

use crate::{device::Device, error::SamsporError, reading::all, rows::TimelineRow};
use samspor_client_core::{self as client, DeviceError};
use samspor_documents::{
    id::{DocumentId, PractitionerId, ShareId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::share::{self, Consent, Ended, LegalBasis};

/// To whom something is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Recipient {
    /// The members of a team whose role opens cases, whoever they are at the time.
    Team {
        /// The team.
        team: TeamId,
    },
    /// One practitioner of the organisation, whatever their team.
    Practitioner {
        /// Who.
        practitioner: PractitionerId,
    },
}

impl From<share::Recipient> for Recipient {
    fn from(to: share::Recipient) -> Self {
        match to {
            share::Recipient::Team(team) => Self::Team { team },
            share::Recipient::Practitioner(practitioner) => Self::Practitioner { practitioner },
        }
    }
}

impl From<Recipient> for share::Recipient {
    fn from(to: Recipient) -> Self {
        match to {
            Recipient::Team { team } => Self::Team(team),
            Recipient::Practitioner { practitioner } => Self::Practitioner(practitioner),
        }
    }
}

/// What somebody consented to, or why nobody was asked.
#[uniffi::remote(Enum)]
pub enum Consent {
    /// It was given.
    Given {
        /// By whom, and how: one line.
        by: String,
        /// When.
        at: UnixMillis,
    },
    /// The law asks for none here.
    NotAsked {
        /// Why: one line.
        why: String,
    },
}

/// The ground in law on which something is shared.
#[uniffi::remote(Record)]
pub struct LegalBasis {
    /// A code of the organisation's own list: lower-case letters, digits, `.`, `_` and `-`, at most 40.
    pub code: String,
    /// In words: one line, or empty.
    #[uniffi(default = "")]
    pub text: String,
}

/// How a share ended.
#[uniffi::remote(Enum)]
pub enum Ended {
    /// Its time was over.
    Expired,
    /// Somebody withdrew it.
    Withdrawn {
        /// Who; not told to the recipient.
        by: Option<PractitionerId>,
        /// When, by their device's clock.
        at: UnixMillis,
        /// Why; empty where it is told to the recipient.
        why: String,
    },
}

/// What a share says.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Terms {
    /// The one document that is shared; the whole case when none.
    pub document: Option<DocumentId>,
    /// To whom.
    pub to: Recipient,
    /// Whom or what it is about, as the recipient is told.
    pub about: String,
    /// What for.
    pub purpose: String,
    /// The ground in law.
    pub basis: LegalBasis,
    /// The consent, or why there is none.
    pub consent: Consent,
    /// Until when, by the server's clock; until it is withdrawn when none.
    pub until: Option<UnixMillis>,
    /// When it was recorded, by the device's clock.
    pub shared_at: UnixMillis,
}

impl From<share::Terms> for Terms {
    fn from(terms: share::Terms) -> Self {
        Self {
            document: terms.document,
            to: terms.to.into(),
            about: terms.about,
            purpose: terms.purpose,
            basis: terms.basis,
            consent: terms.consent,
            until: terms.until,
            shared_at: terms.shared_at,
        }
    }
}

/// A share about to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewShare {
    /// To whom.
    pub to: Recipient,
    /// What for: one line.
    pub purpose: String,
    /// The ground in law.
    pub basis: LegalBasis,
    /// The consent, or why there is none.
    pub consent: Consent,
    /// The one document that is shared; the whole case when none.
    #[uniffi(default = None)]
    pub document: Option<DocumentId>,
    /// Whom or what it is about, as the recipient is told; the name on the case's card when none.
    #[uniffi(default = None)]
    pub about: Option<String>,
    /// Until when; until it is withdrawn when none.
    #[uniffi(default = None)]
    pub until: Option<UnixMillis>,
}

impl From<NewShare> for client::NewShare {
    fn from(new: NewShare) -> Self {
        Self {
            document: new.document,
            to: new.to.into(),
            about: new.about,
            purpose: new.purpose,
            basis: new.basis,
            consent: new.consent,
            until: new.until,
        }
    }
}

/// A share of a case here.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ShareRow {
    /// The share: it is withdrawn by this id.
    pub share: ShareId,
    /// The case.
    pub case: SpaceId,
    /// Who recorded it.
    pub by: PractitionerId,
    /// What it says.
    pub terms: Terms,
    /// Whether it stands, as far as this device knows.
    pub stands: bool,
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

impl From<client::ShareRow> for ShareRow {
    fn from(row: client::ShareRow) -> Self {
        Self {
            stands: row.stands(),
            share: row.share,
            case: row.case,
            by: row.by,
            terms: row.terms.into(),
            ended: row.ended,
            is_over: row.is_over,
            confirmed: row.confirmed,
            withdrawal_waits: row.withdrawal_waits,
            is_disclosure: row.is_disclosure,
            without: row.without,
        }
    }
}

/// A share by which something is open to this practitioner.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
    /// Whether it stands, as far as this device knows.
    pub stands: bool,
    /// Whether and how it has ended.
    pub ended: Option<Ended>,
    /// Whether its time is over, by the latest time that this device knows: what it opened is hidden.
    pub is_over: bool,
    /// Whether it is a disclosure: it opens nothing, and its copy stands in a case here.
    pub is_disclosure: bool,
}

impl From<client::ReceivedRow> for ReceivedRow {
    fn from(row: client::ReceivedRow) -> Self {
        Self {
            stands: row.stands(),
            share: row.share,
            case: row.case,
            team: row.team,
            by: row.by,
            terms: row.terms.into(),
            ended: row.ended,
            is_over: row.is_over,
            is_disclosure: row.is_disclosure,
        }
    }
}

#[uniffi::export]
impl Device {
    /// Opens cases, or one document of a case, to somebody for reading: of several cases, as a child's and its parents',
    /// all or none. Answers with the shares, in the order of the cases.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`, `unknown_document`, `unknown_team`, `unknown_practitioner`), `Refused`
    /// (`shared_for_reading`, `share_own_team`, `bad_share`, `share_over`), `DiskFull`: then nothing is kept.
    pub async fn share(
        &self,
        cases: Vec<SpaceId>,
        share: NewShare,
    ) -> Result<Vec<ShareId>, SamsporError> {
        self.run(async move |device| device.share(&cases, share.into()).await)
            .await
    }

    /// What is and was shared or disclosed of a case, or of all cases here.
    #[uniffi::method(default(case_id = None))]
    pub async fn shares(&self, case_id: Option<SpaceId>) -> Result<Vec<ShareRow>, SamsporError> {
        self.run(async move |device| device.shares(case_id).await.map(all))
            .await
    }

    /// Ends a share at once; why is for the case's own team only. `false` when it had ended already.
    ///
    /// # Errors
    /// `NotFound` (`unknown_share`), `Refused` (`disclosed`, `bad_share`, `shared_for_reading`).
    #[uniffi::method(default(why = ""))]
    pub async fn withdraw(&self, share: ShareId, why: String) -> Result<bool, SamsporError> {
        self.run(async move |device| device.withdraw(share, &why).await)
            .await
    }

    /// What is and was shared with oneself or one's teams. A case that is open stands among the cases; a document that is
    /// shared alone is found by [`Device::shared_document`].
    pub async fn received_shares(&self) -> Result<Vec<ReceivedRow>, SamsporError> {
        self.run(async move |device| device.received_shares().await.map(all))
            .await
    }

    /// The one document that was shared or disclosed by a share, where it is here and open.
    ///
    /// # Errors
    /// `NotFound` (`unknown_share`).
    pub async fn shared_document(
        &self,
        share: ShareId,
    ) -> Result<Option<TimelineRow>, SamsporError> {
        self.run(async move |device| {
            let received = device.received_shares().await?;
            let received = received.into_iter().find(|row| row.share == share);
            let received = received.ok_or(DeviceError::UnknownShare)?;
            Ok(device.shared_document(&received).await?.map(Into::into))
        })
        .await
    }
}
