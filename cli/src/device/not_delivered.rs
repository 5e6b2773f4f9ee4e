//! `not-delivered`: what the server refused. It is listed, tried again where that can help, and exported;
//! nothing here deletes what was typed. A refused signature may be given up, and so may what was asked about who sees a
//! circle or a case.

use super::{error::failure, names::Names, outbox, reading::Shown, session::Session, sync};
use crate::{
    args::device::{NotDeliveredDiscardArgs, NotDeliveredExportArgs, NotDeliveredRetryArgs},
    exit::Exit,
    failure::Failure,
    files, layout, when,
    words::W,
};
use samspor_client_core::{NotDelivered, RefusedOperation};
use samspor_documents::template::Templates;
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
    let names = Names::read(session).await?;
    let text = match rows.len() {
        0 => session.say(W::NOTHING_NOT_DELIVERED),
        _ => rows
            .iter()
            .map(|row| shown(session, row, &names))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    session
        .out
        .result(&told(session, &rows, &names), &layout::harmless(&text));
    Ok(Exit::Done)
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

fn refused_id(session: &Session<'_>, text: &str) -> Result<Uuid, Failure> {
    Uuid::try_parse(text.trim()).map_err(|_| {
        Failure::new(Exit::Input, "bad_id", W::BAD_ID)
            .with("what", session.say(W::ID_REFUSED))
            .with("where", "samspor device not-delivered list")
    })
}

/// Gives up a signature that was refused (the document stays open), a joining or leaving, or a share. What was typed is
/// never thrown away here.
///
/// # Errors
/// `unknown_refusal`; `holds_writing` where something that was typed lies there, too.
pub async fn discard(
    session: &Session<'_>,
    args: &NotDeliveredDiscardArgs,
) -> Result<Exit, Failure> {
    let id = refused_id(session, &args.id)?;
    let rows = session.device.not_delivered().await.map_err(failure)?;
    let row = rows.iter().find(|row| row.id == id);
    let holds_writing = |one: &RefusedOperation| !is_signature(one) && !is_about_access(one);
    if row.is_some_and(|row| row.operations.iter().any(holds_writing)) {
        return Err(Failure::new(
            Exit::Refused,
            "holds_writing",
            W::HOLDS_WRITING,
        ));
    }
    let discarded = session.device.discard_not_delivered(id).await;
    discarded.map_err(failure)?;
    let json = json!({"discarded": id.to_string()});
    let words = match row.and_then(|row| row.operations.first()) {
        Some(first) if matches!(first.operation, "share" | "withdraw") => W::SHARE_DISCARDED,
        Some(first) if is_about_access(first) => W::PARTICIPATION_DISCARDED,
        _ => W::SIGNATURE_DISCARDED,
    };
    session.out.result(&json, &session.say(words));
    Ok(Exit::Done)
}

fn is_signature(operation: &RefusedOperation) -> bool {
    operation.operation == "sign"
}

fn is_about_access(operation: &RefusedOperation) -> bool {
    matches!(operation.operation, "join" | "leave" | "share" | "withdraw")
}

/// Writes it to a new JSON file that only its owner may read; `-` writes to standard output.
///
/// # Errors
/// `file_exists`, `file_unwritable`.
pub async fn export(session: &Session<'_>, args: &NotDeliveredExportArgs) -> Result<Exit, Failure> {
    let rows = session.device.not_delivered().await.map_err(failure)?;
    let names = Names::read(session).await?;
    let content = told(session, &rows, &names);
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
        &[("count", &rows.len().to_string()), ("file", &file)],
    );
    session
        .out
        .result(&json!({"file": file, "exported": rows.len()}), &text);
    Ok(Exit::Done)
}

fn told(session: &Session<'_>, rows: &[NotDelivered], names: &Names) -> Value {
    let one = |row: &NotDelivered| {
        json!({
            "id": row.id.to_string(),
            "space": row.space,
            "document": row.document,
            "reason": row.reason,
            "meaning": meaning(session, row),
            "detail": row.detail,
            "retryable": row.retryable,
            "operations": row.operations.iter().map(|operation| operation_told(session, operation, names)).collect::<Vec<_>>(),
        })
    };
    json!({"not_delivered": rows.iter().map(one).collect::<Vec<_>>()})
}

fn operation_told(session: &Session<'_>, operation: &RefusedOperation, names: &Names) -> Value {
    let written = &operation.written;
    let show = Shown::of_template(
        session,
        names,
        Templates::built_in().latest(&written.template),
    );
    json!({
        "number": operation.number,
        "operation": operation.operation,
        "reason": operation.reason,
        "written_at": when::iso_local(operation.written_at),
        "title": outbox::title(written, session.out.lang),
        "template": written.template,
        "occurred_at": written.occurred_at.map(when::iso),
        "fields": show.fields_json(&written.fields),
    })
}

fn shown(session: &Session<'_>, row: &NotDelivered, names: &Names) -> String {
    let lang = session.out.lang;
    let mut text = format!("{}\n  {}\n", row.id, meaning(session, row));
    if row.retryable {
        text.push_str(&format!("  {}\n", session.say(W::RETRY_HELPS)));
    } else if row.operations.iter().all(is_signature) {
        let id = row.id.to_string();
        let ways_out = session.out.say(W::SIGN_WAYS_OUT, &[("document", &id)]);
        text.push_str(&format!("  {ways_out}\n"));
    }
    for operation in &row.operations {
        let written = &operation.written;
        let what = outbox::what(session, operation.operation, written);
        text.push_str(&format!(
            "  {}  {what}\n",
            when::show(lang, operation.written_at)
        ));
        let show = Shown::of_template(
            session,
            names,
            Templates::built_in().latest(&written.template),
        );
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
        Reason::Closed => W::REASON_CLOSED,
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
