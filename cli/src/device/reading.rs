//! `read`: one document, field by field, with who wrote what; concurrent values stand beside each other.

use super::{
    additions, complete,
    error::failure,
    names::Names,
    periods, restrict,
    session::{Session, document_id},
    timeline,
};
use crate::{
    args::{device::ReadArgs, visit::GuideArg},
    exit::Exit,
    failure::Failure,
    layout, when,
    words::W,
};
use samspor_client_core::TimelineRow;
use samspor_documents::{
    id::DocumentId,
    reading::{Attributed, FieldReading, FieldState, ItemReading, Reading, with_items_named},
    template::{Field, Language, Template},
};
use serde_json::{Map, Value as Json, json};

/// Reads one document.
///
/// # Errors
/// `bad_id`, `unknown_document`.
pub async fn run(session: &Session<'_>, args: &ReadArgs) -> Result<Exit, Failure> {
    let document = document_id(&args.document, session.out)?;
    show(session, document, args.guide, |_, _, _| {}).await
}

/// Prints a document, and what `more` adds to it.
///
/// # Errors
/// `unknown_document`.
pub async fn show(
    session: &Session<'_>,
    document: DocumentId,
    guide: GuideArg,
    more: impl FnOnce(&Names, &mut Map<String, Json>, &mut String),
) -> Result<Exit, Failure> {
    let reading = session.device.read(document).await.map_err(failure)?;
    let row = session.device.row(document).await.map_err(failure)?;
    let names = Names::read(session).await?;
    let shown = Shown::new(session, &names, &reading);
    let complete = complete::Told::of(&session.templates, &reading, guide);
    let mut json = shown.json(document, &reading);
    let mut text = shown.text(document, &reading, row.as_ref());
    text.push_str(&layout::harmless(&complete.text(session)));
    let periods = periods::Told::of(&session.templates, document, &reading);
    if let Some(periods) = &periods {
        text.push_str(&layout::harmless(&periods.text(session)));
    }
    if let Some(all) = json.as_object_mut() {
        let language = Language::from(session.out.lang);
        let periods = periods.map(|periods| periods.json(language));
        all.insert("feeding".to_owned(), json!(periods));
        all.insert("incomplete".to_owned(), json!(complete.outstanding()));
        all.insert("required".to_owned(), complete.json());
    }
    if let (Some(row), Some(all)) = (&row, json.as_object_mut()) {
        all.insert(
            "received_at".to_owned(),
            json!(row.received_at.map(when::iso_local)),
        );
        all.insert("late".to_owned(), json!(timeline::late(row).is_some()));
        all.insert("late_days".to_owned(), json!(timeline::late(row)));
        all.insert("state".to_owned(), json!(row.state.code()));
        all.insert("waiting".to_owned(), json!(row.waiting));
        all.insert("refused".to_owned(), json!(row.refused));
        all.insert("signers".to_owned(), names.signers_json(&row.signers));
        all.insert("adds_to".to_owned(), json!(row.adds_to));
        let restriction = row.restriction.as_ref();
        let restriction = restriction.map(|said| restrict::told(said, &names));
        all.insert("restriction".to_owned(), json!(restriction));
        if let Some(mark) = restrict::mark(session, row, &names) {
            text.push_str(&format!("! {}\n", layout::harmless(&mark)));
        }
        if let Some(late) = timeline::written(session, row) {
            text.push_str(&format!("! {late}\n"));
        }
        for mark in timeline::marks(session, row) {
            text.push_str(&format!("! {mark}\n"));
        }
        let (added, shown) = additions::read(session, &names, row).await?;
        all.insert("additions".to_owned(), json!(added));
        text.push_str(&shown);
    }
    if let Some(all) = json.as_object_mut() {
        more(&names, all, &mut text);
    }
    session.out.result(&json, &text);
    Ok(Exit::Done)
}

/// What is needed to show the fields of a reading.
pub struct Shown<'a> {
    session: &'a Session<'a>,
    names: &'a Names,
    template: Option<&'a Template>,
    language: Language,
}

impl<'a> Shown<'a> {
    /// For one reading.
    pub fn new(session: &'a Session<'a>, names: &'a Names, reading: &Reading) -> Self {
        let template = session
            .templates
            .get(&reading.template, reading.template_version);
        Self::of_template(session, names, template)
    }

    /// For fields of a template.
    pub fn of_template(
        session: &'a Session<'a>,
        names: &'a Names,
        template: Option<&'a Template>,
    ) -> Self {
        Self {
            session,
            names,
            template,
            language: Language::from(session.out.lang),
        }
    }

