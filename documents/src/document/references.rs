//! References to the document's own items: what an edit writes names an item that stands.
//!
//! Asked when all edits of a call are done, so that an item and what refers to it come in one, in any order. What is
//! received is asked by the reading (`reading::named`), which keeps and marks it.

use super::{
    AuthorError, Edit, field_name, layout,
    write::{self, Values},
};
use crate::{
    template::{Field, FieldType, Template},
    value::Value,
};
use automerge::{ObjId, ObjType, ROOT, ScalarValue};
use uuid::Uuid;

/// A reference that an edit wrote.
struct Written<'a> {
    /// `sub_goals.goal`, or the field alone.
    name: String,
    /// The field whose items it may name.
    of: &'a str,
    item: Uuid,
}

/// Refuses edits of which one names an item that is not there, or that somebody took away.
pub(super) fn check(
    document: &impl Values,
    template: &Template,
    edits: &[Edit],
) -> Result<(), AuthorError> {
    if !template.names_items() {
        return Ok(());
    }
    let fields = write::container(document, &ROOT, layout::FIELDS, ObjType::Map)?;
    for written in edits.iter().flat_map(|edit| written(template, edit)) {
        let items = write::container(document, &fields, written.of, ObjType::Map)?;
        if !stands(document, &items, written.item)? {
            return Err(AuthorError::NamesNoItem {
                field: field_name(&written.name),
                of: written.of.to_owned(),
            });
        }
    }
    Ok(())
}

fn written<'a>(template: &'a Template, edit: &Edit) -> Vec<Written<'a>> {
    let of_field = |field: &str, value: &Value| {
        reference(template.field(field), value, || field.to_owned())
            .into_iter()
            .collect()
    };
    let of_item = |field: &str, name: &str, value: &Value| {
        let part = template
            .field(field)
            .and_then(|field| field.item_field(name));
        reference(part, value, || format!("{field}.{name}"))
    };
    match edit {
        Edit::Set { field, value }
        | Edit::Choose {
            field,
            item: None,
            value,
        } => of_field(field, value),
        Edit::SetItem {
            field, name, value, ..
        }
        | Edit::Choose {
            field,
            item: Some((_, name)),
            value,
        } => of_item(field, name, value).into_iter().collect(),
        Edit::AddItem { field, values, .. } => {
            let parts = values.iter();
            parts
                .filter_map(|(name, value)| of_item(field, name, value))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn reference<'a>(
    field: Option<&'a Field>,
    value: &Value,
    name: impl Fn() -> String,
) -> Option<Written<'a>> {
    match (&field?.field_type, value) {
        (FieldType::Item { of }, Value::Reference(item)) => Some(Written {
            name: name(),
            of,
            item: *item,
        }),
        _ => None,
    }
}

/// Whether the item is there and nobody took it away.
fn stands(document: &impl Values, items: &ObjId, item: Uuid) -> Result<bool, AuthorError> {
    let key = item.as_hyphenated().to_string();
    let Ok(item) = write::container(document, items, &key, ObjType::Map) else {
        return Ok(false);
    };
    let removed = document.found_at(&item, layout::REMOVED)?;
    let is_set = |value: &automerge::Value<'_>| matches!(value, automerge::Value::Scalar(flag) if **flag == ScalarValue::Boolean(true));
    Ok(!removed.iter().any(|(value, _)| is_set(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Replica, replicas, text};

    fn add(field: &str, item: u128, values: Vec<(&str, Value)>) -> Edit {
        let values = values.into_iter();
        Edit::AddItem {
            field: field.to_owned(),
            item: Uuid::from_u128(item),
            values: values
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }

    fn goal(id: u128) -> (&'static str, Value) {
        ("goal", Value::Reference(Uuid::from_u128(id)))
    }

    fn refers(item: u128, id: u128) -> Edit {
        Edit::SetItem {
            field: "sub_goals".to_owned(),
            item: Uuid::from_u128(item),
            name: "goal".to_owned(),
            value: goal(id).1,
        }
    }

    fn remove(field: &str, item: u128) -> Edit {
        Edit::RemoveItem {
            field: field.to_owned(),
            item: Uuid::from_u128(item),
        }
    }

    fn plan() -> Replica {
        let begun = vec![
            add("goals", 1, vec![("goal", text("I skole hver dag"))]),
            add("goals", 2, vec![("goal", text("En ven"))]),
            add("sub_goals", 3, vec![goal(1)]),
            remove("goals", 2),
        ];
        replicas(1, "plan", begun).remove(0)
    }

    #[test]
    fn an_edit_that_names_an_item_that_does_not_stand_is_refused_by_its_field() {
        let cases = [
            ("no such item", vec![refers(3, 9)]),
            ("an item of another list", vec![refers(3, 3)]),
            ("an item that was taken away", vec![refers(3, 2)]),
            ("in a new item", vec![add("sub_goals", 4, vec![goal(9)])]),
            (
                "taken away by the same call",
                vec![refers(3, 1), remove("goals", 1)],
            ),
        ];
        for (name, edits) in cases {
            let mut plan = plan();
            let before = plan.reading();
            let refused = plan.edit(&edits);
            let Err(AuthorError::NamesNoItem { field, of }) = &refused else {
                panic!("{name}: {refused:?}");
            };
            assert_eq!(
                (field.as_str(), of.as_str()),
                ("sub_goals.goal", "goals"),
                "{name}"
            );
            assert_eq!(plan.reading(), before, "{name}: nothing of it is written");
        }
    }

    #[test]
    fn an_item_and_what_refers_to_it_come_in_one_call_in_any_order() {
        let both = [
            add("goals", 5, vec![("goal", text("Sove godt"))]),
            add("sub_goals", 6, vec![goal(5)]),
        ];
        for order in [[0, 1], [1, 0]] {
            let mut plan = plan();
            plan.edit(&order.map(|place| both[place].clone())).unwrap();
            let reading = plan.reading();
            let step = reading.items("sub_goals").last().unwrap();
            assert_eq!(step.value("goal"), Some(&goal(5).1));
            assert_eq!(reading.invalid, 0);
        }
    }
}
