//! `draft`, `drafts`, `publish`, `discard`: what is written for oneself first, and put into its case later.

use super::{
    error::failure,
    from_last,
    names::Names,
    session::{Saved, Session, draft_id},
    timeline,
    write::{self, NewEntry},
};
use crate::{
    args::device::{DraftArgs, DraftNewArgs, DraftsArgs},
    exit::Exit,
    failure::Failure,
    layout, when,
    words::W,
};
use samspor_client_core::{CaseFilter, DeviceError, DraftRow};
use samspor_documents::{document::AuthorError, id::SpaceId, template::Language};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Writes a draft.
///
/// # Errors
/// As `write`.
pub async fn draft(session: &Session<'_>, args: &DraftNewArgs) -> Result<Exit, Failure> {
    let new = write::new_entry(session, &args.write).await?;
    match args.from_last {
        true => from_last::draft(session, new).await,
        false => keep(session, new).await,
    }
}

/// Keeps a new entry as a draft.
///
/// # Errors
/// As `write`.
pub async fn keep(session: &Session<'_>, new: NewEntry) -> Result<Exit, Failure> {
    let draft = session
        .device
        .draft(new.subject, &new.template, new.edits, new.occurred)
        .await
        .map_err(failure)?;
    let saved = Saved {
        words: W::DRAFTED,
        name: "document",
        id: draft.to_string(),
        changed: true,
        notices: new.notices,
    };
    session.deliver().await.finish(session.out, &saved)
}

/// Lists the drafts at work, or those that were discarded.
///
/// # Errors
/// The store's.
pub async fn list(session: &Session<'_>, args: &DraftsArgs) -> Result<Exit, Failure> {
    let rows = session
        .device
        .drafts(args.discarded)
        .await
        .map_err(failure)?;
    let places = Places::read(session).await?;
    let json: Vec<Value> = rows.iter().map(|row| told(session, row, &places)).collect();
    let text = match rows.len() {
        0 => session.say(W::NO_DRAFTS),
        _ => rows
            .iter()
            .map(|row| shown(session, row, &places))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    session
        .out
        .result(&json!({"drafts": json}), &layout::harmless(&text));
    Ok(Exit::Done)
}

/// Puts a draft into its case or circle.
///
/// # Errors
/// `unknown_draft`, `published`, `unknown_case`, `in_conflict`; why it could not be delivered.
pub async fn publish(session: &Session<'_>, args: &DraftArgs) -> Result<Exit, Failure> {
    let draft = draft_id(&args.draft, session.out)?;
    let document = session.device.publish(draft).await.map_err(refused)?;
    let saved = Saved {
        words: W::PUBLISHED,
        name: "document",
        id: document.to_string(),
        changed: true,
        notices: Vec::new(),
    };
    session.deliver().await.finish(session.out, &saved)
}

/// Several fields may wait for a choice at once: they are named together.
fn refused(error: DeviceError) -> Failure {
    match error {
        DeviceError::Author {
            source: AuthorError::InConflict { field },
        } => Failure::new(Exit::Input, "in_conflict", W::DRAFT_IN_CONFLICT).with("field", field),
        other => failure(other),
    }
}

/// Takes a draft out of the list.
///
/// # Errors
/// `unknown_draft`, `published`; why it could not be delivered.
pub async fn discard(session: &Session<'_>, args: &DraftArgs) -> Result<Exit, Failure> {
    let draft = draft_id(&args.draft, session.out)?;
    let changed = session.device.discard_draft(draft).await.map_err(failure)?;
    let saved = Saved {
        words: W::DISCARDED,
        name: "document",
        id: draft.to_string(),
        changed,
        notices: Vec::new(),
    };
    session.deliver().await.finish(session.out, &saved)
}

/// What the cases and circles that drafts are meant for are called.
struct Places {
    names: Names,
    citizens: HashMap<SpaceId, String>,
}

impl Places {
    async fn read(session: &Session<'_>) -> Result<Self, Failure> {
        let everything = CaseFilter {
            closed: true,
            ..CaseFilter::default()
        };
        let cases = session.device.cases(everything).await.map_err(failure)?;
        let named = cases
            .into_iter()
            .filter_map(|case| Some((case.case, case.view?.name)));
        Ok(Self {
            names: Names::read(session).await?,
            citizens: named.collect(),
        })
    }

    /// The citizen's name or the circle's; the id where neither is known here.
    fn name(&self, subject: SpaceId) -> String {
        let citizen = self.citizens.get(&subject).cloned();
        let circle = || self.names.circle(subject).map(str::to_owned);
        citizen
            .or_else(circle)
            .unwrap_or_else(|| subject.to_string())
    }
}

fn told(session: &Session<'_>, row: &DraftRow, places: &Places) -> Value {
    let circle = row
        .subject
        .and_then(|subject| Some((subject, places.names.circle(subject)?)));
    json!({
        "document": row.document,
        "case": row.subject.filter(|_| circle.is_none()),
        "circle": circle.map(|(id, name)| json!({"id": id, "name": name})),
        "name": row.subject.map(|subject| places.name(subject)),
        "template": row.template,
        "title": row.title(Language::from(session.out.lang)),
        "occurred_at": when::iso(row.occurred_at),
        "edited_at": when::iso_local(row.edited_at),
        "conflicts": row.conflicts,
        "discarded": row.discarded,
        "waiting": row.waiting,
        "adds_to": row.adds_to,
        "refused": row.refused,
        "state": row.state.code(),
    })
}

fn shown(session: &Session<'_>, row: &DraftRow, places: &Places) -> String {
    let lang = session.out.lang;
    let title = row.title(Language::from(lang));
    let subject = row.subject.map(|subject| places.name(subject));
    let mut text = format!("{}  {title}\n", when::show(lang, row.occurred_at.at));
    if let Some(subject) = subject {
        text.push_str(&format!(
            "  {}\n",
            session.out.say(W::DRAFT_FOR, &[("name", &subject)])
        ));
    }
    if let Some(entry) = row.adds_to {
        let entry = session.out.say(W::ADDS_TO, &[("id", &entry.to_string())]);
        text.push_str(&format!("  {entry}\n"));
    }
    let edited = when::show(lang, row.edited_at);
    text.push_str(&format!(
        "  {}\n",
        session.out.say(W::LAST_WRITTEN, &[("at", &edited)])
    ));
    if row.conflicts > 0 {
        let count = row.conflicts.to_string();
        text.push_str(&format!(
            "  ! {}\n",
            session.out.say(W::MARK_CONFLICTS, &[("count", &count)])
        ));
    }
    text.push_str(&format!("  {}\n", session.say(timeline::state(row.state))));
    if row.waiting {
        text.push_str(&format!("  ! {}\n", session.say(W::MARK_WAITING)));
    }
    if row.refused {
        text.push_str(&format!("  ! {}\n", session.say(W::MARK_REFUSED)));
    }
    text.push_str(&format!("  {}\n", row.document));
    text
}
