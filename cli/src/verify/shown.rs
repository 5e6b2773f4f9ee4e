//! A record of which everything holds, as people and programs read it.

use crate::{
    args::Lang,
    layout::{self, hex},
    output::Output,
    when,
    words::W,
};
use samspor_documents::template::Language;
use samspor_protocol::{
    hash::Hash32,
    sign::{Labelled, LabelsFrom, ServerReceipt, SignedFile, TextSignature, Verified},
};
use serde_json::{Value, json};

/// A record that holds, with what it is shown with.
pub struct Shown<'a> {
    file: &'a SignedFile,
    verified: &'a Verified,
    /// Whether the server's receipt was checked, and holds.
    checked: bool,
    labelled: Labelled,
}

impl<'a> Shown<'a> {
    /// What is shown of a record that holds; `checked`: whether the server's receipt was, and holds.
    pub fn of(file: &'a SignedFile, verified: &'a Verified, checked: bool) -> Self {
        Self {
            file,
            verified,
            checked,
            labelled: file.labelled(&verified.text),
        }
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let Labelled {
            reading, templates, ..
        } = &self.labelled;
        reading.summary(templates, language, usize::MAX)
    }

    fn title(&self, language: Language) -> String {
        let Labelled {
            reading, templates, ..
        } = &self.labelled;
        reading.title(templates, language)
    }

    /// The attached template's file, by its digest.
    fn attached(&self) -> Option<Value> {
        let template = self.file.template.as_ref()?;
        let sha256 = hex(&Hash32::of(template.text.as_bytes()).0);
        Some(json!({"name": template.name, "version": template.version, "sha256": sha256}))
    }

    /// For programs.
    pub fn json(&self, lang: Lang) -> Value {
        let language = Language::from(lang);
        let place = self.verified.text.place();
        let (record, reading) = (&self.file.record, &self.labelled.reading);
        let receipt = |receipt: ServerReceipt| {
            json!({
                "seq": receipt.seq, "received_at": when::iso_local(receipt.received_at), "checked": self.checked,
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
        let signatures = self.verified.signatures.iter().enumerate();
        json!({
            "holds": true,
            "organisation": place.organisation,
            "organisation_key": hex(&record.organisation_key),
            "organisation_key_expected": self.verified.organisation_expected,
            "space": place.space,
            "document": place.document,
            "card": place.card,
            "template": reading.template,
            "template_version": reading.template_version,
            "template_known": reading.template_known,
            "labels": labels_code(self.labelled.from),
            "attached_template": self.attached(),
            "title": self.title(language),
            "occurred_at": reading.occurred_at.map(when::iso),
            "written_at": reading.written_at.map(when::iso_local),
            "authors": reading.authors,
            "adds_to": reading.adds_to(),
            "lines": self.lines(language),
            "text_sha256": hex(&Hash32::of(&record.text).0),
            "signatures": signatures.map(signature).collect::<Vec<_>>(),
            "receipt": record.receipt.map(receipt),
        })
    }

    /// For people.
    pub fn text(&self, out: &Output) -> String {
        let (lang, language) = (out.lang, Language::from(out.lang));
        let rows = self.rows(out);
        let rows: Vec<(&str, String)> = rows
            .into_iter()
            .map(|(label, said)| (label.text(lang), said))
            .collect();
        let mut text = format!(
            "{}\n\n{}\n{}\n",
            out.say(W::VERIFY_HOLDS, &[]),
            self.title(language),
            layout::labelled(&rows)
        );
        let said = self.lines(language).join("\n");
        text.push_str(&layout::prose(&said, 2, layout::width()));
        text.push('\n');
        if let Some(words) = labels_words(self.labelled.from) {
            let reading = &self.labelled.reading;
            let version = reading.template_version.to_string();
            let places = [("name", reading.template.as_str()), ("version", &version)];
            text.push_str(&out.say(words, &places));
            text.push('\n');
        }
        text.push_str(&out.say(
            match self.verified.organisation_expected {
                true => W::VERIFY_ORGANISATION_EXPECTED,
                false => W::VERIFY_ORGANISATION_NOT_COMPARED,
            },
            &[],
        ));
        if let Some(receipt) = self.file.record.receipt {
            let at = when::show(lang, receipt.received_at);
            let seq = receipt.seq.to_string();
            text.push('\n');
            let words = match self.checked {
                true => W::VERIFY_RECEIPT_HOLDS,
                false => W::VERIFY_RECEIPT,
            };
            text.push_str(&out.say(words, &[("seq", &seq), ("at", &at)]));
        }
        layout::harmless(&text)
    }

    /// Who signed when, and what it is.
    fn rows(&self, out: &Output) -> Vec<(W, String)> {
        let place = self.verified.text.place();
        let (record, reading) = (&self.file.record, &self.labelled.reading);
        let signed = |one: &TextSignature| {
            let (who, device) = (one.signer.to_string(), one.device.to_string());
            let at = when::show(out.lang, one.signed_at);
            let places = [("who", who.as_str()), ("at", &at), ("device", &device)];
            (W::LABEL_SIGNED, out.say(W::VERIFY_SIGNATURE, &places))
        };
        let mut rows: Vec<(W, String)> = self.verified.signatures.iter().map(signed).collect();
        let occurred = reading.occurred_at.map(|at| when::show(out.lang, at.at));
        rows.extend([
            (W::LABEL_OCCURRED, occurred.unwrap_or_default()),
            (W::LABEL_DOCUMENT, place.document.to_string()),
            (W::LABEL_ORGANISATION, place.organisation.to_string()),
            (W::LABEL_ORGANISATION_KEY, hex(&record.organisation_key)),
            (W::LABEL_TEXT_HASH, hex(&Hash32::of(&record.text).0)),
        ]);
        let entry = reading.adds_to().map(|entry| entry.to_string());
        rows.extend(entry.map(|entry| (W::LABEL_ADDS_TO, entry)));
        rows
    }
}

/// Where the labels come from, for programs.
const fn labels_code(from: LabelsFrom) -> &'static str {
    match from {
        LabelsFrom::Program => "program",
        LabelsFrom::Organisation => "organisation",
        LabelsFrom::Attached => "attached",
        LabelsFrom::Nowhere => "none",
        LabelsFrom::Unusable => "attached_unusable",
    }
}

/// The same, for people; nothing where the template ships.
const fn labels_words(from: LabelsFrom) -> Option<W> {
    match from {
        LabelsFrom::Program => None,
        LabelsFrom::Organisation => Some(W::VERIFY_LABELS_ORGANISATION),
        LabelsFrom::Attached => Some(W::VERIFY_LABELS_ATTACHED),
        LabelsFrom::Nowhere => Some(W::VERIFY_LABELS_NOWHERE),
        LabelsFrom::Unusable => Some(W::VERIFY_LABELS_UNUSABLE),
    }
}
