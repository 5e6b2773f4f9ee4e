//! `--from FILE`: one document's fields as JSON or YAML.
//!
//! ```yaml
//! template: home_visit          # may be left out where the command names it
//! case: 0195…                   # or circle: TEAM; the same
//! occurred_at: 2026-11-23T10:30 # the forms of --at
//! fields:
//!   weight: 3450 g              # text, number, true or false; null empties the field
//!   participants:               # a list of items; `id` changes one, `id` and `removed: true` removes it
//!     - {name: Mor, present: ja}
//! parents:                      # of `visit write` only: what is said of each parent, for that parent's own case
//!   - name: Mia                 # a parent on the child's card; or case: 0195…; or relation: custody, where only one is
//!     fields: {seen: Mor er træt}
//! ```

use super::{
    source::{Sources, input},
    typed::{Given, Wanted, item_id},
};
use crate::{failure::Failure, words::W};
use serde_json::{Map, Value};
use std::path::Path;

/// A file, read.
#[derive(Debug, Default)]
pub struct ContentFile {
    /// Its fields, in the file's order.
    pub wanted: Vec<Wanted>,
    /// The template it names.
    pub template: Option<String>,
    /// The case it names.
    pub case: Option<String>,
    /// The circle it names.
    pub circle: Option<String>,
    /// When it happened.
    pub occurred_at: Option<String>,
    /// What is said of parents.
    pub parents: Vec<ParentPart>,
}

/// What a file says of one parent.
#[derive(Debug, Default)]
pub struct ParentPart {
    /// The parent's case.
    pub case: Option<String>,
    /// The parent's name.
    pub name: Option<String>,
    /// How they belong together.
    pub relation: Option<String>,
    /// The fields of the parent's entry.
    pub wanted: Vec<Wanted>,
}

/// Reads a file by its ending; standard input (`-`) is JSON, which YAML reads as well.
///
/// # Errors
/// `file_unreadable` and its kin, `file_syntax`, `file_shape`.
pub fn read(path: &Path, sources: &mut Sources) -> Result<ContentFile, Failure> {
    let text = sources.read(path)?;
    let name = path.display().to_string();
    let json = path.extension().is_none_or(|ending| ending == "json");
    let value: Value = if json {
        serde_json::from_str(&text).map_err(|error| syntax(&name, "JSON", error.line()))?
    } else {
        serde_norway::from_str(&text).map_err(|error| {
            let line = error.location().map_or(1, |place| place.line());
            syntax(&name, "YAML", line)
        })?
    };
    shape(&value).map_err(|field| input("file_shape", W::FILE_SHAPE, &name).with("field", field))
}

fn syntax(file: &str, form: &'static str, line: usize) -> Failure {
    input("file_syntax", W::FILE_SYNTAX, file)
        .with("form", form)
        .with("line", line.to_string())
}

/// The content, or the name of what has another shape.
fn shape(value: &Value) -> Result<ContentFile, String> {
    let top = value.as_object().ok_or("{…}")?;
    let mut read = ContentFile::default();
    for (key, value) in top {
        let text = || value.as_str().map(str::to_owned).ok_or(key.clone());
        match key.as_str() {
            "template" => read.template = Some(text()?),
            "case" => read.case = Some(text()?),
            "circle" => read.circle = Some(text()?),
            "occurred_at" => read.occurred_at = Some(text()?),
            "fields" => read.wanted = fields(value.as_object().ok_or(key.clone())?)?,
            "parents" => read.parents = parents(value).ok_or(key.clone())??,
            _ => return Err(key.clone()),
        }
    }
    Ok(read)
}

fn parents(value: &Value) -> Option<Result<Vec<ParentPart>, String>> {
    let parts = value.as_array()?.iter();
    let objects: Option<Vec<_>> = parts.map(Value::as_object).collect();
    Some(objects?.into_iter().map(parent).collect())
}

fn parent(object: &Map<String, Value>) -> Result<ParentPart, String> {
    let mut part = ParentPart::default();
    for (key, value) in object {
        let text = || value.as_str().map(str::to_owned).ok_or(key.clone());
        match key.as_str() {
            "case" => part.case = Some(text()?),
            "name" => part.name = Some(text()?),
            "relation" => part.relation = Some(text()?),
            "fields" => part.wanted = fields(value.as_object().ok_or(key.clone())?)?,
            _ => return Err(key.clone()),
        }
    }
    Ok(part)
}

