//! Entries: drafted, written, edited, published, signed, read, chosen, added to. Each write is one transaction: once a call
//! has returned it survives a power cut, and a call that nobody waits for any more is finished all the same.

use crate::{
    device::Device,
    error::SamsporError,
    reading::Reading,
    rows::TimelineRow,
    values::{Edit, ItemField, Value, edits},
};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    reading::Attribution,
    time::Moment,
};

#[uniffi::export]
impl Device {
    /// Begins a draft about a case or circle, which one's own devices get and nobody else. `occurred_at`: now, when none.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`), `Refused` (what the template says), `DiskFull`: then nothing is kept.
    #[uniffi::method(default(fields = [], occurred_at = None))]
    pub async fn draft(
        &self,
        subject: SpaceId,
        template: String,
        fields: Vec<Edit>,
        occurred_at: Option<Moment>,
    ) -> Result<DocumentId, SamsporError> {
        let fields = edits(fields)?;
        self.run(async move |device| device.draft(subject, &template, fields, occurred_at).await)
            .await
    }

    /// Writes an entry straight into its case or circle, past a draft: its team sees it at the next sync.
    ///
    /// # Errors
    /// As [`Device::draft`].
    #[uniffi::method(default(fields = [], occurred_at = None))]
    pub async fn write(
        &self,
        subject: SpaceId,
        template: String,
        fields: Vec<Edit>,
        occurred_at: Option<Moment>,
    ) -> Result<DocumentId, SamsporError> {
        let fields = edits(fields)?;
        self.run(async move |device| device.write(subject, &template, fields, occurred_at).await)
            .await
    }

    /// Edits a document in one change. `false` when it says so already: nothing is kept then.
    ///
    /// # Errors
    /// `NotFound`, `Refused` (`signed`, `published`, `in_conflict`, what the template says), `DiskFull`: then nothing is
    /// kept.
    pub async fn edit(&self, document: DocumentId, edits: Vec<Edit>) -> Result<bool, SamsporError> {
        let edits = self::edits(edits)?;
        self.run(async move |device| device.edit(document, &edits).await)
            .await
    }

    /// Ends a conflict with a value, one of those there or another.
    ///
    /// # Errors
    /// As [`Device::edit`].
    #[uniffi::method(default(at = None))]
    pub async fn choose(
        &self,
        document: DocumentId,
        field: String,
        value: Value,
        at: Option<ItemField>,
    ) -> Result<bool, SamsporError> {
        self.edit(document, vec![Edit::Choose { field, at, value }])
            .await
    }

    /// Puts a draft into its case or circle, and closes it. What stands there is a new document, under this id.
    ///
    /// # Errors
    /// `NotFound`, `Refused` (`published`, `in_conflict`, `shared_for_reading`): then the draft is as it was.
    pub async fn publish(&self, draft: DocumentId) -> Result<DocumentId, SamsporError> {
        self.run(async move |device| device.publish(draft).await)
            .await
    }

    /// Takes a draft out of the list; nothing of it is deleted. `false` when it was already.
    ///
    /// # Errors
    /// `NotFound` (`unknown_draft`); else as [`Device::edit`].
    pub async fn discard_draft(&self, draft: DocumentId) -> Result<bool, SamsporError> {
        self.run(async move |device| device.discard_draft(draft).await)
            .await
    }

    /// Signs a document: its text is the record from then on. The first signature needs no network, another's does.
    ///
    /// # Errors
    /// `Refused` (`unsignable` with the fields to settle, `not_author`, `signed`); of a co-signature also `NoContact`,
    /// `Server`. Then nothing is signed.
    pub async fn sign(&self, document: DocumentId) -> Result<(), SamsporError> {
        self.ask(async move |device| device.sign(document).await)
            .await
    }

    /// The file that proves a signed document offline and years later, as `samspor verify` reads it. Asks the server.
    ///
    /// # Errors
    /// `Refused` (`not_signed`), `NotFound`, `NoContact`, `Server`.
    pub async fn export_signed(&self, document: DocumentId) -> Result<Vec<u8>, SamsporError> {
        self.ask(async move |device| device.export_signed(document).await)
            .await
    }

    /// Begins a draft of what is added to a signed entry: an `addendum`, or a `citizen_remark`.
    ///
    /// # Errors
    /// `NotFound`, `Refused` (`entry_not_signed`); else as [`Device::draft`].
    pub async fn draft_addition(
        &self,
        entry: DocumentId,
        template: String,
        fields: Vec<Edit>,
    ) -> Result<DocumentId, SamsporError> {
        let mut fields = edits(fields)?;
        self.run(async move |device| {
            let (subject, names_entry) = device.adding_to(entry).await?;
            fields.push(names_entry);
            device.draft(subject, &template, fields, None).await
        })
        .await
    }

    /// What a document says, with what waits here included. A signed one says its text, and nothing else.
    ///
    /// # Errors
    /// `NotFound` (`unknown_document`), `Store` (`document_unreadable`, `set_aside`).
    pub async fn read(&self, document: DocumentId) -> Result<Reading, SamsporError> {
        self.run(async move |device| device.read(document).await.map(Into::into))
            .await
    }

    /// A document's row in lists: headings, times, authors, how it stands. None when it is in no list.
    pub async fn row(&self, document: DocumentId) -> Result<Option<TimelineRow>, SamsporError> {
        self.run(async move |device| Ok(device.row(document).await?.map(Into::into)))
            .await
    }

    /// Who wrote which stretch of an open document's prose; of a signed one nothing.
    ///
    /// # Errors
    /// `NotFound` (`unknown_document`).
    pub async fn attributions(
        &self,
        document: DocumentId,
    ) -> Result<Vec<Attribution>, SamsporError> {
        self.run(async move |device| device.attributions(document).await)
            .await
    }
}
