//! A template's file: read strictly, refused with file, line and field.
//!
//! Fields that many templates have stand once, in a file of `templates/shared`, and a template takes them by its name:
//! `use = "participants"`. What they are is then part of the template: a block that shipped is as frozen as a template.

mod error;
mod raw;
pub(super) mod words;

pub use error::{Said, TemplateError};

use super::{Code, Field, FieldType, Kl, Labels, MergeRule, TEMPLATE_FIELDS_MAX, Template, Unit};
use raw::{RawBlock, RawCode, RawCodes, RawField, RawTemplate, RawType, RawUnit};
use std::collections::BTreeMap;
use toml::Spanned;

/// Most characters of a prose field that does not say.
const TEXT_CHARS_MAX: usize = 20_000;
/// Most characters of a line that does not say.
const LINE_CHARS_MAX: usize = 200;

/// Most characters of a name.
pub(super) const NAME_CHARS_MAX: usize = 64;

/// The blocks of `templates/shared`, by name.
pub(super) type Blocks = BTreeMap<String, Vec<Field>>;

/// Where in which file a message belongs.
struct Place<'a> {
    file: &'a str,
    text: &'a str,
    kl: &'a Kl,
    /// None in a block: it takes no other.
    blocks: Option<&'a Blocks>,
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

    fn wrong(&self, name: &Spanned<String>, message: Said) -> TemplateError {
        let line = self.line(name.span().start);
        TemplateError::Field {
            file: self.file.to_owned(),
            line,
            field: name.get_ref().clone(),
            message,
        }
    }

    fn absent(&self, at: &Spanned<String>, what: Said, name: &str) -> TemplateError {
        TemplateError::Reference {
            file: self.file.to_owned(),
            line: self.line(at.span().start),
            what,
            name: name.to_owned(),
        }
    }
}

/// A field with what it cannot be without.
struct Declared<'a> {
    name: &'a Spanned<String>,
    field_type: RawType,
    raw: &'a RawField,
    in_item: bool,
}

/// Reads one template file.
pub(super) fn read(
    file: &str,
    text: &str,
    kl: &Kl,
    blocks: &Blocks,
) -> Result<Template, TemplateError> {
    let raw: RawTemplate =
        toml::from_str(text).map_err(|error| TemplateError::syntax(file, &error))?;
    let place = Place {
        file,
        text,
        kl,
        blocks: Some(blocks),
    };
    // Before anything is compared with anything.
    let inner = raw.field.iter().map(|field| field.get_ref().fields.len());
    if raw.field.len().saturating_add(inner.sum()) > TEMPLATE_FIELDS_MAX {
        return Err(TemplateError::whole(file, words::TOO_MANY_FIELDS));
    }
    let fields = read_all(&place, &raw.field)?;
    let all = fields.iter().map(|field| field.item_fields().len() + 1);
    if all.sum::<usize>() > TEMPLATE_FIELDS_MAX {
        return Err(TemplateError::whole(file, words::TOO_MANY_FIELDS));
    }
    if let Some(title) = &raw.title
        && !fields.iter().any(|field| field.name == *title.get_ref())
    {
        return Err(place.absent(title, words::A_FIELD, title.get_ref()));
    }
    let unlabelled = raw.labels.da.is_empty() || raw.labels.en.is_empty();
    if unlabelled || !is_name(&raw.name) || raw.version == 0 {
        return Err(TemplateError::whole(file, words::TEMPLATE));
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

/// Reads one template file that stands in no folder, with the blocks that ship.
pub(super) fn read_alone(file: &str, text: &str) -> Result<Template, TemplateError> {
    let (kl, blocks) = super::built_in::shipped()?;
    read(file, text, kl, blocks)
}

/// Reads one file of fields that templates share.
pub(super) fn read_block(file: &str, text: &str, kl: &Kl) -> Result<Vec<Field>, TemplateError> {
    let raw: RawBlock =
        toml::from_str(text).map_err(|error| TemplateError::syntax(file, &error))?;
    let place = Place {
        file,
        text,
        kl,
        blocks: None,
    };
    read_all(&place, &raw.field)
}

/// A file's fields. An item's reference names a field of items that stands in the same file.
fn read_all(place: &Place<'_>, raw: &[Spanned<RawField>]) -> Result<Vec<Field>, TemplateError> {
    let fields = read_fields(place, raw, false)?;
    let inner = raw.iter().flat_map(|one| &one.get_ref().fields);
    for one in raw.iter().chain(inner) {
        let one = one.get_ref();
        let (Some(name), Some(of)) = (&one.name, &one.of) else {
            continue;
        };
        let named = fields.iter().find(|field| field.name == *of);
        if !named.is_some_and(|field| matches!(field.field_type, FieldType::Items { .. })) {
            return Err(place.absent(name, words::ITEMS_FIELD, of));
        }
    }
    Ok(fields)
}

fn read_fields(
    place: &Place<'_>,
    raw: &[Spanned<RawField>],
    in_item: bool,
) -> Result<Vec<Field>, TemplateError> {
    let mut fields: Vec<Field> = Vec::with_capacity(raw.len());
    for one in raw {
        let (read, name) = match &one.get_ref().used {
            Some(used) => (taken(place, used, one.get_ref(), in_item)?, used),
            None => {
                let declared = declared(place, one, in_item)?;
                (vec![read_field(place, &declared)?], declared.name)
            }
        };
        for field in read {
            if fields.iter().any(|known| known.name == field.name) {
                return Err(place.wrong(name, words::STANDS_TWICE));
            }
            fields.push(field);
        }
    }
    Ok(fields)
}

/// The fields of a block.
fn taken(
    place: &Place<'_>,
    used: &Spanned<String>,
    raw: &RawField,
    in_item: bool,
) -> Result<Vec<Field>, TemplateError> {
    let alone = RawField {
        used: Some(used.clone()),
        ..RawField::default()
    };
    if *raw != alone {
        return Err(place.wrong(used, words::USE_ALONE));
    }
    let blocks = place.blocks.filter(|_| !in_item);
    let blocks = blocks.ok_or_else(|| place.wrong(used, words::USE_IN_TEMPLATES))?;
    let block = blocks.get(used.get_ref());
    let block = block.ok_or_else(|| place.absent(used, words::BLOCK, used.get_ref()))?;
    Ok(block.clone())
}

fn declared<'a>(
    place: &Place<'_>,
    one: &'a Spanned<RawField>,
    in_item: bool,
) -> Result<Declared<'a>, TemplateError> {
    let raw = one.get_ref();
    let Some(name) = &raw.name else {
        return Err(TemplateError::Whole {
            file: place.file.to_owned(),
            line: place.line(one.span().start),
            message: words::NAME_OR_USE,
        });
    };
    let field_type = raw
        .field_type
        .ok_or_else(|| place.wrong(name, words::NO_TYPE))?;
    Ok(Declared {
        name,
        field_type,
        raw,
        in_item,
    })
}

