//! Planned contacts, and the visits that are begun from them.

use crate::{
    device::Device,
    error::SamsporError,
    values::{Edit, edits},
};
use samspor_client_core::{ContactFilter, ContactRow, NewContact, NewVisit, StartedVisit};
use samspor_documents::{
    contact::ContactStatus,
    id::{DocumentId, PractitionerId, SpaceId},
    time::Moment,
};

/// What became of a planned contact.
#[uniffi::remote(Enum)]
pub enum ContactStatus {
    /// It was called off.
    Cancelled,
    /// The citizen does not want it.
    Declined,
    /// Nobody was at home.
    NotHome,
    /// It is to take place.
    Agreed,
    /// It took place.
    Held,
    /// It began.
    Started,
}

/// A visit to begin.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VisitStart {
    /// The case.
    pub case: SpaceId,
    /// The entry's template: one whose entries name their contact.
    pub template: String,
    /// Its planned contact. When none: the one agreed in the case for today; where there is none, one is made.
    #[uniffi(default = None)]
    pub contact: Option<DocumentId>,
    /// What stands in the entry from the start.
    #[uniffi(default = [])]
    pub fields: Vec<Edit>,
    /// When it began: now, when none.
    #[uniffi(default = None)]
    pub occurred_at: Option<Moment>,
    /// Whether the entry begins with what carries over from the last one of its template in the case.
    #[uniffi(default = false)]
    pub from_last: bool,
}

impl TryFrom<VisitStart> for NewVisit {
    type Error = SamsporError;

    fn try_from(visit: VisitStart) -> Result<Self, SamsporError> {
        Ok(Self {
            case: visit.case,
            contact: visit.contact,
            template: visit.template,
            fields: edits(visit.fields)?,
            occurred_at: visit.occurred_at,
            from_last: visit.from_last,
        })
    }
}

/// A visit that was begun.
#[uniffi::remote(Record)]
pub struct StartedVisit {
    /// Its planned contact, which reads "note missing" until an entry names it.
    pub contact: DocumentId,
    /// The draft of the entry, which names it.
    pub draft: DocumentId,
}

#[uniffi::export]
impl Device {
    /// Planned contacts on this device, the first to come first.
    pub async fn contacts(&self, filter: ContactFilter) -> Result<Vec<ContactRow>, SamsporError> {
        self.run(async move |device| device.contacts(filter).await)
            .await
    }

    /// One of them, whatever its case and its time.
    ///
    /// # Errors
    /// `NotFound` (`unknown_contact`).
    pub async fn contact(&self, contact: DocumentId) -> Result<ContactRow, SamsporError> {
        self.run(async move |device| device.contact(contact).await)
            .await
    }

    /// Plans a contact in a case; of a colleague's where one is named.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`), `Refused`, `DiskFull`: then nothing is kept.
    #[uniffi::method(default(practitioner = None, fields = []))]
    pub async fn plan_contact(
        &self,
        case_id: SpaceId,
        planned_at: Moment,
        practitioner: Option<PractitionerId>,
        fields: Vec<Edit>,
    ) -> Result<DocumentId, SamsporError> {
        let new = NewContact {
            case: case_id,
            planned_at,
            practitioner,
            fields: edits(fields)?,
        };
        self.run(async move |device| device.plan_contact(new).await)
            .await
    }

    /// Moves a planned contact; `false` when it is planned for then already.
    ///
    /// # Errors
    /// `NotFound` (`unknown_contact`); else as [`Device::edit`].
    pub async fn move_contact(
        &self,
        contact: DocumentId,
        planned_at: Moment,
    ) -> Result<bool, SamsporError> {
        self.run(async move |device| device.move_contact(contact, planned_at).await)
            .await
    }

    /// Says what became of a planned contact; `false` when it says so already.
    ///
    /// # Errors
    /// `NotFound` (`unknown_contact`); else as [`Device::edit`].
    pub async fn set_contact_status(
        &self,
        contact: DocumentId,
        status: ContactStatus,
    ) -> Result<bool, SamsporError> {
        self.run(async move |device| device.set_contact_status(contact, status).await)
            .await
    }

    /// Begins a visit: its planned contact says so, and a draft of its entry names it.
    ///
    /// # Errors
    /// `NotFound` (`unknown_contact`), `Refused` (`names_no_contact`); else as [`Device::draft`].
    pub async fn start_visit(&self, visit: VisitStart) -> Result<StartedVisit, SamsporError> {
        let visit = visit.try_into()?;
        self.run(async move |device| device.start_visit(visit).await)
            .await
    }
}
