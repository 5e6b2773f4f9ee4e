//! The templates that ship with this crate, read once.

use super::{Kl, Template, TemplateError, file};
use std::{collections::BTreeSet, sync::OnceLock};

// `FILES` and `SHARED`: what stands in the folder, by file name.
include!(concat!(env!("OUT_DIR"), "/template_files.rs"));

/// The templates a device or server knows, every version of each.
#[derive(Debug, Clone)]
pub struct Templates {
    kl: Option<Kl>,
    pub(super) templates: Vec<Template>,
    /// Which of them are an organisation's own: name and version.
    pub(super) own: BTreeSet<(String, u32)>,
    /// Which are retired: a name as a whole, or one version.
    pub(super) retired: BTreeSet<(String, Option<u32>)>,
}

impl Default for Templates {
    fn default() -> Self {
        Self::built_in().clone()
    }
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
                own: BTreeSet::new(),
                retired: BTreeSet::new(),
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
        let blocks = blocks(&kl)?;
        let mut templates: Vec<Template> = Vec::with_capacity(files.len());
        for (name, text) in files {
            let template = file::read(name, text, &kl, &blocks)?;
            if templates
                .iter()
                .any(|known| known.name == template.name && known.version == template.version)
            {
                return Err(TemplateError::Whole {
                    file: (*name).to_owned(),
                    line: 1,
                    message: file::words::TAKEN,
                });
            }
            templates.push(template);
        }
        Ok(Self {
            kl: Some(kl),
            templates,
            own: BTreeSet::new(),
            retired: BTreeSet::new(),
        })
    }

    /// One template's file, read as if it stood with those that ship ([`Templates::check_beside`]).
    ///
    /// # Errors
    /// `TemplateError` names file, line and field.
    pub fn check(file: &str, text: &str) -> Result<Template, TemplateError> {
        Self::built_in().check_beside(file, text)
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

    /// The names of the templates that can be begun, for a refusal.
    #[must_use]
    pub fn names_allowed(&self) -> String {
        let mut names: Vec<&str> = self
            .templates
            .iter()
            .filter(|template| !self.is_retired(template))
            .map(|template| template.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }
}

/// What a file may point to, read once.
pub(super) fn shipped() -> Result<&'static (Kl, file::Blocks), TemplateError> {
    static SHIPPED: OnceLock<(Kl, file::Blocks)> = OnceLock::new();
    if let Some(shipped) = SHIPPED.get() {
        return Ok(shipped);
    }
    let kl = Kl::read()?;
    let blocks = blocks(&kl)?;
    Ok(SHIPPED.get_or_init(|| (kl, blocks)))
}

/// The blocks of fields that templates take by name, each the name of its file.
fn blocks(kl: &Kl) -> Result<file::Blocks, TemplateError> {
    let read = |(name, text): &(&str, &str)| {
        let fields = file::read_block(name, text, kl)?;
        Ok((name.trim_end_matches(".toml").to_owned(), fields))
    };
    SHARED.iter().map(read).collect()
}

#[cfg(test)]
mod tests;
