//! The table of circles: each row one state, one question, one answer.

use super::*;
use crate::{
    access::{Ground, GroundKind, History},
    push::{admission::tests::state as of_cases, state::KnownOperation},
    testing::{bytes16, caller, practitioner, space, team},
};
use samspor_documents::id::TeamId;
use samspor_documents::time::UnixMillis;
use samspor_protocol::{closing::ReflectionKind, fact::Role, tag::Digest};
use std::collections::HashMap;

const GROUND: i64 = 7;

fn operation(number: u64) -> OperationId {
    OperationId::from_bytes(bytes16(7, number))
}

fn history(until: Option<i64>) -> History {
    let ground = Ground {
        ground: GROUND,
        kind: GroundKind::Chosen,
        team: TeamId(space(7).0),
        scope: None,
        last_seq: Seq::ZERO,
        items: 0,
        digest: Digest::default(),
    };
    let mut history = History::default();
    history.add_grant(ground, Role::Practitioner, Seq(3), until.map(Seq));
    history
}

/// Case 1 of team 1 as ever; circle 7, in which practitioners 5 and 6 take part and which 8 has left. Practitioners 1
/// to 9 are of the organisation. Operation 1 of 5's device opened the circle.
fn state() -> State {
    let mut state = of_cases();
    state.spaces.insert(space(7), GROUND);
    for (who, until) in [(5, None), (6, None), (8, Some(6))] {
        state.histories.insert(practitioner(who), history(until));
    }
    state.histories.insert(practitioner(9), History::default());
    state.circles.people = (1..=9).map(practitioner).collect();
    let inside = [5, 6].map(|who| (practitioner(who), Seq(3)));
    state.circles.inside.insert(space(7), inside.into());
    let known = KnownOperation {
        space: space(7),
        seq: Seq(2),
    };
    state
        .operations
        .insert((caller(5).device, operation(1)), known);
    state
}

fn told(answer: Result<AdmittedPart, Refusal>) -> String {
    match answer {
        Ok(AdmittedPart::Already(seq)) => format!("already {}", seq.0),
        Ok(AdmittedPart::Holds(seq)) => format!("holds {}", seq.0),
        Ok(AdmittedPart::New { ground }) => format!("new on {ground}"),
        Err(refusal) => refusal.reason.code().to_owned(),
    }
}

#[test]
fn a_circle_is_opened_once_by_anybody_with_practitioners_of_the_organisation() {
    let open = |who: u64, circle: u64, number: u64, with: &[u64]| {
        let body = OpenCircle {
            title: "Overgang til skole".to_owned(),
            participants: with.iter().map(|one| practitioner(*one)).collect(),
            about: vec![space(1), space(99)],
            opened_at: UnixMillis(0),
        };
        let answer = admit_circle(
            &state(),
            &caller(who),
            space(circle),
            operation(number),
            &body,
        );
        match answer {
            Ok(AdmittedCircle::Already(seq)) => format!("already {}", seq.0),
            Ok(AdmittedCircle::New(participants)) => format!("new with {}", participants.len()),
            Err(refusal) => refusal.reason.code().to_owned(),
        }
    };
    for (name, answer, expected) in [
        ("new", open(5, 50, 2, &[6, 1]), "new with 3"),
        ("of nobody else", open(5, 50, 2, &[]), "new with 1"),
        ("its opener named", open(5, 50, 2, &[5, 6, 6]), "new with 2"),
        ("a leader's", open(3, 50, 2, &[6]), "new with 2"),
        ("a member of no team's", open(9, 50, 2, &[6]), "new with 2"),
        ("the same again", open(5, 7, 1, &[6]), "already 2"),
        ("its id used for another", open(5, 50, 1, &[6]), "malformed"),
        ("one that is there", open(5, 7, 2, &[6]), "no_access"),
        (
            "one of others that is there",
            open(9, 7, 1, &[6]),
            "no_access",
        ),
        ("a case", open(1, 1, 2, &[6]), "no_access"),
        ("with a stranger", open(5, 50, 2, &[6, 77]), "no_access"),
        ("by a stranger", open(77, 50, 2, &[6]), "no_access"),
    ] {
        assert_eq!(answer, expected, "{name}");
    }
}

