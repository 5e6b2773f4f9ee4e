//! What a new entry takes over from the last one of its template, and what can be said to be unchanged in one step.

use crate::{
    device::Device,
    error::SamsporError,
    reading::all,
    values::{Edit, Value, edits},
};
use samspor_client_core as client;
use samspor_documents::{
    id::{DocumentId, SpaceId},
    time::Moment,
    visit::from_last,
};

/// A field that can be said to be as it was.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Unchanged {
    /// The field.
    pub field: String,
    /// What it said.
    pub value: Value,
}

impl From<from_last::Unchanged> for Unchanged {
    fn from(one: from_last::Unchanged) -> Self {
        Self {
            field: one.field,
            value: one.value.into(),
        }
    }
}

/// A draft that was begun from the last entry of its template.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BegunFromLast {
    /// The draft.
    pub draft: DocumentId,
    /// The last entry; none where there is none.
    pub last: Option<DocumentId>,
    /// When that happened.
    pub last_at: Option<Moment>,
    /// The fields that the last entry hands on; what was typed in them is said instead.
    pub carried: Vec<String>,
    /// What can be said to be as it was then, and stands empty in the draft.
    pub unchanged: Vec<Unchanged>,
}

impl From<client::BegunFromLast> for BegunFromLast {
    fn from(begun: client::BegunFromLast) -> Self {
        Self {
            draft: begun.draft,
            last: begun.last.map(|(document, _)| document),
            last_at: begun.last.map(|(_, at)| at),
            carried: begun.carried,
            unchanged: all(begun.unchanged),
        }
    }
}

#[uniffi::export]
impl Device {
    /// Begins a draft with what carries over from the last entry of its template in the case; what `fields` says is said
    /// instead.
    ///
    /// # Errors
    /// As [`Device::draft`].
    #[uniffi::method(default(fields = [], occurred_at = None))]
    pub async fn begin_from_last(
        &self,
        case_id: SpaceId,
        template: String,
        fields: Vec<Edit>,
        occurred_at: Option<Moment>,
    ) -> Result<BegunFromLast, SamsporError> {
        let fields = edits(fields)?;
        self.run(async move |device| {
            let begun = device.begin_from_last(case_id, &template, fields, occurred_at);
            begun.await.map(Into::into)
        })
        .await
    }

    /// What the last entry of its template in its case hands on to a draft, and what of that can be said to be as it was.
    ///
    /// # Errors
    /// `NotFound` (`unknown_draft`).
    pub async fn from_last(&self, draft: DocumentId) -> Result<BegunFromLast, SamsporError> {
        self.run(async move |device| device.from_last(draft).await.map(Into::into))
            .await
    }

    /// Says of fields of a draft that they are as they were in the last entry: of these, or of all that are offered when
    /// none is given. It tells which were said.
    ///
    /// # Errors
    /// `NotFound` (`unknown_draft`); else as [`Device::edit`].
    #[uniffi::method(default(fields = None))]
    pub async fn say_unchanged(
        &self,
        draft: DocumentId,
        fields: Option<Vec<String>>,
    ) -> Result<Vec<Unchanged>, SamsporError> {
        self.run(async move |device| {
            let said = device.say_unchanged(draft, fields.as_deref());
            said.await.map(all)
        })
        .await
    }
}
