//! A new entry from the last one of its template in the case: what it begins with, and what can be said to be unchanged.

use super::{Device, growth::visit};
use crate::{error::DeviceError, key::random_bytes, views::BegunFromLast};
use samspor_documents::{
    document::Edit,
    id::{DocumentId, SpaceId},
    reading::Reading,
    time::Moment,
    visit::{
        Visit,
        from_last::{Carried, FromLast, Unchanged, from_last},
    },
};

impl Device {
    /// What the last entry of a template in a case hands on to a new one that happens at `at` (now, when none); none
    /// where there is no earlier one. What is restricted hands on nothing.
    pub(super) async fn last_of(
        &self,
        case: SpaceId,
        template: &str,
        at: Option<Moment>,
    ) -> Result<Option<FromLast>, DeviceError> {
        self.check_may_hold(case).await?;
        let at = at.unwrap_or_else(|| self.inner.options.clock.moment());
        let store = self.inner.store()?;
        let entries = store.last_entries(case, template, at.at).await?;
        let read = self.read_all(entries).await?;
        let visits: Vec<Visit<'_>> = read.iter().map(visit).collect();
        let mut seed = [0; 16];
        let mut failed = None;
        let new_id = || {
            match random_bytes() {
                Ok(random) => seed = random,
                Err(error) => failed = Some(error),
            }
            uuid::Builder::from_random_bytes(seed).into_uuid()
        };
        let templates = self.inner.templates();
        let last = from_last(
            Carried::built_in(),
            &templates,
            template,
            &visits,
            at,
            new_id,
        );
        failed.map_or(Ok(last), Err)
    }

    /// Begins a draft with what carries over from the last entry of its template in the case; what `fields` says is said
    /// instead. It tells what can be said to be as it was, of fields in which nothing stands.
    ///
    /// # Errors
    /// As [`Device::draft`].
    pub async fn begin_from_last(
        &self,
        case: SpaceId,
        template: &str,
        fields: Vec<Edit>,
        occurred_at: Option<Moment>,
    ) -> Result<BegunFromLast, DeviceError> {
        let last = self.last_of(case, template, occurred_at).await?;
        let fields = with_last(fields, last.as_ref());
        let draft = self.draft(case, template, fields, occurred_at).await?;
        self.from_last(draft).await
    }

    /// What the last entry of its template in its case hands on to a draft, and what of that can be said to be as it was
    /// then.
    ///
    /// # Errors
    /// `UnknownDraft`; else as [`Device::read`].
    pub async fn from_last(&self, draft: DocumentId) -> Result<BegunFromLast, DeviceError> {
        let (reading, last) = self.read_with_last(draft).await?;
        let offers = last.as_ref().map(|last| last.offers(&reading));
        Ok(BegunFromLast {
            draft,
            last: last.as_ref().map(|last| (last.document, last.occurred_at)),
            carried: last.as_ref().map(carried).unwrap_or_default(),
            unchanged: offers.map(|all| all.cloned().collect()).unwrap_or_default(),
        })
    }

    async fn read_with_last(
        &self,
        draft: DocumentId,
    ) -> Result<(Reading, Option<FromLast>), DeviceError> {
        let reading = self.read(draft).await?;
        let case = reading.subject.ok_or(DeviceError::UnknownDraft)?;
        let last = self.last_of(case, &reading.template, reading.occurred_at);
        let last = last.await?;
        Ok((reading, last))
    }

    /// Says of fields of a draft that they are as they were in the last entry of its template in its case: of these, or
    /// of all that are offered when none is named. Fields in which something stands are left alone. It tells which were
    /// said.
    ///
    /// # Errors
    /// `UnknownDraft`; else as [`Device::edit`].
    pub async fn say_unchanged(
        &self,
        draft: DocumentId,
        fields: Option<&[String]>,
    ) -> Result<Vec<Unchanged>, DeviceError> {
        let (reading, last) = self.read_with_last(draft).await?;
        let Some(last) = last else {
            return Ok(Vec::new());
        };
        let is_named = |one: &&Unchanged| fields.is_none_or(|names| names.contains(&one.field));
        let said: Vec<Unchanged> = last.offers(&reading).filter(is_named).cloned().collect();
        let edits: Vec<Edit> = said.iter().map(Unchanged::edit).collect();
        if !edits.is_empty() {
            self.edit(draft, &edits).await?;
        }
        Ok(said)
    }
}

/// What an edit is about.
const fn field(edit: &Edit) -> Option<&String> {
    match edit {
        Edit::Set { field, .. } | Edit::AddItem { field, .. } | Edit::ReplaceText { field, .. } => {
            Some(field)
        }
        _ => None,
    }
}

/// The fields that were carried over, each once.
fn carried(last: &FromLast) -> Vec<String> {
    let mut names: Vec<String> = last.begin.iter().filter_map(field).cloned().collect();
    names.dedup();
    names
}

/// What is typed, and what carries over in fields of which nothing is typed.
pub(super) fn with_last(typed: Vec<Edit>, last: Option<&FromLast>) -> Vec<Edit> {
    let Some(last) = last else { return typed };
    let is_typed = |one: &Edit| {
        let name = field(one);
        typed.iter().any(|edit| field(edit) == name)
    };
    let carried = last.begin.iter().filter(|one| !is_typed(one)).cloned();
    let mut fields: Vec<Edit> = carried.collect();
    fields.extend(typed);
    fields
}
