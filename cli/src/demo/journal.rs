//! The journal: who typed what, where and when, written down as each act succeeds. It is all that the checker knows.
//!
//! It is kept by the people's side of the demo, not by the programs under test: a value is noted as it was typed,
//! and as seen are noted the values that stood on the screen when it was typed. Kept in memory and, line by line as
//! JSON, in a file beside the devices' folders.

use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    time::UnixMillis,
    value::Value,
};
use serde::{Deserialize, Serialize};
use std::{fs::File, io::Write as _, path::Path};

/// Where a value stands: a field of a document, or a field of one of its items.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub document: DocumentId,
    pub field: String,
    /// The item's id and its field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<(String, String)>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A device of a practitioner, who is a member of these teams.
    Device {
        name: String,
        practitioner: PractitionerId,
        teams: Vec<TeamId>,
    },
    /// A document was begun: in a case of a team, or in the team's circle.
    Document {
        document: DocumentId,
        team: TeamId,
        case: Option<SpaceId>,
        template: String,
    },
    /// A case is about this person; cases of one person carry the same number.
    Citizen { case: SpaceId, citizen: usize },
    /// A value was typed. `saw` are the numbers of the lines whose values stood there.
    Value {
        place: Place,
        value: Value,
        saw: Vec<usize>,
    },
    /// Prose was edited: `seen` is the text before, positions count code points.
    Prose {
        document: DocumentId,
        field: String,
        seen: String,
        at: usize,
        delete: usize,
        insert: String,
    },
    /// A document was signed.
    Signed { document: DocumentId },
}

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Who did it; none for what the administration did.
    pub by: Option<PractitionerId>,
    /// The time on the writer's clock.
    pub at: UnixMillis,
    pub what: What,
}

/// The whole journal.
#[derive(Debug, Default)]
pub struct Journal {
    lines: Vec<Line>,
    file: Option<File>,
}

/// A journal that cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the journal cannot be written: make the folder writable")]
    Write(#[source] std::io::Error),
    #[cfg(test)]
    #[error("the journal cannot be read")]
    Read(#[source] std::io::Error),
    #[error("the journal's line {line} does not read")]
    Line {
        line: usize,
        #[source]
        source: serde_json::Error,
    },
}

impl Journal {
    /// Begins a journal in a file that must not be there yet.
    pub fn begin(file: &Path) -> Result<Self, JournalError> {
        let file = File::create_new(file).map_err(JournalError::Write)?;
        Ok(Self {
            lines: Vec::new(),
            file: Some(file),
        })
    }

    /// Reads a journal back.
    #[cfg(test)]
    pub fn open(file: &Path) -> Result<Self, JournalError> {
        use std::io::{BufRead as _, BufReader};
        let file = File::open(file).map_err(JournalError::Read)?;
        let mut lines = Vec::new();
        for (number, text) in BufReader::new(file).lines().enumerate() {
            let text = text.map_err(JournalError::Read)?;
            let line = serde_json::from_str(&text).map_err(|source| JournalError::Line {
                line: number + 1,
                source,
            })?;
            lines.push(line);
        }
        Ok(Self { lines, file: None })
    }

    /// Notes one thing that has just succeeded.
    pub fn note(
        &mut self,
        by: Option<PractitionerId>,
        at: UnixMillis,
        what: What,
    ) -> Result<(), JournalError> {
        let line = Line { by, at, what };
        if let Some(file) = &mut self.file {
            let mut text = serde_json::to_vec(&line).map_err(|source| JournalError::Line {
                line: self.lines.len() + 1,
                source,
            })?;
            text.push(b'\n');
            file.write_all(&text).map_err(JournalError::Write)?;
        }
        self.lines.push(line);
        Ok(())
    }

    /// Every line, in order; a line's number is its place here, from 0.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The lines that put these values in this place: what a person who sees the values has seen.
    pub fn lines_of(&self, place: &Place, values: &[Value]) -> Vec<usize> {
        let typed = self.lines.iter().enumerate().filter(|(_, line)| {
            matches!(&line.what, What::Value { place: known, value, .. } if known == place && values.contains(value))
        });
        typed.map(|(number, _)| number).collect()
    }
}
