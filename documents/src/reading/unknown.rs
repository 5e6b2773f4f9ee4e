//! What a template does not know, from a newer one or from elsewhere: read as `keep_all`, marked by having no labels.

use super::{
    FieldReading, FieldState,
    collect::{Found, Reader, settle_by},
};
use crate::{
    document::values_at,
    template::MergeRule,
    value::{Value, stored},
};
use automerge::{ObjId, ObjType, ReadDoc, Value as Stored};

/// Containers inside containers are read this deep.
const DEPTH_MAX: usize = 8;

/// A field no template here knows.
pub(super) fn field(reader: &Reader<'_>, home: &ObjId, name: &str) -> FieldReading {
    let found = reader.values(home, name);
    let state = match found.as_slice() {
        [(Stored::Object(ObjType::Text), id)] => reader.text(id),
        found => {
            let values = found.iter().filter_map(|one| match one {
                (Stored::Scalar(scalar), _) if scalar.is_null() => None,
                (Stored::Scalar(scalar), id) => {
                    let value = stored::from_unknown(scalar)
                        .unwrap_or_else(|| Value::Text(stored::raw(scalar)));
                    Some(reader.attributed(value, true, id))
                }
                (Stored::Object(_), id) => {
                    Some(reader.attributed(Value::Text(raw(reader, one)), true, id))
                }
            });
            settle_by(values.collect(), MergeRule::KeepAll, |_| 0)
        }
    };
    let state = match state {
        FieldState::One(value) if value.value == Value::Text(String::new()) => FieldState::Empty,
        state => state,
    };
    FieldReading {
        name: name.to_owned(),
        labels: None,
        merge: MergeRule::KeepAll,
        state,
    }
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
        Stored::Object(ObjType::Text) => {
            out.push_str(&reader.document.text(id).unwrap_or_default())
        }
        Stored::Object(_) if depth == 0 => out.push('…'),
        Stored::Object(ObjType::List) => {
            for index in 0..reader.document.length(id) {
                for found in reader.document.get_all(id, index).unwrap_or_default() {
                    separate(out);
                    write(reader, &(found.0.into_owned(), found.1), depth - 1, out);
                }
            }
        }
        Stored::Object(_) => {
            for key in reader.document.keys(id) {
                for found in values_at(reader.document, id, &key).unwrap_or_default() {
                    separate(out);
                    out.push_str(&key);
                    out.push_str(": ");
                    write(reader, &found, depth - 1, out);
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
