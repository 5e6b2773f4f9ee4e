//! `share add`, `withdraw`, `list` and `received`: a case, or one document of it, opened for reading.

use super::{
    disclosures,
    error::failure,
    names::Names,
    session::{Saved, Session, case_id, document_id, share_id},
    timeline,
};
use crate::{
    args::share::{GroundArgs, ShareAddArgs, ShareListArgs, ShareWithdrawArgs},
    exit::Exit,
    failure::Failure,
    layout, when,
    words::W,
};
use samspor_client_core::{Clock as _, NewShare, ReceivedRow, ShareRow, SystemClock};
use samspor_documents::time::UnixMillis;
use samspor_protocol::share::{Consent, Ended, LegalBasis, Recipient, Terms};
use serde_json::{Value, json};

/// Records a share.
///
/// # Errors
/// `unknown_case`, `unknown_document`, `unknown_team`, `unknown_practitioner`, `ambiguous`, `shared_for_reading`,
/// `share_own_team`, `bad_share`, `share_over`, `bad_time`; why it could not be delivered.
pub async fn add(session: &Session<'_>, args: &ShareAddArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let cases: Result<Vec<_>, Failure> = args
        .cases
        .iter()
        .map(|one| case_id(one, session.out))
        .collect();
    let document = args.document.as_deref();
    let document = document
        .map(|one| document_id(one, session.out))
        .transpose()?;
    let to = match (&args.team, &args.practitioner) {
        (Some(team), _) => Recipient::Team(names.any_team(team)?),
        (None, Some(one)) => Recipient::Practitioner(names.colleague(one)?),
        (None, None) => {
            return Err(Failure::new(
                Exit::Usage,
                "usage",
                W::USAGE_MISSING_ARGUMENT,
            ));
        }
    };
    let new = NewShare {
        document,
        to,
        about: args.ground.about.clone(),
        purpose: args.ground.purpose.trim().to_owned(),
        basis: basis(&args.ground),
        consent: consent(&args.ground)?,
        until: time(args.until.as_deref())?,
    };
    let shares = session.device.share(&cases?, new).await.map_err(failure)?;
    let ids: Vec<String> = shares.iter().map(ToString::to_string).collect();
    finish(session, W::SHARED, ids.join(" "), true).await
}

fn time(text: Option<&str>) -> Result<Option<UnixMillis>, Failure> {
    let now = SystemClock.now();
    text.map(|text| Ok(when::parse(text, now)?.at)).transpose()
}

/// The ground in law that was typed.
pub(super) fn basis(ground: &GroundArgs) -> LegalBasis {
    LegalBasis {
        code: ground.basis.trim().to_lowercase(),
        text: ground.basis_text.trim().to_owned(),
    }
}

/// The consent that was typed, or why there is none.
///
/// # Errors
/// `bad_time`.
pub(super) fn consent(ground: &GroundArgs) -> Result<Consent, Failure> {
    Ok(match (&ground.consent, &ground.no_consent) {
        (Some(by), _) => Consent::Given {
            by: by.trim().to_owned(),
            at: time(ground.consent_at.as_deref())?.unwrap_or_else(|| SystemClock.now()),
        },
        (None, why) => Consent::NotAsked {
            why: why.as_deref().unwrap_or_default().trim().to_owned(),
        },
    })
}

/// Withdraws a share.
///
/// # Errors
/// `bad_id`, `unknown_share`, `shared_for_reading`, `disclosed`, `bad_share`; why it could not be delivered.
pub async fn withdraw(session: &Session<'_>, args: &ShareWithdrawArgs) -> Result<Exit, Failure> {
    let share = share_id(&args.share, session.out)?;
    let changed = session.device.withdraw(share, &args.why).await;
    let changed = changed.map_err(failure)?;
    finish(session, W::SHARE_WITHDRAWN, share.to_string(), changed).await
}

/// Delivers what was recorded and says so.
pub(super) async fn finish(
    session: &Session<'_>,
    words: W,
    id: String,
    changed: bool,
) -> Result<Exit, Failure> {
    let saved = Saved {
        words,
        name: "share",
        id,
        changed,
        notices: Vec::new(),
    };
    session.deliver().await.finish(session.out, &saved)
}

