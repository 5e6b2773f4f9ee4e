//! The table of admission: each row one state, one question, one answer.

use super::*;
use crate::{
    access::{Ground, GroundKind, History},
    log::Seq,
    push::{
        lineage::Lines,
        state::{Binding, KnownChange, KnownOperation},
    },
    testing::{bytes16, caller, document, practitioner, space, team},
};
use samspor_documents::{
    id::{DeviceId, PractitionerId},
    time::UnixMillis,
};
use samspor_protocol::{fact::Role, tag::Digest};

pub(super) const GROUND: i64 = 4;
pub(super) const FIRST: [u8; 32] = [1; 32];
const SECOND: [u8; 32] = [2; 32];

pub(super) fn actor(of: &Caller, session: u8) -> Vec<u8> {
    let mut actor = of.device.as_bytes().to_vec();
    actor.extend([session; 8]);
    actor
}

fn history(of: u64, role: Role) -> History {
    let ground = Ground {
        ground: GROUND,
        kind: GroundKind::Cases,
        team: team(of),
        scope: None,
        last_seq: Seq::ZERO,
        items: 0,
        digest: Digest::default(),
    };
    let mut history = History::default();
    history.add_grant(ground, role, Seq(1), None);
    history
}

/// Case 1 of team 1 with document 1, whose two changes practitioner 1 wrote; practitioner 2 is a member, too,
/// practitioner 3 a leader, practitioner 4 nothing.
pub(super) fn state() -> State {
    let mut state = State {
        position: Seq(10),
        ..State::default()
    };
    for who in [1, 2] {
        state
            .histories
            .insert(practitioner(who), history(1, Role::Practitioner));
    }
    state
        .histories
        .insert(practitioner(3), history(1, Role::Leader));
    state.histories.insert(practitioner(4), History::default());
    state.spaces.insert(space(1), GROUND);
    state.spaces.insert(space(2), GROUND);
    let known = DocumentState {
        space: space(1),
        ground: GROUND,
        state: 0,
        bytes: 1000,
    };
    state.documents.insert(document(1), known);
    for (seq, hash, max_op) in [(8, FIRST, 5), (9, SECOND, 7)] {
        let known = KnownChange {
            seq: Seq(seq),
            device: caller(1).device,
            max_op,
        };
        state.changes.insert((document(1), hash), known);
    }
    let binding = Binding {
        device: caller(1).device,
        author: practitioner(1),
        actor_seq: 2,
    };
    state
        .actors
        .insert((document(1), actor(&caller(1), 1)), binding);
    state
}

/// The third change of practitioner 1's actor: admitted as it stands.
pub(super) fn facts() -> ChangeFacts {
    ChangeFacts {
        hash: [3; 32],
        actor: actor(&caller(1), 1),
        author: None,
        seq: 3,
        start_op: 8,
        max_op: 9,
        deps: vec![SECOND],
        operations: 2,
        time: UnixMillis(0),
    }
}

/// Practitioner 2's first change of document 1: admitted as it stands.
fn second_author() -> ChangeFacts {
    ChangeFacts {
        actor: actor(&caller(2), 1),
        author: Some(practitioner(2)),
        seq: 1,
        ..facts()
    }
}

struct Asked {
    caller: Caller,
    space: SpaceId,
    document: DocumentId,
    facts: ChangeFacts,
    bytes: usize,
}

fn asked(who: u64, facts: ChangeFacts) -> Asked {
    Asked {
        caller: caller(who),
        space: space(1),
        document: document(1),
        facts,
        bytes: 100,
    }
}

fn answer(state: &State, asked: &Asked) -> String {
    let question = ChangeQuestion {
        caller: &asked.caller,
        space: asked.space,
        document: asked.document,
        facts: &asked.facts,
        bytes: asked.bytes,
    };
    match admit_change(state, &question) {
        Ok(Admitted::Already(seq)) => format!("already {}", seq.0),
        Ok(Admitted::New { ground }) => format!("new on {ground}"),
        Err(refusal) => refusal.reason.code().to_owned(),
    }
}

fn check(rows: Vec<(&str, Asked, &str)>) {
    for (name, asked, expected) in rows {
        assert_eq!(answer(&state(), &asked), expected, "{name}");
    }
}