#[test]
fn an_opening_with_more_than_a_circle_may_have_is_too_large() {
    let mut state = state();
    let most = u64::try_from(limits::CIRCLE_PARTICIPANTS_MAX).unwrap();
    let others = |count: u64| -> Vec<PractitionerId> {
        (0..count).map(|one| practitioner(100 + one)).collect()
    };
    state.circles.people.extend(others(most));
    for (count, expected) in [(most - 1, None), (most, Some(Reason::TooLarge))] {
        let body = OpenCircle {
            title: "Stor".to_owned(),
            participants: others(count),
            about: Vec::new(),
            opened_at: UnixMillis(0),
        };
        let answer = admit_circle(&state, &caller(5), space(50), operation(2), &body);
        assert_eq!(
            answer.err().map(|refusal| refusal.reason),
            expected,
            "{count}"
        );
    }
}

#[test]
fn a_participant_brings_others_in_and_nobody_else_does() {
    let join = |who: u64, circle: u64, number: u64, whom: u64| {
        let (circle, number) = (space(circle), operation(number));
        told(admit_join(
            &state(),
            &caller(who),
            circle,
            number,
            practitioner(whom),
        ))
    };
    let circle_of_team = told(admit_join(
        &state(),
        &caller(1),
        team(1).circle(),
        operation(2),
        practitioner(9),
    ));
    for (name, answer, expected) in [
        ("a colleague", join(5, 7, 2, 9), "new on 7"),
        ("a leader of another team", join(6, 7, 2, 3), "new on 7"),
        ("one who has left", join(5, 7, 2, 8), "new on 7"),
        ("one who takes part", join(5, 7, 2, 6), "holds 3"),
        ("oneself", join(5, 7, 2, 5), "holds 3"),
        ("the same operation again", join(5, 7, 1, 9), "already 2"),
        ("its id used elsewhere", join(5, 1, 1, 9), "malformed"),
        ("a stranger", join(5, 7, 2, 77), "no_access"),
        ("by one who takes no part", join(9, 7, 2, 9), "no_access"),
        ("by one who has left", join(8, 7, 2, 8), "no_access"),
        ("by a coordinator's member", join(1, 7, 2, 9), "no_access"),
        ("no such circle", join(5, 99, 2, 9), "no_access"),
        ("a case of one's own", join(1, 1, 2, 9), "no_access"),
        ("a team's circle", circle_of_team.clone(), "no_access"),
        (
            "a stranger, no such circle",
            join(9, 99, 2, 77),
            "no_access",
        ),
    ] {
        assert_eq!(answer, expected, "{name}");
    }
    // Nothing tells a circle that is not there from one of others.
    let refusal = |circle: u64, whom: u64| {
        let whom = practitioner(whom);
        admit_join(&state(), &caller(9), space(circle), operation(2), whom).unwrap_err()
    };
    for (circle, whom) in [(7, 9), (7, 5), (99, 9), (7, 77), (99, 77), (1, 9)] {
        assert_eq!(refusal(circle, whom), NO_ACCESS, "{circle} {whom}");
    }
}

#[test]
fn a_full_circle_takes_nobody_more() {
    let mut state = state();
    let inside = state.circles.inside.get_mut(&space(7)).unwrap();
    let most = u64::try_from(limits::CIRCLE_PARTICIPANTS_MAX).unwrap();
    for one in 0..most - 3 {
        inside.insert(practitioner(100 + one), Seq(4));
    }
    let join = |state: &State| {
        let (circle, number) = (space(7), operation(2));
        told(admit_join(
            state,
            &caller(5),
            circle,
            number,
            practitioner(9),
        ))
    };
    assert_eq!(join(&state), "new on 7");
    let inside = state.circles.inside.get_mut(&space(7)).unwrap();
    inside.insert(practitioner(500), Seq(4));
    assert_eq!(join(&state), "too_large");
}

