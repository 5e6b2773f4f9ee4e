//! Folding: one word in the form, or the forms, in which it is kept and looked for.

use super::{WANTED_MAX, WORD_CHARS_MAX, WORDS_MAX};
use std::{borrow::Cow, collections::BTreeSet, mem};
use unicode_normalization::{
    IsNormalized, UnicodeNormalization as _, char::is_combining_mark, is_nfc_quick,
};

/// How a letter that is none of the 26 is typed: in two letters, and by those who have no key for it, in one.
const fn typed(letter: char) -> Option<(&'static str, &'static str)> {
    match letter {
        'æ' | 'ä' => Some(("ae", "ae")),
        'ø' | 'ö' => Some(("oe", "o")),
        'å' => Some(("aa", "a")),
        'ð' | 'đ' => Some(("d", "d")),
        'þ' => Some(("th", "th")),
        'ß' => Some(("ss", "ss")),
        'ł' => Some(("l", "l")),
        _ => None,
    }
}

/// Letters and digits belong to a word, in any script. What is kept for private use belongs to none: filters are
/// written in it.
fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || is_combining_mark(letter)
}

/// A word: its special letters as two letters each, and as one where that is another form.
#[derive(Default)]
struct Word {
    long: String,
    short: Option<String>,
    chars: usize,
}

impl Word {
    fn push_plain(&mut self, letter: char) {
        if self.chars < WORD_CHARS_MAX {
            self.long.push(letter);
            if let Some(short) = &mut self.short {
                short.push(letter);
            }
            self.chars += 1;
        }
    }

    fn push(&mut self, letter: char) {
        if self.chars >= WORD_CHARS_MAX {
            return;
        }
        if let Some((long, short)) = typed(letter) {
            if long != short || self.short.is_some() {
                let begun = &self.long;
                let kept = self.short.get_or_insert_with(|| begun.clone());
                kept.push_str(short);
            }
            self.long.push_str(long);
            self.chars += long.len();
        } else if !is_combining_mark(letter) {
            for plain in std::iter::once(letter).nfd() {
                if !is_combining_mark(plain) {
                    self.push_plain(plain);
                }
            }
        }
    }
}

/// Hands on the words of a text, in order, until `told` has enough. Most letters are of the 26, and most texts composed
/// already: neither is asked for more than that.
fn each_word(text: &str, mut told: impl FnMut(Word) -> bool) {
    let text = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfc().collect()),
    };
    let mut word = Word::default();
    for letter in text.chars() {
        let is_of_it = if letter.is_ascii() {
            let is_of_it = letter.is_ascii_alphanumeric();
            if is_of_it {
                word.push_plain(letter.to_ascii_lowercase());
            }
            is_of_it
        } else {
            let mut is_of_it = true;
            for letter in letter.to_lowercase() {
                is_of_it &= is_of_word(letter);
                if is_of_it {
                    word.push(letter);
                }
            }
            is_of_it
        };
        if !is_of_it && !word.long.is_empty() && !told(mem::take(&mut word)) {
            return;
        }
    }
    if !word.long.is_empty() {
        told(word);
    }
}

/// Adds a text's words, in every form in which they may be looked for, up to [`WORDS_MAX`].
pub(super) fn add(text: &str, into: &mut BTreeSet<String>) {
    each_word(text, |word| {
        into.extend(word.short);
        into.insert(word.long);
        into.len() < WORDS_MAX
    });
}

/// What a person typed, as beginnings of words that have all to be found, at most [`WANTED_MAX`].
#[must_use]
pub fn wanted(text: &str) -> Vec<String> {
    let mut wanted: Vec<String> = Vec::new();
    each_word(text, |word| {
        if !wanted.contains(&word.long) {
            wanted.push(word.long);
        }
        wanted.len() < WANTED_MAX
    });
    wanted
}
