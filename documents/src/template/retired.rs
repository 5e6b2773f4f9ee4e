//! Templates that are retired: nothing new is begun in them, and what was written goes on.
//!
//! A template is retired as a whole, versions to come included, or in single versions; then new documents begin with the
//! newest version that is left. What a document says, and whether it is edited, published or signed, never asks about it.

use super::{PLANNED_CONTACT, Template, Templates};

/// What nobody could do without: cards, planned contacts, and the two ways to say something of a signed entry.
const NEEDED: [&str; 4] = ["card", PLANNED_CONTACT, "addendum", "citizen_remark"];

/// A template that cannot be retired, or put back to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RetireError {
    /// There is none of this name, or not in this version.
    #[error("there is no such template, or no such version of it")]
    Unknown,
    /// It is one that nobody could do without, and no version of it would be left.
    #[error("without this template cards, contacts or corrections could not be written")]
    Needed,
}

impl Templates {
    /// The same, with these retired and no others: names, each as a whole or one version.
    #[must_use]
    pub fn with_retired(
        mut self,
        retired: impl IntoIterator<Item = (String, Option<u32>)>,
    ) -> Self {
        self.retired = retired.into_iter().collect();
        self
    }

    /// Whether a version is retired, alone or with its template.
    #[must_use]
    pub fn is_retired(&self, template: &Template) -> bool {
        let version = template.version;
        self.names_retired(&template.name, None)
            || self.names_retired(&template.name, Some(version))
    }

    /// Whether just this was retired: the template as a whole, or one version.
    #[must_use]
    pub fn names_retired(&self, name: &str, version: Option<u32>) -> bool {
        self.retired.contains(&(name.to_owned(), version))
    }

    /// The version that a new document begins with: the newest that is not retired. None where all of them are.
    #[must_use]
    pub fn begun(&self, name: &str) -> Option<&Template> {
        self.templates
            .iter()
            .filter(|template| template.name == name && !self.is_retired(template))
            .max_by_key(|template| template.version)
    }

    /// These, with a template or one version of it retired, or no longer. Nothing else becomes of it.
    ///
    /// # Errors
    /// `Unknown`, `Needed`.
    pub fn retiring(
        &self,
        name: &str,
        version: Option<u32>,
        is_retired: bool,
    ) -> Result<Self, RetireError> {
        let mut known = self.templates.iter().filter(|one| one.name == name);
        if !known.any(|one| version.is_none_or(|version| one.version == version)) {
            return Err(RetireError::Unknown);
        }
        let mut after = self.clone();
        let named = (name.to_owned(), version);
        if !is_retired {
            after.retired.remove(&named);
            return Ok(after);
        }
        after.retired.insert(named);
        if NEEDED.contains(&name) && after.begun(name).is_none() {
            return Err(RetireError::Needed);
        }
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn begun(templates: &Templates, name: &str) -> Option<u32> {
        Some(templates.begun(name)?.version)
    }

    #[test]
    fn new_documents_begin_with_the_newest_version_that_is_left() {
        let all = Templates::built_in();
        let newest = all.latest("note").expect("ships").version;
        let without_newest = all.retiring("note", Some(newest), true).expect("can be");
        assert_eq!(begun(&without_newest, "note"), Some(newest - 1));
        assert_eq!(
            without_newest.latest("note").expect("read still").version,
            newest
        );
        let none = without_newest.retiring("note", None, true).expect("can be");
        assert_eq!(begun(&none, "note"), None);
        assert!(
            none.all()
                .iter()
                .all(|one| none.is_retired(one) == (one.name == "note"))
        );
        // The version's own retirement outlasts the template's.
        let back = none.retiring("note", None, false).expect("can be");
        assert_eq!(begun(&back, "note"), Some(newest - 1));
        let all_back = back.retiring("note", Some(newest), false).expect("can be");
        assert_eq!(begun(&all_back, "note"), Some(newest));
        let of_old = all.retiring("note", Some(1), true).expect("can be");
        assert_eq!(begun(&of_old, "note"), Some(newest));
    }

    #[test]
    fn what_is_needed_stays_and_what_is_not_there_is_not_retired() {
        let all = Templates::built_in();
        for name in NEEDED {
            let refused = all.retiring(name, None, true).expect_err("needed");
            assert_eq!(refused, RetireError::Needed, "{name}");
        }
        let absent = [("trivsel", None), ("note", Some(99)), ("note", Some(0))];
        for (name, version) in absent {
            for is_retired in [true, false] {
                let refused = all.retiring(name, version, is_retired);
                assert_eq!(refused.expect_err("absent"), RetireError::Unknown);
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_begun_is_never_retired_and_what_is_not_begun_always_is(
            retired in prop::collection::vec((0usize..100, any::<bool>()), 0..12),
        ) {
            let all = Templates::built_in();
            let named = |(place, whole): (usize, bool)| {
                let one = &all.all()[place % all.all().len()];
                (one.name.clone(), (!whole).then_some(one.version))
            };
            let some = all.clone().with_retired(retired.into_iter().map(named));
            for one in some.all() {
                match some.begun(&one.name) {
                    Some(begun) => prop_assert!(!some.is_retired(begun)
                        && (one.version <= begun.version || some.is_retired(one))),
                    None => prop_assert!(some.is_retired(one)),
                }
                prop_assert_eq!(some.get(&one.name, one.version), Some(one));
            }
        }
    }
}
