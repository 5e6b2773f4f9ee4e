//! `not-delivered`: what the server refused, and what came damaged. It is listed, tried again where that can help, and
//! exported; nothing here deletes what was typed. The other ways out stand in `ways_out`.

use super::{
    error::failure, names::Names, outbox, reading::Shown, session::Session, sync, ways_out,
    ways_out::is_signature,
};
use crate::{
    args::device::{NotDeliveredExportArgs, NotDeliveredRetryArgs},
    exit::Exit,
    failure::Failure,
    files, layout, when,
    words::W,
};
use samspor_client_core::{NotDelivered, RefusedOperation, SetAsideDocument};
use samspor_protocol::reason::Reason;
use serde_json::{Value, json};
use std::path::Path;
use uuid::Uuid;

/// Lists it, with everything that was written.
///
/// # Errors
/// The store's.
pub async fn list(session: &Session<'_>) -> Result<Exit, Failure> {
    let rows = session.device.not_delivered().await.map_err(failure)?;
    let aside = session.device.set_aside().await.map_err(failure)?;
    let names = Names::read(session).await?;
    let mut parts: Vec<String> = rows.iter().map(|row| shown(session, row, &names)).collect();
    parts.extend(aside.iter().map(|one| aside_shown(session, one)));
    let text = match parts.len() {
        0 => session.say(W::NOTHING_NOT_DELIVERED),
        _ => parts.join("\n"),
    };
    let mut json = told(session, &rows, &names);
    let aside: Vec<Value> = aside.iter().map(aside_told).collect();
    insert(&mut json, "set_aside", json!(aside));
    session.out.result(&json, &layout::harmless(&text));
    Ok(Exit::Done)
}

fn insert(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

/// A document that came damaged.
fn aside_told(one: &SetAsideDocument) -> Value {
    json!({"document": one.document, "space": one.space, "detail": one.detail})
}

fn aside_shown(session: &Session<'_>, one: &SetAsideDocument) -> String {
    format!("{}\n  {}\n", one.document, session.say(W::ASIDE_MEANING))
}

/// Queues it again, one or all that trying again can help, and sends it unless `--offline`.
///
/// # Errors
/// `unknown_refusal`, `not_retryable`; what a sync may bring.
pub async fn retry(session: &Session<'_>, args: &NotDeliveredRetryArgs) -> Result<Exit, Failure> {
    let wanted: Vec<Uuid> = match &args.id {
        Some(text) => vec![refused_id(session, text)?],
        None => {
            let rows = session.device.not_delivered().await.map_err(failure)?;
            rows.iter()
                .filter(|row| row.retryable)
                .map(|row| row.id)
                .collect()
        }
    };
    for id in &wanted {
        session
            .device
            .retry_not_delivered(*id)
            .await
            .map_err(failure)?;
    }
    let count = wanted.len().to_string();
    let delivery = session.deliver().await;
    let text = session.out.say(W::RETRIED, &[("count", &count)]);
    session.out.result(&json!({"retried": wanted.iter().map(Uuid::to_string).collect::<Vec<_>>(), "delivery": delivery.state()}), &text);
    delivery.end()?;
    if session.offline {
        return Ok(Exit::Done);
    }
    sync::left_behind(session).await
}

/// The name of an entry of the box.
///
/// # Errors
/// `bad_id`.
pub fn refused_id(session: &Session<'_>, text: &str) -> Result<Uuid, Failure> {
    Uuid::try_parse(text.trim()).map_err(|_| {
        Failure::new(Exit::Input, "bad_id", W::BAD_ID)
            .with("what", session.say(W::ID_REFUSED))
            .with("where", "samspor device not-delivered list")
    })
}

/// Writes it to a new JSON file that only its owner may read; `-` writes to standard output.
///
/// # Errors
/// `file_exists`, `file_unwritable`.
pub async fn export(session: &Session<'_>, args: &NotDeliveredExportArgs) -> Result<Exit, Failure> {
    let rows = session.device.not_delivered().await.map_err(failure)?;
    let names = Names::read(session).await?;
    let mut content = told(session, &rows, &names);
    let aside = aside_whole(session).await?;
    let exported = rows.len() + aside.len();
    insert(&mut content, "set_aside", json!(aside));
    if args.file == Path::new("-") {
        session.out.text(&content.to_string());
        return Ok(Exit::Done);
    }
    let file = args.file.display().to_string();
    let mut bytes = serde_json::to_vec_pretty(&content).unwrap_or_default();
    bytes.push(b'\n');
    files::save_new(&args.file, &bytes)?;
    let text = session.out.say(
        W::EXPORTED,
        &[("count", &exported.to_string()), ("file", &file)],
    );
    session
        .out
        .result(&json!({"file": file, "exported": exported}), &text);
    Ok(Exit::Done)
}

/// Documents that came damaged, with their bytes as they are kept.
async fn aside_whole(session: &Session<'_>) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    for one in session.device.set_aside().await.map_err(failure)? {
        let bytes = session.device.export_bytes(one.document).await;
        let bytes = bytes.map_err(failure)?;
        let bytes: Vec<String> = bytes.iter().map(|piece| layout::hex(piece)).collect();
        let mut told = aside_told(&one);
        insert(&mut told, "bytes", json!(bytes));
        all.push(told);
    }
    Ok(all)
}

