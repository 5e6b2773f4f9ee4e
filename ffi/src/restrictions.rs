//! Restrictions: a signed document stays, marked, and is left out of lists until somebody asks for it.

use crate::{device::Device, error::SamsporError};
use samspor_documents::id::{DocumentId, SpaceId};

#[uniffi::export]
impl Device {
    /// Restricts a signed document on a ground, or lifts its restriction. `false` when it says so already, on the same
    /// ground.
    ///
    /// # Errors
    /// `NotFound` (`unknown_document`), `Refused` (`entry_not_signed`, `bad_ground`, `shared_for_reading`), `DiskFull`:
    /// then nothing is kept.
    pub async fn restrict(
        &self,
        document: DocumentId,
        restricted: bool,
        ground: String,
    ) -> Result<bool, SamsporError> {
        self.run(async move |device| device.restrict(document, restricted, &ground).await)
            .await
    }

    /// How many documents lists leave out: of a circle, or of every case here about this case's citizen.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    pub async fn restricted_in(&self, space: SpaceId) -> Result<u64, SamsporError> {
        self.run(async move |device| device.restricted_in(space).await)
            .await
    }
}
