//! A record of which everything holds, as people and programs read it.

use crate::{
    args::Lang,
    layout::{self, hex},
    output::Output,
    when,
    words::W,
};
use samspor_documents::{
    reading::Reading,
    template::{Language, Templates},
};
use samspor_protocol::{
    hash::Hash32,
    sign::{ServerReceipt, SignedRecord, TextSignature, Verified},
};
use serde_json::{Value, json};

fn lines(reading: &Reading, language: Language) -> Vec<String> {
    reading.summary(Templates::built_in(), language, usize::MAX)
}

/// For programs; `checked`: whether the server's receipt was, and holds.
pub fn json(lang: Lang, record: &SignedRecord, verified: &Verified, checked: bool) -> Value {
    let language = Language::from(lang);
    let place = verified.text.place();
    let reading = verified.text.reading(Templates::built_in());
    let receipt = |receipt: ServerReceipt| {
        json!({
            "seq": receipt.seq, "received_at": when::iso_local(receipt.received_at), "checked": checked,
        })
    };
    let signature = |(number, one): (usize, &TextSignature)| {
        json!({
            "signer": one.signer,
            "device": one.device,
            "signed_at": when::iso_local(one.signed_at),
            "first": number == 0,
        })
    };
    let signatures = verified.signatures.iter().enumerate();
    json!({
        "holds": true,
        "organisation": place.organisation,
        "organisation_key": hex(&record.organisation_key),
        "organisation_key_expected": verified.organisation_expected,
        "space": place.space,
        "document": place.document,
        "card": place.card,
        "template": reading.template,
        "template_version": reading.template_version,
        "template_known": reading.template_known,
        "title": reading.title(Templates::built_in(), language),
        "occurred_at": reading.occurred_at.map(when::iso),
        "written_at": reading.written_at.map(when::iso_local),
        "authors": reading.authors,
        "adds_to": reading.adds_to(),
        "lines": lines(&reading, language),
        "text_sha256": hex(&Hash32::of(&record.text).0),
        "signatures": signatures.map(signature).collect::<Vec<_>>(),
        "receipt": record.receipt.map(receipt),
    })
}

/// For people; `checked`: whether the server's receipt was, and holds.
pub fn text(out: &Output, record: &SignedRecord, verified: &Verified, checked: bool) -> String {
    let (lang, language) = (out.lang, Language::from(out.lang));
    let place = verified.text.place();
    let reading = verified.text.reading(Templates::built_in());
    let mut rows: Vec<(&str, String)> = verified
        .signatures
        .iter()
        .map(|one| {
            let places = [
                ("who", one.signer.to_string()),
                ("at", when::show(lang, one.signed_at)),
                ("device", one.device.to_string()),
            ];
            let places: Vec<(&str, &str)> = places
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            (
                W::LABEL_SIGNED.text(lang),
                out.say(W::VERIFY_SIGNATURE, &places),
            )
        })
        .collect();
    let occurred = reading.occurred_at.map(|at| when::show(lang, at.at));
    rows.extend([
        (W::LABEL_OCCURRED.text(lang), occurred.unwrap_or_default()),
        (W::LABEL_DOCUMENT.text(lang), place.document.to_string()),
        (
            W::LABEL_ORGANISATION.text(lang),
            place.organisation.to_string(),
        ),
        (
            W::LABEL_ORGANISATION_KEY.text(lang),
            hex(&record.organisation_key),
        ),
        (
            W::LABEL_TEXT_HASH.text(lang),
            hex(&Hash32::of(&record.text).0),
        ),
    ]);
    let entry = reading.adds_to().map(|entry| entry.to_string());
    rows.extend(entry.map(|entry| (W::LABEL_ADDS_TO.text(lang), entry)));
    let mut text = format!(
        "{}\n\n{}\n{}\n",
        out.say(W::VERIFY_HOLDS, &[]),
        reading.title(Templates::built_in(), language),
        layout::labelled(&rows)
    );
    let said = lines(&reading, language).join("\n");
    text.push_str(&layout::prose(&said, 2, layout::width()));
    text.push('\n');
    text.push_str(&out.say(
        match verified.organisation_expected {
            true => W::VERIFY_ORGANISATION_EXPECTED,
            false => W::VERIFY_ORGANISATION_NOT_COMPARED,
        },
        &[],
    ));
    if let Some(receipt) = record.receipt {
        let at = when::show(lang, receipt.received_at);
        let seq = receipt.seq.to_string();
        text.push('\n');
        let words = match checked {
            true => W::VERIFY_RECEIPT_HOLDS,
            false => W::VERIFY_RECEIPT,
        };
        text.push_str(&out.say(words, &[("seq", &seq), ("at", &at)]));
    }
    layout::harmless(&text)
}
