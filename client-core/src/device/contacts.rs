//! Planned contacts: agreed, moved, called off and begun, with or without a network.
//!
//! Beginning a visit marks its contact and begins its entry's draft in one transaction: from then on it is seen by
//! everybody in the case that the visit took place, whatever becomes of its author.

use super::{Device, entries::NewEntry, from_last::with_last};
use crate::{
    clock::{day_of, week_of},
    error::DeviceError,
    store::{
        Tx,
        contacts::{self, Wanted},
        document,
    },
    views::{ContactFilter, ContactRow, Contacts, NewContact, NewVisit, StartedVisit},
};
use samspor_documents::{
    contact::{ContactStatus, PRACTITIONER, STATUS},
    document::Edit,
    guard,
    id::{DocumentId, PractitionerId, SpaceId},
    permission::Act,
    reading::Reading,
    template::{OCCURRED_AT, PLANNED_CONTACT, Template},
    time::Moment,
    value::Value,
};

/// What an entry takes over from its planned contact.
pub(super) const TAKEN_OVER: [&str; 2] = ["visit_type", "contact_form"];

pub(super) fn set(field: &str, value: Value) -> Edit {
    Edit::Set {
        field: field.to_owned(),
        value,
    }
}

fn status_value(status: ContactStatus) -> Value {
    Value::Code(status.code().to_owned())
}

/// Whether one of the edits sets this field.
pub(super) fn sets(edits: &[Edit], name: &str) -> bool {
    let is_it = |edit: &Edit| matches!(edit, Edit::Set { field, .. } if field == name);
    edits.iter().any(is_it)
}

/// Sets a field, or ends the conflict in it.
fn settle(reading: &Reading, name: &str, value: Value) -> Edit {
    let field = name.to_owned();
    match reading.field(name).is_some_and(|one| one.needs_choice()) {
        true => Edit::Choose {
            field,
            item: None,
            value,
        },
        false => Edit::Set { field, value },
    }
}

impl Device {
    /// Plans a contact in a case.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownCase`, `SharedForReading`, `Author` (what its template refuses), `DiskFull`: then nothing
    /// is kept.
    pub async fn plan_contact(&self, new: NewContact) -> Result<DocumentId, DeviceError> {
        self.check_may(new.case, Act::Write).await?;
        let mut fields = new.fields;
        if !sets(&fields, STATUS) {
            fields.push(set(STATUS, status_value(ContactStatus::Agreed)));
        }
        fields.extend(new.practitioner.map(made_by));
        self.begin_document(NewEntry {
            space: new.case,
            subject: new.case,
            template: PLANNED_CONTACT.to_owned(),
            fields,
            occurred_at: Some(new.planned_at),
        })
        .await
    }

    /// Moves a planned contact to another time; `false` when it is planned for then already. Several times written at
    /// once are settled by it.
    ///
    /// # Errors
    /// `UnknownContact`; else as [`Device::edit`].
    pub async fn move_contact(
        &self,
        contact: DocumentId,
        planned_at: Moment,
    ) -> Result<bool, DeviceError> {
        let reading = self.contact_reading(contact).await?;
        let edit = match reading.field(OCCURRED_AT) {
            Some(_) => settle(&reading, OCCURRED_AT, Value::Moment(planned_at)),
            None => Edit::OccurredAt(planned_at),
        };
        self.edit(contact, &[edit]).await
    }

    /// Says what became of a planned contact; `false` when it says so already. Several that were written at once are
    /// settled by it.
    ///
    /// # Errors
    /// `UnknownContact`; else as [`Device::edit`].
    pub async fn set_contact_status(
        &self,
        contact: DocumentId,
        status: ContactStatus,
    ) -> Result<bool, DeviceError> {
        let reading = self.contact_reading(contact).await?;
        let edit = settle(&reading, STATUS, status_value(status));
        self.edit(contact, &[edit]).await
    }

    async fn contact_reading(&self, contact: DocumentId) -> Result<Reading, DeviceError> {
        self.contact(contact).await?;
        self.read(contact).await
    }

