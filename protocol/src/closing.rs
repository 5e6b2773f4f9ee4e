//! Closing a circle of chosen participants, and the learning lines that it shares.
//!
//! What was written in a circle stays with its participants. Others see that it took place, and the lines that the
//! participants chose to share: never what the circle was called or about, who took part, or who wrote what.

use crate::{limits, wire, wire::WireError};
use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{PractitionerId, SpaceId, TeamId},
    time::UnixMillis,
};

/// Milliseconds of a day.
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// What kind of reflection it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum ReflectionKind {
    /// A shared professional reflection.
    #[default]
    #[n(0)]
    Shared,
    /// Some time after a course or a method was taken up: what was tried.
    #[n(1)]
    MethodFollowUp,
    /// Sparring on a recorded conversation.
    #[n(2)]
    VideoSparring,
}

impl ReflectionKind {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Shared, Self::MethodFollowUp, Self::VideoSparring];

    /// Its code: stable, lower case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::MethodFollowUp => "method_follow_up",
            Self::VideoSparring => "video_sparring",
        }
    }

    /// What people call it, in Danish.
    #[must_use]
    pub const fn danish(self) -> &'static str {
        match self {
            Self::Shared => "Fælles faglig refleksion",
            Self::MethodFollowUp => "Metodeopfølgning",
            Self::VideoSparring => "Videosparring",
        }
    }

    /// What people call it, in English.
    #[must_use]
    pub const fn english(self) -> &'static str {
        match self {
            Self::Shared => "Shared professional reflection",
            Self::MethodFollowUp => "Method follow-up",
            Self::VideoSparring => "Video sparring",
        }
    }

    /// The one of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }
}

/// Body of `close_circle`: a participant closes the group's circle. The same operation again is accepted with the same
/// answer; another one on a circle that is closed is `closed`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CloseCircle {
    /// When, by the device's clock.
    #[n(0)]
    pub at: UnixMillis,
    /// What was learned: see [`is_learning_line`]. May be none.
    #[n(1)]
    pub lines: Vec<String>,
    /// The teams that see it: of those in which somebody who takes part is a member. May be none.
    #[n(2)]
    pub shared_with: Vec<TeamId>,
    /// What kind of reflection it was.
    #[n(3)]
    pub kind: ReflectionKind,
}

/// A circle was closed. In the circle's own space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Closing {
    /// The circle.
    #[n(0)]
    pub circle: SpaceId,
    /// By whom.
    #[n(1)]
    pub closed_by: PractitionerId,
    /// When, by their device's clock.
    #[n(2)]
    pub closed_at: UnixMillis,
    /// What was learned.
    #[n(3)]
    pub lines: Vec<String>,
    /// The teams that see it.
    #[n(4)]
    pub shared_with: Vec<TeamId>,
    /// What kind of reflection it was.
    #[n(5)]
    pub kind: ReflectionKind,
}

/// A reflection took place, and what was learned in it. In the team's circle, one fact per team; its id is not derived
/// from the reflection's circle.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Learning {
    /// The team that it is shared with.
    #[n(0)]
    pub team: TeamId,
    /// What kind of reflection it was.
    #[n(1)]
    pub kind: ReflectionKind,
    /// The day it was closed, by the server's clock: the beginning of that day in UTC.
    #[n(2)]
    pub day: UnixMillis,
    /// What was learned.
    #[n(3)]
    pub lines: Vec<String>,
    /// How many took part when it was closed.
    #[n(4)]
    pub participants: u32,
}

/// The beginning of the day, in UTC.
#[must_use]
pub const fn day_of(at: UnixMillis) -> UnixMillis {
    UnixMillis(at.0.div_euclid(DAY_MILLIS).saturating_mul(DAY_MILLIS))
}

/// Whether a text can be a learning line: one line that says something, without blanks around it, of at most
/// [`limits::LEARNING_LINE_CHARS_MAX`] characters.
#[must_use]
pub fn is_learning_line(text: &str) -> bool {
    crate::circle::is_line(text, limits::LEARNING_LINE_CHARS_MAX)
}

impl CloseCircle {
    /// The body from its bytes, within the limits of [`limits`].
    ///
    /// # Errors
    /// `TooLarge` over the number of lines, their bytes or the number of teams; `Malformed` or `Trailing`, and for a
    /// line that is none.
    pub fn from_body(body: &[u8]) -> Result<Self, WireError> {
        let close: Self = wire::decode("circle closing", body)?;
        close.check_size()?;
        if !close.lines.iter().all(|line| is_learning_line(line)) {
            return Err(WireError::Malformed {
                what: "circle closing",
                source: minicbor::decode::Error::message("not a learning line"),
            });
        }
        Ok(close)
    }

    /// Whether it is within the limits of [`limits`]; what each line says is not looked at.
    ///
    /// # Errors
    /// `TooLarge`, with what is too much and its limit.
    pub fn check_size(&self) -> Result<(), WireError> {
        let bytes = self.lines.iter().map(String::len).sum();
        let bounds = [
            (
                "list of learning lines",
                self.lines.len(),
                limits::LEARNING_LINES_MAX,
            ),
            ("learning lines", bytes, limits::LEARNING_BYTES_MAX),
            (
                "list of teams",
                self.shared_with.len(),
                limits::LEARNING_TEAMS_MAX,
            ),
        ];
        for (what, size, limit) in bounds {
            if size > limit {
                return Err(WireError::TooLarge { what, limit });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(lines: Vec<String>, teams: usize) -> CloseCircle {
        CloseCircle {
            at: UnixMillis(1),
            lines,
            shared_with: vec![TeamId::from_bytes([1; 16]); teams],
            kind: ReflectionKind::MethodFollowUp,
        }
    }

    #[test]
    fn a_closing_is_read_within_its_bounds_only() {
        let longest = "å".repeat(limits::LEARNING_LINE_CHARS_MAX);
        let several = |line: &str, count: usize| vec![line.to_owned(); count];
        let (lines, teams) = (limits::LEARNING_LINES_MAX, limits::LEARNING_TEAMS_MAX);
        for whole in [
            close(Vec::new(), 0),
            close(several("Spørg barnet først", lines), teams),
            close(several(&longest, 10), 1),
        ] {
            let read = CloseCircle::from_body(&wire::encode(&whole)).expect("reads");
            assert_eq!(read, whole);
        }
        let too_long = format!("{longest}å");
        for (wrong, is_too_large) in [
            (close(several("en", lines + 1), 0), true),
            (close(several("en", 1), teams + 1), true),
            (close(several(&longest, lines), 1), true),
            (close(several(&too_long, 1), 1), false),
            (close(several("to\nlinjer", 1), 1), false),
            (close(several(" ", 1), 1), false),
        ] {
            let error = CloseCircle::from_body(&wire::encode(&wrong)).expect_err("refused");
            let told = matches!(error, WireError::TooLarge { .. });
            assert_eq!(told, is_too_large, "{error}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_in_utc_before_1970_too() {
        let cases = [(0, 0), (DAY_MILLIS - 1, 0), (DAY_MILLIS, DAY_MILLIS)];
        for (at, day) in cases.into_iter().chain([(-1, -DAY_MILLIS)]) {
            assert_eq!(day_of(UnixMillis(at)), UnixMillis(day));
        }
    }

    #[test]
    fn every_kind_is_found_by_its_code() {
        for kind in ReflectionKind::ALL {
            assert_eq!(ReflectionKind::of_code(kind.code()), Some(*kind));
        }
        assert_eq!(ReflectionKind::of_code("else"), None);
    }
}
