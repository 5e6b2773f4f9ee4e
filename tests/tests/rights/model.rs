//! What the table of permissions gives, worked out from what was admitted: by sets and nothing else.

use samspor_documents::{
    id::{DocumentId, PractitionerId, ShareId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::{fact::Role, share::Recipient};
use std::collections::{BTreeMap, BTreeSet};

/// A share that was admitted.
pub struct Given {
    pub case: SpaceId,
    pub document: Option<DocumentId>,
    pub to: Recipient,
    pub until: Option<UnixMillis>,
    pub withdrawn: bool,
}

/// Something that the server is asked for.
#[derive(Clone)]
pub enum What {
    Open(SpaceId, TeamId, PractitionerId),
    Enter(DocumentId, SpaceId),
    Share(
        ShareId,
        SpaceId,
        Option<DocumentId>,
        Recipient,
        Option<UnixMillis>,
    ),
    Withdraw(ShareId),
    Assign(SpaceId, PractitionerId),
    Unassign(SpaceId, PractitionerId),
}

/// What was admitted, and how much of it: a property over nothing proves nothing.
#[derive(Default)]
pub struct Model {
    pub members: BTreeMap<(PractitionerId, TeamId), Role>,
    pub by_assignment: BTreeSet<TeamId>,
    pub cases: BTreeMap<SpaceId, TeamId>,
    pub assigned: BTreeMap<SpaceId, BTreeSet<PractitionerId>>,
    pub entries: BTreeMap<DocumentId, SpaceId>,
    pub shares: BTreeMap<ShareId, Given>,
    pub drawn: BTreeMap<&'static str, u32>,
}

impl Model {
    /// Counts that something came about.
    pub fn count(&mut self, what: &'static str) {
        *self.drawn.entry(what).or_default() += 1;
    }

    /// What was asked for and not refused.
    pub fn admit(&mut self, what: What) {
        match what {
            What::Open(case, team, who) => {
                self.count("case");
                self.cases.insert(case, team);
                self.assigned.entry(case).or_default().insert(who);
            }
            What::Enter(document, case) => {
                self.count("entry");
                self.entries.insert(document, case);
            }
            What::Share(share, case, document, to, until) => {
                self.count("share");
                let given = Given {
                    case,
                    document,
                    to,
                    until,
                    withdrawn: false,
                };
                self.shares.insert(share, given);
            }
            What::Withdraw(share) => {
                self.count("withdrawal");
                if let Some(given) = self.shares.get_mut(&share) {
                    given.withdrawn = true;
                }
            }
            What::Assign(case, who) => {
                self.count("assignment");
                self.assigned.entry(case).or_default().insert(who);
            }
            What::Unassign(case, who) => {
                self.count("end of an assignment");
                self.assigned.entry(case).or_default().remove(&who);
            }
        }
    }

    fn role_opens(&self, who: PractitionerId, team: TeamId) -> bool {
        let role = self.members.get(&(who, team));
        role.is_some_and(|role| matches!(role, Role::Practitioner | Role::Coordinator))
    }

    /// Whether a case is somebody's as its team's own.
    pub fn owns(&self, who: PractitionerId, case: SpaceId) -> bool {
        let Some(team) = self.cases.get(&case) else {
            return false;
        };
        let is_theirs = self
            .assigned
            .get(&case)
            .is_some_and(|all| all.contains(&who));
        self.role_opens(who, *team) && (is_theirs || !self.by_assignment.contains(team))
    }

    /// Whether a share is for somebody, standing or not.
    pub fn receives(&self, who: PractitionerId, given: &Given) -> bool {
        match given.to {
            Recipient::Practitioner(one) => one == who,
            Recipient::Team(team) => self.role_opens(who, team),
        }
    }

    /// Whether a share stands.
    pub fn stands(&self, given: &Given, now: UnixMillis) -> bool {
        !given.withdrawn && given.until.is_none_or(|until| until > now)
    }

    /// Whether somebody reads a document of a case; or, without one, the whole case.
    pub fn reads(
        &self,
        who: PractitionerId,
        case: SpaceId,
        document: Option<DocumentId>,
        now: UnixMillis,
    ) -> bool {
        self.owns(who, case)
            || self.shares.values().any(|given| {
                let covers = given.document.is_none() || given.document == document;
                let is_of = given.case == case && covers;
                is_of && self.stands(given, now) && self.receives(who, given)
            })
    }
}
