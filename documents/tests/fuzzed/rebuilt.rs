//! Changes as another program could write them: the operations of a change altered one by one and encoded again, and
//! changes made through the library, past every check of ours.

use super::{made, script::Script};
use automerge::{
    ActorId, Author, Automerge, Change, ChangeHash, ExpandedChange, ObjId, ObjType, ROOT, ReadDoc,
    ScalarValue,
    legacy::{ElementId, Key, MarkData, ObjectId, Op, OpId, OpType, SortedVec},
    transaction::{Transactable, Transaction},
};
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{self, Document},
    guard,
};

/// Keys that documents have, and one that they do not.
const KEYS: [&str; 13] = [
    "fields",
    "choices",
    "template",
    "version",
    "kind",
    "subject",
    "occurred_at",
    "discarded",
    "removed",
    "value",
    "names",
    "text",
    "æ\u{0}",
];

/// What stands in fields, as it is kept.
const STORED: [&str; 8] = [
    "3450 g",
    "2026-11-23",
    "1794990000000 60",
    "missing:unknown",
    "given",
    "withdrawn",
    "00000000-0000-0000-0000-000000000001",
    "",
];

/// Objects of a document that may be written in.
const OBJECTS_MAX: usize = 64;

/// Which operations there are to be named.
pub struct Known<'a> {
    changes: Vec<(u64, u64, &'a [u8])>,
    hashes: Vec<[u8; 32]>,
}

/// The operations of these changes, and those of one that comes after them.
pub fn known<'a>(facts: &'a [guard::ChangeFacts]) -> Known<'a> {
    let of = |facts: &'a guard::ChangeFacts| (facts.start_op, facts.max_op, &facts.actor[..]);
    Known {
        changes: facts.iter().map(of).collect(),
        hashes: facts.iter().map(|facts| facts.hash).collect(),
    }
}

impl Known<'_> {
    fn operation(&self, script: &mut Script<'_>) -> OpId {
        let (number, actor) = match self.changes.get(script.one_of(self.changes.len() + 1)) {
            Some((first, last, actor)) => {
                let count = usize::try_from(last - first + 1).unwrap_or(usize::MAX);
                let place = u64::try_from(script.one_of(count)).unwrap_or_default();
                (first + place, *actor)
            }
            None => (u64::from(script.byte()) + 1, &[9; 16][..]),
        };
        OpId(number, ActorId::from(actor))
    }

    fn operations(&self, script: &mut Script<'_>) -> SortedVec<OpId> {
        let count = script.byte() % 3;
        (0..count).map(|_| self.operation(script)).collect()
    }
}

fn pick<T: Clone>(all: &[T], script: &mut Script<'_>) -> T {
    all.get(script.one_of(all.len()))
        .cloned()
        .expect("never empty")
}

fn scalar(script: &mut Script<'_>) -> ScalarValue {
    let number = |script: &mut Script<'_>| {
        i64::from(script.byte()) << (script.byte() % 57) // into the high bits as well
    };
    match script.byte() % 11 {
        0 => ScalarValue::Null,
        1 => ScalarValue::Boolean(script.byte() % 2 == 1),
        2 => ScalarValue::Int(-number(script)),
        3 => ScalarValue::Uint(number(script).unsigned_abs()),
        4 => ScalarValue::F64(f64::from_bits(number(script).unsigned_abs())),
        5 => ScalarValue::counter(number(script)),
        6 => ScalarValue::Timestamp(number(script)),
        7 => {
            let length = usize::from(script.byte());
            ScalarValue::Bytes(script.take(length).to_vec())
        }
        8 => ScalarValue::Str(script.text().into()),
        _ => ScalarValue::Str(pick(&STORED, script).into()),
    }
}

fn object_type(script: &mut Script<'_>) -> ObjType {
    match script.byte() % 4 {
        0 => ObjType::Map,
        1 => ObjType::List,
        2 => ObjType::Text,
        _ => ObjType::Table,
    }
}

