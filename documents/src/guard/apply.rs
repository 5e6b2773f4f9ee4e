//! One checked change onto one document.
//!
//! The library would queue a change whose dependencies are missing, and act by order of arrival on one that
//! names an operation it does not build on. Both are refused here; so is what it refuses or panics on, and
//! then the document is what it was.

use super::{
    DOCUMENT_OPERATIONS_MAX, GuardError,
    change::{ChangeFacts, Parsed, parse},
    chunk::malformed,
    guarded,
    references::{Named, References},
};
use automerge::{Automerge, Change, ChangeHash, ChangeMetadata, ReadDoc as _};
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
/// `MissingDeps`, `ActorSequence`, `OperationNumber`, `UnknownActor`, `ForeignOperation`, `TooManyOperations` (of the
/// document), `Malformed`, `Refused` or `Panicked`.
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
    let parsed = parse(bytes, DOCUMENT_OPERATIONS_MAX)?;
    let hash = ChangeHash(parsed.facts.hash);
    if document.get_change_meta_by_hash(&hash).is_some() {
        return Ok(None);
    }
    check(document, &parsed)?;
    let change = Change::try_from(bytes).map_err(|_| malformed("change"))?;
    let mut attempt = document.clone();
    attempt
        .apply_changes([change])
        .map_err(|_| GuardError::Refused)?;
    // A change may name operations that are there and do not fit (a value superseded under another name, a letter
    // where no letter stands). The library takes it, and the document it saves can never be loaded again. What it
    // holds of the change must be the change.
    let held = attempt
        .get_change_by_hash(&hash)
        .ok_or(GuardError::Refused)?;
    if held.hash() != hash {
        return Err(GuardError::Refused);
    }
    Ok(Some(attempt))
}

/// Compares a change with the document it is for.
fn check(document: &Automerge, parsed: &Parsed<'_>) -> Result<(), GuardError> {
    let facts = &parsed.facts;
    let all = document.get_changes_meta(&[]);
    let by_hash: HashMap<[u8; 32], &ChangeMetadata<'_>> =
        all.iter().map(|meta| (meta.hash.0, meta)).collect();
    let mut start_op = 1;
    for dep in &facts.deps {
        let dep = by_hash.get(dep).ok_or(GuardError::MissingDeps)?;
        start_op = start_op.max(dep.max_op + 1);
    }
    let operations = operations_in(&all);
    if operations.saturating_add(facts.operations) > DOCUMENT_OPERATIONS_MAX {
        return Err(GuardError::TooManyOperations {
            operations_max: DOCUMENT_OPERATIONS_MAX,
        });
    }
    let ancestors = Ancestors::of(document, &all, &by_hash, facts);
    check_sequence(&all, &ancestors, facts)?;
    if facts.start_op != start_op {
        return Err(GuardError::OperationNumber);
    }
    check_references(&ancestors, parsed)
}

/// The operations of these changes, deletions included.
pub(crate) fn operations_in(changes: &[ChangeMetadata<'_>]) -> u64 {
    let of = |change: &ChangeMetadata<'_>| (change.max_op + 1).saturating_sub(change.start_op);
    changes.iter().map(of).sum()
}

/// The change is its actor's next, and builds on the one before.
fn check_sequence(
    all: &[ChangeMetadata<'_>],
    ancestors: &Ancestors<'_>,
    facts: &ChangeFacts,
) -> Result<(), GuardError> {
    let own = |meta: &&ChangeMetadata<'_>| meta.actor.to_bytes() == facts.actor.as_slice();
    let last = all
        .iter()
        .filter(own)
        .map(|meta| meta.seq)
        .max()
        .unwrap_or(0);
    let built_on = ancestors
        .spans
        .get(facts.actor.as_slice())
        .map_or(0, Vec::len);
    if facts.seq == last + 1 && u64::try_from(built_on) == Ok(last) {
        Ok(())
    } else {
        Err(GuardError::ActorSequence)
    }
}

/// The numbers of the operations in each actor's changes, ascending, of those changes only that are ancestors.
struct Ancestors<'a> {
    spans: HashMap<&'a [u8], Vec<(u64, u64)>>,
}

impl<'a> Ancestors<'a> {
    fn of(
        document: &Automerge,
        all: &'a [ChangeMetadata<'a>],
        by_hash: &HashMap<[u8; 32], &'a ChangeMetadata<'a>>,
        facts: &ChangeFacts,
    ) -> Self {
        // Whoever builds on the heads builds on everything: the usual case.
        let newest = document
            .get_heads()
            .iter()
            .all(|head| facts.deps.contains(&head.0));
        let wanted = if newest {
            None
        } else {
            Some(ancestors(by_hash, &facts.deps))
        };
        let mut spans: HashMap<&[u8], Vec<(u64, u64)>> = HashMap::new();
        for meta in all {
            if wanted
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&meta.hash.0))
            {
                spans
                    .entry(meta.actor.to_bytes())
                    .or_default()
                    .push((meta.start_op, meta.max_op));
            }
        }
        spans.values_mut().for_each(|spans| spans.sort_unstable());
        Self { spans }
    }

    fn hold(&self, actor: &[u8], number: u64) -> bool {
        let Some(spans) = self.spans.get(actor) else {
            return false;
        };
        let at = spans.partition_point(|(_, end)| *end < number);
        spans.get(at).is_some_and(|(start, _)| *start <= number)
    }
}

fn ancestors(
    by_hash: &HashMap<[u8; 32], &ChangeMetadata<'_>>,
    deps: &[[u8; 32]],
) -> HashSet<[u8; 32]> {
    let mut found = HashSet::new();
    let mut open = deps.to_vec();
    while let Some(hash) = open.pop() {
        if !found.insert(hash) {
            continue;
        }
        if let Some(meta) = by_hash.get(&hash) {
            open.extend(meta.deps.iter().map(|dep| dep.0));
        }
    }
    found
}

/// Every operation that the change names is an ancestor's, or an earlier one of its own.
fn check_references(ancestors: &Ancestors<'_>, parsed: &Parsed<'_>) -> Result<(), GuardError> {
    let facts = &parsed.facts;
    if !parsed
        .others
        .iter()
        .all(|actor| ancestors.spans.contains_key(actor))
    {
        return Err(GuardError::UnknownActor);
    }
    let mut references = References::of(&parsed.columns);
    for number in facts.start_op..=facts.max_op {
        references.next_operation(|named: Named| {
            let place = usize::try_from(named.actor).map_err(|_| GuardError::UnknownActor)?;
            let (actor, own_earlier) = match place.checked_sub(1) {
                None => (
                    facts.actor.as_slice(),
                    (facts.start_op..number).contains(&named.number),
                ),
                Some(other) => (
                    *parsed.others.get(other).ok_or(GuardError::UnknownActor)?,
                    false,
                ),
            };
            if own_earlier || ancestors.hold(actor, named.number) {
                Ok(())
            } else {
                Err(GuardError::ForeignOperation)
            }
        })?;
    }
    Ok(())
}