fn fields(fields: &Map<String, Value>) -> Result<Vec<Wanted>, String> {
    let mut wanted = Vec::new();
    for (field, value) in fields {
        match value {
            Value::Array(items) => {
                for one in items {
                    wanted.push(item(field, one).ok_or(field.clone())?);
                }
            }
            Value::Null => wanted.push(Wanted::Clear {
                field: field.clone(),
            }),
            scalar => wanted.push(Wanted::Set {
                field: field.clone(),
                value: given(scalar).ok_or(field.clone())?,
            }),
        }
    }
    Ok(wanted)
}

fn item(field: &str, value: &Value) -> Option<Wanted> {
    let object = value.as_object()?;
    let field = field.to_owned();
    let id = match object.get("id") {
        Some(id) => Some(item_id(id.as_str()?).ok()?),
        None => None,
    };
    let removed = match object.get("removed") {
        Some(removed) => removed.as_bool()?,
        None => false,
    };
    let values: Option<Vec<(String, Given)>> = object
        .iter()
        .filter(|(name, _)| *name != "id" && *name != "removed")
        .map(|(name, value)| Some((name.clone(), given(value)?)))
        .collect();
    match (id, removed) {
        (Some(item), true) => Some(Wanted::RemoveItem { field, item }),
        (Some(item), false) => Some(Wanted::SetItem {
            field,
            item,
            values: values?,
        }),
        (None, true) => None,
        (None, false) => Some(Wanted::AddItem {
            field,
            values: values?,
        }),
    }
}

fn given(value: &Value) -> Option<Given> {
    match value {
        Value::String(text) => Some(Given::Typed(text.clone())),
        Value::Number(number) => Some(Given::Number(number.to_string())),
        Value::Bool(yes) => Some(Given::Boolean(*yes)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(name: &str, text: &str) -> Result<ContentFile, Failure> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("writes");
        read(&path, &mut Sources::default())
    }

    #[test]
    fn yaml_and_json_say_the_same() {
        let yaml = "template: home_visit\noccurred_at: 2026-11-23T10:30\nfields:\n  weight: 3450 g\n  count: 2.5\n  \
                    interpreter: false\n  participants:\n    - {name: Mor}\n";
        let json = r#"{"template":"home_visit","occurred_at":"2026-11-23T10:30","fields":
            {"weight":"3450 g","count":2.5,"interpreter":false,"participants":[{"name":"Mor"}]}}"#;
        let (yaml, json) = (
            read_text("a.yaml", yaml).expect("YAML"),
            read_text("a.json", json).expect("JSON"),
        );
        assert_eq!(yaml.wanted.len(), 4);
        for wanted in &yaml.wanted {
            assert!(json.wanted.contains(wanted), "{wanted:?}");
        }
        assert_eq!(yaml.occurred_at, json.occurred_at);
        assert_eq!(yaml.template.as_deref(), Some("home_visit"));
    }

    #[test]
    fn an_item_with_an_id_is_changed_or_removed() {
        let id = "0195b1f0-0000-7000-8000-000000000001";
        let text = format!(
            "fields:\n  p:\n    - {{id: {id}, name: Far}}\n    - {{id: {id}, removed: true}}\n"
        );
        let read = read_text("a.yml", &text).expect("YAML");
        assert!(matches!(
            read.wanted.as_slice(),
            [Wanted::SetItem { .. }, Wanted::RemoveItem { .. }]
        ));
    }

    #[test]
    fn a_file_of_another_form_is_refused_by_name() {
        let rows = [
            ("a.json", "{", "file_syntax"),
            ("a.yaml", "a: [", "file_syntax"),
            ("a.json", "[]", "file_shape"),
            ("a.json", r#"{"felter":{}}"#, "file_shape"),
            ("a.json", r#"{"fields":{"note":{"a":1}}}"#, "file_shape"),
            ("a.json", r#"{"fields":{"p":["Mor"]}}"#, "file_shape"),
            (
                "a.json",
                r#"{"fields":{"p":[{"removed":true}]}}"#,
                "file_shape",
            ),
            ("a.json", r#"{"case":7}"#, "file_shape"),
            ("a.json", r#"{"parents":{}}"#, "file_shape"),
            ("a.json", r#"{"parents":["Mia"]}"#, "file_shape"),
            ("a.json", r#"{"parents":[{"navn":"Mia"}]}"#, "file_shape"),
        ];
        for (name, text, code) in rows {
            let failure = read_text(name, text).expect_err(text);
            assert_eq!(failure.code, code, "{text}");
        }
    }
}