fn action(script: &mut Script<'_>) -> OpType {
    match script.byte() % 8 {
        0 | 1 => OpType::Make(object_type(script)),
        2 => OpType::Delete,
        3 => OpType::Increment(i64::from(script.byte()) - 128),
        4 => OpType::MarkBegin(MarkData {
            name: pick(&KEYS, script).into(),
            value: scalar(script),
            expand: script.byte() % 2 == 1,
        }),
        5 => OpType::MarkEnd(script.byte() % 2 == 1),
        _ => OpType::Put(scalar(script)),
    }
}

fn key(known: &Known<'_>, script: &mut Script<'_>) -> Key {
    match script.byte() % 4 {
        0 => Key::Seq(ElementId::Head),
        1 => Key::Seq(ElementId::Id(known.operation(script))),
        2 => Key::Map(script.text().into()),
        _ => Key::Map(pick(&KEYS, script).into()),
    }
}

fn object(known: &Known<'_>, script: &mut Script<'_>) -> ObjectId {
    match script.byte() % 4 {
        0 => ObjectId::Root,
        _ => ObjectId::Id(known.operation(script)),
    }
}

/// The change with some of what it says altered, encoded anew; none where the library cannot.
pub fn rebuilt(bytes: &[u8], known: &Known<'_>, script: &mut Script<'_>) -> Option<Vec<u8>> {
    let mut change = Change::from_bytes(bytes.to_vec()).ok()?.decode();
    for _ in 0..=script.byte() % 3 {
        alter(&mut change, known, script);
    }
    guard::guarded(|| Change::from(change).raw_bytes().to_vec()).ok()
}

fn alter(change: &mut ExpandedChange, known: &Known<'_>, script: &mut Script<'_>) {
    let place = script.one_of(change.operations.len());
    let how = script.byte() % 16;
    let Some(op) = change.operations.get_mut(place) else {
        return;
    };
    match how {
        0..=2 => op.action = action(script),
        3 => op.key = key(known, script),
        4 => op.obj = object(known, script),
        5 | 6 => op.pred = known.operations(script),
        7 => op.insert = !op.insert,
        8 => {
            let again = op.clone();
            change.operations.push(again);
        }
        9 if change.operations.len() > 1 => drop(change.operations.remove(place)),
        10 => change.seq = change.seq.saturating_add(u64::from(script.byte() % 3)),
        11 => change.start_op = change.start_op.saturating_add(u64::from(script.byte())),
        12 => {
            let hash = known.hashes.get(script.one_of(known.hashes.len()));
            change.deps.extend(hash.map(|hash| ChangeHash(*hash)));
        }
        13 => change.time = i64::from(script.byte()) << (script.byte() % 57),
        _ => change.operations.push(Op {
            action: action(script),
            obj: object(known, script),
            key: key(known, script),
            pred: known.operations(script),
            insert: script.byte().is_multiple_of(4),
        }),
    }
}

/// A change that somebody writes in a document of ours with the library and no check of ours.
pub fn through_the_library(
    document: &Document,
    who: &Authoring,
    script: &mut Script<'_>,
) -> Option<Vec<u8>> {
    let saved = document.save();
    let written = guard::guarded(|| {
        let mut inner = Automerge::load(&saved).ok()?;
        inner.set_author(Some(Author::from(who.author.as_bytes().to_vec())));
        inner.set_actor(ActorId::from(who.actor.as_bytes().as_slice()));
        let mut tx = inner.transaction();
        let mut objects = objects(&tx);
        for _ in 0..=script.byte() % 8 {
            let (object, is) = pick(&objects, script);
            let made = match is {
                ObjType::Map | ObjType::Table => in_map(&mut tx, &object, script),
                ObjType::List | ObjType::Text => in_sequence(&mut tx, &object, script),
            };
            objects.extend(made);
        }
        let (hash, _) = tx.commit_with(Default::default());
        let change = inner.get_change_by_hash(&hash?)?;
        Some(change.raw_bytes().to_vec())
    });
    written.ok().flatten()
}

