//! Templates: versioned descriptions of a document's fields, as data files with Danish and English labels.
//!
//! A field says its type, its limits, its codes in order no problem → problem, and its merge rule. What a template
//! file may say is checked once, when it is read; KL's codes and displays come word for word from `data/kl.toml`.

mod built_in;
mod file;
mod kl;
mod own;
mod retired;

pub use built_in::Templates;
pub use file::{Said, TemplateError};
pub use kl::{Kl, Mandatory};
pub use own::{OWN_TEMPLATES_MAX, OwnFile, TEMPLATE_BYTES_MAX, TEMPLATE_FIELDS_MAX, TemplateAside};
pub use retired::RetireError;

use crate::value::Decimal;
use serde::{Deserialize, Serialize};

/// A language of the user interface. Danish comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Dansk.
    #[default]
    Danish,
    /// English.
    English,
}

/// A text for people in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// Danish.
    pub da: String,
    /// English.
    pub en: String,
}

impl Labels {
    /// The text in this language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Danish => &self.da,
            Language::English => &self.en,
        }
    }
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateKind {
    /// A case's card.
    Card,
    /// One document about a citizen.
    Entry,
    /// A thread that several professionals write together; it stands on no timeline.
    Reflection,
    /// A contact that is planned, in the case it is of; it stands on no timeline and is never signed.
    PlannedContact,
}

impl TemplateKind {
    /// Every one.
    pub const ALL: [Self; 4] = [
        Self::Card,
        Self::Entry,
        Self::Reflection,
        Self::PlannedContact,
    ];

    /// Its name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Entry => "entry",
            Self::Reflection => "reflection",
            Self::PlannedContact => "planned_contact",
        }
    }

    /// Whether its documents are drafted, published and signed. A card and a planned contact go on changing.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Entry | Self::Reflection)
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What becomes of values that two wrote at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeRule {
    /// By character; nobody chooses.
    Text,
    /// All are kept and none is shown as the value until a person chooses.
    KeepAll,
    /// All are kept; the worst is shown until a person chooses.
    WorstUntilChosen,
    /// A withdrawal stands until a new consent names it, whatever else was written at once.
    WithdrawalWins,
    /// The last is shown, the others beside it; nobody has to choose.
    Last,
}

/// One code of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What is kept and delivered.
    pub code: String,
    /// A short name that may be typed instead, where there is one.
    pub name: Option<String>,
    /// What people read.
    pub labels: Labels,
}

/// One unit of a measurement, with its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// `g`, `kg`, `cm`.
    pub unit: String,
    /// Digits after the point that a delivery carries; more are kept and warned of.
    pub decimals: u8,
    /// Less is impossible.
    pub least: Decimal,
    /// More is impossible.
    pub most: Decimal,
    /// Less is unusual.
    pub usual_least: Decimal,
    /// More is unusual.
    pub usual_most: Decimal,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// Prose, merged by character.
    Text {
        /// Most characters.
        chars_max: usize,
    },
    /// One line: a name, an address.
    Line {
        /// Most characters.
        chars_max: usize,
    },
    /// One of a set.
    Code {
        /// In order no problem → problem.
        codes: Vec<Code>,
        /// The codes that withdraw a consent, for `withdrawal_wins`.
        withdrawals: Vec<String>,
    },
    /// A measurement.
    Quantity {
        /// The units it may be typed in.
        units: Vec<Unit>,
    },
    /// A whole number.
    Integer {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A time.
    Moment,
    /// The id of a case, a document or a practitioner.
    Reference,
    /// One of the document's own items, by its id.
    Item {
        /// The field whose items it names.
        of: String,
    },
    /// How much of something, in whatever unit is typed: `4 dage`. It is never compared with another unit's.
    Measure,
    /// A place in a recording: hours, minutes and seconds from its beginning.
    TimeCode,
    /// A CPR number.
    Cpr,
    /// Any number of items, each with these fields.
    Items {
        /// An item's fields; none of them is `Items`.
        fields: Vec<Field>,
    },
}

impl FieldType {
    /// What it expects, for a refusal.
    #[must_use]
    pub const fn expects(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Line { .. } => "one line",
            Self::Code { .. } => "one of its codes",
            Self::Quantity { .. } => "a number with a unit, as in 3450 g",
            Self::Integer { .. } => "a whole number",
            Self::Boolean => "yes or no",
            Self::Date => "a day, as in 2026-11-23 or 23.11.2026",
            Self::Moment => "a time, as in 2026-11-23T14:05:00+01:00",
            Self::Reference => "an id",
            Self::Item { .. } => "the id of an item",
            Self::Measure => "a number with a unit, as in 4 days",
            Self::TimeCode => "a place in a recording, as in 12:30 or 1:02:30",
            Self::Cpr => "DDMMYY-XXXX",
            Self::Items { .. } => "items",
        }
    }
}

