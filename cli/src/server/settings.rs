//! The server's settings from flags, environment and file, and what is wrong with them in the user's words.

use crate::{exit::Exit, failure::Failure, words::W};
use samspor_server::settings::{Layers, Origin, Settings, SettingsError};
use std::path::Path;

/// The settings file that is used when none is named and it is there.
const FILE: &str = "samspor.toml";

/// The settings: flag over `SAMSPOR_*` over file over default.
///
/// # Errors
/// `settings`, naming the setting and where it was set.
pub fn read(file: Option<&Path>, flags: &[(&'static str, String)]) -> Result<Settings, Failure> {
    layers(file, flags)
        .and_then(|layers| layers.settings())
        .map_err(|error| failure(&error))
}

fn layers(file: Option<&Path>, flags: &[(&'static str, String)]) -> Result<Layers, SettingsError> {
    // Variables that are not UTF-8 are none of ours.
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| name.into_string().ok().zip(value.into_string().ok()));
    let mut layers = Layers::new().environment(variables);
    let usual = Path::new(FILE);
    if let Some(file) = file.or_else(|| usual.exists().then_some(usual)) {
        layers = layers.file(file)?;
    }
    flags
        .iter()
        .try_fold(layers, |layers, (name, value)| layers.flag(name, value))
}

fn failure(error: &SettingsError) -> Failure {
    use SettingsError as E;
    let of = |words| Failure::new(Exit::Input, "settings", words);
    match error {
        E::FileUnreadable { path, .. } => {
            of(W::FILE_UNREADABLE).with("file", path.display().to_string())
        }
        E::FileSyntax { path, source } => {
            let line = source.span().map_or(1, |span| {
                let text = std::fs::read_to_string(path).unwrap_or_default();
                text.bytes()
                    .take(span.start)
                    .filter(|byte| *byte == b'\n')
                    .count()
                    + 1
            });
            of(W::FILE_SYNTAX)
                .with("file", path.display().to_string())
                .with("form", "TOML")
                .with("line", line.to_string())
        }
        E::Unknown { name, origin } => placed(of(W::SETTING_UNKNOWN), origin, name),
        E::Value { name, origin, .. } => placed(of(expected(name)), origin, name),
    }
}

fn placed(failure: Failure, origin: &Origin, name: &str) -> Failure {
    let origin = match origin {
        Origin::Default => "-".to_owned(),
        Origin::File(path) => path.display().to_string(),
        Origin::Environment => format!("SAMSPOR_{}", name.to_uppercase()),
        Origin::Flag => format!("--{}", name.replace('_', "-")),
    };
    failure.with("origin", origin).with("name", name)
}

/// What a setting must be.
fn expected(name: &str) -> W {
    match name {
        "folder" => W::SETTING_FOLDER,
        "listen" => W::SETTING_LISTEN,
        "url" => W::SETTING_URL,
        "tls_certificate" | "tls_key" => W::SETTING_TLS_PAIR,
        "tls_public_authority" => W::SETTING_BOOLEAN,
        "lease_days" | "quarantine_days" => W::SETTING_LEASE,
        "wait_millis_max" => W::SETTING_WAIT,
        "log_format" => W::SETTING_LOG_FORMAT,
        _ => W::SETTING_MILLIS,
    }
}