/// The document's objects, the outermost first.
fn objects(tx: &Transaction<'_>) -> Vec<(ObjId, ObjType)> {
    let mut all = vec![(ROOT, ObjType::Map)];
    let mut next = 0;
    while let Some((object, _)) = all.get(next).cloned() {
        next += 1;
        for key in tx.keys(&object).take(OBJECTS_MAX) {
            let values = tx.get_all(&object, key.as_str()).unwrap_or_default();
            let within = values.iter().filter_map(|(value, id)| match value {
                automerge::Value::Object(is) => Some((id.clone(), *is)),
                automerge::Value::Scalar(_) => None,
            });
            all.extend(within);
        }
        if all.len() >= OBJECTS_MAX {
            break;
        }
    }
    all
}

/// What was made in it.
fn in_map(
    tx: &mut Transaction<'_>,
    object: &ObjId,
    script: &mut Script<'_>,
) -> Option<(ObjId, ObjType)> {
    let there: Vec<String> = tx.keys(object).collect();
    let key = match script.byte() % 8 {
        0 => script.text(),
        1 => pick(&KEYS, script).to_owned(),
        _ => there.get(script.one_of(there.len()))?.clone(),
    };
    match script.byte() % 8 {
        0 => drop(tx.delete(object, key.as_str())),
        1 => drop(tx.increment(object, key.as_str(), i64::from(script.byte()))),
        2 | 3 => {
            let is = object_type(script);
            let made = tx.put_object(object, key.as_str(), is).ok()?;
            return Some((made, is));
        }
        _ => drop(tx.put(object, key.as_str(), scalar(script))),
    }
    None
}

fn in_sequence(
    tx: &mut Transaction<'_>,
    object: &ObjId,
    script: &mut Script<'_>,
) -> Option<(ObjId, ObjType)> {
    let place = script.one_of(tx.length(object) + 1);
    match script.byte() % 8 {
        0 => drop(tx.delete(object, place)),
        1 => drop(tx.insert(object, place, scalar(script))),
        2 => {
            let is = object_type(script);
            let made = tx.insert_object(object, place, is).ok()?;
            return Some((made, is));
        }
        3 => drop(tx.put(object, place, scalar(script))),
        4 => drop(tx.increment(object, place, i64::from(script.byte()))),
        _ => {
            let delete = isize::from(i8::from_ne_bytes([script.byte() % 4]));
            drop(tx.splice_text(object, place, delete, &script.text()));
        }
    }
    None
}

/// A document that several wrote in, each as it comes: by edits of ours, and as another program could. Whether the
/// guard took anything that no edit of ours makes.
pub fn written(
    template: &samspor_documents::template::Template,
    script: &mut Script<'_>,
) -> (Document, bool) {
    let (mut document, first) = made::begun(template);
    let mut facts = vec![facts_of(&first)];
    let mut is_other = false;
    for step in 1..=i64::from(script.byte() % 12) {
        let who = made::authoring(script.byte() % 3 + 1, script.byte() % 2, step);
        let honest = |script: &mut Script<'_>| {
            let mut copy = guard::load(&document.save(), made::SNAPSHOT_BYTES_MAX).ok()?;
            let edit = made::edit(template, script);
            let templates = samspor_documents::template::Templates::built_in();
            copy.edit(templates, &[edit], &who).ok().flatten()
        };
        let how = script.byte() % 4;
        let bytes = match how {
            0 | 1 => through_the_library(&document, &who, script),
            2 => honest(script).and_then(|bytes| rebuilt(&bytes, &known(&facts), script)),
            _ => honest(script),
        };
        let Some(bytes) = bytes else { continue };
        let is_change = guard::check_change(&bytes, &document::CHANGE).is_ok();
        if is_change && guard::apply(&mut document, &bytes) == Ok(guard::Applied::New) {
            facts.push(facts_of(&bytes));
            is_other |= how < 3;
        }
    }
    (document, is_other)
}

/// Of a change that was taken.
pub fn facts_of(bytes: &[u8]) -> guard::ChangeFacts {
    guard::check_change(bytes, &document::CHANGE).expect("it was taken")
}

/// Whose change it says to be.
pub fn actor_of(facts: &guard::ChangeFacts) -> Option<Actor> {
    Actor::from_slice(&facts.actor)
}
