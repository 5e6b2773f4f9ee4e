//! A document: created, edited, merged, saved. One small Automerge document per thing that is consented to, signed,
//! shared or expunged on its own.
//!
//! Text positions count Unicode code points everywhere. Strings are never migrated: a scalar string stays one.

mod begin;
mod begun;
mod carry_over;
mod clean;
mod columns;
mod edit;
mod error;
mod first;
pub(crate) mod layout;
mod references;
mod splices;
mod statement;
mod tree;
mod write;

pub use begun::Begun;
pub use carry_over::carry_over;
pub use clean::CleanCopy;
pub use edit::{Edit, NewDocument, Splice};
pub use error::AuthorError;
pub(crate) use error::field_name;
pub(crate) use statement::{Statement, read as read_statements, withdraws};
pub(crate) use write::Values;

use crate::{
    authoring::{ACTOR_BYTES, Actor, Authoring},
    guard::{ChangeLimits, DOCUMENT_OPERATIONS_MAX, OPERATION_NUMBER_MAX, guarded, operations_in},
    reading::{Attribution, Reading},
    template::Templates,
};
use automerge::{
    ActorId, Author, Automerge, ReadDoc, TextEncoding,
    transaction::{CommitOptions, Transactable as _, Transaction},
};
use std::{cmp::Reverse, collections::HashMap};

/// What an edit may come to: one change as the wire takes it.
pub const CHANGE: ChangeLimits = ChangeLimits {
    bytes_max: 256 * 1024,
    operations_max: 20_000,
};

/// How text positions are counted: by Unicode code point.
pub(crate) const ENCODING: TextEncoding = TextEncoding::UnicodeCodePoint;

/// The SHA-256 of a change: its name, and what heads are.
pub type ChangeHash = [u8; 32];

/// A document. Bytes from elsewhere come in through [`crate::guard`] only.
#[derive(Debug)]
pub struct Document {
    pub(crate) inner: Automerge,
}

