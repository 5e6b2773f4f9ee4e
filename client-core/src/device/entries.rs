//! Entries: written, edited, read, chosen. A local edit is one change, one piece of unsent work and the rows of
//! lists, in one transaction: after it returns, the work survives a power cut; before, nothing of it is kept.

use super::{
    Device,
    keep::{Authored, Ready},
};
use crate::{
    error::DeviceError,
    key::random_bytes,
    store::{
        Tx, additions, closings, contacts, document, drafts, shares, signed, writing::Writing,
    },
    views::{SetAsideDocument, TimelinePage, TimelineRow},
};
use samspor_documents::{
    document::{Begun, Edit, NewDocument},
    guard,
    id::{DocumentId, SpaceId},
    permission::Act,
    reading::Reading,
    signed::SignedText,
    template::{ADDS_TO, PLANNED_CONTACT, Template, TemplateKind},
    time::Moment,
    value::Value,
};
use sqlx::SqliteConnection;
use uuid::Uuid;

/// A document about to be written.
pub(super) struct NewEntry {
    /// Where it lives, for ever.
    pub(super) space: SpaceId,
    /// The case or circle that it is about.
    pub(super) subject: SpaceId,
    pub(super) template: String,
    pub(super) fields: Vec<Edit>,
    /// Now, when none.
    pub(super) occurred_at: Option<Moment>,
}

