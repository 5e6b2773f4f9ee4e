//! `case show` and `case edit`: a case's card is a document like any other, found by its case.

use super::{
    assignments,
    error::failure,
    reading,
    session::{Saved, Session, case_id},
    write,
};
use crate::{
    args::device::{CaseEditArgs, CaseShowArgs, EditArgs},
    content::{self, notice, resolve},
    exit::Exit,
    failure::Failure,
    layout,
    words::W,
};
use samspor_client_core::CaseFilter;
use samspor_documents::id::DocumentId;

/// Shows a case's card.
///
/// # Errors
/// `unknown_case`.
pub async fn show(session: &Session<'_>, args: &CaseShowArgs) -> Result<Exit, Failure> {
    let card = card(session, &args.case).await?;
    let case = case_id(&args.case, session.out)?;
    let assigned = session.device.assigned(case).await.map_err(failure)?;
    reading::show(session, card, |names, json, text| {
        json.insert("assigned".to_owned(), assignments::told(&assigned, names));
        if !assigned.is_empty() {
            let names = assignments::shown(session, &assigned, names);
            let line = session.out.say(W::ASSIGNED_TO, &[("names", &names)]);
            text.push_str(&format!("{}\n", layout::harmless(&line)));
        }
    })
    .await
}

/// Changes a case's card, or makes that of a case which a disclosure opened.
///
/// # Errors
/// `unknown_case`; as for `edit`.
pub async fn edit(session: &Session<'_>, args: CaseEditArgs) -> Result<Exit, Failure> {
    let Some(card) = card_of(session, &args.case).await? else {
        return make(session, &args).await;
    };
    let edit = EditArgs {
        document: card.to_string(),
        content: args.content,
        items: args.items,
    };
    write::edit(session, &edit).await
}

/// Makes the card of a case that was opened by a disclosure.
async fn make(session: &Session<'_>, args: &CaseEditArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let content = content::gather(&args.content, &args.items)?;
    let card = resolve::card()?;
    let edits = resolve::edits(&content.wanted, card, session.out.lang)?;
    if edits.is_empty() {
        return Err(content::nothing());
    }
    let notices = notice::unusual(&edits, card);
    let made = session.device.make_card(case, edits).await;
    let saved = Saved {
        words: W::WRITTEN,
        name: "document",
        id: made.map_err(failure)?.to_string(),
        changed: true,
        notices,
    };
    session.deliver().await.finish(session.out, &saved)
}

async fn card(session: &Session<'_>, case: &str) -> Result<DocumentId, Failure> {
    let card = card_of(session, case).await?;
    card.ok_or_else(|| Failure::new(Exit::NotFound, "unknown_case", W::UNKNOWN_CASE))
}

/// The card of a case here; none where the case was opened by a disclosure and has none yet.
async fn card_of(session: &Session<'_>, case: &str) -> Result<Option<DocumentId>, Failure> {
    let case = case_id(case, session.out)?;
    let filter = CaseFilter {
        closed: true,
        ..CaseFilter::default()
    };
    let rows = session.device.cases(filter).await.map_err(failure)?;
    rows.iter()
        .find(|row| row.case == case)
        .filter(|row| row.card.is_some() || row.about.is_some())
        .map(|row| row.card)
        .ok_or_else(|| Failure::new(Exit::NotFound, "unknown_case", W::UNKNOWN_CASE))
}
