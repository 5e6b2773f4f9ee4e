//! What the commands about the methods have in common: values that are said, in conflict or not.

use super::session::Session;
use crate::words::W;
use jiff::civil::Date;
use samspor_documents::{
    method::{Said, code_label},
    template::Language,
    value::Value,
};

/// What is said, as people read it: every value, and whether it is not settled. Empty where nothing is said.
pub fn said<T>(session: &Session<'_>, said: &Said<T>, show: impl Fn(&T) -> String) -> String {
    let values: Vec<String> = said.values.iter().map(show).collect();
    let values = values.join(" ≠ ");
    match (said.unsettled, values.is_empty()) {
        (false, _) => values,
        (true, true) => session.say(W::SAID_UNSETTLED),
        (true, false) => format!("{values} ({})", session.say(W::SAID_UNSETTLED)),
    }
}

/// Words.
pub fn words(session: &Session<'_>, value: &Said<String>) -> String {
    said(session, value, Clone::clone)
}

/// Days.
pub fn days(session: &Session<'_>, value: &Said<Date>) -> String {
    let language = Language::from(session.out.lang);
    said(session, value, |day| {
        Value::Date(*day).display_plain(language)
    })
}

/// What people read for the code of a field, or of a field of its items; the code where it is not known.
pub fn label(session: &Session<'_>, template: &str, path: &[&str], code: &str) -> String {
    let language = Language::from(session.out.lang);
    code_label(&session.templates, template, path, code, language)
}

/// Codes of a field, as people read them.
pub fn codes(session: &Session<'_>, value: &Said<String>, template: &str, path: &[&str]) -> String {
    said(session, value, |code| label(session, template, path, code))
}

/// A template's name, as people read it.
pub fn template(session: &Session<'_>, name: &str) -> String {
    let known = session.templates.latest(name);
    known.map_or_else(
        || name.to_owned(),
        |known| {
            known
                .labels
                .get(Language::from(session.out.lang))
                .to_owned()
        },
    )
}

/// What is there, with a dot between.
pub fn dotted(parts: impl IntoIterator<Item = String>) -> String {
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}
