//! Assignments: to whom a case is, said with or without a network.
//!
//! Whoever has a case assigns it to colleagues of its team, and ends anybody's assignment but the last. Where the team's
//! caseload is by assignment that opens the case to them, and closes it, from the moment the server has it on: the one
//! rule here is that nothing is asked that the server would refuse, as far as this device was told.

use super::Device;
use crate::{
    error::DeviceError,
    store::outbox::{self},
    views::AssignedRow,
};
use samspor_documents::{
    id::{PractitionerId, SpaceId},
    permission::Act,
};
use samspor_protocol::{
    assignment::{Assign, Unassign},
    push::kind,
    wire,
};
use std::collections::BTreeSet;

impl Device {
    /// Assigns a case to a colleague. `false` when it is theirs already.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownCase`, `SharedForReading`, `NoColleague`, `DiskFull`: then nothing is kept.
    pub async fn assign(
        &self,
        case: SpaceId,
        practitioner: PractitionerId,
    ) -> Result<bool, DeviceError> {
        let (members, assigned) = self.may_assign(case).await?;
        if !members.contains(&practitioner) {
            return Err(DeviceError::NoColleague);
        }
        if assigned.contains(&practitioner) {
            return Ok(false);
        }
        let at = self.inner.options.clock.now();
        let body = wire::encode(&Assign { practitioner, at });
        self.ask(case, kind::ASSIGN, body, practitioner).await?;
        Ok(true)
    }

    /// Ends somebody's assignment of a case: one's own or a colleague's. `false` when it is not theirs, or no longer.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownCase`, `SharedForReading`, `LastAssigned`, `DiskFull`: then nothing is kept.
    pub async fn unassign(
        &self,
        case: SpaceId,
        practitioner: PractitionerId,
    ) -> Result<bool, DeviceError> {
        let (members, assigned) = self.may_assign(case).await?;
        if !assigned.contains(&practitioner) {
            return Ok(false);
        }
        let is_other = |one: &PractitionerId| *one != practitioner && members.contains(one);
        if !assigned.iter().any(is_other) {
            return Err(DeviceError::LastAssigned);
        }
        let at = self.inner.options.clock.now();
        let body = wire::encode(&Unassign { practitioner, at });
        self.ask(case, kind::UNASSIGN, body, practitioner).await?;
        Ok(true)
    }

    /// To whom a case is assigned, as far as this device was told, with what waits here.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn assigned(&self, case: SpaceId) -> Result<Vec<AssignedRow>, DeviceError> {
        let store = self.inner.store()?;
        let mut assigned = store.assigned(Some(case)).await?;
        let mut assigned = assigned.remove(&case).unwrap_or_default();
        let team = store.team_of(case).await?;
        let members = store.ever_members().await?;
        // Who opened it in another team's name, by a disclosure, does not have it.
        assigned.retain(|one| team.is_some_and(|team| members.contains(&(team, one.practitioner))));
        Ok(assigned)
    }

    /// Of a case that one may assign: who is in its team, and whose it is.
    async fn may_assign(
        &self,
        case: SpaceId,
    ) -> Result<(BTreeSet<PractitionerId>, BTreeSet<PractitionerId>), DeviceError> {
        self.check_may(case, Act::Assign).await?;
        let store = self.inner.store()?;
        let team = store.team_of(case).await?.ok_or(DeviceError::UnknownCase)?;
        let members = store.members(team).await?;
        let assigned = self.assigned(case).await?;
        let stands = assigned.iter().filter(|one| one.stands());
        let assigned = stands.map(|one| one.practitioner).collect();
        Ok((members, assigned))
    }

    async fn ask(
        &self,
        case: SpaceId,
        kind: u8,
        body: Vec<u8>,
        practitioner: PractitionerId,
    ) -> Result<(), DeviceError> {
        let people = self.practitioners().await?;
        let name = people
            .into_iter()
            .find(|row| row.practitioner == practitioner)
            .map(|row| row.name);
        let card = self.card(case).await.map(|card| card.name);
        let title = [name, card.ok().filter(|name| !name.is_empty())];
        let title: Vec<String> = title.into_iter().flatten().collect();
        let title = title.join(" · ");
        let operation = self.about_space(case, kind, body, &title)?;
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            outbox::insert(&mut tx, &operation).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }
}