/// Entries of the box as JSON, with everything that was written.
pub fn told(session: &Session<'_>, rows: &[NotDelivered], names: &Names) -> Value {
    let one = |row: &NotDelivered| {
        json!({
            "id": row.id.to_string(),
            "space": row.space,
            "document": row.document,
            "reason": row.reason,
            "meaning": meaning(session, row),
            "detail": row.detail,
            "retryable": row.retryable,
            "ways_out": row.ways_out.iter().map(|way| way.code()).collect::<Vec<_>>(),
            "operations": row.operations.iter().map(|operation| operation_told(session, operation, names)).collect::<Vec<_>>(),
        })
    };
    json!({"not_delivered": rows.iter().map(one).collect::<Vec<_>>()})
}

fn operation_told(session: &Session<'_>, operation: &RefusedOperation, names: &Names) -> Value {
    let written = &operation.written;
    let show = Shown::of_template(session, names, session.templates.latest(&written.template));
    json!({
        "number": operation.number,
        "operation": operation.operation,
        "reason": operation.reason,
        "written_at": when::iso_local(operation.written_at),
        "title": outbox::title(written, session.out.lang),
        "template": written.template,
        "occurred_at": written.occurred_at.map(when::iso),
        "fields": show.fields_json(&written.fields),
        "restriction": written.restriction.as_ref().map(|said| json!({"restricted": said.restricted, "ground": said.ground})),
    })
}

fn shown(session: &Session<'_>, row: &NotDelivered, names: &Names) -> String {
    let lang = session.out.lang;
    let mut text = format!("{}\n  {}\n", row.id, meaning(session, row));
    for line in ways_out::lines(session, row) {
        text.push_str(&format!("  {line}\n"));
    }
    for operation in &row.operations {
        let written = &operation.written;
        let what = outbox::what(session, operation.operation, written);
        text.push_str(&format!(
            "  {}  {what}\n",
            when::show(lang, operation.written_at)
        ));
        let show = Shown::of_template(session, names, session.templates.latest(&written.template));
        if let Some(said) = &written.restriction {
            let ground = session.out.say(W::SAID_GROUND, &[("ground", &said.ground)]);
            text.push_str(&format!("    {ground}\n"));
        }
        for line in show.fields_text(&written.fields).lines() {
            text.push_str(&format!("    {line}\n"));
        }
    }
    text
}

/// Why the first of it was refused, in words.
fn meaning(session: &Session<'_>, row: &NotDelivered) -> String {
    let reason = Reason::of_code(&row.reason);
    let words = match row.operations.first() {
        Some(first) if is_signature(first) => of_signature(&reason),
        Some(first) if first.operation == "close_circle" => of_closing(&reason),
        Some(first) if is_assignment(first) && reason == Reason::NoAccess => {
            W::ASSIGNMENT_NO_ACCESS
        }
        _ => words(&reason),
    };
    session.out.say(words, &[("code", &row.reason)])
}

/// Why a signature was refused, where that is something else than for what was typed.
const fn of_signature(reason: &Reason) -> W {
    match reason {
        Reason::UnseenChanges | Reason::MissingDeps => W::SIGN_UNSEEN_CHANGES,
        Reason::TextDiffers => W::SIGN_TEXT_DIFFERS,
        Reason::Signed => W::SIGN_SIGNED_BEFORE,
        Reason::NotSigned => W::SIGN_ENTRY_NOT_SIGNED,
        other => words(other),
    }
}

/// Why a closing was refused, where that is something else than for what was typed.
const fn of_closing(reason: &Reason) -> W {
    match reason {
        Reason::Closed => W::CLOSING_CLOSED_BEFORE,
        Reason::NoAccess => W::CLOSING_NO_ACCESS,
        other => words(other),
    }
}

/// A reason in words; one of a newer server by its code.
const fn words(reason: &Reason) -> W {
    match reason {
        Reason::NoAccess => W::REASON_NO_ACCESS,
        Reason::Signed => W::REASON_SIGNED,
        Reason::NotSigned => W::REASON_NOT_SIGNED,
        Reason::Closed => W::REASON_CLOSED,
        Reason::LastAssigned => W::REASON_LAST_ASSIGNED,
        Reason::Restricted => W::REASON_RESTRICTED,
        Reason::Superseded => W::REASON_SUPERSEDED,
        Reason::UnseenChanges => W::REASON_UNSEEN_CHANGES,
        Reason::TextDiffers => W::REASON_TEXT_DIFFERS,
        Reason::MissingDeps => W::REASON_MISSING_DEPS,
        Reason::ActorConflict => W::REASON_ACTOR_CONFLICT,
        Reason::TooLarge | Reason::TooManyOperations => W::REASON_TOO_LARGE,
        Reason::Expunged => W::REASON_EXPUNGED,
        Reason::Malformed | Reason::SetAside => W::REASON_UNREADABLE,
        Reason::EarlierRefused => W::REASON_EARLIER_REFUSED,
        Reason::Unsupported => W::REASON_UNSUPPORTED,
        Reason::Rate | Reason::Unavailable => W::REASON_LATER,
        Reason::Other(_) => W::REASON_OTHER,
    }
}

/// Whether it is about to whom a case is assigned.
pub fn is_assignment(operation: &RefusedOperation) -> bool {
    matches!(operation.operation, "assign" | "unassign")
}
