//! What a template does not know, from a newer one or from elsewhere: read as `keep_all`, marked by having no labels.
//!
//! Containers of the shapes every template makes (items, statements) are read as what they are, so that who knows the
//! template and who does not read the same. Anything else stands as text a person may look at, and is marked as not
//! whole.

use super::{
    FieldReading, FieldState,
    collect::{Reader, in_order, is_map, settle_by},
    keys::Found,
};
use crate::{
    document::{
        layout::{REMOVED, STATEMENT_NAMES, STATEMENT_VALUE},
        read_statements,
    },
    template::MergeRule,
    value::{Value, stored},
};
use automerge::{ObjId, ObjType, ScalarValue, Value as Stored};
use uuid::Uuid;

/// Containers inside containers are read this deep.
const DEPTH_MAX: usize = 8;

/// What was read, and whether it is all that stands there.
type Read = (FieldState, bool);

/// A field no template here knows.
pub(super) fn field(reader: &Reader<'_>, home: &ObjId, name: &str) -> FieldReading {
    let found = reader.values(home, name);
    let read = items(reader, &found)
        .or_else(|| statements(reader, &found))
        .unwrap_or_else(|| values(reader, &found));
    reading_of(name, read)
}

/// A field of an item that no template here knows: items hold neither items nor statements.
pub(super) fn item_field(reader: &Reader<'_>, home: &ObjId, name: &str) -> FieldReading {
    reading_of(name, values(reader, &reader.values(home, name)))
}

fn reading_of(name: &str, (state, whole): Read) -> FieldReading {
    FieldReading {
        name: name.to_owned(),
        labels: None,
        merge: MergeRule::KeepAll,
        whole,
        state,
    }
}

/// Prose, scalar values, and whatever else as text.
fn values(reader: &Reader<'_>, found: &[Found]) -> Read {
    if let [(Stored::Object(ObjType::Text), id)] = found {
        return (reader.text(id), true);
    }
    let mut values = Vec::new();
    let mut whole = true;
    for one in found {
        let (value, id) = one;
        let value = match value {
            Stored::Scalar(scalar) if scalar.is_null() => continue,
            Stored::Scalar(scalar) => stored::from_unknown(scalar).unwrap_or_else(|| {
                whole = false;
                Value::Text(stored::raw(scalar))
            }),
            Stored::Object(_) => {
                whole &= reader.document.length(id) == 0;
                Value::Text(raw(reader, one))
            }
        };
        values.push(reader.attributed(value, true, id));
    }
    (said(settle_by(values, MergeRule::KeepAll, |_| 0)), whole)
}

/// An empty text says nothing.
fn said(state: FieldState) -> FieldState {
    match state {
        FieldState::One(value) if value.value == Value::Text(String::new()) => FieldState::Empty,
        state => state,
    }
}

/// The maps that stand in a field, when nothing else does.
fn maps(found: &[Found]) -> Option<Vec<&ObjId>> {
    let spoken = found
        .iter()
        .filter(|(value, _)| !matches!(value, Stored::Scalar(scalar) if scalar.is_null()));
    spoken
        .map(|(value, id)| is_map(value).then_some(id))
        .collect()
}

/// Whether maps hold something, and nothing but maps that are so.
fn all_are(reader: &Reader<'_>, maps: &[&ObjId], is: impl Fn(&str, &ObjId) -> bool) -> bool {
    let mut any = false;
    for map in maps {
        for (key, found) in reader.document.keys(map).iter() {
            for (value, id) in found {
                if !is_map(value) || !is(key, id) {
                    return false;
                }
                any = true;
            }
        }
    }
    any
}

/// Items: named by ids, each saying whether it was taken away.
fn items(reader: &Reader<'_>, found: &[Found]) -> Option<Read> {
    let maps = maps(found)?;
    let flag = |(value, _): &Found| matches!(value, Stored::Scalar(flag) if matches!(**flag, ScalarValue::Boolean(_)));
    let is_item = |key: &str, id: &ObjId| {
        let removed = reader.values(id, REMOVED);
        Uuid::try_parse(key).is_ok() && !removed.is_empty() && removed.iter().all(flag)
    };
    if !all_are(reader, &maps, is_item) {
        return None;
    }
    let mut items = Vec::new();
    for map in maps {
        reader.items_of(&[], map, &mut items);
    }
    Some((in_order(items), true))
}

