//! What hostile or damaged bytes meet at the door.

mod forged;

use super::*;
use automerge::{
    ActorId, Author, Automerge, Change, ExpandedChange, ObjType, ROOT, ReadDoc as _, ScalarValue,
    TextEncoding, legacy,
    transaction::{CommitOptions, Transactable as _},
};
use proptest::prelude::*;

const LIMITS: ChangeLimits = ChangeLimits {
    bytes_max: 256 * 1024,
    operations_max: 20_000,
};

fn actor(n: u8) -> ActorId {
    ActorId::from(vec![n; 24])
}

fn author(n: u8) -> Author<'static> {
    Author::from(vec![n; 16])
}

fn new_document(n: u8) -> Automerge {
    let mut document = Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint);
    act_as(&mut document, n);
    document
}

fn act_as(document: &mut Automerge, n: u8) {
    document.set_author(Some(author(n)));
    document.set_actor(actor(n));
}

fn put(document: &mut Automerge, key: &str, value: &str) -> Vec<u8> {
    let mut transaction = document.transaction();
    transaction.put(ROOT, key, value).unwrap();
    transaction
        .commit_with(CommitOptions::default().with_time(1_790_000_000_000))
        .0
        .unwrap();
    document
        .get_last_local_change()
        .unwrap()
        .raw_bytes()
        .to_vec()
}

fn put_text(document: &mut Automerge, text: &str) -> Vec<u8> {
    let mut transaction = document.transaction();
    let note = transaction.put_object(ROOT, "note", ObjType::Text).unwrap();
    transaction.splice_text(&note, 0, 0, text).unwrap();
    transaction.commit();
    document
        .get_last_local_change()
        .unwrap()
        .raw_bytes()
        .to_vec()
}

fn unsigned(mut value: u64, out: &mut Vec<u8>) {
    loop {
        let byte = u8::try_from(value & 0x7f).unwrap();
        value >>= 7;
        out.push(if value == 0 { byte } else { byte | 0x80 });
        if value == 0 {
            return;
        }
    }
}

fn chunk(kind: u8, content: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    let mut hashed = vec![kind];
    unsigned(content.len() as u64, &mut hashed);
    hashed.extend(content);
    let checksum: [u8; 32] = sha2::Sha256::digest(&hashed).into();
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83];
    bytes.extend(&checksum[..4]);
    bytes.extend(hashed);
    bytes
}

/// A change of these columns, with numbers as given.
fn crafted(seq: u64, start_op: u64, columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut content = vec![0, 24];
    content.extend([7; 24]);
    unsigned(seq, &mut content);
    unsigned(start_op, &mut content);
    content.extend([0, 0, 0]);
    unsigned(columns.len() as u64, &mut content);
    for (specification, data) in columns {
        unsigned(*specification, &mut content);
        unsigned(data.len() as u64, &mut content);
    }
    for (_, data) in columns {
        content.extend(data);
    }
    chunk(1, &content)
}

/// One run of `count` times `value`.
fn run(count: u64, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = count;
    loop {
        let byte = u8::try_from(rest & 0x7f).unwrap();
        rest >>= 7;
        let last = rest == 0 && byte & 0x40 == 0;
        out.push(if last { byte } else { byte | 0x80 });
        if last {
            break;
        }
    }
    out.extend(value);
    out
}

fn bomb(count: u64) -> Vec<u8> {
    let insert = {
        let mut data = Vec::new();
        unsigned(count, &mut data);
        data
    };
    crafted(
        1,
        1,
        &[
            (0x15, run(count, &[1, b'k'])),
            (0x34, insert),
            (0x42, run(count, &[1])),
            (0x56, run(count, &[0])),
            (0x70, run(count, &[0])),
        ],
    )
}

