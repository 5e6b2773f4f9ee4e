//! The table of publishing and of what comes to a draft afterwards: each row one question, one answer.

use super::*;
use crate::{
    access::{Ground, GroundKind},
    log::Seq,
    push::{
        admission::{
            admit_change,
            tests::{FIRST, GROUND, actor, facts, state},
        },
        state::{Binding, KnownChange, KnownOperation},
    },
    testing::{bytes16, caller, document, practitioner, space},
};
use samspor_documents::{
    guard::ChangeFacts,
    id::{SpaceId, TeamId},
};
use samspor_protocol::{limits, tag::Digest};

/// The change that an earlier publish of practitioner 1 logged at entry 7.
const PUBLISHED: [u8; 32] = [7; 32];

fn operation(number: u64) -> OperationId {
    OperationId::from_bytes(bytes16(7, number))
}

/// The state of the other table, and: private spaces of practitioners 1 and 2; draft 11 of practitioner 1, open; draft
/// 12 of theirs, which became document 20 by operation 1; draft 13 of practitioner 2.
fn world() -> State {
    let mut world = state();
    for who in [1, 2] {
        let number = i64::try_from(who).expect("small") + 100;
        let ground = Ground {
            ground: number,
            kind: GroundKind::Private,
            team: TeamId(practitioner(who).0),
            scope: None,
            last_seq: Seq::ZERO,
            items: 0,
            digest: Digest::default(),
        };
        let private = practitioner(who).private_space();
        world.spaces.insert(private, number);
        let history = world.histories.get_mut(&practitioner(who)).expect("there");
        history.add_for_ever(ground);
        for (draft, state) in [(11, 0), (12, 2), (13, 0)] {
            if (draft == 13) == (who == 2) {
                let known = DocumentState {
                    space: private,
                    ground: number,
                    state,
                    bytes: 1000,
                };
                world.documents.insert(document(draft), known);
            }
        }
    }
    world
        .publications
        .insert((practitioner(1), document(12)), document(20));
    let known = DocumentState {
        space: space(1),
        ground: GROUND,
        state: 0,
        bytes: 10,
    };
    world.documents.insert(document(20), known);
    let change = KnownChange {
        seq: Seq(7),
        device: caller(1).device,
        max_op: 5,
    };
    world.changes.insert((document(20), PUBLISHED), change);
    let named = KnownOperation {
        space: space(1),
        seq: Seq(7),
    };
    world
        .operations
        .insert((caller(1).device, operation(1)), named);
    world
}

struct Asked {
    caller: Caller,
    space: SpaceId,
    document: DocumentId,
    draft: DocumentId,
    operation: OperationId,
    facts: ChangeFacts,
    bytes: usize,
}

/// The first change of a new document by this practitioner.
fn first(who: u64) -> ChangeFacts {
    ChangeFacts {
        actor: actor(&caller(who), 5),
        author: Some(practitioner(who)),
        seq: 1,
        start_op: 1,
        deps: Vec::new(),
        ..facts()
    }
}

/// Practitioner `who` publishes draft 11 as document 30 of case 1.
fn asked(who: u64) -> Asked {
    Asked {
        caller: caller(who),
        space: space(1),
        document: document(30),
        draft: document(11),
        operation: operation(9),
        facts: first(who),
        bytes: 100,
    }
}

fn said(answer: Result<Admitted, Refusal>) -> String {
    match answer {
        Ok(Admitted::Already(seq)) => format!("already {}", seq.0),
        Ok(Admitted::New { ground }) => format!("new on {ground}"),
        Err(refusal) => match refusal.by {
            Some(by) if by == document(20) => format!("{} by 20", refusal.reason.code()),
            Some(by) => format!("{} by {by}", refusal.reason.code()),
            None => refusal.reason.code().to_owned(),
        },
    }
}

fn answer(state: &State, asked: &Asked) -> String {
    let question = PublishQuestion {
        change: ChangeQuestion {
            caller: &asked.caller,
            space: asked.space,
            document: asked.document,
            facts: &asked.facts,
            bytes: asked.bytes,
        },
        operation: asked.operation,
        draft: asked.draft,
        seen: &[],
    };
    said(admit_publish(state, &question))
}

