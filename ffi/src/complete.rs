//! What a contact must carry by KL's guide: of one document, field by field, and which of one's own are not complete.

use crate::{device::Device, error::SamsporError, reading::all, rows::TimelineRow};
use samspor_client_core::{self as client, Clock as _, SystemClock};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    reading::{self, Completeness, Guide},
    template::Labels,
    time::UnixMillis,
    value::MissingReason,
};

/// Which of the guide's two readings of "must" is asked; they differ in two places.
#[uniffi::remote(Enum)]
pub enum Guide {
    /// What its words say: what people follow.
    Text,
    /// What its rules check: what a delivery is held to.
    Machine,
}

/// How a contact stands by what it must carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Completion {
    /// Nothing is outstanding.
    Complete,
    /// Something is, and there is time until then.
    Until {
        /// When.
        at: UnixMillis,
    },
    /// Something is since the time for it ran out.
    OverdueSince {
        /// When.
        at: UnixMillis,
    },
    /// Something is of a contact that does not say when it happened.
    Undated,
}

impl From<Completeness> for Completion {
    fn from(completeness: Completeness) -> Self {
        match completeness {
            Completeness::Complete => Self::Complete,
            Completeness::Until(at) => Self::Until { at },
            Completeness::OverdueSince(at) => Self::OverdueSince { at },
            Completeness::Undated => Self::Undated,
        }
    }
}

/// A contact of one's own that is not complete.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IncompleteRow {
    /// The entry, or the draft of one.
    pub entry: TimelineRow,
    /// The case that it is about.
    pub case: SpaceId,
    /// Who that is; none while the card is not here.
    pub citizen: Option<String>,
    /// Until when it is to be complete, or since when it is overdue.
    pub completion: Completion,
}

impl From<client::IncompleteRow> for IncompleteRow {
    fn from(row: client::IncompleteRow) -> Self {
        Self {
            entry: row.entry.into(),
            case: row.case,
            citizen: row.citizen,
            completion: row.completeness.into(),
        }
    }
}

/// What stands in a field that a contact must carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Filling {
    /// A value.
    Value,
    /// A reason why there is none. "Not yet written" is none that completes a contact.
    Reason {
        /// Which.
        reason: MissingReason,
    },
    /// Values in conflict, or something that breaks the template.
    Unsettled,
    /// Nothing.
    Open,
}

impl From<reading::Filling> for Filling {
    fn from(filling: reading::Filling) -> Self {
        match filling {
            reading::Filling::Value => Self::Value,
            reading::Filling::Reason(reason) => Self::Reason { reason },
            reading::Filling::Unsettled => Self::Unsettled,
            reading::Filling::Open => Self::Open,
        }
    }
}

/// A field that a contact must carry.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RequiredField {
    /// The field's name.
    pub name: String,
    /// What people read.
    pub labels: Labels,
    /// What stands in it.
    pub filling: Filling,
    /// Whether somebody has still to write in it.
    pub is_outstanding: bool,
}

impl From<reading::Required<'_>> for RequiredField {
    fn from(one: reading::Required<'_>) -> Self {
        Self {
            name: one.field.name.clone(),
            labels: one.field.labels.clone(),
            filling: one.filling.into(),
            is_outstanding: one.filling.is_outstanding(),
        }
    }
}

/// What a contact must carry, and how it stands by that.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Requirements {
    /// Each field, in the template's order. None of what must carry nothing.
    pub fields: Vec<RequiredField>,
    /// How it stands as a whole, now.
    pub completion: Completion,
}

#[uniffi::export]
impl Device {
    /// One's own contacts, drafts as well, that lack what this reading of the guide says they must carry, its words when
    /// none is named: the oldest first.
    #[uniffi::method(default(guide = None))]
    pub async fn incomplete(
        &self,
        guide: Option<Guide>,
    ) -> Result<Vec<IncompleteRow>, SamsporError> {
        let guide = guide.unwrap_or(Guide::Text);
        self.run(async move |device| device.incomplete(guide).await.map(all))
            .await
    }

    /// What a document or a draft must carry by this reading of the guide (its words, when none is named), and what of it
    /// stands there: asked again as it is written, since visit type and form of contact say what that is.
    ///
    /// # Errors
    /// As [`Device::read`].
    #[uniffi::method(default(guide = None))]
    pub async fn requirements(
        &self,
        document: DocumentId,
        guide: Option<Guide>,
    ) -> Result<Requirements, SamsporError> {
        let guide = guide.unwrap_or(Guide::Text);
        self.run(async move |device| {
            let reading = device.read(document).await?;
            let templates = device.templates();
            let completeness = reading.completeness(&templates, guide, SystemClock.now());
            Ok(Requirements {
                fields: all(reading.required(&templates, guide)),
                completion: completeness.into(),
            })
        })
        .await
    }
}
