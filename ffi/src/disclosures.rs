//! Disclosures: a signed copy of an entry is filed in another team's own case, and stays there.

use crate::{device::Device, error::SamsporError};
use samspor_client_core::NewDisclosure;
use samspor_documents::id::{DocumentId, ShareId, SpaceId, TeamId};
use samspor_protocol::share::{Consent, LegalBasis};

/// A disclosure about to be recorded.
#[uniffi::remote(Record)]
pub struct NewDisclosure {
    /// The signed entry.
    pub document: DocumentId,
    /// The team it is filed with.
    pub team: TeamId,
    /// Whom it is about, as the recipient is told; the name on the case's card when none.
    #[uniffi(default = None)]
    pub about: Option<String>,
    /// What for: one line.
    pub purpose: String,
    /// The ground in law.
    pub basis: LegalBasis,
    /// The consent, or why there is none.
    pub consent: Consent,
}

#[uniffi::export]
impl Device {
    /// Discloses a signed entry of a case to another team, with what was added to it and is signed. Answers with the
    /// disclosures, the entry's first; they stand among the shares of the case, and are not withdrawn.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`, `unknown_document`, `unknown_team`), `Refused` (`not_signed`, `entry_restricted`,
    /// `share_own_team`, `shared_for_reading`, `bad_share`), `DiskFull`: then nothing is kept.
    pub async fn disclose(
        &self,
        case_id: SpaceId,
        disclosure: NewDisclosure,
    ) -> Result<Vec<ShareId>, SamsporError> {
        self.run(async move |device| device.disclose(case_id, disclosure).await)
            .await
    }
}
