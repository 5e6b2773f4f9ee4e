//! The templates that ship with this crate, read once.

use super::{Kl, Template, TemplateError, file};
use std::sync::OnceLock;

const FILES: [(&str, &str); 12] = [
    ("card.toml", include_str!("../../templates/card.toml")),
    (
        "home_visit.toml",
        include_str!("../../templates/home_visit.toml"),
    ),
    (
        "home_visit_2.toml",
        include_str!("../../templates/home_visit_2.toml"),
    ),
    (
        "parent_visit.toml",
        include_str!("../../templates/parent_visit.toml"),
    ),
    (
        "parent_visit_2.toml",
        include_str!("../../templates/parent_visit_2.toml"),
    ),
    ("note.toml", include_str!("../../templates/note.toml")),
    ("note_2.toml", include_str!("../../templates/note_2.toml")),
    ("note_3.toml", include_str!("../../templates/note_3.toml")),
    (
        "planned_contact.toml",
        include_str!("../../templates/planned_contact.toml"),
    ),
    (
        "team_reflection.toml",
        include_str!("../../templates/team_reflection.toml"),
    ),
    (
        "addendum.toml",
        include_str!("../../templates/addendum.toml"),
    ),
    (
        "citizen_remark.toml",
        include_str!("../../templates/citizen_remark.toml"),
    ),
];

/// The templates a device or server knows, every version of each.
#[derive(Debug)]
pub struct Templates {
    kl: Option<Kl>,
    templates: Vec<Template>,
}

impl Templates {
    /// The templates that ship with this crate. A test holds that all of them can be read.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Templates> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            Self::read_built_in().unwrap_or(Self {
                kl: None,
                templates: Vec::new(),
            })
        })
    }

    fn read_built_in() -> Result<Self, TemplateError> {
        Self::read(&FILES)
    }

    /// From the texts of template files, each with the name it is called by in errors. The same name and version
    /// twice: the later one is refused.
    ///
    /// # Errors
    /// `TemplateError` names file, line and field.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, TemplateError> {
        let kl = Kl::read()?;
        let mut templates: Vec<Template> = Vec::with_capacity(files.len());
        for (name, text) in files {
            let template = file::read(name, text, &kl)?;
            if templates
                .iter()
                .any(|known| known.name == template.name && known.version == template.version)
            {
                let message = "this name and version is taken".to_owned();
                return Err(TemplateError::Syntax {
                    file: (*name).to_owned(),
                    line: 1,
                    message,
                });
            }
            templates.push(template);
        }
        Ok(Self {
            kl: Some(kl),
            templates,
        })
    }

    /// The newest version of a template.
    #[must_use]
    pub fn latest(&self, name: &str) -> Option<&Template> {
        self.templates
            .iter()
            .filter(|template| template.name == name)
            .max_by_key(|template| template.version)
    }

    /// One version of a template.
    #[must_use]
    pub fn get(&self, name: &str, version: u32) -> Option<&Template> {
        self.templates
            .iter()
            .find(|template| template.name == name && template.version == version)
    }

    /// Every template, every version.
    #[must_use]
    pub fn all(&self) -> &[Template] {
        &self.templates
    }

    /// KL's facts.
    #[must_use]
    pub const fn kl(&self) -> Option<&Kl> {
        self.kl.as_ref()
    }

    /// The templates' names, for a refusal.
    #[must_use]
    pub fn names_allowed(&self) -> String {
        let mut names: Vec<&str> = self
            .templates
            .iter()
            .map(|template| template.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests;