#[test]
fn a_change_says_who_made_it_and_what_it_builds_on() {
    let mut document = new_document(1);
    let first = put_text(&mut document, "rødgrød");
    let second = put(&mut document, "k", "v");
    let first = check_change(&first, &LIMITS).unwrap();
    let second = check_change(&second, &LIMITS).unwrap();
    assert_eq!(
        (first.seq, first.start_op, first.max_op, first.operations),
        (1, 1, 8, 8)
    );
    assert_eq!(first.actor, vec![1; 24]);
    assert_eq!(
        first.author,
        Some(crate::id::PractitionerId::from_bytes([1; 16]))
    );
    assert!(first.deps.is_empty());
    assert_eq!((second.seq, second.start_op, second.author), (2, 9, None));
    assert_eq!(second.deps, vec![first.hash]);
    assert_eq!(second.time, crate::time::UnixMillis(1_790_000_000_000));
    assert_eq!(document.get_heads()[0].0, second.hash);
}

#[test]
fn invariant_10_a_small_change_of_four_million_operations_is_refused_before_it_is_expanded() {
    let bytes = bomb(4_000_000);
    assert!(bytes.len() <= 113, "{} bytes", bytes.len());
    let expected = GuardError::TooManyOperations {
        operations_max: 20_000,
    };
    assert_eq!(check_change(&bytes, &LIMITS), Err(expected));
    assert!(
        check_change(&bomb(3), &LIMITS).is_ok(),
        "the same form with few operations is a change"
    );
}

#[test]
fn invariant_10_superseded_operations_without_end_are_refused() {
    let bytes = crafted(
        1,
        1,
        &[
            (0x15, run(1, &[1, b'k'])),
            (0x34, vec![1]),
            (0x42, run(1, &[1])),
            (0x56, run(1, &[0])),
            (0x70, run(1, &[0xff, 0xff, 0xff, 0x7f])),
        ],
    );
    assert_eq!(
        check_change(&bytes, &LIMITS),
        Err(GuardError::TooManyOperations {
            operations_max: 20_000
        })
    );
}

#[test]
fn what_is_not_one_plain_change_is_refused() {
    let mut document = new_document(1);
    let good = put(&mut document, "k", "v");
    let mut longer = good.clone();
    longer.push(0);
    let mut damaged = good.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let compressed = chunk(2, &[0; 10]);
    let deflated = crafted(1, 1, &[(0x4a, run(1, &[1]))]);
    let unknown = crafted(1, 1, &[(0x42, run(1, &[1])), (0xf7, vec![1])]);
    let high = crafted(1, u64::from(u32::MAX) - 5, &[(0x42, vec![])]);
    let malformed = |what| Err(GuardError::Malformed { what });
    let cases: [(&str, &[u8], Result<(), GuardError>); 10] = [
        ("good", &good, Ok(())),
        ("empty", &[], malformed("cut short")),
        ("longer", &longer, malformed("length")),
        ("damaged", &damaged, malformed("checksum")),
        ("compressed", &compressed, Err(GuardError::Compressed)),
        ("deflated column", &deflated, Err(GuardError::Compressed)),
        ("unknown column", &unknown, malformed("column")),
        (
            "numbers near the end",
            &high,
            Err(GuardError::OperationNumber),
        ),
        ("a snapshot", &document.save_nocompress(), malformed("kind")),
        (
            "sequence 0",
            &crafted(0, 1, &[(0x42, vec![])]),
            malformed("sequence"),
        ),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(check_change(bytes, &LIMITS).map(|_| ()), expected, "{name}");
    }
    let short = ChangeLimits {
        bytes_max: 10,
        operations_max: 1,
    };
    assert_eq!(
        check_change(&good, &short),
        Err(GuardError::TooLarge { bytes_max: 10 })
    );
}

/// A document with one text, and a second device's copy of it.
fn two_devices() -> (Automerge, Automerge) {
    let mut one = new_document(1);
    put_text(&mut one, "barnet sover");
    let mut two = one.fork();
    act_as(&mut two, 2);
    (one, two)
}

