//! Names that people give: trimmed, on one line, of a length that every list can show.

use super::AdminError;

/// No name is longer, in characters.
const CHARACTERS_MAX: usize = 120;

/// Characters that would let one name look like another or turn a line around.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// A name as it is kept.
pub(super) fn checked(what: &'static str, name: &str) -> Result<String, AdminError> {
    let name = name.trim();
    let length = name.chars().count();
    let shown = !name.chars().any(|c| c.is_control() || is_invisible(c));
    if (1..=CHARACTERS_MAX).contains(&length) && shown {
        Ok(name.to_owned())
    } else {
        Err(AdminError::Name {
            what,
            max: CHARACTERS_MAX,
        })
    }
}

/// The same, or nothing.
pub(super) fn checked_or_empty(what: &'static str, name: &str) -> Result<String, AdminError> {
    if name.trim().is_empty() {
        return Ok(String::new());
    }
    checked(what, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_must_be_shown_on_one_line() {
        let long = "å".repeat(120);
        let longer = "å".repeat(121);
        let rows = [
            ("Åse Kjær-Sørensen", Some("Åse Kjær-Sørensen")),
            ("  Sundhedsplejen Øst ", Some("Sundhedsplejen Øst")),
            (&long, Some(long.as_str())),
            (&longer, None),
            ("", None),
            ("   ", None),
            ("to\nlinjer", None),
            ("vendt\u{202e}om", None),
            ("nul\0", None),
        ];
        for (name, expected) in rows {
            let kept = checked("name", name).ok();
            assert_eq!(kept.as_deref(), expected, "{name:?}");
        }
    }

    #[test]
    fn a_title_may_be_empty() {
        assert_eq!(checked_or_empty("title", " ").expect("empty"), "");
        assert!(checked_or_empty("title", "a\nb").is_err());
    }
}
