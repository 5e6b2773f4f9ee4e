//! Edits at places in prose, as an editor on the screen makes them: in the text that it showed, which need not be the
//! newest.

use super::Device;
use crate::{
    error::DeviceError,
    store::{Tx, document},
};
use samspor_documents::{
    document::{AuthorError, Edit, Splice, carry_over},
    guard,
    id::DocumentId,
    reading::FieldState,
};

impl Device {
    /// Makes splices in a prose field that read `seen` when they were made, each in the text as the one before left it.
    /// What came into the field since stays, and they land where they were meant. `false` when that says what is there
    /// already: nothing is kept then.
    ///
    /// # Errors
    /// `Author` where the field is no prose, or a splice lies outside `seen`; else as [`Device::edit`].
    pub async fn edit_text(
        &self,
        document: DocumentId,
        field: &str,
        seen: &str,
        splices: &[Splice],
    ) -> Result<bool, DeviceError> {
        let device = self.clone();
        let (field, seen, edits) = (field.to_owned(), seen.to_owned(), splices.to_vec());
        self.saving(async move {
            device.check_writable(document).await?;
            let mut tx = device.inner.store()?.begin().await?;
            let now = device.prose_of(&mut tx, document, &field).await?;
            let edit = match now {
                Some(now) if now != seen => {
                    let text = carry_over(&seen, &now, &edits);
                    let outside = AuthorError::OutsideText {
                        field: field.clone(),
                    };
                    Edit::ReplaceText {
                        text: text.ok_or(outside)?,
                        field,
                    }
                }
                // Of what is no prose, the edit itself says so.
                _ => Edit::Text { field, edits },
            };
            let is_changed = device.edit_within(&mut tx, document, &[edit]).await?;
            tx.commit().await?;
            Ok(is_changed)
        })
        .await
    }

    /// What a prose field of an open document reads; none where it is none, or is not here.
    async fn prose_of(
        &self,
        tx: &mut Tx,
        document: DocumentId,
        field: &str,
    ) -> Result<Option<String>, DeviceError> {
        let stored = document::read(tx, document).await?;
        let Some(stored) = stored.filter(|stored| !stored.is_empty() && stored.aside.is_none())
        else {
            return Ok(None);
        };
        let loaded = stored.build()?;
        let reading = guard::guarded(|| loaded.reading(&self.inner.templates()))?;
        Ok(match reading.field(field).map(|field| &field.state) {
            Some(FieldState::Text { text, .. }) => Some(text.clone()),
            Some(FieldState::Empty) => Some(String::new()),
            _ => None,
        })
    }
}