#[test]
fn what_follows_is_admitted() {
    let first = ChangeFacts {
        seq: 1,
        author: Some(practitioner(1)),
        deps: Vec::new(),
        start_op: 1,
        ..facts()
    };
    let new_document = Asked {
        document: document(2),
        ..asked(1, first)
    };
    let earlier = ChangeFacts {
        deps: vec![FIRST],
        start_op: 6,
        ..facts()
    };
    let merging = ChangeFacts {
        deps: vec![FIRST, SECOND],
        ..facts()
    };
    check(vec![
        ("the actor's next change", asked(1, facts()), "new on 4"),
        (
            "another author's first",
            asked(2, second_author()),
            "new on 4",
        ),
        ("a document's first", new_document, "new on 4"),
        (
            "one that builds on an earlier change",
            asked(1, earlier),
            "new on 4",
        ),
        ("one that builds on several", asked(1, merging), "new on 4"),
    ]);
}

#[test]
fn what_is_logged_and_ones_own_gets_the_same_answer_also_when_access_has_ended() {
    let again = ChangeFacts {
        hash: FIRST,
        seq: 1,
        author: Some(practitioner(1)),
        deps: Vec::new(),
        start_op: 1,
        max_op: 5,
        ..facts()
    };
    check(vec![
        ("pushed again", asked(1, again.clone()), "already 8"),
        (
            "another device's",
            asked(2, again.clone()),
            "actor_conflict",
        ),
        (
            "another device's, no access",
            asked(4, again.clone()),
            "no_access",
        ),
    ]);
    let mut ended = state();
    ended.histories.insert(practitioner(1), History::default());
    assert_eq!(answer(&ended, &asked(1, again)), "already 8");
    assert_eq!(answer(&ended, &asked(1, facts())), "no_access");
}

#[test]
fn who_may_not_write_gets_no_access_before_anything_else() {
    let broken = ChangeFacts {
        actor: Vec::new(),
        deps: vec![[9; 32]],
        ..facts()
    };
    let elsewhere = Asked {
        space: space(2),
        ..asked(1, facts())
    };
    let nowhere = Asked {
        space: space(9),
        ..asked(1, facts())
    };
    check(vec![
        ("no member", asked(4, facts()), "no_access"),
        ("no member, broken change", asked(4, broken), "no_access"),
        ("a leader", asked(3, facts()), "no_access"),
        ("a stranger", asked(7, facts()), "no_access"),
        (
            "the document stands in another case",
            elsewhere,
            "no_access",
        ),
        ("there is no such case", nowhere, "no_access"),
    ]);
}

#[test]
fn invariant_05_nobody_writes_as_another() {
    let as_another = |author: Option<PractitionerId>| ChangeFacts {
        author,
        ..second_author()
    };
    let foreign_actor = ChangeFacts {
        actor: actor(&caller(1), 1),
        ..second_author()
    };
    let short_actor = ChangeFacts {
        actor: caller(2).device.as_bytes().to_vec(),
        ..second_author()
    };
    let named_again = ChangeFacts {
        author: Some(practitioner(1)),
        ..facts()
    };
    let skipped = ChangeFacts { seq: 4, ..facts() };
    let reused = ChangeFacts { seq: 2, ..facts() };
    let unbound = ChangeFacts {
        actor: actor(&caller(1), 9),
        ..facts()
    };
    check(vec![
        (
            "a foreign author",
            asked(2, as_another(Some(practitioner(1)))),
            "actor_conflict",
        ),
        (
            "no author at all",
            asked(2, as_another(None)),
            "actor_conflict",
        ),
        (
            "another device's actor",
            asked(2, foreign_actor),
            "actor_conflict",
        ),
        (
            "an actor of another length",
            asked(2, short_actor),
            "actor_conflict",
        ),
        (
            "an author named again",
            asked(1, named_again),
            "actor_conflict",
        ),
        ("a sequence that skips", asked(1, skipped), "actor_conflict"),
        ("a sequence used before", asked(1, reused), "actor_conflict"),
        (
            "an actor whose first change is missing",
            asked(1, unbound),
            "actor_conflict",
        ),
    ]);
    let mut rebound = state();
    let binding = rebound
        .actors
        .get_mut(&(document(1), actor(&caller(1), 1)))
        .expect("bound");
    binding.author = practitioner(2);
    assert_eq!(answer(&rebound, &asked(1, facts())), "actor_conflict");
}

