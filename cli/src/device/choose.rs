//! `choose`: a person ends a conflict with the value that holds.

use super::{
    error::failure,
    session::{Saved, Session, document_id},
};
use crate::{
    args::device::ChooseArgs,
    content::{
        notice, resolve,
        typed::{Given, item_id},
    },
    exit::Exit,
    failure::Failure,
    words::W,
};

/// Chooses a value of a field, or of an item's field (`FIELD/ITEM/NAME`).
///
/// # Errors
/// `bad_id`, `unknown_field`, a value that does not hold; why it could not be delivered.
pub async fn run(session: &Session<'_>, args: &ChooseArgs) -> Result<Exit, Failure> {
    let document = document_id(&args.document, session.out)?;
    let reading = session.device.read(document).await.map_err(failure)?;
    let template = resolve::template_of(&session.templates, &reading)?;
    let mut parts = args.field.splitn(3, '/');
    let name = parts.next().unwrap_or("");
    let mut field = resolve::find(template, name)?;
    let item = match (parts.next(), parts.next()) {
        (Some(item), Some(inner)) => Some((item_id(item)?, inner.to_owned())),
        (Some(_), None) => return Err(Failure::new(Exit::Input, "bad_id", W::BAD_ITEM_ID)),
        _ => None,
    };
    if let Some((_, inner)) = &item {
        field = field.item_field(inner).ok_or_else(|| {
            Failure::new(Exit::Input, "unknown_field", W::UNKNOWN_FIELD)
                .with("template", &template.name)
                .with("field", &args.field)
        })?;
    }
    let value = resolve::value(field, &Given::Typed(args.value.clone()), session.out.lang)?;
    let notices = notice::of_value(field, &value);
    let changed = session
        .device
        .choose(document, name, item, value)
        .await
        .map_err(failure)?;
    let saved = Saved {
        words: W::CHOSEN,
        name: "document",
        id: document.to_string(),
        changed,
        notices,
    };
    session.deliver().await.finish(session.out, &saved)
}
