//! Assignments: who of a team has a case.

use crate::{device::Device, error::SamsporError};
use samspor_client_core::AssignedRow;
use samspor_documents::id::{PractitionerId, SpaceId};

/// Somebody to whom a case is assigned.
#[uniffi::remote(Record)]
pub struct AssignedRow {
    /// Who.
    pub practitioner: PractitionerId,
    /// Whether the server told of it, or it still waits here.
    pub confirmed: bool,
    /// Whether its end still waits here.
    pub end_waits: bool,
}

#[uniffi::export]
impl Device {
    /// Assigns a case to a colleague of its team. `false` when it is so already.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`, `no_colleague`), `Refused` (`shared_for_reading`), `DiskFull`: then nothing is kept.
    pub async fn assign(
        &self,
        case_id: SpaceId,
        practitioner: PractitionerId,
    ) -> Result<bool, SamsporError> {
        self.run(async move |device| device.assign(case_id, practitioner).await)
            .await
    }

    /// Ends a colleague's assignment, or one's own. `false` when they have none.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`), `Refused` (`last_assigned`, `shared_for_reading`), `DiskFull`: then nothing is kept.
    pub async fn unassign(
        &self,
        case_id: SpaceId,
        practitioner: PractitionerId,
    ) -> Result<bool, SamsporError> {
        self.run(async move |device| device.unassign(case_id, practitioner).await)
            .await
    }

    /// To whom a case is assigned, with what of it still waits here.
    pub async fn assigned(&self, case_id: SpaceId) -> Result<Vec<AssignedRow>, SamsporError> {
        self.run(async move |device| device.assigned(case_id).await)
            .await
    }
}