/// Lists the shares of a case, or of all cases here.
///
/// # Errors
/// The store's.
pub async fn list(session: &Session<'_>, args: &ShareListArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let case = args.case.as_deref();
    let case = case.map(|case| case_id(case, session.out)).transpose()?;
    let rows = session.device.shares(case).await.map_err(failure)?;
    let json: Vec<Value> = rows.iter().map(|row| told(row, &names)).collect();
    let text = match rows.as_slice() {
        [] => session.say(W::NO_SHARES),
        rows => {
            let all = rows.iter().map(|row| shown(session, row, &names));
            all.collect::<Vec<_>>().join("\n")
        }
    };
    session
        .out
        .result(&json!({"shares": json}), &layout::harmless(&text));
    Ok(Exit::Done)
}

/// Lists what is shared with the practitioner and their teams; a document that is open alone with its heading.
///
/// # Errors
/// The store's.
pub async fn received(session: &Session<'_>) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let rows = session.device.received_shares().await.map_err(failure)?;
    let (mut json, mut text) = (
        Vec::with_capacity(rows.len()),
        Vec::with_capacity(rows.len()),
    );
    for row in &rows {
        let document = session.device.shared_document(row).await.map_err(failure)?;
        let mut value = received_told(row, &names);
        let mut lines = received_shown(session, row, &names);
        if let (Some(object), Some(document)) = (value.as_object_mut(), &document) {
            object.insert(
                "entry".to_owned(),
                timeline::told(session, document, &names),
            );
            lines.push_str(&timeline::shown(session, document, &names));
        }
        json.push(value);
        text.push(lines);
    }
    let text = match rows.len() {
        0 => session.say(W::NO_RECEIVED_SHARES),
        _ => text.join("\n"),
    };
    session
        .out
        .result(&json!({"received": json}), &layout::harmless(&text));
    Ok(Exit::Done)
}

fn terms_told(terms: &Terms, names: &Names) -> Value {
    let to = match terms.to {
        Recipient::Team(team) => json!({"team": names.team_json(team)}),
        Recipient::Practitioner(one) => json!({"practitioner": names.practitioner_json(one)}),
    };
    let consent = match &terms.consent {
        Consent::Given { by, at } => json!({"given": true, "by": by, "at": when::iso_local(*at)}),
        Consent::NotAsked { why } => json!({"given": false, "why": why}),
    };
    json!({
        "document": terms.document,
        "to": to,
        "about": terms.about,
        "purpose": terms.purpose,
        "basis": {"code": terms.basis.code, "text": terms.basis.text},
        "consent": consent,
        "until": terms.until.map(when::iso_local),
        "shared_at": when::iso_local(terms.shared_at),
    })
}

/// `access` or `disclosure`.
const fn kind(is_disclosure: bool) -> &'static str {
    match is_disclosure {
        true => "disclosure",
        false => "access",
    }
}

/// `in_force`, `withdrawn` or `expired`.
const fn state(ended: Option<&Ended>, is_over: bool) -> &'static str {
    match ended {
        Some(Ended::Withdrawn { .. }) => "withdrawn",
        Some(Ended::Expired) => "expired",
        None if is_over => "expired",
        None => "in_force",
    }
}

fn told(row: &ShareRow, names: &Names) -> Value {
    let why = match &row.ended {
        Some(Ended::Withdrawn { by, why, .. }) => {
            json!({"by": by.map(|by| names.practitioner_json(by)), "why": why})
        }
        _ => Value::Null,
    };
    json!({
        "share": row.share,
        "kind": kind(row.is_disclosure),
        "case": row.case,
        "by": names.practitioner_json(row.by),
        "terms": terms_told(&row.terms, names),
        "state": state(row.ended.as_ref(), row.is_over),
        "withdrawn": why,
        "waiting": !row.confirmed,
        "withdrawal_waiting": row.withdrawal_waits,
        "without": row.without,
    })
}

