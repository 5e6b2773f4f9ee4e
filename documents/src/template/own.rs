//! An organisation's own templates, beside those that ship.
//!
//! Their files come from elsewhere: each is read under guard and within limits, and one that cannot be read stands
//! beside the others, which it does not stop. A version is of the organisation where both have it: its documents were
//! written with that one.

use super::{
    Field, Template, TemplateError, Templates,
    file::{self, words},
};
use crate::guard;

/// One template's file, in bytes.
pub const TEMPLATE_BYTES_MAX: usize = 64 * 1024;
/// Fields of one template, those of its items and of the blocks it uses included.
pub const TEMPLATE_FIELDS_MAX: usize = 300;
/// Templates of one organisation, each version counted.
pub const OWN_TEMPLATES_MAX: usize = 200;

/// A template's file as an organisation has it: not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnFile<'a> {
    /// What its template is called.
    pub name: &'a str,
    /// Which version.
    pub version: u32,
    /// What the file says.
    pub text: &'a str,
}

/// A file of an organisation that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateAside {
    /// What its template would be called.
    pub name: String,
    /// Which version.
    pub version: u32,
    /// Why.
    pub error: TemplateError,
}

impl Templates {
    /// The templates that ship with those of an organisation, and what of the latter cannot be used. The order of the
    /// files makes no difference. Never panics.
    #[must_use]
    pub fn with_own(files: &[OwnFile<'_>]) -> (Self, Vec<TemplateAside>) {
        let mut all = Self::built_in().clone();
        let mut aside = Vec::new();
        let mut sorted = files.to_vec();
        sorted.sort_unstable_by_key(|file| (file.name, file.version));
        for file in sorted {
            match all.read_own(&file) {
                Ok(template) => {
                    all.templates.retain(|known| !is_same(known, &template));
                    all.own.insert((template.name.clone(), template.version));
                    all.templates.push(template);
                }
                Err(error) => aside.push(TemplateAside {
                    name: shown(file.name),
                    version: file.version,
                    error,
                }),
            }
        }
        (all, aside)
    }

    /// Whether a version is the organisation's own.
    #[must_use]
    pub fn is_own(&self, template: &Template) -> bool {
        let own = (template.name.clone(), template.version);
        self.own.contains(&own)
    }

    fn read_own(&self, own: &OwnFile<'_>) -> Result<Template, TemplateError> {
        let called = format!("{} {}", shown(own.name), own.version);
        if self.own.len() >= OWN_TEMPLATES_MAX {
            return Err(TemplateError::whole(&called, words::TOO_MANY_TEMPLATES));
        }
        let template = guarded(&called, own.text)?;
        let is_it = template.name == own.name && template.version == own.version;
        if !is_it || self.own.contains(&(own.name.to_owned(), own.version)) {
            return Err(TemplateError::whole(&called, words::ANOTHER));
        }
        Ok(template)
    }

    /// One template's file, read as if it stood with these: the blocks that ship are there to be used; a version only
    /// adds to the one before it, and the one after it to this; a version that is there already says the same. Nothing
    /// is kept.
    ///
    /// # Errors
    /// `TemplateError` names file, line and field.
    pub fn check_beside(&self, file: &str, text: &str) -> Result<Template, TemplateError> {
        let new = guarded(file, text)?;
        let wrong = |message| Err(TemplateError::whole(file, message));
        match self.get(&new.name, new.version) {
            Some(known) if *known == new => return Ok(new),
            Some(_) => return wrong(words::TAKEN),
            None => {}
        }
        let named = self.templates.iter().filter(|one| one.name == new.name);
        let (before, after): (Vec<_>, Vec<_>) = named.partition(|one| one.version < new.version);
        let before = before.into_iter().max_by_key(|one| one.version);
        let after = after.into_iter().min_by_key(|one| one.version);
        if before.is_none() && after.is_none() && !new.kind.is_signed() {
            return wrong(words::OWN_KIND);
        }
        let mut beside = before.iter().chain(&after);
        if beside.any(|known| known.kind != new.kind) {
            return wrong(words::KIND);
        }
        let changed = before.and_then(|before| not_added_to(before, &new));
        let changed = changed.or_else(|| after.and_then(|after| not_added_to(&new, after)));
        match changed {
            None => Ok(new),
            Some(changed) => Err(TemplateError::Field {
                file: file.to_owned(),
                line: line_of(text, &changed.name),
                field: changed.name.clone(),
                message: words::OLDER,
            }),
        }
    }

    /// How many templates of the organisation are here, each version counted.
    #[must_use]
    pub fn own_count(&self) -> usize {
        self.own.len()
    }
}

/// A name from elsewhere, no longer than a name is.
fn shown(name: &str) -> String {
    name.chars().take(file::NAME_CHARS_MAX).collect()
}

fn is_same(one: &Template, other: &Template) -> bool {
    one.name == other.name && one.version == other.version
}

/// A field of the older version that is not in the newer one as it was.
fn not_added_to<'a>(older: &'a Template, newer: &Template) -> Option<&'a Field> {
    let mut fields = older.fields.iter();
    fields.find(|field| newer.field(&field.name) != Some(field))
}

/// Reads a file from elsewhere: its size first, then under guard.
fn guarded(file: &str, text: &str) -> Result<Template, TemplateError> {
    if text.len() > TEMPLATE_BYTES_MAX {
        return Err(TemplateError::whole(file, words::TOO_LONG));
    }
    guard::guarded(|| file::read_alone(file, text))
        .unwrap_or_else(|_| Err(TemplateError::whole(file, words::UNREADABLE)))
}

/// The line on which a file names something, from 1; the first where it does not.
fn line_of(text: &str, name: &str) -> usize {
    let named = format!("name = \"{name}\"");
    let at = text
        .lines()
        .position(|line| line.trim_start().starts_with(&named));
    at.map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests;
