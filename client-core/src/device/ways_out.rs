//! Ways out of the not-delivered box: what was typed goes on as a draft, or, where its document was signed meanwhile,
//! as a draft of an addendum to it. What is carried over leaves the box in the very transaction that keeps the draft.

use super::{Device, entries::NewEntry};
use crate::{
    error::DeviceError,
    key::random_bytes,
    store::{Tx, additions, refusals, signed},
    views::{NotDelivered, RefusedOperation, WayOut, Written},
};
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, Edit},
    guard,
    id::{DocumentId, SpaceId},
    reading::{FieldReading, Reading},
    signed::SignedText,
    template::{ADDS_TO, Language},
    time::{Moment, UnixMillis},
    value::Value,
};
use uuid::Uuid;

/// The template of what is added to a signed entry.
const ADDENDUM: &str = "addendum";

/// What was typed in one entry of the box, as it read in the end.
struct Typed {
    template: String,
    fields: Vec<FieldReading>,
    occurred_at: Option<Moment>,
    written_at: UnixMillis,
    /// Where it lies in the outbox.
    numbers: Vec<i64>,
}

/// Whether an operation holds what a person typed into a document.
fn is_typed(one: &RefusedOperation) -> bool {
    matches!(one.operation, "change" | "publish") && !one.written.template.is_empty()
}

impl Typed {
    /// None where nothing was typed into a document.
    fn of(item: &NotDelivered) -> Option<Self> {
        let mut typed: Option<Self> = None;
        for one in item.operations.iter().filter(|one| is_typed(one)) {
            let Written {
                template,
                occurred_at,
                fields,
                ..
            } = &one.written;
            let so_far = typed.get_or_insert_with(|| Self {
                template: template.clone(),
                fields: Vec::new(),
                occurred_at: None,
                written_at: one.written_at,
                numbers: Vec::new(),
            });
            for field in fields {
                match so_far
                    .fields
                    .iter_mut()
                    .find(|known| known.name == field.name)
                {
                    Some(known) => *known = field.clone(),
                    None => so_far.fields.push(field.clone()),
                }
            }
            so_far.occurred_at = occurred_at.or(so_far.occurred_at);
            so_far.numbers.push(one.number);
        }
        typed
    }
}

impl Device {
    /// The ways out of the box that fit what lies there.
    pub(super) async fn ways_out(&self, item: &NotDelivered) -> Result<Vec<WayOut>, DeviceError> {
        let mut ways = Vec::new();
        if item.retryable {
            ways.push(WayOut::Retry);
        }
        if let Some(typed) = Typed::of(item) {
            let mut tx = self.inner.store()?.snapshot().await?;
            let target = refusals::target(&mut tx, item).await?;
            let text = self.text_of(&mut tx, target.document).await?;
            drop(tx);
            if text.is_some() {
                ways.push(WayOut::Addendum);
            } else if self.can_be_drafted(&typed, target.subject).await? {
                ways.push(WayOut::Draft);
            }
        }
        let is_light = |one: &RefusedOperation| {
            matches!(
                one.operation,
                "sign"
                    | "join"
                    | "leave"
                    | "share"
                    | "withdraw"
                    | "restrict"
                    | "assign"
                    | "unassign"
            )
        };
        if item.operations.iter().all(is_light) {
            ways.push(WayOut::Discard);
        }
        ways.push(WayOut::Export);
        Ok(ways)
    }

