//! Edits at places in a text that others have edited since: what an editor on the screen holds is never the newest text
//! for certain. Whoever only counts places would write into the middle of another's word.

use super::{edit::Splice, splices::minimal};

/// A character of the text that was seen, by its place there; or one that was typed.
enum Piece {
    Seen(usize),
    Typed(char),
}

/// What `now` reads with the splices in it that were made in `seen`, each in the text as the one before left it: what
/// either side took away is gone, what either side typed is there. None when a splice lies outside the text.
#[must_use]
pub fn carry_over(seen: &str, now: &str, splices: &[Splice]) -> Option<String> {
    let chars: Vec<char> = seen.chars().collect();
    let mine = typed_into(chars.len(), splices)?;
    let theirs = minimal(seen, now);
    let mut merged = String::with_capacity(now.len());
    let mut rest = mine.iter().peekable();
    for place in 0..=chars.len() {
        let came = theirs.iter().filter(|splice| splice.at == place);
        merged.extend(came.map(|splice| splice.insert.as_str()));
        while let Some(Piece::Typed(typed)) = rest.peek() {
            merged.push(*typed);
            rest.next();
        }
        let is_kept = matches!(rest.peek(), Some(Piece::Seen(at)) if *at == place);
        if is_kept {
            rest.next();
        }
        let is_gone = |splice: &Splice| (splice.at..splice.at + splice.delete).contains(&place);
        match chars.get(place) {
            Some(char) if is_kept && !theirs.iter().any(is_gone) => merged.push(*char),
            _ => {}
        }
    }
    Some(merged)
}

/// The text that was seen, as the splices left it.
fn typed_into(length: usize, splices: &[Splice]) -> Option<Vec<Piece>> {
    let mut pieces: Vec<Piece> = (0..length).map(Piece::Seen).collect();
    for splice in splices {
        let end = splice.at.checked_add(splice.delete)?;
        if end > pieces.len() {
            return None;
        }
        pieces.splice(splice.at..end, splice.insert.chars().map(Piece::Typed));
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn splice(at: usize, delete: usize, insert: &str) -> Splice {
        Splice {
            at,
            delete,
            insert: insert.to_owned(),
        }
    }

    #[test]
    fn what_was_typed_lands_where_it_was_meant_whatever_others_wrote_meanwhile() {
        let seen = "Emma sover godt.";
        for (name, now, splices, expected) in [
            (
                "before it",
                "Lille Emma sover godt.",
                vec![splice(15, 0, " nu")],
                "Lille Emma sover godt nu.",
            ),
            (
                "behind it",
                "Emma sover godt. Mor er glad.",
                vec![splice(0, 4, "Ea")],
                "Ea sover godt. Mor er glad.",
            ),
            (
                "one after another",
                "Emma sover godt!",
                vec![splice(0, 0, "I nat: "), splice(18, 4, "skidt")],
                "I nat: Emma sover skidt!",
            ),
            (
                "within what goes",
                "Emma sover meget godt.",
                vec![splice(4, 11, "")],
                "Emmameget .",
            ),
            (
                "both took the same away",
                "Emma sover.",
                vec![splice(10, 5, "")],
                "Emma sover.",
            ),
        ] {
            assert_eq!(
                carry_over(seen, now, &splices).as_deref(),
                Some(expected),
                "{name}"
            );
        }
        for outside in [
            splice(17, 0, "x"),
            splice(10, 7, ""),
            splice(usize::MAX, 1, ""),
        ] {
            assert_eq!(carry_over(seen, seen, &[outside]), None);
        }
    }

    proptest! {
        #[test]
        fn with_one_side_alone_it_is_that_side(old in "[a-cæø ,.]{0,30}", new in "[a-cæø ,.]{0,30}") {
            let mine = minimal(&old, &new);
            prop_assert_eq!(carry_over(&old, &old, &mine), Some(new.clone()));
            prop_assert_eq!(carry_over(&old, &new, &[]), Some(new));
        }
    }
}
