//! A document's first change, written operation by operation.
//!
//! The library writes one only from a document of its own, or from operations of its own that each name actor and
//! container anew; either takes many times as long. The form is the library's, to the byte: it has to find the same hash
//! when it reads the change and writes it again, and a test holds every change to what its own encoder makes of it.

use super::columns::{Differences, Flags, Runs, signed, unsigned};
use crate::{
    authoring::Authoring,
    guard::{FOOTER_AUTHOR, chunk},
};
use automerge::{ObjType, ScalarValue};
use sha2::{Digest as _, Sha256};

/// What an operation does.
mod action {
    pub(super) const MAKE_MAP: u64 = 0;
    pub(super) const PUT: u64 = 1;
    pub(super) const MAKE_TEXT: u64 = 4;
}

/// Kinds of values.
mod kind {
    pub(super) const NULL: u64 = 0;
    pub(super) const FALSE: u64 = 1;
    pub(super) const TRUE: u64 = 2;
    pub(super) const UNSIGNED: u64 = 3;
    pub(super) const SIGNED: u64 = 4;
    pub(super) const TEXT: u64 = 6;
    pub(super) const BYTES: u64 = 7;
}

/// The operations of one change, by column. All of them are one actor's, and none supersedes another.
pub(super) struct First<'a> {
    home_actor: Runs<u64>,
    home: Runs<u64>,
    key_actor: Runs<u64>,
    key: Differences,
    name: Runs<&'a str>,
    insert: Flags,
    action: Runs<u64>,
    value: Runs<u64>,
    value_bytes: Vec<u8>,
    superseded: Runs<u64>,
    count: u64,
}

impl<'a> First<'a> {
    pub(super) const fn new() -> Self {
        Self {
            home_actor: Runs::new(),
            home: Runs::new(),
            key_actor: Runs::new(),
            key: Differences::new(),
            name: Runs::new(),
            insert: Flags::new(),
            action: Runs::new(),
            value: Runs::new(),
            value_bytes: Vec::new(),
            superseded: Runs::new(),
            count: 0,
        }
    }

    /// How many operations there are.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// Puts a value under a name into the map of this number, 0 being the root; the operation's number. None of a kind
    /// that no field has.
    pub(super) fn put(&mut self, home: u64, name: &'a str, value: &ScalarValue) -> Option<u64> {
        self.named(home, name, action::PUT);
        let begin = self.value_bytes.len();
        let kind = match value {
            ScalarValue::Null => kind::NULL,
            ScalarValue::Boolean(false) => kind::FALSE,
            ScalarValue::Boolean(true) => kind::TRUE,
            ScalarValue::Uint(number) => {
                unsigned(&mut self.value_bytes, *number);
                kind::UNSIGNED
            }
            ScalarValue::Int(number) => {
                signed(&mut self.value_bytes, *number);
                kind::SIGNED
            }
            ScalarValue::Str(text) => {
                self.value_bytes.extend_from_slice(text.as_bytes());
                kind::TEXT
            }
            ScalarValue::Bytes(bytes) => {
                self.value_bytes.extend_from_slice(bytes);
                kind::BYTES
            }
            _ => return None,
        };
        self.value_of(kind, begin);
        Some(self.count)
    }

    /// Makes a map or text under a name; the operation's number.
    pub(super) fn make(&mut self, home: u64, name: &'a str, container: ObjType) -> u64 {
        let action = match container {
            ObjType::Text => action::MAKE_TEXT,
            _ => action::MAKE_MAP,
        };
        self.named(home, name, action);
        self.value.push(Some(kind::NULL));
        self.count
    }

    /// A character of the text of this number, after the one of the number `before`, 0 being none; the operation's number.
    pub(super) fn insert(&mut self, home: u64, before: u64, character: char) -> u64 {
        self.operation(home, action::PUT);
        self.key_actor.push((before > 0).then_some(0));
        self.key.push(Some(before));
        self.name.push(None);
        self.insert.push(true);
        let begin = self.value_bytes.len();
        let mut buffer = [0; 4];
        let character = character.encode_utf8(&mut buffer);
        self.value_bytes.extend_from_slice(character.as_bytes());
        self.value_of(kind::TEXT, begin);
        self.count
    }

    fn named(&mut self, home: u64, name: &'a str, action: u64) {
        self.operation(home, action);
        self.key_actor.push(None);
        self.key.push(None);
        self.name.push(Some(name));
        self.insert.push(false);
    }

    fn operation(&mut self, home: u64, action: u64) {
        let home = (home > 0).then_some(home);
        self.home_actor.push(home.map(|_| 0));
        self.home.push(home);
        self.action.push(Some(action));
        self.superseded.push(Some(0));
        self.count += 1;
    }

    /// A value's kind, and how many bytes it has since `begin`.
    fn value_of(&mut self, kind: u64, begin: usize) {
        let bytes = (self.value_bytes.len() - begin) as u64;
        self.value.push(Some(bytes << 4 | kind));
    }

    /// The change, and its hash.
    pub(super) fn finish(self, authoring: &Authoring) -> (Vec<u8>, [u8; 32]) {
        let mut columns = vec![
            (0x01, self.home_actor.finish()),
            (0x02, self.home.finish()),
            (0x11, self.key_actor.finish()),
            (0x13, self.key.finish()),
            (0x15, self.name.finish()),
            (0x34, self.insert.finish()),
            (0x42, self.action.finish()),
            (0x56, self.value.finish()),
            (0x57, self.value_bytes),
            (0x70, self.superseded.finish()),
        ];
        columns.retain(|(_, column)| !column.is_empty());
        let mut data = Vec::new();
        // It builds on nothing.
        unsigned(&mut data, 0);
        bytes_of(&mut data, authoring.actor.as_bytes());
        // Its actor's first change, with the operations from 1 on.
        unsigned(&mut data, 1);
        unsigned(&mut data, 1);
        signed(&mut data, authoring.at.0);
        // No message, and no operation of another actor.
        unsigned(&mut data, 0);
        unsigned(&mut data, 0);
        unsigned(&mut data, columns.len() as u64);
        for (specification, column) in &columns {
            unsigned(&mut data, *specification);
            unsigned(&mut data, column.len() as u64);
        }
        for (_, column) in &columns {
            data.extend_from_slice(column);
        }
        unsigned(&mut data, FOOTER_AUTHOR);
        bytes_of(&mut data, authoring.author.as_bytes());
        close(&data)
    }
}

fn bytes_of(out: &mut Vec<u8>, bytes: &[u8]) {
    unsigned(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// The chunk that data make, and its hash, whose beginning it carries.
fn close(data: &[u8]) -> (Vec<u8>, [u8; 32]) {
    let mut head = vec![chunk::CHANGE];
    unsigned(&mut head, data.len() as u64);
    let hash = Sha256::new().chain_update(&head).chain_update(data);
    let hash: [u8; 32] = hash.finalize().into();
    let mut bytes = chunk::MAGIC.to_vec();
    bytes.extend(hash.iter().take(4));
    bytes.extend(head);
    bytes.extend_from_slice(data);
    (bytes, hash)
}
