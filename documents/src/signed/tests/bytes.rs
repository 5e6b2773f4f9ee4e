//! One encoding: what says the same in other bytes is refused.

use super::*;
use crate::signed::content::{Hand, Said, Scalar, Written};

fn hand(at: i64, author: Option<u32>) -> Hand {
    Hand {
        at: UnixMillis(at),
        author,
    }
}

fn one(value: &str, hand: Hand) -> Said {
    Said::One(Written {
        value: Scalar::Text(value.to_owned()),
        hand,
    })
}

fn small() -> SignedText {
    SignedText {
        place: place(),
        content: Content {
            kind: "entry".to_owned(),
            template: "note".to_owned(),
            version: 1,
            subject: None,
            occurred_at: None,
            written_at: Some(UnixMillis(1)),
            edited_at: None,
            authors: vec![practitioner(7)],
            fields: vec![
                ("b".to_owned(), one("x", hand(1, Some(0)))),
                ("aa".to_owned(), one("y", hand(2, None))),
            ],
        },
    }
}

/// The bytes of [`small`] with one part of them replaced.
fn replaced(part: &[u8], by: &[u8]) -> Result<SignedText, TextError> {
    let bytes = small().encode();
    let at = bytes
        .windows(part.len())
        .position(|window| window == part)
        .unwrap_or_else(|| panic!("{part:02x?} stands in {bytes:02x?}"));
    let (before, rest) = bytes.split_at(at);
    SignedText::decode(&[before, by, &rest[part.len()..]].concat())
}

#[test]
fn what_says_the_same_in_other_bytes_is_refused() {
    assert!(replaced(&[7, 1], &[7, 2]).is_ok(), "this test can fail");
    // The head of the map, the hands, and the fields with the names b and aa.
    let hands: &[u8] = &[13, 0x82, 0x82, 1, 0, 0x82, 2, 0xf6];
    let b: &[u8] = &[0x61, b'b', 0x83, 1, 0x61, b'x', 0];
    let aa: &[u8] = &[0x62, b'a', b'a', 0x83, 1, 0x61, b'y', 1];
    let fields = [&[14, 0xa2], b, aa].concat();
    let cases: [(&str, &[u8], Vec<u8>); 11] = [
        ("a longer integer", &[7, 1], vec![7, 0x18, 1]),
        ("a longer key", &[7, 1], vec![0x18, 7, 1]),
        (
            "an open array",
            hands,
            vec![13, 0x9f, 0x82, 1, 0, 0x82, 2, 0xf6, 0xff],
        ),
        (
            "hands in another order",
            hands,
            vec![13, 0x82, 0x82, 2, 0xf6, 0x82, 1, 0],
        ),
        (
            "a hand nobody used",
            hands,
            vec![13, 0x83, 0x82, 1, 0, 0x82, 2, 0xf6, 0x82, 3, 0],
        ),
        (
            "a hand twice",
            hands,
            vec![13, 0x83, 0x82, 1, 0, 0x82, 1, 0, 0x82, 2, 0xf6],
        ),
        (
            "an author who is not there",
            hands,
            vec![13, 0x82, 0x82, 1, 1, 0x82, 2, 0xf6],
        ),
        (
            "fields in another order",
            &fields,
            [&[14, 0xa2], aa, b].concat(),
        ),
        ("a field twice", &fields, [&[14, 0xa3], b, b, aa].concat()),
        ("an open text", &[0x61, b'x'], vec![0x7f, 0x61, b'x', 0xff]),
        ("a field that says nothing", &[0x61, b'x'], vec![0x60]),
    ];
    for (name, part, by) in cases {
        let refused = replaced(part, &by);
        assert!(
            matches!(
                refused,
                Err(TextError::Malformed(_) | TextError::NotCanonical)
            ),
            "{name}: {refused:?}"
        );
    }
    let bytes = small().encode();
    for end in 0..bytes.len() {
        assert!(SignedText::decode(&bytes[..end]).is_err(), "cut at {end}");
    }
    assert!(SignedText::decode(&[bytes.as_slice(), &[0]].concat()).is_err());
}

#[test]
fn a_text_begins_with_its_format_and_another_is_refused() {
    assert_eq!(small().encode()[..3], [0xac, 0, 1]);
    assert!(matches!(
        replaced(&[0xac, 0, 1], &[0xac, 0, 2]),
        Err(TextError::OtherFormat { format: 2 })
    ));
}

#[test]
fn invariant_10_a_length_that_is_not_there_reserves_no_memory() {
    let huge = [0x9b, 0x40, 0, 0, 0, 0, 0, 0, 0];
    for (part, key) in [([12, 0x81], 12), ([13, 0x82], 13)] {
        let by = [&[key], huge.as_slice()].concat();
        assert!(matches!(replaced(&part, &by), Err(TextError::Malformed(_))));
    }
    let map = [14, 0xbb, 0x40, 0, 0, 0, 0, 0, 0, 0];
    assert!(matches!(
        replaced(&[14, 0xa2], &map),
        Err(TextError::Malformed(_))
    ));
}

#[test]
fn names_stand_by_length_and_then_by_bytes_as_their_encodings_do() {
    let names = [
        "",
        "b",
        "z",
        "aa",
        "å",
        &"a".repeat(23),
        &"a".repeat(24),
        &"a".repeat(256),
    ];
    let mut text = small();
    text.content.fields = names
        .iter()
        .map(|name| ((*name).to_owned(), one("x", hand(0, None))))
        .collect();
    let encoded: Vec<Vec<u8>> = names
        .iter()
        .map(|name| minicbor::to_vec(name).unwrap())
        .collect();
    assert!(encoded.is_sorted());
    again(&text);
}

#[test]
fn of_values_that_are_the_same_the_first_is_the_one_shown() {
    let several = |shown| {
        let same = Written {
            value: Scalar::Boolean(true),
            hand: hand(1, Some(0)),
        };
        let mut text = small();
        text.content.fields = vec![(
            "b".to_owned(),
            Said::Several {
                shown,
                values: vec![same.clone(), same],
            },
        )];
        text
    };
    again(&several(0));
    for shown in [1, 2] {
        let refused = SignedText::decode(&several(shown).encode());
        assert!(matches!(refused, Err(TextError::Malformed(_))), "{shown}");
    }
}
