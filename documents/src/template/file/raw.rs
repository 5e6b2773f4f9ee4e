//! A template file's words as they stand, before anything is asked of them.

use crate::{
    template::{Labels, MergeRule, TemplateKind},
    value::Decimal,
};
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTemplate {
    pub name: String,
    pub version: u32,
    pub kind: TemplateKind,
    pub labels: Labels,
    pub title: Option<Spanned<String>>,
    pub field: Vec<Spanned<RawField>>,
}

/// Fields that templates take by the file's name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBlock {
    pub field: Vec<Spanned<RawField>>,
}

/// A field, or `use` alone.
#[derive(Deserialize, Clone, Default, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    /// The block whose fields stand in this place.
    #[serde(rename = "use")]
    pub used: Option<Spanned<String>>,
    pub name: Option<Spanned<String>>,
    pub labels: Option<Labels>,
    #[serde(rename = "type")]
    pub field_type: Option<RawType>,
    pub merge: Option<MergeRule>,
    #[serde(default)]
    pub missing: bool,
    #[serde(default)]
    pub fixed: bool,
    pub codes: Option<RawCodes>,
    /// Codes of this project's own beside a set of KL's.
    #[serde(default)]
    pub own_codes: Vec<RawCode>,
    #[serde(default)]
    pub withdrawals: Vec<String>,
    #[serde(default)]
    pub units: Vec<RawUnit>,
    pub chars_max: Option<usize>,
    pub least: Option<i64>,
    pub most: Option<i64>,
    /// Of an item's reference: the field whose items it names.
    pub of: Option<String>,
    #[serde(default)]
    pub fields: Vec<Spanned<RawField>>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawType {
    Text,
    Line,
    Code,
    Quantity,
    Integer,
    Boolean,
    Date,
    Moment,
    Reference,
    Item,
    Measure,
    TimeCode,
    Cpr,
    Items,
}

#[derive(Deserialize, Clone, PartialEq)]
#[serde(untagged)]
pub(super) enum RawCodes {
    /// `kl:visit_type`
    Set(String),
    Own(Vec<RawCode>),
}

#[derive(Deserialize, Clone, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCode {
    pub code: String,
    pub da: String,
    pub en: String,
}

#[derive(Deserialize, Clone, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUnit {
    pub unit: String,
    pub decimals: u8,
    pub least: Decimal,
    pub most: Decimal,
    pub usual_least: Decimal,
    pub usual_most: Decimal,
}
