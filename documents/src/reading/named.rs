//! References to a document's own items, told in those items' words: nobody reads an id.

use super::{Attributed, FieldReading, FieldState};
use crate::{
    template::{Field, FieldType, Language, Template},
    value::Value,
};
use std::borrow::Cow;

/// The same fields, where a value that names an item of these fields stands as what that item says: its first field
/// that says something. An item that is not there, or says nothing, stays an id. For people: what is kept, chosen or
/// handed to a program is the value itself.
#[must_use]
pub fn with_items_named<'a>(
    fields: &'a [FieldReading],
    template: Option<&Template>,
    language: Language,
) -> Cow<'a, [FieldReading]> {
    let Some(template) = template.filter(|template| template.names_items()) else {
        return Cow::Borrowed(fields);
    };
    let named = Named {
        fields,
        template,
        language,
    };
    let field = |field: &FieldReading| named.field(field, template.field(&field.name));
    Cow::Owned(fields.iter().map(field).collect())
}

struct Named<'a> {
    fields: &'a [FieldReading],
    template: &'a Template,
    language: Language,
}

impl Named<'_> {
    fn field(&self, reading: &FieldReading, known: Option<&Field>) -> FieldReading {
        let of = match known.map(|known| &known.field_type) {
            Some(FieldType::Item { of }) => Some(of.as_str()),
            _ => None,
        };
        let mut named = reading.clone();
        match (&mut named.state, of) {
            (FieldState::One(one), Some(of)) => self.value(one, of),
            (FieldState::Conflict { shown, values }, Some(of)) => {
                let all = shown.iter_mut().chain(values);
                all.for_each(|one| self.value(one, of));
            }
            (FieldState::Items(items), _) => {
                for item in items {
                    for part in &mut item.fields {
                        let known = known.and_then(|known| known.item_field(&part.name));
                        *part = self.field(part, known);
                    }
                }
            }
            _ => {}
        }
        named
    }

    fn value(&self, one: &mut Attributed, of: &str) {
        let Value::Reference(id) = one.value else {
            return;
        };
        let (items, known) = (
            self.fields.iter().find(|field| field.name == of),
            self.template.field(of),
        );
        let items = match items.map(|items| &items.state) {
            Some(FieldState::Items(items)) => items.as_slice(),
            _ => &[],
        };
        let parts = items.iter().filter(|item| item.id == id);
        let said = parts.flat_map(|item| &item.fields).find_map(|part| {
            let known = known.and_then(|known| known.item_field(&part.name));
            let said = part.line(known, self.language);
            (!said.is_empty()).then_some(said)
        });
        if let Some(said) = said {
            one.value = Value::Text(said);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::Edit,
        template::Templates,
        testing::{exchange, replicas, text},
    };
    use uuid::Uuid;

    fn item(field: &str, id: u128, values: Vec<(&str, Value)>) -> Edit {
        Edit::AddItem {
            field: field.to_owned(),
            item: Uuid::from_u128(id),
            values: values
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }

    #[test]
    fn a_sub_goal_is_read_with_its_goal_in_words_and_one_that_two_moved_with_both() {
        let goal = |id: u128| Value::Reference(Uuid::from_u128(id));
        let begun = vec![
            item("goals", 1, vec![("goal", text("I skole hver dag"))]),
            item("goals", 2, vec![("goal", text("En ven"))]),
            item(
                "sub_goals",
                3,
                vec![("step", text("Cykle med Ida")), ("goal", goal(1))],
            ),
            item(
                "sub_goals",
                4,
                vec![("step", text("Fodbold")), ("goal", goal(9))],
            ),
        ];
        let mut all = replicas(2, "plan", begun);
        let moved = |to| Edit::SetItem {
            field: "sub_goals".to_owned(),
            item: Uuid::from_u128(4),
            name: "goal".to_owned(),
            value: goal(to),
        };
        all[0].edit(&[moved(1)]).unwrap();
        all[1].edit(&[moved(2)]).unwrap();
        exchange(&mut all);
        let reading = all[0].reading();
        let lines = reading.summary(Templates::built_in(), Language::Danish, 9);
        assert!(
            lines.contains(
                &"Delmål: Cykle med Ida, I skole hver dag; Fodbold, I skole hver dag ≠ En ven"
                    .to_owned()
            ),
            "{lines:?}"
        );
        assert_eq!(reading.conflicts, 1);
        let kept = reading.items("sub_goals").next().unwrap().value("goal");
        assert_eq!(kept, Some(&goal(1)), "what is kept is the id");
    }

    #[test]
    fn an_item_that_is_not_there_stays_an_id() {
        let begun = vec![item(
            "sub_goals",
            3,
            vec![("goal", Value::Reference(Uuid::from_u128(9)))],
        )];
        let reading = replicas(1, "plan", begun)[0].reading();
        let lines = reading.summary(Templates::built_in(), Language::English, 9);
        assert_eq!(lines, ["Sub-goals: 00000000-0000-0000-0000-000000000009"]);
    }
}
