//! `conflicts`: every field that holds several values at once, and how to choose.

use super::{error::failure, names::Names, reading::Shown, session::Session};
use crate::{args::Lang, exit::Exit, failure::Failure, layout, words::W};
use samspor_client_core::ConflictRow;
use samspor_documents::template::{Field, Templates};
use serde_json::{Value, json};

/// Lists them.
///
/// # Errors
/// The store's.
pub async fn run(session: &Session<'_>) -> Result<Exit, Failure> {
    let rows = session.device.conflicts().await.map_err(failure)?;
    let names = Names::read(session).await?;
    let json: Vec<Value> = rows.iter().map(|row| told(session, row, &names)).collect();
    let text = match rows.len() {
        0 => session.say(W::NO_CONFLICTS),
        _ => rows
            .iter()
            .map(|row| shown(session, row, &names))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    session
        .out
        .result(&json!({"conflicts": json}), &layout::harmless(&text));
    Ok(Exit::Done)
}

/// The field as `choose` takes it.
fn path(row: &ConflictRow) -> String {
    match &row.item {
        Some((item, name)) => format!("{}/{item}/{name}", row.field),
        None => row.field.clone(),
    }
}

const fn title(row: &ConflictRow, lang: Lang) -> &str {
    match lang {
        Lang::Da => row.title_da.as_str(),
        Lang::En => row.title_en.as_str(),
    }
}

fn field_of<'a>(templates: &'a Templates, row: &ConflictRow) -> Option<&'a Field> {
    let field = templates.latest(&row.template)?.field(&row.field)?;
    match &row.item {
        Some((_, name)) => field.item_field(name),
        None => Some(field),
    }
}

fn told(session: &Session<'_>, row: &ConflictRow, names: &Names) -> Value {
    let show = Shown::of_template(session, names, None);
    let field = field_of(&session.templates, row);
    json!({
        "document": row.document,
        "case": row.case,
        "title": title(row, session.out.lang),
        "template": row.template,
        "field": path(row),
        "label": field.map(|field| field.labels.get(session.out.lang.into())),
        "shown": row.shown,
        "values": row.values.iter().map(|value| show.attributed_json(value, field)).collect::<Vec<_>>(),
    })
}

fn shown(session: &Session<'_>, row: &ConflictRow, names: &Names) -> String {
    let show = Shown::of_template(session, names, None);
    let field = field_of(&session.templates, row);
    let label = field.map_or(row.field.as_str(), |field| {
        field.labels.get(session.out.lang.into())
    });
    let mut text = format!("{} · {label}\n", title(row, session.out.lang));
    for value in &row.values {
        text.push_str(&format!("  - {}\n", show.signed(value, field)));
    }
    let (document, path) = (row.document.to_string(), path(row));
    let how = session.out.say(
        W::HOW_TO_CHOOSE,
        &[("document", &document), ("field", &path)],
    );
    text.push_str(&format!("  {how}\n"));
    text
}
