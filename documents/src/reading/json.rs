//! A reading as rows keep it: what its template says anyway (labels, merge rules, fields that say nothing) is left
//! out and put back when it is read, from the templates that ship with this crate. A row is a quarter of the size.
//!
//! Whatever would not come back exactly as it was is kept whole.

use super::{FieldReading, FieldState, ItemReading, Reading};
use crate::{
    id::{PractitionerId, SpaceId},
    template::{Field, MergeRule, TemplateKind, Templates},
    time::{Moment, UnixMillis},
};
use serde::{Deserialize, Serialize};

/// A reading in JSON.
#[derive(Serialize, Deserialize)]
pub(super) struct Row {
    kind: TemplateKind,
    template: String,
    template_version: u32,
    template_known: bool,
    subject: Option<SpaceId>,
    occurred_at: Option<Moment>,
    written_at: Option<UnixMillis>,
    edited_at: Option<UnixMillis>,
    authors: Vec<PractitionerId>,
    conflicts: usize,
    invalid: usize,
    /// Whether what the template says was left out.
    #[serde(default, skip_serializing_if = "is_false")]
    short: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    discarded: bool,
    fields: Vec<FieldReading>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl From<Reading> for Row {
    fn from(reading: Reading) -> Self {
        let known = fields_of(&reading.template, reading.template_version);
        let fields = shortened(&reading.fields, known);
        let short = reading.template_known && restored(fields.clone(), known) == reading.fields;
        Self {
            kind: reading.kind,
            template: reading.template,
            template_version: reading.template_version,
            template_known: reading.template_known,
            subject: reading.subject,
            occurred_at: reading.occurred_at,
            written_at: reading.written_at,
            edited_at: reading.edited_at,
            authors: reading.authors,
            conflicts: reading.conflicts,
            invalid: reading.invalid,
            short,
            discarded: reading.discarded,
            fields: if short { fields } else { reading.fields },
        }
    }
}

impl From<Row> for Reading {
    fn from(row: Row) -> Self {
        let known = fields_of(&row.template, row.template_version);
        Self {
            kind: row.kind,
            template: row.template,
            template_version: row.template_version,
            template_known: row.template_known,
            subject: row.subject,
            occurred_at: row.occurred_at,
            written_at: row.written_at,
            edited_at: row.edited_at,
            authors: row.authors,
            conflicts: row.conflicts,
            invalid: row.invalid,
            discarded: row.discarded,
            fields: if row.short {
                restored(row.fields, known)
            } else {
                row.fields
            },
        }
    }
}

fn fields_of(template: &str, version: u32) -> &'static [Field] {
    Templates::built_in()
        .get(template, version)
        .map_or(&[], |template| template.fields.as_slice())
}

/// The field of this name, `occurred_at` included.
fn known_field<'a>(known: &'a [Field], name: &str) -> Option<&'a Field> {
    let occurred_at = crate::template::occurred_at();
    if name == occurred_at.name {
        return Some(occurred_at);
    }
    known.iter().find(|field| field.name == name)
}

fn shortened(fields: &[FieldReading], known: &[Field]) -> Vec<FieldReading> {
    let says = fields
        .iter()
        .filter(|field| field.labels.is_none() || field.state != FieldState::Empty);
    says.map(|field| {
        let Some(template) = known_field(known, &field.name) else {
            return field.clone();
        };
        let state = match &field.state {
            FieldState::Items(items) => FieldState::Items(
                items
                    .iter()
                    .map(|item| shorter_item(item, template))
                    .collect(),
            ),
            state => state.clone(),
        };
        FieldReading {
            name: field.name.clone(),
            labels: None,
            merge: MergeRule::KeepAll,
            whole: true,
            state,
        }
    })
    .collect()
}

fn shorter_item(item: &ItemReading, template: &Field) -> ItemReading {
    ItemReading {
        id: item.id,
        removed: item.removed,
        fields: shortened(&item.fields, template.item_fields()),
    }
}

/// The template's fields in its order with what was kept of them, then what the template does not know.
fn restored(mut kept: Vec<FieldReading>, known: &[Field]) -> Vec<FieldReading> {
    let mut fields = Vec::with_capacity(known.len() + 1);
    if kept
        .first()
        .is_some_and(|field| field.name == crate::template::OCCURRED_AT)
    {
        fields.push(whole(crate::template::occurred_at(), Some(kept.remove(0))));
    }
    for template in known {
        let at = kept.iter().position(|field| field.name == template.name);
        fields.push(whole(template, at.map(|at| kept.remove(at))));
    }
    fields.extend(kept);
    fields
}

fn whole(template: &Field, kept: Option<FieldReading>) -> FieldReading {
    let state = match kept.map_or(FieldState::Empty, |field| field.state) {
        FieldState::Items(items) => {
            let item = |item: ItemReading| ItemReading {
                fields: restored(item.fields, template.item_fields()),
                ..item
            };
            FieldState::Items(items.into_iter().map(item).collect())
        }
        state => state,
    };
    FieldReading {
        name: template.name.clone(),
        labels: Some(template.labels.clone()),
        merge: template.merge,
        whole: true,
        state,
    }
}
