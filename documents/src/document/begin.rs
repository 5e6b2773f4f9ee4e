//! How a document begins: in one change that makes every container its template needs and says what is known from the
//! start.
//!
//! It goes into the empty document in one piece: the library takes many times as long for as many operations one by
//! one.

use super::{
    AuthorError, ENCODING, Edit, edit,
    layout::{CHOICES, FIELDS, KIND, OCCURRED_AT, REMOVED, SUBJECT, TEMPLATE, VERSION},
    references,
};
use crate::{
    authoring::Actor,
    id::SpaceId,
    template::{Field, FieldType, MergeRule, Template},
    time::Moment,
    value::{Value, stored},
};
use automerge::{
    ScalarValue, hydrate,
    transaction::{Transactable as _, Transaction},
};
use std::{borrow::Cow, collections::HashMap};

/// What a document is, whatever its fields say.
#[derive(Clone, Copy)]
pub(super) struct Begun {
    pub(super) subject: SpaceId,
    pub(super) occurred_at: Moment,
}

/// Begins a document that says what these edits write. What sets a field plainly stands from the first; everything
/// else is an edit of the document begun, in the same change.
pub(super) fn begin(
    tx: &mut Transaction<'_>,
    template: &Template,
    begun: Begun,
    edits: &[Edit],
    actor: &Actor,
) -> Result<(), AuthorError> {
    let mut named: HashMap<Option<&str>, usize> = HashMap::new();
    for edit in edits {
        *named.entry(edit.field()).or_default() += 1;
    }
    let (mut values, mut rest) = (HashMap::new(), Vec::new());
    for edit in edits {
        let once = named.get(&edit.field()) == Some(&1);
        match plainly(edit, template).filter(|_| once) {
            Some((field, value)) => {
                value.check(field)?;
                values.insert(field.name.as_str(), value);
            }
            None => rest.push(edit),
        }
    }
    let moment = stored::to_scalar(&Value::Moment(begun.occurred_at));
    let field = |field: &Field| {
        let value = values.get(field.name.as_str()).map(AsRef::as_ref);
        (field.name.clone(), first_value(field, value))
    };
    let fields: HashMap<String, hydrate::Value> = template.fields.iter().map(field).collect();
    let root: HashMap<&str, hydrate::Value> = HashMap::from([
        (TEMPLATE, template.name.as_str().into()),
        (VERSION, u64::from(template.version).into()),
        (KIND, template.kind.name().into()),
        (SUBJECT, begun.subject.to_string().as_str().into()),
        (OCCURRED_AT, moment.into()),
        (FIELDS, hydrate::Map::from(fields).into()),
        (CHOICES, hydrate::Value::map()),
    ]);
    tx.init_root_from_hydrate(&hydrate::Map::from(root))?;
    edit::apply_all(tx, template, rest, actor)?;
    references::check(tx, template, edits)
}

/// What an edit sets, where the first value of its field is all that it writes.
fn plainly<'a>(edit: &'a Edit, template: &'a Template) -> Option<(&'a Field, Cow<'a, Value>)> {
    let (name, value) = match edit {
        Edit::Set { field, value } => (field, Cow::Borrowed(value)),
        Edit::ReplaceText { field, text } => (field, Cow::Owned(Value::Text(text.clone()))),
        _ => return None,
    };
    let field = template.field(name)?;
    let is_plain = match field.field_type {
        FieldType::Text { .. } => matches!(*value, Value::Text(_)),
        FieldType::Items { .. } => false,
        _ => field.merge != MergeRule::WithdrawalWins && field.name != OCCURRED_AT,
    };
    is_plain.then_some((field, value))
}

/// A new item: that nobody took it away, and what its fields say.
pub(super) fn first_item(fields: &[Field], values: &[(String, Value)]) -> hydrate::Value {
    let part = |field: &Field| {
        let mut values = values.iter().rev();
        let value = values.find(|(name, _)| *name == field.name);
        let value = value.map(|(_, value)| value);
        (field.name.clone(), first_value(field, value))
    };
    let mut parts: HashMap<String, hydrate::Value> = fields.iter().map(part).collect();
    parts.insert(REMOVED.to_owned(), hydrate::Value::scalar(false));
    hydrate::Map::from(parts).into()
}

/// A field's first value in a new document or item: its container, the value, or an explicit null.
fn first_value(field: &Field, value: Option<&Value>) -> hydrate::Value {
    match (&field.field_type, value) {
        (FieldType::Text { .. }, Some(Value::Text(text))) => hydrate::Value::text(ENCODING, text),
        (FieldType::Text { .. }, _) => hydrate::Value::text(ENCODING, ""),
        (FieldType::Items { .. }, _) => hydrate::Value::map(),
        _ if field.merge == MergeRule::WithdrawalWins => hydrate::Value::map(),
        (_, value) => value.map_or(ScalarValue::Null, stored::to_scalar).into(),
    }
}
