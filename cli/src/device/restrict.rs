//! `restrict`: a signed document stays, marked, and is left out of ordinary lists; or that is lifted.

use super::{
    error::failure,
    names::Names,
    session::{Saved, Session, document_id},
};
use crate::{args::device::RestrictArgs, exit::Exit, failure::Failure, when, words::W};
use samspor_client_core::{RestrictionRow, TimelineRow};
use serde_json::{Value, json};

/// Restricts a signed document, or lifts its restriction.
///
/// # Errors
/// `bad_id`, `unknown_document`, `entry_not_signed`, `bad_ground`; why it could not be delivered.
pub async fn run(session: &Session<'_>, args: &RestrictArgs) -> Result<Exit, Failure> {
    let document = document_id(&args.document, session.out)?;
    let ground = args.ground.trim();
    let restricted = session.device.restrict(document, !args.lift, ground).await;
    let saved = Saved {
        words: match args.lift {
            true => W::RESTRICTION_LIFTED,
            false => W::RESTRICTED,
        },
        name: "document",
        id: document.to_string(),
        changed: restricted.map_err(failure)?,
        notices: Vec::new(),
    };
    session.deliver().await.finish(session.out, &saved)
}

/// A restriction in JSON.
pub fn told(said: &RestrictionRow, names: &Names) -> Value {
    json!({
        "by": names.practitioner_json(said.by),
        "at": when::iso_local(said.at),
        "ground": said.ground,
    })
}

/// Who restricted an entry, when and why; none while it is not restricted.
pub fn mark(session: &Session<'_>, row: &TimelineRow, names: &Names) -> Option<String> {
    let said = row.restriction.as_ref()?;
    let places = [
        ("who", names.practitioner(said.by)),
        ("at", when::show(session.out.lang, said.at)),
        ("ground", said.ground.clone()),
    ];
    let places: Vec<(&str, &str)> = places
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Some(session.out.say(W::MARK_RESTRICTED, &places))
}

/// The line that tells how many are left out of a list; none when none are.
pub fn left_out(session: &Session<'_>, count: u64) -> Option<String> {
    match count {
        0 => None,
        1 => Some(session.say(W::RESTRICTED_ONE)),
        _ => {
            let count = count.to_string();
            Some(session.out.say(W::RESTRICTED_MANY, &[("count", &count)]))
        }
    }
}
