//! What the journal says must be readable, and how one reading compares with it.
//!
//! A typed value stands until somebody who saw it typed another in its place; what two typed without seeing each
//! other stands both. Exactly these values must be there, with their writers: one that is not is lost, unless
//! something stands in its place that nobody typed there: then the document is altered.

use super::stretches::Stretches;
use crate::demo::journal::{Journal, Line, Place, What};
use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    reading::{Attributed, FieldReading, FieldState, Reading},
    template::OCCURRED_AT,
    value::Value,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The template of cards: they stand at the head of a case, not on its timeline.
const CARD: &str = "card";

/// A device and what it may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedDevice {
    pub name: String,
    pub teams: BTreeSet<TeamId>,
}

/// A field, and the item's id and field where it is one of an item's.
type FieldPlace = (String, Option<(String, String)>);

/// A typed value that stands.
#[derive(Debug, Clone, PartialEq)]
struct Standing {
    /// The journal's line.
    line: usize,
    value: Value,
    by: Option<PractitionerId>,
}

/// A document and all that must stand in it.
#[derive(Debug, Clone)]
pub struct ExpectedDocument {
    pub team: TeamId,
    /// None for what stands in a team's circle.
    pub case: Option<SpaceId>,
    pub template: String,
    values: BTreeMap<FieldPlace, Vec<Standing>>,
    prose: BTreeMap<String, Stretches>,
}

/// Everything the journal says.
#[derive(Debug, Default)]
pub struct Expected {
    pub devices: Vec<ExpectedDevice>,
    pub documents: BTreeMap<DocumentId, ExpectedDocument>,
    /// The cases of each person.
    pub citizens: BTreeMap<usize, BTreeSet<SpaceId>>,
    /// What was signed.
    pub signed: BTreeSet<DocumentId>,
}

/// Something typed, named so that the same loss in several places counts once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Typed {
    /// A value, by the journal's line.
    Value(usize),
    /// A stretch of prose.
    Stretch(DocumentId, String, String),
}

impl Typed {
    /// Where it was typed, without what.
    pub fn place(&self) -> String {
        match self {
            Self::Value(line) => format!("the journal's line {}", line + 1),
            Self::Stretch(_, field, _) => field.clone(),
        }
    }
}

/// How one reading of one document compares.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    pub lost: BTreeSet<Typed>,
    /// Fields in which something stands that nobody typed, or that was replaced.
    pub altered: BTreeSet<String>,
}

impl Expected {
    /// Reads the journal from its beginning.
    pub fn of(journal: &Journal) -> Self {
        let mut expected = Self::default();
        let seen: HashSet<usize> = journal
            .lines()
            .iter()
            .flat_map(|line| {
                if let What::Value { saw, .. } = &line.what {
                    saw.as_slice()
                } else {
                    &[]
                }
            })
            .copied()
            .collect();
        for (number, line) in journal.lines().iter().enumerate() {
            expected.take(number, line, &seen);
        }
        expected
    }

    /// The team whose case it is.
    pub fn team_of(&self, case: SpaceId) -> Option<TeamId> {
        self.documents
            .values()
            .find(|document| document.case == Some(case))
            .map(|document| document.team)
    }

    fn take(&mut self, number: usize, line: &Line, seen: &HashSet<usize>) {
        match &line.what {
            What::Device { name, teams, .. } => {
                let teams = teams.iter().copied().collect();
                self.devices.push(ExpectedDevice {
                    name: name.clone(),
                    teams,
                });
            }
            What::Document {
                document,
                team,
                case,
                template,
            } => {
                let (values, prose) = (BTreeMap::new(), BTreeMap::new());
                let begun = ExpectedDocument {
                    team: *team,
                    case: *case,
                    template: template.clone(),
                    values,
                    prose,
                };
                self.documents.insert(*document, begun);
            }
            What::Signed { document } => {
                self.signed.insert(*document);
            }
            What::Citizen { case, citizen } => {
                self.citizens.entry(*citizen).or_default().insert(*case);
            }
            What::Value { place, value, .. } => {
                self.value(number, line, place, value, seen.contains(&number))
            }
            What::Prose {
                document,
                field,
                seen,
                at,
                delete,
                insert,
            } => {
                if let Some(known) = self.documents.get_mut(document) {
                    known
                        .prose
                        .entry(field.clone())
                        .or_default()
                        .edit(seen, *at, *delete, insert);
                }
            }
        }
    }

