//! Who wrote an operation, and when: from the change that holds it.

use crate::{id::PractitionerId, time::UnixMillis};
use automerge::{ActorId, ObjId};
use std::collections::BTreeMap;

/// One change, as far as readers care.
struct Written {
    start: u64,
    end: u64,
    at: UnixMillis,
}

/// A document's changes by actor, in order.
pub(crate) struct History {
    changes: BTreeMap<ActorId, (Option<PractitionerId>, Vec<Written>)>,
    /// Everybody who wrote, in order of first change.
    pub authors: Vec<PractitionerId>,
    /// When the first change was typed.
    pub first: Option<UnixMillis>,
    /// When the latest change was typed.
    pub latest: Option<UnixMillis>,
}

/// A change, as it comes into a history.
pub(crate) struct Change {
    pub(crate) actor: ActorId,
    /// Only in an actor's first.
    pub(crate) author: Option<PractitionerId>,
    /// The number of its first operation.
    pub(crate) start: u64,
    /// The number of its last.
    pub(crate) end: u64,
    pub(crate) at: UnixMillis,
}

impl History {
    /// From a document's changes, the first that was written first.
    pub(crate) fn of(changes: impl IntoIterator<Item = Change>) -> Self {
        let mut history = Self {
            changes: BTreeMap::new(),
            authors: Vec::new(),
            first: None,
            latest: None,
        };
        for change in changes {
            history.first.get_or_insert(change.at);
            history.latest = history.latest.max(Some(change.at));
            history.add(change);
        }
        history
    }

    fn add(&mut self, change: Change) {
        if let Some(author) = change.author
            && !self.authors.contains(&author)
        {
            self.authors.push(author);
        }
        let written = Written {
            start: change.start,
            end: change.end,
            at: change.at,
        };
        let new = || (change.author, Vec::new());
        let (_, changes) = self.changes.entry(change.actor).or_insert_with(new);
        changes.push(written);
    }

    /// Who wrote an operation, and when.
    pub fn of_operation(&self, operation: &ObjId) -> (Option<PractitionerId>, UnixMillis) {
        let ObjId::Id(number, actor, _) = operation else {
            return (None, UnixMillis(0));
        };
        let Some((author, changes)) = self.changes.get(actor) else {
            return (None, UnixMillis(0));
        };
        let at = changes.partition_point(|change| change.end < *number);
        let written = changes.get(at).filter(|change| change.start <= *number);
        (*author, written.map_or(UnixMillis(0), |change| change.at))
    }

    /// The author behind an actor.
    pub fn author(&self, actor: &ActorId) -> Option<PractitionerId> {
        self.changes.get(actor).and_then(|(author, _)| *author)
    }
}
