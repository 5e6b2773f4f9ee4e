//! Scopes: what shares and assignments open of a team's cases, and what of them a reader sees where rows are read.

use super::{Ground, GroundKind, History};
use crate::{log::Seq, store::hex_list};
use samspor_documents::id::{DocumentId, SpaceId, TeamId};
use std::collections::{BTreeMap, BTreeSet};

/// What a scope covers, and what covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The case; of what is told to a team, its circle.
    pub space: SpaceId,
    /// The one document; the whole case when none.
    pub document: Option<DocumentId>,
    /// The ground of its team's cases.
    pub cases: i64,
    /// What its one document goes with: the scope of that entry opens it as well.
    pub with_entry: Option<WithEntry>,
}

/// The entry that a signed document adds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithEntry {
    /// The entry.
    pub entry: DocumentId,
    /// The entry of the log that signed what adds to it: from there on it goes with it.
    pub since: Seq,
}

/// What of cases a reader sees at a position: by the ground of a team's cases, by one case, by one document.
#[derive(Debug, Clone, Default)]
pub struct Visible {
    /// The grounds of teams' cases, with the team.
    pub grounds: BTreeMap<i64, TeamId>,
    /// Cases that are open whole one by one, with their team: shared, or assigned.
    pub cases: BTreeMap<SpaceId, TeamId>,
    /// Documents that are shared alone, with their team.
    pub documents: BTreeMap<DocumentId, TeamId>,
}

impl Visible {
    /// What a history says at a position.
    #[must_use]
    pub fn of(history: &History, position: Seq) -> Self {
        let mut visible = Self::default();
        for Ground {
            ground,
            kind,
            team,
            scope,
            ..
        } in history.at(position).map(|standing| standing.ground)
        {
            match (kind, scope) {
                (GroundKind::Cases, _) => {
                    visible.grounds.insert(ground, team);
                }
                (
                    GroundKind::Case | GroundKind::AssignedCase | GroundKind::Document,
                    Some(scope),
                ) => match scope.document {
                    Some(document) => {
                        visible.documents.insert(document, team);
                    }
                    None => {
                        visible.cases.insert(scope.space, team);
                    }
                },
                _ => {}
            }
        }
        visible
    }

    /// The team of a case that is visible whole, standing on this ground.
    #[must_use]
    pub fn team_of(&self, ground: i64, case: SpaceId) -> Option<TeamId> {
        let by_team = self.grounds.get(&ground);
        by_team.or_else(|| self.cases.get(&case)).copied()
    }

    /// The grounds as a JSON list of numbers.
    #[must_use]
    pub fn grounds_list(&self) -> String {
        let list: Vec<String> = self.grounds.keys().map(i64::to_string).collect();
        format!("[{}]", list.join(","))
    }

    /// The cases that are open one by one as a JSON list of hexadecimal texts.
    #[must_use]
    pub fn cases_list(&self) -> String {
        hex_list(self.cases.keys().map(SpaceId::as_bytes))
    }

    /// The teams whose cases are visible by a membership.
    #[must_use]
    pub fn own_teams(&self) -> BTreeSet<TeamId> {
        self.grounds.values().copied().collect()
    }
}