    fn value(&mut self, number: usize, line: &Line, place: &Place, value: &Value, replaced: bool) {
        let Some(known) = self.documents.get_mut(&place.document) else {
            return;
        };
        let standing = known
            .values
            .entry((place.field.clone(), place.item.clone()))
            .or_default();
        if !replaced {
            standing.push(Standing {
                line: number,
                value: value.clone(),
                by: line.by,
            });
        }
    }
}

impl ExpectedDocument {
    /// Whether it stands on a timeline: an entry in a case.
    pub fn is_listed(&self) -> bool {
        self.case.is_some() && self.template != CARD
    }

    /// How many things must stand in it.
    #[cfg(test)]
    pub fn typed(&self) -> usize {
        self.values.values().map(Vec::len).sum::<usize>()
            + self.prose.values().map(Stretches::len).sum::<usize>()
    }

    /// Compares one reading; none: the document is not there, and everything typed in it is lost there.
    pub fn compare(&self, document: DocumentId, reading: Option<&Reading>) -> Comparison {
        let mut comparison = Comparison::default();
        for (field, stretches) in &self.prose {
            let text = reading
                .and_then(|reading| reading.field(field))
                .map_or("", text_of);
            let compared = stretches.compare(text);
            if compared.foreign.is_empty() {
                let lost = compared.missing.into_iter();
                comparison
                    .lost
                    .extend(lost.map(|stretch| Typed::Stretch(document, field.clone(), stretch)));
            } else {
                comparison.altered.insert(field.clone());
            }
        }
        for ((field, item), standing) in &self.values {
            let shown =
                reading.map_or_else(Vec::new, |reading| shown(reading, field, item.as_ref()));
            let is_foreign = |shown: &Attributed| {
                !standing
                    .iter()
                    .any(|typed| typed.stands_as(shown, standing))
            };
            if shown.iter().any(is_foreign) {
                comparison.altered.insert(field.clone());
                continue;
            }
            let lost = standing
                .iter()
                .filter(|typed| !shown.iter().any(|shown| typed.stands_as(shown, standing)));
            comparison
                .lost
                .extend(lost.map(|typed| Typed::Value(typed.line)));
        }
        if let Some(reading) = reading {
            comparison.altered.extend(self.untyped(reading));
        }
        comparison
    }

    /// Fields with something in them that the journal knows nothing of.
    fn untyped(&self, reading: &Reading) -> Vec<String> {
        let typed = |name: &str| {
            self.prose.contains_key(name) || self.values.keys().any(|(field, _)| field == name)
        };
        let filled = reading.fields.iter().filter(|field| match &field.state {
            FieldState::Empty => false,
            FieldState::Text { text, .. } => !text.is_empty(),
            FieldState::Items(items) => !items.is_empty(),
            _ => true,
        });
        filled
            .filter(|field| !typed(&field.name))
            .map(|field| field.name.clone())
            .collect()
    }
}

impl Standing {
    /// Whether this is what is shown. Where several people typed the same value, any of them may be named.
    fn stands_as(&self, shown: &Attributed, all: &[Self]) -> bool {
        let same_value = |one: &&Self| one.value == shown.value;
        self.value == shown.value
            && shown.valid
            && all
                .iter()
                .filter(same_value)
                .any(|one| one.by == shown.author)
    }
}

fn text_of(field: &FieldReading) -> &str {
    match &field.state {
        FieldState::Text { text, .. } => text,
        _ => "",
    }
}

/// The values that are shown in a place. Something that breaks its template is shown as a text that nobody typed.
fn shown(reading: &Reading, field: &str, item: Option<&(String, String)>) -> Vec<Attributed> {
    let Some(field) = reading.field(field) else {
        return if field == OCCURRED_AT {
            occurred(reading)
        } else {
            Vec::new()
        };
    };
    let field = match item {
        None => Some(field),
        Some((id, name)) => match &field.state {
            FieldState::Items(items) => items
                .iter()
                .find(|one| one.id.to_string() == *id && !one.removed)
                .and_then(|one| one.field(name)),
            _ => None,
        },
    };
    field.map_or_else(Vec::new, |field| field.values().to_vec())
}

/// When it happened, unless several moments were written at once. Who begins an entry says it.
fn occurred(reading: &Reading) -> Vec<Attributed> {
    let shown = |moment| Attributed {
        value: Value::Moment(moment),
        valid: true,
        author: reading.authors.first().copied(),
        at: reading.written_at.unwrap_or_default(),
        operation: String::new(),
    };
    reading.occurred_at.map(shown).into_iter().collect()
}

#[cfg(test)]
mod tests;
