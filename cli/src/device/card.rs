//! `case show` and `case edit`: a case's card is a document like any other, found by its case.

use super::{
    assignments,
    error::failure,
    names::Names,
    reading,
    session::{Saved, Session, case_id},
    write,
};
use crate::{
    args::{
        device::{CaseEditArgs, CaseShowArgs, EditArgs},
        visit::GuideArg,
    },
    content::{self, notice, resolve},
    exit::Exit,
    failure::Failure,
    layout,
    words::W,
};
use samspor_client_core::{CardReading, CaseFilter};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    one_child::differing,
    reading::Reading,
    template::Language,
};
use serde_json::{Value as Json, json};

/// Shows a case's card.
///
/// # Errors
/// `unknown_case`.
pub async fn show(session: &Session<'_>, args: &CaseShowArgs) -> Result<Exit, Failure> {
    let card = card(session, &args.case).await?;
    let case = case_id(&args.case, session.out)?;
    let assigned = session.device.assigned(case).await.map_err(failure)?;
    let cards = session.device.cards_of_citizen(case).await;
    let cards = cards.map_err(failure)?;
    reading::show(session, card, GuideArg::TEXT, |names, json, text| {
        json.insert("assigned".to_owned(), assignments::told(&assigned, names));
        if !assigned.is_empty() {
            let names = assignments::shown(session, &assigned, names);
            let line = session.out.say(W::ASSIGNED_TO, &[("names", &names)]);
            text.push_str(&format!("{}\n", layout::harmless(&line)));
        }
        let (differ, shown) = differing_cards(session, names, &cards);
        json.insert("differing".to_owned(), differ);
        text.push_str(&layout::harmless(&shown));
    })
    .await
}

/// What the cards of one child say differently, with whose card says what.
fn differing_cards(session: &Session<'_>, names: &Names, cards: &[CardReading]) -> (Json, String) {
    let readings: Vec<(SpaceId, &Reading)> = cards
        .iter()
        .map(|card| (card.case, &card.reading))
        .collect();
    let language = Language::from(session.out.lang);
    let card = resolve::card(&session.templates).ok();
    let field = |name: &str| card.and_then(|card| card.field(name));
    let (mut json, mut text) = (Vec::new(), String::new());
    for one in differing(&readings) {
        let label =
            field(&one.field).map_or(one.field.as_str(), |field| field.labels.get(language));
        text.push_str(&format!("  {label}\n"));
        let mut said = Vec::new();
        for says in &one.said {
            let team = cards.iter().find(|card| card.case == says.case);
            let team = team.and_then(|card| card.team);
            let values = says.values.iter().map(|value| match field(&one.field) {
                Some(field) => value.display(field, language),
                None => value.display_plain(language),
            });
            let values: Vec<String> = values.collect();
            let whose = team.map_or_else(|| says.case.to_string(), |team| names.team(team));
            text.push_str(&format!("    {whose}: {}\n", values.join(" ≠ ")));
            said.push(json!({
                "case": says.case, "team": team.map(|team| names.team_json(team)),
                "values": says.values, "display": values,
            }));
        }
        json.push(json!({"field": one.field, "said": said}));
    }
    if !text.is_empty() {
        text = format!("{}\n{text}", session.say(W::CARDS_DIFFER));
    }
    (Json::Array(json), text)
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
        unchanged: Vec::new(),
        content: args.content,
        items: args.items,
    };
    write::edit(session, &edit).await
}

/// Makes the card of a case that was opened by a disclosure.
async fn make(session: &Session<'_>, args: &CaseEditArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let content = content::gather(&args.content, &args.items)?;
    let card = resolve::card(&session.templates)?;
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
