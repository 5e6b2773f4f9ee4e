//! The syntax of `--set`, `--text`, `--add-item`, `--set-item` and `--remove-item`.
//!
//! `FIELD=VALUE`; `FIELD:NAME=VALUE;NAME=VALUE`; `FIELD/ITEM:NAME=VALUE;…`; `FIELD/ITEM`. In an item's value
//! `\;` is a semicolon and `\\` a backslash. A value of `@FILE` is the file's text, `@-` standard input's;
//! `@@` at its beginning is one `@`.

use super::source::Sources;
use crate::{exit::Exit, failure::Failure, words::W};
use std::path::Path;
use uuid::Uuid;

/// A value as it was given: by a person in their language, or by a file's own number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// Typed text.
    Typed(String),
    /// A number of JSON or YAML: a point is a decimal point, whatever the language.
    Number(String),
    /// JSON's or YAML's true and false.
    Boolean(bool),
}

/// One thing to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A field's value; for prose, the whole text.
    Set { field: String, value: Given },
    /// Empties a field.
    Clear { field: String },
    /// Prose only.
    Text { field: String, text: String },
    /// A new item.
    AddItem {
        field: String,
        values: Vec<(String, Given)>,
    },
    /// Values of an item.
    SetItem {
        field: String,
        item: Uuid,
        values: Vec<(String, Given)>,
    },
    /// Marks an item removed.
    RemoveItem { field: String, item: Uuid },
}

fn bad(option: &'static str, form: &'static str) -> Failure {
    Failure::new(Exit::Input, "bad_pair", W::BAD_PAIR)
        .with("option", option)
        .with("form", form)
}

fn pair<'a>(text: &'a str, option: &'static str) -> Result<(&'a str, &'a str), Failure> {
    let (field, value) = text
        .split_once('=')
        .ok_or_else(|| bad(option, "FIELD=VALUE"))?;
    let field = field.trim();
    if field.is_empty() {
        return Err(bad(option, "FIELD=VALUE"));
    }
    Ok((field, value))
}

fn from_source(value: &str, sources: &mut Sources) -> Result<String, Failure> {
    match value.strip_prefix('@') {
        Some(rest) if rest.starts_with('@') => Ok(rest.to_owned()),
        Some(path) => {
            let text = sources.read(Path::new(path))?;
            Ok(text.strip_suffix('\n').map_or(text.clone(), str::to_owned))
        }
        None => Ok(value.to_owned()),
    }
}

/// `--set FIELD=VALUE`.
///
/// # Errors
/// `bad_pair`, and what reading a file may bring.
pub fn set(text: &str, sources: &mut Sources) -> Result<Wanted, Failure> {
    let (field, value) = pair(text, "--set")?;
    Ok(Wanted::Set {
        field: field.to_owned(),
        value: Given::Typed(from_source(value, sources)?),
    })
}

/// `--text FIELD=TEXT`.
///
/// # Errors
/// `bad_pair`, and what reading a file may bring.
pub fn text(text: &str, sources: &mut Sources) -> Result<Wanted, Failure> {
    let (field, value) = pair(text, "--text")?;
    Ok(Wanted::Text {
        field: field.to_owned(),
        text: from_source(value, sources)?,
    })
}

/// `--add-item FIELD:NAME=VALUE;NAME=VALUE`.
///
/// # Errors
/// `bad_pair`.
pub fn add_item(text: &str) -> Result<Wanted, Failure> {
    const FORM: &str = "FIELD:NAME=VALUE;NAME=VALUE";
    let (field, values) = text
        .split_once(':')
        .ok_or_else(|| bad("--add-item", FORM))?;
    Ok(Wanted::AddItem {
        field: named(field).ok_or_else(|| bad("--add-item", FORM))?,
        values: item_values(values).ok_or_else(|| bad("--add-item", FORM))?,
    })
}

/// `--set-item FIELD/ITEM:NAME=VALUE;NAME=VALUE`.
///
/// # Errors
/// `bad_pair`, `bad_id`.
pub fn set_item(text: &str) -> Result<Wanted, Failure> {
    const FORM: &str = "FIELD/ITEM:NAME=VALUE;NAME=VALUE";
    let wrong = || bad("--set-item", FORM);
    let (place, values) = text.split_once(':').ok_or_else(wrong)?;
    let (field, item) = place.split_once('/').ok_or_else(wrong)?;
    Ok(Wanted::SetItem {
        field: named(field).ok_or_else(wrong)?,
        item: item_id(item)?,
        values: item_values(values).ok_or_else(wrong)?,
    })
}

