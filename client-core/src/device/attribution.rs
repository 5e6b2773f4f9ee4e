//! Who wrote which stretch of a document's prose.

use super::Device;
use crate::{error::DeviceError, store::document};
use samspor_documents::{guard, id::DocumentId, reading::Attribution};

impl Device {
    /// Who wrote which stretch of an open document's prose, what waits here included. Of a signed one nothing: its text is
    /// what its signers stand for together, and its history is not on devices.
    ///
    /// # Errors
    /// `UnknownDocument`; `Guard` when it does not open.
    pub async fn attributions(
        &self,
        document: DocumentId,
    ) -> Result<Vec<Attribution>, DeviceError> {
        self.check_shown(document).await?;
        let mut tx = self.inner.store()?.snapshot().await?;
        let stored = document::read(&mut tx, document)
            .await?
            .filter(|stored| !stored.is_empty())
            .ok_or(DeviceError::UnknownDocument)?;
        if stored.text.is_some() {
            return Ok(Vec::new());
        }
        let loaded = stored.build()?;
        Ok(guard::guarded(|| loaded.attributions())?)
    }
}
