//! The one way out: everything printed passes here. Text for people in the chosen language, or one JSON
//! object per command. A reader that closes the pipe ends the printing, not the work.

use crate::{args::Lang, failure::Failure, words::W};
use serde_json::{Value, json};
use std::{
    cell::Cell,
    io::{self, Write},
};

/// Where a command prints.
pub struct Output {
    /// The language of every sentence.
    pub lang: Lang,
    json: bool,
    closed: Cell<bool>,
}

impl Output {
    /// For one command.
    pub const fn new(lang: Lang, json: bool) -> Self {
        Self {
            lang,
            json,
            closed: Cell::new(false),
        }
    }

    /// A sentence of the catalogue with its places filled.
    pub fn say(&self, words: W, places: &[(&str, &str)]) -> String {
        words.filled(self.lang, places)
    }

    /// The result of a command: its JSON object, or its lines.
    pub fn result(&self, json: &Value, text: &str) {
        if self.json {
            self.out(&json.to_string());
        } else {
            self.out(text.trim_end_matches('\n'));
        }
    }

    /// Text as it is: help, or a file's content.
    pub fn text(&self, text: &str) {
        self.out(text.trim_end_matches('\n'));
    }

    /// Whether the reader of standard output is gone.
    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Something worth knowing beside the result, for people only: standard error, never in JSON.
    pub fn note(&self, words: W, places: &[(&str, &str)]) {
        if !self.json {
            err(&self.say(words, places));
        }
    }

    /// An error: on standard error, as a sentence or as `{"error":{"code","message"}}`.
    pub fn error(&self, failure: &Failure) {
        let message = failure.message(self.lang);
        if self.json {
            err(&json!({"error": {"code": failure.code, "message": message}}).to_string());
        } else {
            err(&self.say(W::ERROR_LINE, &[("message", &message)]));
        }
    }

    fn out(&self, text: &str) {
        if self.closed.get() || text.is_empty() {
            return;
        }
        let mut stdout = io::stdout().lock();
        let written = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
        if written.is_err() {
            self.closed.set(true);
        }
    }
}

/// Standard error may be closed, too: there is nobody left to tell.
fn err(text: &str) {
    let _unheard = writeln!(io::stderr().lock(), "{text}");
}
