//! Names for ids: teams, circles and practitioners, read once per command.

use super::{error::failure, session::Session};
use crate::{args::Lang, exit::Exit, failure::Failure, when, words::W};
use samspor_client_core::{CircleRow, Signer, TeamRow};
use samspor_documents::id::{PractitionerId, SpaceId, TeamId};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The names a device knows.
pub struct Names {
    teams: Vec<TeamRow>,
    circles: Vec<CircleRow>,
    practitioners: HashMap<PractitionerId, String>,
}

impl Names {
    /// Reads them from the device.
    ///
    /// # Errors
    /// The store's.
    pub async fn read(session: &Session<'_>) -> Result<Self, Failure> {
        let practitioners = session.device.practitioners().await.map_err(failure)?;
        Ok(Self {
            teams: session.device.teams().await.map_err(failure)?,
            circles: session.device.circles().await.map_err(failure)?,
            practitioners: practitioners
                .into_iter()
                .map(|row| (row.practitioner, row.name))
                .collect(),
        })
    }

    /// Teams, as the device lists them.
    pub fn teams(&self) -> &[TeamRow] {
        &self.teams
    }

    /// The circles in which the practitioner takes part, as the device lists them.
    pub fn circles(&self) -> &[CircleRow] {
        &self.circles
    }

    /// A practitioner's name; the id while the name has not come.
    pub fn practitioner(&self, id: PractitionerId) -> String {
        self.practitioners
            .get(&id)
            .cloned()
            .unwrap_or_else(|| id.to_string())
    }