#[test]
fn one_leaves_for_oneself_and_once() {
    let leave = |who: u64, circle: u64, number: u64| {
        told(admit_leave(
            &state(),
            &caller(who),
            space(circle),
            operation(number),
        ))
    };
    for (name, answer, expected) in [
        ("a participant", leave(5, 7, 2), "new on 7"),
        ("the same operation again", leave(5, 7, 1), "already 2"),
        ("left before, by another device", leave(8, 7, 2), "holds 6"),
        ("never a participant", leave(9, 7, 2), "no_access"),
        ("no such circle", leave(5, 99, 2), "no_access"),
        ("a case", leave(1, 1, 2), "no_access"),
        ("a stranger", leave(77, 7, 2), "no_access"),
    ] {
        assert_eq!(answer, expected, "{name}");
    }
}

/// Practitioner 6, who takes part, is of team 2, whose circle has ground 12.
fn of_teams(mut state: State) -> State {
    let teams = HashMap::from([(team(2), 12)]);
    state.circles.teams.insert(practitioner(6), teams);
    let outside = HashMap::from([(team(1), 11)]);
    state.circles.teams.insert(practitioner(1), outside);
    state
}

fn close(state: &State, who: u64, circle: u64, number: u64, teams: &[u64]) -> String {
    let body = CloseCircle {
        at: UnixMillis(0),
        lines: Vec::new(),
        shared_with: teams.iter().map(|one| team(*one)).collect(),
        kind: ReflectionKind::Shared,
    };
    let (circle, number) = (space(circle), operation(number));
    match admit_close(state, &caller(who), circle, number, &body) {
        Ok(AdmittedClosing::Already(seq)) => format!("already {}", seq.0),
        Ok(AdmittedClosing::New {
            ground,
            participants,
            teams,
        }) => format!(
            "new on {ground}, {participants} inside, told on {:?}",
            teams.values()
        ),
        Err(refusal) => refusal.reason.code().to_owned(),
    }
}

#[test]
fn a_participant_closes_a_circle_once_and_shares_with_participants_teams_only() {
    let open = of_teams(state());
    let mut closed = of_teams(state());
    closed.closed.insert(space(7));
    let new = "new on 7, 2 inside, told on []";
    for (name, answer, expected) in [
        ("a participant", close(&open, 5, 7, 2, &[]), new),
        (
            "with another's team, named twice",
            close(&open, 5, 7, 2, &[2, 2]),
            "new on 7, 2 inside, told on [12]",
        ),
        ("again", close(&open, 5, 7, 1, &[]), "already 2"),
        ("again, closed", close(&closed, 5, 7, 1, &[]), "already 2"),
        ("closed", close(&closed, 5, 7, 2, &[]), "closed"),
        ("a team outside", close(&open, 5, 7, 2, &[1]), "no_access"),
        ("one of both", close(&open, 5, 7, 2, &[2, 1]), "no_access"),
        ("no such team", close(&open, 5, 7, 2, &[99]), "no_access"),
        ("who has left", close(&open, 8, 7, 2, &[]), "no_access"),
        ("an outsider", close(&open, 9, 7, 2, &[]), "no_access"),
        ("outside, closed", close(&closed, 9, 7, 2, &[]), "no_access"),
        ("no such circle", close(&open, 5, 99, 2, &[]), "no_access"),
        ("a case", close(&open, 1, 1, 2, &[]), "no_access"),
    ] {
        assert_eq!(answer, expected, "{name}");
    }
}

#[test]
fn who_is_inside_a_closed_circle_is_inside_and_nobody_else_gets_in() {
    let mut state = state();
    state.closed.insert(space(7));
    let join = |whom: u64| {
        let (circle, number) = (space(7), operation(2));
        let whom = practitioner(whom);
        told(admit_join(&state, &caller(5), circle, number, whom))
    };
    assert_eq!(
        (join(6), join(9)),
        ("holds 3".to_owned(), "closed".to_owned())
    );
    let leave = admit_leave(&state, &caller(5), space(7), operation(2));
    assert_eq!(told(leave), "new on 7");
}
