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
}

/// Whether a role opens a kind of ground.
const fn opens(role: Role, kind: GroundKind) -> bool {
    match kind {
        GroundKind::Organisation | GroundKind::Circle => true,
        // A grant on a circle names the circle, and nothing else stands under its id.
        GroundKind::Chosen => true,
        GroundKind::Cases | GroundKind::Case | GroundKind::Document => role.opens_cases(),
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

    /// Takes out of each scope what a wider ground opens: the team's cases, and the whole case for one of its documents.
    /// Called once, when every grant is in.
    pub(crate) fn settle(&mut self) {
        if !self
            .grounds
            .iter()
            .any(|(ground, _)| ground.kind.is_scope())
        {
            return;
        }
        let mut teams: HashMap<i64, Vec<Stretch>> = HashMap::new();
        let mut cases: HashMap<SpaceId, Vec<Stretch>> = HashMap::new();
        for (ground, stretches) in &self.grounds {
            match (ground.kind, ground.scope) {
                (GroundKind::Cases, _) => {
                    teams.insert(ground.ground, stretches.clone());
                }
                (GroundKind::Case, Some(scope)) => {
                    cases.insert(scope.space, stretches.clone());
                }
                _ => {}
            }
        }
        for (ground, stretches) in &mut self.grounds {
            let Some(scope) = ground.scope else { continue };
            let wider = scope.document.and_then(|_| cases.get(&scope.space));
            for other in teams.get(&scope.cases).into_iter().chain(wider) {
                *stretches = stretch::without(stretches, other);
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

    /// Whether a document that stands on a ground, in a space, may be read at a position.
    #[must_use]
    pub fn reads_document(
        &self,
        ground: i64,
        space: SpaceId,
        document: DocumentId,
        position: Seq,
    ) -> bool {
        self.at(position)
            .any(|standing| match standing.ground.scope {
                Some(scope) => {
                    scope.space == space && scope.document.is_none_or(|one| one == document)
                }
                None => standing.ground.ground == ground,
            })
    }

    /// Whether what stands on a ground allows this at a position. A scope is a part of a ground, and never the ground.
    #[must_use]
    pub fn may(&self, act: Act, ground: i64, position: Seq) -> bool {
        self.at(position).any(|standing| {
            standing.ground.ground == ground && standing.ground.kind.permission().allows(act)
        })
    }

    /// Whether a wider ground that stands at a position opens all of a scope.
    #[must_use]
    pub fn is_covered(&self, scope: Scope, position: Seq) -> bool {
        self.at(position)
            .any(|standing| match standing.ground.scope {
                Some(other) => {
                    other.space == scope.space
                        && scope.document.is_some()
                        && other.document.is_none()
                }
                None => standing.ground.ground == scope.cases,
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

    /// The team's cases, where new ones may be opened at a position.
    #[must_use]
    pub fn cases_of(&self, team: TeamId, position: Seq) -> Option<i64> {
        self.at(position)
            .find(|one| one.ground.kind == GroundKind::Cases && one.ground.team == team)
            .map(|one| one.ground.ground)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground(number: i64, kind: GroundKind) -> Ground {
        Ground {
            ground: number,
            kind,
            team: TeamId::from_bytes([7; 16]),
            scope: None,
            last_seq: Seq::ZERO,
            items: 0,
            digest: Digest::default(),
        }
    }

    fn history(grants: &[(Role, i64, Option<i64>)]) -> History {
        let mut history = History::default();
        for (role, from, until) in grants {
            for (number, kind) in [(1, GroundKind::Circle), (2, GroundKind::Cases)] {
                history.add_grant(ground(number, kind), *role, Seq(*from), until.map(Seq));
            }
        }
        history
    }

    #[test]
    fn a_grant_holds_from_its_entry_until_the_entry_that_ends_it() {
        let history = history(&[(Role::Practitioner, 5, Some(9))]);
        for (position, expected) in [(4, false), (5, true), (8, true), (9, false), (100, false)] {
            assert_eq!(
                history.may(Act::Read, 2, Seq(position)),
                expected,
                "{position}"
            );
        }
    }

    #[test]
    fn a_new_role_continues_what_both_open_and_ends_what_it_does_not() {
        let history = history(&[
            (Role::Practitioner, 5, Some(9)),
            (Role::Leader, 9, Some(12)),
            (Role::Coordinator, 12, None),
        ]);
        let since = |position: i64, number: i64| {
            history
                .at(Seq(position))
                .find(|one| one.ground.ground == number)
                .map(|one| one.since.0)
        };
        assert_eq!(since(10, 1), Some(5), "the circle stays open to a leader");
        assert_eq!(since(10, 2), None, "a leader reads no case by role");
        assert_eq!(since(20, 1), Some(5));
        assert_eq!(since(20, 2), Some(12), "re-opened: arrives whole");
        let ended: Vec<_> = history.ended(Seq(5), Seq(20)).collect();
        assert_eq!(ended.len(), 1);
        assert_eq!((ended[0].from, ended[0].until), (Seq(5), Seq(9)));
    }

    #[test]
    fn nobody_writes_in_the_organisations_space() {
        let mut history = History::default();
        history.add_for_ever(ground(3, GroundKind::Organisation));
        assert!(history.may(Act::Read, 3, Seq(1)) && !history.may(Act::Write, 3, Seq(1)));
        assert!(!history.may(Act::Read, 3, Seq::ZERO));
    }

    #[test]
    fn who_takes_part_in_a_circle_reads_and_writes_it_until_they_leave_and_again_from_when_they_are_back()
     {
        let circle = ground(5, GroundKind::Chosen);
        let mut history = History::default();
        history.add_grant(circle, Role::Practitioner, Seq(3), None);
        history.end_grant(5, Seq(6));
        history.end_grant(5, Seq(7));
        history.end_grant(99, Seq(7));
        history.add_grant(circle, Role::Practitioner, Seq(9), None);
        let since = |position| history.takes_part(5, Seq(position)).map(|seq| seq.0);
        let left = |position| history.has_left(5, Seq(position)).map(|seq| seq.0);
        for (position, expected_since, expected_left) in [
            (2, None, None),
            (3, Some(3), None),
            (5, Some(3), None),
            (6, None, Some(6)),
            (8, None, Some(6)),
            (9, Some(9), Some(6)),
        ] {
            assert_eq!(since(position), expected_since, "{position}");
            assert_eq!(left(position), expected_left, "{position}");
            let open = expected_since.is_some();
            let position = Seq(position);
            assert_eq!(history.may(Act::Read, 5, position), open, "{position:?}");
            assert_eq!(history.may(Act::Write, 5, position), open, "{position:?}");
        }
        let ended: Vec<_> = history.ended(Seq(5), Seq(9)).collect();
        assert_eq!(
            (ended.len(), ended[0].from, ended[0].until),
            (1, Seq(3), Seq(6))
        );
    }

    #[test]
    fn a_membership_is_no_taking_part_and_taking_part_opens_no_case() {
        let member = history(&[(Role::Coordinator, 1, None)]);
        assert!(
            [1, 2]
                .iter()
                .all(|one| member.takes_part(*one, Seq(5)).is_none())
        );
        let ended = history(&[(Role::Coordinator, 1, Some(4))]);
        assert!(
            [1, 2]
                .iter()
                .all(|one| ended.has_left(*one, Seq(5)).is_none())
        );
        let mut chosen = History::default();
        let circle = ground(5, GroundKind::Chosen);
        chosen.add_grant(circle, Role::Practitioner, Seq(1), None);
        assert_eq!(chosen.cases_of(circle.team, Seq(5)), None);
    }

    #[test]
    fn a_private_space_is_open_to_its_practitioner_for_ever_and_to_nobody_by_a_role() {
        let mut own = History::default();
        own.add_for_ever(ground(3, GroundKind::Private));
        for position in [1, 2, 1_000_000] {
            assert!(own.may(Act::Read, 3, Seq(position)) && own.may(Act::Write, 3, Seq(position)));
        }
        assert_eq!(own.ended(Seq::ZERO, Seq(1_000_000)).count(), 0);
        for role in [Role::Practitioner, Role::Coordinator, Role::Leader] {
            let mut others = History::default();
            others.add_grant(ground(3, GroundKind::Private), role, Seq(1), None);
            assert!(
                !others.may(Act::Read, 3, Seq(5)) && !others.may(Act::Write, 3, Seq(5)),
                "{role:?}"
            );
        }
    }
}
