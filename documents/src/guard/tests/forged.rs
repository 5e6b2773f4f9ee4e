//! Changes that no device of ours writes: each is refused by its own error, and the document stays usable.

use super::*;
use crate::guard::is_guarding;

/// One operation that names actor `index` as its object's, in a change that lists no other actor.
fn naming_actor(index: u8) -> Vec<u8> {
    crafted(
        1,
        1,
        &[
            (0x01, run(1, &[index])),
            (0x02, run(1, &[1])),
            (0x15, run(1, &[1, b'k'])),
            (0x34, vec![1]),
            (0x42, run(1, &[1])),
            (0x56, run(1, &[0])),
            (0x70, run(1, &[0])),
        ],
    )
}

#[test]
fn an_actor_that_the_change_does_not_list_is_refused_before_any_document() {
    assert_eq!(
        check_change(&naming_actor(5), &LIMITS),
        Err(GuardError::UnknownActor)
    );
    let mut document = new_document(3);
    assert_eq!(
        apply_to(&mut document, &naming_actor(5)),
        Err(GuardError::UnknownActor)
    );
    assert_eq!(
        apply_to(&mut document, &naming_actor(0)),
        Err(GuardError::ForeignOperation)
    );
}

#[test]
fn an_actor_that_is_listed_and_wrote_nothing_here_is_refused() {
    let (mut one, mut two) = two_devices();
    let change = put(&mut two, "k", "v");
    let stranger = legacy::OpId(3, actor(9));
    let forged = altered(&change, |c| c.operations[0].pred = vec![stranger].into());
    assert!(check_change(&forged, &LIMITS).is_ok());
    assert_eq!(apply_to(&mut one, &forged), Err(GuardError::UnknownActor));
    assert_eq!(apply_to(&mut one, &change), Ok(Applied::New));
}

#[test]
fn an_author_outside_an_actors_first_change_is_refused() {
    let mut document = new_document(1);
    let first = put(&mut document, "k", "1");
    let second = put(&mut document, "k", "2");
    let forged = altered(&second, |c| {
        c.extra_bytes = [&[1, 16][..], &[7; 16]].concat();
        c.author = Some(author(7));
    });
    assert!(check_change(&first, &LIMITS).unwrap().author.is_some());
    assert_eq!(
        check_change(&forged, &LIMITS),
        Err(GuardError::Malformed { what: "author" })
    );
}

#[test]
fn an_actor_that_does_not_build_on_its_own_last_change_is_refused() {
    let (mut one, mut two) = two_devices();
    let base = two.get_heads();
    let first = put(&mut two, "a", "1");
    let second = put(&mut two, "b", "2");
    let start = Change::try_from(first.as_slice()).unwrap().start_op();
    assert_eq!(apply_to(&mut one, &first), Ok(Applied::New));
    let forked = altered(&second, |c| {
        c.deps = base;
        c.start_op = start;
    });
    assert_eq!(apply_to(&mut one, &forked), Err(GuardError::ActorSequence));
    let skipped = altered(&second, |c| c.seq = 3);
    assert_eq!(apply_to(&mut one, &skipped), Err(GuardError::ActorSequence));
    assert_eq!(apply_to(&mut one, &second), Ok(Applied::New));
}

#[test]
fn operation_numbers_that_do_not_follow_their_deps_are_refused() {
    let (mut one, mut two) = two_devices();
    let change = put(&mut two, "k", "v");
    for numbers in [1, 5, 1000] {
        let forged = altered(&change, |c| {
            c.start_op = std::num::NonZeroU64::new(numbers).unwrap()
        });
        assert_eq!(
            apply_to(&mut one, &forged),
            Err(GuardError::OperationNumber),
            "{numbers}"
        );
    }
    assert_eq!(apply_to(&mut one, &change), Ok(Applied::New));
}

#[test]
fn a_change_of_nothing_and_a_column_that_stands_twice_are_refused() {
    assert_eq!(
        check_change(&crafted(1, 1, &[]), &LIMITS),
        Err(GuardError::Malformed {
            what: "no operations"
        })
    );
    let twice = crafted(1, 1, &[(0x42, run(1, &[1])), (0x42, run(1, &[1]))]);
    assert_eq!(
        check_change(&twice, &LIMITS),
        Err(GuardError::Malformed { what: "column" })
    );
}

#[test]
fn invariant_10_a_small_snapshot_of_millions_of_operations_is_refused_before_it_is_expanded() {
    let mut content = Vec::new();
    unsigned(0, &mut content);
    unsigned(0, &mut content);
    let column = run(5_000_000, &[1]);
    unsigned(0, &mut content);
    unsigned(1, &mut content);
    unsigned(0x42, &mut content);
    unsigned(column.len() as u64, &mut content);
    content.extend(&column);
    let bytes = chunk(0, &content);
    assert!(bytes.len() < 40);
    let expected = GuardError::TooManyOperations {
        operations_max: crate::guard::SNAPSHOT_ROWS_MAX,
    };
    assert_eq!(load_automerge(&bytes, 1 << 20).err(), Some(expected));
}

