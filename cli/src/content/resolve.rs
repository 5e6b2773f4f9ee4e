//! Wishes made into edits by the template they are for. Everything is checked before anything is saved.

use super::typed::{Given, Wanted};
use crate::{args::Lang, exit::Exit, failure::Failure, words::W};
use samspor_documents::{
    document::Edit,
    reading::Reading,
    template::{Field, FieldType, Language, OCCURRED_AT, Template, TemplateKind, Templates},
    value::{InputError, Value},
};
use uuid::Uuid;

/// The newest version of a template.
///
/// # Errors
/// `unknown_template`, naming those there are.
pub fn template<'a>(templates: &'a Templates, name: &str) -> Result<&'a Template, Failure> {
    templates.latest(name).ok_or_else(|| {
        let known: Vec<&str> = newest(templates)
            .iter()
            .map(|template| template.name.as_str())
            .collect();
        Failure::new(Exit::Input, "unknown_template", W::UNKNOWN_TEMPLATE)
            .with("template", name)
            .with("known", known.join(", "))
    })
}

/// The version that a new document begins with: the newest that is not retired.
///
/// # Errors
/// `unknown_template`, `retired_template`, naming those there are.
pub fn begun<'a>(templates: &'a Templates, name: &str) -> Result<&'a Template, Failure> {
    template(templates, name)?;
    templates.begun(name).ok_or_else(|| {
        Failure::new(Exit::Input, "retired_template", W::RETIRED_TEMPLATE)
            .with("template", name)
            .with("known", templates.names_allowed())
    })
}

/// The template that a document follows: the version it began with.
///
/// # Errors
/// `unknown_template` when it is a newer program's.
pub fn template_of<'a>(
    templates: &'a Templates,
    reading: &Reading,
) -> Result<&'a Template, Failure> {
    reading.template(templates).ok_or_else(|| {
        Failure::new(Exit::Input, "unknown_template", W::TEMPLATE_NOT_KNOWN)
            .with("known", &reading.template)
    })
}

/// The template of a case's card.
///
/// # Errors
/// `unknown_template` in a build without one.
pub fn card(templates: &Templates) -> Result<&Template, Failure> {
    let card = newest(templates)
        .into_iter()
        .find(|template| template.kind == TemplateKind::Card);
    card.map_or_else(|| template(templates, "card"), Ok)
}

/// The newest version of every template.
pub fn newest(templates: &Templates) -> Vec<&Template> {
    templates
        .all()
        .iter()
        .filter(|template| {
            templates
                .latest(&template.name)
                .is_some_and(|latest| latest.version == template.version)
        })
        .collect()
}

/// The edits of the wishes, in their order.
///
/// # Errors
/// `unknown_field`, `bad_value` and its kin: the first that does not hold.
pub fn edits(wanted: &[Wanted], template: &Template, lang: Lang) -> Result<Vec<Edit>, Failure> {
    let mut edits = Vec::new();
    for one in wanted {
        match one {
            Wanted::Set { field, value } => edits.push(set(find(template, field)?, value, lang)?),
            Wanted::Clear { field } => edits.push(clear(find(template, field)?)?),
            Wanted::Text { field, text } => edits.push(text_edit(find(template, field)?, text)?),
            Wanted::AddItem { field, values } => {
                let values = item_values(find(template, field)?, values, lang)?;
                let (field, item) = (field.clone(), Uuid::now_v7());
                edits.push(Edit::AddItem {
                    field,
                    item,
                    values,
                });
            }
            Wanted::SetItem {
                field,
                item,
                values,
            } => {
                for (name, value) in item_values(find(template, field)?, values, lang)? {
                    let (field, item) = (field.clone(), *item);
                    edits.push(Edit::SetItem {
                        field,
                        item,
                        name,
                        value,
                    });
                }
            }
            Wanted::RemoveItem { field, item } => {
                items_of(find(template, field)?)?;
                let (field, item) = (field.clone(), *item);
                edits.push(Edit::RemoveItem { field, item });
            }
        }
    }
    Ok(edits)
}

/// A field of a template.
///
/// # Errors
/// `unknown_field`.
pub fn find<'a>(template: &'a Template, name: &str) -> Result<&'a Field, Failure> {
    template.field(name).ok_or_else(|| {
        Failure::new(Exit::Input, "unknown_field", W::UNKNOWN_FIELD)
            .with("template", &template.name)
            .with("field", name)
    })
}

/// A value of one field as a person typed it.
///
/// # Errors
/// `bad_value` and its kin.
pub fn value(field: &Field, given: &Given, lang: Lang) -> Result<Value, Failure> {
    let language = Language::from(lang);
    let parsed = match given {
        Given::Typed(text) => Value::parse(field, text, language),
        Given::Number(text) => Value::parse(field, text, Language::English),
        Given::Boolean(yes) => Value::parse(field, if *yes { "true" } else { "false" }, language),
    };
    parsed.map_err(|error| refused(&error, field, lang))
}

fn set(field: &Field, given: &Given, lang: Lang) -> Result<Edit, Failure> {
    match (&field.field_type, given) {
        (FieldType::Items { .. }, _) => {
            Err(Failure::new(Exit::Input, "is_items", W::IS_ITEMS).with("field", &field.name))
        }
        (FieldType::Text { .. }, Given::Typed(text)) => text_edit(field, text),
        _ => Ok(match value(field, given, lang)? {
            Value::Moment(moment) if field.name == OCCURRED_AT => Edit::OccurredAt(moment),
            value => Edit::Set {
                field: field.name.clone(),
                value,
            },
        }),
    }
}

