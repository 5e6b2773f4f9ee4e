//! Who wrote an operation, and when: from the change that holds it.

use crate::{id::PractitionerId, time::UnixMillis};
use automerge::{ActorId, Automerge, ChangeMetadata, ObjId};
use std::collections::BTreeMap;

/// One change, as far as readers care.
struct Written {
    start: u64,
    end: u64,
    at: UnixMillis,
}

/// A document's changes by actor, in order.
pub(super) struct History {
    changes: BTreeMap<ActorId, (Option<PractitionerId>, Vec<Written>)>,
    /// Everybody who wrote, in order of first change.
    pub authors: Vec<PractitionerId>,
    /// When the first change was typed.
    pub first: Option<UnixMillis>,
    /// When the latest change was typed.
    pub latest: Option<UnixMillis>,
}

impl History {
    pub fn of(document: &Automerge) -> Self {
        let mut all = document.get_changes_meta(&[]);
        // The same order whatever the order of arrival.
        all.sort_by_key(|change| (change.start_op, change.hash));
        let mut history = Self {
            changes: BTreeMap::new(),
            authors: Vec::new(),
            first: all.first().map(|change| UnixMillis(change.timestamp)),
            latest: all.iter().map(|change| UnixMillis(change.timestamp)).max(),
        };
        for change in &all {
            history.add(change);
        }
        history
    }

    fn add(&mut self, change: &ChangeMetadata<'_>) {
        let author = change
            .author
            .as_ref()
            .and_then(|author| PractitionerId::from_slice(author.as_bytes()).ok());
        if let Some(author) = author
            && !self.authors.contains(&author)
        {
            self.authors.push(author);
        }
        let written = Written {
            start: change.start_op,
            end: change.max_op,
            at: UnixMillis(change.timestamp),
        };
        let (_, changes) = self
            .changes
            .entry(change.actor.as_ref().clone())
            .or_insert((author, Vec::new()));
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
