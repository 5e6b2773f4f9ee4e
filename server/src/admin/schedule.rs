//! The organisation's own visit schedule: set, shown, and left for the one that ships.

use super::{Admin, AdminError};
use crate::{schedule, store::StoreError};
use samspor_documents::visit::schedule::Schedule;
use samspor_protocol::fact::{FactBody, ScheduleFile};

impl Admin {
    /// The file of the organisation's own visit schedule, as it was set; none where the one that ships holds.
    ///
    /// # Errors
    /// The database's.
    pub async fn schedule_file(&self) -> Result<Option<String>, AdminError> {
        let mut tx = self.opened.store.read().await?;
        Ok(schedule::file(&mut tx).await?)
    }

    /// Sets the organisation's visit schedule: every device is told of it. `false` where it says the same already:
    /// nothing is changed then.
    ///
    /// # Errors
    /// `Schedule`, with line and field, when it cannot be used; `NoOrganisation`; else the database's.
    pub async fn set_schedule(&self, file: &str) -> Result<bool, AdminError> {
        Schedule::read(file)?;
        self.say_schedule(Some(file.to_owned())).await
    }

    /// From here on the schedule that ships holds again. `false` where it does already.
    ///
    /// # Errors
    /// `NoOrganisation`; else the database's.
    pub async fn reset_schedule(&self) -> Result<bool, AdminError> {
        self.say_schedule(None).await
    }

    async fn say_schedule(&self, file: Option<String>) -> Result<bool, AdminError> {
        let mut tx = self.opened.store.write().await?;
        if schedule::file(&mut tx).await? == file {
            return Ok(false);
        }
        let fact = FactBody::VisitSchedule(ScheduleFile { text: file });
        self.append(&mut tx, fact).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(true)
    }
}