impl Device {
    /// Writes a new entry or reflection about a case or in a circle. `occurred_at`: now, when none. An addendum or a
    /// remark sets the field that names its entry: see [`Device::adding_to`].
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownCase`, `CardTemplate`, `ContactTemplate`, `UnknownContact`, `Author` (what the template
    /// refuses), `TooLarge`, `DiskFull`; of what adds to an entry also `AddsToNothing`, `UnknownDocument`, `EntryNotSigned`,
    /// `EntryElsewhere`, `SetAside`: then nothing is kept.
    pub async fn write(
        &self,
        subject: SpaceId,
        template: &str,
        fields: Vec<Edit>,
        occurred_at: Option<Moment>,
    ) -> Result<DocumentId, DeviceError> {
        // Whether anything can be written there is asked where it is written.
        self.may_stand(subject, template, &fields).await?;
        self.begin_document(NewEntry {
            space: subject,
            subject,
            template: template.to_owned(),
            fields,
            occurred_at,
        })
        .await
    }

    /// Where an addendum or a remark to this document stands, and the edit that names the entry which it adds to: the
    /// document, or (it is an addition itself) the entry that it adds to.
    ///
    /// # Errors
    /// `UnknownDocument`, `SetAside`, `EntryNotSigned`.
    pub async fn adding_to(&self, document: DocumentId) -> Result<(SpaceId, Edit), DeviceError> {
        let entry = self.inner.store()?.entry_of(document).await?;
        let names_entry = Edit::Set {
            field: ADDS_TO.to_owned(),
            value: Value::Reference(entry.document.0),
        };
        Ok((entry.space, names_entry))
    }

    /// Whether a document of this template can be begun about this case or circle.
    pub(super) async fn may_begin(
        &self,
        subject: SpaceId,
        template: &str,
        fields: &[Edit],
    ) -> Result<(), DeviceError> {
        self.may_stand(subject, template, fields).await?;
        self.check_may_hold(subject).await?;
        let store = self.inner.store()?;
        closings::check_open(&mut *store.reader().await?, subject).await
    }

    /// The same as far as it is a matter of the template, and of what the document names.
    async fn may_stand(
        &self,
        subject: SpaceId,
        template: &str,
        fields: &[Edit],
    ) -> Result<(), DeviceError> {
        let templates = self.inner.templates();
        let known = templates.latest(template);
        match known.map(|template| template.kind) {
            Some(TemplateKind::Card) => return Err(DeviceError::CardTemplate),
            Some(TemplateKind::PlannedContact) => return Err(DeviceError::ContactTemplate),
            _ => {}
        }
        let is_addition = known.is_some_and(Template::is_addition);
        let contact = named_by(fields, PLANNED_CONTACT);
        let contact = contact.filter(|_| known.is_some_and(Template::names_contact));
        if !is_addition && contact.is_none() {
            return Ok(());
        }
        self.check_may_hold(subject).await?;
        let store = self.inner.store()?;
        if is_addition {
            let entry = named_by(fields, ADDS_TO).ok_or(DeviceError::AddsToNothing)?;
            let mut tx = store.snapshot().await?;
            additions::check(&mut tx, subject, entry).await?;
        }
        if let Some(contact) = contact
            && contacts::space_of(&mut *store.reader().await?, contact).await? != Some(subject)
        {
            return Err(DeviceError::UnknownContact);
        }
        Ok(())
    }

    /// Makes a document in a transaction of its own, in which it is asked whether it can stand there. While the store
    /// answers, the document is made.
    pub(super) async fn begin_document(&self, new: NewEntry) -> Result<DocumentId, DeviceError> {
        let device = self.clone();
        self.saving(async move {
            let begin = device.begin_about(new.subject);
            let (writing, made) = tokio::join!(begin, async { device.make_document(new) });
            match (writing?, made) {
                (writing, Ok((id, ready))) => {
                    ready.commit(writing).await?;
                    Ok(id)
                }
                (writing, Err(error)) => {
                    writing.give_up().await;
                    Err(error)
                }
            }
        })
        .await
    }

    /// Begins the transaction that begins a document about this case or circle, if one can be.
    async fn begin_about(&self, subject: SpaceId) -> Result<Writing, DeviceError> {
        let mut writing = self.inner.store()?.begin_writing().await?;
        match self.check_may_begin(writing.db()?, subject).await {
            Ok(()) => Ok(writing),
            Err(error) => {
                writing.give_up().await;
                Err(error)
            }
        }
    }

    /// Whether a document can be begun about this case or circle, by the transaction that begins it.
    async fn check_may_begin(
        &self,
        db: &mut SqliteConnection,
        subject: SpaceId,
    ) -> Result<(), DeviceError> {
        // A case of a team's own: no share is to be looked into, and it is no circle.
        if let (Some(_), false) = shares::team_and_received(db, subject).await? {
            return Ok(());
        }
        self.check_may_hold(subject).await?;
        closings::check_open(db, subject).await
    }

    /// Whether documents can be written there: a case of one's own team, the circle of one of one's teams, or a circle in
    /// which one takes part.
    ///
    /// # Errors
    /// `UnknownCase`, `SharedForReading`.
    pub(super) async fn check_may_hold(&self, space: SpaceId) -> Result<(), DeviceError> {
        match self.check_may(space, Act::Write).await {
            Err(DeviceError::UnknownCase) if self.is_own_circle(space).await? => Ok(()),
            other => other,
        }
    }

    /// Makes a document inside a transaction: in a case or among drafts, which is known to be allowed.
    pub(super) async fn create_document(
        &self,
        tx: &mut Tx,
        entry: NewEntry,
    ) -> Result<DocumentId, DeviceError> {
        let (id, ready) = self.make_document(entry)?;
        ready.write(tx).await?;
        Ok(id)
    }

    /// Makes a document, as far as the store is not needed.
    fn make_document(&self, entry: NewEntry) -> Result<(DocumentId, Ready), DeviceError> {
        let clock = self.inner.options.clock.as_ref();
        let authoring = self.who()?.authoring(clock);
        let id = DocumentId::make(authoring.at, random_bytes()?);
        let new = NewDocument {
            template: &entry.template,
            subject: entry.subject,
            occurred_at: entry.occurred_at.unwrap_or_else(|| clock.moment()),
            fields: entry.fields,
        };
        let templates = self.inner.templates();
        let begun = Begun::write(&templates, &new, &authoring)?;
        let ready = self.make_ready(Authored {
            id,
            space: entry.space,
            reading: &begun.reading(&templates),
            change: begun.change,
            hash: Some(begun.hash),
            edits: &new.fields,
            written_at: authoring.at,
            seq: None,
            is_new: true,
            is_copy: false,
            publishes: None,
        })?;
        Ok((id, ready))
    }

    /// Edits a document in one change. `false` when the edits say what is there already: nothing is kept then.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownDocument`, `SetAside`, `Signed`, `Published` (a draft), `Author` (a field in conflict is
    /// written by `choose` only),
    /// `TooLarge`, `DiskFull`: then nothing is kept.
    pub async fn edit(&self, document: DocumentId, edits: &[Edit]) -> Result<bool, DeviceError> {
        let (device, edits) = (self.clone(), edits.to_vec());
        self.saving(async move { device.edit_now(document, &edits).await })
            .await
    }

    async fn edit_now(&self, document: DocumentId, edits: &[Edit]) -> Result<bool, DeviceError> {
        self.check_writable(document).await?;
        let mut tx = self.inner.store()?.begin().await?;
        let is_changed = self.edit_within(&mut tx, document, edits).await?;
        tx.commit().await?;
        Ok(is_changed)
    }

    /// Edits a document inside a transaction; whether it may be written is known.
    pub(super) async fn edit_within(
        &self,
        tx: &mut Tx,
        document: DocumentId,
        edits: &[Edit],
    ) -> Result<bool, DeviceError> {
        let who = self.who()?;
        let stored = document::read(tx, document)
            .await?
            .filter(|stored| !stored.is_empty())
            .ok_or(DeviceError::UnknownDocument)?;
        if stored.aside.is_some() {
            return Err(DeviceError::SetAside { document });
        }
        if let Some(document) = drafts::published_here(tx, document).await? {
            return Err(DeviceError::Published { document });
        }
        if stored.signed != signed::state::OPEN {
            return Err(DeviceError::Signed { document });
        }
        let mut loaded = stored.build()?;
        let authoring = who.authoring(self.inner.options.clock.as_ref());
        let Some(change) = loaded.edit(&self.inner.templates(), edits, &authoring)? else {
            return Ok(false);
        };
        let authored = Authored {
            id: document,
            space: stored.space,
            reading: &loaded.reading(&self.inner.templates()),
            change,
            hash: None,
            edits,
            written_at: authoring.at,
            seq: stored.seq,
            is_new: false,
            is_copy: false,
            publishes: None,
        };
        self.keep(tx, authored).await?;
        Ok(true)
    }

    /// Ends a conflict: writes the value chosen, and what was seen when choosing. `item`: the item and its own
    /// field, where the conflict is within a list.
    ///
    /// # Errors
    /// As [`Device::edit`].
    pub async fn choose(
        &self,
        document: DocumentId,
        field: &str,
        item: Option<(Uuid, String)>,
        value: Value,
    ) -> Result<bool, DeviceError> {
        let choice = Edit::Choose {
            field: field.to_owned(),
            item,
            value,
        };
        self.edit(document, &[choice]).await
    }

    /// What a document says, with what waits here included. A signed one says its text, and nothing else.
    ///
    /// # Errors
    /// `UnknownDocument`; `Guard` when it does not open, `SetAside` when its signed text came damaged.
    pub async fn read(&self, document: DocumentId) -> Result<Reading, DeviceError> {
        self.check_shown(document).await?;
        let mut tx = self.inner.store()?.snapshot().await?;
        if let Some(text) = signed::text(&mut tx, document).await? {
            let text =
                SignedText::decode(&text.bytes).map_err(|_| DeviceError::SetAside { document })?;
            return Ok(guard::guarded(|| text.reading(&self.inner.templates()))?);
        }
        let stored = document::read(&mut tx, document)
            .await?
            .filter(|stored| !stored.is_empty())
            .ok_or(DeviceError::UnknownDocument)?;
        let loaded = stored.build()?;
        Ok(guard::guarded(|| loaded.reading(&self.inner.templates()))?)
    }

    /// A document's row: headings, times, author, whether it waits.
    ///
    /// # Errors
    /// What the store reports; none when it is not in the lists.
    pub async fn row(&self, document: DocumentId) -> Result<Option<TimelineRow>, DeviceError> {
        match self.check_shown(document).await {
            Err(DeviceError::UnknownDocument) => Ok(None),
            Err(error) => Err(error),
            Ok(()) => {
                let private = self.private_space().ok();
                let row = self.inner.store()?.row(private, document).await?;
                self.without_hidden(row).await
            }
        }
    }

    /// One page of a citizen's merged timeline: the entries of this case and of the other cases on this device
    /// that are about the same citizen, newest first.
    ///
    /// # Errors
    /// `UnknownCase`.
    pub async fn timeline(
        &self,
        case: SpaceId,
        page: TimelinePage,
    ) -> Result<Vec<TimelineRow>, DeviceError> {
        let cases = self.cases_of_citizen(case).await?;
        self.inner.store()?.timeline(&cases, page).await
    }

    /// Documents that came damaged: kept as they came, left out of lists.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn set_aside(&self) -> Result<Vec<SetAsideDocument>, DeviceError> {
        self.inner.store()?.set_aside_documents().await
    }

    /// A document's bytes as they are kept, for support: its signed text, the snapshot, then each change on top of it.
    ///
    /// # Errors
    /// `UnknownDocument`.
    pub async fn export_bytes(&self, document: DocumentId) -> Result<Vec<Vec<u8>>, DeviceError> {
        self.check_shown(document).await?;
        let mut tx = self.inner.store()?.snapshot().await?;
        let stored = document::read(&mut tx, document)
            .await?
            .ok_or(DeviceError::UnknownDocument)?;
        let changes = stored.changes.into_iter().map(|(body, _)| body);
        let whole = stored.text.into_iter().chain(stored.snapshot);
        Ok(whole.chain(changes).collect())
    }
}

/// The document that edits name in this field, by the last of them.
fn named_by(edits: &[Edit], name: &str) -> Option<DocumentId> {
    let named = |edit: &Edit| match edit {
        Edit::Set {
            field,
            value: Value::Reference(id),
        } if field == name => Some(DocumentId(*id)),
        _ => None,
    };
    edits.iter().rev().find_map(named)
}
