//! What a batch does to the grounds' sums. Pure.

use super::{
    apply::{NewContent, NewState, Projected},
    read::{Closed, LoggedFact, OldItem},
    scopes::{Counted, Cover},
};
use crate::log::Seq;
use samspor_protocol::tag::{Digest, Tag};
use std::collections::{BTreeMap, HashMap};

/// An item as the batch leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewItem {
    /// 1 document, 2 fact.
    pub kind: i64,
    pub id: [u8; 16],
    pub space: [u8; 16],
    pub ground: i64,
    pub rank: i64,
    pub first_seq: Seq,
    pub last_seq: Seq,
    /// 0 open, 1 signed: fed and counted; 2 superseded: neither.
    pub state: i64,
    pub tag: Tag,
    pub received_at: i64,
    pub bytes: i64,
    /// The document that a fact is about.
    pub about: Option<[u8; 16]>,
    /// Of a signed addition, and of a fact about one: the entry that it adds to.
    pub with_entry: Option<[u8; 16]>,
    /// Whether it is told to those of its ground only.
    pub own_only: bool,
    /// Whether it tells the recipient of a share of it.
    pub told: bool,
}

/// `items.state` of an open document, or a fact.
const OPEN: i64 = 0;
/// `items.state` of a signed document.
const SIGNED: i64 = 1;
/// `items.state` of a draft that was published.
pub(super) const SUPERSEDED: i64 = 2;

/// How a ground's sums move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Movement {
    pub last_seq: Seq,
    pub items: i64,
    /// What is added to the digest; what is taken out is in it already.
    pub digest: Digest,
}

impl Movement {
    fn take_out(&mut self, tag: Tag) {
        self.digest = self.digest.without(tag);
        self.items = self.items.saturating_sub(1);
    }
}

fn counted(old: &HashMap<(i64, [u8; 16]), OldItem>, key: (i64, [u8; 16])) -> Option<&OldItem> {
    old.get(&key).filter(|old| is_counted(old.state))
}

/// Whether an item of this state is fed and counted.
const fn is_counted(state: i64) -> bool {
    state == OPEN || state == SIGNED
}

