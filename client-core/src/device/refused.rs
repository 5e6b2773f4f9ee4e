//! Work that the server refused: seen, taken out as a file, tried again, or discarded on a person's word.

use super::Device;
use crate::{error::DeviceError, views::NotDelivered};
use uuid::Uuid;

impl Device {
    /// Everything that was refused and that nobody has dealt with, one entry per document or case.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn not_delivered(&self) -> Result<Vec<NotDelivered>, DeviceError> {
        let mut list = self.inner.store()?.not_delivered().await?;
        for item in &mut list {
            item.ways_out = self.ways_out(item).await?;
        }
        Ok(list)
    }

    /// One entry of the box as JSON, for a file of the person's own.
    ///
    /// # Errors
    /// `UnknownRefusal`.
    pub async fn export_not_delivered(&self, id: Uuid) -> Result<String, DeviceError> {
        let list = self.not_delivered().await?;
        let one = list
            .iter()
            .find(|one| one.id == id)
            .ok_or(DeviceError::UnknownRefusal)?;
        serde_json::to_string_pretty(one).map_err(|_| DeviceError::Damaged {
            what: "what was written",
        })
    }

    /// Puts refused work back into its document and into the outbox.
    ///
    /// # Errors
    /// `UnknownRefusal`; `NotRetryable` when the server has it, or will never take it.
    pub async fn retry_not_delivered(&self, id: Uuid) -> Result<(), DeviceError> {
        self.inner.store()?.retry(id).await?;
        self.finish_index().await?;
        self.tell(|activity| activity.written += 1);
        Ok(())
    }

    /// Deletes refused work for good.
    ///
    /// # Errors
    /// `UnknownRefusal`.
    pub async fn discard_not_delivered(&self, id: Uuid) -> Result<(), DeviceError> {
        self.inner.store()?.discard(id).await
    }

    /// Makes every row that is behind.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn finish_index(&self) -> Result<(), DeviceError> {
        while self.inner.gate.behind().index().await? > 0 {
            self.tell(|activity| activity.indexed += 1);
        }
        Ok(())
    }
}
