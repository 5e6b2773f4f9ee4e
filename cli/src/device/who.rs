//! `who`: who wrote which stretch of a document's prose.

use super::{
    error::failure,
    names::Names,
    session::{Session, document_id},
};
use crate::{args::device::WhoArgs, exit::Exit, failure::Failure, layout, when, words::W};
use samspor_documents::{
    reading::{Attribution, FieldState, Reading, Stretch},
    template::Language,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Tells it.
///
/// # Errors
/// `bad_id`, `unknown_document`.
pub async fn run(session: &Session<'_>, args: &WhoArgs) -> Result<Exit, Failure> {
    let document = document_id(&args.document, session.out)?;
    let told = session.device.attributions(document).await;
    let told = told.map_err(failure)?;
    let reading = session.device.read(document).await.map_err(failure)?;
    let names = Names::read(session).await?;
    let fields: Vec<Value> = told.iter().map(|one| json_of(one, &names)).collect();
    let text: Vec<String> = told
        .iter()
        .map(|one| shown(session, &reading, one, &names))
        .collect();
    let text = match text.is_empty() {
        true => session.say(W::NO_STRETCHES),
        false => text.join("\n"),
    };
    session.out.result(
        &json!({"document": document, "fields": fields}),
        &layout::harmless(&text),
    );
    Ok(Exit::Done)
}

fn json_of(one: &Attribution, names: &Names) -> Value {
    let stretch = |one: &Stretch| {
        json!({
            "text": one.text,
            "author": one.author.map(|author| names.practitioner_json(author)),
            "from": when::iso_local(one.from),
            "until": when::iso_local(one.until),
        })
    };
    json!({"field": one.path, "stretches": one.stretches.iter().map(stretch).collect::<Vec<_>>()})
}

fn shown(session: &Session<'_>, reading: &Reading, one: &Attribution, names: &Names) -> String {
    let language = Language::from(session.out.lang);
    let mut text = format!("{}\n", label(reading, &one.path, language));
    for stretch in &one.stretches {
        let who = stretch.author.map(|author| names.practitioner(author));
        let who = who.unwrap_or_else(|| session.say(W::NOBODY_KNOWN));
        let at = when::show(session.out.lang, stretch.until);
        text.push_str(&format!("  {who}, {at}\n"));
        text.push_str(&layout::prose(&stretch.text, 4, layout::width()));
    }
    text
}

/// What people read for a field, or for a field of an item.
fn label(reading: &Reading, path: &str, language: Language) -> String {
    let mut parts = path.split('/');
    let field = parts.next().and_then(|name| reading.field(name));
    let item = parts.next().and_then(|id| id.parse::<Uuid>().ok());
    let within = match (field.map(|field| &field.state), item) {
        (Some(FieldState::Items(items)), Some(id)) => items.iter().find(|one| one.id == id),
        _ => None,
    };
    let within = within
        .zip(parts.next())
        .and_then(|(item, name)| item.field(name));
    let labels = [field, within].into_iter().flatten();
    let labels = labels.filter_map(|field| field.labels.as_ref());
    let labels: Vec<&str> = labels.map(|labels| labels.get(language)).collect();
    match labels.is_empty() {
        true => path.to_owned(),
        false => labels.join(" · "),
    }
}
