//! The organisation's own templates: added beside those that ship, and never changed.

use super::{Admin, AdminError};
use crate::{
    store::{StoreError, Tx},
    templates,
};
use samspor_documents::template::{OWN_TEMPLATES_MAX, Template, Templates};
use samspor_protocol::fact::{FactBody, TemplateFile};
use std::sync::Arc;

/// What became of a template that was to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateAdded {
    /// It is there from now on.
    Now(Template),
    /// It was there already, the same: nothing was appended.
    Before(Template),
}

impl Admin {
    /// The templates that ship and the organisation's own.
    ///
    /// # Errors
    /// The database's.
    pub async fn templates(&self) -> Result<Arc<Templates>, AdminError> {
        let mut tx = self.opened.store.read().await?;
        Ok(self.opened.store.templates(&mut tx).await?)
    }

    /// The file of a template of the organisation's own, as it was added; none of one that ships.
    ///
    /// # Errors
    /// The database's.
    pub async fn template_file(
        &self,
        name: &str,
        version: u32,
    ) -> Result<Option<TemplateFile>, AdminError> {
        let mut tx = self.opened.store.read().await?;
        let files = templates::files(&mut tx).await?;
        let mut files = files.into_iter();
        Ok(files.find(|file| file.name == name && file.version == version))
    }

    /// Adds a template, or a new version of one: from here on every device is told of it. `file` is what errors call
    /// it. The same again changes nothing.
    ///
    /// # Errors
    /// `Template`, with line and field, when it cannot be used or does more than add to the version before it;
    /// `TooManyTemplates`, `NoOrganisation`; else the database's.
    pub async fn add_template(&self, file: &str, text: &str) -> Result<TemplateAdded, AdminError> {
        let mut tx = self.opened.store.write().await?;
        let known = self.opened.store.templates(&mut tx).await?;
        let template = known.check_beside(file, text)?;
        if known.get(&template.name, template.version).is_some() {
            return Ok(TemplateAdded::Before(template));
        }
        if known.own_count() >= OWN_TEMPLATES_MAX {
            return Err(AdminError::TooManyTemplates {
                most: OWN_TEMPLATES_MAX,
            });
        }
        self.append_template(tx, &template, text).await?;
        Ok(TemplateAdded::Now(template))
    }

    async fn append_template(
        &self,
        mut tx: Tx,
        template: &Template,
        text: &str,
    ) -> Result<(), AdminError> {
        let fact = FactBody::Template(TemplateFile {
            name: template.name.clone(),
            version: template.version,
            text: text.to_owned(),
        });
        self.append(&mut tx, fact).await?;
        Ok(tx.commit().await.map_err(StoreError::from)?)
    }
}
