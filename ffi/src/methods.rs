//! Risk and protective factors over a child's assessments, whether the child was heard, and who contributed to what.

use crate::{
    device::Device,
    error::SamsporError,
    reading::all,
    said::{SaidDay, SaidText},
};
use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId},
    method::{
        contributions::Contribution,
        factors::{self, Change as FactorChange},
        heard::{self, Hearing, Source as ViewSource},
    },
};

/// What an assessment says of a factor, beside the one before.
#[uniffi::remote(Enum)]
pub enum FactorChange {
    /// It is named for the first time.
    Appeared,
    /// As before.
    Same,
    /// Stronger than before.
    Stronger,
    /// Weaker than before.
    Weaker,
    /// It was a risk and protects now, or the other way.
    Turned,
    /// It is not named any more.
    NotNamed,
    /// It is named again.
    NamedAgain,
    /// Values in conflict, here or right before: a person has to choose.
    Unsettled,
}

/// One assessment's word on a factor.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FactorStep {
    /// The assessment.
    pub document: DocumentId,
    /// Its day.
    pub day: SaidDay,
    /// Beside the one before.
    pub change: FactorChange,
    /// `risk` or `protective`.
    pub effect: SaidText,
    /// `slight`, `clear` or `strong`.
    pub strength: SaidText,
    /// Since when, in the words of who knows it.
    pub since: SaidText,
}

impl From<factors::Step> for FactorStep {
    fn from(step: factors::Step) -> Self {
        Self {
            document: step.document,
            day: step.day.into(),
            change: step.change,
            effect: step.effect.into(),
            strength: step.strength.into(),
            since: step.since.into(),
        }
    }
}

/// One factor.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Factor {
    /// Its words, as they were written first.
    pub factor: String,
    /// One per assessment from its first on.
    pub steps: Vec<FactorStep>,
}

impl From<factors::Factor> for Factor {
    fn from(factor: factors::Factor) -> Self {
        Self {
            factor: factor.factor,
            steps: all(factor.steps),
        }
    }
}

/// The factors of one domain.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FactorDomain {
    /// Its code; none where none was said.
    pub domain: Option<String>,
    /// By when they appeared, then by their words.
    pub factors: Vec<Factor>,
}

impl From<factors::Domain> for FactorDomain {
    fn from(domain: factors::Domain) -> Self {
        Self {
            domain: domain.domain,
            factors: all(domain.factors),
        }
    }
}

/// How the child was heard before a decision.
#[uniffi::remote(Enum)]
pub enum Hearing {
    /// It was heard.
    Heard,
    /// It was heard in part.
    InPart,
    /// It was heard after the decision only.
    After,
    /// It was not heard, and the ground is given.
    NotHeardWithGround,
    /// It was not heard, and no ground is given.
    NotHeardWithoutGround,
    /// Nothing is said of it.
    NotSaid,
    /// What is said is in conflict: a person has to choose.
    Unsettled,
}

/// By what the child's view was obtained.
#[uniffi::remote(Enum)]
pub enum ViewSource {
    /// It says that the child was heard.
    Hearing,
    /// The child's own words stand in it.
    OwnWords,
    /// The child's view is among those it tells.
    View,
    /// The child set a mark.
    Mark,
    /// The child is its informant.
    Informant,
}

/// An entry that holds the child's view.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ViewObtained {
    /// The entry.
    pub document: DocumentId,
    /// Its template.
    pub template: String,
    /// When: the day of the hearing where it is said, else the entry's.
    pub day: SaidDay,
    /// How, where it is said.
    pub how: SaidText,
    /// By what.
    pub sources: Vec<ViewSource>,
}

impl From<heard::Obtained> for ViewObtained {
    fn from(one: heard::Obtained) -> Self {
        Self {
            document: one.document,
            template: one.template,
            day: one.day.into(),
            how: one.how.into(),
            sources: one.sources,
        }
    }
}

/// What a decision says of the child's hearing.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DecisionHeard {
    /// The decision.
    pub document: DocumentId,
    /// The case it stands in.
    pub space: SpaceId,
    /// Its day.
    pub day: SaidDay,
    /// In one word.
    pub hearing: Hearing,
    /// `yes`, `partly` or `no`, as it says.
    pub heard: SaidText,
    /// The day the child was heard.
    pub on: SaidDay,
    /// How, as a code.
    pub how: SaidText,
    /// The ground, where the child was not heard.
    pub ground: Option<String>,
    /// When the child's view had been obtained last, by other entries, up to the decision's day.
    pub last_before: Option<ViewObtained>,
}

impl From<heard::DecisionHeard> for DecisionHeard {
    fn from(decision: heard::DecisionHeard) -> Self {
        Self {
            document: decision.document,
            space: decision.space,
            day: decision.day.into(),
            hearing: decision.hearing,
            heard: decision.heard.into(),
            on: decision.on.into(),
            how: decision.how.into(),
            ground: decision.ground,
            last_before: decision.last_before.map(Into::into),
        }
    }
}

/// Whether, when and how a child was heard.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ChildHeard {
    /// Every decision, the first first.
    pub decisions: Vec<DecisionHeard>,
    /// Every entry that holds the child's view, the first first.
    pub obtained: Vec<ViewObtained>,
    /// The last of them up to today. One whose day is in conflict is none.
    pub last: Option<ViewObtained>,
}

impl From<heard::ChildHeard> for ChildHeard {
    fn from(heard: heard::ChildHeard) -> Self {
        Self {
            decisions: all(heard.decisions),
            obtained: all(heard.obtained),
            last: heard.last.map(Into::into),
        }
    }
}

/// What one person contributed.
#[uniffi::remote(Record)]
pub struct Contribution {
    /// Who.
    pub practitioner: PractitionerId,
    /// The fields in which something of theirs stands; none where others have written over all of it.
    pub fields: Vec<String>,
}

#[uniffi::export]
impl Device {
    /// A child's risk and protective factors over its assessments, by domain.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    pub async fn factors(&self, case_id: SpaceId) -> Result<Vec<FactorDomain>, SamsporError> {
        self.run(async move |device| device.factors(case_id).await.map(all))
            .await
    }

    /// Whether, when and how a child was heard, as of today.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    pub async fn child_heard(&self, case_id: SpaceId) -> Result<ChildHeard, SamsporError> {
        self.run(async move |device| device.child_heard(case_id).await.map(Into::into))
            .await
    }

    /// Everybody who wrote in a document, in order of their first change, with where something of theirs stands.
    ///
    /// # Errors
    /// As [`Device::read`].
    pub async fn contributors(
        &self,
        document: DocumentId,
    ) -> Result<Vec<Contribution>, SamsporError> {
        self.run(async move |device| device.contributors(document).await)
            .await
    }
}
