//! `incomplete`: one's own visits that lack something mandatory.

use super::{complete, error::failure, session::Session, timeline};
use crate::{args::visit::IncompleteArgs, exit::Exit, failure::Failure, layout, when, words::W};
use samspor_client_core::IncompleteRow;
use samspor_documents::template::Language;
use serde_json::{Value, json};

/// Lists them, those that happened first before the others.
///
/// # Errors
/// `not_enrolled`, or the store's.
pub async fn run(session: &Session<'_>, args: &IncompleteArgs) -> Result<Exit, Failure> {
    let rows = session.device.incomplete(args.guide.guide()).await;
    let rows = rows.map_err(failure)?;
    let json: Vec<Value> = rows.iter().map(|row| told(session, row)).collect();
    let shown = rows.iter().map(|row| shown(session, row));
    let text = match rows.len() {
        0 => session.say(W::NOTHING_INCOMPLETE),
        _ => shown.collect::<Vec<_>>().join("\n"),
    };
    let json = json!({"reading": args.guide.name(), "incomplete": json});
    session.out.result(&json, &layout::harmless(&text));
    Ok(Exit::Done)
}

fn told(session: &Session<'_>, row: &IncompleteRow) -> Value {
    json!({
        "document": row.entry.document,
        "case": row.case,
        "name": row.citizen,
        "template": row.entry.template,
        "title": row.entry.title(Language::from(session.out.lang)),
        "occurred_at": when::iso(row.entry.occurred_at),
        "state": row.entry.state.code(),
        "complete": complete::code(row.completeness),
        "complete_by": complete::by(row.completeness).map(when::iso_local),
    })
}

fn shown(session: &Session<'_>, row: &IncompleteRow) -> String {
    let lang = session.out.lang;
    let at = when::show(lang, row.entry.occurred_at.at);
    let name = row.citizen.clone().filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| session.say(W::NO_NAME));
    let state = session.say(timeline::state(row.entry.state));
    let title = row.entry.title(Language::from(lang));
    let mut text = format!("{at}  {name}\n  {title}\n  {state}\n");
    if let Some(stands) = complete::said(session, row.completeness) {
        text.push_str(&format!("  ! {stands}\n"));
    }
    text.push_str(&format!("  {}\n", row.entry.document));
    text
}