fn length(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Whether it is a card or a planned contact: what a phone is to have first.
fn comes_first(state: &NewState) -> bool {
    let row = state.row.as_ref();
    row.is_some_and(|row| row.card.is_some() || row.statuses.is_some())
}

/// The entry that a document adds to, once it is signed: what is open is no record yet, and goes nowhere with one.
fn adds_to(document: &Projected) -> Option<[u8; 16]> {
    let state = document.state.as_ref()?;
    let is_signed = matches!(state.content, NewContent::Signed { .. });
    let entry = match document.filed {
        Some(filed) => filed.entry,
        None => state.row.as_ref().filter(|_| is_signed)?.adds_to,
    };
    entry.map(|entry| *entry.as_bytes())
}

/// The items of a batch: documents that have a new state, facts at their last version.
/// A draft that the batch closes as well is superseded from the start.
pub(super) fn new_items(
    documents: &[Projected],
    facts: &[LoggedFact],
    closed: &[Closed],
    old: &HashMap<(i64, [u8; 16]), OldItem>,
) -> Vec<NewItem> {
    let mut items = BTreeMap::new();
    let with_entry = |about: [u8; 16]| {
        let here = documents
            .iter()
            .find(|one| *one.document.as_bytes() == about);
        let known = || old.get(&(1, about)).and_then(|old| old.with_entry);
        here.and_then(adds_to).or_else(known)
    };
    for fact in facts {
        let id = *fact.fact.id.as_bytes();
        let cover = Cover::of(fact.fact.read().ok().as_ref());
        let item = NewItem {
            kind: 2,
            id,
            space: *fact.fact.space.as_bytes(),
            ground: fact.ground,
            rank: 0,
            first_seq: fact.seq,
            last_seq: fact.seq,
            state: OPEN,
            tag: Tag::of_fact(&fact.fact),
            received_at: 0,
            bytes: length(fact.fact.body.len()),
            about: cover.about.map(|document| *document.as_bytes()),
            with_entry: cover.about.and_then(|about| with_entry(*about.as_bytes())),
            own_only: cover.own_only,
            told: cover.told,
        };
        // Facts come in log order: the last version stands.
        items.insert((2, id), item);
    }
    for document in documents {
        let Some(state) = &document.state else {
            continue;
        };
        let id = *document.document.as_bytes();
        let is_closed = closed
            .iter()
            .any(|one| one.draft == document.document && one.ground == document.ground);
        let (code, tag, bytes) = match &state.content {
            NewContent::Open { heads, snapshot } => {
                let tag = Tag::of_open_document(document.document, heads);
                (OPEN, tag, snapshot.len())
            }
            NewContent::Signed { hash, bytes } => {
                let tag = Tag::of_signed_document(document.document, *hash);
                (SIGNED, tag, *bytes)
            }
        };
        let item = NewItem {
            kind: 1,
            id,
            space: *document.space.as_bytes(),
            ground: document.ground,
            rank: i64::from(!comes_first(state)),
            first_seq: document.first_seq,
            last_seq: state.last_seq,
            state: if is_closed { SUPERSEDED } else { code },
            tag,
            received_at: document.received_at.0,
            bytes: length(bytes),
            about: None,
            with_entry: adds_to(document),
            own_only: false,
            told: false,
        };
        items.insert((1, id), item);
    }
    items.into_values().collect()
}

/// The drafts that the batch closes without changing them: those that are fed and counted now.
pub(super) fn closings(
    closed: &[Closed],
    items: &[NewItem],
    old: &HashMap<(i64, [u8; 16]), OldItem>,
) -> Vec<Closed> {
    let stands = |one: &&Closed| {
        let id = *one.draft.as_bytes();
        let is_new = items.iter().any(|item| item.kind == 1 && item.id == id);
        let known = old.get(&(1, id));
        !is_new && known.is_some_and(|old| old.ground == one.ground && old.state == OPEN)
    };
    closed.iter().filter(stands).copied().collect()
}

/// How the grounds' sums, and those of scopes, move when these items take the place of the old ones, and these drafts
/// are closed.
pub(super) fn movements(
    items: &[NewItem],
    closings: &[Closed],
    old: &HashMap<(i64, [u8; 16]), OldItem>,
    documents: &[Projected],
    scopes: &[Counted],
) -> BTreeMap<i64, Movement> {
    let mut movements: BTreeMap<i64, Movement> = BTreeMap::new();
    for item in items {
        let covering = scopes.iter().filter(|scope| scope.covers(item));
        let grounds = std::iter::once(item.ground).chain(covering.map(|scope| scope.ground));
        for ground in grounds {
            let movement = movements.entry(ground).or_default();
            movement.last_seq = movement.last_seq.max(item.last_seq);
            let was = counted(old, (item.kind, item.id));
            let scope = scopes.iter().find(|scope| scope.ground == ground);
            let was = was.filter(|old| scope.is_none_or(|scope| scope.covered(old, item)));
            if let Some(old) = was {
                movement.take_out(old.tag);
            }
            if is_counted(item.state) {
                movement.digest = movement.digest.with(item.tag);
                movement.items = movement.items.saturating_add(1);
            }
        }
    }
    for closing in closings {
        let movement = movements.entry(closing.ground).or_default();
        movement.last_seq = movement.last_seq.max(closing.seq);
        if let Some(old) = counted(old, (1, *closing.draft.as_bytes())) {
            movement.take_out(old.tag);
        }
    }
    for document in documents {
        // A change that was set aside wakes its device's poll, though no item moved.
        for aside in &document.aside {
            let movement = movements.entry(document.ground).or_default();
            movement.last_seq = movement.last_seq.max(aside.seq);
        }
    }
    movements
}
