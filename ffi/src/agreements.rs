//! Agreements through the meetings that carried them over, and what is to be followed up.

use crate::{
    device::Device,
    error::SamsporError,
    reading::all,
    said::{SaidDay, SaidText},
};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    method::{
        agreements::{self, AgreementStanding},
        follow_up::{self, FollowUpStanding, Ground as FollowUpGround},
    },
};
use uuid::Uuid;

/// How an agreement stands today.
#[uniffi::remote(Enum)]
pub enum AgreementStanding {
    /// Its time has passed, and nobody said that it was kept.
    Overdue,
    /// It is to be done.
    Open,
    /// What became of it is in conflict: a person has to choose.
    Unsettled,
    /// It was kept.
    Kept,
    /// It was not kept.
    NotKept,
    /// It was given up.
    Dropped,
}

/// Where an agreement stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AgreementPlace {
    /// The meeting.
    pub document: DocumentId,
    /// Which of its agreements.
    pub item: Uuid,
    /// The day of the meeting.
    pub day: SaidDay,
}

impl From<agreements::Place> for AgreementPlace {
    fn from(place: agreements::Place) -> Self {
        Self {
            document: place.document,
            item: place.item.0,
            day: place.day.into(),
        }
    }
}

/// One agreement, through every meeting that it was carried over to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Agreement {
    /// The case it stands in, by its last meeting.
    pub space: SpaceId,
    /// Where it stands, the first meeting first.
    pub places: Vec<AgreementPlace>,
    /// What, as it was said last. Where meetings carried it over side by side, all that they say.
    pub what: SaidText,
    /// Who.
    pub who: SaidText,
    /// By when.
    pub when: SaidDay,
    /// What became of it.
    pub status: SaidText,
    /// How it stands.
    pub standing: AgreementStanding,
    /// Whether it is open and a later meeting in its case does not have it.
    pub not_carried_over: bool,
}

impl From<agreements::Agreement> for Agreement {
    fn from(agreement: agreements::Agreement) -> Self {
        Self {
            space: agreement.space,
            places: all(agreement.places),
            what: agreement.what.into(),
            who: agreement.who.into(),
            when: agreement.when.into(),
            status: agreement.status.into(),
            standing: agreement.standing,
            not_carried_over: agreement.not_carried_over,
        }
    }
}

/// On what a day for following up rests.
#[uniffi::remote(Enum)]
pub enum FollowUpGround {
    /// The day is said.
    Day,
    /// The interval is said.
    Interval,
    /// Nothing is said: three months.
    Usual,
}

/// How what is to be followed up stands today.
#[uniffi::remote(Enum)]
pub enum FollowUpStanding {
    /// Its day has passed.
    Overdue,
    /// It is to come.
    ToCome,
    /// The day is in conflict: a person has to choose.
    Unsettled,
    /// It took place.
    Done,
}

/// What is to be followed up.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FollowUp {
    /// What is followed up.
    pub document: DocumentId,
    /// The case or circle it stands in.
    pub space: SpaceId,
    /// Its template.
    pub template: String,
    /// The day it is due.
    pub due: SaidDay,
    /// On what that rests.
    pub ground: FollowUpGround,
    /// What followed it up.
    pub followed_by: Option<DocumentId>,
    /// How it stands.
    pub standing: FollowUpStanding,
}

impl From<follow_up::FollowUp> for FollowUp {
    fn from(one: follow_up::FollowUp) -> Self {
        Self {
            document: one.document,
            space: one.space,
            template: one.template,
            due: one.due.into(),
            ground: one.ground,
            followed_by: one.followed_by,
            standing: one.standing,
        }
    }
}

/// Agreements, and what is to be followed up.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Agreements {
    /// By when they are to be done, then in order of time; what is over as well.
    pub agreements: Vec<Agreement>,
    /// What is due first, first.
    pub follow_ups: Vec<FollowUp>,
}

#[uniffi::export]
impl Device {
    /// The agreements of a child's meetings, or of all meetings here whose case is not closed, and what is to be followed
    /// up, as they stand today.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    #[uniffi::method(default(case_id = None))]
    pub async fn agreements(&self, case_id: Option<SpaceId>) -> Result<Agreements, SamsporError> {
        self.run(async move |device| {
            let (agreements, follow_ups) = device.agreements(case_id).await?;
            Ok(Agreements {
                agreements: all(agreements),
                follow_ups: all(follow_ups),
            })
        })
        .await
    }
}
