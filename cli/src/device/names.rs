//! Names for ids: teams and practitioners, read once per command.

use super::{error::failure, session::Session};
use crate::{args::Lang, exit::Exit, failure::Failure, when, words::W};
use samspor_client_core::{Signer, TeamRow};
use samspor_documents::id::{PractitionerId, SpaceId, TeamId};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The names a device knows.
pub struct Names {
    teams: Vec<TeamRow>,
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

    /// The team whose circle a space is.
    pub fn circle(&self, space: SpaceId) -> Option<&TeamRow> {
        self.teams.iter().find(|row| row.team.circle() == space)
    }

    fn team_row(&self, id: TeamId) -> Option<&TeamRow> {
        self.teams.iter().find(|row| row.team == id)
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
