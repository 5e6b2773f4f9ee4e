//! `templates`: what can be written: fields, types, codes and limits. Needs no device; of one it shows what its
//! organisation added, too.

use super::{error::failure, key, session::Session};
use crate::{
    args::{
        Lang,
        device::{DeviceArgs, TemplatesArgs},
    },
    content::resolve,
    exit::Exit,
    failure::Failure,
    layout,
    output::Output,
    words::W,
};
use samspor_documents::template::{
    Field, FieldType, Labels, MergeRule, Template, TemplateAside, Templates,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// Lists templates, or one template's fields. Those of the organisation's own stand beside those that ship where a
/// device's folder is named.
///
/// # Errors
/// `unknown_template`; what opening the device may bring.
pub async fn run(device: &DeviceArgs, args: &TemplatesArgs, out: &Output) -> Result<Exit, Failure> {
    let named = device.folder.as_deref();
    let (templates, aside) = match named.filter(|folder| key::store_in(folder)) {
        Some(_) => {
            let session = Session::open(device, out).await?;
            let aside = session.device.templates_aside().await;
            let templates = Arc::clone(&session.templates);
            session.close().await;
            (templates, aside.map_err(failure)?)
        }
        None => Default::default(),
    };
    match &args.name {
        Some(name) => one(&templates, shown(&templates, name)?, out),
        None => all(&templates, &aside, out),
    }
    Ok(Exit::Done)
}

/// The version that new documents begin with; the newest, marked, of what is retired.
fn shown<'a>(templates: &'a Templates, name: &str) -> Result<&'a Template, Failure> {
    let newest = resolve::template(templates, name)?;
    Ok(templates.begun(name).unwrap_or(newest))
}

fn all(templates: &Templates, aside: &[TemplateAside], out: &Output) {
    let newest = resolve::newest(templates).into_iter();
    let shown: Vec<&Template> = newest
        .map(|newest| templates.begun(&newest.name).unwrap_or(newest))
        .collect();
    let json: Vec<Value> = shown
        .iter()
        .map(|template| head_json(templates, template))
        .collect();
    let aside_json = |one: &TemplateAside| json!({"name": one.name, "version": one.version, "said": one.error.said(out.lang.into())});
    let mut text = table(templates, &shown, out);
    for one in aside {
        let places = [
            ("name", one.name.as_str()),
            ("version", &one.version.to_string()),
            ("said", &one.error.said(out.lang.into())),
        ];
        text.push_str(&layout::harmless(&out.say(W::TEMPLATE_ASIDE, &places)));
        text.push('\n');
    }
    text.push_str(&out.say(W::TEMPLATES_HINT, &[]));
    let aside: Vec<Value> = aside.iter().map(aside_json).collect();
    out.result(&json!({"templates": json, "aside": aside}), &text);
}

/// A line for each template: its name, what it is called, whether it is the organisation's own, and whether it is
/// retired.
pub fn table(templates: &Templates, shown: &[&Template], out: &Output) -> String {
    let row = |template: &&Template| {
        let retired = match templates.is_retired(template) {
            true => out.say(W::TEMPLATE_IS_RETIRED, &[]),
            false => String::new(),
        };
        let own = match templates.is_own(template) {
            true => out.say(
                W::TEMPLATE_OWN,
                &[("version", &template.version.to_string())],
            ),
            false => String::new(),
        };
        vec![
            template.name.clone(),
            template.labels.get(out.lang.into()).to_owned(),
            own,
            retired,
        ]
    };
    let rows: Vec<Vec<String>> = shown.iter().map(row).collect();
    format!("{}\n", layout::harmless(&layout::table(&rows)))
}

/// A template in a list, as JSON.
pub fn head_json(templates: &Templates, template: &Template) -> Value {
    json!({
        "name": template.name,
        "version": template.version,
        "kind": template.kind.name(),
        "labels": labels(&template.labels),
        "own": templates.is_own(template),
        "retired": templates.is_retired(template),
    })
}

fn labels(labels: &Labels) -> Value {
    json!({"da": labels.da, "en": labels.en})
}

fn one(templates: &Templates, template: &Template, out: &Output) {
    out.result(&json(templates, template), &text(template, out));
}

/// One template as JSON.
pub fn json(templates: &Templates, template: &Template) -> Value {
    let mut json = head_json(templates, template);
    if let Some(object) = json.as_object_mut() {
        object.insert(
            "fields".to_owned(),
            template.fields.iter().map(field_json).collect(),
        );
    }
    json
}

/// One template's fields, with what may be written in each and what becomes of it.
pub fn text(template: &Template, out: &Output) -> String {
    let mut text = format!(
        "{} ({})\n",
        template.labels.get(out.lang.into()),
        template.name
    );
    for field in &template.fields {
        field_text(field, out, 2, &mut text);
    }
    if template.fields.iter().any(|field| field.missing) {
        text.push_str(&missing(out.lang));
        text.push('\n');
    }
    text.push_str(&out.say(W::MERGE_OTHER, &[]));
    layout::harmless(&text)
}