impl Document {
    /// A document with nothing in it, to apply a document's changes to.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            inner: Automerge::new_with_encoding(ENCODING),
        }
    }

    /// A new document by the newest version of its template that is not retired, and the bytes of its one change: for
    /// those who go on with it. See [`Begun`].
    ///
    /// # Errors
    /// As [`Begun::write`].
    pub fn create(
        templates: &Templates,
        new: &NewDocument<'_>,
        authoring: &Authoring,
    ) -> Result<(Self, Vec<u8>), AuthorError> {
        let begun = Begun::write(templates, new, authoring)?;
        Ok((begun.document()?, begun.change))
    }

    /// Edits in one change, and its bytes; `None` when they change nothing. Only fields that are touched are
    /// written; edits that say what is there already write nothing.
    ///
    /// # Errors
    /// `AuthorError`: then nothing of it is written.
    pub fn edit(
        &mut self,
        templates: &Templates,
        edits: &[Edit],
        authoring: &Authoring,
    ) -> Result<Option<Vec<u8>>, AuthorError> {
        let template = write::template_of(&self.inner, templates)?;
        self.write(authoring, |tx| {
            edit::apply_all(tx, template, edits, &authoring.actor)?;
            references::check(tx, template, edits)
        })
    }

    /// What the document says, over all concurrent values. Never fails: what breaks the template reads as invalid.
    #[must_use]
    pub fn reading(&self, templates: &Templates) -> Reading {
        guarded(|| crate::reading::read(&self.inner, templates))
            .unwrap_or_else(|_| Reading::unreadable())
    }

    /// Who wrote which stretch of its prose, field by field. Nothing of a document that the library cannot read.
    #[must_use]
    pub fn attributions(&self) -> Vec<Attribution> {
        guarded(|| crate::reading::attributions(&self.inner)).unwrap_or_default()
    }

    /// The hashes of the changes that no other change follows, sorted.
    #[must_use]
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads: Vec<ChangeHash> = self.inner.get_heads().iter().map(|hash| hash.0).collect();
        heads.sort_unstable();
        heads
    }

    /// The whole document without compression: pages and files compress many at once, and better.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        self.inner.save_nocompress()
    }

    /// The bytes of every change that is neither one of these heads nor an ancestor of one, ancestors first.
    #[must_use]
    pub fn change_bytes_since(&self, heads: &[ChangeHash]) -> Vec<Vec<u8>> {
        let known: Vec<_> = heads
            .iter()
            .map(|hash| automerge::ChangeHash(*hash))
            .collect();
        self.inner
            .get_changes(&known)
            .iter()
            .map(|change| change.raw_bytes().to_vec())
            .collect()
    }

    /// How far each actor has come: its last change, by its number among the actor's changes. An actor's changes
    /// follow one another, so this says of any change whether it is in the document. Whoever wrote last stands first.
    #[must_use]
    pub fn versions(&self) -> Vec<(Actor, u64)> {
        let mut last: HashMap<Actor, (u64, usize)> = HashMap::new();
        for (place, change) in self.inner.get_changes_meta(&[]).iter().enumerate() {
            // No device writes under an actor of another length.
            let Some(actor) = Actor::from_slice(change.actor.to_bytes()) else {
                continue;
            };
            let known = last.entry(actor).or_default();
            *known = (known.0.max(change.seq), place);
        }
        let mut versions: Vec<_> = last.into_iter().collect();
        versions.sort_unstable_by_key(|(_, (_, place))| Reverse(*place));
        versions
            .into_iter()
            .map(|(actor, (seq, _))| (actor, seq))
            .collect()
    }

    /// Whether a change of this hash is in the document.
    #[must_use]
    pub fn has_change(&self, hash: &ChangeHash) -> bool {
        self.inner
            .get_change_meta_by_hash(&automerge::ChangeHash(*hash))
            .is_some()
    }

    /// Runs `body` as one change of this author, within the limits of one change, on a copy: whatever goes wrong, the
    /// document is as before.
    fn write(
        &mut self,
        authoring: &Authoring,
        body: impl FnOnce(&mut Transaction<'_>) -> Result<(), AuthorError>,
    ) -> Result<Option<Vec<u8>>, AuthorError> {
        let written = guarded(|| {
            let mut copy = Self {
                inner: self.inner.clone(),
            };
            let bytes = copy.write_here(authoring, body)?;
            Ok::<_, AuthorError>(bytes.map(|bytes| (copy, bytes)))
        });
        let Some((copy, bytes)) = written.map_err(|_| AuthorError::Broken)?? else {
            return Ok(None);
        };
        *self = copy;
        Ok(Some(bytes))
    }

    fn write_here(
        &mut self,
        authoring: &Authoring,
        body: impl FnOnce(&mut Transaction<'_>) -> Result<(), AuthorError>,
    ) -> Result<Option<Vec<u8>>, AuthorError> {
        self.set_author(authoring)?;
        let mut tx = self.inner.transaction();
        body(&mut tx)?;
        let operations = u64::try_from(tx.pending_ops()).unwrap_or(u64::MAX);
        if operations > CHANGE.operations_max {
            return Err(too_much(operations, 0));
        }
        let (hash, _) = tx.commit_with(CommitOptions::default().with_time(authoring.at.0));
        let Some(hash) = hash else {
            return Ok(None);
        };
        let change = self
            .inner
            .get_change_by_hash(&hash)
            .ok_or(AuthorError::Broken)?;
        if change.raw_bytes().len() > CHANGE.bytes_max {
            return Err(too_much(operations, change.raw_bytes().len()));
        }
        let in_all = operations_in(&self.inner.get_changes_meta(&[]));
        if change.max_op() > OPERATION_NUMBER_MAX || in_all > DOCUMENT_OPERATIONS_MAX {
            return Err(AuthorError::Exhausted);
        }
        Ok(Some(change.raw_bytes().to_vec()))
    }

    /// The author first, the actor after: setting an author draws a new actor.
    fn set_author(&mut self, authoring: &Authoring) -> Result<(), AuthorError> {
        let actor = ActorId::from(authoring.actor.as_bytes().as_slice());
        let author = Author::from(authoring.author.as_bytes().to_vec());
        let known = self.inner.get_author_for_actor(&actor);
        if known.is_some_and(|known| known.as_bytes() != authoring.author.as_bytes()) {
            return Err(AuthorError::ActorOfAnother);
        }
        debug_assert_eq!(actor.to_bytes().len(), ACTOR_BYTES);
        self.inner.set_author(Some(author));
        self.inner.set_actor(actor);
        Ok(())
    }
}

const fn too_much(operations: u64, bytes: usize) -> AuthorError {
    AuthorError::TooMuchAtOnce {
        operations,
        bytes,
        operations_max: CHANGE.operations_max,
        bytes_max: CHANGE.bytes_max,
    }
}

#[cfg(test)]
mod tests;
