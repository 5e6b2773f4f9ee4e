//! `samspor admin template`: an organisation's own template, checked before it is used. Needs no server's folder.

use crate::{
    args::admin::{TemplateCheckArgs, TemplateCommand},
    content::source::Sources,
    device::templates,
    exit::Exit,
    failure::Failure,
    output::Output,
    words::W,
};
use samspor_documents::template::{Template, TemplateError, Templates};
use serde_json::json;
use std::path::Path;

/// Does one thing.
///
/// # Errors
/// `template_refused`, with file, line and field; what reading a file may bring.
pub fn run(command: &TemplateCommand, out: &Output) -> Result<Exit, Failure> {
    match command {
        TemplateCommand::Check(args) => check(args, out),
    }
}

fn check(args: &TemplateCheckArgs, out: &Output) -> Result<Exit, Failure> {
    let text = Sources::default().read(&args.file)?;
    let file = args.file.display().to_string();
    let template =
        Templates::check(&file, &text).map_err(|error| refused(&args.file, &error, out))?;
    out.result(
        &json!({"holds": true, "template": templates::json(&template)}),
        &held(&template, out),
    );
    Ok(Exit::Done)
}

fn held(template: &Template, out: &Output) -> String {
    let version = template.version.to_string();
    let places = [
        ("name", template.name.as_str()),
        ("version", version.as_str()),
    ];
    format!(
        "{}\n\n{}",
        out.say(W::TEMPLATE_HOLDS, &places),
        templates::text(template, out)
    )
}

fn refused(file: &Path, error: &TemplateError, out: &Output) -> Failure {
    let words = match error.field() {
        Some(_) => W::TEMPLATE_FIELD_REFUSED,
        None => W::TEMPLATE_REFUSED,
    };
    Failure::new(Exit::Input, "template_refused", words)
        .with("file", file.display().to_string())
        .with("line", error.line().to_string())
        .with("field", error.field().unwrap_or_default())
        .with("said", error.said(out.lang.into()))
}
