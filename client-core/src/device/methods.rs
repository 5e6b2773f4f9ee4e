//! What the methods' entries say of a child over time, from everything of it that may be read here. Agreements of the
//! whole caseload come from rows.

use super::Device;
use crate::{clock::date_of, error::DeviceError, store::agreed::Told, views::CardReading};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    method::{
        Entry,
        agreements::{Agreed, Agreement, agreements},
        contributions::{Contribution, contributors},
        factors::{Domain, factors},
        follow_up::{FollowUp, follow_ups},
        heard::{ChildHeard, child_heard},
        progress::{Progress, progress},
    },
    one_child::{Differing, differing},
    reading::Reading,
};
use std::collections::BTreeSet;

/// What was read of a child.
struct ChildEntries(Vec<(DocumentId, SpaceId, Reading)>);

impl ChildEntries {
    fn entries(&self) -> Vec<Entry<'_>> {
        self.0
            .iter()
            .map(|(document, space, reading)| Entry {
                document: *document,
                space: *space,
                reading,
            })
            .collect()
    }
}

impl Device {
    /// The progress on a child's goals, and its meetings' scalings.
    ///
    /// # Errors
    /// `UnknownCase`.
    pub async fn goal_progress(&self, case: SpaceId) -> Result<Progress, DeviceError> {
        Ok(progress(&self.child_entries(case).await?.entries()))
    }

    /// A child's risk and protective factors over its assessments.
    ///
    /// # Errors
    /// `UnknownCase`.
    pub async fn factors(&self, case: SpaceId) -> Result<Vec<Domain>, DeviceError> {
        Ok(factors(&self.child_entries(case).await?.entries()))
    }

    /// Whether, when and how a child was heard, as of today.
    ///
    /// # Errors
    /// `UnknownCase`.
    pub async fn child_heard(&self, case: SpaceId) -> Result<ChildHeard, DeviceError> {
        let entries = self.child_entries(case).await?;
        Ok(child_heard(&entries.entries(), self.today()?))
    }

    /// The agreements of a child's meetings, or of all meetings here whose case is not closed, and what is to be followed
    /// up, as they stand today.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownCase`.
    pub async fn agreements(
        &self,
        case: Option<SpaceId>,
    ) -> Result<(Vec<Agreement>, Vec<FollowUp>), DeviceError> {
        let cases = match case {
            Some(case) => Some(self.cases_of_citizen(case).await?),
            None => None,
        };
        let store = self.inner.store()?;
        let told = store.agreed(self.private_space()?, cases.as_deref());
        let told = self.without_copies(told.await?).await?;
        let all: Vec<Agreed> = told
            .into_iter()
            .map(|one| Agreed {
                document: one.document,
                space: one.space,
                says: one.says,
            })
            .collect();
        let today = self.today()?;
        Ok((agreements(&all, today), follow_ups(&all, today)))
    }

    /// Who wrote in a document, and where something of theirs stands.
    ///
    /// # Errors
    /// As [`Device::read`].
    pub async fn contributors(
        &self,
        document: DocumentId,
    ) -> Result<Vec<Contribution>, DeviceError> {
        Ok(contributors(&self.read(document).await?))
    }

    /// The cards of a case's citizen that may be read here, that case's first.
    ///
    /// # Errors
    /// `UnknownCase`.
    pub async fn cards_of_citizen(&self, case: SpaceId) -> Result<Vec<CardReading>, DeviceError> {
        let mut cases = self.cases_of_citizen(case).await?;
        cases.sort_by_key(|one| (*one != case, *one));
        let mut cards = Vec::with_capacity(cases.len());
        for case in cases {
            match self.card_reading(case).await {
                Ok(reading) => cards.push(CardReading {
                    case,
                    team: self.inner.store()?.team_of(case).await?,
                    reading,
                }),
                Err(DeviceError::UnknownCase) => {}
                Err(error) if is_unreadable(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(cards)
    }

    /// What the cards of a case's citizen say differently, among those that may be read here.
    ///
    /// # Errors
    /// `UnknownCase`.
    pub async fn differing_cards(&self, case: SpaceId) -> Result<Vec<Differing>, DeviceError> {
        let cards = self.cards_of_citizen(case).await?;
        let cards: Vec<(SpaceId, &Reading)> = cards
            .iter()
            .map(|card| (card.case, &card.reading))
            .collect();
        Ok(differing(&cards))
    }

    fn today(&self) -> Result<jiff::civil::Date, DeviceError> {
        date_of(self.inner.options.clock.now()).ok_or(DeviceError::Damaged { what: "clock" })
    }

    /// Every entry of a child that may be read here. One that came damaged stands in no view; `set_aside` tells of it.
    async fn child_entries(&self, case: SpaceId) -> Result<ChildEntries, DeviceError> {
        let cases = self.cases_of_citizen(case).await?;
        let told = self.inner.store()?.told_in(&cases).await?;
        let mut entries = Vec::with_capacity(told.len());
        for one in self.without_copies(told).await? {
            match self.read(one.document).await {
                Ok(reading) => entries.push((one.document, one.space, reading)),
                Err(DeviceError::UnknownDocument) => {}
                Err(error) if is_unreadable(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ChildEntries(entries))
    }

    /// What may be shown, each record once: a copy of another team's record tells nothing beside its original, or beside
    /// another copy.
    async fn without_copies<T>(&self, told: Vec<Told<T>>) -> Result<Vec<Told<T>>, DeviceError> {
        let hidden = self.hidden().await?;
        let mut told = told;
        told.retain(|one| !hidden.hides(one.space, one.document));
        let mut known: BTreeSet<DocumentId> = told
            .iter()
            .filter(|one| one.original.is_none())
            .map(|one| one.document)
            .collect();
        told.retain(|one| one.original.is_none_or(|original| known.insert(original)));
        Ok(told)
    }
}

const fn is_unreadable(error: &DeviceError) -> bool {
    matches!(
        error,
        DeviceError::SetAside { .. } | DeviceError::Guard { .. }
    )
}
