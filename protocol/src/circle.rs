//! Circles of chosen participants: what a device asks of them, within which bounds, and what is told of them.
//!
//! A circle is a space of its own. Its participants and nobody else read what stands in it, its title included. The
//! operations stand in the group of the space itself, without a document.

use crate::{limits, wire, wire::WireError};
use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{PractitionerId, SpaceId},
    time::UnixMillis,
};

/// Body of `open_circle`: the group's space becomes a circle. The same operation again is accepted with the same
/// answer; another one on a space that is there is `no_access`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OpenCircle {
    /// What it is called: see [`is_title`].
    #[n(0)]
    pub title: String,
    /// Who takes part from the first. Who opens it does, named or not.
    #[n(1)]
    pub participants: Vec<PractitionerId>,
    /// The cases it concerns. They are names only: nobody gets to read a case by it, and none is looked up.
    #[n(2)]
    pub about: Vec<SpaceId>,
    /// When it was opened, by the device's clock.
    #[n(3)]
    pub opened_at: UnixMillis,
}

/// Body of `join`: a participant adds another practitioner of the organisation to the group's circle. Somebody who
/// takes part already goes on doing so: that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Join {
    /// Who.
    #[n(0)]
    pub practitioner: PractitionerId,
}

/// Body of `leave`: whoever sends it leaves the group's circle. Somebody who has left it already is answered with
/// the place in the log where they did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Leave {}

/// What a circle is called and concerns. In the circle's own space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Circle {
    /// What it is called.
    #[n(0)]
    pub title: String,
    /// Who opened it.
    #[n(1)]
    pub opened_by: PractitionerId,
    /// When, by the device's clock.
    #[n(2)]
    pub opened_at: UnixMillis,
    /// The cases it concerns, as names.
    #[n(3)]
    pub about: Vec<SpaceId>,
}

/// Somebody takes part in a circle, or does no longer. In the circle's own space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Participant {
    /// The circle.
    #[n(0)]
    pub circle: SpaceId,
    /// Who.
    #[n(1)]
    pub practitioner: PractitionerId,
    /// Since when it is so, by the server's clock.
    #[n(2)]
    pub since: UnixMillis,
    /// Whether they have left.
    #[n(3)]
    pub ended: bool,
}

/// Whether a text can be a circle's title: one line that says something, without blanks around it, of at most
/// [`limits::CIRCLE_TITLE_CHARS_MAX`] characters.
#[must_use]
pub fn is_title(text: &str) -> bool {
    is_line(text, limits::CIRCLE_TITLE_CHARS_MAX)
}

/// Whether a text is one line that says something, without blanks around it, of at most so many characters.
pub(crate) fn is_line(text: &str, chars_max: usize) -> bool {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= chars_max
        && !text.contains(breaks)
}

impl OpenCircle {
    /// The body from its bytes, within the limits of [`limits`].
    ///
    /// # Errors
    /// `TooLarge` over the number of participants or cases; `Malformed` or `Trailing`, and for a title that is none.
    pub fn from_body(body: &[u8]) -> Result<Self, WireError> {
        let open: Self = wire::decode("circle opening", body)?;
        let bounds = [
            (
                "list of participants",
                open.participants.len(),
                limits::CIRCLE_PARTICIPANTS_MAX,
            ),
            ("list of cases", open.about.len(), limits::CIRCLE_ABOUT_MAX),
        ];
        for (what, length, limit) in bounds {
            if length > limit {
                return Err(WireError::TooLarge { what, limit });
            }
        }
        if !is_title(&open.title) {
            return Err(WireError::Malformed {
                what: "circle opening",
                source: minicbor::decode::Error::message("not a title"),
            });
        }
        Ok(open)
    }

    /// Everybody who takes part from the first, each once, whoever opens it first.
    #[must_use]
    pub fn all_participants(&self, opened_by: PractitionerId) -> Vec<PractitionerId> {
        let mut all = vec![opened_by];
        for one in &self.participants {
            if !all.contains(one) {
                all.push(*one);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_line_that_says_something() {
        let longest = "å".repeat(limits::CIRCLE_TITLE_CHARS_MAX);
        for title in ["Overgang til skole", "Æ", &longest] {
            assert!(is_title(title), "{title}");
        }
        let too_long = format!("{longest}å");
        for title in [
            "",
            " ",
            " foran",
            "bagved ",
            "to\nlinjer",
            "to\u{2028}linjer",
            "\u{7}",
            &too_long,
        ] {
            assert!(!is_title(title), "{title:?}");
        }
    }

    #[test]
    fn an_opening_is_read_within_its_bounds_only() {
        let practitioner = |n: u8| PractitionerId::from_bytes([n; 16]);
        let open = |participants: usize, about: usize, title: &str| OpenCircle {
            title: title.to_owned(),
            participants: vec![practitioner(1); participants],
            about: vec![SpaceId::from_bytes([2; 16]); about],
            opened_at: UnixMillis(1),
        };
        let (most, cases) = (limits::CIRCLE_PARTICIPANTS_MAX, limits::CIRCLE_ABOUT_MAX);
        let whole = open(most, cases, "Ærø");
        assert_eq!(
            OpenCircle::from_body(&wire::encode(&whole)).expect("reads"),
            whole
        );
        for (open, is_too_large) in [
            (open(most + 1, 0, "Ærø"), true),
            (open(0, cases + 1, "Ærø"), true),
            (open(0, 0, ""), false),
        ] {
            let error = OpenCircle::from_body(&wire::encode(&open)).expect_err("refused");
            assert_eq!(
                matches!(error, WireError::TooLarge { .. }),
                is_too_large,
                "{error}"
            );
        }
    }

    #[test]
    fn who_opens_takes_part_and_everybody_once() {
        let [a, b, c] = [1, 2, 3].map(|n| PractitionerId::from_bytes([n; 16]));
        let open = OpenCircle {
            title: "Ærø".to_owned(),
            participants: vec![b, a, b, c],
            about: Vec::new(),
            opened_at: UnixMillis(1),
        };
        assert_eq!(open.all_participants(a), [a, b, c]);
    }
}