fn received_told(row: &ReceivedRow, names: &Names) -> Value {
    json!({
        "share": row.share,
        "kind": kind(row.is_disclosure),
        "case": row.case,
        "team": names.team_json(row.team),
        "by": names.practitioner_json(row.by),
        "terms": terms_told(&row.terms, names),
        "state": state(row.ended.as_ref(), row.is_over),
    })
}

fn ending(session: &Session<'_>, ended: Option<&Ended>, is_over: bool) -> Option<String> {
    let lang = session.out.lang;
    match ended {
        Some(Ended::Withdrawn { at, .. }) => {
            let time = when::show(lang, *at);
            Some(
                session
                    .out
                    .say(W::SHARE_ENDED_WITHDRAWN, &[("time", &time)]),
            )
        }
        Some(Ended::Expired) => Some(session.say(W::SHARE_ENDED_OVER)),
        None => is_over.then(|| session.say(W::SHARE_ENDED_OVER)),
    }
}

fn terms_shown(session: &Session<'_>, terms: &Terms) -> String {
    let (out, lang) = (session.out, session.out.lang);
    let basis = match terms.basis.text.as_str() {
        "" => terms.basis.code.clone(),
        text => format!("{} ({text})", terms.basis.code),
    };
    let consent = match &terms.consent {
        Consent::Given { by, at } => {
            let time = when::show(lang, *at);
            out.say(W::SHARE_CONSENT, &[("text", by), ("time", &time)])
        }
        Consent::NotAsked { why } => out.say(W::SHARE_NO_CONSENT, &[("text", why)]),
    };
    format!(
        "  {}\n  {}\n  {consent}\n",
        out.say(W::SHARE_PURPOSE, &[("text", &terms.purpose)]),
        out.say(W::SHARE_BASIS, &[("text", &basis)]),
    )
}

/// One line that says what is open to whom, from whom, until when, and whether it has ended.
fn heading(
    session: &Session<'_>,
    terms: &Terms,
    is_disclosure: bool,
    with: String,
    ended: Option<String>,
) -> String {
    let lang = session.out.lang;
    let what = session.say(match terms.document {
        Some(_) if is_disclosure => W::SHARE_DISCLOSURE,
        Some(_) => W::SHARE_DOCUMENT,
        None => W::SHARE_CASE,
    });
    let until = terms.until.map(|until| {
        let time = when::show(lang, until);
        session.out.say(W::SHARE_UNTIL, &[("time", &time)])
    });
    let parts = [Some(what), Some(with), until, ended];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!(
        "{}  {} · {}\n",
        when::show(lang, terms.shared_at),
        terms.about,
        parts.join(" · ")
    )
}

fn shown(session: &Session<'_>, row: &ShareRow, names: &Names) -> String {
    let to = match row.terms.to {
        Recipient::Team(team) => names.team(team),
        Recipient::Practitioner(one) => names.practitioner(one),
    };
    let with = session.out.say(W::SHARE_TO, &[("to", &to)]);
    let ended = ending(session, row.ended.as_ref(), row.is_over);
    let mut text = heading(session, &row.terms, row.is_disclosure, with, ended);
    text.push_str(&terms_shown(session, &row.terms));
    for (waits, words) in [
        (!row.confirmed, W::SHARE_WAITS),
        (row.withdrawal_waits, W::SHARE_WITHDRAWAL_WAITS),
    ] {
        if waits {
            text.push_str(&format!("  ! {}\n", session.say(words)));
        }
    }
    for document in &row.without {
        let said = disclosures::left_out(session, row, *document, names);
        text.push_str(&format!("  ! {said}\n"));
    }
    text.push_str(&format!("  {}\n", row.share));
    text
}

fn received_shown(session: &Session<'_>, row: &ReceivedRow, names: &Names) -> String {
    let from = format!("{}, {}", names.team(row.team), names.practitioner(row.by));
    let with = session.out.say(W::SHARE_FROM, &[("from", &from)]);
    let ended = ending(session, row.ended.as_ref(), row.is_over);
    let mut text = heading(session, &row.terms, row.is_disclosure, with, ended);
    text.push_str(&terms_shown(session, &row.terms));
    if !row.is_disclosure {
        text.push_str(&format!("  {}\n", row.case));
    }
    text
}
