//! The small writes and looks that edits are made of.

use super::AuthorError;
use crate::template::{Template, Templates};
use automerge::{
    Automerge, AutomergeError, ObjId, ObjType, ReadDoc, ScalarValue, Value as Stored,
    transaction::Transaction,
};

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

/// Every concurrent value at a key.
pub(crate) fn values_at<R: ReadDoc>(
    document: &R,
    home: &ObjId,
    key: &str,
) -> Result<Vec<(Stored<'static>, ObjId)>, AutomergeError> {
    let values = document.get_all(home, key)?;
    Ok(values
        .into_iter()
        .map(|(value, id)| (value.into_owned(), id))
        .collect())
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
    tx: &Transaction<'_>,
    home: &ObjId,
    key: &str,
    kind: ObjType,
) -> Result<ObjId, AuthorError> {
    match tx.get_all(home, key)?.as_slice() {
        [(Stored::Object(found), id)] if *found == kind => Ok(id.clone()),
        _ => Err(AuthorError::Broken),
    }
}
