//! `who`: who wrote which stretch of a document's prose.

use super::{
    error::failure,
    names::Names,
    session::{Session, document_id},
};
use crate::{args::device::WhoArgs, exit::Exit, failure::Failure, layout, when, words::W};
use samspor_documents::{
    reading::{Attribution, Reading, Stretch},
    template::Language,
};
use serde_json::{Value, json};

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
    let field = reading.field(&one.path);
    let label = field.and_then(|field| field.labels.as_ref());
    let label = label.map_or(one.path.as_str(), |labels| labels.get(language));
    let mut text = format!("{label}\n");
    for stretch in &one.stretches {
        let who = stretch.author.map(|author| names.practitioner(author));
        let who = who.unwrap_or_else(|| session.say(W::NOBODY_KNOWN));
        let at = when::show(session.out.lang, stretch.until);
        text.push_str(&format!("  {who}, {at}\n"));
        text.push_str(&layout::prose(&stretch.text, 4, layout::width()));
        text.push('\n');
    }
    text
}
