//! Ways out of the not-delivered box: on as an addendum or a draft, given up, or taken out into a file.

use super::{
    error::failure,
    names::Names,
    not_delivered::{self, refused_id},
    session::{Saved, Session},
};
use crate::{
    args::device::{NotDeliveredDiscardArgs, NotDeliveredWayArgs},
    exit::Exit,
    failure::Failure,
    files,
    words::W,
};
use samspor_client_core::{NotDelivered, RefusedOperation, WayOut};
use samspor_documents::{id::DocumentId, template::Language};
use serde_json::json;

/// Makes a draft of an addendum from what was typed into an entry that was signed first.
///
/// # Errors
/// `unknown_refusal`, `not_that_way_out`; why it could not be delivered.
pub async fn addendum(session: &Session<'_>, args: &NotDeliveredWayArgs) -> Result<Exit, Failure> {
    let id = refused_id(session, &args.id)?;
    let language = Language::from(session.out.lang);
    let draft = session.device.addendum_of_not_delivered(id, language).await;
    drafted(session, W::ADDENDUM_DRAFTED, draft.map_err(failure)?).await
}

/// Makes a draft from what was typed.
///
/// # Errors
/// `unknown_refusal`, `not_that_way_out`, `unknown_case`, `in_conflict`; why it could not be delivered.
pub async fn draft(session: &Session<'_>, args: &NotDeliveredWayArgs) -> Result<Exit, Failure> {
    let id = refused_id(session, &args.id)?;
    let draft = session.device.draft_of_not_delivered(id).await;
    drafted(session, W::DRAFTED_AGAIN, draft.map_err(failure)?).await
}

async fn drafted(session: &Session<'_>, words: W, draft: DocumentId) -> Result<Exit, Failure> {
    let saved = Saved {
        words,
        name: "document",
        id: draft.to_string(),
        changed: true,
        notices: Vec::new(),
    };
    session.deliver().await.finish(session.out, &saved)
}

/// Gives up a signature that was refused (the document stays open), a joining or leaving, a share, or a restriction. What was
/// typed goes only into a file: it is written first.
///
/// # Errors
/// `unknown_refusal`; `holds_writing` where something that was typed lies there, and no file is named; `file_exists`,
/// `file_unwritable`.
pub async fn discard(
    session: &Session<'_>,
    args: &NotDeliveredDiscardArgs,
) -> Result<Exit, Failure> {
    let id = refused_id(session, &args.id)?;
    let rows = session.device.not_delivered().await.map_err(failure)?;
    let row = rows.into_iter().find(|row| row.id == id);
    let row = row.ok_or_else(|| failure(samspor_client_core::DeviceError::UnknownRefusal))?;
    let can_be_given_up = row.ways_out.contains(&WayOut::Discard);
    if args.to.is_none() && !can_be_given_up {
        return Err(Failure::new(
            Exit::Refused,
            "holds_writing",
            W::HOLDS_WRITING,
        ));
    }
    let words = words_of(&row);
    let mut json = json!({"discarded": id.to_string()});
    let mut text = session.say(words);
    if let Some(to) = &args.to {
        let names = Names::read(session).await?;
        let content = not_delivered::told(session, &[row], &names);
        let mut bytes = serde_json::to_vec_pretty(&content).unwrap_or_default();
        bytes.push(b'\n');
        files::save_new(to, &bytes)?;
        let file = to.display().to_string();
        text = session
            .out
            .say(W::EXPORTED, &[("count", "1"), ("file", &file)]);
        if let Some(object) = json.as_object_mut() {
            object.insert("file".to_owned(), json!(file));
        }
    }
    let discarded = session.device.discard_not_delivered(id).await;
    discarded.map_err(failure)?;
    session.out.result(&json, &text);
    Ok(Exit::Done)
}

fn words_of(row: &NotDelivered) -> W {
    match row.operations.first() {
        Some(first) if matches!(first.operation, "share" | "withdraw") => W::SHARE_DISCARDED,
        Some(first) if not_delivered::is_assignment(first) => W::ASSIGNMENT_DISCARDED,
        Some(first) if is_about_participants(first) => W::PARTICIPATION_DISCARDED,
        Some(first) if is_restriction(first) => W::RESTRICTION_DISCARDED,
        _ => W::SIGNATURE_DISCARDED,
    }
}

pub fn is_signature(operation: &RefusedOperation) -> bool {
    operation.operation == "sign"
}

fn is_restriction(operation: &RefusedOperation) -> bool {
    operation.operation == "restrict"
}

fn is_about_participants(operation: &RefusedOperation) -> bool {
    matches!(operation.operation, "join" | "leave")
}

/// What can be done with it, a line each.
pub fn lines(session: &Session<'_>, row: &NotDelivered) -> Vec<String> {
    let id = row.id.to_string();
    let say = |words| session.out.say(words, &[("id", &id)]);
    let mut lines = Vec::new();
    if row.operations.iter().all(is_signature) {
        lines.push(session.out.say(W::SIGN_WAYS_OUT, &[("document", &id)]));
        return lines;
    }
    for way in &row.ways_out {
        lines.push(say(match way {
            WayOut::Retry => W::RETRY_HELPS,
            WayOut::Addendum => W::WAY_ADDENDUM,
            WayOut::Draft => W::WAY_DRAFT,
            WayOut::Discard => W::WAY_DISCARD,
            WayOut::Export => W::WAY_EXPORT,
        }));
    }
    lines
}
