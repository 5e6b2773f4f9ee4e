//! The small writes and looks that edits are made of.

use super::{
    AuthorError,
    layout::{CHOICES, FIELDS, KIND, OCCURRED_AT, SUBJECT, TEMPLATE, VERSION},
};
use crate::{
    id::SpaceId,
    template::{Field, FieldType, MergeRule, Template, Templates},
    time::Moment,
    value::{Value, stored},
};
use automerge::{
    Automerge, AutomergeError, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value as Stored,
    transaction::{Transactable, Transaction},
};

/// The creator's first change: what the document is, and every container its template needs.
pub(super) fn begin(
    tx: &mut Transaction<'_>,
    template: &Template,
    subject: SpaceId,
    occurred_at: Moment,
) -> Result<(), AuthorError> {
    tx.put(ROOT, TEMPLATE, template.name.as_str())?;
    tx.put(ROOT, VERSION, u64::from(template.version))?;
    tx.put(ROOT, KIND, template.kind.name())?;
    tx.put(ROOT, SUBJECT, subject.to_string())?;
    tx.put(
        ROOT,
        OCCURRED_AT,
        stored::to_scalar(&Value::Moment(occurred_at)),
    )?;
    let fields = tx.put_object(ROOT, FIELDS, ObjType::Map)?;
    tx.put_object(ROOT, CHOICES, ObjType::Map)?;
    template
        .fields
        .iter()
        .try_for_each(|field| first_value(tx, &fields, field, None))
}

/// A field's first value in a new document or item: its container, the value, or an explicit null.
pub(super) fn first_value(
    tx: &mut Transaction<'_>,
    home: &ObjId,
    field: &Field,
    value: Option<&Value>,
) -> Result<(), AuthorError> {
    match (&field.field_type, value) {
        (FieldType::Text { .. }, _) => {
            let text = tx.put_object(home, field.name.as_str(), ObjType::Text)?;
            if let Some(Value::Text(value)) = value {
                tx.splice_text(&text, 0, 0, value)?;
            }
        }
        (FieldType::Items { .. }, _) => {
            tx.put_object(home, field.name.as_str(), ObjType::Map)?;
        }
        _ if field.merge == MergeRule::WithdrawalWins => {
            tx.put_object(home, field.name.as_str(), ObjType::Map)?;
        }
        (_, value) => {
            let scalar = value.map_or(ScalarValue::Null, stored::to_scalar);
            tx.put(home, field.name.as_str(), scalar)?;
        }
    }
    Ok(())
}

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
