//! `share disclose`: a signed entry filed with another team, where it stays; and how such a copy is shown.

use super::{
    error::failure,
    names::Names,
    session::{Session, case_id, document_id},
    shares,
};
use crate::{args::share::ShareDiscloseArgs, exit::Exit, failure::Failure, when, words::W};
use samspor_client_core::{Disclosed, NewDisclosure};
use serde_json::{Value, json};

/// Records a disclosure.
///
/// # Errors
/// `unknown_case`, `unknown_document`, `not_signed`, `unknown_team`, `ambiguous`, `shared_for_reading`,
/// `share_own_team`, `bad_share`, `bad_time`; why it could not be delivered.
pub async fn disclose(session: &Session<'_>, args: &ShareDiscloseArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let case = case_id(&args.case, session.out)?;
    let new = NewDisclosure {
        document: document_id(&args.document, session.out)?,
        team: names.any_team(&args.team)?,
        about: args.ground.about.clone(),
        purpose: args.ground.purpose.trim().to_owned(),
        basis: shares::basis(&args.ground),
        consent: shares::consent(&args.ground)?,
    };
    let share = session.device.disclose(case, new).await.map_err(failure)?;
    shares::finish(session, W::DISCLOSED, share.to_string(), true).await
}

/// How a copy came here, in JSON.
pub(super) fn told(one: &Disclosed, names: &Names) -> Value {
    json!({
        "team": names.team_json(one.team),
        "by": names.practitioner_json(one.by),
        "at": when::iso_local(one.at),
        "purpose": one.purpose,
    })
}

/// How a copy came here, as people read it in a list.
pub(super) fn shown(session: &Session<'_>, one: &Disclosed, names: &Names) -> String {
    let parts = [
        ("team", names.team(one.team)),
        ("by", names.practitioner(one.by)),
        ("time", when::show(session.out.lang, one.at)),
        ("purpose", one.purpose.clone()),
    ];
    let parts = parts.each_ref().map(|(name, text)| (*name, text.as_str()));
    session.out.say(W::DISCLOSED_FROM, &parts)
}