fn altered(bytes: &[u8], alter: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
    let mut expanded: ExpandedChange = Change::try_from(bytes).unwrap().decode();
    alter(&mut expanded);
    Change::from(expanded).raw_bytes().to_vec()
}

#[test]
fn changes_of_two_devices_apply_in_either_order() {
    let (mut one, mut two) = two_devices();
    let a = put(&mut one, "k", "one");
    let b = put(&mut two, "k", "two");
    assert_eq!(apply_to(&mut one, &b), Ok(Applied::New));
    assert_eq!(apply_to(&mut two, &a), Ok(Applied::New));
    assert_eq!(apply_to(&mut two, &a), Ok(Applied::Already));
    assert_eq!(one.get_heads(), two.get_heads());
    assert_eq!(one.get_all(ROOT, "k").unwrap().len(), 2);
}

#[test]
fn a_change_that_names_an_operation_outside_its_deps_is_refused_and_changes_nothing() {
    let (mut one, mut two) = two_devices();
    let concurrent = put(&mut one, "k", "one");
    apply_to(&mut two, &concurrent).unwrap();
    let seen = put(&mut two, "k", "two");
    // The same change, saying that it builds on the text only, while it supersedes the concurrent value.
    let base = check_change(&concurrent, &LIMITS).unwrap().deps;
    let start = Change::try_from(concurrent.as_slice()).unwrap().start_op();
    let lying = altered(&seen, |change| {
        change.deps = base.iter().map(|dep| automerge::ChangeHash(*dep)).collect();
        change.start_op = start;
    });
    check_change(&lying, &LIMITS).expect("it is well formed");
    let before = one.get_heads();
    assert_eq!(
        apply_to(&mut one, &lying),
        Err(GuardError::ForeignOperation)
    );
    assert_eq!(one.get_heads(), before);
    assert_eq!(apply_to(&mut one, &seen), Ok(Applied::New));
}

#[test]
fn a_change_that_names_nobodys_operation_is_refused() {
    let (mut one, mut two) = two_devices();
    let change = put(&mut two, "k", "v");
    let nobody = legacy::OpId(300, actor(1));
    let later = legacy::OpId(500, actor(2));
    let cases: [(&str, Vec<u8>); 4] = [
        (
            "object",
            altered(&change, |c| {
                c.operations[0].obj = legacy::ObjectId::Id(nobody.clone())
            }),
        ),
        (
            "superseded",
            altered(&change, |c| {
                c.operations[0].pred = vec![nobody.clone()].into()
            }),
        ),
        (
            "its own later operation",
            altered(&change, |c| c.operations[0].pred = vec![later].into()),
        ),
        (
            "element",
            altered(&change, |c| {
                c.operations[0].key = legacy::Key::Seq(legacy::ElementId::Id(nobody));
                c.operations[0].insert = true;
            }),
        ),
    ];
    for (name, bytes) in cases {
        assert_eq!(
            apply_to(&mut one, &bytes),
            Err(GuardError::ForeignOperation),
            "{name}"
        );
    }
    assert_eq!(apply_to(&mut one, &change), Ok(Applied::New));
}

#[test]
fn an_operation_inside_something_that_is_no_object_leaves_the_document_as_it_was() {
    let (mut one, mut two) = two_devices();
    let change = put(&mut two, "k", "v");
    // Operation 2 is the first letter of the text: it holds nothing.
    let letter = legacy::OpId(2, actor(1));
    let inside = altered(&change, |c| {
        c.operations[0].obj = legacy::ObjectId::Id(letter)
    });
    let before = one.save_nocompress();
    let outcome = apply_to(&mut one, &inside);
    assert!(
        matches!(outcome, Err(GuardError::Refused | GuardError::Panicked)),
        "{outcome:?}"
    );
    assert_eq!(one.save_nocompress(), before);
    assert_eq!(
        apply_to(&mut one, &change),
        Ok(Applied::New),
        "the document still works"
    );
}

