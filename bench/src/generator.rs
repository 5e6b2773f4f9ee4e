//! The content that every measured system carries: the peers' entries, drawn again by the same recipe.
//!
//! What (child, number, salt) draws depends on nothing else, so that each process can make its part for
//! itself. A digest over all entries is the XOR of the first eight bytes of each canonical text's SHA-256:
//! it is equal for equal sets, in whatever order they are read.

mod words;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::iter::repeat_with;

/// One entry of one child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// A ULID.
    pub id: String,
    /// The name of its form.
    pub template: String,
    /// Who wrote it.
    pub author: String,
    /// Seconds since 1970, UTC.
    pub occurred_at: i64,
    /// Grams.
    pub weight_g: i64,
    /// Millimetres.
    pub length_mm: i64,
    /// About 300 characters of Danish words.
    pub note: String,
    /// Three, in order, the same one perhaps twice.
    pub tags: Vec<String>,
    /// How the child sees it.
    pub child: String,
    /// How the parents see it.
    pub parent: String,
    /// How the professional sees it.
    pub professional: String,
}

/// Which part of the work an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Part {
    /// What was there before: entry 0, 1, 2 … of each child.
    Base,
    /// What the device wrote on its day offline: one entry of each of the first children.
    DayHere,
    /// What another device wrote meanwhile: one entry of each of the children after those.
    DayThere,
}

/// The number of a day's entry within its child.
pub const DAY_NUMBER: u64 = 900;

impl Part {
    const fn salt(self) -> u64 {
        match self {
            Self::Base => 0,
            Self::DayHere => 1,
            Self::DayThere => 2,
        }
    }
}

/// SplitMix64, seeded by three numbers.
struct Draw(u64);

impl Draw {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

    fn new(child: u64, number: u64, salt: u64) -> Self {
        let seed = child.wrapping_mul(Self::STEP)
            ^ number.wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
            ^ salt.wrapping_mul(0x1656_67B1_9E37_79F9);
        let mut draw = Self(seed);
        draw.next();
        draw.next();
        draw
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(Self::STEP);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// As `below`, where a signed number is wanted; `end` is small.
    fn below_signed(&mut self, end: u64) -> i64 {
        i64::try_from(self.below(end)).unwrap_or(0)
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        let at = usize::try_from(self.below(from.len() as u64)).unwrap_or(0);
        from.get(at).copied().unwrap_or("")
    }
}

/// A word of the notes; each stands in a large part of all entries.
#[must_use]
pub fn note_word(n: u64) -> &'static str {
    let count = u64::try_from(words::NOTE.len()).unwrap_or(1);
    let at = usize::try_from(n % count.max(1)).unwrap_or(0);
    words::NOTE.get(at).copied().unwrap_or("")
}

/// The entry of a child (0, 1, 2 …) and a number within it.
#[must_use]
pub fn entry(child: u64, number: u64, part: Part) -> Entry {
    let mut draw = Draw::new(child + 1, number + 1, part.salt() + 77);
    let millis = occurred_millis(&mut draw, child, number, part);
    let note = note(&mut draw);
    let id = ulid(millis, &mut draw);
    let number = i64::try_from(number).unwrap_or(0);
    Entry {
        id,
        template: "home-visit".to_owned(),
        author: draw.pick(words::AUTHORS).to_owned(),
        occurred_at: i64::try_from(millis / 1000).unwrap_or(0),
        weight_g: 3000 + number * 130 + draw.below_signed(200),
        length_mm: 500 + number * 8 + draw.below_signed(12),
        note,
        tags: repeat_with(|| draw.pick(words::TAGS).to_owned())
            .take(3)
            .collect(),
        child: draw.pick(words::CHILD).to_owned(),
        parent: draw.pick(words::PARENT).to_owned(),
        professional: draw.pick(words::PROFESSIONAL).to_owned(),
    }
}

fn occurred_millis(draw: &mut Draw, child: u64, number: u64, part: Part) -> u64 {
    match part {
        Part::Base => {
            1_640_000_000_000
                + (child % 977) * 86_400_000
                + number * 604_800_000
                + draw.below(28_800_000)
        }
        Part::DayHere | Part::DayThere => {
            1_790_000_000_000 + part.salt() * 100_000_000 + number * 1000 + draw.below(1000)
        }
    }
}

fn note(draw: &mut Draw) -> String {
    let mut note = String::new();
    while note.chars().count() < 290 {
        for place in 0..5 + draw.below(7) {
            let word = draw.pick(words::NOTE);
            if place > 0 {
                note.push(' ');
                note.push_str(word);
                continue;
            }
            let mut letters = word.chars();
            note.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            note.push_str(letters.as_str());
        }
        note.push_str(". ");
    }
    note.truncate(note.trim_end().len());
    note
}

