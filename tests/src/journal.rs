//! What a worker said it did: the only knowledge a test has of what must not be lost.

use anyhow::{Context as _, Result, bail};
use samspor_documents::id::DocumentId;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

/// One line of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// It works.
    Ready,
    /// It begins to save.
    SaveBegin {
        /// The save's number.
        number: u64,
        /// `case`, `note`, or the document it goes on writing in.
        what: String,
    },
    /// It has been told that the save is kept.
    SaveEnd {
        /// The save's number.
        number: u64,
        /// Where it stands.
        document: DocumentId,
    },
    /// It begins to push.
    PushBegin {
        /// So many operations wait.
        waiting: usize,
    },
    /// A push was answered.
    PushHeard,
    /// The push, and what followed it, is over.
    PushEnd,
    /// It did not come through.
    PushFailed {
        /// Why.
        why: String,
    },
    /// The save's operations are acknowledged.
    Acked {
        /// The save's number.
        number: u64,
    },
    /// Everything is sent; it ends.
    Rested,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready => f.write_str("ready"),
            Self::SaveBegin { number, what } => write!(f, "save begin {number} {what}"),
            Self::SaveEnd { number, document } => write!(f, "save end {number} {document}"),
            Self::PushBegin { waiting } => write!(f, "push begin {waiting}"),
            Self::PushHeard => f.write_str("push heard"),
            Self::PushEnd => f.write_str("push end"),
            Self::PushFailed { why } => write!(f, "push failed {why}"),
            Self::Acked { number } => write!(f, "acked {number}"),
            Self::Rested => f.write_str("rested"),
        }
    }
}

impl FromStr for Line {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> Result<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        Ok(match words.as_slice() {
            ["ready"] => Self::Ready,
            ["save", "begin", number, what] => Self::SaveBegin {
                number: number.parse()?,
                what: (*what).to_owned(),
            },
            ["save", "end", number, document] => Self::SaveEnd {
                number: number.parse()?,
                document: document.parse()?,
            },
            ["push", "begin", waiting] => Self::PushBegin {
                waiting: waiting.parse()?,
            },
            ["push", "heard"] => Self::PushHeard,
            ["push", "end"] => Self::PushEnd,
            ["push", "failed", why @ ..] => Self::PushFailed { why: why.join(" ") },
            ["acked", number] => Self::Acked {
                number: number.parse()?,
            },
            ["rested"] => Self::Rested,
            _ => bail!("a worker says what nobody understands: {line}"),
        })
    }
}

/// What the save of this number typed: findable in any text and in no other number's.
#[must_use]
pub fn token(number: u64) -> String {
    format!("«{number}»")
}

/// What was going on when something was killed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InFlight {
    /// A save had begun and nobody had been told that it is kept.
    pub save: Option<u64>,
    /// A push with so many operations had begun and nothing had been heard.
    pub push: Option<usize>,
}

/// The journal of one device, over all its processes.
#[derive(Debug, Default)]
pub struct Journal {
    /// Saves that were kept, and where they stand.
    pub saved: BTreeMap<u64, DocumentId>,
    /// Saves whose operations were acknowledged.
    pub acked: BTreeSet<u64>,
    in_flight: InFlight,
    begun: u64,
    /// Pushes that failed so far.
    pub failed: usize,
    /// Whether the worker ended with everything sent.
    pub rested: bool,
}

impl Journal {
    /// Takes down one line.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn note(&mut self, line: &str) -> Result<Line> {
        let line: Line = line.parse().with_context(|| line.to_owned())?;
        match &line {
            Line::SaveBegin { number, .. } => {
                self.begun = *number;
                self.in_flight.save = Some(*number);
            }
            Line::SaveEnd { number, document } => {
                self.saved.insert(*number, *document);
                self.in_flight.save = None;
            }
            Line::PushBegin { waiting } => {
                self.in_flight.push = (*waiting > 0).then_some(*waiting);
            }
            Line::PushHeard | Line::PushEnd => self.in_flight.push = None,
            Line::PushFailed { .. } => {
                self.in_flight.push = None;
                self.failed += 1;
            }
            Line::Acked { number } => {
                self.acked.insert(*number);
            }
            Line::Ready => self.in_flight = InFlight::default(),
            Line::Rested => self.rested = true,
        }
        Ok(line)
    }

    /// What is going on, as far as it was said.
    #[must_use]
    pub fn in_flight(&self) -> InFlight {
        self.in_flight.clone()
    }

    /// The number for the next process's first save.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.begun + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_reads_back() {
        let document = DocumentId::from_bytes([7; 16]);
        let lines = [
            Line::Ready,
            Line::SaveBegin {
                number: 3,
                what: "note".to_owned(),
            },
            Line::SaveEnd {
                number: 3,
                document,
            },
            Line::PushBegin { waiting: 2 },
            Line::PushHeard,
            Line::PushEnd,
            Line::PushFailed {
                why: "no cover".to_owned(),
            },
            Line::Acked { number: 3 },
            Line::Rested,
        ];
        for line in lines {
            assert_eq!(line.to_string().parse::<Line>().unwrap(), line);
        }
    }

    #[test]
    fn a_journal_knows_what_was_in_flight() {
        let mut journal = Journal::default();
        for line in ["ready", "push begin 2", "save begin 5 note"] {
            journal.note(line).unwrap();
        }
        let expected = InFlight {
            save: Some(5),
            push: Some(2),
        };
        assert_eq!(journal.in_flight(), expected);
        journal.note("push heard").unwrap();
        journal
            .note("save end 5 01890000-0000-7000-8000-000000000000")
            .unwrap();
        assert_eq!(journal.in_flight(), InFlight::default());
        assert_eq!((journal.saved.len(), journal.next()), (1, 6));
    }
}