fn check(rows: Vec<(&str, Asked, &str)>) {
    for (name, asked, expected) in rows {
        assert_eq!(answer(&world(), &asked), expected, "{name}");
    }
}

#[test]
fn a_draft_is_published_once_and_the_same_publish_again_gets_the_same_answer() {
    let again = |operation_: u64, facts_: ChangeFacts| Asked {
        document: document(20),
        draft: document(12),
        operation: operation(operation_),
        facts: facts_,
        ..asked(1)
    };
    let logged = ChangeFacts {
        hash: PUBLISHED,
        ..first(1)
    };
    let unknown = Asked {
        draft: document(99),
        ..asked(1)
    };
    let elsewhere = Asked {
        space: space(2),
        ..again(1, logged.clone())
    };
    check(vec![
        ("an open draft", asked(1), "new on 4"),
        ("a draft that the server does not know", unknown, "new on 4"),
        ("the same again", again(1, logged.clone()), "already 7"),
        ("its id for another change", again(1, first(1)), "malformed"),
        ("its id in another case", elsewhere, "malformed"),
        ("the draft again", again(2, first(1)), "superseded by 20"),
        (
            "the draft and its change again",
            again(2, logged),
            "superseded by 20",
        ),
    ]);
    // Access has ended: what is logged stays acknowledged, what is new finds no place.
    let mut ended = world();
    ended.histories.remove(&practitioner(1));
    let same = again(
        1,
        ChangeFacts {
            hash: PUBLISHED,
            ..first(1)
        },
    );
    assert_eq!(answer(&ended, &same), "already 7");
    assert_eq!(answer(&ended, &asked(1)), "no_access");
}

#[test]
fn who_may_not_write_there_gets_no_access_whatever_becomes_of_the_draft() {
    let of = |who: u64, draft: u64| Asked {
        draft: document(draft),
        ..asked(who)
    };
    let nowhere = Asked {
        space: space(9),
        ..of(1, 12)
    };
    let anothers_private = Asked {
        space: practitioner(2).private_space(),
        ..asked(1)
    };
    let in_another_case = Asked {
        space: space(2),
        document: document(1),
        ..asked(1)
    };
    let broken = Asked {
        facts: ChangeFacts {
            actor: Vec::new(),
            deps: vec![FIRST],
            ..first(4)
        },
        ..of(4, 12)
    };
    check(vec![
        ("no member", of(4, 11), "no_access"),
        (
            "no member, everything else wrong as well",
            broken,
            "no_access",
        ),
        ("a leader", of(3, 99), "no_access"),
        ("no such case, a published draft", nowhere, "no_access"),
        ("another's private space", anothers_private, "no_access"),
        ("a document of another case", in_another_case, "no_access"),
    ]);
}

#[test]
fn somebody_elses_draft_is_answered_like_one_that_is_not_there() {
    for (who, others) in [(1, 13), (2, 11), (2, 12)] {
        let theirs = Asked {
            draft: document(others),
            ..asked(who)
        };
        let nobodys = Asked {
            draft: document(77),
            ..asked(who)
        };
        assert_eq!(answer(&world(), &theirs), answer(&world(), &nobodys));
        assert_eq!(answer(&world(), &theirs), "new on 4");
    }
    // A document of a case is no draft either.
    let of_a_case = Asked {
        draft: document(1),
        ..asked(1)
    };
    assert_eq!(answer(&world(), &of_a_case), "new on 4");
}

