//! What waits to be sent, and the not-delivered box: what the server refused, and the ways out of it.

use crate::{
    device::Device,
    error::SamsporError,
    reading::{FieldReading, all},
    values::count,
};
use samspor_client_core::{self as client, WayOut, WrittenRestriction};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    template::{Labels, Language},
    time::{Moment, UnixMillis},
};
use uuid::Uuid;

/// What a person can do with refused work.
#[uniffi::remote(Enum)]
pub enum WayOut {
    /// Queue it again.
    Retry,
    /// Go on with it as a draft.
    Draft,
    /// Go on with it as a draft of an addendum to the entry, which is signed.
    Addendum,
    /// Give it up: nothing that was typed is in it.
    Discard,
    /// Take it out as a file. It stays in the box.
    Export,
}

/// What was typed in one operation.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Written {
    /// The template; empty where the operation writes no document.
    pub template: String,
    /// The document's heading, when it was written.
    pub title: Labels,
    /// When it happened.
    pub occurred_at: Option<Moment>,
    /// The fields that were touched, as they read afterwards.
    pub fields: Vec<FieldReading>,
    /// What was said of the document's restriction, where the operation is about that.
    pub restriction: Option<WrittenRestriction>,
}

/// A restriction, or its lifting, as it was typed.
#[uniffi::remote(Record)]
pub struct WrittenRestriction {
    /// Whether the document was restricted; else its restriction was lifted.
    pub restricted: bool,
    /// Why.
    pub ground: String,
}

impl From<client::Written> for Written {
    fn from(written: client::Written) -> Self {
        Self {
            template: written.template,
            title: Labels {
                da: written.title_da,
                en: written.title_en,
            },
            occurred_at: written.occurred_at,
            fields: all(written.fields),
            restriction: written.restriction,
        }
    }
}

/// An operation that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OutboxRow {
    /// Its place among them.
    pub number: i64,
    /// The case or circle.
    pub space: SpaceId,
    /// The document; none when it is about the space itself.
    pub document: Option<DocumentId>,
    /// `open_case`, `change`, …
    pub operation: String,
    /// Its size.
    pub bytes: u64,
    /// When it was queued, by the machine's clock.
    pub queued_at: UnixMillis,
    /// What was written.
    pub written: Written,
}

impl From<client::OutboxRow> for OutboxRow {
    fn from(row: client::OutboxRow) -> Self {
        Self {
            number: row.number,
            space: row.space,
            document: row.document,
            operation: row.operation.to_owned(),
            bytes: row.bytes,
            queued_at: row.queued_at,
            written: row.written.into(),
        }
    }
}

/// Refused work on one document, or on one space: it stays until a person deals with it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NotDelivered {
    /// Names it.
    pub id: Uuid,
    /// The case or circle.
    pub space: SpaceId,
    /// The document; none when the space itself was refused.
    pub document: Option<DocumentId>,
    /// The code of the first refusal.
    pub reason: String,
    /// One English sentence for support.
    pub detail: String,
    /// What a person can do with it.
    pub ways_out: Vec<WayOut>,
    /// How many operations were refused.
    pub operations: u64,
    /// What was typed in them, in order.
    pub written: Vec<Written>,
}

impl From<client::NotDelivered> for NotDelivered {
    fn from(item: client::NotDelivered) -> Self {
        Self {
            id: item.id,
            space: item.space,
            document: item.document,
            reason: item.reason,
            detail: item.detail,
            ways_out: item.ways_out,
            operations: count(item.operations.len()),
            written: item
                .operations
                .into_iter()
                .map(|one| one.written.into())
                .collect(),
        }
    }
}

#[uniffi::export]
impl Device {
    /// What waits to be sent, in order.
    pub async fn outbox(&self) -> Result<Vec<OutboxRow>, SamsporError> {
        self.run(async move |device| device.outbox().await.map(all))
            .await
    }

    /// Everything that was refused and that nobody has dealt with.
    pub async fn not_delivered(&self) -> Result<Vec<NotDelivered>, SamsporError> {
        self.run(async move |device| device.not_delivered().await.map(all))
            .await
    }

    /// One piece of refused work as JSON, for a file of the person's own. It stays in the box.
    ///
    /// # Errors
    /// `NotFound` (`unknown_refusal`).
    pub async fn export_not_delivered(&self, id: Uuid) -> Result<String, SamsporError> {
        self.run(async move |device| device.export_not_delivered(id).await)
            .await
    }

    /// Queues refused work again.
    ///
    /// # Errors
    /// `NotFound` (`unknown_refusal`), `Refused` (`not_retryable`).
    pub async fn retry_not_delivered(&self, id: Uuid) -> Result<(), SamsporError> {
        self.run(async move |device| device.retry_not_delivered(id).await)
            .await
    }

    /// Goes on with refused work as a draft.
    ///
    /// # Errors
    /// `NotFound`, `Refused` (`not_that_way_out`, `in_conflict`), `DiskFull`: then it stays in the box.
    pub async fn draft_of_not_delivered(&self, id: Uuid) -> Result<DocumentId, SamsporError> {
        self.run(async move |device| device.draft_of_not_delivered(id).await)
            .await
    }

    /// Goes on with refused work as a draft of an addendum, which tells in this language what differs from the signed text.
    ///
    /// # Errors
    /// As [`Device::draft_of_not_delivered`].
    pub async fn addendum_of_not_delivered(
        &self,
        id: Uuid,
        language: Language,
    ) -> Result<DocumentId, SamsporError> {
        self.run(async move |device| device.addendum_of_not_delivered(id, language).await)
            .await
    }

    /// Deletes refused work for good, on a person's word: its ways out say where nothing that was typed is lost by that.
    ///
    /// # Errors
    /// `NotFound` (`unknown_refusal`).
    pub async fn discard_not_delivered(&self, id: Uuid) -> Result<(), SamsporError> {
        self.run(async move |device| device.discard_not_delivered(id).await)
            .await
    }
}
