//! A share that the administration ends: the same entries, facts and row as a writer's withdrawal leaves, without a
//! device and without a push.

use super::shares::{self, EndedShare};
use crate::{
    log::{self, Entry, EntryKind, NewFact, Secret},
    store::{StoreError, Tx},
};
use samspor_documents::id::ShareId;
use samspor_protocol::{hash::Hash32, share::Ended, wire};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It has ended, at the entry that was appended.
    Now,
    /// It had ended before: nothing was appended.
    Before,
}

/// Ends a share from here on; none when there is no such share.
///
/// # Errors
/// `Unavailable`, `Query` or `Damaged`: the transaction is to be dropped.
pub(crate) async fn end_share(
    tx: &mut Tx,
    secret: &Secret,
    share: ShareId,
    ended: Ended,
) -> Result<Option<Ending>, StoreError> {
    let Some(mut known) = shares::find(tx, share).await? else {
        return Ok(None);
    };
    if known.ended.is_some() {
        return Ok(Some(Ending::Before));
    }
    let mut head = log::head(tx).await?;
    let until = head.seq.next();
    known.end(until, ended);
    let mut facts = Vec::with_capacity(2);
    for (fact, space, ground) in known.facts() {
        let (id, body) = (log::fact_id(&fact), wire::encode(&fact));
        let entry = Entry {
            kind: EntryKind::Fact,
            item: *id.as_bytes(),
            content: Hash32::of(&body),
        };
        log::append(tx, secret, &mut head, &[entry]).await?;
        facts.push(NewFact {
            seq: head.seq,
            id,
            version: known.version,
            space,
            ground,
            body,
        });
    }
    log::insert_facts(tx, &facts).await?;
    shares::write_ended(tx, &[EndedShare { until, known }]).await?;
    Ok(Some(Ending::Now))
}