fn ulid(millis: u64, draw: &mut Draw) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let letter = |five: u64| {
        let at = usize::try_from(five & 31).unwrap_or(0);
        LETTERS.get(at).map_or('0', |&byte| char::from(byte))
    };
    let time = (0..10).rev().map(|place| letter(millis >> (5 * place)));
    time.chain(repeat_with(|| letter(draw.below(32))).take(16))
        .collect()
}

/// The children of a day offline: so many here, and as many after them there.
#[must_use]
pub const fn day_children(children: u64) -> u64 {
    if children / 2 < 20 { children / 2 } else { 20 }
}

/// A part's entries with their children.
pub fn part(part: Part, children: u64, entries: u64) -> Box<dyn Iterator<Item = (u64, Entry)>> {
    let day = day_children(children);
    match part {
        Part::Base => Box::new((0..children).flat_map(move |child| {
            (0..entries).map(move |number| (child, entry(child, number, part)))
        })),
        Part::DayHere => {
            Box::new((0..day).map(move |child| (child, entry(child, DAY_NUMBER, part))))
        }
        Part::DayThere => {
            Box::new((day..2 * day).map(move |child| (child, entry(child, DAY_NUMBER, part))))
        }
    }
}

/// What a set of entries comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentDigest {
    /// How many.
    pub count: u64,
    /// XOR of the first eight bytes (big end first) of each canonical text's SHA-256.
    pub xor: u64,
}

impl ContentDigest {
    /// Takes in one entry of a child.
    pub fn add(&mut self, child: u64, entry: &Entry) {
        let hash: [u8; 32] = Sha256::digest(canonical(child, entry)).into();
        let (head, _) = hash.split_at(8);
        let first = head.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        self.count += 1;
        self.xor ^= first;
    }

    /// What these parts come to.
    #[must_use]
    pub fn of(parts: &[Part], children: u64, entries: u64) -> Self {
        let mut digest = Self::default();
        for &one in parts {
            for (child, entry) in part(one, children, entries) {
                digest.add(child, &entry);
            }
        }
        digest
    }
}

/// The canonical text: a JSON array, its members in the peers' order.
fn canonical(child: u64, entry: &Entry) -> String {
    serde_json::json!([
        child,
        entry.id,
        entry.template,
        entry.author,
        instant(entry.occurred_at),
        entry.weight_g,
        entry.length_mm,
        entry.note,
        entry.tags,
        [&entry.child, &entry.parent, &entry.professional],
    ])
    .to_string()
}

/// Seconds as `2021-12-20T19:02:58Z`; out of range, an empty text.
fn instant(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| String::new(), |instant| instant.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from the peers' own generator.
    #[test]
    fn the_content_is_the_peers_to_the_byte() {
        let cases = [
            (Part::Base, 3, 2, 6, 0x2fec_7c11_e458_c370),
            (Part::DayHere, 3, 2, 1, 0xb877_ef6a_0077_7cd2),
            (Part::DayThere, 3, 2, 1, 0x751c_6157_2b75_b89c),
            (Part::Base, 20, 5, 100, 0xbded_515d_1e3e_8d80),
            (Part::DayHere, 20, 5, 10, 0xc14b_e3f9_f6cb_19e4),
            (Part::DayThere, 20, 5, 10, 0x54a3_8b80_69c8_53d8),
            (Part::Base, 50, 50, 2500, 0x2916_aa79_b48b_1949),
            (Part::DayHere, 1000, 50, 20, 0x72cd_d072_688c_b18d),
            (Part::DayThere, 1000, 50, 20, 0x4e2b_8c56_54cc_20f7),
        ];
        for (part, children, entries, count, xor) in cases {
            let digest = ContentDigest::of(&[part], children, entries);
            assert_eq!(digest, ContentDigest { count, xor }, "{part:?} {children}");
        }
    }

    #[test]
    fn an_entry_reads_as_the_peers_wrote_it() {
        let first = entry(0, 0, Part::Base);
        let text = canonical(0, &first);
        assert!(text.starts_with(
            r#"[0,"01FQCKKDVE0HQ5PWQA9NTD3AHB","home-visit","sp-nielsen","2021-12-20T19:02:58Z",3118,500,"Pludrer samspil hørelse"#
        ));
        assert!(text.ends_with(
            r#"fast tilknytning ingen pludrer eksem roligt hjemmet efter.",["hud","kost","sprog"],["Jeg har det godt","Amningen går bedre","Henvises til læge"]]"#
        ));
    }

    #[test]
    fn one_altered_value_alters_the_digest() {
        let (mut one, mut other) = (ContentDigest::default(), ContentDigest::default());
        let mut altered = entry(1, 1, Part::Base);
        one.add(1, &altered);
        altered.weight_g += 1;
        other.add(1, &altered);
        assert_ne!(one, other);
        assert_eq!(one.count, other.count);
    }
}
