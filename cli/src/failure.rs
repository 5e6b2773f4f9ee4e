//! What went wrong, said once: a stable code, an exit code, and a sentence of the catalogue that says what
//! to do. Values that a person typed never stand in it unless they are names (fields, templates, files).

use crate::{args::Lang, exit::Exit, words::W};

/// A command that did not do what was asked.
#[derive(Debug)]
pub struct Failure {
    /// Stable, lower case: `error.code` in JSON.
    pub code: &'static str,
    /// The process's exit.
    pub exit: Exit,
    words: W,
    places: Vec<(&'static str, String)>,
}

impl Failure {
    /// A failure with its sentence.
    pub const fn new(exit: Exit, code: &'static str, words: W) -> Self {
        Self {
            code,
            exit,
            words,
            places: Vec::new(),
        }
    }

    /// Fills a place of the sentence.
    #[must_use]
    pub fn with(mut self, place: &'static str, value: impl Into<String>) -> Self {
        self.places.push((place, value.into()));
        self
    }

    /// What to tell.
    pub fn message(&self, lang: Lang) -> String {
        let places: Vec<(&str, &str)> = self
            .places
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.words.filled(lang, &places)
    }
}
