//! `share disclose`: a signed entry filed with another team, where it stays; and how such a copy is shown.

use super::{
    error::failure,
    names::Names,
    session::{Saved, Session, case_id, document_id},
    shares,
};
use crate::{args::share::ShareDiscloseArgs, exit::Exit, failure::Failure, when, words::W};
use samspor_client_core::{Disclosed, NewDisclosure, ShareRow};
use samspor_documents::id::DocumentId;
use samspor_protocol::share::Recipient;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

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
    let disclosed = session.device.disclose(case, new).await.map_err(failure)?;
    let mut ids = disclosed.iter().map(ToString::to_string);
    let saved = Saved {
        words: W::DISCLOSED,
        name: "share",
        id: ids.next().unwrap_or_default(),
        changed: true,
        notices: Vec::new(),
    };
    let with: Vec<String> = ids.collect();
    let told = match with.as_slice() {
        [] => Vec::new(),
        ids => vec![
            session
                .out
                .say(W::DISCLOSED_WITH, &[("ids", &ids.join(" "))]),
        ],
    };
    let more = Map::from_iter([("with".to_owned(), json!(with))]);
    let delivery = session.deliver().await;
    delivery.finish_with(session.out, &saved, more, told)
}

/// The disclosures whose copy is without this document, which adds to their entry: one for each team.
///
/// # Errors
/// The store's.
pub(super) async fn without(
    session: &Session<'_>,
    document: DocumentId,
) -> Result<Vec<ShareRow>, Failure> {
    let mut rows = session.device.shares(None).await.map_err(failure)?;
    rows.retain(|row| row.without.contains(&document));
    let mut teams = BTreeSet::new();
    rows.retain(|row| teams.insert(row.terms.to));
    Ok(rows)
}

/// That the copy that was disclosed to a team is without this document, and how to disclose it as well.
pub(super) fn left_out(
    session: &Session<'_>,
    row: &ShareRow,
    document: DocumentId,
    names: &Names,
) -> String {
    let team = match row.terms.to {
        Recipient::Team(team) => names.team(team),
        Recipient::Practitioner(one) => names.practitioner(one),
    };
    let (case, document) = (row.case.to_string(), document.to_string());
    session.out.say(
        W::DISCLOSED_WITHOUT,
        &[("team", &team), ("case", &case), ("id", &document)],
    )
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
