//! The organisation's own templates: added beside those that ship, and never changed. Any template is retired and put
//! back to use.

use super::{Admin, AdminError};
use crate::{
    store::{StoreError, Tx},
    templates,
};
use samspor_documents::template::{OWN_TEMPLATES_MAX, Template, Templates};
use samspor_protocol::fact::{FactBody, Retirement, TemplateFile};

/// What became of a template that was to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateAdded {
    /// It is there from now on.
    Now(Template),
    /// It was there already, the same: nothing was appended.
    Before(Template),
}

/// What became of a template that was to be retired, or put back to use.
#[derive(Debug, Clone)]
pub struct TemplateRetired {
    /// Whether it was not so before.
    pub changed: bool,
    /// The templates as they stand now, with those that are retired.
    pub templates: Templates,
}

impl Admin {
    /// The templates that ship and the organisation's own, and which of them are retired.
    ///
    /// # Errors
    /// The database's.
    pub async fn templates(&self) -> Result<Templates, AdminError> {
        let mut tx = self.opened.store.read().await?;
        self.templates_in(&mut tx).await
    }

    async fn templates_in(&self, tx: &mut Tx) -> Result<Templates, AdminError> {
        let known = self.opened.store.templates(tx).await?;
        let retired = templates::retired(tx).await?;
        Ok(Templates::clone(&known).with_retired(retired))
    }

    /// Retires a template, as a whole or one version of it, or puts it back to use: nothing new is begun in what is
    /// retired, on any device that has heard of it. What was written in it goes on. The same again changes nothing.
    ///
    /// # Errors
    /// `Retire`, `NoOrganisation`; else the database's.
    pub async fn retire_template(
        &self,
        name: &str,
        version: Option<u32>,
        is_retired: bool,
    ) -> Result<TemplateRetired, AdminError> {
        let mut tx = self.opened.store.write().await?;
        let known = self.templates_in(&mut tx).await?;
        let templates = known.retiring(name, version, is_retired)?;
        let changed = known.names_retired(name, version) != is_retired;
        if changed {
            let fact = FactBody::Retirement(Retirement {
                name: name.to_owned(),
                version,
                is_retired,
            });
            self.append(&mut tx, fact).await?;
            tx.commit().await.map_err(StoreError::from)?;
        }
        Ok(TemplateRetired { changed, templates })
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