    fn json(&self, document: DocumentId, reading: &Reading) -> Json {
        let circle = reading.subject.and_then(|space| self.names.circle(space));
        json!({
            "document": document,
            "title": reading.title(&self.session.templates, self.language),
            "template": reading.template,
            "template_version": reading.template_version,
            "template_known": reading.template_known,
            "kind": reading.kind,
            "subject": reading.subject,
            "circle": circle,
            "occurred_at": reading.occurred_at.map(when::iso),
            "written_at": reading.written_at.map(when::iso_local),
            "authors": reading.authors.iter().map(|id| self.names.practitioner_json(*id)).collect::<Vec<_>>(),
            "fields": self.fields_json(&reading.fields),
            "conflicts": reading.conflicts,
            "invalid": reading.invalid,
        })
    }

    /// Fields as JSON.
    pub fn fields_json(&self, fields: &[FieldReading]) -> Vec<Json> {
        fields
            .iter()
            .map(|field| self.field_json(field, self.field(&field.name)))
            .collect()
    }

    fn field(&self, name: &str) -> Option<&'a Field> {
        self.template.and_then(|template| template.field(name))
    }

    fn field_json(&self, reading: &FieldReading, field: Option<&Field>) -> Json {
        let mut json = json!({"name": reading.name, "label": self.label(reading, field)});
        let state = match &reading.state {
            FieldState::Empty => json!({"state": "empty"}),
            FieldState::One(one) => {
                json!({"state": "one", "value": self.attributed_json(one, field)})
            }
            FieldState::Text { text, authors } => json!({
                "state": "text",
                "text": text,
                "authors": authors.iter().map(|id| self.names.practitioner_json(*id)).collect::<Vec<_>>(),
            }),
            FieldState::Conflict { shown, values } => json!({
                "state": "conflict",
                "shown": shown.as_ref().map(|shown| self.attributed_json(shown, field)),
                "values": values.iter().map(|value| self.attributed_json(value, field)).collect::<Vec<_>>(),
            }),
            FieldState::Items(items) => json!({
                "state": "items",
                "items": items.iter().map(|item| self.item_json(item, field)).collect::<Vec<_>>(),
            }),
            FieldState::Invalid { raw, author } => json!({
                "state": "invalid",
                "raw": raw,
                "author": author.map(|id| self.names.practitioner_json(id)),
            }),
        };
        if let (Some(all), Json::Object(state)) = (json.as_object_mut(), state) {
            all.extend(state);
        }
        json
    }

    fn item_json(&self, item: &ItemReading, field: Option<&Field>) -> Json {
        let inner = |reading: &FieldReading| {
            self.field_json(
                reading,
                field.and_then(|field| field.item_field(&reading.name)),
            )
        };
        json!({
            "id": item.id.to_string(),
            "removed": item.removed,
            "fields": item.fields.iter().map(inner).collect::<Vec<_>>(),
        })
    }

    /// A value with its author and time.
    pub fn attributed_json(&self, value: &Attributed, field: Option<&Field>) -> Json {
        json!({
            "value": value.value,
            "display": self.display(value, field),
            "author": value.author.map(|id| self.names.practitioner_json(id)),
            "at": when::iso_local(value.at),
        })
    }

    fn display(&self, value: &Attributed, field: Option<&Field>) -> String {
        match field {
            Some(field) => value.value.display(field, self.language),
            None => value.value.display_plain(self.language),
        }
    }

    fn label(&self, reading: &FieldReading, field: Option<&Field>) -> String {
        match (field, &reading.labels) {
            (Some(field), _) => field.labels.get(self.language).to_owned(),
            (None, Some(labels)) => labels.get(self.language).to_owned(),
            (None, None) => reading.name.clone(),
        }
    }

    fn text(&self, document: DocumentId, reading: &Reading, row: Option<&TimelineRow>) -> String {
        let out = self.session.out;
        let place = reading.subject.map(|space| match self.names.circle(space) {
            Some(name) => (W::LABEL_CIRCLE, name.to_owned()),
            None => (W::LABEL_CASE, space.to_string()),
        });
        let lang = out.lang;
        let mut rows = vec![
            (
                out.say(W::LABEL_OCCURRED, &[]),
                reading.occurred_at.map(|at| when::show(lang, at.at)),
            ),
            (
                out.say(W::LABEL_WRITTEN, &[]),
                reading.written_at.map(|at| when::show(lang, at)),
            ),
            (
                out.say(W::LABEL_RECEIVED_AT, &[]),
                row.map(|row| match row.received_at {
                    Some(at) => when::show(lang, at),
                    None => out.say(W::NOT_RECEIVED, &[]),
                }),
            ),
            (
                out.say(W::LABEL_AUTHORS, &[]),
                Some(self.names.practitioners(&reading.authors)),
            ),
            (out.say(W::LABEL_DOCUMENT, &[]), Some(document.to_string())),
        ];
        let state = row.map(|row| self.session.say(timeline::state(row.state)));
        rows.extend(state.map(|state| (out.say(W::LABEL_STATUS, &[]), Some(state))));
        let signers = row.map(|row| self.names.signers(lang, &row.signers));
        let signers = signers.filter(|signers| !signers.is_empty());
        rows.extend(signers.map(|who| (out.say(W::LABEL_SIGNED, &[]), Some(who))));
        rows.extend(place.map(|(label, value)| (out.say(label, &[]), Some(value))));
        let rows: Vec<(&str, String)> = rows
            .iter()
            .map(|(label, value)| (label.as_str(), value.clone().unwrap_or_default()))
            .collect();
        let title = reading.title(&self.session.templates, self.language);
        let fields = self.fields_text(&reading.fields);
        layout::harmless(&format!("{title}\n{}\n{fields}", layout::labelled(&rows)))
    }

    /// Fields as text, the empty ones left out.
    pub fn fields_text(&self, fields: &[FieldReading]) -> String {
        with_items_named(fields, self.template, self.language)
            .iter()
            .map(|field| self.field_text(field, self.field(&field.name), 0))
            .collect()
    }

    fn field_text(&self, reading: &FieldReading, field: Option<&Field>, indent: usize) -> String {
        let margin = " ".repeat(indent);
        let head = format!("{margin}{} ({})", self.label(reading, field), reading.name);
        match &reading.state {
            FieldState::Empty => String::new(),
            FieldState::Text { text, .. } if text.is_empty() => String::new(),
            FieldState::One(one) => format!("{head}: {}\n", self.display(one, field)),
            FieldState::Text { text, .. } => {
                format!(
                    "{head}:\n{}",
                    layout::prose(text, indent + 2, layout::width())
                )
            }
            FieldState::Conflict { shown, values } => {
                self.conflict_text(&head, shown.as_ref(), values, field, indent)
            }
            FieldState::Items(items) => self.items_text(&head, items, field, indent),
            FieldState::Invalid { raw, .. } => {
                format!("{head}: {} {raw}\n", self.session.say(W::INVALID_VALUE))
            }
        }
    }

    fn conflict_text(
        &self,
        head: &str,
        shown: Option<&Attributed>,
        values: &[Attributed],
        field: Option<&Field>,
        indent: usize,
    ) -> String {
        let margin = " ".repeat(indent + 2);
        // In a signed text nothing is there to be chosen any more: its values name no operation.
        let is_settled = values.iter().all(|value| value.operation.is_empty());
        let words = if is_settled {
            W::SEVERAL_VALUES_SIGNED
        } else {
            W::SEVERAL_VALUES
        };
        let mut text = format!("{head}: {}\n", self.session.say(words));
        for value in values {
            let mark = if shown == Some(value) { "> " } else { "- " };
            text.extend([margin.as_str(), mark, &self.signed(value, field), "\n"]);
        }
        text
    }

    /// A value, its author and when.
    pub fn signed(&self, value: &Attributed, field: Option<&Field>) -> String {
        let author = value
            .author
            .map_or_else(String::new, |id| self.names.practitioner(id));
        let at = when::show(self.session.out.lang, value.at);
        format!("{} ({author}, {at})", self.display(value, field))
    }

    fn items_text(
        &self,
        head: &str,
        items: &[ItemReading],
        field: Option<&Field>,
        indent: usize,
    ) -> String {
        let standing: Vec<&ItemReading> = items.iter().filter(|item| !item.removed).collect();
        if standing.is_empty() {
            return String::new();
        }
        let margin = " ".repeat(indent + 2);
        let mut text = format!("{head}:\n");
        for item in standing {
            text.push_str(&format!("{margin}- {}\n", item.id));
            for reading in &item.fields {
                let inner = field.and_then(|field| field.item_field(&reading.name));
                text.push_str(&self.field_text(reading, inner, indent + 4));
            }
        }
        text
    }
}
