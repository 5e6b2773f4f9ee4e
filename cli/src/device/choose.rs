//! `choose`: a person ends a conflict with the value that holds.

use super::{
    error::failure,
    session::{Session, document_id},
};
use crate::{
    args::device::ChooseArgs,
    content::{
        resolve,
        typed::{Given, item_id},
    },
    exit::Exit,
    failure::Failure,
    words::W,
};
use samspor_documents::template::Templates;

/// Chooses a value of a field, or of an item's field (`FIELD/ITEM/NAME`).
///
/// # Errors
/// `bad_id`, `unknown_field`, a value that does not hold; why it could not be delivered.
pub async fn run(session: &Session<'_>, args: &ChooseArgs) -> Result<Exit, Failure> {
    let document = document_id(&args.document, session.out)?;
    let reading = session.device.read(document).await.map_err(failure)?;
    let template = Templates::built_in()
        .get(&reading.template, reading.template_version)
        .ok_or_else(|| {
            Failure::new(Exit::Input, "unknown_template", W::TEMPLATE_NOT_KNOWN)
                .with("known", &reading.template)
        })?;
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
    session
        .device
        .choose(document, name, item, value)
        .await
        .map_err(failure)?;
    let delivery = session.deliver().await;
    delivery.finish(session.out, W::CHOSEN, "document", &document.to_string())
}
