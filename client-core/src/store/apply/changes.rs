//! Changes on top of what is held. Heads advance change by change (what it builds on goes, its hash comes), so
//! that the tag needs no document to be loaded.

use super::{
    Applying,
    held::{Held, Place, push_ids},
    whole,
};
use crate::{
    error::DeviceError,
    store::document::{self, NewChange, state},
};
use samspor_documents::{document::Document, guard, id::DocumentId};
use samspor_protocol::{feed::ChangeItem, limits, tag::Tag};
use sqlx::QueryBuilder;
use std::collections::HashSet;

/// What changes do to one document.
pub(super) struct Changed {
    place: Place,
    heads: Vec<[u8; 32]>,
    tag: Option<Tag>,
    own: Vec<[u8; 32]>,
    bodies: Vec<NewChange>,
    aside: Option<String>,
    /// Whether its rows are behind now.
    behind: bool,
}

/// What changes mean for what is held; none when they are held already, or when the page takes for known what
/// is not here: then the document is asked for whole.
///
/// A change that builds on the heads just advances them. One that does not is concurrent, repeated, or has a
/// gap before it: only then is the document loaded to see which.
pub(super) async fn received(
    applying: &mut Applying,
    place: Place,
    changes: Vec<ChangeItem>,
    held: &Held,
) -> Result<Option<Changed>, DeviceError> {
    if held.seq >= Some(place.seq) {
        return Ok(None);
    }
    let document = place.document;
    let mut changed = Changed::begin(place, held);
    let Some(looked) = changed.look_at_all(changes, held) else {
        applying.missing.push(document);
        return Ok(None);
    };
    let heads = match advance(&held.heads, &looked) {
        Some(heads) => Some(heads),
        None => {
            let confirmed = confirmed_document(applying, document).await?;
            confirmed.and_then(|confirmed| advance_by(&confirmed, &held.heads, &looked))
        }
    };
    let Some(heads) = heads else {
        applying.missing.push(document);
        return Ok(None);
    };
    changed.take_in(heads, looked, held);
    applying.received += 1;
    applying.replace_tag(held.tag, changed.tag);
    Ok(Some(changed))
}

/// What is confirmed of a document, loaded.
async fn confirmed_document(
    applying: &mut Applying,
    document: DocumentId,
) -> Result<Option<Document>, DeviceError> {
    let Some(mut stored) = document::read(&mut applying.tx, document).await? else {
        return Ok(None);
    };
    stored
        .changes
        .retain(|(_, state)| *state == state::CONFIRMED);
    Ok(stored.build().ok())
}

/// One change of a page, looked at.
struct Looked {
    hash: [u8; 32],
    deps: Vec<[u8; 32]>,
    body: Option<Vec<u8>>,
}

type Heads = HashSet<[u8; 32]>;

fn follow(heads: &mut Heads, change: &Looked) {
    for dep in &change.deps {
        heads.remove(dep);
    }
    heads.insert(change.hash);
}

/// The heads after changes that each build on the heads before; none when one does not.
fn advance(heads: &[[u8; 32]], changes: &[Looked]) -> Option<Heads> {
    let mut heads: Heads = heads.iter().copied().collect();
    for change in changes {
        let is_first = change.deps.is_empty() && heads.is_empty();
        let follows = !change.deps.is_empty() && change.deps.iter().all(|dep| heads.contains(dep));
        if !is_first && !follows {
            return None;
        }
        follow(&mut heads, change);
    }
    Some(heads)
}

/// The heads after changes of which some are in the document already, or build on older ones; none when
/// something is missing between.
fn advance_by(document: &Document, heads: &[[u8; 32]], changes: &[Looked]) -> Option<Heads> {
    let mut heads: Heads = heads.iter().copied().collect();
    let mut new: Heads = HashSet::new();
    for change in changes
        .iter()
        .filter(|change| !document.has_change(&change.hash))
    {
        // Nothing of it was confirmed before: its first change begins it.
        let is_first = change.deps.is_empty() && heads.is_empty();
        let known = |dep: &[u8; 32]| new.contains(dep) || document.has_change(dep);
        let follows = !change.deps.is_empty() && change.deps.iter().all(known);
        if !is_first && !follows {
            return None;
        }
        follow(&mut heads, change);
        new.insert(change.hash);
    }
    Some(heads)
}

