//! A practitioner's grounds over the whole log. Pure: what stands at a position follows from entries up to it.

use super::{
    GroundKind, Scope,
    stretch::{self, Stretch},
};
use crate::log::Seq;
use samspor_documents::{
    id::{DocumentId, SpaceId, TeamId},
    permission::Act,
};
use samspor_protocol::{fact::Role, tag::Digest};
use std::collections::HashMap;

/// A ground with its sums, as projected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// Its number in this database.
    pub ground: i64,
    /// What kind it is.
    pub kind: GroundKind,
    /// Whose; the organisation's id for its own, a practitioner's for their private one, a circle's own id, of a scope
    /// the team whose case it is.
    pub team: TeamId,
    /// What it covers, where it is a scope.
    pub scope: Option<Scope>,
    /// The newest entry projected into it.
    pub last_seq: Seq,
    /// How many items stand in it.
    pub items: i64,
    /// The sum of their tags.
    pub digest: Digest,
}

/// A document as access sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The ground that it stands on.
    pub ground: i64,
    /// Its space.
    pub space: SpaceId,
    /// The document.
    pub document: DocumentId,
    /// The entry that it adds to, where it is signed.
    pub with_entry: Option<DocumentId>,
}

/// A ground that is open at some position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The ground.
    pub ground: Ground,
    /// Open without a gap since this entry.
    pub since: Seq,
}

/// A ground that was open and is not, or not without a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The ground.
    pub ground: Ground,
    /// Open from this entry.
    pub from: Seq,
    /// Up to before this one.
    pub until: Seq,
}

/// Everything that ever opened to one practitioner.
#[derive(Debug, Clone, Default)]
pub struct History {
    grounds: Vec<(Ground, Vec<Stretch>)>,
    /// When the caseload of a team was by assignment, by the ground of its cases.
    by_assignment: Vec<(i64, Stretch)>,
    /// The grounds of teams' cases as memberships would open them, where assignments do.
    memberships: Vec<(Ground, Vec<Stretch>)>,
}

/// Whether a role opens a kind of ground.
const fn opens(role: Role, kind: GroundKind) -> bool {
    match kind {
        GroundKind::Organisation | GroundKind::Circle => true,
        // A grant on a circle names the circle, and nothing else stands under its id.
        GroundKind::Chosen => true,
        GroundKind::Cases
        | GroundKind::Case
        | GroundKind::Document
        | GroundKind::AssignedCase
        | GroundKind::Received => role.opens_cases(),
        // By being its practitioner only, never by a membership.
        GroundKind::Private => false,
    }
}

impl History {
    /// Adds a ground that is open from the first entry on: the organisation's to everyone, a practitioner's private
    /// one to themselves.
    pub(crate) fn add_for_ever(&mut self, ground: Ground) {
        let stretch = Stretch {
            from: Seq(1),
            until: None,
        };
        self.grounds.push((ground, vec![stretch]));
    }

    /// Adds one grant on one of its team's grounds. Grants come in the order of `from`.
    pub(crate) fn add_grant(&mut self, ground: Ground, role: Role, from: Seq, until: Option<Seq>) {
        if !opens(role, ground.kind) {
            return;
        }
        let stretch = Stretch { from, until };
        let known = self
            .grounds
            .iter_mut()
            .find(|(known, _)| known.ground == ground.ground);
        match known {
            Some((_, stretches)) => stretch::merge(stretches, stretch),
            None => self.grounds.push((ground, vec![stretch])),
        }
    }

    /// Adds a stretch in which the caseload of a team was by assignment, by the ground of its cases.
    pub(crate) fn add_by_assignment(&mut self, cases: i64, from: Seq, until: Option<Seq>) {
        self.by_assignment.push((cases, Stretch { from, until }));
    }

    /// Takes out of the team's cases when they were by assignment, and out of each scope what a wider ground opens: the
    /// team's cases, a wider scope of the same case, the scope of the entry that its document adds to. Called once, when
    /// everything is in.
    pub(crate) fn settle(&mut self) {
        self.settle_caseloads();
        if !self
            .grounds
            .iter()
            .any(|(ground, _)| ground.kind.is_scope())
        {
            return;
        }
        let mut teams: HashMap<i64, Vec<Stretch>> = HashMap::new();
        let mut cases: HashMap<SpaceId, Vec<(u8, Vec<Stretch>)>> = HashMap::new();
        let mut entries: HashMap<DocumentId, Vec<Stretch>> = HashMap::new();
        for (ground, stretches) in &self.grounds {
            match (ground.kind, ground.scope) {
                (GroundKind::Cases, _) => {
                    teams.insert(ground.ground, stretches.clone());
                }
                (kind, Some(scope)) if scope.document.is_none() => {
                    let whole = cases.entry(scope.space).or_default();
                    whole.push((kind.width(), stretches.clone()));
                }
                (
                    _,
                    Some(Scope {
                        document: Some(document),
                        ..
                    }),
                ) => {
                    entries.insert(document, stretches.clone());
                }
                _ => {}
            }
        }
        for (ground, stretches) in &mut self.grounds {
            let Some(scope) = ground.scope else { continue };
            let width = ground.kind.width();
            let wider = cases.get(&scope.space).into_iter().flatten();
            let wider = wider
                .filter(|(other, _)| *other > width)
                .map(|(_, all)| all);
            for other in teams.get(&scope.cases).into_iter().chain(wider) {
                *stretches = stretch::without(stretches, other);
            }
            let with = scope.with_entry;
            let entry = with.and_then(|with| Some((with.since, entries.get(&with.entry)?)));
            if let Some((since, entry)) = entry {
                *stretches = stretch::without(stretches, &stretch::from(entry, since));
            }
        }
    }

