//! What a document says: every field with what was written, by whom and when; concurrent values side by side.

use crate::values::{Value, count};
use samspor_documents::{
    id::{PractitionerId, SpaceId},
    reading::{self, Attribution, Stretch},
    template::{Labels, MergeRule, TemplateKind},
    time::{Moment, UnixMillis},
};
use uuid::Uuid;

/// One value with who wrote it and when.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Attributed {
    /// The value. What breaks the template stands as text.
    pub value: Value,
    /// Whether it is what its template allows.
    pub valid: bool,
    /// Who wrote it.
    pub author: Option<PractitionerId>,
    /// When it was typed, by the writer's clock.
    pub at: UnixMillis,
    /// The operation that wrote it: what a new consent names. Empty in what was typed, where it waits to be sent.
    pub operation: String,
}

impl From<reading::Attributed> for Attributed {
    fn from(one: reading::Attributed) -> Self {
        Self {
            value: one.value.into(),
            valid: one.valid,
            author: one.author,
            at: one.at,
            operation: one.operation,
        }
    }
}

/// What a field says.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum FieldState {
    /// Nothing was written.
    Empty,
    /// One value; several people may have written the same.
    One {
        /// It.
        value: Attributed,
    },
    /// Prose, with everybody whose characters stand in it.
    Prose {
        /// The merged text.
        text: String,
        /// Its authors, in order of first appearance.
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
    Items {
        /// They, those that were removed as well.
        items: Vec<ItemReading>,
    },
    /// It breaks its template: what stands there, as text.
    Invalid {
        /// What stands there.
        raw: String,
        /// Who wrote it.
        author: Option<PractitionerId>,
    },
}

impl From<reading::FieldState> for FieldState {
    fn from(state: reading::FieldState) -> Self {
        use reading::FieldState as S;
        match state {
            S::Empty => Self::Empty,
            S::One(value) => Self::One {
                value: value.into(),
            },
            S::Text { text, authors } => Self::Prose { text, authors },
            S::Conflict { shown, values } => Self::Conflict {
                shown: shown.map(Into::into),
                values: all(values),
            },
            S::Items(items) => Self::Items { items: all(items) },
            S::Invalid { raw, author } => Self::Invalid { raw, author },
        }
    }
}

/// One item of a field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ItemReading {
    /// Its id.
    pub id: Uuid,
    /// Whether somebody took it away.
    pub removed: bool,
    /// Its fields.
    pub fields: Vec<FieldReading>,
}

impl From<reading::ItemReading> for ItemReading {
    fn from(item: reading::ItemReading) -> Self {
        Self {
            id: item.id,
            removed: item.removed,
            fields: all(item.fields),
        }
    }
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FieldReading {
    /// Its name.
    pub name: String,
    /// What people read; none for a field that the template does not know.
    pub labels: Option<Labels>,
    /// Its merge rule.
    pub merge: MergeRule,
    /// Whether the state carries all that stands there.
    pub whole: bool,
    /// Whether a person has to choose before it can be edited or signed.
    pub needs_choice: bool,
    /// What it says.
    pub state: FieldState,
}

impl From<reading::FieldReading> for FieldReading {
    fn from(field: reading::FieldReading) -> Self {
        Self {
            needs_choice: field.needs_choice(),
            name: field.name,
            labels: field.labels,
            merge: field.merge,
            whole: field.whole,
            state: field.state.into(),
        }
    }
}

/// What a document says.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reading {
    /// What it is.
    pub kind: TemplateKind,
    /// Its template's name.
    pub template: String,
    /// Its template's version.
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
    /// The template's fields in its order, then fields it does not know.
    pub fields: Vec<FieldReading>,
    /// How many fields wait for a person to choose.
    pub conflicts: u64,
    /// How many fields break the template.
    pub invalid: u64,
    /// Whether its author discarded it.
    pub discarded: bool,
}

impl From<reading::Reading> for Reading {
    fn from(reading: reading::Reading) -> Self {
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
            fields: all(reading.fields),
            conflicts: count(reading.conflicts),
            invalid: count(reading.invalid),
            discarded: reading.discarded,
        }
    }
}

/// Consecutive characters of one author.
#[uniffi::remote(Record)]
pub struct Stretch {
    /// The characters.
    pub text: String,
    /// Who wrote them.
    pub author: Option<PractitionerId>,
    /// When the first of them was typed, by the writer's clock.
    pub from: UnixMillis,
    /// When the last of them was.
    pub until: UnixMillis,
}

/// Who wrote which stretch of one prose field.
#[uniffi::remote(Record)]
pub struct Attribution {
    /// Where it stands: `text`, or `relations/<item>/note` within an item.
    pub path: String,
    /// Its characters, in order; together they are its text.
    pub stretches: Vec<Stretch>,
}

/// Each as the app has it.
pub(crate) fn all<T: Into<U>, U>(list: Vec<T>) -> Vec<U> {
    list.into_iter().map(Into::into).collect()
}
