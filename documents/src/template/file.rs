//! A template's file: read strictly, refused with file, line and field.

use super::{Code, Field, FieldType, Kl, Labels, MergeRule, Template, TemplateKind, Unit};
use crate::value::Decimal;
use serde::Deserialize;
use toml::Spanned;

/// Most characters of a prose field that does not say.
const TEXT_CHARS_MAX: usize = 20_000;
/// Most characters of a line that does not say.
const LINE_CHARS_MAX: usize = 200;

/// A template file that cannot be used. Templates carry no personal data, so it may quote the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Not the shape a template file has.
    #[error("{file}, line {line}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A field that says what does not fit together.
    #[error("{file}, line {line}, field {field}: {message}")]
    Field {
        /// The file.
        file: String,
        /// The line of the field's name, from 1.
        line: usize,
        /// The field.
        field: String,
        /// What is wrong.
        message: &'static str,
    },
    /// Something it points to is not there.
    #[error("{file}, line {line}: there is no {what}")]
    Reference {
        /// The file.
        file: String,
        /// The line, from 1; 0 when it is not known.
        line: usize,
        /// What is missing.
        what: String,
    },
}

impl TemplateError {
    pub(super) fn syntax(file: &str, error: &toml::de::Error) -> Self {
        // The parser counts lines itself and puts the number into its message's first line.
        let shown = error.to_string();
        let line = shown
            .lines()
            .next()
            .and_then(|first| first.split("line ").nth(1))
            .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0);
        Self::Syntax {
            file: file.to_owned(),
            line,
            message: error.message().to_owned(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplate {
    name: String,
    version: u32,
    kind: TemplateKind,
    labels: Labels,
    title: Option<Spanned<String>>,
    field: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    name: Spanned<String>,
    labels: Option<Labels>,
    #[serde(rename = "type")]
    field_type: RawType,
    merge: Option<MergeRule>,
    #[serde(default)]
    missing: bool,
    #[serde(default)]
    fixed: bool,
    codes: Option<RawCodes>,
    /// Codes of this project's own beside a set of KL's.
    #[serde(default)]
    own_codes: Vec<RawCode>,
    #[serde(default)]
    withdrawals: Vec<String>,
    #[serde(default)]
    units: Vec<RawUnit>,
    chars_max: Option<usize>,
    least: Option<i64>,
    most: Option<i64>,
    #[serde(default)]
    fields: Vec<RawField>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum RawType {
    Text,
    Line,
    Code,
    Quantity,
    Integer,
    Boolean,
    Date,
    Moment,
    Reference,
    Cpr,
    Items,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawCodes {
    /// `kl:visit_type`
    Set(String),
    Own(Vec<RawCode>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCode {
    code: String,
    da: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUnit {
    unit: String,
    decimals: u8,
    least: Decimal,
    most: Decimal,
    usual_least: Decimal,
    usual_most: Decimal,
}

/// Where in which file a message belongs.
struct Place<'a> {
    file: &'a str,
    text: &'a str,
    kl: &'a Kl,
}

impl Place<'_> {
    fn line(&self, at: usize) -> usize {
        self.text
            .bytes()
            .take(at)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    }

    fn wrong(&self, name: &Spanned<String>, message: &'static str) -> TemplateError {
        let line = self.line(name.span().start);
        TemplateError::Field {
            file: self.file.to_owned(),
            line,
            field: name.get_ref().clone(),
            message,
        }
    }

    fn absent(&self, name: &Spanned<String>, what: String) -> TemplateError {
        TemplateError::Reference {
            file: self.file.to_owned(),
            line: self.line(name.span().start),
            what,
        }
    }
}

/// Reads one template file.
pub(super) fn read(file: &str, text: &str, kl: &Kl) -> Result<Template, TemplateError> {
    let raw: RawTemplate =
        toml::from_str(text).map_err(|error| TemplateError::syntax(file, &error))?;
    let place = Place { file, text, kl };
    let fields = read_fields(&place, &raw.field, false)?;
    if let Some(title) = &raw.title
        && !fields.iter().any(|field| field.name == *title.get_ref())
    {
        return Err(place.absent(title, format!("field {}", title.get_ref())));
    }
    Ok(Template {
        name: raw.name,
        version: raw.version,
        kind: raw.kind,
        labels: raw.labels,
        title: raw.title.map(Spanned::into_inner),
        fields,
    })
}

fn read_fields(
    place: &Place<'_>,
    raw: &[RawField],
    in_item: bool,
) -> Result<Vec<Field>, TemplateError> {
    let mut fields: Vec<Field> = Vec::with_capacity(raw.len());
    for one in raw {
        let field = read_field(place, one, in_item)?;
        if fields.iter().any(|known| known.name == field.name) {
            return Err(place.wrong(&one.name, "stands twice"));
        }
        fields.push(field);
    }
    Ok(fields)
}

fn read_field(place: &Place<'_>, raw: &RawField, in_item: bool) -> Result<Field, TemplateError> {
    let name = raw.name.get_ref();
    let well_formed = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit());
    if !well_formed || name == super::OCCURRED_AT {
        return Err(place.wrong(
            &raw.name,
            "a name is small letters, digits and _, and not occurred_at",
        ));
    }
    if in_item && raw.field_type == RawType::Items {
        return Err(place.wrong(&raw.name, "an item holds no items"));
    }
    let field_type = read_type(place, raw)?;
    let merge = read_merge(place, raw, &field_type, in_item)?;
    if raw.fixed && (in_item || !matches!(field_type, FieldType::Reference)) {
        return Err(place.wrong(&raw.name, "only a reference that is no item's is fixed"));
    }
    let labels = match (&raw.labels, &raw.codes) {
        (Some(labels), _) => labels.clone(),
        (None, Some(RawCodes::Set(set))) => set
            .strip_prefix("kl:")
            .and_then(|set| place.kl.labels(set))
            .cloned()
            .ok_or_else(|| place.wrong(&raw.name, "has no labels"))?,
        _ => return Err(place.wrong(&raw.name, "has no labels")),
    };
    if labels.da.is_empty() || labels.en.is_empty() {
        return Err(place.wrong(&raw.name, "an empty label"));
    }
    Ok(Field {
        name: name.clone(),
        labels,
        field_type,
        merge,
        missing: raw.missing,
        fixed: raw.fixed,
    })
}

fn read_type(place: &Place<'_>, raw: &RawField) -> Result<FieldType, TemplateError> {
    let wrong = |message| Err(place.wrong(&raw.name, message));
    if raw.codes.is_some() != (raw.field_type == RawType::Code) {
        return wrong("codes belong to a code field, and it needs them");
    }
    if raw.units.is_empty() == (raw.field_type == RawType::Quantity) {
        return wrong("units belong to a quantity, and it needs them");
    }
    if raw.fields.is_empty() == (raw.field_type == RawType::Items) {
        return wrong("fields belong to items, and they need them");
    }
    Ok(match raw.field_type {
        RawType::Text => FieldType::Text {
            chars_max: raw.chars_max.unwrap_or(TEXT_CHARS_MAX),
        },
        RawType::Line => FieldType::Line {
            chars_max: raw.chars_max.unwrap_or(LINE_CHARS_MAX),
        },
        RawType::Code => {
            let codes = read_codes(place, raw)?;
            if !raw
                .withdrawals
                .iter()
                .all(|code| codes.iter().any(|known| known.code == *code))
            {
                return wrong("a withdrawal is one of its codes");
            }
            FieldType::Code {
                codes,
                withdrawals: raw.withdrawals.clone(),
            }
        }
        RawType::Quantity => FieldType::Quantity {
            units: read_units(place, raw)?,
        },
        RawType::Integer => match (raw.least, raw.most) {
            (Some(least), Some(most)) if least <= most => FieldType::Integer { least, most },
            _ => return wrong("an integer needs least and most"),
        },
        RawType::Boolean => FieldType::Boolean,
        RawType::Date => FieldType::Date,
        RawType::Moment => FieldType::Moment,
        RawType::Reference => FieldType::Reference,
        RawType::Cpr => FieldType::Cpr,
        RawType::Items => FieldType::Items {
            fields: read_fields(place, &raw.fields, true)?,
        },
    })
}

fn read_codes(place: &Place<'_>, raw: &RawField) -> Result<Vec<Code>, TemplateError> {
    let own = |raw: &RawCode| Code {
        code: raw.code.clone(),
        name: Some(raw.code.clone()),
        labels: Labels {
            da: raw.da.clone(),
            en: raw.en.clone(),
        },
    };
    let mut codes = match &raw.codes {
        Some(RawCodes::Set(set)) => set
            .strip_prefix("kl:")
            .and_then(|set| place.kl.codes(set))
            .ok_or_else(|| place.absent(&raw.name, format!("set of codes {set}")))?
            .to_vec(),
        Some(RawCodes::Own(codes)) => codes.iter().map(own).collect(),
        None => Vec::new(),
    };
    codes.extend(raw.own_codes.iter().map(own));
    let twice = codes.iter().enumerate().any(|(at, code)| {
        codes
            .iter()
            .skip(at + 1)
            .any(|other| other.code == code.code)
    });
    if codes.is_empty() || twice {
        return Err(place.wrong(&raw.name, "codes are at least one, each once"));
    }
    Ok(codes)
}

fn read_units(place: &Place<'_>, raw: &RawField) -> Result<Vec<Unit>, TemplateError> {
    let name = raw.name.get_ref();
    let ours: Vec<&str> = raw.units.iter().map(|unit| unit.unit.as_str()).collect();
    if place
        .kl
        .units(name)
        .is_some_and(|kl| !kl.iter().map(String::as_str).eq(ours.iter().copied()))
    {
        return Err(place.wrong(&raw.name, "units differ from the guide's"));
    }
    let ordered = |unit: &RawUnit| {
        unit.least <= unit.usual_least
            && unit.usual_least <= unit.usual_most
            && unit.usual_most <= unit.most
    };
    if !raw.units.iter().all(ordered) {
        return Err(place.wrong(
            &raw.name,
            "limits stand least, usual_least, usual_most, most",
        ));
    }
    let unit = |raw: &RawUnit| Unit {
        unit: raw.unit.clone(),
        decimals: raw.decimals,
        least: raw.least,
        most: raw.most,
        usual_least: raw.usual_least,
        usual_most: raw.usual_most,
    };
    Ok(raw.units.iter().map(unit).collect())
}

/// Prose merges by character and nothing else does; worst and withdrawal need codes that say so.
fn read_merge(
    place: &Place<'_>,
    raw: &RawField,
    field_type: &FieldType,
    in_item: bool,
) -> Result<MergeRule, TemplateError> {
    let merge = match (raw.merge, raw.field_type) {
        (None, RawType::Items) => return Ok(MergeRule::KeepAll),
        (Some(_), RawType::Items) => {
            return Err(place.wrong(&raw.name, "items have the rules of their fields"));
        }
        (None, _) => return Err(place.wrong(&raw.name, "has no merge rule")),
        (Some(merge), _) => merge,
    };
    let fits = match merge {
        MergeRule::Text => raw.field_type == RawType::Text,
        MergeRule::KeepAll | MergeRule::Last => raw.field_type != RawType::Text,
        MergeRule::WorstUntilChosen => raw.field_type == RawType::Code,
        MergeRule::WithdrawalWins => {
            !in_item
                && matches!(field_type, FieldType::Code { withdrawals, .. } if !withdrawals.is_empty())
        }
    };
    if fits {
        Ok(merge)
    } else {
        Err(place.wrong(&raw.name, "this merge rule does not fit this type"))
    }
}

#[cfg(test)]
mod tests;
