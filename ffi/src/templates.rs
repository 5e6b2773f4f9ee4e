//! Templates as data: enough that an app draws its forms from them, with no code per template.

use crate::{device::Device, error::SamsporError, reading::all, values::count};
use samspor_documents::{
    template::{self, Labels, Language, MergeRule, Template, TemplateKind, Templates},
    value::MissingReason,
};

/// One version of one template.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TemplateForm {
    /// `home_visit`.
    pub name: String,
    /// From 1. A document keeps the version it began with.
    pub version: u32,
    /// Whether new documents begin with it: it is the newest of its name.
    pub latest: bool,
    /// Whether the organisation added it; else it ships.
    pub own: bool,
    /// Whether nothing new is begun in it: the organisation retired it.
    pub retired: bool,
    /// What its documents are.
    pub kind: TemplateKind,
    /// What people read.
    pub labels: Labels,
    /// The field whose value names a document in lists.
    pub title: Option<String>,
    /// Whether its documents add to a signed entry.
    pub is_addition: bool,
    /// Whether its entries can name their planned contact.
    pub names_contact: bool,
    /// In the order people fill them in.
    pub fields: Vec<FieldForm>,
}

/// One field of a template, or of an item.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FieldForm {
    /// Its name in documents.
    pub name: String,
    /// What people read.
    pub labels: Labels,
    /// What it holds.
    pub holds: FieldHolds,
    /// What becomes of concurrent values.
    pub merge: MergeRule,
    /// Whether a reason may stand in the place of a missing value: see `missing_reasons`.
    pub missing: bool,
    /// Whether what it said first stands: written when the document begins, edited by nobody.
    pub fixed: bool,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum FieldHolds {
    /// Prose, merged by character.
    Prose {
        /// Most characters (Unicode code points).
        chars_max: u64,
    },
    /// One line.
    Line {
        /// Most characters (Unicode code points).
        chars_max: u64,
    },
    /// One of a set.
    Code {
        /// In order no problem → problem.
        codes: Vec<CodeForm>,
    },
    /// A measurement.
    Quantity {
        /// The units it may be typed in.
        units: Vec<UnitForm>,
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
    /// How much of something, in whatever unit is typed.
    Measure,
    /// A place in a recording.
    TimeCode,
    /// A CPR number.
    Cpr,
    /// Any number of items, each with these fields.
    Items {
        /// An item's fields.
        fields: Vec<FieldForm>,
    },
}

/// One code of a field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CodeForm {
    /// What is kept and delivered.
    pub code: String,
    /// A short name that may be typed instead, where there is one.
    pub name: Option<String>,
    /// What people read.
    pub labels: Labels,
    /// Whether it withdraws a consent.
    pub withdraws: bool,
}

/// One unit of a measurement, with its limits as decimal texts.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct UnitForm {
    /// `g`, `kg`, `cm`.
    pub unit: String,
    /// Digits after the point that a delivery carries; more are kept and warned of.
    pub decimals: u8,
    /// Less is refused.
    pub least: String,
    /// More is refused.
    pub most: String,
    /// Less is unusual.
    pub usual_least: String,
    /// More is unusual.
    pub usual_most: String,
}

/// A reason for a missing value, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MissingForm {
    /// The reason.
    pub reason: MissingReason,
    /// What people read.
    pub labels: Labels,
}

impl From<template::Unit> for UnitForm {
    fn from(unit: template::Unit) -> Self {
        Self {
            unit: unit.unit,
            decimals: unit.decimals,
            least: unit.least.to_string(),
            most: unit.most.to_string(),
            usual_least: unit.usual_least.to_string(),
            usual_most: unit.usual_most.to_string(),
        }
    }
}

impl From<template::Field> for FieldForm {
    fn from(field: template::Field) -> Self {
        Self {
            name: field.name,
            labels: field.labels,
            holds: field.field_type.into(),
            merge: field.merge,
            missing: field.missing,
            fixed: field.fixed,
        }
    }
}

impl From<template::FieldType> for FieldHolds {
    fn from(holds: template::FieldType) -> Self {
        use template::FieldType as T;
        match holds {
            T::Text { chars_max } => Self::Prose {
                chars_max: count(chars_max),
            },
            T::Line { chars_max } => Self::Line {
                chars_max: count(chars_max),
            },
            T::Code { codes, withdrawals } => Self::Code {
                codes: codes
                    .into_iter()
                    .map(|code| code_form(code, &withdrawals))
                    .collect(),
            },
            T::Quantity { units } => Self::Quantity { units: all(units) },
            T::Integer { least, most } => Self::Integer { least, most },
            T::Boolean => Self::Boolean,
            T::Date => Self::Date,
            T::Moment => Self::Moment,
            T::Reference => Self::Reference,
            T::Item { of } => Self::Item { of },
            T::Measure => Self::Measure,
            T::TimeCode => Self::TimeCode,
            T::Cpr => Self::Cpr,
            T::Items { fields } => Self::Items {
                fields: all(fields),
            },
        }
    }
}

fn code_form(code: template::Code, withdrawals: &[String]) -> CodeForm {
    CodeForm {
        withdraws: withdrawals.contains(&code.code),
        code: code.code,
        name: code.name,
        labels: code.labels,
    }
}

fn form(template: &Template, known: &Templates) -> TemplateForm {
    let latest = known.latest(&template.name);
    TemplateForm {
        own: known.is_own(template),
        retired: known.is_retired(template),
        name: template.name.clone(),
        version: template.version,
        latest: latest.is_some_and(|latest| latest.version == template.version),
        kind: template.kind,
        labels: template.labels.clone(),
        title: template.title.clone(),
        is_addition: template.is_addition(),
        names_contact: template.names_contact(),
        fields: all(template.fields.clone()),
    }
}

#[uniffi::export]
impl Device {
    /// Every version of every template that this device knows: those that ship, and the organisation's own as the last
    /// sync told.
    pub async fn templates(&self) -> Result<Vec<TemplateForm>, SamsporError> {
        self.run(async move |device| {
            let known = device.templates();
            Ok(known.all().iter().map(|one| form(one, &known)).collect())
        })
        .await
    }
}

/// The reasons that may stand in the place of a missing value, in the order in which people are asked.
#[uniffi::export]
pub fn missing_reasons() -> Vec<MissingForm> {
    let labels = |reason: MissingReason| Labels {
        da: reason.label(Language::Danish).to_owned(),
        en: reason.label(Language::English).to_owned(),
    };
    MissingReason::ALL
        .into_iter()
        .map(|reason| MissingForm {
            reason,
            labels: labels(reason),
        })
        .collect()
}
