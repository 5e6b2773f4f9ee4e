//! Drafts: written in the practitioner's private space, seen on their own devices, published into the case or circle
//! that they are meant for.
//!
//! A draft is a document like any other: it is edited, read and chosen in by the same calls. To publish makes a clean
//! document from what the draft reads, with nothing of how it was written, and closes the draft in the same
//! transaction; the server hears of both in one operation. What the server refuses leaves the draft a draft.

use super::{
    Device,
    entries::NewEntry,
    keep::{Authored, Publishing},
};
use crate::{
    error::DeviceError,
    key::random_bytes,
    store::{Tx, additions, contacts, document, drafts},
    views::DraftRow,
};
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{CleanCopy, Document, Edit},
    id::{DocumentId, OperationId, SpaceId},
    reading::Reading,
    time::Moment,
};
use samspor_protocol::{fact::Seen, limits};

impl Device {
    /// Writes a draft of an entry or reflection, meant for a case here or for one of one's circles.
    /// `occurred_at`: now, when none. Only this practitioner's own devices get it.
    ///
    /// # Errors
    /// As [`Device::write`].
    pub async fn draft(
        &self,
        subject: SpaceId,
        template: &str,
        fields: Vec<Edit>,
        occurred_at: Option<Moment>,
    ) -> Result<DocumentId, DeviceError> {
        self.may_begin(subject, template, &fields).await?;
        let space = self.private_space()?;
        self.begin_document(NewEntry {
            space,
            subject,
            template: template.to_owned(),
            fields,
            occurred_at,
        })
        .await
    }

    /// The drafts on this device, the last written first: those at work, or those that were discarded.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the store reports.
    pub async fn drafts(&self, discarded: bool) -> Result<Vec<DraftRow>, DeviceError> {
        let private = self.private_space()?;
        self.inner.store()?.drafts(private, discarded).await
    }

    /// Takes a draft out of the list, on all of one's devices. Nothing of it is deleted: it is listed among those that
    /// were discarded, and can be read and published still. `false` when it was discarded already.
    ///
    /// # Errors
    /// `UnknownDraft`; else as [`Device::edit`].
    pub async fn discard_draft(&self, draft: DocumentId) -> Result<bool, DeviceError> {
        let mut tx = self.inner.store()?.snapshot().await?;
        let stored = document::read(&mut tx, draft).await?;
        drop(tx);
        let private = self.private_space()?;
        stored
            .filter(|stored| stored.space == private && !stored.is_empty())
            .ok_or(DeviceError::UnknownDraft)?;
        self.edit(draft, &[Edit::Discard]).await
    }

    /// Puts a draft into its case or circle, and closes it. What stands there then is a new document, to be edited
    /// under its own id at once, with or without a network.
    ///
    /// # Errors
    /// `UnknownDraft`; `Published` when it was published here before; `UnknownCase` when the case is not here (any
    /// more); `SharedForReading`; `EntryNotSigned` and what else [`Device::write`] says of
    /// an entry that is added to; `UnknownContact` where it names one of another case; `SetAside`; `Author`: fields in conflict, all named, or what else cannot be carried over; `DiskFull`.
    /// Then the draft is as it was.
    pub async fn publish(&self, draft: DocumentId) -> Result<DocumentId, DeviceError> {
        let device = self.clone();
        self.saving(async move { device.publish_now(draft).await })
            .await
    }

    async fn publish_now(&self, draft: DocumentId) -> Result<DocumentId, DeviceError> {
        let mut tx = self.inner.store()?.begin().await?;
        let (reading, seen) = self.read_draft(&mut tx, draft).await?;
        let subject = reading.subject.ok_or(DeviceError::UnknownCase)?;
        self.check_may_hold(subject).await?;
        if let Some(entry) = reading.adds_to() {
            additions::check(&mut tx, subject, entry).await?;
        }
        // One that is not here (set aside, or not come yet) holds nothing up: the name alone takes nothing out of a list.
        if let Some(contact) = reading.planned_contact()
            && contacts::space_of(&mut tx, contact)
                .await?
                .is_some_and(|space| space != subject)
        {
            return Err(DeviceError::UnknownContact);
        }
        let clock = self.inner.options.clock.as_ref();
        let who = self.who()?;
        let now = who.authoring(clock);
        let authoring = Authoring {
            // A draft of one change, copied by its own session, would be the very same change: of two documents,
            // with one hash.
            actor: Actor::make(who.device(), random_bytes()?),
            // What the draft says was typed when it was last written, not when it was published.
            at: reading.edited_at.unwrap_or(now.at),
            ..now
        };
        let copy = Document::clean_copy(&self.inner.templates(), &reading, &authoring)?;
        let id = DocumentId::make(now.at, random_bytes()?);
        let publishing = Publishing {
            draft,
            seen,
            operation: OperationId::make(now.at, random_bytes()?),
        };
        self.keep_copy(&mut tx, (id, subject), copy, Some(publishing))
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Keeps a copy: its first change, as the publish where it is published; more of long prose as changes after it.
    pub(super) async fn keep_copy(
        &self,
        tx: &mut Tx,
        (id, space): (DocumentId, SpaceId),
        copy: CleanCopy,
        mut publishing: Option<Publishing>,
    ) -> Result<(), DeviceError> {
        let written_at = self.inner.options.clock.now();
        let (reading, mut is_new) = (copy.reading(&self.inner.templates()), true);
        for change in std::iter::once(copy.first).chain(copy.rest) {
            let authored = Authored {
                id,
                space,
                reading: &reading,
                change,
                hash: None,
                edits: &[],
                written_at,
                seq: None,
                is_new,
                is_copy: true,
                publishes: publishing.take(),
            };
            is_new = false;
            self.keep(tx, authored).await?;
        }
        Ok(())
    }

    /// What a draft reads that can be published here still, and which changes it is read from.
    async fn read_draft(
        &self,
        tx: &mut Tx,
        draft: DocumentId,
    ) -> Result<(Reading, Vec<Seen>), DeviceError> {
        let private = self.private_space()?;
        if let Some(document) = drafts::published_here(tx, draft).await? {
            return Err(DeviceError::Published { document });
        }
        let stored = document::read(tx, draft)
            .await?
            .filter(|stored| stored.space == private && !stored.is_empty())
            .ok_or(DeviceError::UnknownDraft)?;
        if stored.aside.is_some() {
            return Err(DeviceError::SetAside { document: draft });
        }
        let document = stored.build()?;
        Ok((document.reading(&self.inner.templates()), seen(&document)))
    }

    /// Where this practitioner's drafts live.
    pub(super) fn private_space(&self) -> Result<SpaceId, DeviceError> {
        Ok(self.who()?.enrolment.practitioner.private_space())
    }
}

/// How far each actor has come in what is read. Past the limit those are left out who wrote longest ago: their devices
/// show work as not delivered that is, rather than that any goes unseen.
fn seen(document: &Document) -> Vec<Seen> {
    let versions = document.versions().into_iter();
    versions
        .take(limits::SEEN_ACTORS_MAX)
        .map(|(actor, seq)| Seen {
            actor: *actor.as_bytes(),
            seq,
        })
        .collect()
}
