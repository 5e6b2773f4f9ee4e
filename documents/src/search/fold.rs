//! Folding: one word in the form, or the forms, in which it is kept and looked for.

use super::{WANTED_MAX, WORD_CHARS_MAX, WORDS_MAX};
use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

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

/// A word in two forms: its special letters as two letters each, and as one.
#[derive(Default)]
struct Word {
    long: String,
    short: String,
    chars: usize,
}

impl Word {
    fn push(&mut self, letter: char) {
        if self.chars >= WORD_CHARS_MAX {
            return;
        }
        if let Some((long, short)) = typed(letter) {
            self.long.push_str(long);
            self.short.push_str(short);
            self.chars += long.len();
        } else if !is_combining_mark(letter) {
            let plain = std::iter::once(letter).nfd();
            for plain in plain.filter(|one| !is_combining_mark(*one)) {
                self.long.push(plain);
                self.short.push(plain);
                self.chars += 1;
            }
        }
    }
}

/// The words of a text, in order, each in its two forms.
fn words(text: &str) -> impl Iterator<Item = Word> {
    let mut letters = text.nfc().flat_map(char::to_lowercase).peekable();
    std::iter::from_fn(move || {
        while letters.next_if(|letter| !is_of_word(*letter)).is_some() {}
        letters.peek()?;
        let mut word = Word::default();
        while let Some(letter) = letters.next_if(|letter| is_of_word(*letter)) {
            word.push(letter);
        }
        Some(word)
    })
    .filter(|word| !word.long.is_empty())
}

/// Adds a text's words, in every form in which they may be looked for, up to [`WORDS_MAX`].
pub(super) fn add(text: &str, into: &mut BTreeSet<String>) {
    for word in words(text) {
        if into.len() >= WORDS_MAX {
            return;
        }
        if word.short != word.long {
            into.insert(word.short);
        }
        into.insert(word.long);
    }
}

/// What a person typed, as beginnings of words that have all to be found, at most [`WANTED_MAX`].
#[must_use]
pub fn wanted(text: &str) -> Vec<String> {
    let mut wanted: Vec<String> = Vec::new();
    for word in words(text) {
        if wanted.len() < WANTED_MAX && !wanted.contains(&word.long) {
            wanted.push(word.long);
        }
    }
    wanted
}