/// `--remove-item FIELD/ITEM`.
///
/// # Errors
/// `bad_pair`, `bad_id`.
pub fn remove_item(text: &str) -> Result<Wanted, Failure> {
    let wrong = || bad("--remove-item", "FIELD/ITEM");
    let (field, item) = text.split_once('/').ok_or_else(wrong)?;
    Ok(Wanted::RemoveItem {
        field: named(field).ok_or_else(wrong)?,
        item: item_id(item)?,
    })
}

fn named(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An item's id.
///
/// # Errors
/// `bad_id`.
pub fn item_id(text: &str) -> Result<Uuid, Failure> {
    Uuid::try_parse(text.trim()).map_err(|_| Failure::new(Exit::Input, "bad_id", W::BAD_ITEM_ID))
}

fn item_values(text: &str) -> Option<Vec<(String, Given)>> {
    let parts = split_unescaped(text);
    let values: Option<Vec<(String, Given)>> = parts
        .iter()
        .filter(|part| !part.trim().is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((named(name)?, Given::Typed(value.trim().to_owned())))
        })
        .collect();
    values.filter(|values| !values.is_empty())
}

fn split_unescaped(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = (letter == '\\').then(|| letters.next_if(|next| matches!(next, ';' | '\\')));
        match (letter, escaped.flatten()) {
            (';', _) => parts.push(String::new()),
            (_, Some(kept)) => push(&mut parts, kept),
            (plain, None) => push(&mut parts, plain),
        }
    }
    parts
}

fn push(parts: &mut [String], letter: char) {
    if let Some(last) = parts.last_mut() {
        last.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Given {
        Given::Typed(text.to_owned())
    }

    const ITEM: &str = "0195b1f0-0000-7000-8000-000000000001";

    #[test]
    fn a_value_keeps_everything_after_the_first_equals_sign() {
        let read = set("note=a=b", &mut Sources::default()).expect("a pair");
        let expected = Wanted::Set {
            field: "note".to_owned(),
            value: typed("a=b"),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn items_take_several_values_and_escaped_semicolons() {
        let read = add_item(r"participants: name = Mor\; og far ;present=ja; path=c:\\x")
            .expect("an item");
        let values = [
            ("name", "Mor; og far"),
            ("present", "ja"),
            ("path", r"c:\x"),
        ];
        let expected = Wanted::AddItem {
            field: "participants".to_owned(),
            values: values
                .map(|(name, value)| (name.to_owned(), typed(value)))
                .to_vec(),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn an_item_is_named_by_field_and_id() {
        let item = Uuid::try_parse(ITEM).expect("an id");
        let removed = remove_item(&format!("participants/{ITEM}")).expect("an item");
        let field = "participants".to_owned();
        assert_eq!(
            removed,
            Wanted::RemoveItem {
                field: field.clone(),
                item
            }
        );
        let set = set_item(&format!("participants/{ITEM}:present=nej")).expect("an item");
        let values = vec![("present".to_owned(), typed("nej"))];
        assert_eq!(
            set,
            Wanted::SetItem {
                field,
                item,
                values
            }
        );
    }

    #[test]
    fn what_is_not_of_its_form_is_refused_with_the_form() {
        let sources = &mut Sources::default();
        let rows = [
            ("no equals sign", set("note", sources).err()),
            ("no field", set("=x", sources).err()),
            ("no field for text", text(" =x", sources).err()),
            ("no colon", add_item("participants").err()),
            ("no values", add_item("participants:").err()),
            ("value without name", add_item("participants:=x").err()),
            ("no slash", remove_item("participants").err()),
            ("not an id", remove_item("participants/1").err()),
            (
                "no values to set",
                set_item(&format!("participants/{ITEM}:")).err(),
            ),
        ];
        for (name, failure) in rows {
            assert_eq!(
                failure.map(|failure| failure.exit),
                Some(Exit::Input),
                "{name}"
            );
        }
    }

    #[test]
    fn an_at_sign_reads_a_file_and_two_stand_for_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("note.txt");
        std::fs::write(&path, "\u{feff}Første linje\r\nanden\n").expect("writes");
        let sources = &mut Sources::default();
        let read = text(&format!("note=@{}", path.display()), sources).expect("a text");
        let field = "note".to_owned();
        let expected = Wanted::Text {
            field: field.clone(),
            text: "Første linje\nanden".to_owned(),
        };
        assert_eq!(read, expected);
        let kept = set("note=@@home", sources).expect("a value");
        assert_eq!(
            kept,
            Wanted::Set {
                field,
                value: typed("@home")
            }
        );
        let absent = set("note=@/nowhere/at/all", sources).expect_err("absent");
        assert_eq!(absent.code, "file_unreadable");
    }
}
