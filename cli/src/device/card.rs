//! `case show` and `case edit`: a case's card is a document like any other, found by its case.

use super::{
    error::failure,
    reading,
    session::{Session, case_id},
    write,
};
use crate::{
    args::device::{CaseEditArgs, CaseShowArgs, EditArgs},
    exit::Exit,
    failure::Failure,
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
    reading::show(session, card).await
}

/// Changes a case's card.
///
/// # Errors
/// `unknown_case`; as for `edit`.
pub async fn edit(session: &Session<'_>, args: CaseEditArgs) -> Result<Exit, Failure> {
    let card = card(session, &args.case).await?;
    let edit = EditArgs {
        document: card.to_string(),
        content: args.content,
        items: args.items,
    };
    write::edit(session, &edit).await
}

async fn card(session: &Session<'_>, case: &str) -> Result<DocumentId, Failure> {
    let case = case_id(case, session.out)?;
    let filter = CaseFilter {
        closed: true,
        ..CaseFilter::default()
    };
    let rows = session.device.cases(filter).await.map_err(failure)?;
    rows.iter()
        .find(|row| row.case == case)
        .and_then(|row| row.card)
        .ok_or_else(|| Failure::new(Exit::NotFound, "unknown_case", W::UNKNOWN_CASE))
}
