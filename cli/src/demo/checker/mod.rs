//! Says whether anything that was typed is lost, and whether any two places say different things.
//!
//! It knows the journal, nothing else of how the demo came about. It reads the server as a coordinator's browser
//! does, and every device as an app does, after closing and reopening its store.

mod devices;
pub mod expect;
mod server;
mod stretches;

pub use server::ServerPlace;

use super::{error::DemoError, journal::Journal, world::DeviceFolder};
use expect::{Expected, ExpectedDocument, Typed};
use samspor_client_core::DeviceError;
use samspor_documents::{
    id::{DocumentId, SpaceId, TeamId},
    reading::Reading,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error("{device}: its key cannot be read")]
    Key {
        device: String,
        #[source]
        source: Box<DemoError>,
    },
    #[error("a device does not open or read")]
    Device(#[from] DeviceError),
    #[error("{device}: its timeline goes in circles: its pages do not follow each other")]
    Order { device: String },
    #[error("the server's page was not reached")]
    Request(#[from] reqwest::Error),
    #[error("the server's page answered {status} at {route}")]
    Answer { status: u16, route: &'static str },
    #[error("the server's page does not read: {0}")]
    Page(&'static str),
}

/// What one place shows.
#[derive(Debug, Default)]
struct Held {
    place: String,
    readings: HashMap<DocumentId, Reading>,
    /// Documents that it shows as signed.
    signed: BTreeSet<DocumentId>,
    /// Documents that it should not have.
    leaked: BTreeSet<DocumentId>,
    /// Whether it calls itself in sync, with nothing waiting, refused or set aside.
    in_sync: bool,
    /// For each case, the cases that are shown as the same person.
    citizens: HashMap<SpaceId, BTreeSet<SpaceId>>,
}

/// What was found. Documents, fields and places are named, values never.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Things typed that are missing on the server or on a device that should show them.
    pub lost: usize,
    /// Documents that read differently in two places, or say what nobody typed; places that are not in sync, show
    /// what they should not, or show one person as two.
    pub diverged: usize,
    /// Fields that the server shows with several values, for a person to choose.
    pub conflicts_shown: usize,
    /// One line for each finding.
    pub findings: Vec<String>,
}

/// Reads every place and compares it with the journal and with the others.
pub async fn check(
    journal: &Journal,
    folders: &[DeviceFolder],
    server: &ServerPlace,
) -> Result<Verdict, CheckError> {
    let expected = Expected::of(journal);
    let mut places = Vec::with_capacity(folders.len() + 1);
    let everything: BTreeSet<TeamId> = expected
        .documents
        .values()
        .map(|document| document.team)
        .collect();
    places.push((everything, server::read(server, &expected).await?));
    let conflicts_shown = places
        .iter()
        .flat_map(|(_, held)| held.readings.values())
        .map(|reading| reading.conflicts)
        .sum();
    for known in &expected.devices {
        let Some(folder) = folders.iter().find(|folder| folder.name == known.name) else {
            continue;
        };
        places.push((
            known.teams.clone(),
            devices::read(folder, &expected, known).await?,
        ));
    }
    Ok(Verdict {
        conflicts_shown,
        ..judge(&expected, &places)
    })
}

/// What has been found so far.
#[derive(Default)]
struct Found {
    lost: BTreeSet<Typed>,
    diverged: BTreeSet<DocumentId>,
    places_diverged: usize,
    /// What, and where.
    findings: BTreeMap<String, BTreeSet<String>>,
}

type Places = [(BTreeSet<TeamId>, Held)];

fn judge(expected: &Expected, places: &Places) -> Verdict {
    let mut found = Found::default();
    for (id, document) in &expected.documents {
        found.document(*id, document, places);
        found.signature(*id, expected, document, places);
    }
    for (teams, held) in places {
        found.place(expected, teams, held);
    }
    let findings = found.findings.into_iter().map(|(what, places)| {
        let places: Vec<String> = places.into_iter().collect();
        format!("{what} [{}]", places.join(", "))
    });
    Verdict {
        lost: found.lost.len(),
        diverged: found.diverged.len() + found.places_diverged,
        conflicts_shown: 0,
        findings: findings.collect(),
    }
}

impl Found {
    fn note(&mut self, what: String, place: &str) {
        let places = self.findings.entry(what).or_default();
        places.insert(place.to_owned());
    }

    /// One document: against the journal in every place that should show it, and the places against each other.
    fn document(&mut self, id: DocumentId, document: &ExpectedDocument, places: &Places) {
        let mut readings: Vec<&Reading> = Vec::new();
        for (teams, held) in places {
            if !teams.contains(&document.team) || !held.shows(document) {
                continue;
            }
            let reading = held.readings.get(&id);
            readings.extend(reading);
            let comparison = document.compare(id, reading);
            for typed in &comparison.lost {
                let what = format!("lost: {} {id}: {}", document.template, typed.place());
                self.note(what, &held.place);
            }
            for field in &comparison.altered {
                let what = format!("altered: {} {id}: {field}", document.template);
                self.note(what, &held.place);
                self.diverged.insert(id);
            }
            self.lost.extend(comparison.lost);
        }
        let differ = |pair: &[&Reading]| matches!(pair, [one, other] if one != other);
        if readings.windows(2).any(differ) {
            self.note(format!("differs: {} {id}", document.template), "");
            self.diverged.insert(id);
        }
    }

    /// Whether every place shows a document as signed that was, and no other.
    fn signature(
        &mut self,
        id: DocumentId,
        expected: &Expected,
        document: &ExpectedDocument,
        places: &Places,
    ) {
        let is_signed = expected.signed.contains(&id);
        for (teams, held) in places {
            let shows = teams.contains(&document.team) && held.readings.contains_key(&id);
            if shows && document.is_listed() && held.signed.contains(&id) != is_signed {
                let what = if is_signed { "unsigned" } else { "signed" };
                self.note(format!("{what}: {} {id}", document.template), &held.place);
                self.diverged.insert(id);
            }
        }
    }

    /// One place as a whole.
    fn place(&mut self, expected: &Expected, teams: &BTreeSet<TeamId>, held: &Held) {
        let apart = |cases: &&BTreeSet<SpaceId>| !held.joins(cases, expected, teams);
        let apart = expected.citizens.values().filter(apart).count();
        let leaked = held.leaked.len();
        if apart > 0 {
            self.note(format!("{apart} persons shown as several"), &held.place);
        }
        if !held.in_sync {
            self.note("not in sync".to_owned(), &held.place);
        }
        if leaked > 0 {
            self.note(
                format!("{leaked} documents it should not have"),
                &held.place,
            );
        }
        self.places_diverged += apart + usize::from(!held.in_sync) + leaked;
    }
}

impl Held {
    /// Whether this place shows documents of this kind at all: the server's pages show no reflections.
    fn shows(&self, document: &ExpectedDocument) -> bool {
        self.place != server::PLACE || document.case.is_some()
    }

    /// Whether the cases of one person, among those it may see, are shown as one.
    fn joins(
        &self,
        cases: &BTreeSet<SpaceId>,
        expected: &Expected,
        teams: &BTreeSet<TeamId>,
    ) -> bool {
        let visible: BTreeSet<SpaceId> = cases
            .iter()
            .copied()
            .filter(|case| {
                expected
                    .team_of(*case)
                    .is_some_and(|team| teams.contains(&team))
            })
            .collect();
        visible.iter().all(|case| {
            self.citizens
                .get(case)
                .is_none_or(|group| *group == visible)
        })
    }
}
