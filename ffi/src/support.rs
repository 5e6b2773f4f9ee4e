//! What came and cannot be used as it is: documents and templates that are set aside, rows that are behind.

use crate::{device::Device, error::SamsporError};
use samspor_client_core::SetAsideDocument;
use samspor_documents::id::{DocumentId, SpaceId};

/// A document that came damaged: kept as it came, left out of lists. Its bytes are taken out by `export_bytes`.
#[uniffi::remote(Record)]
pub struct SetAsideDocument {
    /// Which.
    pub document: DocumentId,
    /// Where it lives.
    pub space: SpaceId,
    /// Why it does not open.
    pub detail: String,
}

/// A template of the organisation that was told and cannot be used. It stays in the store.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TemplateAside {
    /// What it would be called.
    pub name: String,
    /// Which version.
    pub version: u32,
    /// Why, in one English sentence.
    pub detail: String,
}

#[uniffi::export]
impl Device {
    /// Documents that came damaged.
    pub async fn set_aside(&self) -> Result<Vec<SetAsideDocument>, SamsporError> {
        self.run(async move |device| device.set_aside().await).await
    }

    /// Templates of the organisation that cannot be used: this program is older than they are, mostly.
    pub async fn templates_aside(&self) -> Result<Vec<TemplateAside>, SamsporError> {
        self.run(async move |device| {
            let aside = device.templates_aside().await?.into_iter();
            let told = aside.map(|one| TemplateAside {
                name: one.name,
                version: one.version,
                detail: one.error.to_string(),
            });
            Ok(told.collect())
        })
        .await
    }

    /// Makes the rows of lists that are behind: what a sync within a budget received and had no time for. Else the next
    /// sync makes them.
    pub async fn finish_index(&self) -> Result<(), SamsporError> {
        self.run(async move |device| device.finish_index().await)
            .await
    }
}