#[test]
fn what_it_builds_on_must_be_here_and_numbered_before() {
    let with_deps = |deps: Vec<[u8; 32]>| ChangeFacts { deps, ..facts() };
    let numbered = |start_op| ChangeFacts {
        start_op,
        ..facts()
    };
    let first_with_deps = Asked {
        document: document(2),
        ..asked(2, second_author())
    };
    check(vec![
        (
            "deps unknown",
            asked(1, with_deps(vec![SECOND, [9; 32]])),
            "missing_deps",
        ),
        (
            "no deps on an existing document",
            asked(1, with_deps(vec![])),
            "missing_deps",
        ),
        ("deps of another document", first_with_deps, "missing_deps"),
        ("numbered too low", asked(1, numbered(7)), "malformed"),
        (
            "numbered too high",
            asked(1, numbered(4_000_000_000)),
            "malformed",
        ),
    ]);
}

#[test]
fn a_document_that_is_closed_or_full_takes_nothing() {
    for (state_code, expected) in [(1, "signed"), (2, "superseded"), (3, "expunged")] {
        let mut state = state();
        state.documents.get_mut(&document(1)).expect("there").state = state_code;
        assert_eq!(answer(&state, &asked(1, facts())), expected);
    }
    let exactly = limits::DOCUMENT_BYTES_MAX - 1000;
    for (bytes, expected) in [(exactly, "new on 4"), (exactly + 1, "too_large")] {
        let asked = Asked {
            bytes,
            ..asked(1, facts())
        };
        assert_eq!(answer(&state(), &asked), expected, "{bytes}");
    }
}

#[test]
fn a_case_is_opened_once_by_a_member_whose_role_opens_cases() {
    let operation = |number| OperationId::from_bytes(bytes16(7, number));
    let mut state = state();
    let known = KnownOperation {
        space: space(1),
        seq: Seq(6),
    };
    state
        .operations
        .insert((caller(1).device, operation(1)), known);
    let rows = [
        ("new", 1, 5, 2, 1, "new on 4"),
        ("the same again", 1, 1, 1, 1, "already 6"),
        ("its id used for another case", 1, 5, 1, 1, "malformed"),
        ("a case that is there", 1, 1, 2, 1, "no_access"),
        ("another device's operation", 2, 1, 1, 1, "no_access"),
        ("another team", 1, 5, 2, 2, "no_access"),
        ("a leader", 3, 5, 2, 1, "no_access"),
        ("no member", 4, 5, 2, 1, "no_access"),
    ];
    for (name, who, case, number, of, expected) in rows {
        let body = OpenCase {
            team: team(of),
            opened_at: UnixMillis(0),
        };
        let answer = admit_case(&state, &caller(who), space(case), operation(number), &body);
        let answer = match answer {
            Ok(Admitted::Already(seq)) => format!("already {}", seq.0),
            Ok(Admitted::New { ground }) => format!("new on {ground}"),
            Err(refusal) => refusal.reason.code().to_owned(),
        };
        assert_eq!(answer, expected, "{name}");
    }
}

#[test]
fn who_took_a_devices_place_pushes_what_that_one_wrote_and_nobody_else_does() {
    let mut state = state();
    let new = Caller {
        device: DeviceId::from_bytes(bytes16(0x45, 1)),
        ..caller(1)
    };
    state.lines = Lines::default().with(new.device, &[caller(1).device]);
    let as_new = |facts| Asked {
        caller: new,
        ..asked(1, facts)
    };
    let logged = ChangeFacts {
        hash: SECOND,
        ..facts()
    };
    let unsent = ChangeFacts {
        actor: actor(&caller(1), 7),
        author: Some(practitioner(1)),
        seq: 1,
        ..facts()
    };
    let own = ChangeFacts {
        actor: actor(&new, 1),
        ..unsent.clone()
    };
    for (name, asked, expected) in [
        ("what the old one had pushed", as_new(logged), "already 9"),
        (
            "the next of the old one's actor",
            as_new(facts()),
            "new on 4",
        ),
        (
            "an actor of the old one that is new here",
            as_new(unsent),
            "new on 4",
        ),
        ("its own", as_new(own.clone()), "new on 4"),
        ("the new one's by the old", asked(1, own), "actor_conflict"),
        ("a colleague's", as_new(second_author()), "actor_conflict"),
    ] {
        assert_eq!(answer(&state, &asked), expected, "{name}");
    }
}
