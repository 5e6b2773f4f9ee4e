//! The organisation's own templates: added beside those that ship, and never changed. Any template is retired and put
//! back to use.

use super::{Admin, AdminError};
use crate::{
    organisation,
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
            return self.added_before(tx, &known, template).await;
        }
        if known.own_count() >= OWN_TEMPLATES_MAX {
            return Err(AdminError::TooManyTemplates {
                most: OWN_TEMPLATES_MAX,
            });
        }
        let file = TemplateFile {
            name: template.name.clone(),
            version: template.version,
            text: text.to_owned(),
            signature: None,
        };
        self.append_template(tx, file).await?;
        Ok(TemplateAdded::Now(template))
    }

    /// One that was added before the organisation gave its word on them gets it, as it stands.
    async fn added_before(
        &self,
        mut tx: Tx,
        known: &Templates,
        template: Template,
    ) -> Result<TemplateAdded, AdminError> {
        if known.is_own(&template) {
            let files = templates::files(&mut tx).await?;
            let is_it = |file: &TemplateFile| {
                file.name == template.name && file.version == template.version
            };
            let file = files.into_iter().find(is_it);
            if let Some(file) = file.filter(|file| file.signature.is_none()) {
                self.append_template(tx, file).await?;
            }
        }
        Ok(TemplateAdded::Before(template))
    }

    async fn append_template(&self, mut tx: Tx, file: TemplateFile) -> Result<(), AdminError> {
        let organisation = organisation::find(&mut tx).await?;
        let organisation = organisation.ok_or(AdminError::NoOrganisation)?;
        let fact = FactBody::Template(file.signed(organisation, self.opened.keys.signing()));
        self.append(&mut tx, fact).await?;
        Ok(tx.commit().await.map_err(StoreError::from)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = include_str!("../../../docs/templates/trivselssamtale.toml");

    async fn file(admin: &Admin) -> TemplateFile {
        let file = admin.template_file("trivselssamtale", 1).await;
        file.expect("reads").expect("is there")
    }

    #[tokio::test]
    async fn a_template_that_was_added_without_the_organisations_word_gets_it_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let admin = Admin::open(folder.path()).await.expect("opens");
        let organisation = admin.create_organisation("Kommunen").await;
        let organisation = organisation.expect("begins");
        let before = FactBody::Template(TemplateFile {
            name: "trivselssamtale".to_owned(),
            version: 1,
            text: ONE.to_owned(),
            signature: None,
        });
        let mut tx = admin.opened.store.write().await.expect("begins");
        admin.append(&mut tx, before).await.expect("appends");
        tx.commit().await.expect("commits");
        assert_eq!(file(&admin).await.signature, None);
        let mut last = None;
        for _ in 0..2 {
            let added = admin.add_template("a file", ONE).await.expect("adds");
            assert!(matches!(added, TemplateAdded::Before(_)));
            let file = file(&admin).await;
            assert_eq!(file.text, ONE);
            assert!(file.is_signed_by(organisation, &admin.organisation_key()));
            let mut tx = admin.opened.store.read().await.expect("begins");
            let head = crate::log::head(&mut tx).await.expect("reads").seq;
            assert!(last.is_none_or(|last| last == head), "given twice");
            last = Some(head);
        }
        admin.close().await;
    }
}