    /// Begins a visit: its planned contact says so, and a draft of its entry names it.
    ///
    /// # Errors
    /// `UnknownContact` where none of this id is in the case; `NamesNoContact` for a template whose entries name none;
    /// else as [`Device::write`]. Then nothing is kept.
    pub async fn start_visit(&self, visit: NewVisit) -> Result<StartedVisit, DeviceError> {
        let visit = self.check_visit(visit).await?;
        let private = self.private_space()?;
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            let started = device.start_within(&mut tx, visit, private).await?;
            tx.commit().await?;
            Ok(started)
        })
        .await
    }

    /// Whether a visit can begin, and what it begins with.
    pub(super) async fn check_visit(&self, mut visit: NewVisit) -> Result<NewVisit, DeviceError> {
        self.check_may(visit.case, Act::Write).await?;
        let templates = self.inner.templates();
        let template = templates.begun(&visit.template);
        if template.is_some_and(|template| !template.names_contact()) {
            return Err(DeviceError::NamesNoContact);
        }
        if let Some(contact) = visit.contact
            && self.contact(contact).await?.case != visit.case
        {
            return Err(DeviceError::UnknownContact);
        }
        if visit.from_last {
            let last = self.last_of(visit.case, &visit.template, visit.occurred_at);
            visit.fields = with_last(visit.fields, last.await?.as_ref());
        }
        Ok(visit)
    }

    /// Begins a visit inside a transaction, with its entry in this space: the private one, or its case.
    pub(super) async fn start_within(
        &self,
        tx: &mut Tx,
        visit: NewVisit,
        space: SpaceId,
    ) -> Result<StartedVisit, DeviceError> {
        let me = self.who()?.enrolment.practitioner;
        let templates = self.inner.templates();
        let template = templates.begun(&visit.template);
        let occurred_at = visit.occurred_at;
        let at = occurred_at.unwrap_or_else(|| self.inner.options.clock.moment());
        let planned = match visit.contact {
            Some(contact) => Some(contact),
            None => contacts::agreed_near(tx, visit.case, me, day_of(at.at), at.at).await?,
        };
        let mut fields = visit.fields;
        let contact = match planned {
            Some(contact) => {
                let reading = self.mark_started(tx, contact).await?;
                fields.extend(taken_over(&reading, &fields, template));
                contact
            }
            None => {
                let contact = NewEntry {
                    space: visit.case,
                    subject: visit.case,
                    template: PLANNED_CONTACT.to_owned(),
                    fields: unplanned(&fields, me),
                    occurred_at: Some(at),
                };
                self.create_document(tx, contact).await?
            }
        };
        fields.push(set(PLANNED_CONTACT, Value::Reference(contact.0)));
        let draft = NewEntry {
            space,
            subject: visit.case,
            template: visit.template,
            fields,
            occurred_at: Some(at),
        };
        let draft = self.create_document(tx, draft).await?;
        Ok(StartedVisit { contact, draft })
    }

    /// Marks a contact as begun, whatever it said, and reads it.
    async fn mark_started(&self, tx: &mut Tx, contact: DocumentId) -> Result<Reading, DeviceError> {
        let stored = document::read(tx, contact)
            .await?
            .ok_or(DeviceError::UnknownContact)?;
        let loaded = stored.build()?;
        let reading = guard::guarded(|| loaded.reading(&self.inner.templates()))?;
        let edit = settle(&reading, STATUS, status_value(ContactStatus::Started));
        self.edit_within(tx, contact, &[edit]).await?;
        Ok(reading)
    }

    /// Planned contacts on this device, the first to come first.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the store reports.
    pub async fn contacts(&self, filter: ContactFilter) -> Result<Vec<ContactRow>, DeviceError> {
        let me = self.who()?.enrolment.practitioner;
        let now = self.inner.options.clock.now();
        let hidden = self.hidden().await?;
        let wanted = Wanted {
            which: filter.which,
            case: filter.case,
            of: filter.mine.then_some(me),
            now,
            days: match filter.which {
                Contacts::Week => week_of(now),
                _ => day_of(now),
            },
        };
        let mut rows = self.inner.store()?.contacts(&wanted).await?;
        rows.retain(|row| !hidden.hides(row.case, row.document));
        rows.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
        Ok(rows)
    }

    /// One planned contact.
    ///
    /// # Errors
    /// `UnknownContact`.
    pub async fn contact(&self, contact: DocumentId) -> Result<ContactRow, DeviceError> {
        let now = self.inner.options.clock.now();
        let hidden = self.hidden().await?;
        let row = self.inner.store()?.contact(contact, now).await?;
        row.filter(|row| !hidden.hides(row.case, row.document))
            .ok_or(DeviceError::UnknownContact)
    }
}

fn made_by(practitioner: PractitionerId) -> Edit {
    set(PRACTITIONER, Value::Reference(practitioner.0))
}

/// What a contact says that nobody planned: what the entry says of it, and who made it.
fn unplanned(fields: &[Edit], me: PractitionerId) -> Vec<Edit> {
    let is_taken = |edit: &&Edit| matches!(edit, Edit::Set { field, .. } if TAKEN_OVER.contains(&field.as_str()));
    let mut said: Vec<Edit> = fields.iter().filter(is_taken).cloned().collect();
    said.push(set(STATUS, status_value(ContactStatus::Started)));
    said.push(made_by(me));
    said
}

/// What the entry takes over from its planned contact: what its template has and nobody typed.
fn taken_over(reading: &Reading, typed: &[Edit], template: Option<&Template>) -> Vec<Edit> {
    let has = |name: &&str| template.is_some_and(|template| template.field(name).is_some());
    let names = TAKEN_OVER.into_iter().filter(has);
    let untyped = names.filter(|name| !sets(typed, name));
    untyped
        .filter_map(|name| Some(set(name, reading.value(name)?.clone())))
        .collect()
}
