//! Titles and short lines for lists.

use super::{FieldReading, FieldState, Reading, with_items_named};
use crate::{
    contact,
    template::{Field, Language, Template, TemplateKind, Templates, names_document},
};

/// Most characters of one line in a list.
const LINE_CHARS_MAX: usize = 160;

impl Reading {
    /// Its template, when it is known here.
    #[must_use]
    pub fn template<'a>(&self, templates: &'a Templates) -> Option<&'a Template> {
        templates.get(&self.template, self.template_version)
    }

    /// What it is called in a list: a card by its citizen's name, a visit by its type, else by its template.
    #[must_use]
    pub fn title(&self, templates: &Templates, language: Language) -> String {
        let Some(template) = self.template(templates) else {
            return match language {
                Language::Danish => "Ukendt skabelon".to_owned(),
                Language::English => "Unknown template".to_owned(),
            };
        };
        let own = template.title.as_deref().and_then(|name| {
            let shown = self.field(name)?.line(template.field(name), language);
            (!shown.is_empty()).then_some(shown)
        });
        let label = template.labels.get(language);
        match (own, self.kind) {
            (Some(own), TemplateKind::Card) => own,
            (Some(own), _) => format!("{label}: {own}"),
            (None, _) => label.to_owned(),
        }
    }

    /// The first `lines` fields that say something, each `Label: what it says` on one line of at most 160
    /// characters. The field that is the title is left out, and what is told beside: which
    /// document it belongs to, and how a planned contact stands.
    #[must_use]
    pub fn summary(&self, templates: &Templates, language: Language, lines: usize) -> Vec<String> {
        let template = self.template(templates);
        let title = template.and_then(|template| template.title.as_deref());
        let fields = with_items_named(&self.fields, template, language);
        let said = fields
            .iter()
            .filter(|field| Some(field.name.as_str()) != title && !self.is_told_beside(field))
            .filter_map(|field| {
                let known = template.and_then(|template| template.field(&field.name));
                let shown = field.line(known, language);
                let label = field
                    .labels
                    .as_ref()
                    .map_or(field.name.as_str(), |labels| labels.get(language));
                (!shown.is_empty()).then(|| format!("{label}: {shown}"))
            });
        said.take(lines).collect()
    }

    /// Whether a field is told by where the document stands, or by how a planned contact stands, and so in no summary.
    #[must_use]
    pub fn is_told_beside(&self, field: &FieldReading) -> bool {
        let name = field.name.as_str();
        names_document(name)
            || self.kind == TemplateKind::PlannedContact
                && (name == contact::STATUS || name == contact::PRACTITIONER)
    }
}

impl FieldReading {
    /// What the field says, on one line: concurrent values side by side, items separated by `;`. Empty when it says
    /// nothing. `known` is the template's field, where there is one.
    #[must_use]
    pub fn line(&self, known: Option<&Field>, language: Language) -> String {
        one_line(&self.said(known, language))
    }

    /// The same, as long as it is, and prose with its line breaks.
    pub(super) fn said(&self, known: Option<&Field>, language: Language) -> String {
        let value = |value: &crate::value::Value| {
            known.map_or_else(
                || value.display_plain(language),
                |field| value.display(field, language),
            )
        };
        match &self.state {
            FieldState::Empty => String::new(),
            FieldState::One(one) => value(&one.value),
            FieldState::Text { text, .. } => text.clone(),
            FieldState::Conflict { values, .. } => {
                let all: Vec<String> = values.iter().map(|one| value(&one.value)).collect();
                all.join(" ≠ ")
            }
            FieldState::Items(items) => {
                let item = |item: &super::ItemReading| {
                    let parts = item.fields.iter().map(|part| {
                        part.said(
                            known.and_then(|field| field.item_field(&part.name)),
                            language,
                        )
                    });
                    parts
                        .filter(|part| !part.is_empty())
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                let all: Vec<String> = items.iter().filter(|one| !one.removed).map(item).collect();
                all.join("; ")
            }
            FieldState::Invalid { raw, .. } => raw.clone(),
        }
    }
}

/// Line breaks become blanks; what is too long ends in `…`.
fn one_line(text: &str) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > LINE_CHARS_MAX {
        line = line.chars().take(LINE_CHARS_MAX - 1).collect();
        line.push('…');
    }
    line
}