/// Statements: each with what was said and which others it answers. Those that nobody answered stand; which of them
/// withdraws is the template's knowledge.
fn statements(reader: &Reader<'_>, found: &[Found]) -> Option<Read> {
    let maps = maps(found)?;
    let is_statement = |_: &str, id: &ObjId| {
        let mut keys = reader.document.names(id);
        keys.sort_unstable();
        keys == [STATEMENT_NAMES, STATEMENT_VALUE]
    };
    if !all_are(reader, &maps, is_statement) {
        return None;
    }
    let mut values = Vec::new();
    let mut whole = true;
    for map in maps {
        let statements = read_statements(reader.document, map).unwrap_or_default();
        let open = statements
            .into_iter()
            .filter(|one| one.open && !one.said.is_null());
        for statement in open {
            let value = stored::from_unknown(&statement.said).unwrap_or_else(|| {
                whole = false;
                Value::Text(stored::raw(&statement.said))
            });
            let mut value = reader.attributed(value, true, &statement.operation);
            value.operation = statement.key;
            values.push(value);
        }
    }
    Some((said(settle_by(values, MergeRule::KeepAll, |_| 0)), whole))
}

/// Anything as text a person may look at: `name: value` lines for maps, values for lists.
pub(super) fn raw(reader: &Reader<'_>, found: &Found) -> String {
    let mut text = String::new();
    write(reader, found, DEPTH_MAX, &mut text);
    text
}

fn write(reader: &Reader<'_>, (value, id): &Found, depth: usize, out: &mut String) {
    match value {
        Stored::Scalar(scalar) => out.push_str(&stored::raw(scalar)),
        Stored::Object(ObjType::Text) => out.push_str(&reader.document.text(id)),
        Stored::Object(_) if depth == 0 => out.push('…'),
        Stored::Object(ObjType::List) => {
            for found in reader.document.elements(id).iter().flatten() {
                separate(out);
                write(reader, found, depth - 1, out);
            }
        }
        Stored::Object(_) => {
            for (key, found) in reader.document.keys(id).iter() {
                for found in found {
                    separate(out);
                    out.push_str(key);
                    out.push_str(": ");
                    write(reader, found, depth - 1, out);
                }
            }
        }
    }
}

fn separate(out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::Edit,
        template::Templates,
        testing::{code, exchange, replicas, set, text, values},
    };

    /// Somebody who knows no template at all.
    fn nobody_knows() -> Templates {
        Templates::read(&[]).unwrap()
    }

    #[test]
    fn items_and_statements_of_a_template_not_known_here_are_read_as_what_they_are() {
        let mut all = replicas(
            2,
            "card",
            vec![set("consent_to_cooperation", code("given"))],
        );
        let relation = Uuid::from_u128(5);
        all[0]
            .edit(&[Edit::AddItem {
                field: "contacts".to_owned(),
                item: relation,
                values: vec![("who".to_owned(), text("Mormor"))],
            }])
            .unwrap();
        let reading = all[0].document.reading(&nobody_knows());
        let FieldState::Items(items) = &reading.field("contacts").unwrap().state else {
            panic!("{:?}", reading.field("contacts"));
        };
        assert_eq!(
            (items.len(), items[0].id, items[0].removed),
            (1, relation, false)
        );
        assert_eq!(items[0].value("who"), Some(&text("Mormor")));
        let consent = reading.field("consent_to_cooperation").unwrap();
        assert_eq!(values(consent), [text("given")]);
        assert!(reading.fields.iter().all(|field| field.whole));

        all[0]
            .edit(&[set("consent_to_cooperation", code("withdrawn"))])
            .unwrap();
        all[1]
            .edit(&[set("consent_to_cooperation", code("not_given"))])
            .unwrap();
        exchange(&mut all);
        let reading = all[0].document.reading(&nobody_knows());
        let consent = reading.field("consent_to_cooperation").unwrap();
        assert!(
            consent.needs_choice(),
            "which code withdraws is what the template knows"
        );
        assert_eq!(values(consent), [text("not_given"), text("withdrawn")]);
    }

    #[test]
    fn what_no_value_can_carry_is_marked_as_not_whole() {
        use automerge::{ROOT, ReadDoc as _, transaction::Transactable};
        let mut all = replicas(1, "note", vec![]);
        all[0]
            .document
            .inner
            .set_actor(automerge::ActorId::from([9u8; 24]));
        let mut tx = all[0].document.inner.transaction();
        let (_, fields) = tx.get(ROOT, "fields").unwrap().unwrap();
        tx.put(&fields, "ratio", 0.5).unwrap();
        tx.put(&fields, "picture", vec![1u8, 2]).unwrap();
        tx.put(&fields, "mood", "glad").unwrap();
        tx.put_object(&fields, "nothing", ObjType::List).unwrap();
        let map = tx.put_object(&fields, "toys", ObjType::Map).unwrap();
        tx.put(&map, "bear", 2).unwrap();
        tx.commit();
        let reading = all[0].reading();
        let whole = |name: &str| reading.field(name).unwrap().whole;
        assert_eq!(
            ["ratio", "picture", "mood", "nothing", "toys"].map(whole),
            [false, false, true, true, false]
        );
    }
}