/// Whether something may be called so.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit();
    (1..=NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(plain)
}

fn read_field(place: &Place<'_>, declared: &Declared<'_>) -> Result<Field, TemplateError> {
    let (name, raw) = (declared.name, declared.raw);
    let wrong = |message| place.wrong(name, message);
    if !is_name(name.get_ref()) || name.get_ref() == super::OCCURRED_AT {
        return Err(wrong(words::NAME));
    }
    if declared.in_item && declared.field_type == RawType::Items {
        return Err(wrong(words::ITEMS_IN_ITEM));
    }
    let field_type = read_type(place, declared)?;
    let merge = read_merge(place, declared, &field_type)?;
    if raw.fixed && (declared.in_item || !matches!(field_type, FieldType::Reference)) {
        return Err(wrong(words::FIXED));
    }
    let labels = match (&raw.labels, &raw.codes) {
        (Some(labels), _) => labels.clone(),
        (None, Some(RawCodes::Set(set))) => set
            .strip_prefix("kl:")
            .and_then(|set| place.kl.labels(set))
            .cloned()
            .ok_or_else(|| wrong(words::NO_LABELS))?,
        _ => return Err(wrong(words::NO_LABELS)),
    };
    if labels.da.is_empty() || labels.en.is_empty() {
        return Err(wrong(words::EMPTY_LABEL));
    }
    Ok(Field {
        name: name.get_ref().clone(),
        labels,
        field_type,
        merge,
        missing: raw.missing,
        fixed: raw.fixed,
    })
}

/// What belongs to one type alone stands with it, and nowhere else.
fn parts_fit(place: &Place<'_>, declared: &Declared<'_>) -> Result<(), TemplateError> {
    let (raw, is) = (declared.raw, declared.field_type);
    let wrong = |message| Err(place.wrong(declared.name, message));
    if raw.codes.is_some() != (is == RawType::Code) {
        return wrong(words::CODES);
    }
    if raw.units.is_empty() == (is == RawType::Quantity) {
        return wrong(words::UNITS);
    }
    if raw.fields.is_empty() == (is == RawType::Items) {
        return wrong(words::FIELDS);
    }
    if raw.of.is_some() != (is == RawType::Item) {
        return wrong(words::OF);
    }
    if raw.chars_max.is_some() && !matches!(is, RawType::Text | RawType::Line) {
        return wrong(words::CHARS_MAX);
    }
    if (raw.least.is_some() || raw.most.is_some()) && is != RawType::Integer {
        return wrong(words::LEAST_AND_MOST);
    }
    if !(raw.own_codes.is_empty() && raw.withdrawals.is_empty()) && is != RawType::Code {
        return wrong(words::CODE_PARTS);
    }
    Ok(())
}

