//! What a document says: every field with what was written, by whom and when; concurrent values side by side.
//!
//! Reading is total. It never chooses silently: where several values stand, all of them are in the reading, and the
//! merge rule only says which is shown meanwhile. Who wrote a value comes from the change that wrote it, never from
//! a field. Reading costs time in proportion to the document.

mod collect;
mod complete;
mod differences;
mod history;
mod json;
mod keys;
mod named;
mod show;
mod source;
mod stretches;
mod unknown;

pub(crate) use collect::{count, template_of};
pub use complete::{COMPLETE_WITHIN_MILLIS, Completeness, Filling, Guide, Outstanding, Required};
pub(crate) use history::{Change, History};
pub(crate) use keys::{Found, Keys};
pub use named::with_items_named;
pub(crate) use source::Source;
pub(crate) use stretches::attributions;
pub use stretches::{Attribution, Stretch};

use crate::{
    id::{DocumentId, PractitionerId, SpaceId},
    template::{ADDS_TO, Labels, MergeRule, PLANNED_CONTACT, TemplateKind, Templates},
    time::{Moment, UnixMillis},
    value::Value,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One value with who wrote it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributed {
    /// The value. What breaks the template stands as text; see `valid`.
    pub value: Value,
    /// Whether it is what its template allows.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub valid: bool,
    /// Who wrote it, from the change; none when that change has no author of ours.
    pub author: Option<PractitionerId>,
    /// When it was typed, by the writer's clock.
    pub at: UnixMillis,
    /// The operation that wrote it, or a consent's statement: what a choice or a new consent names. Empty where a field
    /// is kept for its own sake.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub operation: String,
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_true(value: &bool) -> bool {
    *value
}

const fn keep_all() -> MergeRule {
    MergeRule::KeepAll
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_keep_all(merge: &MergeRule) -> bool {
    matches!(merge, MergeRule::KeepAll)
}

/// What a field says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldState {
    /// Nothing was written.
    Empty,
    /// One value; several people may have written the same.
    One(Attributed),
    /// Prose, with everybody whose characters stand in it, in order of first appearance.
    Text {
        /// The merged text.
        text: String,
        /// Its authors.
        authors: Vec<PractitionerId>,
    },
    /// Several values were written at once.
    Conflict {
        /// What the merge rule shows meanwhile; none when a person has to choose first.
        shown: Option<Attributed>,
        /// Every one of them, oldest first.
        values: Vec<Attributed>,
    },
    /// Items, oldest first.
    Items(Vec<ItemReading>),
    /// It breaks its template: what stands there, as text.
    Invalid {
        /// What stands there.
        raw: String,
        /// Who wrote it.
        author: Option<PractitionerId>,
    },
}

/// One item of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemReading {
    /// Its id.
    #[serde(with = "crate::value::text_forms::uuid")]
    pub id: Uuid,
    /// Whether somebody took it away. It is still read: what was written at once is not lost.
    pub removed: bool,
    /// Its fields.
    pub fields: Vec<FieldReading>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldReading {
    /// Its name.
    pub name: String,
    /// What people read; none for a field the template does not know, which is read as `keep_all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Labels>,
    /// Its merge rule.
    #[serde(default = "keep_all", skip_serializing_if = "is_keep_all")]
    pub merge: MergeRule,
    /// Whether the state carries all that stands there. Not so for containers and kinds of values that neither the
    /// template nor this crate knows: they stand as text a person may look at, and cannot be signed here.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub whole: bool,
    /// What it says.
    pub state: FieldState,
}

/// What a document says. In JSON, what its template says anyway is left out and comes back when it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "json::Row", from = "json::Row")]
pub struct Reading {
    /// What it is, as its creator wrote it.
    pub kind: TemplateKind,
    /// Its template's name; empty when it has none.
    pub template: String,
    /// Its template's version; 0 when it has none.
    pub template_version: u32,
    /// Whether this template and version are known here.
    pub template_known: bool,
    /// The case or circle it is about.
    pub subject: Option<SpaceId>,
    /// When it happened: the earliest, when several were written at once.
    pub occurred_at: Option<Moment>,
    /// When its first change was typed.
    pub written_at: Option<UnixMillis>,
    /// When its latest change was typed, by that writer's clock.
    pub edited_at: Option<UnixMillis>,
    /// Everybody who wrote in it, in order of first change.
    pub authors: Vec<PractitionerId>,
    /// The template's fields in its order, then fields it does not know. `occurred_at` is among them only when it is
    /// in conflict or invalid.
    pub fields: Vec<FieldReading>,
    /// How many fields wait for a person to choose, items' fields included.
    pub conflicts: usize,
    /// How many fields break the template, items' fields included.
    pub invalid: usize,
    /// Whether its author discarded it; everything else reads as before.
    pub discarded: bool,
}

impl Reading {
    /// What is shown of a document that the library cannot read: nothing, marked as invalid.
    pub(crate) const fn unreadable() -> Self {
        Self {
            kind: TemplateKind::Entry,
            template: String::new(),
            template_version: 0,
            template_known: false,
            subject: None,
            occurred_at: None,
            written_at: None,
            edited_at: None,
            authors: Vec::new(),
            fields: Vec::new(),
            conflicts: 0,
            invalid: 1,
            discarded: false,
        }
    }

    /// A field by its name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldReading> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The value that is shown for a field: its one value, or what its merge rule shows in a conflict.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.field(name)
            .and_then(FieldReading::shown)
            .map(|shown| &shown.value)
    }

    /// The document that it adds to: of an addendum, or a citizen's remark. None where that does not read, or several
    /// are named.
    #[must_use]
    pub fn adds_to(&self) -> Option<DocumentId> {
        self.named(ADDS_TO)
    }

    /// The planned contact that it was: of an entry. None as with [`Reading::adds_to`].
    #[must_use]
    pub fn planned_contact(&self) -> Option<DocumentId> {
        match self.kind {
            TemplateKind::Entry => self.named(PLANNED_CONTACT),
            _ => None,
        }
    }

    fn named(&self, field: &str) -> Option<DocumentId> {
        match &self.field(field)?.state {
            FieldState::One(one) => match &one.value {
                Value::Reference(id) => Some(DocumentId(*id)),
                // A template that is not known here: an id reads as text.
                Value::Text(text) => text.parse().ok(),
                _ => None,
            },
            _ => None,
        }
    }

    /// The items of a field that nobody took away.
    pub fn items(&self, name: &str) -> impl Iterator<Item = &ItemReading> {
        let items = match self.field(name).map(|field| &field.state) {
            Some(FieldState::Items(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().filter(|item| !item.removed)
    }
}

impl ItemReading {
    /// A field by its name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldReading> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The value that is shown for a field.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.field(name)
            .and_then(FieldReading::shown)
            .map(|shown| &shown.value)
    }
}

impl FieldReading {
    /// What is shown: the one value, or what the merge rule shows in a conflict. Prose is no single value.
    #[must_use]
    pub const fn shown(&self) -> Option<&Attributed> {
        match &self.state {
            FieldState::One(value) => Some(value),
            FieldState::Conflict { shown, .. } => shown.as_ref(),
            _ => None,
        }
    }

    /// The same without saying by which operations it came to be so: to be kept apart from its document. Where a person
    /// has to choose they stay.
    #[must_use]
    pub fn without_operations(mut self) -> Self {
        match &mut self.state {
            FieldState::One(one) => one.operation.clear(),
            FieldState::Items(items) => {
                for item in items {
                    let fields = std::mem::take(&mut item.fields).into_iter();
                    item.fields = fields.map(Self::without_operations).collect();
                }
            }
            _ => {}
        }
        self
    }

    /// Every value that stands in it, prose and items left out.
    #[must_use]
    pub fn values(&self) -> &[Attributed] {
        match &self.state {
            FieldState::One(value) => std::slice::from_ref(value),
            FieldState::Conflict { values, .. } => values,
            _ => &[],
        }
    }

    /// Whether a person has to choose before it can be edited or signed. A harmless label never waits, and a
    /// withdrawal needs no choice to stand.
    #[must_use]
    pub const fn needs_choice(&self) -> bool {
        match (&self.state, self.merge) {
            (FieldState::Conflict { .. }, MergeRule::Last) => false,
            (FieldState::Conflict { shown, .. }, MergeRule::WithdrawalWins) => shown.is_none(),
            (FieldState::Conflict { .. }, _) => true,
            _ => false,
        }
    }

    /// Whether something in it breaks its template.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        matches!(self.state, FieldState::Invalid { .. })
            || self.values().iter().any(|value| !value.valid)
    }
}

/// Reads a document.
pub(crate) fn read(document: &dyn Source, templates: &Templates) -> Reading {
    collect::read(document, templates)
}

#[cfg(test)]
mod tests;
