//! Changes that no editor writes: each well formed enough to reach the rule that must stop it.

use anyhow::{Context as _, Result};
use automerge::{
    ActorId, Author, Automerge, Change, ChangeHash, ExpandedChange, ROOT, TextEncoding,
    transaction::{CommitOptions, Transactable as _},
};
use samspor_documents::authoring::Authoring;

fn unsigned(mut value: u64, out: &mut Vec<u8>) {
    loop {
        let byte = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        out.push(if value == 0 { byte } else { byte | 0x80 });
        if value == 0 {
            return;
        }
    }
}

/// One run of `count` times `value`, as a column holds it.
fn run(count: u64, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = count;
    loop {
        let byte = u8::try_from(rest & 0x7f).unwrap_or(0);
        rest >>= 7;
        let last = rest == 0 && byte & 0x40 == 0;
        out.push(if last { byte } else { byte | 0x80 });
        if last {
            break;
        }
    }
    out.extend(value);
    out
}

fn change_chunk(content: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    let mut hashed = vec![1];
    unsigned(content.len() as u64, &mut hashed);
    hashed.extend(content);
    let checksum: [u8; 32] = sha2::Sha256::digest(&hashed).into();
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83];
    bytes.extend(checksum.iter().take(4));
    bytes.extend(hashed);
    bytes
}

/// A change of about a hundred bytes that declares this many operations, by run lengths.
#[must_use]
pub fn bomb(actor: &[u8], operations: u64) -> Vec<u8> {
    let mut insert = Vec::new();
    unsigned(operations, &mut insert);
    let columns = [
        (0x15, run(operations, &[1, b'k'])),
        (0x34, insert),
        (0x42, run(operations, &[1])),
        (0x56, run(operations, &[0])),
        (0x70, run(operations, &[0])),
    ];
    let mut content = vec![0];
    unsigned(actor.len() as u64, &mut content);
    content.extend(actor);
    // Sequence 1, first operation 1, time 0, no message, no other actors.
    content.extend([1, 1, 0, 0, 0]);
    unsigned(columns.len() as u64, &mut content);
    for (specification, data) in &columns {
        unsigned(*specification, &mut content);
        unsigned(data.len() as u64, &mut content);
    }
    for (_, data) in columns {
        content.extend(data);
    }
    change_chunk(&content)
}

/// A raw Automerge document that an actor of a device writes in, with no template's rules.
pub struct RawDocument {
    inner: Automerge,
}

impl RawDocument {
    /// An empty one.
    #[must_use]
    pub fn new(authoring: &Authoring) -> Self {
        let inner = Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint);
        let mut document = Self { inner };
        document.act_as(authoring);
        document
    }

    /// From one that exists.
    ///
    /// # Errors
    /// When the changes do not apply.
    pub fn of(changes: &[Vec<u8>], authoring: &Authoring) -> Result<Self> {
        let mut document = Self::new(authoring);
        for bytes in changes {
            let change = Change::try_from(bytes.as_slice())?;
            document.inner.apply_changes([change])?;
        }
        Ok(document)
    }

    fn act_as(&mut self, authoring: &Authoring) {
        let author = Author::from(authoring.author.as_bytes().to_vec());
        self.inner.set_author(Some(author));
        self.inner
            .set_actor(ActorId::from(authoring.actor.as_bytes().to_vec()));
    }

    /// Writes a value at the root: one change.
    ///
    /// # Errors
    /// When the library refuses.
    pub fn put(&mut self, key: &str, value: &str, authoring: &Authoring) -> Result<Vec<u8>> {
        let mut transaction = self.inner.transaction();
        transaction.put(ROOT, key, value)?;
        transaction.commit_with(CommitOptions::default().with_time(authoring.at.0));
        let change = self.inner.get_last_local_change().context("a change")?;
        Ok(change.raw_bytes().to_vec())
    }
}

/// The hash of a change.
///
/// # Errors
/// When it is none.
pub fn hash_of(change: &[u8]) -> Result<ChangeHash> {
    Ok(Change::try_from(change)?.hash())
}

/// The change with something altered, its checksum right again.
///
/// # Errors
/// When it is no change.
pub fn altered(change: &[u8], alter: impl FnOnce(&mut ExpandedChange)) -> Result<Vec<u8>> {
    let mut expanded: ExpandedChange = Change::try_from(change)?.decode();
    alter(&mut expanded);
    Ok(Change::from(expanded).raw_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use samspor_documents::guard::{GuardError, check_change};
    use samspor_protocol::limits;

    #[test]
    fn the_bomb_is_as_small_as_it_is_told_of() {
        let bytes = bomb(&[7; 24], 4_000_000);
        assert!(bytes.len() <= 113, "{} bytes", bytes.len());
        assert!(matches!(
            check_change(&bytes, &limits::CHANGE),
            Err(GuardError::TooManyOperations { .. })
        ));
        assert!(check_change(&bomb(&[7; 24], 3), &limits::CHANGE).is_ok());
    }
}
