//! `write` and `edit` (`draft` reads its command line here, too): wishes checked by the template, saved as one change, then delivered unless `--offline`.

use super::{
    error::failure,
    from_last,
    names::Names,
    session::{Saved, Session, case_id, document_id},
};
use crate::{
    args::device::{EditArgs, ItemChangeArgs, WriteArgs},
    content::{
        self,
        file::ContentFile,
        notice::{self, Notice},
        resolve,
    },
    exit::Exit,
    failure::Failure,
    words::W,
};
use samspor_documents::{document::Edit, id::SpaceId, time::Moment};

/// A new document as the command line describes it, checked by its template.
pub struct NewEntry {
    /// The case or circle it is about.
    pub subject: SpaceId,
    /// Its template.
    pub template: String,
    /// What stands in it.
    pub edits: Vec<Edit>,
    /// When it happened, when that was said.
    pub occurred: Option<Moment>,
    /// What to look at twice.
    pub notices: Vec<Notice>,
}

/// Reads a new document off the command line.
///
/// # Errors
/// An unknown template, place or field, values that do not hold.
pub async fn new_entry(session: &Session<'_>, args: &WriteArgs) -> Result<NewEntry, Failure> {
    let content = content::gather(&args.content, &ItemChangeArgs::default())?;
    let file = content.file.as_ref();
    let template = resolve::begun(&session.templates, &args.template)?;
    if file
        .and_then(|file| file.template.as_ref())
        .is_some_and(|named| *named != template.name)
    {
        return Err(Failure::new(
            Exit::Input,
            "other_template",
            W::OTHER_TEMPLATE,
        ));
    }
    let mut edits = resolve::edits(&content.wanted, template, session.out.lang)?;
    let subject = match &args.adds_to {
        None => subject(session, args, file).await?,
        Some(entry) => {
            let entry = document_id(entry, session.out)?;
            let adding = session.device.adding_to(entry).await;
            let (space, names_entry) = adding.map_err(failure)?;
            edits.push(names_entry);
            match subject_named(session, args, file).await? {
                Some(named) => named,
                None => space,
            }
        }
    };
    let occurred = session.occurred(file)?;
    let notices = notice::unusual(&edits, template);
    Ok(NewEntry {
        subject,
        template: template.name.clone(),
        edits,
        occurred,
        notices,
    })
}

/// Writes a new document.
///
/// # Errors
/// As [`new_entry`]; why it could not be delivered.
pub async fn write(session: &Session<'_>, args: &WriteArgs) -> Result<Exit, Failure> {
    let new = new_entry(session, args).await?;
    let document = session
        .device
        .write(new.subject, &new.template, new.edits, new.occurred)
        .await
        .map_err(failure)?;
    let saved = Saved {
        words: W::WRITTEN,
        name: "document",
        id: document.to_string(),
        changed: true,
        notices: new.notices,
    };
    session.deliver().await.finish(session.out, &saved)
}

async fn subject(
    session: &Session<'_>,
    args: &WriteArgs,
    file: Option<&ContentFile>,
) -> Result<SpaceId, Failure> {
    let named = subject_named(session, args, file).await?;
    named.ok_or_else(|| Failure::new(Exit::Usage, "usage", W::USAGE_ONE_SUBJECT))
}

/// The case or circle that the command or its file names.
async fn subject_named(
    session: &Session<'_>,
    args: &WriteArgs,
    file: Option<&ContentFile>,
) -> Result<Option<SpaceId>, Failure> {
    let mut case = args.case.as_deref();
    let mut circle = args.circle.as_deref();
    if case.is_none() && circle.is_none() {
        case = file.and_then(|file| file.case.as_deref());
        circle = file.and_then(|file| file.circle.as_deref());
    }
    match (case, circle) {
        (Some(case), None) => case_id(case, session.out).map(Some),
        (None, Some(circle)) => Names::read(session).await?.own_circle(circle).map(Some),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(Failure::new(Exit::Usage, "usage", W::USAGE_ONE_SUBJECT)),
    }
}

/// Changes a document.
///
/// # Errors
/// As for `write`; `in_conflict` for a field that waits for somebody to choose.
pub async fn edit(session: &Session<'_>, args: &EditArgs) -> Result<Exit, Failure> {
    let document = document_id(&args.document, session.out)?;
    let reading = session.device.read(document).await.map_err(failure)?;
    let content = content::gather(&args.content, &args.items)?;
    let template = resolve::template_of(&session.templates, &reading)?;
    let mut edits = resolve::edits(&content.wanted, template, session.out.lang)?;
    edits.extend(
        session
            .occurred(content.file.as_ref())?
            .map(Edit::OccurredAt),
    );
    if edits.is_empty() && args.unchanged.is_empty() {
        return Err(content::nothing());
    }
    let notices = notice::unusual(&edits, template);
    let mut changed = false;
    if !edits.is_empty() {
        let edited = session.device.edit(document, &edits).await;
        changed = edited.map_err(failure)?;
    }
    changed |= from_last::say_unchanged(session, document, &args.unchanged, template).await?;
    let saved = Saved {
        words: W::EDITED,
        name: "document",
        id: document.to_string(),
        changed,
        notices,
    };
    session.deliver().await.finish(session.out, &saved)
}