/// Prose is emptied as text, so that what others write in it at once stays.
fn clear(field: &Field) -> Result<Edit, Failure> {
    match &field.field_type {
        FieldType::Items { .. } => {
            Err(Failure::new(Exit::Input, "is_items", W::IS_ITEMS).with("field", &field.name))
        }
        FieldType::Text { .. } => text_edit(field, ""),
        _ => Ok(Edit::Clear {
            field: field.name.clone(),
        }),
    }
}

fn text_edit(field: &Field, text: &str) -> Result<Edit, Failure> {
    let FieldType::Text { chars_max } = &field.field_type else {
        return Err(Failure::new(Exit::Input, "not_text", W::NOT_TEXT).with("field", &field.name));
    };
    if text.chars().count() > *chars_max {
        return Err(too_long(&field.name, *chars_max));
    }
    Ok(Edit::ReplaceText {
        field: field.name.clone(),
        text: text.to_owned(),
    })
}

fn items_of(field: &Field) -> Result<&[Field], Failure> {
    match &field.field_type {
        FieldType::Items { fields } => Ok(fields),
        _ => Err(Failure::new(Exit::Input, "not_items", W::NOT_ITEMS).with("field", &field.name)),
    }
}

fn item_values(
    field: &Field,
    values: &[(String, Given)],
    lang: Lang,
) -> Result<Vec<(String, Value)>, Failure> {
    let fields = items_of(field)?;
    let one = |(name, given): &(String, Given)| {
        let inner = fields
            .iter()
            .find(|inner| inner.name == *name)
            .ok_or_else(|| {
                let known: Vec<&str> = fields.iter().map(|inner| inner.name.as_str()).collect();
                Failure::new(Exit::Input, "unknown_field", W::UNKNOWN_ITEM_FIELD)
                    .with("field", &field.name)
                    .with("name", name)
                    .with("known", known.join(", "))
            })?;
        Ok((name.clone(), value(inner, given, lang)?))
    };
    values.iter().map(one).collect()
}

/// What a refused value means; `field` is the field it was for.
pub fn refused(error: &InputError, field: &Field, lang: Lang) -> Failure {
    let of = |code, words| Failure::new(Exit::Input, code, words).with("field", &field.name);
    match error {
        InputError::WrongType { .. } => {
            of("wrong_type", W::WRONG_TYPE).with("expected", expects(&field.field_type).text(lang))
        }
        InputError::UnknownCode { .. } => {
            of("unknown_code", W::UNKNOWN_CODE).with("allowed", codes(field, lang))
        }
        InputError::UnknownUnit { .. } => {
            of("unknown_unit", W::UNKNOWN_UNIT).with("allowed", limits(field, lang))
        }
        InputError::Impossible { .. } => {
            of("impossible", W::IMPOSSIBLE).with("allowed", limits(field, lang))
        }
        InputError::TooLong { chars_max, .. } => too_long(&field.name, *chars_max),
        InputError::NotCpr { .. } => of("not_cpr", W::NOT_CPR),
    }
}

fn too_long(field: &str, most: usize) -> Failure {
    Failure::new(Exit::Input, "too_long", W::TOO_LONG)
        .with("field", field)
        .with("most", most.to_string())
}

/// What a type expects, in words.
pub const fn expects(field_type: &FieldType) -> W {
    match field_type {
        FieldType::Text { .. } => W::EXPECTS_TEXT,
        FieldType::Line { .. } => W::EXPECTS_LINE,
        FieldType::Code { .. } => W::EXPECTS_CODE,
        FieldType::Quantity { .. } => W::EXPECTS_QUANTITY,
        FieldType::Integer { .. } => W::EXPECTS_INTEGER,
        FieldType::Boolean => W::EXPECTS_BOOLEAN,
        FieldType::Date => W::EXPECTS_DATE,
        FieldType::Moment => W::EXPECTS_MOMENT,
        FieldType::Reference => W::EXPECTS_REFERENCE,
        FieldType::Item { .. } => W::EXPECTS_ITEM,
        FieldType::Measure => W::EXPECTS_MEASURE,
        FieldType::TimeCode => W::EXPECTS_TIME_CODE,
        FieldType::Cpr => W::EXPECTS_CPR,
        FieldType::Items { .. } => W::EXPECTS_ITEMS,
    }
}

/// A field's codes as they may be typed: the short name, else the label.
pub fn codes(field: &Field, lang: Lang) -> String {
    let language = Language::from(lang);
    let typed = |code: &samspor_documents::template::Code| {
        let label = code.labels.get(language).to_owned();
        code.name.clone().unwrap_or(label)
    };
    field
        .codes()
        .iter()
        .map(typed)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What is possible for a number, by unit.
pub fn limits(field: &Field, lang: Lang) -> String {
    let language = Language::from(lang);
    match &field.field_type {
        FieldType::Quantity { units } => units
            .iter()
            .map(|unit| {
                let (least, most) = (unit.least.display(language), unit.most.display(language));
                format!("{least} – {most} {}", unit.unit)
            })
            .collect::<Vec<_>>()
            .join(", "),
        FieldType::Integer { least, most } => format!("{least} – {most}"),
        _ => String::new(),
    }
}