    async fn can_be_drafted(
        &self,
        typed: &Typed,
        subject: Option<SpaceId>,
    ) -> Result<bool, DeviceError> {
        let Some(subject) = subject.filter(|_| self.is_entry(typed)) else {
            return Ok(false);
        };
        match self.may_begin(subject, &typed.template, &[]).await {
            Ok(()) | Err(DeviceError::AddsToNothing) => Ok(true),
            Err(
                DeviceError::UnknownCase
                | DeviceError::SharedForReading
                | DeviceError::CircleClosed
                | DeviceError::CardTemplate,
            ) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether it was typed into an entry of a template that is known here.
    fn is_entry(&self, typed: &Typed) -> bool {
        let templates = self.inner.templates();
        let template = templates.latest(&typed.template);
        template.is_some_and(|template| template.kind.is_signed())
    }

    /// The text of a signed document that reads.
    async fn text_of(
        &self,
        tx: &mut Tx,
        document: Option<DocumentId>,
    ) -> Result<Option<Reading>, DeviceError> {
        let Some(document) = document else {
            return Ok(None);
        };
        let text = signed::text(tx, document).await?;
        let Some(text) = text.filter(|text| !text.is_aside) else {
            return Ok(None);
        };
        let text =
            SignedText::decode(&text.bytes).map_err(|_| DeviceError::SetAside { document })?;
        Ok(Some(guard::guarded(|| {
            text.reading(&self.inner.templates())
        })?))
    }

    async fn item(&self, id: Uuid) -> Result<(NotDelivered, Typed), DeviceError> {
        let list = self.inner.store()?.not_delivered().await?;
        let item = list.into_iter().find(|item| item.id == id);
        let item = item.ok_or(DeviceError::UnknownRefusal)?;
        let typed = Typed::of(&item).ok_or(DeviceError::NotThatWayOut)?;
        Ok((item, typed))
    }

    /// Makes a draft of an addendum from what was typed too late into a document that is signed: it names the entry
    /// and tells what differs, in this language. What was typed leaves the box in the same transaction.
    ///
    /// # Errors
    /// `UnknownRefusal`; `NotThatWayOut` where nothing was typed or the document is not signed; `Author` (more than an
    /// addendum takes), `DiskFull`. Then all of it stays in the box.
    pub async fn addendum_of_not_delivered(
        &self,
        id: Uuid,
        language: Language,
    ) -> Result<DocumentId, DeviceError> {
        let device = self.clone();
        self.saving(async move {
            // The only writer from here on: what the box holds stays so.
            let mut tx = device.inner.store()?.begin().await?;
            let (item, typed) = device.item(id).await?;
            let target = refusals::target(&mut tx, &item).await?;
            let text = device.text_of(&mut tx, target.document).await?;
            let (Some(text), Some(document)) = (text, target.document) else {
                return Err(DeviceError::NotThatWayOut);
            };
            let entry = additions::entry_of(&mut tx, document).await?;
            let new = NewEntry {
                space: device.who()?.enrolment.practitioner.private_space(),
                subject: entry.space,
                template: ADDENDUM.to_owned(),
                fields: device.addendum_fields(&text, &typed, entry.document, language),
                occurred_at: Some(device.moment_of(typed.written_at)),
            };
            let draft = device.create_document(&mut tx, new).await?;
            refusals::resolve(&mut tx, &typed.numbers).await?;
            tx.commit().await?;
            Ok(draft)
        })
        .await
    }

    fn addendum_fields(
        &self,
        text: &Reading,
        typed: &Typed,
        entry: DocumentId,
        language: Language,
    ) -> Vec<Edit> {
        let templates = &*self.inner.templates();
        let mut lines = text.differences(&typed.fields, templates, language);
        if lines.is_empty() {
            // The text says the same by now: what was typed is told all the same.
            let nothing = Reading {
                fields: Vec::new(),
                ..text.clone()
            };
            lines = nothing.differences(&typed.fields, templates, language);
        }
        let moved = typed.occurred_at.filter(|at| Some(*at) != text.occurred_at);
        lines.extend(moved.map(|at| when_it_happened(at, language)));
        let reason = match language {
            Language::Danish => "Rettelsen nåede ikke frem, før notatet blev godkendt",
            Language::English => "The change did not arrive before the entry was signed",
        };
        let set = |field: &str, value| Edit::Set {
            field: field.to_owned(),
            value,
        };
        vec![
            set("text", Value::Text(lines.join("\n"))),
            set("reason", Value::Text(reason.to_owned())),
            set(ADDS_TO, Value::Reference(entry.0)),
        ]
    }

    /// A time as it is written down here.
    fn moment_of(&self, at: UnixMillis) -> Moment {
        Moment {
            at,
            offset_minutes: self.inner.options.clock.offset_minutes(),
        }
    }

    /// Makes a draft from what was typed: each field as it read in the end. What was typed leaves the box in the same
    /// transaction.
    ///
    /// # Errors
    /// `UnknownRefusal`; `NotThatWayOut` where nothing was typed, for a card or a planned contact, and where the document is signed;
    /// `UnknownCase` when the case or circle is not here (any more); `Author` (fields in conflict, or what the template
    /// does not know), `DiskFull`. Then all of it stays in the box.
    pub async fn draft_of_not_delivered(&self, id: Uuid) -> Result<DocumentId, DeviceError> {
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            let (item, typed) = device.item(id).await?;
            let target = refusals::target(&mut tx, &item).await?;
            if device.text_of(&mut tx, target.document).await?.is_some() {
                return Err(DeviceError::NotThatWayOut);
            }
            let subject = target.subject.ok_or(DeviceError::UnknownCase)?;
            device
                .may_begin(subject, &typed.template, &[])
                .await
                .or_else(|error| match error {
                    // Which entry it adds to is among what was typed, and asked about when it is published.
                    DeviceError::AddsToNothing => Ok(()),
                    DeviceError::CardTemplate | DeviceError::ContactTemplate => {
                        Err(DeviceError::NotThatWayOut)
                    }
                    other => Err(other),
                })?;
            let draft = device.draft_typed(&mut tx, &typed, subject).await?;
            refusals::resolve(&mut tx, &typed.numbers).await?;
            tx.commit().await?;
            Ok(draft)
        })
        .await
    }

    async fn draft_typed(
        &self,
        tx: &mut Tx,
        typed: &Typed,
        subject: SpaceId,
    ) -> Result<DocumentId, DeviceError> {
        let templates = &*self.inner.templates();
        let template = templates.latest(&typed.template);
        let template = template.ok_or(DeviceError::NotThatWayOut)?;
        let when = typed.occurred_at;
        let reading = Reading {
            kind: template.kind,
            template: template.name.clone(),
            template_version: template.version,
            template_known: true,
            subject: Some(subject),
            occurred_at: when.or_else(|| Some(self.moment_of(typed.written_at))),
            written_at: None,
            edited_at: None,
            authors: Vec::new(),
            fields: typed.fields.clone(),
            conflicts: 0,
            invalid: 0,
            discarded: false,
        };
        let who = self.who()?;
        let authoring = Authoring {
            // The same words written twice by one session would be one change of two documents.
            actor: Actor::make(who.device(), random_bytes()?),
            ..who.authoring(self.inner.options.clock.as_ref())
        };
        let copy = Document::clean_copy(templates, &reading, &authoring)?;
        let id = DocumentId::make(authoring.at, random_bytes()?);
        let space = who.enrolment.practitioner.private_space();
        self.keep_copy(tx, (id, space), copy, None).await?;
        Ok(id)
    }
}

fn when_it_happened(at: Moment, language: Language) -> String {
    let field = samspor_documents::template::occurred_at();
    let shown = Value::Moment(at).display(field, language);
    format!("{}: {shown}", field.labels.get(language))
}
