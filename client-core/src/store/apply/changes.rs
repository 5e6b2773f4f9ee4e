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
pub(super) async fn received(
    applying: &mut Applying,
    place: Place,
    changes: Vec<ChangeItem>,
    held: &Held,
) -> Result<Option<Changed>, DeviceError> {
    if held.seq >= Some(place.seq) {
        return Ok(None);
    }
    let repeated = if held.recheck {
        confirmed_document(applying, place.document).await?
    } else {
        None
    };
    let document = place.document;
    let Some(mut changed) = Plan::new(held, repeated.as_ref()).take_in(place, changes) else {
        applying.missing.push(document);
        return Ok(None);
    };
    changed.tag = changed
        .aside
        .is_none()
        .then(|| Tag::of_open_document(document, &changed.heads));
    applying.received += 1;
    applying.replace_tag(held.tag, changed.tag);
    Ok(Some(changed))
}

/// What is confirmed of a document, loaded: only after a repair, to see what a page repeats.
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

struct Plan<'a> {
    held: &'a Held,
    repeated: Option<&'a Document>,
    heads: HashSet<[u8; 32]>,
}

/// One change of a page, looked at.
struct Looked {
    hash: [u8; 32],
    deps: Vec<[u8; 32]>,
    body: Option<Vec<u8>>,
}

impl<'a> Plan<'a> {
    fn new(held: &'a Held, repeated: Option<&'a Document>) -> Self {
        Self {
            held,
            repeated,
            heads: held.heads.iter().copied().collect(),
        }
    }

    fn is_repeated(&self, hash: &[u8; 32]) -> bool {
        self.repeated
            .is_some_and(|document| document.has_change(hash))
    }

    fn take_in(mut self, place: Place, changes: Vec<ChangeItem>) -> Option<Changed> {
        let mut changed = Changed {
            place,
            heads: Vec::new(),
            tag: None,
            own: Vec::new(),
            bodies: Vec::new(),
            aside: None,
            behind: !self.held.is_here,
        };
        for change in changes {
            let looked = match self.look_at(change) {
                Ok(Some(looked)) => looked,
                Ok(None) => return None,
                Err(error) => {
                    changed.aside = Some(error.to_string());
                    continue;
                }
            };
            if self.heads.is_empty() && !looked.deps.is_empty() {
                return None;
            }
            if !self.is_repeated(&looked.hash) {
                for dep in &looked.deps {
                    self.heads.remove(dep);
                }
                self.heads.insert(looked.hash);
            }
            self.keep(&mut changed, looked);
        }
        changed.heads = self.heads.into_iter().collect();
        changed.heads.sort_unstable();
        Some(changed)
    }

    /// `None`: an own change that is not here.
    fn look_at(&self, change: ChangeItem) -> Result<Option<Looked>, guard::GuardError> {
        match change {
            ChangeItem::Own(hash) => {
                let own = self.held.own.get(&hash.0);
                let repeated = self.is_repeated(&hash.0);
                Ok((own.is_some() || repeated).then(|| Looked {
                    hash: hash.0,
                    deps: own.map(|own| own.deps.clone()).unwrap_or_default(),
                    body: None,
                }))
            }
            ChangeItem::Body(body) => {
                let facts = guard::check_change(&body, &limits::CHANGE)?;
                Ok(Some(Looked {
                    hash: facts.hash,
                    deps: facts.deps,
                    body: Some(body.into()),
                }))
            }
        }
    }

    fn keep(&self, changed: &mut Changed, looked: Looked) {
        match looked.body {
            None => {
                let out = self.held.own.get(&looked.hash);
                changed.behind |= out.is_some_and(|own| own.state == state::OUT);
                changed.own.push(looked.hash);
            }
            Some(body) => {
                changed.behind = true;
                changed.bodies.push(NewChange {
                    document: changed.place.document,
                    hash: looked.hash,
                    deps: looked.deps,
                    own: false,
                    state: state::CONFIRMED,
                    body,
                });
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
        "INSERT INTO documents (document, space, seq, received_at, receipt, tag, heads, stamp, indexed, recheck, aside) ",
    );
    query.push_values(changed, |mut row, one| {
        own.extend(one.own);
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
            .push("0")
            .push_bind(one.aside);
    });
    query.push(
        " ON CONFLICT (document) DO UPDATE SET seq = excluded.seq, received_at = excluded.received_at,
          receipt = excluded.receipt, tag = excluded.tag, heads = excluded.heads,
          stamp = documents.stamp + excluded.stamp, recheck = 0,
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
