//! What the pages show, as plain texts: made from readings, names and times; knows no database and no HTTP.

mod entry;
mod field;

pub use entry::{EntrySource, EntryView, days, late_by};
pub use field::{FieldView, Shown, fields};

use super::language::Language;
use crate::names::{Names, TeamName};
use samspor_documents::{id::PractitionerId, id::TeamId, time::UnixMillis};

/// What making a view needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// In which language.
    pub language: Language,
    /// Names of teams and people.
    pub names: &'a Names,
    /// The server's time.
    pub now: UnixMillis,
}

/// A team as a coloured mark with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamView {
    /// Its name.
    pub name: String,
    /// Its kind's code: its colour.
    pub kind: &'static str,
    /// What its kind is called.
    pub kind_name: &'static str,
}

/// A time for machines and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeView {
    /// RFC 3339, UTC.
    pub machine: String,
    /// As people read it.
    pub text: String,
}

impl TimeView {
    /// A time, as people read it.
    #[must_use]
    pub fn new(at: UnixMillis, text: String) -> Self {
        Self {
            machine: super::format::machine(at),
            text,
        }
    }
}

impl Reader<'_> {
    /// A time near now.
    #[must_use]
    pub fn recent(&self, at: UnixMillis) -> TimeView {
        TimeView::new(at, super::format::recent(at, self.now, self.language))
    }

    /// A team's mark; one without a name here is only its id's place.
    #[must_use]
    pub fn team(&self, team: TeamId) -> TeamView {
        let unknown = TeamName::unknown();
        let known = self.names.team(team).unwrap_or(&unknown);
        TeamView {
            name: known.name.clone(),
            kind: known.kind.code(),
            kind_name: match self.language {
                Language::Danish => known.kind.danish(),
                Language::English => known.kind.english(),
            },
        }
    }

    /// A person's name.
    #[must_use]
    pub fn person(&self, practitioner: PractitionerId) -> String {
        let unknown = || self.language.texts().unknown_author.to_owned();
        self.names
            .person(practitioner)
            .map_or_else(unknown, str::to_owned)
    }

    /// Several people's names, each once, as a sentence lists them.
    #[must_use]
    pub fn people(&self, practitioners: &[PractitionerId]) -> String {
        let mut names: Vec<String> = Vec::new();
        for name in practitioners.iter().map(|one| self.person(*one)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let and = match self.language {
            Language::Danish => " og ",
            Language::English => " and ",
        };
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{}{and}{last}", rest.join(", ")),
            Some((only, _)) => only.clone(),
            None => String::new(),
        }
    }
}