impl Changed {
    fn begin(place: Place, held: &Held) -> Self {
        Self {
            place,
            heads: Vec::new(),
            tag: None,
            own: Vec::new(),
            bodies: Vec::new(),
            aside: None,
            behind: !held.is_here,
        }
    }

    /// Every change, looked at; none when one is said to be this device's own and is not here.
    fn look_at_all(&mut self, changes: Vec<ChangeItem>, held: &Held) -> Option<Vec<Looked>> {
        let mut all = Vec::with_capacity(changes.len());
        for change in changes {
            match change {
                ChangeItem::Own(hash) => all.push(Looked {
                    hash: hash.0,
                    deps: held.own.get(&hash.0)?.deps.clone(),
                    body: None,
                }),
                ChangeItem::Body(body) => match guard::check_change(&body, &limits::CHANGE) {
                    Ok(facts) => all.push(Looked {
                        hash: facts.hash,
                        deps: facts.deps,
                        body: Some(body.into()),
                    }),
                    Err(error) => self.aside = Some(error.to_string()),
                },
            }
        }
        Some(all)
    }

    fn take_in(&mut self, heads: Heads, changes: Vec<Looked>, held: &Held) {
        self.heads = heads.into_iter().collect();
        self.heads.sort_unstable();
        if self.aside.is_none() {
            self.tag = Some(Tag::of_open_document(self.place.document, &self.heads));
        }
        for change in changes {
            match change.body {
                None => {
                    let own = held.own.get(&change.hash);
                    self.behind |= own.is_some_and(|own| own.state == state::OUT);
                    self.own.push(change.hash);
                }
                Some(body) => {
                    self.behind = true;
                    self.bodies.push(NewChange {
                        document: self.place.document,
                        hash: change.hash,
                        deps: change.deps,
                        own: false,
                        state: state::CONFIRMED,
                        body,
                    });
                }
            }
        }
    }
}

/// Writes them, many per statement.
pub(super) async fn insert(
    applying: &mut Applying,
    changed: Vec<Changed>,
) -> Result<(), DeviceError> {
    if changed.is_empty() {
        return Ok(());
    }
    let documents: Vec<DocumentId> = changed.iter().map(|one| one.place.document).collect();
    let mut own = Vec::new();
    let mut bodies = Vec::new();
    let mut query = QueryBuilder::new(
        "INSERT INTO documents (document, space, seq, received_at, receipt, tag, heads, stamp, indexed, aside) ",
    );
    query.push_values(changed, |mut row, one| {
        let document = one.place.document;
        own.extend(one.own.into_iter().map(|hash| (document, hash)));
        bodies.extend(one.bodies);
        row.push_bind(one.place.document.as_bytes().to_vec())
            .push_bind(one.place.space.as_bytes().to_vec())
            .push_bind(one.place.seq)
            .push_bind(one.place.received_at)
            .push_bind(one.place.receipt.0.to_vec())
            .push_bind(one.tag.map(|tag| tag.0.to_vec()))
            .push_bind(one.heads.concat())
            .push_bind(i64::from(one.behind))
            .push("0")
            .push_bind(one.aside);
    });
    query.push(
        " ON CONFLICT (document) DO UPDATE SET seq = excluded.seq, received_at = excluded.received_at,
          receipt = excluded.receipt, tag = excluded.tag, heads = excluded.heads,
          stamp = documents.stamp + excluded.stamp,
          aside = coalesce(excluded.aside, documents.aside)",
    );
    query.build().execute(&mut *applying.tx).await?;
    whole::confirm(applying, &own, state::CONFIRMED).await?;
    document::insert_changes(&mut applying.tx, bodies).await?;
    // The place in the log is told without reading the document again.
    let mut query = QueryBuilder::new(
        "UPDATE rows SET seq = d.seq FROM documents d WHERE d.document = rows.document AND rows.document IN (",
    );
    push_ids(&mut query, documents.into_iter());
    query.build().execute(&mut *applying.tx).await?;
    Ok(())
}