fn field_json(field: &Field) -> Value {
    let mut json = json!({
        "name": field.name,
        "labels": labels(&field.labels),
        "type": type_name(&field.field_type),
        "merge": field.merge,
        "missing": field.missing,
    });
    let more = match &field.field_type {
        FieldType::Text { chars_max } | FieldType::Line { chars_max } => {
            json!({"chars_max": chars_max})
        }
        FieldType::Code { codes, withdrawals } => {
            let one = |code: &samspor_documents::template::Code| json!({"code": code.code, "name": code.name, "labels": labels(&code.labels)});
            json!({"codes": codes.iter().map(one).collect::<Vec<_>>(), "withdrawals": withdrawals})
        }
        FieldType::Quantity { units } => {
            let one = |unit: &samspor_documents::template::Unit| {
                json!({
                    "unit": unit.unit, "decimals": unit.decimals, "least": unit.least, "most": unit.most,
                    "usual_least": unit.usual_least, "usual_most": unit.usual_most,
                })
            };
            json!({"units": units.iter().map(one).collect::<Vec<_>>()})
        }
        FieldType::Item { of } => json!({"of": of}),
        FieldType::Integer { least, most } => json!({"least": least, "most": most}),
        FieldType::Items { fields } => {
            json!({"fields": fields.iter().map(field_json).collect::<Vec<_>>()})
        }
        _ => json!({}),
    };
    if let (Some(all), Value::Object(more)) = (json.as_object_mut(), more) {
        all.extend(more);
    }
    json
}

/// A type's name: stable, as JSON has it.
const fn type_name(field_type: &FieldType) -> &'static str {
    match field_type {
        FieldType::Text { .. } => "text",
        FieldType::Line { .. } => "line",
        FieldType::Code { .. } => "code",
        FieldType::Quantity { .. } => "quantity",
        FieldType::Integer { .. } => "integer",
        FieldType::Boolean => "boolean",
        FieldType::Date => "date",
        FieldType::Moment => "moment",
        FieldType::Reference => "reference",
        FieldType::Item { .. } => "item",
        FieldType::Measure => "measure",
        FieldType::TimeCode => "time_code",
        FieldType::Cpr => "cpr",
        FieldType::Items { .. } => "items",
    }
}

fn field_text(field: &Field, out: &Output, indent: usize, text: &mut String) {
    let margin = " ".repeat(indent);
    let label = field.labels.get(out.lang.into());
    let what = resolve::expects(&field.field_type).text(out.lang);
    let mark = if field.missing { " *" } else { "" };
    text.push_str(&format!("{margin}{}: {label} – {what}{mark}\n", field.name));
    let limits = resolve::limits(field, out.lang);
    if !limits.is_empty() {
        text.push_str(&format!("{margin}    {limits}\n"));
    }
    if let FieldType::Text { chars_max } | FieldType::Line { chars_max } = field.field_type {
        let most = out.say(W::AT_MOST_CHARS, &[("most", &chars_max.to_string())]);
        text.push_str(&format!("{margin}    {most}\n"));
    }
    if let FieldType::Item { of } = &field.field_type {
        let of = out.say(W::ITEM_OF, &[("of", of)]);
        text.push_str(&format!("{margin}    {of}\n"));
    }
    if let Some(rule) = rule(field, out) {
        text.push_str(&format!("{margin}    {rule}\n"));
    }
    for code in field.codes() {
        let label = code.labels.get(out.lang.into());
        let name = code
            .name
            .as_ref()
            .map_or_else(String::new, |name| format!("{name}: "));
        text.push_str(&format!("{margin}    {name}{label}\n"));
    }
    if let FieldType::Items { fields } = &field.field_type {
        for inner in fields {
            field_text(inner, out, indent + 4, text);
        }
    }
}

/// What becomes of values written at once, where it is not what becomes of most.
fn rule(field: &Field, out: &Output) -> Option<String> {
    match field.merge {
        MergeRule::Text | MergeRule::KeepAll => None,
        MergeRule::WorstUntilChosen => Some(out.say(W::MERGE_WORST, &[])),
        MergeRule::Last => Some(out.say(W::MERGE_LAST, &[])),
        MergeRule::WithdrawalWins => {
            let codes = field.codes().iter();
            let withdrawals = codes.filter(|code| field.withdraws(&code.code));
            let labels: Vec<&str> = withdrawals
                .map(|code| code.labels.get(out.lang.into()))
                .collect();
            Some(out.say(W::MERGE_WITHDRAWAL, &[("codes", &labels.join(", "))]))
        }
    }
}

fn missing(lang: Lang) -> String {
    let reasons: Vec<String> = samspor_documents::value::MissingReason::ALL
        .iter()
        .map(|reason| format!("{} ({})", reason.name(), reason.label(lang.into())))
        .collect();
    W::OR_MISSING.filled(lang, &[("reasons", &reasons.join(", "))])
}
