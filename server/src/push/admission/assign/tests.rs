//! The table of assignments: each row one practitioner, one question, one answer, in a team whose cases are everybody's and
//! in one whose cases are by assignment.

use super::*;
use crate::{
    access::{Ground, GroundKind, History, Scope},
    push::{
        assignments::KnownAssignment,
        state::{KnownOperation, State},
    },
    testing::{bytes16, caller, practitioner, space, team},
};
use samspor_protocol::{fact::Role, tag::Digest};

const CASES: i64 = 4;
const SCOPE: i64 = 7;

fn ground(number: i64, kind: GroundKind) -> Ground {
    Ground {
        ground: number,
        kind,
        team: team(1),
        scope: (kind != GroundKind::Cases).then_some(Scope {
            space: space(1),
            document: None,
            cases: CASES,
            with_entry: None,
        }),
        last_seq: Seq::ZERO,
        items: 0,
        digest: Digest::default(),
    }
}

fn history(role: Role, is_assigned: bool, by_assignment: bool) -> History {
    let mut history = History::default();
    history.add_grant(ground(CASES, GroundKind::Cases), role, Seq(1), None);
    if by_assignment {
        history.add_by_assignment(CASES, Seq(1), None);
        if is_assigned {
            let own = ground(SCOPE, GroundKind::AssignedCase);
            history.add_grant(own, role, Seq(2), None);
        }
    }
    history.settle();
    history
}

/// Case 1 of team 1 is assigned to 1 and 2, and was to 5; 3 is a colleague, 4 leads; 6 reads it by a share; 7 was assigned
/// and has left the team. Case 2 is assigned to 3 alone.
fn state(by_assignment: bool) -> State {
    let mut state = State {
        position: Seq(10),
        ..State::default()
    };
    for (who, role, is_assigned) in [
        (1, Role::Practitioner, true),
        (2, Role::Coordinator, true),
        (3, Role::Practitioner, false),
        (4, Role::Leader, true),
        (5, Role::Coordinator, false),
    ] {
        let history = history(role, is_assigned, by_assignment);
        state.histories.insert(practitioner(who), history);
    }
    let mut reader = History::default();
    let shared = ground(9, GroundKind::Case);
    reader.add_grant(shared, Role::Practitioner, Seq(1), None);
    state.histories.insert(practitioner(6), reader);
    state.histories.insert(practitioner(7), History::default());
    let cases = Cases {
        ground: CASES,
        team: team(1),
    };
    for case in [1, 2] {
        state.spaces.insert(space(case), CASES);
        let scope = by_assignment.then_some(SCOPE);
        state.assignments.cases.insert(space(case), (cases, scope));
    }
    for (case, who, from, ended, version, is_member) in [
        (1, 1, 2, None, 0, true),
        (1, 2, 3, None, 4, true),
        (1, 5, 4, Some(8), 2, true),
        (1, 7, 5, None, 1, false),
        (2, 3, 6, None, 0, true),
    ] {
        let known = KnownAssignment {
            from: Seq(from),
            ended: ended.map(Seq),
            version,
            is_member,
        };
        let all = state.assignments.known.entry(space(case)).or_default();
        all.insert(practitioner(who), known);
    }
    let operation = OperationId::from_bytes(bytes16(7, 1));
    let known = KnownOperation {
        space: space(1),
        seq: Seq(6),
    };
    state
        .operations
        .insert((caller(1).device, operation), known);
    state
}

fn answer(state: &State, (who, case, whom): (u64, u64, u64), number: u64, ends: bool) -> String {
    let caller = caller(who);
    let asked = AssignmentQuestion {
        caller: &caller,
        case: space(case),
        operation: OperationId::from_bytes(bytes16(7, number)),
        practitioner: practitioner(whom),
    };
    let admitted = match ends {
        false => admit_assignment(state, &asked),
        true => admit_unassignment(state, &asked),
    };
    match admitted {
        Ok(AdmittedAssignment::Already(seq)) => format!("already {}", seq.0),
        Ok(AdmittedAssignment::Holds(seq)) => format!("so since {}", seq.0),
        Ok(AdmittedAssignment::New { version, .. }) => format!("version {version}"),
        Err(refusal) => refusal.reason.code().to_owned(),
    }
}

/// Who asks, of which case, about whom; assigning and ending, where the cases are everybody's and where by assignment.
type Row = ((u64, u64, u64), [&'static str; 2], [&'static str; 2]);

#[test]
fn the_table_of_assignments_is_what_it_says() {
    let none = "no_access";
    let rows: [Row; 16] = [
        ((1, 1, 3), ["version 1", none], ["version 1", none]),
        (
            (1, 1, 1),
            ["so since 2", "version 1"],
            ["so since 2", "version 1"],
        ),
        (
            (1, 1, 2),
            ["so since 3", "version 5"],
            ["so since 3", "version 5"],
        ),
        (
            (1, 1, 5),
            ["version 3", "so since 8"],
            ["version 3", "so since 8"],
        ),
        // A leader is no colleague to assign to; somebody elsewhere, one who left, nobody: neither.
        ((1, 1, 4), [none, none], [none, none]),
        ((1, 1, 6), [none, none], [none, none]),
        ((1, 1, 7), [none, "version 2"], [none, "version 2"]),
        ((1, 1, 99), [none, none], [none, none]),
        // Who does not have it: a colleague, one who had it, a leader, a reader, who left.
        ((3, 1, 3), ["version 1", none], [none, none]),
        ((5, 1, 5), ["version 3", "so since 8"], [none, none]),
        ((4, 1, 1), [none, none], [none, none]),
        ((6, 1, 1), [none, none], [none, none]),
        ((7, 1, 7), [none, none], [none, none]),
        // A colleague's case, and none.
        ((1, 2, 1), ["version 1", none], [none, none]),
        ((1, 2, 3), ["so since 6", "last_assigned"], [none, none]),
        ((1, 99, 1), [none, none], [none, none]),
    ];
    for (asked, whole_team, by_assignment) in rows {
        for (expected, state) in [(whole_team, state(false)), (by_assignment, state(true))] {
            let said = [false, true].map(|ends| answer(&state, asked, 5, ends));
            assert_eq!(said, expected, "{asked:?}");
        }
    }
}

#[test]
fn an_operation_is_answered_once_and_its_id_is_not_used_for_another_case() {
    let state = state(true);
    for ends in [false, true] {
        assert_eq!(answer(&state, (1, 1, 3), 1, ends), "already 6");
        assert_eq!(answer(&state, (1, 2, 3), 1, ends), "malformed");
        assert_eq!(answer(&state, (2, 1, 99), 1, ends), "no_access");
    }
}

#[test]
fn the_last_member_to_whom_a_case_is_assigned_stays() {
    let mut state = state(true);
    if let Some(all) = state.assignments.known.get_mut(&space(1)) {
        all.remove(&practitioner(2));
    }
    assert_eq!(answer(&state, (1, 1, 1), 5, true), "last_assigned");
    assert_eq!(answer(&state, (1, 1, 7), 5, true), "version 2");
}