#[test]
fn a_panic_hook_can_tell_that_the_library_runs_on_received_content() {
    assert!(!is_guarding());
    assert_eq!(crate::guard::guarded(is_guarding), Ok(true));
    let nested = crate::guard::guarded(|| {
        let _ = crate::guard::guarded(|| ());
        is_guarding()
    });
    assert_eq!(nested, Ok(true));
    assert!(!is_guarding());
}

/// Taken or refused, the document saves and loads.
#[test]
fn a_change_that_names_what_does_not_fit_never_leaves_a_document_that_cannot_be_loaded() {
    let (mut one, mut two) = two_devices();
    let other_key = put(&mut two, "a", "1");
    let change = put(&mut two, "b", "2");
    apply_to(&mut one, &other_key).unwrap();
    let number = Change::try_from(other_key.as_slice())
        .unwrap()
        .start_op()
        .get();
    let text = legacy::ObjectId::Id(legacy::OpId(1, actor(1)));
    let mut refused = 0;
    for named in [
        legacy::OpId(number, actor(2)),
        legacy::OpId(1, actor(1)),
        legacy::OpId(3, actor(1)),
    ] {
        let element = |insert| {
            let (text, named) = (text.clone(), named.clone());
            altered(&change, |c| {
                c.operations[0].obj = text;
                c.operations[0].key = legacy::Key::Seq(legacy::ElementId::Id(named));
                c.operations[0].insert = insert;
            })
        };
        let superseded = altered(&change, |c| {
            c.operations[0].pred = vec![named.clone()].into()
        });
        for forged in [superseded, element(true), element(false)] {
            assert!(check_change(&forged, &LIMITS).is_ok());
            let mut document = one.clone();
            let outcome = apply_to(&mut document, &forged);
            refused += u8::from(outcome.is_err());
            let loaded = load_automerge(&document.save_nocompress(), 1 << 20).unwrap();
            assert_eq!(loaded.get_heads(), document.get_heads());
        }
    }
    // Only a letter beside or in the place of a letter fits.
    assert_eq!(refused, 7);
}

#[test]
fn a_dep_that_stands_twice_is_refused() {
    let (_, mut two) = two_devices();
    let change = put(&mut two, "k", "v");
    let forged = altered(&change, |c| {
        c.deps = [c.deps.clone(), c.deps.clone()].concat()
    });
    assert_eq!(
        check_change(&forged, &LIMITS),
        Err(GuardError::Malformed { what: "deps" })
    );
}

#[test]
fn invariant_10_a_small_snapshot_of_more_operations_than_a_document_may_have_is_refused() {
    let mut document = new_document(1);
    let mut transaction = document.transaction();
    let list = transaction.put_object(ROOT, "k", ObjType::List).unwrap();
    let count = usize::try_from(DOCUMENT_OPERATIONS_MAX).unwrap();
    let nothing = automerge::hydrate::Value::from(ScalarValue::Null);
    transaction
        .splice(&list, 0, 0, std::iter::repeat_n(nothing, count))
        .unwrap();
    transaction.commit();
    let snapshot = document.save_nocompress();
    assert!(snapshot.len() < 300, "{} bytes", snapshot.len());
    let refused = GuardError::TooManyOperations {
        operations_max: DOCUMENT_OPERATIONS_MAX,
    };
    assert_eq!(load_automerge(&snapshot, 1 << 20).err(), Some(refused));
}

/// The library takes them; what it saved with the marks was never loaded again, and beside the insertion it panicked on
/// what another wrote at once.
#[test]
fn a_mark_or_an_insertion_under_a_name_is_refused_before_any_document() {
    let (mut one, mut two) = two_devices();
    let change = put(&mut two, "k", "v");
    let begins = legacy::OpType::MarkBegin(legacy::MarkData {
        name: "bold".into(),
        value: ScalarValue::Boolean(true),
        expand: false,
    });
    let forged = [
        altered(&change, |c| c.operations[0].action = begins),
        altered(&change, |c| {
            c.operations[0].action = legacy::OpType::MarkEnd(false);
        }),
        altered(&change, |c| c.operations[0].insert = true),
    ];
    for forged in forged {
        let refused = Some(GuardError::Malformed { what: "place" });
        assert_eq!(check_change(&forged, &LIMITS).err(), refused);
        assert_eq!(apply_to(&mut one, &forged).err(), refused);
    }
    assert_eq!(apply_to(&mut one, &change), Ok(Applied::New));
}
