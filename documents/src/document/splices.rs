//! Prose: splices at places, and the smallest splices from one text to another. Positions count code points.

use super::{AuthorError, edit::Splice};
use crate::template::{Field, FieldType};
use automerge::{
    ObjId, ReadDoc,
    transaction::{Transactable, Transaction},
};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Applies splices in order, each in the text as the one before left it.
pub(super) fn apply(
    tx: &mut Transaction<'_>,
    text: &ObjId,
    field: &Field,
    splices: &[Splice],
) -> Result<(), AuthorError> {
    for splice in splices {
        let length = tx.length(text);
        let end = splice
            .at
            .checked_add(splice.delete)
            .filter(|end| *end <= length);
        if end.is_none() {
            return Err(AuthorError::OutsideText {
                field: field.name.clone(),
            });
        }
        let FieldType::Text { chars_max } = field.field_type else {
            return Err(AuthorError::Broken);
        };
        if length - splice.delete + splice.insert.chars().count() > chars_max {
            return Err(AuthorError::TooLong {
                field: field.name.clone(),
                chars_max,
            });
        }
        splice_one(tx, text, splice)?;
    }
    Ok(())
}

fn splice_one(tx: &mut Transaction<'_>, text: &ObjId, splice: &Splice) -> Result<(), AuthorError> {
    if splice.delete == 0 && splice.insert.is_empty() {
        return Ok(());
    }
    let delete = isize::try_from(splice.delete).map_err(|_| AuthorError::Broken)?;
    Ok(tx.splice_text(text, splice.at, delete, &splice.insert)?)
}

/// Makes a text read `new`.
pub(super) fn replace(
    tx: &mut Transaction<'_>,
    text: &ObjId,
    new: &str,
) -> Result<(), AuthorError> {
    let old = tx.text(text)?;
    minimal(&old, new)
        .iter()
        .try_for_each(|splice| splice_one(tx, text, splice))
}

/// Splices that turn `old` into `new`, last first, so that each place holds in `old` too. Words that stay keep their
/// characters, so that what others write beside them merges.
pub(super) fn minimal(old: &str, new: &str) -> Vec<Splice> {
    let (old_words, new_words) = (words(old), words(new));
    let mut kept: Vec<(usize, usize, usize)> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old_words, &new_words) {
        if let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = op
        {
            kept.push((old_index, new_index, len));
        }
    }
    kept.push((old_words.len(), new_words.len(), 0));
    let joined =
        |words: &[&str], from: usize, to: usize| words.get(from..to).unwrap_or_default().concat();
    let (mut splices, mut at) = (Vec::new(), 0);
    let (mut old_from, mut new_from) = (0, 0);
    for (old_index, new_index, length) in kept {
        let gone = joined(&old_words, old_from, old_index);
        let come = joined(&new_words, new_from, new_index);
        if gone != come {
            splices.push(trimmed(at, &gone, &come));
        }
        (old_from, new_from) = (old_index + length, new_index + length);
        at += gone.chars().count() + joined(&old_words, old_index, old_from).chars().count();
    }
    splices.reverse();
    splices
}

/// One replacement without the characters that both texts begin or end with.
fn trimmed(at: usize, old: &str, new: &str) -> Splice {
    let old: Vec<char> = old.chars().collect();
    let new: Vec<char> = new.chars().collect();
    let front = old
        .iter()
        .zip(&new)
        .take_while(|(one, other)| one == other)
        .count();
    let most = old.len().min(new.len()) - front;
    let back = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(most)
        .take_while(|(one, other)| one == other)
        .count();
    Splice {
        at: at + front,
        delete: old.len() - front - back,
        insert: new
            .iter()
            .skip(front)
            .take(new.len() - front - back)
            .collect(),
    }
}

/// Runs of letters and digits, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() {
            rest.find(|c: char| !c.is_alphanumeric())
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        words.push(word);
        rest = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn applied(old: &str, splices: &[Splice]) -> String {
        let mut text: Vec<char> = old.chars().collect();
        for splice in splices {
            text.splice(splice.at..splice.at + splice.delete, splice.insert.chars());
        }
        text.into_iter().collect()
    }

    #[test]
    fn a_changed_word_changes_its_own_characters_only() {
        let splices = minimal(
            "Emma sover godt om natten.",
            "Emma sover dårligt om natten.",
        );
        assert_eq!(
            splices,
            [Splice {
                at: 11,
                delete: 3,
                insert: "dårlig".to_owned()
            }]
        );
        let twice = minimal("æble og pære", "æbler og pærer");
        assert_eq!(twice.len(), 2);
        assert!(minimal("samme", "samme").is_empty());
    }

    proptest! {
        #[test]
        fn splices_lead_from_any_text_to_any_other(old in "[a-cæø ,.]{0,40}", new in "[a-cæø ,.]{0,40}") {
            prop_assert_eq!(applied(&old, &minimal(&old, &new)), new);
        }
    }
}