fn read_type(place: &Place<'_>, declared: &Declared<'_>) -> Result<FieldType, TemplateError> {
    parts_fit(place, declared)?;
    let raw = declared.raw;
    Ok(match declared.field_type {
        RawType::Text => FieldType::Text {
            chars_max: raw.chars_max.unwrap_or(TEXT_CHARS_MAX),
        },
        RawType::Line => FieldType::Line {
            chars_max: raw.chars_max.unwrap_or(LINE_CHARS_MAX),
        },
        RawType::Code => read_code(place, declared)?,
        RawType::Quantity => FieldType::Quantity {
            units: read_units(place, declared)?,
        },
        RawType::Integer => match (raw.least, raw.most) {
            (Some(least), Some(most)) if least <= most => FieldType::Integer { least, most },
            _ => return Err(place.wrong(declared.name, words::INTEGER)),
        },
        RawType::Boolean => FieldType::Boolean,
        RawType::Date => FieldType::Date,
        RawType::Moment => FieldType::Moment,
        RawType::Reference => FieldType::Reference,
        RawType::Item => FieldType::Item {
            of: raw.of.clone().unwrap_or_default(),
        },
        RawType::Measure => FieldType::Measure,
        RawType::TimeCode => FieldType::TimeCode,
        RawType::Cpr => FieldType::Cpr,
        RawType::Items => FieldType::Items {
            fields: read_fields(place, &raw.fields, true)?,
        },
    })
}

fn read_code(place: &Place<'_>, declared: &Declared<'_>) -> Result<FieldType, TemplateError> {
    let codes = read_codes(place, declared)?;
    let withdrawals = declared.raw.withdrawals.clone();
    let known = |code: &String| codes.iter().any(|known| known.code == *code);
    if !withdrawals.iter().all(known) {
        return Err(place.wrong(declared.name, words::WITHDRAWAL));
    }
    Ok(FieldType::Code { codes, withdrawals })
}

fn read_codes(place: &Place<'_>, declared: &Declared<'_>) -> Result<Vec<Code>, TemplateError> {
    let (name, raw) = (declared.name, declared.raw);
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
            .ok_or_else(|| place.absent(name, words::CODE_SET, set))?
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
        return Err(place.wrong(name, words::CODES_ONCE));
    }
    let unlabelled = |code: &Code| code.labels.da.is_empty() || code.labels.en.is_empty();
    if codes.iter().any(unlabelled) {
        return Err(place.wrong(name, words::CODE_LABELS));
    }
    Ok(codes)
}

fn read_units(place: &Place<'_>, declared: &Declared<'_>) -> Result<Vec<Unit>, TemplateError> {
    let (name, raw) = (declared.name, declared.raw);
    let ours: Vec<&str> = raw.units.iter().map(|unit| unit.unit.as_str()).collect();
    if place
        .kl
        .units(name.get_ref())
        .is_some_and(|kl| !kl.iter().map(String::as_str).eq(ours.iter().copied()))
    {
        return Err(place.wrong(name, words::GUIDE_UNITS));
    }
    let ordered = |unit: &RawUnit| {
        unit.least <= unit.usual_least
            && unit.usual_least <= unit.usual_most
            && unit.usual_most <= unit.most
    };
    if !raw.units.iter().all(ordered) {
        return Err(place.wrong(name, words::LIMITS));
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
    declared: &Declared<'_>,
    field_type: &FieldType,
) -> Result<MergeRule, TemplateError> {
    let (name, is) = (declared.name, declared.field_type);
    let merge = match (declared.raw.merge, is) {
        (None, RawType::Items) => return Ok(MergeRule::KeepAll),
        (Some(_), RawType::Items) => {
            return Err(place.wrong(name, words::ITEMS_MERGE));
        }
        (None, _) => return Err(place.wrong(name, words::NO_MERGE)),
        (Some(merge), _) => merge,
    };
    let fits = match merge {
        MergeRule::Text => is == RawType::Text,
        MergeRule::KeepAll | MergeRule::Last => is != RawType::Text,
        MergeRule::WorstUntilChosen => is == RawType::Code,
        MergeRule::WithdrawalWins => {
            !declared.in_item
                && matches!(field_type, FieldType::Code { withdrawals, .. } if !withdrawals.is_empty())
        }
    };
    if fits {
        Ok(merge)
    } else {
        Err(place.wrong(name, words::MERGE))
    }
}

#[cfg(test)]
mod tests;
