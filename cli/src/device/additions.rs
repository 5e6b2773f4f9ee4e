//! `addendum`, `remark`: what is added to a signed entry; and how it stands with the entry where that is read.

use super::{
    drafts, error::failure, names::Names, reading::Shown, session::Session, timeline, write,
};
use crate::{
    args::device::{AdditionArgs, WriteArgs},
    exit::Exit,
    failure::Failure,
    layout,
    words::W,
};
use samspor_client_core::TimelineRow;
use serde_json::{Value, json};

/// Writes an addendum or a remark to an entry; with `--draft` for oneself first.
///
/// # Errors
/// As `write`; `entry_not_signed`, `unknown_document`.
pub async fn add(
    session: &Session<'_>,
    template: &str,
    args: &AdditionArgs,
) -> Result<Exit, Failure> {
    let write = WriteArgs {
        template: template.to_owned(),
        case: None,
        circle: None,
        adds_to: Some(args.entry.clone()),
        content: args.content.clone(),
    };
    match args.draft {
        true => drafts::keep(session, write::new_entry(session, &write).await?).await,
        false => write::write(session, &write).await,
    }
}

/// What is added to an entry, as JSON and as people read it: each whole, the first that was written first.
///
/// # Errors
/// The store's.
pub async fn read(
    session: &Session<'_>,
    names: &Names,
    row: &TimelineRow,
) -> Result<(Vec<Value>, String), Failure> {
    let mut json = Vec::new();
    let mut text = String::new();
    for addition in &row.additions {
        let reading = session.device.read(addition.document).await;
        let reading = reading.map_err(failure)?;
        let show = Shown::new(session, names, &reading);
        let mut told = timeline::told(session, addition, names);
        if let Some(object) = told.as_object_mut() {
            let fields = show.fields_json(&reading.fields);
            object.insert("fields".to_owned(), json!(fields));
        }
        json.push(told);
        let shown = timeline::heading(session, addition, names);
        text.push_str(&indented(&shown));
        let document = addition.document.to_string();
        let beneath = match addition.restriction {
            Some(_) => session
                .out
                .say(W::ADDITION_RESTRICTED, &[("document", &document)]),
            None => format!("{}{document}", show.fields_text(&reading.fields)),
        };
        text.push_str(&indented(&beneath));
    }
    if !row.additions.is_empty() {
        let count = row.additions.len().to_string();
        let head = session.out.say(W::ADDITIONS, &[("count", &count)]);
        text = format!("\n{head}\n{text}");
    }
    Ok((json, layout::harmless(&text)))
}

/// Lines that stand beneath what they belong to.
pub fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
