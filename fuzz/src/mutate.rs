//! How inputs are altered. Bytes alone seldom stay CBOR: where an input is CBOR, half of the time its tree is altered
//! and written again; and parts of a template's file change places.

use crate::cbor;
use libfuzzer_sys::fuzzer_mutate;

/// Targets whose input is CBOR after so many bytes.
const CBOR: &[(&str, usize)] = &[
    ("signed_text", 0),
    ("cursor", 0),
    ("push_body", 1),
    ("operation_body", 1),
    ("request_body", 1),
    ("feed_page", 1),
    ("entry_file", 1),
    ("enrolment_code", 1),
];

/// Numbers that follow from a seed; xorshift.
pub struct Dice(u64);

impl Dice {
    pub fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % count.max(1)
    }
}

pub fn mutate(name: &str, bytes: &mut [u8], size: usize, size_max: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed) | 1 << 40);
    if dice.below(2) == 0 {
        let input = &bytes[..size];
        let written = match CBOR.iter().find(|(target, _)| *target == name) {
            Some((_, skip)) => tree(input, *skip, &mut dice),
            None if name == "template" => lines(input, &mut dice),
            None => None,
        };
        if let Some(written) = written.filter(|written| written.len() <= size_max) {
            bytes[..written.len()].copy_from_slice(&written);
            return written.len();
        }
    }
    fuzzer_mutate(bytes, size, size_max)
}

fn tree(input: &[u8], skip: usize, dice: &mut Dice) -> Option<Vec<u8>> {
    let (before, body) = input.split_at_checked(skip)?;
    let mut item = cbor::read(body)?;
    for _ in 0..=dice.below(3) {
        cbor::alter(&mut item, dice);
    }
    let mut written = before.to_vec();
    cbor::write(&item, &mut written);
    Some(written)
}

/// Lines, or whole tables, change places.
fn lines(input: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let mut parts: Vec<&[u8]> = if dice.below(3) == 0 {
        input.split_inclusive(|byte| *byte == b'\n').collect()
    } else {
        tables(input)
    };
    let (one, other) = (dice.below(parts.len()), dice.below(parts.len()));
    match dice.below(4) {
        0 => parts.swap(one, other),
        1 => drop(parts.remove(one)),
        2 => parts.insert(one, parts.get(other)?),
        _ => parts[one] = parts.get(other)?,
    }
    Some(parts.concat())
}

/// A file of TOML in parts, each from one heading to the next.
fn tables(input: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = input;
    while let Some(at) = rest.windows(2).skip(1).position(|pair| pair == b"\n[") {
        let (part, after) = rest.split_at(at + 2);
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}
