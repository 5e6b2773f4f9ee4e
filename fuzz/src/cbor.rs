//! CBOR as a tree that can be altered and written again, keys in the order that signed texts want.

use crate::mutate::Dice;
use minicbor::{
    Decoder, Encoder,
    data::{Int, Type},
};

/// Levels of one input.
const DEPTH_MAX: usize = 24;

/// One item. What this does not know is not read.
#[derive(Debug, Clone)]
pub enum Item {
    Int(Int),
    Bool(bool),
    Null,
    Text(String),
    Bytes(Vec<u8>),
    Array(Vec<Item>),
    Map(Vec<(Item, Item)>),
}

pub fn read(bytes: &[u8]) -> Option<Item> {
    let mut decoder = Decoder::new(bytes);
    let item = one(&mut decoder, DEPTH_MAX)?;
    (decoder.position() == bytes.len()).then_some(item)
}

fn one(decoder: &mut Decoder<'_>, depth: usize) -> Option<Item> {
    let depth = depth.checked_sub(1)?;
    Some(match decoder.datatype().ok()? {
        Type::Bool => Item::Bool(decoder.bool().ok()?),
        Type::Null => {
            decoder.null().ok()?;
            Item::Null
        }
        Type::String => Item::Text(decoder.str().ok()?.to_owned()),
        Type::Bytes => Item::Bytes(decoder.bytes().ok()?.to_vec()),
        Type::Array => {
            let count = decoder.array().ok()??;
            let items = (0..count).map(|_| one(decoder, depth));
            Item::Array(items.collect::<Option<_>>()?)
        }
        Type::Map => {
            let count = decoder.map().ok()??;
            let pairs = (0..count).map(|_| Some((one(decoder, depth)?, one(decoder, depth)?)));
            Item::Map(pairs.collect::<Option<_>>()?)
        }
        _ => Item::Int(decoder.int().ok()?),
    })
}

pub fn write(item: &Item, into: &mut Vec<u8>) {
    let mut encoder = Encoder::new(&mut *into);
    match item {
        Item::Int(int) => drop(encoder.int(*int)),
        Item::Bool(bool) => drop(encoder.bool(*bool)),
        Item::Null => drop(encoder.null()),
        Item::Text(text) => drop(encoder.str(text)),
        Item::Bytes(bytes) => drop(encoder.bytes(bytes)),
        Item::Array(items) => {
            drop(encoder.array(items.len() as u64));
            items.iter().for_each(|item| write(item, into));
        }
        Item::Map(pairs) => {
            drop(encoder.map(pairs.len() as u64));
            let mut written: Vec<(Vec<u8>, &Item)> = pairs
                .iter()
                .map(|(key, value)| (alone(key), value))
                .collect();
            written.sort_by(|one, other| one.0.cmp(&other.0));
            for (key, value) in written {
                into.extend(key);
                write(value, into);
            }
        }
    }
}

fn alone(item: &Item) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(item, &mut bytes);
    bytes
}

/// Alters one item somewhere in the tree.
pub fn alter(item: &mut Item, dice: &mut Dice) {
    let deeper = dice.below(5) != 0;
    match item {
        Item::Array(items) if deeper && !items.is_empty() => {
            let place = dice.below(items.len());
            alter(&mut items[place], dice);
        }
        Item::Map(pairs) if deeper && !pairs.is_empty() => {
            let place = dice.below(pairs.len());
            let (key, value) = &mut pairs[place];
            alter(if dice.below(8) == 0 { key } else { value }, dice);
        }
        other => alter_here(other, dice),
    }
}

fn alter_here(item: &mut Item, dice: &mut Dice) {
    if dice.below(16) == 0 {
        *item = any(dice);
        return;
    }
    match item {
        Item::Int(int) => *int = number(i128::from(*int), dice),
        Item::Bool(bool) => *bool = !*bool,
        Item::Null => *item = any(dice),
        Item::Text(text) => alter_text(text, dice),
        // What stands in bytes is often CBOR of its own.
        Item::Bytes(bytes) => match read(bytes).filter(|_| dice.below(4) != 0) {
            Some(mut inner) => {
                alter(&mut inner, dice);
                *bytes = alone(&inner);
            }
            None => alter_bytes(bytes, dice),
        },
        Item::Array(items) => alter_list(items, dice, any),
        Item::Map(pairs) => alter_list(pairs, dice, |dice| (any(dice), any(dice))),
    }
}

fn number(before: i128, dice: &mut Dice) -> Int {
    const EDGES: &[i128] = &[
        0,
        1,
        -1,
        23,
        24,
        255,
        256,
        i64::MAX as i128,
        i64::MIN as i128,
        u64::MAX as i128,
        u32::MAX as i128,
    ];
    let altered = match dice.below(4) {
        0 => before.saturating_add(1),
        1 => before.saturating_sub(1),
        2 => dice.below(64) as i128,
        _ => EDGES[dice.below(EDGES.len())],
    };
    Int::try_from(altered).unwrap_or_else(|_| Int::from(0u8))
}

fn alter_text(text: &mut String, dice: &mut Dice) {
    const ODD: &[&str] = &[
        "",
        "\0",
        "å",
        "\u{301}",
        "\u{202e}",
        "1e9",
        "-",
        "2026-11-23",
        "occurred_at",
        "ﷺ",
    ];
    let place = dice.below(text.chars().count() + 1);
    let at = text
        .char_indices()
        .nth(place)
        .map_or(text.len(), |(at, _)| at);
    match dice.below(4) {
        0 => text.truncate(at),
        1 => *text = text.repeat(dice.below(8)),
        _ => text.insert_str(at, ODD[dice.below(ODD.len())]),
    }
}

fn alter_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let place = dice.below(bytes.len());
    match dice.below(8) {
        0 => bytes.truncate(place),
        1 => bytes.push(dice.below(256) as u8),
        _ => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << dice.below(8);
            }
        }
    }
}

fn alter_list<T: Clone>(list: &mut Vec<T>, dice: &mut Dice, new: impl Fn(&mut Dice) -> T) {
    let (one, other) = (dice.below(list.len()), dice.below(list.len()));
    match (dice.below(5), list.get(one).cloned()) {
        (0, Some(copy)) => list.insert(other, copy),
        (1, Some(_)) => drop(list.remove(one)),
        (2, Some(_)) => list.swap(one, other),
        (3, Some(copy)) => list.extend(vec![copy; dice.below(40)]),
        _ => list.push(new(dice)),
    }
}

fn any(dice: &mut Dice) -> Item {
    match dice.below(7) {
        0 => Item::Int(number(0, dice)),
        1 => Item::Bool(true),
        2 => Item::Null,
        3 => Item::Text("text".to_owned()),
        4 => Item::Bytes(vec![dice.below(256) as u8; 16]),
        5 => Item::Array(Vec::new()),
        _ => Item::Map(Vec::new()),
    }
}
