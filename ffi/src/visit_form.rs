//! A visit written in one act: the child's entry in the child's case, and what concerns each parent in that parent's own.

use crate::{
    contacts::VisitStart,
    device::Device,
    error::SamsporError,
    values::{Edit, edits},
};
use samspor_client_core::{self as client, WrittenParent, WrittenVisit};
use samspor_documents::{
    card::RelationKind,
    id::{DocumentId, SpaceId},
};

/// A parent's own case.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum ParentCase {
    /// This one.
    Here {
        /// The case.
        case: SpaceId,
    },
    /// One that is opened in the child's team, and named on the child's card.
    Opened {
        /// The parent's name.
        name: String,
        /// How they belong together, where the child's card does not say so of a relation by this name.
        relation: Option<RelationKind>,
    },
}

impl From<ParentCase> for client::ParentCase {
    fn from(parent: ParentCase) -> Self {
        match parent {
            ParentCase::Here { case } => Self::Here(case),
            ParentCase::Opened { name, relation } => Self::Opened { name, relation },
        }
    }
}

/// What a visit says about one parent.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ParentForm {
    /// Which parent.
    pub parent: ParentCase,
    /// The template of the parent's entry.
    #[uniffi(default = "parent_visit")]
    pub template: String,
    /// What stands in it. Visit type and form of contact are the child's, where it does not say them.
    #[uniffi(default = [])]
    pub fields: Vec<Edit>,
}

impl TryFrom<ParentForm> for client::ParentForm {
    type Error = SamsporError;

    fn try_from(form: ParentForm) -> Result<Self, SamsporError> {
        Ok(Self {
            parent: form.parent.into(),
            template: form.template,
            fields: edits(form.fields)?,
        })
    }
}

/// A visit with what it says of the parents.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VisitForm {
    /// The child's part.
    pub visit: VisitStart,
    /// The parents' parts.
    #[uniffi(default = [])]
    pub parents: Vec<ParentForm>,
    /// Whether they stand in their cases at once; drafts of one's own else.
    #[uniffi(default = false)]
    pub published: bool,
}

impl TryFrom<VisitForm> for client::VisitForm {
    type Error = SamsporError;

    fn try_from(form: VisitForm) -> Result<Self, SamsporError> {
        let parents = form.parents.into_iter().map(TryInto::try_into);
        Ok(Self {
            visit: form.visit.try_into()?,
            parents: parents.collect::<Result<_, _>>()?,
            published: form.published,
        })
    }
}

/// What was written about a parent.
#[uniffi::remote(Record)]
pub struct WrittenParent {
    /// The parent's own case.
    pub case: SpaceId,
    /// The parent's entry, or its draft.
    pub entry: DocumentId,
    /// Whether the case was opened for it.
    pub opened: bool,
}

/// A visit that was written.
#[uniffi::remote(Record)]
pub struct WrittenVisit {
    /// Its planned contact.
    pub contact: DocumentId,
    /// The child's entry, or its draft.
    pub entry: DocumentId,
    /// Of each parent, in the order given.
    pub parents: Vec<WrittenParent>,
}

#[uniffi::export]
impl Device {
    /// Writes a visit with what it says of the parents, and marks its planned contact: all of it, or nothing.
    ///
    /// # Errors
    /// As [`Device::start_visit`]; `Refused` (`no_parents_case`, `no_relation`, `shared_for_reading`), `NotFound`
    /// (`not_your_team` where one may not open a parent's case). Then nothing is kept.
    pub async fn write_visit(&self, form: VisitForm) -> Result<WrittenVisit, SamsporError> {
        let form = form.try_into()?;
        self.run(async move |device| device.write_visit(form).await)
            .await
    }
}
