//! The public surface as a text: every function, object, trait, record and enum with its types and defaults, one item a
//! paragraph, in an order that does not depend on where they stand in the sources.

use anyhow::Result;
use std::{collections::BTreeMap, path::Path};
use uniffi_meta::{
    DefaultValueMetadata, EnumMetadata, FieldMetadata, FnParamMetadata, LiteralMetadata, Metadata,
    RecordMetadata, Type,
};

/// An item's heading, and what stands in it.
type Items = BTreeMap<String, Vec<String>>;

/// The public surface of a built library.
///
/// # Errors
/// When it cannot be read.
pub fn surface(library: &Path) -> Result<String> {
    let text = library.to_string_lossy();
    let metadata = uniffi_bindgen::macro_metadata::extract_from_library(text.as_ref().into())?;
    let mut kinds: BTreeMap<String, &'static str> = BTreeMap::new();
    for item in &metadata {
        match item {
            Metadata::Object(object) if object.imp.is_trait_interface() => {
                kinds.insert(object.name.clone(), "trait");
            }
            Metadata::Object(object) => {
                kinds.insert(object.name.clone(), "object");
            }
            _ => {}
        }
    }
    let mut items = Items::new();
    for item in metadata {
        add(&mut items, &kinds, item);
    }
    let mut written = String::new();
    for (heading, mut lines) in items {
        // Methods are linked in an order of their own; fields and variants stand as they are declared.
        if heading.starts_with("object ") {
            lines.sort();
        }
        written.push_str(&heading);
        written.push('\n');
        for line in lines {
            written.push_str("    ");
            written.push_str(&line);
            written.push('\n');
        }
        written.push('\n');
    }
    Ok(written.trim_end().to_owned() + "\n")
}

fn add(items: &mut Items, kinds: &BTreeMap<String, &'static str>, item: Metadata) {
    let owner = |name: &str| format!("{} {name}", kinds.get(name).unwrap_or(&"object"));
    match item {
        Metadata::Func(one) => {
            let line = call(
                &one.name,
                one.is_async,
                &one.inputs,
                &one.return_type,
                &one.throws,
            );
            items.insert(format!("function {line}"), Vec::new());
        }
        Metadata::Object(one) => {
            items.entry(owner(&one.name)).or_default();
        }
        Metadata::Constructor(one) => {
            let line = call(&one.name, one.is_async, &one.inputs, &None, &one.throws);
            let lines = items.entry(owner(&one.self_name)).or_default();
            lines.push(format!("constructor {line}"));
        }
        Metadata::Method(one) => {
            let line = call(
                &one.name,
                one.is_async,
                &one.inputs,
                &one.return_type,
                &one.throws,
            );
            items.entry(owner(&one.self_name)).or_default().push(line);
        }
        Metadata::TraitMethod(one) => {
            let line = call(
                &one.name,
                one.is_async,
                &one.inputs,
                &one.return_type,
                &one.throws,
            );
            let lines = items.entry(owner(&one.trait_name)).or_default();
            lines.push(line);
            lines.sort();
        }
        Metadata::Record(one) => {
            let (heading, lines) = record(&one);
            items.insert(heading, lines);
        }
        Metadata::Enum(one) => {
            let (heading, lines) = cases(&one);
            items.insert(heading, lines);
        }
        Metadata::CustomType(one) => {
            let heading = format!("type {} = {}", one.name, named(&one.builtin));
            items.insert(heading, Vec::new());
        }
        Metadata::CallbackInterface(one) => {
            items.entry(format!("callback {}", one.name)).or_default();
        }
        Metadata::UniffiTrait(one) => {
            let line = format!("implements {}", one.name());
            items.entry(owner(one.self_name())).or_default().push(line);
        }
        Metadata::Namespace(_) | Metadata::UdlFile(_) | Metadata::ObjectTraitImpl(_) => {}
    }
}

fn record(one: &RecordMetadata) -> (String, Vec<String>) {
    let lines = one.fields.iter().map(field).collect();
    (format!("record {}", one.name), lines)
}

fn cases(one: &EnumMetadata) -> (String, Vec<String>) {
    let kind = if one.shape.is_error() {
        "error"
    } else {
        "enum"
    };
    let case = |variant: &uniffi_meta::VariantMetadata| {
        let fields: Vec<String> = variant.fields.iter().map(field).collect();
        match fields.is_empty() {
            true => variant.name.clone(),
            false => format!("{}({})", variant.name, fields.join(", ")),
        }
    };
    let lines = one.variants.iter().map(case).collect();
    (format!("{kind} {}", one.name), lines)
}

fn field(one: &FieldMetadata) -> String {
    typed(&one.name, &one.ty, one.default.as_ref())
}

fn typed(name: &str, ty: &Type, default: Option<&DefaultValueMetadata>) -> String {
    let default = default.map(|value| format!(" = {}", literal(value)));
    format!("{name}: {}{}", named(ty), default.unwrap_or_default())
}

fn call(
    name: &str,
    is_async: bool,
    inputs: &[FnParamMetadata],
    returns: &Option<Type>,
    throws: &Option<Type>,
) -> String {
    let inputs: Vec<String> = inputs
        .iter()
        .map(|one| typed(&one.name, &one.ty, one.default.as_ref()))
        .collect();
    let waits = if is_async { "async " } else { "" };
    let returns = returns.as_ref().map(|ty| format!(" -> {}", named(ty)));
    let throws = throws.as_ref().map(|ty| format!(" throws {}", named(ty)));
    format!(
        "{waits}{name}({}){}{}",
        inputs.join(", "),
        returns.unwrap_or_default(),
        throws.unwrap_or_default()
    )
}

fn literal(value: &DefaultValueMetadata) -> String {
    match value {
        DefaultValueMetadata::Default => "default".to_owned(),
        DefaultValueMetadata::Literal(literal) => match literal {
            LiteralMetadata::Boolean(value) => value.to_string(),
            LiteralMetadata::String(value) => format!("{value:?}"),
            LiteralMetadata::UInt(value, ..) => value.to_string(),
            LiteralMetadata::Int(value, ..) => value.to_string(),
            LiteralMetadata::Float(value, _) | LiteralMetadata::Enum(value, _) => value.clone(),
            LiteralMetadata::EmptySequence => "[]".to_owned(),
            LiteralMetadata::EmptyMap | LiteralMetadata::EmptySet => "{}".to_owned(),
            LiteralMetadata::None => "none".to_owned(),
            LiteralMetadata::Some { inner } => self::literal(inner),
        },
    }
}

fn named(ty: &Type) -> String {
    match ty {
        Type::Optional { inner_type } => format!("{}?", named(inner_type)),
        Type::Sequence { inner_type } => format!("[{}]", named(inner_type)),
        Type::Map {
            key_type,
            value_type,
        } => format!("{{{}: {}}}", named(key_type), named(value_type)),
        Type::Object { name, .. }
        | Type::Record { name, .. }
        | Type::Enum { name, .. }
        | Type::CallbackInterface { name, .. }
        | Type::Custom { name, .. } => name.clone(),
        plain => format!("{plain:?}").to_lowercase(),
    }
}
