//! A history, as it is put together from grants, assignments and the settings of teams.

use super::*;

const CASE: SpaceId = SpaceId::from_bytes([8; 16]);

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
            history.may(Act::Read, 2, CASE, Seq(position)),
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
    assert!(history.may(Act::Read, 3, CASE, Seq(1)) && !history.may(Act::Write, 3, CASE, Seq(1)));
    assert!(!history.may(Act::Read, 3, CASE, Seq::ZERO));
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
        assert_eq!(
            history.may(Act::Read, 5, CASE, position),
            open,
            "{position:?}"
        );
        assert_eq!(
            history.may(Act::Write, 5, CASE, position),
            open,
            "{position:?}"
        );
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
        assert!(
            own.may(Act::Read, 3, CASE, Seq(position))
                && own.may(Act::Write, 3, CASE, Seq(position))
        );
    }
    assert_eq!(own.ended(Seq::ZERO, Seq(1_000_000)).count(), 0);
    for role in [Role::Practitioner, Role::Coordinator, Role::Leader] {
        let mut others = History::default();
        others.add_grant(ground(3, GroundKind::Private), role, Seq(1), None);
        assert!(
            !others.may(Act::Read, 3, CASE, Seq(5)) && !others.may(Act::Write, 3, CASE, Seq(5)),
            "{role:?}"
        );
    }
}

fn scope(number: i64, kind: GroundKind, document: Option<DocumentId>) -> Ground {
    let scope = Scope {
        space: match kind {
            GroundKind::Received => SpaceId::from_bytes([7; 16]),
            _ => CASE,
        },
        document,
        cases: 2,
        with_entry: None,
    };
    Ground {
        scope: Some(scope),
        ..ground(number, kind)
    }
}

/// A member from 1 to 50, whose team is by assignment from 10 to 20 and from 30 on; the case is theirs from 5 to 40, and
/// shared with them from 3.
fn assigned() -> History {
    let mut history = history(&[(Role::Practitioner, 1, Some(50))]);
    history.add_by_assignment(2, Seq(10), Some(Seq(20)));
    history.add_by_assignment(2, Seq(30), None);
    let own = scope(7, GroundKind::AssignedCase, None);
    history.add_grant(own, Role::Practitioner, Seq(5), Some(Seq(40)));
    let shared = scope(8, GroundKind::Case, None);
    history.add_grant(shared, Role::Practitioner, Seq(3), None);
    let one = scope(
        9,
        GroundKind::Document,
        Some(DocumentId::from_bytes([9; 16])),
    );
    history.add_grant(one, Role::Practitioner, Seq(3), None);
    let told = scope(6, GroundKind::Received, None);
    history.add_grant(told, Role::Practitioner, Seq(1), Some(Seq(50)));
    history.settle();
    history
}

#[test]
fn a_case_is_open_on_its_widest_ground_alone_and_written_in_by_its_team_or_by_those_to_whom_it_is_assigned()
 {
    let history = assigned();
    let other = SpaceId::from_bytes([1; 16]);
    for (position, grounds, writes, writes_another) in [
        (9, vec![1, 2], true, true),
        (10, vec![1, 6, 7], true, false),
        (20, vec![1, 2], true, true),
        (30, vec![1, 6, 7], true, false),
        (39, vec![1, 6, 7], true, false),
        (40, vec![1, 6, 8], false, false),
        (50, vec![8], false, false),
    ] {
        let position = Seq(position);
        let open = history.at(position).map(|one| one.ground.ground);
        let open: std::collections::BTreeSet<i64> = open.collect();
        assert_eq!(open, grounds.into_iter().collect(), "{position:?}");
        for act in [Act::Write, Act::Share, Act::Assign] {
            assert_eq!(
                history.may(act, 2, CASE, position),
                writes,
                "{act:?} {position:?}"
            );
            assert_eq!(history.may(act, 2, other, position), writes_another);
        }
        assert!(history.may(Act::Read, 2, CASE, position));
    }
}

#[test]
fn a_member_opens_cases_also_where_they_are_by_assignment_and_a_leader_none() {
    let history = assigned();
    let team = TeamId::from_bytes([7; 16]);
    for (position, expected) in [
        (0, None),
        (9, Some(2)),
        (15, Some(2)),
        (49, Some(2)),
        (50, None),
    ] {
        assert_eq!(
            history.cases_of(team, Seq(position)),
            expected,
            "{position}"
        );
    }
    let by_assignment = |position| history.is_by_assignment(2, Seq(position));
    assert!(!by_assignment(9) && by_assignment(10) && !by_assignment(20) && by_assignment(99));
    let mut leader = History::default();
    leader.add_grant(ground(2, GroundKind::Cases), Role::Leader, Seq(1), None);
    let own = scope(7, GroundKind::AssignedCase, None);
    leader.add_grant(own, Role::Leader, Seq(1), None);
    leader.add_by_assignment(2, Seq(5), None);
    leader.settle();
    assert_eq!(
        (leader.at(Seq(9)).count(), leader.cases_of(team, Seq(9))),
        (0, None)
    );
}

#[test]
fn what_a_wider_ground_opens_is_covered_by_it_and_by_no_narrower_one() {
    let history = assigned();
    let own = scope(7, GroundKind::AssignedCase, None);
    let shared = scope(8, GroundKind::Case, None);
    let told = scope(6, GroundKind::Received, None);
    for (ground, position, expected) in [
        (own, 9, true),
        (own, 15, false),
        (shared, 15, true),
        (shared, 45, false),
        (own, 45, false),
        (told, 9, true),
        (told, 15, false),
        (told, 60, false),
    ] {
        let found = history.is_covered(&ground, Seq(position));
        assert_eq!(found, expected, "{:?} at {position}", ground.kind);
    }
}
