//! Why a template file cannot be used, in both languages.

use crate::template::Language;
use std::fmt;

/// What is wrong, or what something is called, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    da: &'static str,
    en: &'static str,
}

impl Said {
    /// In Danish and in English.
    pub(crate) const fn new(da: &'static str, en: &'static str) -> Self {
        Self { da, en }
    }

    /// The words in this language.
    #[must_use]
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::Danish => self.da,
            Language::English => self.en,
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.en)
    }
}

/// A template file that cannot be used. Templates carry no personal data, so it may quote the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Not the shape a template file has, in the parser's own words.
    #[error("{file}, line {line}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// The line, from 1; 0 when it is not known.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A template that says what does not fit together.
    #[error("{file}, line {line}: {message}")]
    Whole {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: Said,
    },
    /// A field that says what does not fit together.
    #[error("{file}, line {line}, field {field}: {message}")]
    Field {
        /// The file.
        file: String,
        /// The line of the field's name, from 1.
        line: usize,
        /// The field.
        field: String,
        /// What is wrong.
        message: Said,
    },
    /// Something it points to is not there.
    #[error("{file}, line {line}: there is no {what} {name}")]
    Reference {
        /// The file.
        file: String,
        /// The line, from 1; 0 when it is not known.
        line: usize,
        /// What it points to.
        what: Said,
        /// What that would be called.
        name: String,
    },
}

impl TemplateError {
    pub(in crate::template) fn syntax(file: &str, error: &toml::de::Error) -> Self {
        // The parser counts lines itself and puts the number into its message's first line.
        let shown = error.to_string();
        let line = shown
            .lines()
            .next()
            .and_then(|first| first.split("line ").nth(1))
            .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0);
        Self::Syntax {
            file: file.to_owned(),
            line,
            message: error.message().to_owned(),
        }
    }

    /// About the file as a whole.
    pub(in crate::template) fn whole(file: &str, message: Said) -> Self {
        Self::Whole {
            file: file.to_owned(),
            line: 1,
            message,
        }
    }

    /// The line, from 1; 0 when it is not known.
    #[must_use]
    pub const fn line(&self) -> usize {
        match self {
            Self::Syntax { line, .. }
            | Self::Whole { line, .. }
            | Self::Field { line, .. }
            | Self::Reference { line, .. } => *line,
        }
    }

    /// The field, where it is one's.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Field { field, .. } => Some(field),
            _ => None,
        }
    }

    /// What is wrong, without its place.
    #[must_use]
    pub fn said(&self, language: Language) -> String {
        match (self, language) {
            (Self::Syntax { message, .. }, _) => message.clone(),
            (Self::Whole { message, .. } | Self::Field { message, .. }, _) => {
                message.get(language).to_owned()
            }
            (Self::Reference { what, name, .. }, Language::Danish) => {
                format!("{} {name} findes ikke", what.get(language))
            }
            (Self::Reference { what, name, .. }, Language::English) => {
                format!("there is no {} {name}", what.get(language))
            }
        }
    }
}
