//! Files with one flipped bit, each named by its part.

use super::*;
use crate::args::Lang;
use samspor_protocol::sign::SignedRecord;
use std::collections::BTreeMap;

/// The record whose bytes the protocol holds fast: signed by one, co-signed by another, with a receipt.
const GOLDEN: &str = include_str!("../../../protocol/tests/golden/v1-signed-record.hex");

fn golden() -> Vec<u8> {
    let digits: Vec<u32> = GOLDEN
        .trim()
        .chars()
        .filter_map(|c| c.to_digit(16))
        .collect();
    let bytes = digits.chunks_exact(2);
    bytes
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).expect("a byte"))
        .collect()
}

fn record() -> SignedRecord {
    SignedRecord::from_file(&golden()).expect("a record")
}

/// Where a part's bytes stand in the file.
fn place_of(file: &[u8], part: &[u8]) -> std::ops::Range<usize> {
    let at = file.windows(part.len()).position(|window| window == part);
    let at = at.expect("the part stands in the file");
    at..at + part.len()
}

#[test]
fn every_flipped_bit_of_a_file_is_named_by_its_part() {
    let record = record();
    let file = record.to_file();
    let expected = record.organisation_key;
    verified(&file, Some(&expected)).expect("it holds as it is");
    let receipt = place_of(&file, &[0x99; 16]);
    let parts = [
        (
            place_of(&file, &record.text),
            &["text_broken", "organisation_differs", "signature_broken"][..],
        ),
        (
            place_of(&file, &record.heads[0].0),
            &["heads_broken", "signature_broken"],
        ),
        (
            place_of(&file, &record.signature.signature),
            &["signature_broken"],
        ),
        (
            place_of(&file, &record.co_signatures[0].signature),
            &["signature_broken"],
        ),
        (
            place_of(&file, &record.certificates[1].signature),
            &["certificate_broken"],
        ),
        (place_of(&file, &expected), &["organisation_key_differs"]),
    ];
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for bit in 0..file.len() * 8 {
        let (at, mask) = (bit / 8, 1 << (bit % 8));
        let mut flipped = file.clone();
        flipped[at] ^= mask;
        match verified(&flipped, Some(&expected)) {
            Err(failure) => {
                assert_eq!((at, failure.exit), (at, Exit::NotProven));
                *met.entry(failure.code).or_default() += 1;
                for lang in [Lang::Da, Lang::En] {
                    let message = failure.message(lang);
                    assert!(!message.contains('{'), "a place is left open: {message}");
                }
                let part = parts.iter().find(|(place, _)| place.contains(&at));
                if let Some((_, codes)) = part {
                    assert!(codes.contains(&failure.code), "byte {at}: {}", failure.code);
                }
            }
            // The receipt stands last, and only the organisation can check it: what is printed says so.
            Ok((file, verified)) => {
                assert!(at + 12 > receipt.start, "byte {at} is not noticed");
                let json = Shown::of(&file, &verified, false).json(Lang::En);
                assert_eq!(json["receipt"]["checked"], false);
            }
        }
    }
    for code in [
        "not_a_record",
        "record_format",
        "organisation_key_differs",
        "text_broken",
        "certificate_broken",
        "organisation_differs",
        "certificate_missing",
        "signer_differs",
        "signature_broken",
    ] {
        assert!(met.contains_key(code), "{code} was never met: {met:?}");
    }
}

#[test]
fn heads_out_of_order_and_parts_of_others_are_named() {
    type Change = fn(&mut SignedRecord);
    let cases: [(Change, &str); 2] = [
        (|one| one.heads.reverse(), "heads_broken"),
        (|one| one.certificates.truncate(1), "certificate_missing"),
    ];
    for (change, code) in cases {
        let mut record = record();
        change(&mut record);
        let found = verified(&record.to_file(), None).expect_err(code);
        assert_eq!(found.code, code);
    }
}

#[test]
fn what_holds_is_told_with_what_is_not_proven() {
    let record = record();
    let (file, verified) = verified(&record.to_file(), None).expect("it holds");
    let shown = Shown::of(&file, &verified, false);
    let json = shown.json(Lang::Da);
    assert_eq!(json["holds"], true);
    assert_eq!(json["organisation_key_expected"], false);
    assert_eq!(json["signatures"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["signatures"][0]["first"], true);
    assert_eq!(json["labels"], "program");
    assert!(json["attached_template"].is_null());
    for lang in [Lang::Da, Lang::En] {
        let text = shown.text(&Output::new(lang, false));
        assert!(
            text.contains("Ringede. Alt vel.") && !text.contains('{'),
            "{text}"
        );
        assert!(text.contains("--organisation-key"), "{text}");
    }
}

#[test]
fn a_file_that_is_cut_or_too_long_is_no_record() {
    let file = record().to_file();
    for end in 0..file.len() {
        let failure = verified(&file[..end], None).expect_err("cut");
        assert_eq!(failure.code, "not_a_record", "cut at {end}");
    }
    let long = vec![0; limits::SIGNED_RECORD_BYTES_MAX + 1];
    assert_eq!(
        verified(&long, None).expect_err("long").code,
        "record_too_large"
    );
}

#[test]
fn a_key_is_64_hexadecimal_digits() {
    assert_eq!(key(&"0f".repeat(32)).expect("a key"), [0x0f; 32]);
    for text in [
        "",
        "0f",
        &"0f".repeat(33),
        &"g0".repeat(32),
        &"æ".repeat(64),
    ] {
        assert_eq!(key(text).expect_err(text).code, "bad_organisation_key");
    }
}
