//! What carries over from last time: `--from-last` and `--unchanged`.

use super::{
    error::failure,
    session::{Saved, Session},
    write::NewEntry,
};
use crate::{content::resolve, exit::Exit, failure::Failure, when, words::W};
use samspor_documents::{
    id::DocumentId,
    template::{Language, Template},
};
use serde_json::{Map, Value, json};

/// What is told of it: beside the draft, in words and as JSON.
pub struct Told {
    pub lines: Vec<String>,
    pub json: Map<String, Value>,
}

/// Writes a draft that begins with what carries over.
///
/// # Errors
/// As `draft`.
pub async fn draft(session: &Session<'_>, new: NewEntry) -> Result<Exit, Failure> {
    let begun = session
        .device
        .begin_from_last(new.subject, &new.template, new.edits, new.occurred)
        .await
        .map_err(failure)?;
    let told = of(session, begun.draft).await?;
    let saved = Saved {
        words: W::DRAFTED,
        name: "document",
        id: begun.draft.to_string(),
        changed: true,
        notices: new.notices,
    };
    let delivery = session.deliver().await;
    delivery.finish_with(session.out, &saved, told.json, told.lines)
}

/// What the last entry hands on to a draft.
///
/// # Errors
/// As `read`.
pub async fn of(session: &Session<'_>, draft: DocumentId) -> Result<Told, Failure> {
    let from = session.device.from_last(draft).await.map_err(failure)?;
    let reading = session.device.read(draft).await.map_err(failure)?;
    let template = reading.template(&session.templates);
    let (lang, language) = (session.out.lang, Language::from(session.out.lang));
    let label = |name: &str| {
        let field = template.and_then(|template| template.field(name));
        field.map_or_else(
            || name.to_owned(),
            |field| field.labels.get(language).to_owned(),
        )
    };
    let mut lines = Vec::new();
    match from.last {
        None => lines.push(session.say(W::FROM_LAST_NOTHING)),
        Some((_, occurred)) => {
            let fields: Vec<String> = from.carried.iter().map(|name| label(name)).collect();
            let (at, fields) = (when::show(lang, occurred.at), fields.join(", "));
            let places = [("at", at.as_str()), ("fields", fields.as_str())];
            lines.push(session.out.say(W::FROM_LAST, &places));
        }
    }
    let display = |name: &str, value: &samspor_documents::value::Value| {
        let field = template.and_then(|template| template.field(name));
        field.map(|field| value.display(field, language))
    };
    if !from.unchanged.is_empty() {
        let one = |one: &samspor_documents::visit::from_last::Unchanged| {
            let value = display(&one.field, &one.value).unwrap_or_default();
            format!("{}: {value}", label(&one.field))
        };
        let fields: Vec<String> = from.unchanged.iter().map(one).collect();
        let (fields, id) = (fields.join("; "), draft.to_string());
        let places = [("fields", fields.as_str()), ("id", id.as_str())];
        lines.push(session.out.say(W::UNCHANGED_OFFERED, &places));
    }
    let unchanged: Vec<Value> = from
        .unchanged
        .iter()
        .map(|one| {
            json!({
                "name": one.field,
                "value": one.value,
                "display": display(&one.field, &one.value),
            })
        })
        .collect();
    let last = from.last.map(
        |(document, occurred)| json!({"document": document, "occurred_at": when::iso(occurred)}),
    );
    let mut json = Map::new();
    json.insert("last".to_owned(), json!(last));
    json.insert("carried".to_owned(), json!(from.carried));
    json.insert("unchanged".to_owned(), json!(unchanged));
    Ok(Told { lines, json })
}

/// Says of fields of a draft that they are as last time; `false` when nothing was to be said.
///
/// # Errors
/// `unknown_field`; as `edit`.
pub async fn say_unchanged(
    session: &Session<'_>,
    draft: DocumentId,
    names: &[String],
    template: &Template,
) -> Result<bool, Failure> {
    if names.is_empty() {
        return Ok(false);
    }
    let all = names
        .iter()
        .any(|name| ["alt", "all"].contains(&name.as_str()));
    if !all {
        for name in names {
            resolve::find(template, name)?;
        }
    }
    let fields = (!all).then_some(names);
    let said = session.device.say_unchanged(draft, fields).await;
    Ok(!said.map_err(failure)?.is_empty())
}
