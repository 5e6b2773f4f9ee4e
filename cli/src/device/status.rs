//! `status`: whose device this is, how far it is, what waits.

use super::{
    error::{failure, handed_over, sync_failure},
    session::Session,
};
use crate::{args::Lang, exit::Exit, failure::Failure, layout, output::Output, when, words::W};
use samspor_client_core::{HandedOver, Identity, Locked, Status};
use samspor_documents::time::UnixMillis;
use serde_json::{Value, json};

/// Prints how the device stands.
///
/// # Errors
/// The store's; `not_enrolled`.
pub async fn run(session: &Session<'_>) -> Result<Exit, Failure> {
    let status = session.device.status().await.map_err(failure)?;
    let identity = session.device.identity().await.map_err(failure)?;
    let identity =
        identity.ok_or_else(|| Failure::new(Exit::Identity, "not_enrolled", W::NOT_ENROLLED))?;
    session.out.result(
        &told(session.out.lang, &status, &identity),
        &shown(session, &status, &identity),
    );
    Ok(Exit::Done)
}

/// Prints what became of a revoked device, of which nothing else is left.
pub fn erased(what: &HandedOver, out: &Output) -> Exit {
    let json = json!({
        "device": what.device,
        "locked": "handed_over",
        "handed_over": what.items,
        "handed_over_at": when::iso_local(what.at),
    });
    out.result(&json, &handed_over(what.items).message(out.lang));
    Exit::Done
}

/// Why a sync failed, by its code.
fn why(code: &str) -> W {
    match code {
        "server" => W::FAILED_SERVER,
        code => sync_failure(code).unwrap_or(W::FAILED_OTHERWISE),
    }
}

/// What waits: how much, and since when.
fn waits(session: &Session<'_>, status: &Status) -> String {
    let lang = session.out.lang;
    let Some(oldest) = status.oldest_written else {
        return session.say(W::NOTHING);
    };
    let places = [
        ("count", status.waiting.to_string()),
        ("bytes", layout::bytes(lang, status.waiting_bytes)),
        ("at", when::show(lang, oldest)),
    ];
    let places = places
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    session.out.say(W::WAITS, &places)
}

fn told(lang: Lang, status: &Status, identity: &Identity) -> Value {
    let at = |at: Option<UnixMillis>| at.map(when::iso_local);
    json!({
        "device": identity.device,
        "practitioner": {"id": identity.practitioner, "name": identity.practitioner_name},
        "organisation": {"id": identity.organisation, "name": identity.organisation_name},
        "server": identity.server,
        "organisation_key": layout::hex(&identity.organisation_key),
        "last_attempt": at(status.last_attempt),
        "last_success": at(status.last_success),
        "last_error": status.last_error,
        "last_failure": status.last_failure.as_ref().map(|failure| json!({
            "code": failure.code,
            "message": why(&failure.code).text(lang),
            "at": when::iso_local(failure.at),
        })),
        "in_sync": status.in_sync,
        "waiting": status.waiting,
        "waiting_bytes": status.waiting_bytes,
        "oldest_waiting": at(status.oldest_waiting),
        "oldest_written": at(status.oldest_written),
        "signatures_waiting": status.signatures_waiting,
        "not_delivered": status.not_delivered,
        "set_aside": status.set_aside,
        "documents": status.documents,
        "to_index": status.to_index,
        "held": status.held,
        "visible": status.visible,
        "repairs": status.repairs,
        "clock_offset_millis": status.clock_offset,
        "locked": status.lock.locked.map(Locked::code),
        "lease_ends_at": at(status.lock.lease_ends_at),
    })
}

fn shown(session: &Session<'_>, status: &Status, identity: &Identity) -> String {
    let lang = session.out.lang;
    let at = |at: Option<UnixMillis>| {
        at.map_or_else(|| session.say(W::NEVER), |at| when::show(lang, at))
    };
    let in_sync = match status.in_sync {
        Some(true) => session.say(W::YES),
        Some(false) => session.say(W::NO),
        None => session.say(W::NOT_TRIED),
    };
    let locked = session.say(match status.lock.locked {
        None => W::NO,
        Some(Locked::LeaseEnded) => W::LOCKED_LEASE,
        Some(Locked::Revoked) => W::LOCKED_REVOKED,
    });
    let (held, visible) = (status.held.to_string(), status.visible.to_string());
    let fetched = [("held", held.as_str()), ("visible", &visible)];
    let mut rows = vec![
        (
            W::LABEL_PRACTITIONER,
            identity.practitioner_name.clone().unwrap_or_default(),
        ),
        (
            W::LABEL_ORGANISATION,
            identity.organisation_name.clone().unwrap_or_default(),
        ),
        (W::LABEL_SERVER, identity.server.clone()),
        (W::LABEL_DEVICE, identity.device.to_string()),
        (W::LABEL_LAST_SUCCESS, at(status.last_success)),
        (W::LABEL_LAST_ATTEMPT, at(status.last_attempt)),
        (W::LABEL_IN_SYNC, in_sync),
        (W::LABEL_WAITING, waits(session, status)),
        (
            W::LABEL_SIGNATURES_WAITING,
            status.signatures_waiting.to_string(),
        ),
        (W::LABEL_NOT_DELIVERED, status.not_delivered.to_string()),
        (W::LABEL_SET_ASIDE, status.set_aside.to_string()),
        (W::LABEL_FETCHED, session.out.say(W::FETCHED_OF, &fetched)),
        (W::LABEL_DOCUMENTS, status.documents.to_string()),
        (W::LABEL_LOCKED, locked),
        (W::LABEL_LEASE_ENDS, at(status.lock.lease_ends_at)),
    ];
    if let Some(failure) = &status.last_failure {
        let why = why(&failure.code).text(lang);
        let told = format!("{}: {why}", when::show(lang, failure.at));
        rows.push((W::LABEL_LAST_FAILURE, told));
    }
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(label, value)| (label.text(lang), value))
        .collect();
    layout::harmless(&layout::labelled(&rows))
}