    /// Names of several, separated by commas.
    pub fn practitioners(&self, ids: &[PractitionerId]) -> String {
        ids.iter()
            .map(|id| self.practitioner(*id))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// `{id, name}` of a practitioner.
    pub fn practitioner_json(&self, id: PractitionerId) -> Value {
        json!({"id": id, "name": self.practitioners.get(&id)})
    }

    /// Who signed, and when, as far as known.
    pub fn signers(&self, lang: Lang, signers: &[Signer]) -> String {
        let one = |signer: &Signer| {
            let name = self.practitioner(signer.practitioner);
            match signer.signed_at {
                Some(at) => format!("{name} ({})", when::show(lang, at)),
                None => name,
            }
        };
        signers.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Who signed, as `[{"practitioner","signed_at","received"}]`.
    pub fn signers_json(&self, signers: &[Signer]) -> Value {
        let one = |signer: &Signer| {
            json!({
                "practitioner": self.practitioner_json(signer.practitioner),
                "signed_at": signer.signed_at.map(when::iso_local),
                "received": signer.received,
            })
        };
        signers.iter().map(one).collect()
    }

    /// A team's name; the id while the name has not come.
    pub fn team(&self, id: TeamId) -> String {
        self.team_row(id)
            .map_or_else(|| id.to_string(), |row| row.name.clone())
    }

    /// `{id, name}` of a team.
    pub fn team_json(&self, id: TeamId) -> Value {
        json!({"id": id, "name": self.team_row(id).map(|row| &row.name)})
    }

    /// What a circle is called: a team's by the team's name.
    pub fn circle(&self, space: SpaceId) -> Option<&str> {
        let team = self.teams.iter().find(|row| row.team.circle() == space);
        let chosen = self.circles.iter().find(|row| row.circle == space);
        team.map(|row| row.name.as_str())
            .or_else(|| chosen.map(|row| row.title.as_str()))
    }

    fn team_row(&self, id: TeamId) -> Option<&TeamRow> {
        self.teams.iter().find(|row| row.team == id)
    }

    /// A colleague in the organisation, by id or by name; upper and lower case are alike.
    ///
    /// # Errors
    /// `unknown_practitioner`, `ambiguous`.
    pub fn colleague(&self, text: &str) -> Result<PractitionerId, Failure> {
        let found = self.practitioners.iter().filter(|(id, name)| {
            is_meant(text, name, |text| {
                text.parse::<PractitionerId>()
                    .is_ok_and(|wanted| **id == wanted)
            })
        });
        let unknown = || Failure::new(Exit::NotFound, "unknown_practitioner", W::UNKNOWN_COLLEAGUE);
        one_of(found.map(|(id, _)| *id), unknown)
    }

    /// A circle of chosen participants in which the practitioner takes part, by id or by title.
    ///
    /// # Errors
    /// `unknown_circle`, `ambiguous`.
    pub fn chosen_circle(&self, text: &str) -> Result<&CircleRow, Failure> {
        let found = self.circles.iter().filter(|row| {
            is_meant(text, &row.title, |text| {
                text.parse::<SpaceId>()
                    .is_ok_and(|wanted| row.circle == wanted)
            })
        });
        one_of(found, unknown_circle)
    }

    /// Where something is written that is for a circle: one of chosen participants, by id or title, or that of one of
    /// the practitioner's own teams, by id or name.
    ///
    /// # Errors
    /// `unknown_circle`, `ambiguous`.
    pub fn own_circle(&self, text: &str) -> Result<SpaceId, Failure> {
        let own_teams = self.teams.iter().filter(|row| row.role.is_some());
        let teams = own_teams.map(|row| (row.team.circle(), &row.name));
        let chosen = self.circles.iter().map(|row| (row.circle, &row.title));
        let found = teams.chain(chosen).filter(|(space, name)| {
            is_meant(text, name, |text| {
                text.parse::<SpaceId>().is_ok_and(|wanted| *space == wanted)
            })
        });
        one_of(found.map(|(space, _)| space), unknown_circle)
    }

    /// A team of the organisation, by id or by name; upper and lower case are alike.
    ///
    /// # Errors
    /// `unknown_team`, `ambiguous`.
    pub fn any_team(&self, text: &str) -> Result<TeamId, Failure> {
        let found = self.teams.iter().filter(|row| {
            is_meant(text, &row.name, |text| {
                text.parse::<TeamId>()
                    .is_ok_and(|wanted| row.team == wanted)
            })
        });
        let unknown = || Failure::new(Exit::NotFound, "unknown_team", W::UNKNOWN_ANY_TEAM);
        one_of(found.map(|row| row.team), unknown)
    }

    /// One of the practitioner's own teams, by id or by name; upper and lower case are alike.
    ///
    /// # Errors
    /// `unknown_team`, `ambiguous`.
    pub fn own_team(&self, text: &str) -> Result<TeamId, Failure> {
        let wanted = text.trim();
        let lower = wanted.to_lowercase();
        let mut found = self
            .teams
            .iter()
            .filter(|row| row.role.is_some())
            .filter(|row| {
                row.name.to_lowercase() == lower
                    || wanted.parse::<TeamId>().is_ok_and(|id| id == row.team)
            });
        match (found.next(), found.next()) {
            (Some(row), None) => Ok(row.team),
            (Some(_), Some(_)) => Err(Failure::new(Exit::Input, "ambiguous", W::AMBIGUOUS_TEAM)),
            (None, _) => Err(Failure::new(
                Exit::NotFound,
                "unknown_team",
                W::UNKNOWN_TEAM,
            )),
        }
    }
}

/// Whether a text is a thing's name, whatever the case of its letters, or its id.
fn is_meant(text: &str, name: &str, is_id: impl Fn(&str) -> bool) -> bool {
    let text = text.trim();
    name.to_lowercase() == text.to_lowercase() || is_id(text)
}

fn unknown_circle() -> Failure {
    Failure::new(Exit::NotFound, "unknown_circle", W::UNKNOWN_CIRCLE)
}

/// The only one found.
fn one_of<T>(
    mut found: impl Iterator<Item = T>,
    unknown: impl FnOnce() -> Failure,
) -> Result<T, Failure> {
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Failure::new(Exit::Input, "ambiguous", W::AMBIGUOUS_NAME)),
        (None, _) => Err(unknown()),
    }
}
