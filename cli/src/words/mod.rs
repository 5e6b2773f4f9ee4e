//! The catalogue: every sentence a user may see, Danish and English side by side. The compiler demands both;
//! the tests demand that both have the same places to fill.

mod access;
mod assignments;
mod closing;
mod contacts;
mod demo;
mod errors;
pub mod help;
mod methods;
mod printed;
mod record;
mod schedule;
mod shares;
mod status;
mod templates;
mod visits;

use crate::args::Lang;

/// A sentence of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct W {
    danish: &'static str,
    english: &'static str,
}

/// Makes sentences: `NAME: "dansk", "English";`, and a list of them for the tests.
macro_rules! sentences {
    ($all:ident; $($name:ident: $danish:literal, $english:literal;)*) => {
        impl W {
            $(pub const $name: Self = Self { danish: $danish, english: $english };)*

            #[cfg(test)]
            pub(super) const $all: &'static [(&'static str, Self)] = &[$((stringify!($name), Self::$name),)*];
        }
    };
}
use sentences;

impl W {
    /// The sentence in a language.
    pub const fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Da => self.danish,
            Lang::En => self.english,
        }
    }

    /// The sentence with its `{places}` filled; a place without a value stays as it stands.
    pub fn filled(self, lang: Lang, places: &[(&str, &str)]) -> String {
        fill(self.text(lang), places)
    }
}

/// Fills in one pass, so that a value that looks like a place stays a value.
fn fill(text: &str, places: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match places.iter().find(|(place, _)| *place == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.extend(["{", name, "}"]),
        }
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

/// The months, as they stand in a date.
pub const fn months(lang: Lang) -> &'static [&'static str; 12] {
    match lang {
        Lang::Da => &[
            "jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.",
            "dec.",
        ],
        Lang::En => &[
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> = text
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}').map(|(name, _)| name))
            .collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn every_sentence_stands_in_both_languages_with_the_same_places() {
        let all = [
            W::ERRORS,
            W::ACCESS,
            W::PRINTED,
            W::SHARES,
            W::ASSIGNMENTS,
            W::STATUS,
            W::CLOSING,
            W::CONTACTS,
            W::METHODS,
            W::RECORD,
            W::SCHEDULE,
            W::TEMPLATES,
            W::VISITS,
            W::DEMO,
        ];
        for (name, words) in all.into_iter().flatten() {
            assert!(!words.danish.trim().is_empty(), "{name} has no Danish");
            assert!(!words.english.trim().is_empty(), "{name} has no English");
            assert_eq!(places(words.danish), places(words.english), "{name}");
        }
    }

    #[test]
    fn a_value_that_looks_like_a_place_stays_a_value() {
        assert_eq!(fill("{a} og {b}", &[("a", "{b}"), ("b", "x")]), "{b} og x");
        assert_eq!(fill("{", &[]), "{");
    }
}
