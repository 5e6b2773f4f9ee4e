//! How a document begins: in one change that makes every container its template needs and says what is known from the
//! start.
//!
//! It is one tree: the library takes many times as long for as many operations one by one.

use super::{
    AuthorError, Edit,
    layout::{CHOICES, FIELDS, KIND, OCCURRED_AT, REMOVED, SUBJECT, TEMPLATE, VERSION},
    statement,
    tree::{Branch, Node},
};
use crate::{
    authoring::Actor,
    id::SpaceId,
    template::{Field, FieldType, MergeRule, Template},
    time::Moment,
    value::{Value, stored},
};
use automerge::ScalarValue;
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

/// What a document is, whatever its fields say.
#[derive(Clone, Copy)]
pub(super) struct About {
    pub(super) subject: SpaceId,
    pub(super) occurred_at: Moment,
}

/// What a document says that begins with these edits. What each sets plainly stands from the first; the rest are edits of
/// the document begun, in the same change.
pub(super) fn tree<'e>(
    template: &Template,
    about: About,
    edits: &'e [Edit],
    actor: &Actor,
) -> Result<(Branch, Vec<&'e Edit>), AuthorError> {
    let mut of_field: BTreeMap<Option<&str>, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        of_field.entry(edit.field()).or_default().push(edit);
    }
    let (mut values, mut rest) = (HashMap::new(), Vec::new());
    for edit in edits {
        match alone(&of_field, edit).and_then(|edit| plainly(edit, template)) {
            Some((field, value)) => {
                value.check(field)?;
                values.insert(field.name.as_str(), value);
            }
            None => rest.push(edit),
        }
    }
    let mut items = HashMap::new();
    for field in &template.fields {
        let edits = of_field.get(&Some(field.name.as_str()));
        if let Some(added) = edits.and_then(|edits| added(field, edits)) {
            items.insert(field.name.as_str(), added);
        }
    }
    let is_item = |edit: &&Edit| edit.field().is_some_and(|field| items.contains_key(field));
    match rest.iter().all(is_item) {
        true => rest.clear(),
        // The library would take them in any order: it keeps that of edits alone.
        false => items.clear(),
    }
    let mut first = |field: &Field| {
        let value = values.get(field.name.as_str()).map(AsRef::as_ref);
        let said = value.filter(|_| field.merge == MergeRule::WithdrawalWins);
        let node = match (items.remove(field.name.as_str()), said) {
            (Some(items), _) => Node::Map(items),
            (_, Some(said)) => statement::first(said, actor),
            _ => first_value(field, value),
        };
        (field.name.clone(), node)
    };
    let fields: Branch = template.fields.iter().map(&mut first).collect();
    let moment = stored::to_scalar(&Value::Moment(about.occurred_at));
    let root = [
        (TEMPLATE, template.name.as_str().into()),
        (VERSION, u64::from(template.version).into()),
        (KIND, template.kind.name().into()),
        (SUBJECT, about.subject.to_string().into()),
        (OCCURRED_AT, moment.into()),
        (FIELDS, Node::Map(fields)),
        (CHOICES, Node::empty()),
    ];
    let root = root.map(|(key, node)| (key.to_owned(), node));
    Ok((root.into(), rest))
}

/// An edit that no other of its field stands beside.
fn alone<'e>(of_field: &BTreeMap<Option<&str>, Vec<&'e Edit>>, edit: &Edit) -> Option<&'e Edit> {
    match of_field.get(&edit.field()).map(Vec::as_slice) {
        Some([only]) => Some(only),
        _ => None,
    }
}

/// The items that a field begins with, in the order of the edits, where these do nothing but add each once, with nothing
/// to refuse.
fn added(field: &Field, edits: &[&Edit]) -> Option<Branch> {
    let FieldType::Items { fields } = &field.field_type else {
        return None;
    };
    let mut items = Branch::new();
    for edit in edits {
        let Edit::AddItem { item, values, .. } = edit else {
            return None;
        };
        for (name, value) in values {
            value.check(field.item_field(name)?).ok()?;
        }
        let key = item.as_hyphenated().to_string();
        if items.iter().any(|(before, _)| *before == key) {
            return None;
        }
        items.push((key, first_item(fields, values)));
    }
    Some(items)
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
        _ => field.name != OCCURRED_AT,
    };
    is_plain.then_some((field, value))
}

/// A new item: that nobody took it away, and what its fields say.
pub(super) fn first_item(fields: &[Field], values: &[(String, Value)]) -> Node {
    let part = |field: &Field| {
        let mut values = values.iter().rev();
        let value = values.find(|(name, _)| *name == field.name);
        let value = value.map(|(_, value)| value);
        (field.name.clone(), first_value(field, value))
    };
    let mut parts: Branch = fields.iter().map(part).collect();
    parts.push((REMOVED.to_owned(), false.into()));
    Node::Map(parts)
}

/// A field's first value in a new document or item: its container, the value, or an explicit null.
fn first_value(field: &Field, value: Option<&Value>) -> Node {
    match (&field.field_type, value) {
        (FieldType::Text { .. }, Some(Value::Text(text))) => Node::Text(text.clone()),
        (FieldType::Text { .. }, _) => Node::Text(String::new()),
        (FieldType::Items { .. }, _) => Node::empty(),
        _ if field.merge == MergeRule::WithdrawalWins => Node::empty(),
        (_, value) => value.map_or(ScalarValue::Null, stored::to_scalar).into(),
    }
}
