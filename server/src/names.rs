//! Names of the organisation, its teams and its people, and its templates, for the pages: read from the facts, kept until the
//! organisation's ground moves.

use crate::store::{Store, StoreError, Tx};
use samspor_documents::{
    id::{PractitionerId, TeamId},
    template::Templates,
};
use samspor_protocol::{
    fact::{FactBody, TeamKind},
    wire,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// A team's name and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamName {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: TeamKind,
}

impl TeamName {
    /// For a team that has no fact here.
    #[must_use]
    pub const fn unknown() -> Self {
        Self {
            name: String::new(),
            kind: TeamKind::Other,
        }
    }
}

/// Every name, and what documents are read with, as of one moment.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The organisation's name.
    pub organisation: String,
    /// The templates that ship and the organisation's own.
    pub templates: Arc<Templates>,
    teams: HashMap<TeamId, TeamName>,
    people: HashMap<PractitionerId, String>,
}

impl Names {
    /// A team's name.
    #[must_use]
    pub fn team(&self, team: TeamId) -> Option<&TeamName> {
        self.teams.get(&team)
    }

    /// A person's name.
    #[must_use]
    pub fn person(&self, practitioner: PractitionerId) -> Option<&str> {
        self.people.get(&practitioner).map(String::as_str)
    }

    /// With what one fact says; facts come oldest first.
    fn learn(&mut self, fact: FactBody) {
        match fact {
            FactBody::Organisation(fact) => self.organisation = fact.name,
            FactBody::Team(fact) => {
                let (name, kind) = (fact.name, fact.kind);
                self.teams.insert(fact.team, TeamName { name, kind });
            }
            FactBody::Practitioner(fact) => {
                self.people.insert(fact.practitioner, fact.name);
            }
            FactBody::Membership(_)
            | FactBody::Space(_)
            | FactBody::Published(_)
            | FactBody::CoSignature(_)
            | FactBody::Circle(_)
            | FactBody::Participant(_)
            | FactBody::Shared(_)
            | FactBody::Received(_)
            | FactBody::Restriction(_)
            | FactBody::Closing(_)
            | FactBody::Learning(_)
            | FactBody::Assignment(_)
            | FactBody::Template(_)
            | FactBody::Retirement(_)
            | FactBody::VisitSchedule(_) => {}
        }
    }
}

/// The names, read again only when a fact of the organisation was added.
#[derive(Default)]
pub struct Directory {
    kept: Mutex<(i64, Arc<Names>)>,
}

/// The newest entry on the organisation's ground, as projected.
async fn newest(tx: &mut Tx) -> Result<i64, StoreError> {
    let newest: Option<i64> =
        sqlx::query_scalar("SELECT last_seq FROM grounds WHERE kind = 0 LIMIT 1")
            .fetch_optional(&mut **tx)
            .await?;
    Ok(newest.unwrap_or(0))
}

async fn load(store: &Store, tx: &mut Tx) -> Result<Names, StoreError> {
    let bodies: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT body FROM facts
         WHERE ground = (SELECT ground FROM grounds WHERE kind = 0 LIMIT 1) ORDER BY seq",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut names = Names {
        templates: store.templates(tx).await?,
        ..Names::default()
    };
    for fact in bodies
        .iter()
        .filter_map(|body| wire::decode("fact", body).ok())
    {
        names.learn(fact);
    }
    Ok(names)
}

impl Directory {
    /// The names as they stand.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn names(&self, store: &Store) -> Result<Arc<Names>, StoreError> {
        let mut tx = store.read().await?;
        let newest = newest(&mut tx).await?;
        {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.0 == newest {
                return Ok(Arc::clone(&kept.1));
            }
        }
        let names = Arc::new(load(store, &mut tx).await?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = (newest, Arc::clone(&names));
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use samspor_protocol::fact::{Practitioner, Team};

    #[test]
    fn the_newest_name_stands() {
        let mut names = Names::default();
        let (team, person) = (
            TeamId::from_bytes([1; 16]),
            PractitionerId::from_bytes([2; 16]),
        );
        for name in ["Øst", "Sundhedsplejen Øst"] {
            names.learn(FactBody::Team(Team {
                team,
                name: name.to_owned(),
                kind: TeamKind::HealthVisiting,
                caseload: None,
            }));
        }
        names.learn(FactBody::Practitioner(Practitioner {
            practitioner: person,
            name: "Mette Holm".to_owned(),
            title: String::new(),
        }));
        let team = names.team(team).expect("known");
        assert_eq!(team.name, "Sundhedsplejen Øst");
        assert_eq!(names.person(person), Some("Mette Holm"));
        assert_eq!(names.person(PractitionerId::from_bytes([3; 16])), None);
    }
}
