//! What was written at the same time and waits for a person to choose.

use super::Device;
use crate::{error::DeviceError, views::ConflictRow};
use samspor_documents::reading::{FieldReading, FieldState, Reading};
use uuid::Uuid;

impl Device {
    /// Every field on the device that holds concurrent values and waits for a person to choose.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn conflicts(&self) -> Result<Vec<ConflictRow>, DeviceError> {
        let mut list = Vec::new();
        let hidden = self.hidden().await?;
        for document in self.inner.store()?.documents_in_conflict().await? {
            let Some(row) = self.inner.store()?.row(None, document).await? else {
                continue;
            };
            if hidden.hides(row.case, document) {
                continue;
            }
            let reading = self.read(document).await?;
            for (field, item, in_conflict) in fields_in_conflict(&reading) {
                list.push(ConflictRow {
                    document,
                    case: row.case,
                    template: row.template.clone(),
                    title_da: row.title_da.clone(),
                    title_en: row.title_en.clone(),
                    field,
                    item,
                    shown: in_conflict.shown().map(|shown| shown.value.clone()),
                    values: in_conflict.values().to_vec(),
                });
            }
        }
        Ok(list)
    }
}

type InConflict<'a> = (String, Option<(Uuid, String)>, &'a FieldReading);

fn fields_in_conflict(reading: &Reading) -> Vec<InConflict<'_>> {
    let mut found = Vec::new();
    for field in &reading.fields {
        if field.needs_choice() {
            found.push((field.name.clone(), None, field));
        }
        let FieldState::Items(items) = &field.state else {
            continue;
        };
        for item in items.iter().filter(|item| !item.removed) {
            for inner in item.fields.iter().filter(|inner| inner.needs_choice()) {
                let place = Some((item.id, inner.name.clone()));
                found.push((field.name.clone(), place, inner));
            }
        }
    }
    found
}
