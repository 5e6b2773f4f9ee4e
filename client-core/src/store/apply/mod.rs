//! A page goes into the store together with its cursor, in one transaction: what is gone, then facts, then
//! documents. Applied a second time it changes nothing.
//!
//! Documents become durable here by their bytes alone: their heads stand in the snapshot's header, so the tag
//! needs no document to be loaded. Whether they open is found out when they are indexed.

mod changes;
mod held;
mod signed;
mod whole;

pub(crate) use held::{push_ids, tag_of};

use super::{Store, Tx, facts, gone, meta, refusals, signed::state, sql};
use crate::{device::Lease, engine::Applied, error::DeviceError};
use held::Place;
use samspor_documents::id::DocumentId;
use samspor_protocol::{
    feed::{Content, DocumentItem, Page},
    repair::ItemId,
    tag::{Digest, Tag},
};
use signed::{Home, Told};

/// What a page does while it is applied.
pub(crate) struct Applying {
    pub(crate) tx: Tx,
    pub(crate) digest: Digest,
    pub(crate) received: u64,
    /// Own operations on drafts that the published documents are without.
    pub(crate) left_over: u64,
    /// Whether something was removed that may no longer be read.
    pub(crate) has_purged: bool,
    missing: Vec<DocumentId>,
    /// Whose device it is, once something signed had to be checked.
    home: Option<Home>,
}

impl Store {
    /// Applies a page of the feed, its cursor, and the lease that begins with it.
    pub(crate) async fn apply_page(
        &self,
        page: Page,
        lease: Option<&Lease>,
    ) -> Result<Applied, DeviceError> {
        let progress = meta::Progress {
            visible: page.end.visible,
            safe_seq: page.end.safe_seq,
            server_time: page.end.server_time,
        };
        let cursor = page.end.cursor.clone();
        let is_last = page.end.up_to_date;
        let (mut applying, set_aside) = self.apply(page).await?;
        meta::set(&mut applying.tx, meta::name::CURSOR, &cursor).await?;
        meta::set_cbor(&mut applying.tx, meta::name::PROGRESS, &progress).await?;
        if let Some(lease) = lease {
            meta::set_cbor(&mut applying.tx, meta::name::LEASE, lease).await?;
        }
        refusals::forget_safe(&mut applying.tx, progress.safe_seq).await?;
        let applied = self.finish(applying, set_aside).await?;
        if is_last {
            self.sweep().await?;
        }
        Ok(applied)
    }

    /// Applies items that were asked for whole. The cursor stays.
    pub(crate) async fn apply_whole(&self, page: Page) -> Result<Applied, DeviceError> {
        let (applying, set_aside) = self.apply(page).await?;
        self.finish(applying, set_aside).await
    }

    /// Purges items that a repair found to be too much.
    pub(crate) async fn purge_items(&self, items: &[ItemId]) -> Result<(), DeviceError> {
        let mut applying = self.applying().await?;
        gone::purge_items(&mut applying, items).await?;
        self.finish(applying, 0).await?;
        Ok(())
    }

    async fn finish(&self, applying: Applying, set_aside: u64) -> Result<Applied, DeviceError> {
        let has_purged = applying.has_purged;
        let applied = applying.finish(set_aside).await?;
        self.renew_templates().await?;
        self.wipe_log(has_purged).await;
        Ok(applied)
    }

    async fn applying(&self) -> Result<Applying, DeviceError> {
        let mut tx = self.begin().await?;
        let digest = meta::digest(&mut *tx).await?;
        Ok(Applying {
            tx,
            digest,
            received: 0,
            left_over: 0,
            has_purged: false,
            missing: Vec::new(),
            home: None,
        })
    }

