//! From a document to its reading, field by field, over all concurrent values.

use super::{
    Attributed, FieldReading, FieldState, ItemReading, Reading,
    history::History,
    keys::{Found, Keys},
    named::mark_absent,
    source::Source,
    unknown,
};
use crate::{
    document::layout::{DISCARDED, FIELDS, KIND, REMOVED, SUBJECT, TEMPLATE, VERSION},
    document::{Statement, read_statements, withdraws},
    id::{PractitionerId, SpaceId},
    template::{Field, FieldType, MergeRule, TemplateKind, Templates, occurred_at},
    value::{Value, stored},
};
use automerge::{ObjId, ObjType, ROOT, ScalarValue, Value as Stored};
use std::borrow::Cow;
use uuid::Uuid;

/// A document being read.
pub(super) struct Reader<'a> {
    pub document: &'a dyn Source,
    pub history: History,
}

/// The name and version of the template a document was made by.
pub(crate) fn template_of(document: &dyn Source) -> Option<(String, u32)> {
    template_in(&document.keys(&ROOT))
}

fn template_in(root: &Keys) -> Option<(String, u32)> {
    let name = lowest_text(root, TEMPLATE)?;
    let mut versions = root.values(VERSION).iter();
    let version = versions.find_map(|(value, _)| value.as_u64())?;
    Some((name, u32::try_from(version).ok()?))
}

/// The text at a key of the root. It is written once; if ever twice, the lowest is taken, everywhere the same.
fn lowest_text(root: &Keys, key: &str) -> Option<String> {
    root.values(key)
        .iter()
        .filter_map(|(value, _)| value.as_str())
        .min()
        .map(str::to_owned)
}

pub(super) fn read(document: &dyn Source, templates: &Templates) -> Reading {
    let reader = Reader {
        document,
        history: document.history(),
    };
    let root = document.keys(&ROOT);
    let named = template_in(&root);
    let template = named
        .as_ref()
        .and_then(|(name, version)| templates.get(name, *version));
    let kind = lowest_text(&root, KIND).and_then(|kind| TemplateKind::from_name(&kind));
    let (template_name, template_version) = named.unwrap_or_default();
    let when = reader.field(&root, occurred_at());
    let known = template.map_or(&[][..], |template| template.fields.as_slice());
    let mut fields = reader.fields(&root, known);
    if let Some(template) = template {
        mark_absent(&mut fields, template);
    }
    let moments = when.values().iter().filter_map(|value| match &value.value {
        Value::Moment(moment) => Some(*moment),
        _ => None,
    });
    let occurred = moments.min();
    if matches!(
        when.state,
        FieldState::Conflict { .. } | FieldState::Invalid { .. }
    ) {
        fields.insert(0, when);
    }
    Reading {
        kind: template
            .map(|template| template.kind)
            .or(kind)
            .unwrap_or(TemplateKind::Entry),
        template: template_name,
        template_version,
        template_known: template.is_some(),
        subject: lowest_text(&root, SUBJECT).and_then(|id| id.parse::<SpaceId>().ok()),
        occurred_at: occurred,
        written_at: reader.history.first,
        edited_at: reader.history.latest,
        authors: reader.history.authors.clone(),
        conflicts: count(&fields, FieldReading::needs_choice),
        invalid: count(&fields, FieldReading::is_invalid),
        discarded: is_marked(&root, DISCARDED),
        fields,
    }
}

/// How many fields, items' fields included, are so.
pub(crate) fn count(fields: &[FieldReading], is: fn(&FieldReading) -> bool) -> usize {
    let within = |field: &FieldReading| match &field.state {
        FieldState::Items(items) => items.iter().map(|item| count(&item.fields, is)).sum(),
        _ => usize::from(is(field)),
    };
    fields.iter().map(within).sum()
}

/// Whether anybody has set a mark.
fn is_marked(home: &Keys, key: &str) -> bool {
    let set = |found: &Found| matches!(&found.0, Stored::Scalar(flag) if **flag == ScalarValue::Boolean(true));
    home.values(key).iter().any(set)
}