/// One field of a template, or of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in documents: `[a-z_]`, unique among its siblings.
    pub name: String,
    /// What people read.
    pub labels: Labels,
    /// What it holds.
    pub field_type: FieldType,
    /// What becomes of concurrent values. For items: of which fields each item keeps its own rule.
    pub merge: MergeRule,
    /// Whether a reason for a missing value may stand in its place.
    pub missing: bool,
    /// Whether what it said first stands: it is written when the document begins, and edited by nobody.
    pub fixed: bool,
}

impl Field {
    /// The fields of its items; empty for other types.
    #[must_use]
    pub fn item_fields(&self) -> &[Self] {
        match &self.field_type {
            FieldType::Items { fields } => fields,
            _ => &[],
        }
    }

    /// A field of its items.
    #[must_use]
    pub fn item_field(&self, name: &str) -> Option<&Self> {
        self.item_fields().iter().find(|field| field.name == name)
    }

    /// Its codes; empty for other types.
    #[must_use]
    pub fn codes(&self) -> &[Code] {
        match &self.field_type {
            FieldType::Code { codes, .. } => codes,
            _ => &[],
        }
    }

    /// Its codes as a refusal names them: the short name where there is one, else the Danish label.
    #[must_use]
    pub fn codes_allowed(&self) -> String {
        let names: Vec<&str> = self
            .codes()
            .iter()
            .map(|code| code.name.as_deref().unwrap_or(&code.labels.da))
            .collect();
        names.join(", ")
    }

    /// Its units and limits as a refusal names them.
    #[must_use]
    pub fn units_allowed(&self) -> String {
        let FieldType::Quantity { units } = &self.field_type else {
            return String::new();
        };
        let limits: Vec<String> = units
            .iter()
            .map(|unit| format!("{} – {} {}", unit.least, unit.most, unit.unit))
            .collect();
        limits.join(", ")
    }

    /// Whether this code withdraws a consent.
    #[must_use]
    pub fn withdraws(&self, code: &str) -> bool {
        match &self.field_type {
            FieldType::Code { withdrawals, .. } => {
                withdrawals.iter().any(|withdrawal| withdrawal == code)
            }
            _ => false,
        }
    }

    /// How bad a code is: its place among the field's codes. A code the field does not know is worst.
    #[must_use]
    pub fn severity(&self, code: &str) -> usize {
        self.codes()
            .iter()
            .position(|known| known.code == code)
            .unwrap_or(usize::MAX)
    }
}

/// One version of one template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// `home_visit`.
    pub name: String,
    /// From 1. A document keeps the version it began with.
    pub version: u32,
    /// What its documents are.
    pub kind: TemplateKind,
    /// What people read.
    pub labels: Labels,
    /// The field whose value names a document in lists, where there is one.
    pub title: Option<String>,
    /// In the order people fill them in.
    pub fields: Vec<Field>,
}

impl Template {
    /// A field by its name. `occurred_at` is a field of every template.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        if name == OCCURRED_AT {
            return Some(occurred_at());
        }
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether its documents name another one that they add to.
    #[must_use]
    pub fn is_addition(&self) -> bool {
        self.field(ADDS_TO).is_some()
    }

    /// Whether its documents are entries that can name the planned contact which they were.
    #[must_use]
    pub fn names_contact(&self) -> bool {
        self.kind == TemplateKind::Entry && self.field(PLANNED_CONTACT).is_some()
    }

    /// Whether a field of it, or of its items, names an item of the document itself.
    #[must_use]
    pub fn names_items(&self) -> bool {
        let names = |field: &Field| matches!(field.field_type, FieldType::Item { .. });
        let mut fields = self.fields.iter();
        fields.any(|field| names(field) || field.item_fields().iter().any(names))
    }

    /// The fields' names, for a refusal.
    #[must_use]
    pub fn fields_allowed(&self) -> String {
        let names: Vec<&str> = self
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        names.join(", ")
    }
}

/// The name of the field in which a document names the one that it adds to: an addendum, or a citizen's remark.
pub const ADDS_TO: &str = "adds_to";

/// The name of the template of planned contacts, and of the field in which an entry names the one that it was.
pub const PLANNED_CONTACT: &str = "planned_contact";

/// Whether a field names another document of its case: it is told by where the document stands, not as what it says.
#[must_use]
pub fn names_document(field: &str) -> bool {
    field == ADDS_TO || field == PLANNED_CONTACT
}

/// The name of the field that says when it happened.
pub const OCCURRED_AT: &str = "occurred_at";

/// The field that says when it happened: every template has it.
#[must_use]
pub fn occurred_at() -> &'static Field {
    static FIELD: std::sync::OnceLock<Field> = std::sync::OnceLock::new();
    FIELD.get_or_init(|| Field {
        name: OCCURRED_AT.to_owned(),
        labels: Labels {
            da: "Tidspunkt".to_owned(),
            en: "When".to_owned(),
        },
        field_type: FieldType::Moment,
        merge: MergeRule::KeepAll,
        missing: false,
        fixed: false,
    })
}
