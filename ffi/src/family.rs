//! A child over its cards and its parents' own records, as far as they may be seen.

use crate::{
    device::Device,
    error::SamsporError,
    reading::{Reading, all},
    rows::TimelineRow,
    values::{Edit, Value, edits},
};
use samspor_client_core::{self as client, Parent, TimelinePage};
use samspor_documents::{
    card::{Relation, RelationKind},
    id::{DocumentId, SpaceId, TeamId},
    one_child,
    template::Labels,
};

/// How people belong together.
#[uniffi::remote(Enum)]
pub enum RelationKind {
    /// Holds custody, or is held in custody.
    Custody,
    /// Lives with.
    LivesWith,
    /// Expects a child.
    Expects,
    /// Sibling.
    Sibling,
}

/// One relation, from a card's citizen.
#[uniffi::remote(Record)]
pub struct Relation {
    /// How they belong together.
    pub kind: RelationKind,
    /// The other's case in this team, where there is one.
    pub case: Option<SpaceId>,
    /// The other's name, where it was typed.
    pub name: Option<String>,
}

/// A parent of a child, with a record of their own.
#[uniffi::remote(Record)]
pub struct Parent {
    /// The parent's case here; the first where there are several.
    pub case: SpaceId,
    /// The name on that card. Nothing else of it is told.
    pub name: String,
    /// How they belong together, as the cards say.
    pub relations: Vec<RelationKind>,
}

/// A row of a child's timeline among its parents'.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WithParents {
    /// The entry.
    pub row: TimelineRow,
    /// The parent in whose record it stands; none: the child's own.
    pub parent: Option<Parent>,
}

impl From<client::WithParents> for WithParents {
    fn from(one: client::WithParents) -> Self {
        Self {
            row: one.row.into(),
            parent: one.parent,
        }
    }
}

/// One card of a child, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CardReading {
    /// The case.
    pub case: SpaceId,
    /// Its team; none where this device was not told.
    pub team: Option<TeamId>,
    /// What it says.
    pub reading: Reading,
}

impl From<client::CardReading> for CardReading {
    fn from(card: client::CardReading) -> Self {
        Self {
            case: card.case,
            team: card.team,
            reading: card.reading.into(),
        }
    }
}

/// What one card says of a field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OneSays {
    /// Whose card: the case.
    pub case: SpaceId,
    /// Every value that stands there, concurrent ones included, oldest first; none where they cannot be read.
    pub values: Vec<Value>,
}

impl From<one_child::OneSays> for OneSays {
    fn from(one: one_child::OneSays) -> Self {
        Self {
            case: one.case,
            values: all(one.values),
        }
    }
}

/// A field of which the cards of one child say different things.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Differing {
    /// The field.
    pub field: String,
    /// What people read for it.
    pub labels: Option<Labels>,
    /// What each card says that says something of it, by case.
    pub said: Vec<OneSays>,
}

impl From<one_child::Differing> for Differing {
    fn from(one: one_child::Differing) -> Self {
        Self {
            field: one.field,
            labels: one.labels,
            said: all(one.said),
        }
    }
}

#[uniffi::export]
impl Device {
    /// The parents of a case's citizen with the cases of theirs that may be read here. None of a parent.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    pub async fn parents(&self, case_id: SpaceId) -> Result<Vec<Parent>, SamsporError> {
        self.run(async move |device| device.parents(case_id).await)
            .await
    }

    /// One page of a child's timeline with its parents' entries among its own, newest first, each with whose record it
    /// stands in. Of a parent's case: the parent's own alone.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    pub async fn timeline_with_parents(
        &self,
        case_id: SpaceId,
        page: TimelinePage,
    ) -> Result<Vec<WithParents>, SamsporError> {
        self.run(async move |device| device.timeline_with_parents(case_id, page).await.map(all))
            .await
    }

    /// The cards of a case's citizen that may be read here, that case's first. A card says that another case is the same
    /// person by its field `same_as`.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    pub async fn cards_of_citizen(
        &self,
        case_id: SpaceId,
    ) -> Result<Vec<CardReading>, SamsporError> {
        self.run(async move |device| device.cards_of_citizen(case_id).await.map(all))
            .await
    }

    /// What the cards of a case's citizen say differently, among those that may be read here. Addresses are left out
    /// where a card protects them.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    pub async fn differing_cards(&self, case_id: SpaceId) -> Result<Vec<Differing>, SamsporError> {
        self.run(async move |device| device.differing_cards(case_id).await.map(all))
            .await
    }

    /// Makes the card of a case that a disclosure opened.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`: also of a case that has a card, or whose card has not come), `Refused`
    /// (`shared_for_reading`, what the card's template says), `DiskFull`: then nothing is kept.
    pub async fn make_card(
        &self,
        case_id: SpaceId,
        fields: Vec<Edit>,
    ) -> Result<DocumentId, SamsporError> {
        let fields = edits(fields)?;
        self.run(async move |device| device.make_card(case_id, fields).await)
            .await
    }
}