    async fn apply(&self, page: Page) -> Result<(Applying, u64), DeviceError> {
        let mut applying = self.applying().await?;
        gone::apply(&mut applying, &page.gone).await?;
        facts::apply(&mut applying, page.facts).await?;
        // Before the documents: what was accepted and is in no text must not be taken for a part of one.
        let mut set_aside = 0;
        for one in page.set_aside {
            set_aside += refusals::set_aside(&mut applying.tx, &one).await?;
        }
        let mut items = page.documents.into_iter().peekable();
        while items.peek().is_some() {
            let chunk: Vec<_> = items.by_ref().take(sql::CHUNK).collect();
            documents(&mut applying, chunk).await?;
        }
        Ok((applying, set_aside))
    }
}

impl Applying {
    async fn finish(mut self, set_aside: u64) -> Result<Applied, DeviceError> {
        meta::set(&mut self.tx, meta::name::DIGEST, &self.digest.to_bytes()).await?;
        sqlx::query(
            "UPDATE outbox INDEXED BY outbox_not_echoed SET echoed = 1 WHERE state = 1 AND echoed = 0 AND NOT EXISTS
               (SELECT 1 FROM changes c WHERE c.document = outbox.document AND c.hash = outbox.hash AND c.state = 1)",
        )
        .execute(&mut *self.tx)
        .await?;
        let unconfirmed: i64 = sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM outbox o INDEXED BY outbox_not_echoed WHERE o.state = 1 AND o.echoed = 0
               AND EXISTS (SELECT 1 FROM documents d WHERE d.document = o.document))
             + (SELECT count(*) FROM documents d WHERE d.signed = 1
               AND EXISTS (SELECT 1 FROM outbox o WHERE o.document = d.document AND o.kind = 9 AND o.state = 1))",
        )
        .fetch_one(&mut *self.tx)
        .await?;
        self.tx.commit().await?;
        Ok(Applied {
            received: self.received,
            left_over: self.left_over,
            digest: self.digest,
            unconfirmed: u64::try_from(unconfirmed).unwrap_or(0),
            missing: self.missing,
            set_aside,
        })
    }

    /// What signed texts and records are checked against.
    async fn home(&mut self) -> Result<Home, DeviceError> {
        if let Some(home) = self.home {
            return Ok(home);
        }
        let enrolment: Option<meta::Enrolment> =
            meta::get_cbor(&mut *self.tx, meta::name::ENROLMENT).await?;
        let enrolment = enrolment.ok_or(DeviceError::NotEnrolled)?;
        let home = Home {
            organisation: enrolment.organisation,
            key: enrolment.organisation_key,
        };
        self.home = Some(home);
        Ok(home)
    }

    fn replace_tag(&mut self, old: Option<Tag>, new: Option<Tag>) {
        if let Some(old) = old {
            self.digest = self.digest.without(old);
        }
        if let Some(new) = new {
            self.digest = self.digest.with(new);
        }
    }
}

async fn documents(applying: &mut Applying, items: Vec<DocumentItem>) -> Result<(), DeviceError> {
    let mut held = held::held(&mut applying.tx, &items).await?;
    let mut whole = Vec::new();
    let mut changed = Vec::new();
    let mut signed = Vec::new();
    for item in items {
        let known = held.remove(&item.document).unwrap_or_default();
        let place = Place::of(&item);
        match item.content {
            Content::Signed(text) => {
                let home = applying.home().await?;
                let text = Told::Text(text.into());
                signed.extend(signed::received(applying, place, text, &known, &home));
            }
            Content::Filed(record) => {
                let home = applying.home().await?;
                let record = Told::Record(record.into());
                signed.extend(signed::received(applying, place, record, &known, &home));
            }
            // A signed text stays: whoever says that the document is open has lost it.
            _ if known.signed == state::TOLD => {}
            Content::Whole(bytes) => {
                whole.push(whole::received(applying, place, bytes.into(), &known));
            }
            Content::Changes(changes) => {
                changed.extend(changes::received(applying, place, changes, &known).await?);
            }
        }
    }
    whole::insert(applying, whole).await?;
    changes::insert(applying, changed).await?;
    signed::insert(applying, signed).await
}
