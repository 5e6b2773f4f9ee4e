//! A visit written in one act: the child's entry in the child's case, and what concerns each parent in that parent's own.
//!
//! One transaction writes all of it and marks the planned contact, or nothing is kept. A parent's part never stands in
//! the child's record, nor the other way round; the planned contact is the child's, and the parents' entries name none.

use super::{
    Device,
    contacts::{TAKEN_OVER, set, sets},
    entries::NewEntry,
};
use crate::{
    error::DeviceError,
    key::random_bytes,
    store::{Tx, document},
    views::{ParentCase, ParentForm, VisitForm, WrittenParent, WrittenVisit},
};
use samspor_documents::{
    card::{CitizenKind, RelationKind},
    document::Edit,
    guard,
    id::{DocumentId, SpaceId, TeamId},
    permission::Act,
    reading::Reading,
    template::TemplateKind,
    time::Moment,
    value::Value,
};

const RELATIONS: &str = "relations";

/// Where cases of parents are opened, and who says that they are this child's.
struct Child {
    team: TeamId,
    card: DocumentId,
    reading: Reading,
}

impl Device {
    /// Writes a visit with what it says of the parents.
    ///
    /// # Errors
    /// As [`Device::start_visit`]; `UnknownCase`, `SharedForReading` and `NoParentsCase` of a parent's case; `NotYourTeam`
    /// where one may not open one, `NoRelation` where nothing says how they belong together. Then nothing is kept.
    pub async fn write_visit(&self, form: VisitForm) -> Result<WrittenVisit, DeviceError> {
        let VisitForm {
            visit,
            parents,
            published,
        } = form;
        let visit = self.check_visit(visit).await?;
        let child = self.child(visit.case, &parents).await?;
        let private = self.private_space()?;
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            let at = visit.occurred_at;
            let at = at.unwrap_or_else(|| device.inner.options.clock.moment());
            let place = |case| if published { case } else { private };
            let space = place(visit.case);
            let started = device.start_within(&mut tx, visit, space).await?;
            let said = device.said_in(&mut tx, started.draft).await?;
            let mut written = Vec::with_capacity(parents.len());
            for form in parents {
                let (case, opened) = match &form.parent {
                    ParentCase::Here(case) => (*case, false),
                    ParentCase::Opened { name, relation } => {
                        let child = child.as_ref().ok_or(DeviceError::UnknownCase)?;
                        let opened = device.open_parent(&mut tx, child, name, *relation);
                        (opened.await?, true)
                    }
                };
                let where_to = (case, place(case));
                let entry = device
                    .write_parent(&mut tx, where_to, form, &said, at)
                    .await?;
                written.push(WrittenParent {
                    case,
                    entry,
                    opened,
                });
            }
            tx.commit().await?;
            Ok(WrittenVisit {
                contact: started.contact,
                entry: started.draft,
                parents: written,
            })
        })
        .await
    }

    /// Whether what is said of parents may be written where it is to stand, and the child's card where one is opened.
    async fn child(
        &self,
        case: SpaceId,
        parents: &[ParentForm],
    ) -> Result<Option<Child>, DeviceError> {
        let mut opens = false;
        for form in parents {
            let templates = self.inner.templates();
            let template = templates.begun(&form.template);
            match template.map(|template| template.kind) {
                Some(TemplateKind::Card) => return Err(DeviceError::CardTemplate),
                Some(TemplateKind::PlannedContact) => return Err(DeviceError::ContactTemplate),
                _ => {}
            }
            let ParentCase::Here(parent) = form.parent else {
                opens = true;
                continue;
            };
            self.check_may(parent, Act::Write).await?;
            if parent == case || self.card(parent).await?.kind != CitizenKind::Parent {
                return Err(DeviceError::NoParentsCase);
            }
        }
        if !opens {
            return Ok(None);
        }
        let store = self.inner.store()?;
        let team = store.team_of(case).await?.ok_or(DeviceError::UnknownCase)?;
        self.check_may_open(team).await?;
        Ok(Some(Child {
            team,
            card: store.card_of(case).await?.ok_or(DeviceError::UnknownCase)?,
            reading: self.card_reading(case).await?,
        }))
    }

    /// Opens a parent's case, and names it on the child's card.
    async fn open_parent(
        &self,
        tx: &mut Tx,
        child: &Child,
        name: &str,
        relation: Option<RelationKind>,
    ) -> Result<SpaceId, DeviceError> {
        let card = vec![
            set("name", Value::Text(name.to_owned())),
            set("kind", Value::Code("parent".to_owned())),
        ];
        let case = self.open_within(tx, child.team, card).await?;
        let value = Value::Reference(case.0);
        let edit = match named(&child.reading, name) {
            Some(item) => Edit::SetItem {
                field: RELATIONS.to_owned(),
                item,
                name: "case".to_owned(),
                value,
            },
            None => {
                let relation = code(relation.ok_or(DeviceError::NoRelation)?);
                Edit::AddItem {
                    field: RELATIONS.to_owned(),
                    item: uuid::Builder::from_random_bytes(random_bytes()?).into_uuid(),
                    values: vec![
                        ("relation".to_owned(), Value::Code(relation.to_owned())),
                        ("case".to_owned(), value),
                        ("name".to_owned(), Value::Text(name.to_owned())),
                    ],
                }
            }
        };
        self.edit_within(tx, child.card, &[edit]).await?;
        Ok(case)
    }

    /// What an entry says that was written in this transaction.
    async fn said_in(&self, tx: &mut Tx, entry: DocumentId) -> Result<Reading, DeviceError> {
        let stored = document::read(tx, entry).await?;
        let loaded = stored.ok_or(DeviceError::UnknownDocument)?.build()?;
        let templates = self.inner.templates();
        Ok(guard::guarded(|| loaded.reading(&templates))?)
    }

    async fn write_parent(
        &self,
        tx: &mut Tx,
        (case, space): (SpaceId, SpaceId),
        form: ParentForm,
        child: &Reading,
        at: Moment,
    ) -> Result<DocumentId, DeviceError> {
        let mut fields = form.fields;
        let templates = self.inner.templates();
        let template = templates.begun(&form.template);
        for name in TAKEN_OVER {
            let has = template.is_some_and(|template| template.field(name).is_some());
            let said = child.value(name);
            if let Some(said) = said.filter(|_| has && !sets(&fields, name)) {
                fields.push(set(name, said.clone()));
            }
        }
        let entry = NewEntry {
            space,
            subject: case,
            template: form.template,
            fields,
            occurred_at: Some(at),
        };
        self.create_document(tx, entry).await
    }
}

/// The relation on a child's card that names somebody who has no case there yet.
fn named(card: &Reading, name: &str) -> Option<uuid::Uuid> {
    let wanted = name.trim().to_lowercase();
    let mut items = card.items(RELATIONS);
    let found = items.find(|item| {
        let is_named = matches!(item.value("name"), Some(Value::Text(text)) if text.trim().to_lowercase() == wanted);
        is_named && item.value("case").is_none()
    });
    found.map(|item| item.id)
}

const fn code(relation: RelationKind) -> &'static str {
    match relation {
        RelationKind::Custody => "custody",
        RelationKind::LivesWith => "lives_with",
        RelationKind::Expects => "expects",
        RelationKind::Sibling => "sibling",
    }
}
