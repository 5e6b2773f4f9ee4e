//! A child's growth curves, over every card of the child that may be seen.

use super::Device;
use crate::{error::DeviceError, views::Growth};
use samspor_documents::{
    growth::{Child, Reference, series},
    id::{DocumentId, SpaceId},
    reading::Reading,
    visit::Visit,
};

/// The fields that a curve is drawn from.
const MEASURED: [&str; 3] = ["weight", "height", "head_circumference"];

impl Device {
    /// A curve per indicator from the contacts of a child, in this case and in the others here that are about the same
    /// child; of the newest, where there are more than a childhood has. `restricted`: with what is restricted. What the
    /// cards do not agree on is not known: then there is a reason in place of each score.
    ///
    /// # Errors
    /// `UnknownCase`, or what the store reports.
    pub async fn growth(&self, case: SpaceId, restricted: bool) -> Result<Growth, DeviceError> {
        let cases = self.cases_of_citizen(case).await?;
        let mut cards = Vec::new();
        for case in &cases {
            // Of a case whose card has not come yet nothing is known.
            match self.card_reading(*case).await {
                Ok(card) => cards.push(Child::of(&card)),
                Err(DeviceError::UnknownCase) => {}
                Err(error) => return Err(error),
            }
        }
        let templates = self.inner.templates();
        let measure = templates.all().iter();
        let measure = measure.filter(|one| MEASURED.iter().any(|name| one.field(name).is_some()));
        let mut names: Vec<&str> = measure.map(|template| template.name.as_str()).collect();
        names.dedup();
        let store = self.inner.store()?;
        let entries = store.entries_of(&cases, &names, restricted).await?;
        let read = self.read_all(entries).await?;
        let visits: Vec<Visit<'_>> = read.iter().map(visit).collect();
        let child = Child::of_cards(&cards);
        Ok(Growth {
            cases,
            child,
            series: series::series(Reference::who(), &child, &visits),
        })
    }

    /// What these entries say. One that does not open here, or was taken away meanwhile, is left out.
    pub(super) async fn read_all(
        &self,
        entries: Vec<DocumentId>,
    ) -> Result<Vec<(DocumentId, Reading)>, DeviceError> {
        let mut read = Vec::with_capacity(entries.len());
        for entry in entries {
            match self.read(entry).await {
                Ok(reading) => read.push((entry, reading)),
                Err(
                    DeviceError::UnknownDocument
                    | DeviceError::SetAside { .. }
                    | DeviceError::Guard { .. },
                ) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(read)
    }
}

/// One of what was read.
pub(super) const fn visit((document, reading): &(DocumentId, Reading)) -> Visit<'_> {
    Visit {
        document: *document,
        reading,
    }
}
