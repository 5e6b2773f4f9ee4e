//! What happens in the demo, decided before it begins: who opens which case, writes what, and when; who writes
//! into the same place at once; who syncs on which evening. Pure: the same content, calendar and seed, the same plan.
//!
//! The rule that makes two edits concurrent: devices sync in the evenings only. What two write on one day, neither
//! has seen of the other.

mod cases;
mod entries;
mod fields;
mod joint;
mod relations;

use super::{
    calendar::{Calendar, DAYS},
    content::{Content, ContentError},
    people::Caseload,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use samspor_documents::time::Moment;

/// Evenings on which every device syncs, so that everybody has what was written until then.
const COMMON_EVENINGS: [usize; 3] = [4, 7, DAYS - 1];
/// The days on which two write into the same place: after a common evening, before the next.
const JOINT_DAYS: std::ops::Range<usize> = 5..8;
/// The day on which some of the conflicts are settled.
const CHOICE_DAY: usize = 8;

/// A device of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedDevice {
    /// Whose: an index into the staff.
    pub practitioner: usize,
    /// `telefon`, `computer`, …
    pub name: String,
}

/// What a person types into one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Prose.
    Prose(String),
    /// A value as it is typed: a measurement, a date, a code's name, a line.
    Said(String),
    /// The code at this place of the field's codes, from 0.
    Place(usize),
    /// Another case, by its number in the plan.
    Case(usize),
    /// An item with its fields.
    Item(Vec<PlannedField>),
}

/// A field and what is typed into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedField {
    pub field: String,
    pub typed: Typed,
}

impl PlannedField {
    fn new(field: &str, typed: Typed) -> Self {
        Self {
            field: field.to_owned(),
            typed,
        }
    }
}

/// A case to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCase {
    /// An index into the staff's teams.
    pub team: usize,
    /// Which person it is about: cases of one person have the same number.
    pub citizen: usize,
    /// The device it is opened on.
    pub device: usize,
    /// What stands on its card from the start.
    pub fields: Vec<PlannedField>,
}

/// Where an edit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// An entry or a reflection, by its number in the plan.
    Document(usize),
    /// A case's card.
    Card(usize),
}

/// Where a stretch of prose goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    Start,
    End,
}

/// One thing somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Opens a case.
    Open { case: usize },
    /// Writes an entry into a case.
    Write {
        document: usize,
        case: usize,
        template: &'static str,
        occurred_at: Moment,
        fields: Vec<PlannedField>,
    },
    /// Writes a reflection into a team's circle.
    Reflect {
        document: usize,
        team: usize,
        fields: Vec<PlannedField>,
    },
    /// Adds a paragraph to prose.
    Add {
        target: Target,
        field: &'static str,
        spot: Spot,
        text: String,
    },
    /// Types another value, or adds an item.
    Type { target: Target, field: PlannedField },
    /// Settles a conflict.
    Choose { target: Target, field: PlannedField },
}

/// A deed, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The device it is done on.
    pub device: usize,
    /// The day it is done on; none: the Friday before.
    pub day: Option<usize>,
    /// When it is typed.
    pub at: Moment,
    pub deed: Deed,
}

/// One evening's syncs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evening {
    /// Devices that sync, and after how many bytes the first connection of each breaks.
    pub syncs: Vec<(usize, u64)>,
    /// Whether everybody must have everything afterwards.
    pub common: bool,
}

/// The whole of it.
#[derive(Debug)]
pub struct Plan {
    pub devices: Vec<PlannedDevice>,
    pub cases: Vec<PlannedCase>,
    /// In the order they happen.
    pub acts: Vec<Act>,
    /// One after each day.
    pub evenings: Vec<Evening>,
    /// Children in it.
    pub children: usize,
    /// Entries in it: visits and notes, parents' included; cards and reflections apart.
    pub entries: usize,
}

impl Plan {
    /// A plan for so many children with so many entries each.
    pub fn make(
        content: &Content,
        calendar: &Calendar,
        children: usize,
        entries: usize,
        seed: u64,
    ) -> Result<Self, ContentError> {
        let caseload = Caseload::make(content, children, calendar.last_day(), seed);
        let mut rng = StdRng::seed_from_u64(seed.wrapping_add(1));
        let devices = devices(content);
        let mut draft = entries::Draft::new(content, calendar, &devices);
        draft.write_all(&caseload, entries, &mut rng);
        draft.additions = relations::additions(&draft);
        let mut acts = draft.timed();
        acts.extend(joint::acts(content, calendar, &draft, &devices));
        acts.sort_by_key(|act| (act.at.at, act.device));
        let (cases, entries) = (draft.cases, draft.entries.len());
        let evenings = evenings(devices.len(), &mut rng);
        Ok(Self {
            devices,
            cases,
            acts,
            evenings,
            children,
            entries,
        })
    }

    /// The acts of a day; none: of the Friday before.
    pub fn acts_of(&self, day: Option<usize>) -> impl Iterator<Item = &Act> {
        self.acts.iter().filter(move |act| act.day == day)
    }
}

fn devices(content: &Content) -> Vec<PlannedDevice> {
    let staff = content.staff.practitioners.iter().enumerate();
    staff
        .flat_map(|(practitioner, one)| {
            one.devices.iter().map(move |name| PlannedDevice {
                practitioner,
                name: name.clone(),
            })
        })
        .collect()
}

fn evenings(devices: usize, rng: &mut StdRng) -> Vec<Evening> {
    let mut evening = |day| {
        let common = COMMON_EVENINGS.contains(&day);
        let syncs = (0..devices).filter_map(|device| {
            let comes = rng.random_range(0..4_u8) == 0;
            let breaks_after = rng.random_range(1_500..24_000_u64);
            (common || comes).then_some((device, breaks_after))
        });
        Evening {
            syncs: syncs.collect(),
            common,
        }
    };
    (0..DAYS).map(&mut evening).collect()
}

#[cfg(test)]
mod tests;
