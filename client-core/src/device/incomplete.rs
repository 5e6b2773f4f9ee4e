//! One's own contacts that are not complete, from rows.

use super::Device;
use crate::{error::DeviceError, views::IncompleteRow};
use samspor_documents::reading::Guide;

impl Device {
    /// The contacts that one wrote in, drafts as well, and that lack what this reading of the guide says they must carry:
    /// those that happened first before the others. "Not yet written" is no reason that completes one.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the store reports.
    pub async fn incomplete(&self, guide: Guide) -> Result<Vec<IncompleteRow>, DeviceError> {
        let me = self.who()?.enrolment.practitioner;
        let now = self.inner.options.clock.now();
        let hidden = self.hidden().await?;
        let store = self.inner.store()?;
        let mut rows = store
            .incomplete(me, self.private_space()?, guide, now)
            .await?;
        rows.retain(|row| !hidden.hides(row.entry.case, row.entry.document));
        Ok(rows)
    }
}
