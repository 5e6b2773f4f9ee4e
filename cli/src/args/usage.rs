//! A wrong command line, told in the user's language: which word, and where the help is.

use crate::{args::Lang, exit::Exit, failure::Failure, words::W};
use clap::{
    Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

/// What to say about a command line that clap refused.
///
/// Only options and command names are repeated: a stray word may be a piece of somebody's record.
pub fn failure(error: &Error, command_path: &str, lang: Lang) -> Failure {
    let mut argument = context(error, ContextKind::InvalidArg);
    if error.kind() == ErrorKind::UnknownArgument {
        argument = match argument.split_once('=') {
            _ if !argument.starts_with('-') => W::USAGE_ONE_WORD_TOO_MANY.text(lang).to_owned(),
            Some((option, _)) => option.to_owned(),
            None => argument,
        };
    }
    let words = match error.kind() {
        ErrorKind::UnknownArgument => W::USAGE_UNKNOWN_ARGUMENT,
        ErrorKind::InvalidSubcommand => W::USAGE_UNKNOWN_COMMAND,
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            W::USAGE_MISSING_COMMAND
        }
        ErrorKind::MissingRequiredArgument => W::USAGE_MISSING_ARGUMENT,
        ErrorKind::ArgumentConflict => W::USAGE_CONFLICT,
        ErrorKind::InvalidUtf8 => W::USAGE_UTF8,
        ErrorKind::NoEquals
        | ErrorKind::TooFewValues
        | ErrorKind::TooManyValues
        | ErrorKind::WrongNumberOfValues => W::USAGE_NUMBER_OF_VALUES,
        ErrorKind::InvalidValue if context(error, ContextKind::InvalidValue).is_empty() => {
            W::USAGE_NUMBER_OF_VALUES
        }
        _ => W::USAGE_INVALID_VALUE,
    };
    let subcommand = context(error, ContextKind::InvalidSubcommand);
    let word = if subcommand.is_empty() {
        argument
    } else {
        subcommand
    };
    Failure::new(Exit::Usage, "usage", words)
        .with("word", word)
        .with("other", context(error, ContextKind::PriorArg))
        .with("help", format!("{command_path} --help"))
}

fn context(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    }
}

/// The commands named on the command line, as far as they are commands: `samspor device write`.
pub fn command_path(root: &clap::Command, arguments: &[String]) -> String {
    let mut path = root.get_name().to_owned();
    let mut at = root;
    for argument in arguments {
        if let Some(inner) = at.find_subcommand(argument) {
            path = format!("{path} {argument}");
            at = inner;
        }
    }
    path
}
