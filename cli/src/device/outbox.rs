//! `outbox`: what waits to be sent, in order.

use super::{error::failure, session::Session};
use crate::{args::Lang, exit::Exit, failure::Failure, layout, when, words::W};
use samspor_client_core::{OutboxRow, Written};
use serde_json::{Value, json};

/// Lists it.
///
/// # Errors
/// The store's.
pub async fn run(session: &Session<'_>) -> Result<Exit, Failure> {
    let rows = session.device.outbox().await.map_err(failure)?;
    let lang = session.out.lang;
    let json: Vec<Value> = rows.iter().map(|row| told(row, lang)).collect();
    let head = [W::LABEL_QUEUED, W::LABEL_WHAT, W::LABEL_DOCUMENT].map(|words| session.say(words));
    let mut table = vec![head.to_vec()];
    table.extend(rows.iter().map(|row| line(session, row)));
    let text = match rows.len() {
        0 => session.say(W::NOTHING_WAITS),
        _ => layout::table(&table),
    };
    session
        .out
        .result(&json!({"waiting": json}), &layout::harmless(&text));
    Ok(Exit::Done)
}

fn told(row: &OutboxRow, lang: Lang) -> Value {
    json!({
        "number": row.number,
        "operation": row.operation,
        "space": row.space,
        "document": row.document,
        "title": title(&row.written, lang),
        "bytes": row.bytes,
        "queued_at": when::iso_local(row.queued_at),
    })
}

fn line(session: &Session<'_>, row: &OutboxRow) -> Vec<String> {
    let lang = session.out.lang;
    let what = what(session, row.operation, &row.written);
    let place = row
        .document
        .map_or_else(|| row.space.to_string(), |document| document.to_string());
    vec![
        when::show(lang, row.queued_at),
        layout::shortened(&what, 48),
        place,
    ]
}

/// What an operation does, in words.
pub fn what(session: &Session<'_>, operation: &str, written: &Written) -> String {
    let title = title(written, session.out.lang);
    match operation {
        "open_case" => session.say(W::OPENS_CASE),
        "open_circle" => session.out.say(W::OPENS_CIRCLE, &[("title", title)]),
        "join" => session.out.say(W::JOINS_CIRCLE, &[("title", title)]),
        "leave" => session.out.say(W::LEAVES_CIRCLE, &[("title", title)]),
        "restrict" => {
            let lifts = written.restriction.as_ref();
            let words = match lifts.is_some_and(|said| !said.restricted) {
                true => W::LIFTS_RESTRICTION,
                false => W::RESTRICTS,
            };
            session.out.say(words, &[("title", title)])
        }
        "share" => session.out.say(W::SHARES_CASE, &[("title", title)]),
        "disclose" => session.out.say(W::DISCLOSES, &[("title", title)]),
        "withdraw" => session.out.say(W::WITHDRAWS_SHARE, &[("title", title)]),
        "assign" => session.out.say(W::ASSIGNS_CASE, &[("title", title)]),
        "unassign" => session.out.say(W::UNASSIGNS_CASE, &[("title", title)]),
        "close_circle" => session.out.say(W::CLOSES_CIRCLE, &[("title", title)]),
        "sign" => session.out.say(W::SIGNS, &[("title", title)]),
        _ => title.to_owned(),
    }
}

/// What was written, by its heading.
pub fn title(written: &Written, lang: Lang) -> &str {
    match lang {
        Lang::Da => &written.title_da,
        Lang::En => &written.title_en,
    }
}