impl Reader<'_> {
    pub fn values(&self, home: &ObjId, key: &str) -> Vec<Found> {
        self.document.found_at(home, key).unwrap_or_default()
    }

    /// The template's fields in order, then what it does not know.
    fn fields(&self, root: &Keys, known: &[Field]) -> Vec<FieldReading> {
        let homes = root.values(FIELDS).iter();
        let homes: Vec<(&ObjId, Cow<'_, Keys>)> = homes
            .filter(|(value, _)| is_map(value))
            .map(|(_, id)| (id, self.document.keys(id)))
            .collect();
        let Some((_, first)) = homes.first() else {
            let empty = |field: &Field| reading_of(field, FieldState::Empty);
            return known.iter().map(empty).collect();
        };
        let mut fields: Vec<FieldReading> =
            known.iter().map(|field| self.field(first, field)).collect();
        for (place, (home, keys)) in homes.iter().enumerate() {
            for (key, _) in keys.iter() {
                if place > 0 || !known.iter().any(|field| field.name == *key) {
                    fields.push(unknown::field(self, home, key));
                }
            }
        }
        fields
    }

    /// One field of the template or of an item, in the map where it stands.
    pub fn field(&self, home: &Keys, field: &Field) -> FieldReading {
        let found = home.values(&field.name);
        let state = match &field.field_type {
            FieldType::Text { .. } => self.prose(field, found),
            FieldType::Items { fields } => self.items(fields, found),
            _ if field.merge == MergeRule::WithdrawalWins => self.consent(field, found),
            _ => self.scalars(field, found),
        };
        reading_of(field, state)
    }

    fn scalars(&self, field: &Field, found: &[Found]) -> FieldState {
        let values: Vec<Attributed> = found
            .iter()
            .filter_map(|found| self.value(field, found))
            .collect();
        settle(field, values)
    }

    /// A value by the field's rules; none for an explicit null.
    fn value(&self, field: &Field, (value, operation): &Found) -> Option<Attributed> {
        match value {
            Stored::Scalar(scalar) if scalar.is_null() => None,
            Stored::Scalar(scalar) => {
                let known = stored::from_scalar(field, scalar);
                let valid = known.is_some();
                let value = known.unwrap_or_else(|| Value::Text(stored::raw(scalar)));
                Some(self.attributed(value, valid, operation))
            }
            Stored::Object(_) => {
                let raw = unknown::raw(self, &(value.clone(), operation.clone()));
                Some(self.attributed(Value::Text(raw), false, operation))
            }
        }
    }

    pub fn attributed(&self, value: Value, valid: bool, operation: &ObjId) -> Attributed {
        let (author, at) = self.history.of_operation(operation);
        Attributed {
            value,
            valid,
            author,
            at,
            operation: operation.to_string(),
        }
    }

    /// Prose: one text object, merged by character. More than one, or something else, is a conflict or invalid.
    fn prose(&self, field: &Field, found: &[Found]) -> FieldState {
        if let [(Stored::Object(ObjType::Text), id)] = found {
            return self.text(id);
        }
        let values = found.iter().filter_map(|found| match found {
            (Stored::Object(ObjType::Text), id) => {
                let text = self.document.text(id);
                Some(self.attributed(Value::Text(text), true, id))
            }
            (Stored::Scalar(scalar), _) if scalar.is_null() => None,
            (Stored::Scalar(scalar), id) => {
                Some(self.attributed(Value::Text(stored::raw(scalar)), false, id))
            }
            (Stored::Object(_), id) => {
                Some(self.attributed(Value::Text(unknown::raw(self, found)), false, id))
            }
        });
        match settle(field, values.collect()) {
            // Two texts are two, also when they read the same: edits to one would not show in the other.
            FieldState::One(one) => FieldState::Conflict {
                shown: None,
                values: vec![one],
            },
            state => state,
        }
    }

    pub fn text(&self, id: &ObjId) -> FieldState {
        let text = self.document.text(id);
        if text.is_empty() {
            return FieldState::Empty;
        }
        FieldState::Text {
            authors: self.text_authors(id),
            text,
        }
    }

    /// Everybody whose characters stand in a text, in order of first appearance.
    fn text_authors(&self, id: &ObjId) -> Vec<PractitionerId> {
        let mut authors: Vec<PractitionerId> = Vec::new();
        if let [only] = self.history.authors.as_slice() {
            return vec![*only];
        }
        for actor in self.document.actors_in(id) {
            if let Some(author) = self.history.author(&actor)
                && !authors.contains(&author)
            {
                authors.push(author);
                if authors.len() == self.history.authors.len() {
                    break;
                }
            }
        }
        authors
    }

    fn items(&self, fields: &[Field], found: &[Found]) -> FieldState {
        let mut items = Vec::new();
        let mut other = Vec::new();
        for value in found {
            match value {
                (stored, id) if is_map(stored) => self.items_of(fields, id, &mut items),
                (Stored::Scalar(scalar), _) if scalar.is_null() => {}
                value => other.push(unknown::raw(self, value)),
            }
        }
        if let (Some(raw), [(_, id), ..]) = (other.into_iter().next(), found) {
            return FieldState::Invalid {
                raw,
                author: self.history.of_operation(id).0,
            };
        }
        in_order(items)
    }

    /// The items of one map, each with the number of the operation that made it.
    pub fn items_of(&self, fields: &[Field], map: &ObjId, items: &mut Vec<(u64, ItemReading)>) {
        for (key, found) in self.document.keys(map).iter() {
            let id = Uuid::try_parse(key).unwrap_or_else(|_| Uuid::nil());
            for (value, object) in found {
                if !is_map(value) {
                    let field = unknown::item_field(self, map, key);
                    items.push((
                        0,
                        ItemReading {
                            id,
                            removed: false,
                            fields: vec![field],
                        },
                    ));
                    break;
                }
                let keys = self.document.keys(object);
                let mut read: Vec<FieldReading> = fields
                    .iter()
                    .map(|field| self.field(&keys, field))
                    .collect();
                for (name, _) in keys.iter() {
                    if name != REMOVED && !fields.iter().any(|field| field.name == *name) {
                        read.push(unknown::item_field(self, object, name));
                    }
                }
                let removed = is_marked(&keys, REMOVED);
                let made = if let ObjId::Id(number, ..) = object {
                    *number
                } else {
                    0
                };
                items.push((
                    made,
                    ItemReading {
                        id,
                        removed,
                        fields: read,
                    },
                ));
            }
        }
    }

    /// Consent: the open statements; an open withdrawal stands.
    fn consent(&self, field: &Field, found: &[Found]) -> FieldState {
        let mut open: Vec<(Attributed, bool)> = Vec::new();
        for (value, id) in found {
            if !is_map(value) {
                open.extend(
                    self.value(field, &(value.clone(), id.clone()))
                        .map(|value| (value, false)),
                );
                continue;
            }
            let statements = read_statements(self.document, id).unwrap_or_default();
            for Statement {
                key,
                said,
                operation,
                ..
            } in statements.into_iter().filter(|statement| statement.open)
            {
                let found = (Stored::Scalar(Cow::Owned(said.clone())), operation);
                let withdrawn = withdraws(field, &said);
                let value = self.value(field, &found).map(|value| Attributed {
                    operation: key,
                    ..value
                });
                open.extend(value.map(|value| (value, withdrawn)));
            }
        }
        let standing = open
            .iter()
            .find(|(_, withdrawn)| *withdrawn)
            .map(|(value, _)| value.clone());
        match (
            settle(field, open.into_iter().map(|(value, _)| value).collect()),
            standing,
        ) {
            (FieldState::Conflict { values, .. }, shown @ Some(_)) => {
                FieldState::Conflict { shown, values }
            }
            (state, _) => state,
        }
    }
}

