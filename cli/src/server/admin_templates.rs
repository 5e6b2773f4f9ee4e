//! `samspor admin template`: an organisation's own templates: checked, added beside those that ship, shown; and which are
//! retired. A check needs no server's folder.

use super::error::administering;
use crate::{
    args::admin::{TemplateCommand, TemplateFileArgs, TemplateShowArgs},
    content::{resolve, source::Sources},
    device::templates,
    exit::Exit,
    failure::Failure,
    output::Output,
    words::W,
};
use samspor_documents::template::{Template, TemplateError, Templates};
use samspor_server::admin::{Admin, AdminError, TemplateAdded};
use serde_json::json;
use std::path::Path;

/// Checks a file beside the templates that ship.
///
/// # Errors
/// `template_refused`, with file, line and field; what reading a file may bring.
pub fn check(args: &TemplateFileArgs, out: &Output) -> Result<Exit, Failure> {
    check_beside(Templates::built_in(), args, out)?;
    Ok(Exit::Done)
}

fn check_beside(
    templates: &Templates,
    args: &TemplateFileArgs,
    out: &Output,
) -> Result<(), Failure> {
    let text = Sources::default().read(&args.file)?;
    let file = args.file.display().to_string();
    let checked = templates.check_beside(&file, &text);
    let template = checked.map_err(|error| refused(&args.file, &error, out))?;
    out.result(
        &json!({"holds": true, "template": templates::json(templates, &template)}),
        &held(W::TEMPLATE_HOLDS, &template, out),
    );
    Ok(())
}

/// Does one thing with the organisation's templates.
///
/// # Errors
/// `template_refused`, with file, line and field; `unknown_template`, `too_many_templates`; the database's.
pub async fn run(admin: &Admin, command: &TemplateCommand, out: &Output) -> Result<(), Failure> {
    let known = admin.templates().await;
    let known = known.map_err(|error| administering(&error))?;
    match command {
        TemplateCommand::Check(args) => check_beside(&known, args, out),
        TemplateCommand::Add(args) => add(admin, args, out).await,
        TemplateCommand::List => {
            list(&known, out);
            Ok(())
        }
        TemplateCommand::Show(args) => show(admin, &known, args, out).await,
        TemplateCommand::Retire(args) => retire(admin, args, true, out).await,
        TemplateCommand::Unretire(args) => retire(admin, args, false, out).await,
    }
}

async fn add(admin: &Admin, args: &TemplateFileArgs, out: &Output) -> Result<(), Failure> {
    let text = Sources::default().read(&args.file)?;
    let file = args.file.display().to_string();
    let added = admin.add_template(&file, &text).await;
    let added = added.map_err(|error| match &error {
        AdminError::Template(error) => refused(&args.file, error, out),
        error => administering(error),
    })?;
    let (is_new, template, words) = match &added {
        TemplateAdded::Now(template) => (true, template, W::TEMPLATE_ADDED),
        TemplateAdded::Before(template) => (false, template, W::TEMPLATE_THERE),
    };
    let known = admin.templates().await;
    let known = known.map_err(|error| administering(&error))?;
    out.result(
        &json!({"added": is_new, "template": templates::json(&known, template)}),
        &held(words, template, out),
    );
    Ok(())
}

fn list(known: &Templates, out: &Output) {
    let shown: Vec<&Template> = known.all().iter().collect();
    let heads: Vec<_> = shown
        .iter()
        .map(|template| templates::head_json(known, template))
        .collect();
    out.result(
        &json!({"templates": heads}),
        &templates::table(known, &shown, out),
    );
}

/// The version that is named, the newest when none is.
fn named<'a>(known: &'a Templates, args: &TemplateShowArgs) -> Result<&'a Template, Failure> {
    let Some(version) = args.version else {
        return resolve::template(known, &args.name);
    };
    known.get(&args.name, version).ok_or_else(|| {
        Failure::new(Exit::Input, "unknown_template", W::UNKNOWN_VERSION)
            .with("template", &args.name)
            .with("version", version.to_string())
    })
}

async fn retire(
    admin: &Admin,
    args: &TemplateShowArgs,
    is_retired: bool,
    out: &Output,
) -> Result<(), Failure> {
    let known = admin.templates().await;
    named(&known.map_err(|error| administering(&error))?, args)?;
    let done = admin.retire_template(&args.name, args.version, is_retired);
    let done = done.await.map_err(|error| match &error {
        AdminError::Retire(_) => administering(&error).with("template", &args.name),
        error => administering(error),
    })?;
    let begun = done.templates.begun(&args.name);
    let begun = begun.map(|template| template.version);
    let words = match (done.changed, is_retired) {
        (false, _) => W::TEMPLATE_AS_BEFORE,
        (true, true) => W::TEMPLATE_RETIRED,
        (true, false) => W::TEMPLATE_UNRETIRED,
    };
    let version = args.version.map(|version| version.to_string());
    let places = [("name", args.name.as_str())];
    let which = match &version {
        Some(version) => out.say(
            W::TEMPLATE_NAMED_VERSION,
            &[("name", &args.name), ("version", version)],
        ),
        None => args.name.clone(),
    };
    let rest = match begun {
        Some(version) => out.say(
            W::TEMPLATE_BEGUN,
            &[("name", &args.name), ("version", &version.to_string())],
        ),
        None => out.say(W::TEMPLATE_NOT_BEGUN, &places),
    };
    out.result(
        &json!({"changed": done.changed, "retired": is_retired, "template": args.name, "version": args.version, "begun": begun}),
        &format!("{}\n{rest}", out.say(words, &[("which", &which)])),
    );
    Ok(())
}

async fn show(
    admin: &Admin,
    known: &Templates,
    args: &TemplateShowArgs,
    out: &Output,
) -> Result<(), Failure> {
    let template = named(known, args)?;
    let file = admin.template_file(&template.name, template.version).await;
    let file = file.map_err(|error| administering(&error))?;
    let mut json = templates::json(known, template);
    if let Some(all) = json.as_object_mut() {
        all.insert("file".to_owned(), json!(file.map(|file| file.text)));
    }
    out.result(&json, &templates::text(template, out));
    Ok(())
}

fn held(words: W, template: &Template, out: &Output) -> String {
    let version = template.version.to_string();
    let places = [
        ("name", template.name.as_str()),
        ("version", version.as_str()),
    ];
    format!(
        "{}\n\n{}",
        out.say(words, &places),
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
