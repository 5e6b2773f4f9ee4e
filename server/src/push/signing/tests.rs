//! The table of a signature's admission: each row one state, one question, one answer.

use super::*;
use crate::{
    access::{Ground, GroundKind, History},
    push::state::{DocumentState, KnownOperation},
    testing::{caller, document, practitioner, signed::operation, space, team},
};
use samspor_documents::time::UnixMillis;
use samspor_protocol::{fact::Role, sign::TextSignature, tag::Digest};

const GROUND: i64 = 4;

fn history() -> History {
    let ground = Ground {
        ground: GROUND,
        kind: GroundKind::Cases,
        team: team(1),
        scope: None,
        last_seq: Seq::ZERO,
        items: 0,
        digest: Digest::default(),
    };
    let mut history = History::default();
    history.add_grant(ground, Role::Practitioner, Seq(1), None);
    history
}

fn sign() -> Sign {
    Sign {
        heads: vec![Hash32([1; 32])],
        text: b"teksten".to_vec().into(),
        signature: TextSignature {
            signer: practitioner(1),
            device: caller(1).device,
            signed_at: UnixMillis(0),
            signature: [0; 64],
        },
    }
}

/// Document 1 of case 1: two changes, begun by practitioner 1; 2 is a member, too; 3 is nothing.
fn state() -> State {
    let mut state = State {
        position: Seq(10),
        ..State::default()
    };
    for who in [1, 2] {
        state.histories.insert(practitioner(who), history());
    }
    state.histories.insert(practitioner(3), History::default());
    state.spaces.insert(space(1), GROUND);
    let known = DocumentState {
        space: space(1),
        ground: GROUND,
        state: 0,
        bytes: 100,
    };
    state.documents.insert(document(1), known);
    let signing = Signing {
        changes: 2,
        author: Some(practitioner(1)),
        ..Signing::default()
    };
    state.signing.insert(document(1), signing);
    state
}

fn frozen() -> State {
    let mut state = state();
    if let Some(known) = state.documents.get_mut(&document(1)) {
        known.state = 1;
    }
    if let Some(known) = state.signing.get_mut(&document(1)) {
        known.frozen = Some(Frozen {
            text: Hash32::of(b"teksten"),
            heads: vec![Hash32([1; 32])],
        });
        known.signers = vec![practitioner(1)];
    }
    state
}

fn good() -> Option<Rendering> {
    Some(Rendering {
        changes: 2,
        card: None,
        adds_to: None,
        outcome: Ok(()),
    })
}

fn with_card(number: u64) -> Option<Rendering> {
    good().map(|good| Rendering {
        card: Some(document(number)),
        ..good
    })
}

fn that_adds_to(number: u64) -> Option<Rendering> {
    good().map(|good| Rendering {
        adds_to: Some(document(number)),
        ..good
    })
}

#[test]
fn what_is_added_to_is_a_signed_entry_of_the_same_space_and_no_answer_tells_of_another() {
    let mut state = state();
    for (number, case, code) in [(2, 1, 1), (3, 1, 0), (4, 2, 1), (5, 2, 0), (6, 1, 1)] {
        let known = DocumentState {
            space: space(case),
            ground: GROUND,
            state: code,
            bytes: 100,
        };
        state.documents.insert(document(number), known);
    }
    state.additions.insert(document(6));
    for (entry, which, expected) in [
        (2, "a signed entry of the case", "First"),
        (3, "an open one", "not_signed"),
        (4, "another case's", "not_signed"),
        (5, "another case's, open", "not_signed"),
        (6, "one that adds to an entry itself", "not_signed"),
        (7, "none", "not_signed"),
    ] {
        let rendering = that_adds_to(entry);
        let answer = ask(&state, 1, &sign(), rendering.as_ref());
        assert_eq!(answer, expected, "{which}");
        let answer = ask(&state, 3, &sign(), rendering.as_ref());
        assert_eq!(answer, "no_access", "{which}, to a stranger");
    }
}

fn ask(state: &State, who: u64, sign: &Sign, rendering: Option<&Rendering>) -> String {
    let question = SignQuestion {
        caller: &caller(who),
        space: space(1),
        document: document(1),
        operation: operation(1),
        sign,
        rendering,
    };
    match admit(state, &question) {
        Ok(admitted) => format!("{admitted:?}"),
        Err(refusal) => refusal.reason.code().to_owned(),
    }
}

#[test]
fn the_first_signature_is_its_authors_over_what_was_rendered() {
    let late = Some(Rendering {
        changes: 1,
        card: None,
        adds_to: None,
        outcome: Ok(()),
    });
    let differs = Some(Rendering {
        changes: 2,
        card: None,
        adds_to: None,
        outcome: Err(Refusal::new(Reason::TextDiffers, "")),
    });
    let rows = [
        ("the author", 1, good(), "First"),
        ("a colleague", 2, good(), "no_access"),
        ("nobody", 3, good(), "no_access"),
        ("a change came meanwhile", 1, late, "unseen_changes"),
        ("another text", 1, differs.clone(), "text_differs"),
        ("another text, of nobody's", 3, differs, "no_access"),
        ("not rendered", 1, None, "unavailable"),
        ("a card that is not here", 1, with_card(50), "text_differs"),
        ("a document of the case", 1, with_card(1), "First"),
    ];
    for (case, who, rendering, expected) in rows {
        assert_eq!(
            ask(&state(), who, &sign(), rendering.as_ref()),
            expected,
            "{case}"
        );
    }
}

#[test]
fn a_signature_beside_the_first_is_over_the_same_text_and_once_a_person() {
    let other_text = Sign {
        text: b"en anden".to_vec().into(),
        ..sign()
    };
    let other_heads = Sign {
        heads: vec![Hash32([2; 32])],
        ..sign()
    };
    let another = format!("Another {{ ground: {GROUND} }}");
    let rows = [
        ("a colleague", 2, sign(), another.as_str()),
        ("the author again", 1, sign(), "signed"),
        ("another text", 2, other_text, "text_differs"),
        ("other heads", 2, other_heads, "text_differs"),
        ("nobody", 3, sign(), "no_access"),
    ];
    for (case, who, sign, expected) in rows {
        assert_eq!(
            ask(&frozen(), who, &sign, good().as_ref()),
            expected,
            "{case}"
        );
    }
}

#[test]
fn what_is_logged_is_accepted_again_and_what_is_closed_is_not_signed() {
    let mut logged = frozen();
    let known = KnownOperation {
        space: space(1),
        seq: Seq(7),
    };
    logged
        .operations
        .insert((caller(1).device, operation(1)), known);
    assert_eq!(
        ask(&logged, 1, &sign(), None),
        format!("Already({:?})", Seq(7))
    );
    for (code, reason) in [(2, "superseded"), (3, "expunged")] {
        let mut closed = state();
        if let Some(known) = closed.documents.get_mut(&document(1)) {
            known.state = code;
        }
        assert_eq!(ask(&closed, 1, &sign(), good().as_ref()), reason);
    }
    let mut absent = state();
    absent.documents.clear();
    assert_eq!(ask(&absent, 1, &sign(), good().as_ref()), "missing_deps");
}
