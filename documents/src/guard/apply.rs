//! One checked change onto one document.
//!
//! The library would queue a change whose dependencies are missing, and act by order of arrival on one that
//! names an operation it does not build on. Both are refused here; so is what it refuses or panics on, and
//! then the document is what it was.

use super::{GuardError, guarded};
use automerge::{
    ActorId, Automerge, Change, ChangeHash, ChangeMetadata, ExpandedChange,
    legacy::{Key, ObjectId, OpId},
};
use std::collections::{HashMap, HashSet};

/// What became of a change that was not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// The document now holds it.
    New,
    /// The document held it already; nothing changed.
    Already,
}

/// Applies one change whose bytes passed [`super::check_change`]. On an error the document is as before.
///
/// # Errors
/// `MissingDeps`, `ActorSequence`, `ForeignOperation`, `Malformed`, `Refused` or `Panicked`.
pub fn apply_to(document: &mut Automerge, bytes: &[u8]) -> Result<Applied, GuardError> {
    let applied = guarded(|| apply_on_copy(document, bytes))??;
    let Some(attempt) = applied else {
        return Ok(Applied::Already);
    };
    *document = attempt;
    Ok(Applied::New)
}

/// The document with the change, none when it held it already.
fn apply_on_copy(document: &Automerge, bytes: &[u8]) -> Result<Option<Automerge>, GuardError> {
    let change = Change::try_from(bytes).map_err(|_| GuardError::Malformed { what: "change" })?;
    let hash = change.hash();
    if document.get_change_meta_by_hash(&hash).is_some() {
        return Ok(None);
    }
    if change
        .deps()
        .iter()
        .any(|dep| document.get_change_meta_by_hash(dep).is_none())
    {
        return Err(GuardError::MissingDeps);
    }
    check_references(document, &change)?;
    let mut attempt = document.clone();
    attempt
        .apply_changes([change])
        .map_err(|_| GuardError::Refused)?;
    if attempt.get_change_meta_by_hash(&hash).is_none() {
        return Err(GuardError::Refused);
    }
    Ok(Some(attempt))
}

/// The numbers of the operations in each actor's changes, of those changes only that are ancestors.
struct Ancestors {
    spans: HashMap<ActorId, Vec<(u64, u64)>>,
}

impl Ancestors {
    fn of(document: &Automerge, change: &Change) -> Result<Self, GuardError> {
        let all = document.get_changes_meta(&[]);
        let follows = all
            .iter()
            .filter(|meta| *meta.actor == *change.actor_id())
            .count();
        if u64::try_from(follows).is_ok_and(|count| count + 1 != change.seq()) {
            return Err(GuardError::ActorSequence);
        }
        let mut heads = document.get_heads();
        heads.sort_unstable();
        let mut deps = change.deps().to_vec();
        deps.sort_unstable();
        // Whoever builds on the heads builds on everything: the usual case.
        let wanted = if heads == deps {
            None
        } else {
            Some(ancestors(&all, change.deps()))
        };
        let mut spans: HashMap<ActorId, Vec<(u64, u64)>> = HashMap::new();
        for meta in &all {
            if wanted
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&meta.hash))
            {
                spans
                    .entry(meta.actor.clone().into_owned())
                    .or_default()
                    .push((meta.start_op, meta.max_op));
            }
        }
        Ok(Self { spans })
    }

    fn hold(&self, operation: &OpId) -> bool {
        let within = |spans: &Vec<(u64, u64)>| {
            spans
                .iter()
                .any(|&(start, end)| (start..=end).contains(&operation.0))
        };
        self.spans.get(&operation.1).is_some_and(within)
    }
}

fn ancestors(all: &[ChangeMetadata<'_>], deps: &[ChangeHash]) -> HashSet<ChangeHash> {
    let by_hash: HashMap<ChangeHash, &ChangeMetadata<'_>> =
        all.iter().map(|meta| (meta.hash, meta)).collect();
    let mut found = HashSet::new();
    let mut open = deps.to_vec();
    while let Some(hash) = open.pop() {
        if !found.insert(hash) {
            continue;
        }
        if let Some(meta) = by_hash.get(&hash) {
            open.extend(&meta.deps);
        }
    }
    found
}

/// Whether every operation that the change names is an ancestor's, or an earlier one of its own.
fn check_references(document: &Automerge, change: &Change) -> Result<(), GuardError> {
    let ancestors = Ancestors::of(document, change)?;
    let start = change.start_op().get();
    let expanded: ExpandedChange = change.decode();
    for (number, operation) in (start..).zip(&expanded.operations) {
        let own_earlier =
            |named: &OpId| named.1 == *change.actor_id() && (start..number).contains(&named.0);
        let known = |named: &OpId| own_earlier(named) || ancestors.hold(named);
        let object = match &operation.obj {
            ObjectId::Id(id) => known(id),
            ObjectId::Root => true,
        };
        let key = match &operation.key {
            Key::Map(_) => true,
            Key::Seq(element) => element.as_opid().is_none_or(known),
        };
        if !object || !key || !operation.pred.iter().all(known) {
            return Err(GuardError::ForeignOperation);
        }
    }
    Ok(())
}