#[test]
fn missing_deps_and_broken_sequences_are_refused() {
    let (mut one, mut two) = two_devices();
    let first = put(&mut two, "k", "1");
    let second = put(&mut two, "k", "2");
    assert_eq!(apply_to(&mut one, &second), Err(GuardError::MissingDeps));
    let reused = altered(&first, |c| c.time += 1);
    assert_eq!(apply_to(&mut one, &first), Ok(Applied::New));
    assert_eq!(apply_to(&mut one, &reused), Err(GuardError::ActorSequence));
    assert_eq!(apply_to(&mut one, &second), Ok(Applied::New));
}

#[test]
fn a_snapshot_says_its_heads_without_being_loaded() {
    let (mut one, mut two) = two_devices();
    put(&mut one, "k", "one");
    let b = put(&mut two, "k", "two");
    apply_to(&mut one, &b).unwrap();
    let snapshot = one.save_nocompress();
    let mut heads: Vec<[u8; 32]> = one.get_heads().iter().map(|head| head.0).collect();
    heads.sort_unstable();
    assert_eq!(snapshot_heads(&snapshot), Ok(heads));
    let loaded = load_automerge(&snapshot, 1 << 20).unwrap();
    assert_eq!(loaded.get_heads(), one.get_heads());
    assert_eq!(
        load_automerge(&snapshot, 10).err(),
        Some(GuardError::TooLarge { bytes_max: 10 })
    );
}

#[test]
fn a_compressed_snapshot_is_refused() {
    let mut document = new_document(1);
    put_text(&mut document, &"barnet trives ".repeat(200));
    assert_eq!(
        load_automerge(&document.save(), 1 << 20).err(),
        Some(GuardError::Compressed)
    );
    assert!(load_automerge(&document.save_nocompress(), 1 << 20).is_ok());
}

#[test]
fn counters_and_marks_of_others_are_kept_not_refused() {
    let mut document = new_document(1);
    let mut transaction = document.transaction();
    transaction
        .put(ROOT, "counted", ScalarValue::counter(1))
        .unwrap();
    transaction.increment(ROOT, "counted", 2).unwrap();
    transaction.commit();
    let bytes = document
        .get_last_local_change()
        .unwrap()
        .raw_bytes()
        .to_vec();
    check_change(&bytes, &LIMITS).unwrap();
    let mut other = Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint);
    assert_eq!(apply_to(&mut other, &bytes), Ok(Applied::New));
}

proptest! {
    #[test]
    fn invariant_10_arbitrary_bytes_meet_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut document = new_document(1);
        prop_assert!(check_change(&bytes, &LIMITS).is_err());
        prop_assert!(snapshot_heads(&bytes).is_err());
        prop_assert!(load_automerge(&bytes, 1 << 20).is_err());
        prop_assert!(apply_to(&mut document, &bytes).is_err());
    }

    #[test]
    fn invariant_10_bytes_altered_under_a_valid_checksum_meet_no_panic(
        positions in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        whole in any::<bool>(),
    ) {
        let (mut one, mut two) = two_devices();
        let change = put_text(&mut two, "og smiler");
        let bytes = if whole { two.save_nocompress() } else { change };
        // Past magic, checksum, kind and a length of one or two bytes.
        let (_, rest) = bytes.split_at(8);
        let mut reader = chunk::Reader::new(&rest[1..]);
        reader.length().unwrap();
        let mut content = reader.rest().to_vec();
        for (index, value) in positions {
            let position = index.index(content.len());
            content[position] = value;
        }
        let bytes = chunk(rest[0], &content);
        if check_change(&bytes, &LIMITS).is_ok() {
            let _ = apply_to(&mut one, &bytes);
        }
        let _ = snapshot_heads(&bytes);
        let _ = load_automerge(&bytes, 1 << 20);
        let saved = load_automerge(&one.save_nocompress(), 1 << 20).unwrap();
        prop_assert_eq!(saved.get_heads(), one.get_heads());
        let mut usable = one;
        act_as(&mut usable, 3);
        put(&mut usable, "k", "still works");
    }
}