#[test]
fn a_publish_carries_the_first_change_of_another_document_by_the_rules_of_every_change() {
    let with = |facts: ChangeFacts| Asked { facts, ..asked(1) };
    let own_private = Asked {
        space: practitioner(1).private_space(),
        ..asked(1)
    };
    let itself = Asked {
        document: document(99),
        draft: document(99),
        ..asked(1)
    };
    let there_already = Asked {
        document: document(1),
        ..asked(1)
    };
    let logged = Asked {
        document: document(1),
        facts: ChangeFacts {
            hash: FIRST,
            ..first(1)
        },
        ..asked(1)
    };
    let later = Asked {
        document: document(1),
        facts: ChangeFacts {
            deps: vec![FIRST],
            start_op: 6,
            ..first(1)
        },
        ..asked(1)
    };
    let too_large = Asked {
        bytes: limits::DOCUMENT_BYTES_MAX + 1,
        ..asked(1)
    };
    let as_another = ChangeFacts {
        author: Some(practitioner(2)),
        ..first(1)
    };
    let foreign_actor = ChangeFacts {
        actor: actor(&caller(2), 5),
        ..first(1)
    };
    let second = ChangeFacts {
        seq: 2,
        author: None,
        ..first(1)
    };
    let misnumbered = ChangeFacts {
        start_op: 4,
        ..first(1)
    };
    check(vec![
        ("into one's own private space", own_private, "malformed"),
        ("a draft as itself", itself, "malformed"),
        ("a document that is there", there_already, "missing_deps"),
        ("a change that is there", logged, "actor_conflict"),
        ("a later change of a document", later, "missing_deps"),
        ("another's name", with(as_another), "actor_conflict"),
        ("another's actor", with(foreign_actor), "actor_conflict"),
        ("an actor's second change", with(second), "actor_conflict"),
        ("misnumbered", with(misnumbered), "malformed"),
        ("over the limit", too_large, "too_large"),
    ]);
}

/// The world, where the drafts 11 and 12 have a first change of practitioner 1's, and draft 14 was published before
/// anything of it came.
fn after_publishing() -> State {
    let mut world = world();
    for draft in [11, 12] {
        let known = KnownChange {
            seq: Seq(5),
            device: caller(1).device,
            max_op: 5,
        };
        world.changes.insert((document(draft), FIRST), known);
        let binding = Binding {
            device: caller(1).device,
            author: practitioner(1),
            actor_seq: 2,
        };
        let of = (document(draft), actor(&caller(1), 1));
        world.actors.insert(of, binding);
    }
    world
        .publications
        .insert((practitioner(1), document(14)), document(20));
    world
}

/// What a change of this draft, by practitioner `who` in the private space of `whose`, is answered.
fn change(who: u64, whose: u64, draft: u64, facts: &ChangeFacts) -> String {
    let question = ChangeQuestion {
        caller: &caller(who),
        space: practitioner(whose).private_space(),
        document: document(draft),
        facts,
        bytes: 100,
    };
    said(admit_change(&after_publishing(), &question))
}

#[test]
fn what_comes_to_a_draft_after_it_was_published_is_superseded_by_its_document() {
    let next = ChangeFacts {
        deps: vec![FIRST],
        start_op: 6,
        ..facts()
    };
    let on_what_never_came = ChangeFacts {
        deps: vec![[9; 32]],
        ..next.clone()
    };
    let logged = ChangeFacts {
        hash: FIRST,
        ..first(1)
    };
    let rows = [
        ("an open draft", 11, &next, "new on 101"),
        ("a published one", 12, &next, "superseded by 20"),
        (
            "on what never came",
            12,
            &on_what_never_came,
            "superseded by 20",
        ),
        ("what was logged before", 12, &logged, "already 5"),
        (
            "published without its first change",
            14,
            &first(1),
            "superseded by 20",
        ),
    ];
    for (name, draft, facts, expected) in rows {
        assert_eq!(change(1, 1, draft, facts), expected, "{name}");
    }
}

#[test]
fn nobody_else_learns_whether_a_draft_is_there_or_what_became_of_it() {
    let rows = [
        ("an open draft", 2, 1, 11),
        ("a published one", 2, 1, 12),
        ("one that is not there", 2, 1, 77),
        ("a draft's id in one's own space", 2, 2, 12),
        ("a leader", 3, 1, 11),
        ("a stranger without a private space", 4, 4, 11),
    ];
    for (name, who, whose, draft) in rows {
        assert_eq!(
            change(who, whose, draft, &first(who)),
            "no_access",
            "{name}"
        );
    }
}
