//! `status`: whose device this is, how far it is, what waits.

use super::{error::failure, session::Session};
use crate::{exit::Exit, failure::Failure, layout, when, words::W};
use samspor_client_core::{Identity, Locked, Status};
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
        &told(&status, &identity),
        &shown(session, &status, &identity),
    );
    Ok(Exit::Done)
}

fn told(status: &Status, identity: &Identity) -> Value {
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
        "in_sync": status.in_sync,
        "waiting": status.waiting,
        "oldest_waiting": at(status.oldest_waiting),
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
    });
    let mut waiting = status.waiting.to_string();
    if let Some(oldest) = status.oldest_waiting {
        let since = session
            .out
            .say(W::SINCE, &[("at", &when::show(lang, oldest))]);
        waiting.push_str(&format!(" {since}"));
    }
    let rows = [
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
        (W::LABEL_WAITING, waiting),
        (
            W::LABEL_SIGNATURES_WAITING,
            status.signatures_waiting.to_string(),
        ),
        (W::LABEL_NOT_DELIVERED, status.not_delivered.to_string()),
        (W::LABEL_SET_ASIDE, status.set_aside.to_string()),
        (W::LABEL_DOCUMENTS, status.documents.to_string()),
        (W::LABEL_LOCKED, locked),
        (W::LABEL_LEASE_ENDS, at(status.lock.lease_ends_at)),
    ];
    let rows = rows.map(|(label, value)| (label.text(lang), value));
    layout::harmless(&layout::labelled(&rows))
}