    fn settle_caseloads(&mut self) {
        if self.by_assignment.is_empty() {
            return;
        }
        for (ground, stretches) in &mut self.grounds {
            let of_this = self.by_assignment.iter();
            let by_assignment: Vec<Stretch> = of_this
                .filter(|(cases, _)| *cases == ground.ground)
                .map(|(_, stretch)| *stretch)
                .collect();
            if !by_assignment.is_empty() {
                let opened = stretch::without(stretches, &by_assignment);
                let membership = std::mem::replace(stretches, opened);
                self.memberships.push((*ground, membership));
            }
        }
    }

    /// Ends the grant in force on a ground, as of an entry.
    pub(crate) fn end_grant(&mut self, ground: i64, until: Seq) {
        let known = self
            .grounds
            .iter_mut()
            .find(|(known, _)| known.ground == ground);
        let last = known.and_then(|(_, stretches)| stretches.last_mut());
        if let Some(last) = last.filter(|last| last.until.is_none()) {
            last.until = Some(until);
        }
    }

    /// What stands open at a position.
    pub fn at(&self, position: Seq) -> impl Iterator<Item = Standing> {
        self.grounds.iter().filter_map(move |(ground, stretches)| {
            let stretch = stretches.iter().find(|stretch| stretch.covers(position))?;
            Some(Standing {
                ground: *ground,
                since: stretch.from,
            })
        })
    }

    /// What ended after one position, up to and with another.
    pub fn ended(&self, after: Seq, upto: Seq) -> impl Iterator<Item = Ended> {
        self.grounds.iter().flat_map(move |(ground, stretches)| {
            stretches.iter().filter_map(move |stretch| {
                let until = stretch.until?;
                (until > after && until <= upto).then_some(Ended {
                    ground: *ground,
                    from: stretch.from,
                    until,
                })
            })
        })
    }

    /// Whether a document may be read at a position.
    #[must_use]
    pub fn reads_document(&self, placed: &Placed, position: Seq) -> bool {
        self.at(position)
            .any(|standing| match standing.ground.scope {
                // A space in which facts are told holds no document.
                Some(_) if standing.ground.kind == GroundKind::Received => false,
                Some(scope) => {
                    let opens = |one| one == placed.document || Some(one) == placed.with_entry;
                    scope.space == placed.space && scope.document.is_none_or(opens)
                }
                None => standing.ground.ground == placed.ground,
            })
    }

    /// Whether what stands in a space, on a ground, allows this at a position. A scope of a whole case counts for its case.
    #[must_use]
    pub fn may(&self, act: Act, ground: i64, space: SpaceId, position: Seq) -> bool {
        self.at(position).any(|standing| {
            let Ground {
                ground: number,
                kind,
                scope,
                ..
            } = standing.ground;
            let is_here = match scope {
                Some(scope) => {
                    scope.cases == ground && scope.space == space && scope.document.is_none()
                }
                None => number == ground,
            };
            is_here && kind.permission().allows(act)
        })
    }

    /// Whether a wider ground that stands at a position opens all that a scope does.
    #[must_use]
    pub fn is_covered(&self, ground: &Ground, position: Seq) -> bool {
        let Some(scope) = ground.scope else {
            return false;
        };
        self.at(position)
            .map(|standing| standing.ground)
            .any(|wider| match wider.scope {
                Some(other) => {
                    let is_wider = wider.kind.width() > ground.kind.width();
                    let of_entry = scope.with_entry.is_some_and(|with| {
                        other.document == Some(with.entry) && with.since <= position
                    });
                    other.space == scope.space && (is_wider || of_entry)
                }
                None => wider.ground == scope.cases,
            })
    }

    /// Since when the practitioner takes part in a circle of chosen participants, at a position; none when they do
    /// not, and for any other ground.
    #[must_use]
    pub fn takes_part(&self, ground: i64, position: Seq) -> Option<Seq> {
        self.at(position)
            .find(|one| one.ground.ground == ground && one.ground.kind == GroundKind::Chosen)
            .map(|one| one.since)
    }

    /// Where the practitioner left a circle of chosen participants, the last time up to a position.
    #[must_use]
    pub fn has_left(&self, ground: i64, position: Seq) -> Option<Seq> {
        self.ended(Seq::ZERO, position)
            .filter(|one| one.ground.ground == ground && one.ground.kind == GroundKind::Chosen)
            .map(|one| one.until)
            .max()
    }

    /// The team's cases, where new ones may be opened at a position: by a membership whose role opens cases, also where
    /// the caseload is by assignment.
    #[must_use]
    pub fn cases_of(&self, team: TeamId, position: Seq) -> Option<i64> {
        let by_membership = self.memberships.iter().chain(&self.grounds);
        by_membership
            .filter(|(ground, _)| ground.kind == GroundKind::Cases && ground.team == team)
            .find(|(_, stretches)| stretches.iter().any(|stretch| stretch.covers(position)))
            .map(|(ground, _)| ground.ground)
    }

    /// Whether a team's cases are open by assignment at a position, as far as this practitioner was a member of it.
    #[must_use]
    pub fn is_by_assignment(&self, cases: i64, position: Seq) -> bool {
        self.by_assignment
            .iter()
            .any(|(ground, stretch)| *ground == cases && stretch.covers(position))
    }
}

#[cfg(test)]
mod tests;
