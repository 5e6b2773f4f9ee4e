//! The small writes and looks that edits are made of.

use super::AuthorError;
use crate::{
    reading::Found,
    template::{Template, Templates},
};
use automerge::{Automerge, AutomergeError, ObjId, ObjType, ReadDoc, ScalarValue, Value as Stored};

/// The template a document was made by.
pub(super) fn template_of<'a>(
    document: &Automerge,
    templates: &'a Templates,
) -> Result<&'a Template, AuthorError> {
    let unknown = || AuthorError::UnknownTemplate {
        known: templates.names_allowed(),
    };
    let (name, version) = crate::reading::template_of(document).ok_or_else(unknown)?;
    templates.get(&name, version).ok_or_else(unknown)
}

/// Where maps can be looked into: a document, one that is being written, or a tree that is none yet.
pub(crate) trait Values {
    /// The keys of a map.
    fn names(&self, home: &ObjId) -> Vec<String>;

    /// Every concurrent value at a key.
    fn found_at(&self, home: &ObjId, key: &str) -> Result<Vec<Found>, AutomergeError>;
}

impl<R: ReadDoc> Values for R {
    fn names(&self, home: &ObjId) -> Vec<String> {
        self.keys(home).collect()
    }

    fn found_at(&self, home: &ObjId, key: &str) -> Result<Vec<Found>, AutomergeError> {
        let values = self.get_all(home, key)?.into_iter();
        Ok(values.map(|(value, id)| (value.into_owned(), id)).collect())
    }
}

/// Whether values differ. An emptied field does not speak against a value; equal values agree.
pub(crate) fn in_conflict(values: &[(Stored<'static>, ObjId)]) -> bool {
    let mut spoken = values.iter().filter(|(value, _)| !is_null(value));
    let Some((first, _)) = spoken.next() else {
        return false;
    };
    spoken.any(|(value, _)| matches!(value, Stored::Object(_)) || value != first)
}

fn is_null(value: &Stored<'_>) -> bool {
    matches!(value, Stored::Scalar(scalar) if scalar.is_null())
}

/// Whether exactly this is said, by however many. A value is said as well where somebody emptied the field at once:
/// that is how it reads, and written again it would sometimes be a new operation and sometimes not.
pub(super) fn says(values: &[(Stored<'static>, ObjId)], scalar: &ScalarValue) -> bool {
    let same =
        |value: &Stored<'static>| matches!(value, Stored::Scalar(value) if **value == *scalar);
    let mut values = values.iter().map(|(value, _)| value);
    values.clone().any(same) && values.all(|value| same(value) || is_null(value))
}

/// Whether the one value is a text.
pub(super) fn is_text(values: &[(Stored<'static>, ObjId)]) -> bool {
    matches!(values, [(Stored::Object(ObjType::Text), _)])
}

/// The one container of this type at a key.
pub(super) fn container(
    document: &impl Values,
    home: &ObjId,
    key: &str,
    kind: ObjType,
) -> Result<ObjId, AuthorError> {
    match document.found_at(home, key)?.as_slice() {
        [(Stored::Object(found), id)] if *found == kind => Ok(id.clone()),
        _ => Err(AuthorError::Broken),
    }
}