/// Items by the operations that made them, oldest first.
pub(super) fn in_order(mut items: Vec<(u64, ItemReading)>) -> FieldState {
    items.sort_by_key(|(made, item)| (*made, item.id));
    if items.is_empty() {
        return FieldState::Empty;
    }
    FieldState::Items(items.into_iter().map(|(_, item)| item).collect())
}

fn reading_of(field: &Field, state: FieldState) -> FieldReading {
    FieldReading {
        name: field.name.clone(),
        labels: Some(field.labels.clone()),
        merge: field.merge,
        whole: true,
        state,
    }
}

pub(super) fn is_map(value: &Stored<'_>) -> bool {
    matches!(value, Stored::Object(ObjType::Map))
}

/// The state that concurrent values make by the field's rule. Equal values agree.
pub(super) fn settle(field: &Field, values: Vec<Attributed>) -> FieldState {
    settle_by(values, field.merge, |value| match value {
        Value::Code(code) => field.severity(code),
        // A reason for a missing value says nothing bad; what the template does not know is taken for the worst.
        Value::Missing(_) => 0,
        _ => usize::MAX,
    })
}

pub(super) fn settle_by(
    mut values: Vec<Attributed>,
    merge: MergeRule,
    severity: impl Fn(&Value) -> usize,
) -> FieldState {
    values.sort_by(|one, other| (one.at, &one.operation).cmp(&(other.at, &other.operation)));
    let agree = values
        .windows(2)
        .all(|pair| matches!(pair, [one, other] if one.value == other.value));
    match values.as_slice() {
        [] => FieldState::Empty,
        [first, ..] if agree => match first {
            Attributed {
                valid: false,
                value,
                author,
                ..
            } => FieldState::Invalid {
                raw: value.display_plain(crate::template::Language::Danish),
                author: *author,
            },
            valid => FieldState::One(valid.clone()),
        },
        _ => {
            let shown = match merge {
                MergeRule::Last => values.last().cloned(),
                MergeRule::WorstUntilChosen => values
                    .iter()
                    .max_by_key(|value| severity(&value.value))
                    .cloned(),
                MergeRule::Text | MergeRule::KeepAll | MergeRule::WithdrawalWins => None,
            };
            FieldState::Conflict { shown, values }
        }
    }
}
