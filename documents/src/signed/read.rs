//! From what a text holds back to a reading, by what is known of its template here.

use super::content::{self, Content, Fields, Item, Said, Scalar, Written};
use crate::{
    id::PractitionerId,
    reading::{Attributed, FieldReading, FieldState, ItemReading, Reading, count},
    template::{Field, FieldType, MergeRule, TemplateKind, Templates},
    value::{Value, stored},
};

pub(super) fn reading(content: &Content, templates: &Templates) -> Reading {
    let template = templates.get(&content.template, content.version);
    let known = template.map_or(&[][..], |template| template.fields.as_slice());
    let text = Text {
        authors: &content.authors,
    };
    let fields = text.fields(&content.fields, known);
    Reading {
        kind: template
            .map(|template| template.kind)
            .or_else(|| TemplateKind::from_name(&content.kind))
            .unwrap_or(TemplateKind::Entry),
        template: content.template.clone(),
        template_version: content.version,
        template_known: template.is_some(),
        subject: content.subject,
        occurred_at: content.occurred_at,
        written_at: content.written_at,
        edited_at: content.edited_at,
        authors: content.authors.clone(),
        // Only a draft is discarded, and a draft is not signed.
        discarded: false,
        conflicts: count(&fields, FieldReading::needs_choice),
        invalid: count(&fields, FieldReading::is_invalid),
        fields,
    }
}

/// What a scalar stands as where it means nothing.
fn raw(value: &Scalar) -> String {
    stored::raw(&value.stored())
}

/// Whether values of ours carry all that is said; items' fields are asked for themselves.
fn is_whole(said: &Said) -> bool {
    let carried = |one: &Written| stored::from_unknown(&one.value.stored()).is_some();
    match said {
        Said::One(one) => carried(one),
        Said::Several { values, .. } => values.iter().all(carried),
        Said::Prose { .. } | Said::Items(_) => true,
    }
}

/// A text being read.
struct Text<'a> {
    authors: &'a [PractitionerId],
}

impl Text<'_> {
    /// The template's fields in its order, then what it does not know, by name.
    fn fields(&self, fields: &Fields, known: &[Field]) -> Vec<FieldReading> {
        let known_here = known.iter().map(|field| FieldReading {
            name: field.name.clone(),
            labels: Some(field.labels.clone()),
            merge: field.merge,
            whole: true,
            state: content::field(fields, &field.name)
                .map_or(FieldState::Empty, |said| self.known(field, said)),
        });
        let mut others: Vec<&(String, Said)> = fields
            .iter()
            .filter(|(name, _)| !known.iter().any(|field| field.name == *name))
            .collect();
        others.sort_by(|(one, _), (other, _)| one.cmp(other));
        let others = others.into_iter().map(|(name, said)| FieldReading {
            name: name.clone(),
            labels: None,
            // That these values need no choice was settled by whoever knew the template.
            merge: match said {
                Said::Several { .. } => MergeRule::Last,
                _ => MergeRule::KeepAll,
            },
            whole: is_whole(said),
            state: self.unknown(said),
        });
        known_here.chain(others).collect()
    }

    /// By its field. What does not fit the field is invalid, as it would be in a document.
    fn known(&self, field: &Field, said: &Said) -> FieldState {
        let prose = matches!(field.field_type, FieldType::Text { .. });
        let items = matches!(field.field_type, FieldType::Items { .. });
        match said {
            Said::Prose { text, authors } if !prose => FieldState::Invalid {
                raw: text.clone(),
                author: authors.first().and_then(|place| self.author(*place)),
            },
            Said::Items(all) if items => self.items(all, field.item_fields()),
            Said::Items(all) => FieldState::Invalid {
                raw: raw_items(all),
                author: None,
            },
            Said::One(one) => {
                let fits = !prose && !items;
                let value = self.attributed(one, |value| stored::from_scalar(field, value));
                if fits && value.valid {
                    FieldState::One(value)
                } else {
                    FieldState::Invalid {
                        raw: raw(&one.value),
                        author: value.author,
                    }
                }
            }
            said => self.plain(said, |value| stored::from_scalar(field, value)),
        }
    }

    /// Without a field nothing is invalid: what means nothing here stands as text.
    fn unknown(&self, said: &Said) -> FieldState {
        self.plain(said, |value| {
            stored::from_unknown(value).or_else(|| Some(Value::Text(stored::raw(value))))
        })
    }

    /// What has no items, its values typed by `value`.
    fn plain(
        &self,
        said: &Said,
        value: impl Fn(&automerge::ScalarValue) -> Option<Value>,
    ) -> FieldState {
        match said {
            Said::Prose { text, authors } => FieldState::Text {
                text: text.clone(),
                authors: authors
                    .iter()
                    .filter_map(|place| self.author(*place))
                    .collect(),
            },
            Said::One(one) => FieldState::One(self.attributed(one, value)),
            Said::Several { shown, values } => {
                let values: Vec<Attributed> = values
                    .iter()
                    .map(|one| self.attributed(one, &value))
                    .collect();
                FieldState::Conflict {
                    shown: values.get(*shown).cloned(),
                    values,
                }
            }
            Said::Items(all) => self.items(all, &[]),
        }
    }

    fn items(&self, items: &[Item], known: &[Field]) -> FieldState {
        let item = |item: &Item| ItemReading {
            id: item.id,
            removed: item.removed,
            fields: self.fields(&item.fields, known),
        };
        FieldState::Items(items.iter().map(item).collect())
    }

    fn attributed(
        &self,
        written: &Written,
        value: impl Fn(&automerge::ScalarValue) -> Option<Value>,
    ) -> Attributed {
        let typed = value(&written.value.stored());
        Attributed {
            valid: typed.is_some(),
            value: typed.unwrap_or_else(|| Value::Text(raw(&written.value))),
            author: written.hand.author.and_then(|place| self.author(place)),
            at: written.hand.at,
            operation: String::new(),
        }
    }

    fn author(&self, place: u32) -> Option<PractitionerId> {
        let place = usize::try_from(place).ok()?;
        self.authors.get(place).copied()
    }
}

/// Items where a field has none: `name: value` lines a person may look at.
fn raw_items(items: &[Item]) -> String {
    let fields = items.iter().flat_map(|item| &item.fields);
    let lines = fields.map(|(name, said)| match said {
        Said::Prose { text, .. } => format!("{name}: {text}"),
        Said::One(one) => format!("{name}: {}", raw(&one.value)),
        Said::Several { values, .. } => {
            let all: Vec<String> = values.iter().map(|one| raw(&one.value)).collect();
            format!("{name}: {}", all.join(" ≠ "))
        }
        Said::Items(_) => format!("{name}: …"),
    });
    lines.collect::<Vec<_>>().join("\n")
}
