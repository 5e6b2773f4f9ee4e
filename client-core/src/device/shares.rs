//! Shares: recorded and withdrawn with or without a network, and what they open to this practitioner.
//!
//! Any writer of a case records a share of it, and its withdrawal. What is received is for reading: the table of
//! permissions says so, and nothing is begun here that the server would refuse. Where the time of a share is over, what
//! it opened is hidden at once, by the latest time that this device knows, cover or not; the server's word removes it.

use super::Device;
use crate::{
    error::DeviceError,
    key::random_bytes,
    store::{
        document,
        outbox::{self, NewOperation},
        shares::{self, Hidden},
    },
    views::{NewShare, ReceivedRow, ShareRow, TimelineRow},
};
use samspor_documents::{
    id::{DocumentId, ShareId, SpaceId, TeamId},
    permission::{Act, Ground},
    time::UnixMillis,
};
use samspor_protocol::{
    fact::{Caseload, Role},
    push::kind,
    share::{Recipient, Share, Shared, Terms, Withdraw, is_line},
    wire,
};
use std::collections::BTreeSet;

impl Device {
    /// Records a share of these cases (a child's and the parents', where that is meant), each a share of its own with the
    /// same terms, in one act. A single document is shared of one case.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownCase`, `SharedForReading`, `UnknownDocument`, `UnknownTeam`, `UnknownPractitioner`,
    /// `ShareWithOwnTeam`, `ShareText` (which of its texts is missing or too long), `ShareOver`, `DiskFull`: then nothing
    /// is kept.
    pub async fn share(
        &self,
        cases: &[SpaceId],
        new: NewShare,
    ) -> Result<Vec<ShareId>, DeviceError> {
        let cases: Vec<SpaceId> = {
            let mut seen = BTreeSet::new();
            let first = cases.iter().copied().filter(|case| seen.insert(*case));
            first.collect()
        };
        if cases.is_empty() {
            return Err(DeviceError::UnknownCase);
        }
        self.check_recipient(new.to).await?;
        if new.until.is_some_and(|until| until <= self.server_now()) {
            return Err(DeviceError::ShareOver);
        }
        let mut made = Vec::with_capacity(cases.len());
        for case in &cases {
            made.push(self.make_share(*case, &new).await?);
        }
        let ids = made.iter().map(|(_, shared, _)| shared.share).collect();
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            for (case, shared, operation) in &made {
                let name = operation
                    .operation
                    .ok_or(DeviceError::Damaged { what: "write" })?;
                shares::insert_local(&mut tx, *case, shared, name).await?;
                outbox::insert(&mut tx, operation).await?;
            }
            tx.commit().await?;
            Ok(ids)
        })
        .await
    }

    /// Whom something is about as its recipient is told: as it was typed, else the name on the card.
    pub(super) async fn about(&self, case: SpaceId, typed: Option<&str>) -> String {
        match typed {
            Some(about) => about.trim().to_owned(),
            None => self
                .card(case)
                .await
                .map(|card| card.name)
                .unwrap_or_default(),
        }
    }

    async fn make_share(
        &self,
        case: SpaceId,
        new: &NewShare,
    ) -> Result<(SpaceId, Shared, NewOperation), DeviceError> {
        self.check_may(case, Act::Share).await?;
        let team = self.inner.store()?.team_of(case).await?;
        if team.map(Recipient::Team) == Some(new.to) {
            return Err(DeviceError::ShareWithOwnTeam);
        }
        if let Some(document) = new.document {
            let row = self.row(document).await?;
            row.filter(|row| row.case == case)
                .ok_or(DeviceError::UnknownDocument)?;
        }
        let about = self.about(case, new.about.as_deref()).await;
        let now = self.inner.options.clock.now();
        let terms = Terms {
            document: new.document,
            to: new.to,
            about,
            purpose: new.purpose.clone(),
            basis: new.basis.clone(),
            consent: new.consent.clone(),
            until: new.until,
            shared_at: now,
        };
        if let Some(field) = terms.fault() {
            return Err(DeviceError::ShareText { field });
        }
        let share = ShareId::make(now, random_bytes()?);
        let title = format!("{}: {}", terms.about, terms.purpose);
        let body = wire::encode(&Share {
            share,
            terms: terms.clone(),
        });
        let operation = self.about_space(case, kind::SHARE, body, &title)?;
        let shared = Shared {
            share,
            by: self.who()?.enrolment.practitioner,
            terms,
            ended: None,
            form: None,
        };
        Ok((case, shared, operation))
    }

    /// Withdraws a share. What was read until then was lawful; from the moment the server has it on, nothing of it opens
    /// anything. `false` when it was withdrawn here before, or has ended.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownShare`, `SharedForReading`, `Disclosed` (it stays), `ShareText`, `DiskFull`: then nothing is
    /// kept.
    pub async fn withdraw(&self, share: ShareId, why: &str) -> Result<bool, DeviceError> {
        let why = why.trim();
        if !why.is_empty() && !is_line(why) {
            return Err(DeviceError::ShareText { field: "why" });
        }
        let shares = self.shares(None).await?;
        let row = shares.into_iter().find(|row| row.share == share);
        let row = row.ok_or(DeviceError::UnknownShare)?;
        self.check_may(row.case, Act::Share).await?;
        if row.is_disclosure {
            return Err(DeviceError::Disclosed);
        }
        if row.ended.is_some() || row.withdrawal_waits {
            return Ok(false);
        }
        let body = wire::encode(&Withdraw {
            share,
            why: why.to_owned(),
            withdrawn_at: self.inner.options.clock.now(),
        });
        let title = format!("{}: {}", row.terms.about, row.terms.purpose);
        let operation = self.about_space(row.case, kind::WITHDRAW, body, &title)?;
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            outbox::insert(&mut tx, &operation).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// The shares of a case here, or of all of them, in force or ended, the last recorded first.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn shares(&self, case: Option<SpaceId>) -> Result<Vec<ShareRow>, DeviceError> {
        let mut rows = self.inner.store()?.shares(case, self.server_now()).await?;
        self.note_what_is_left_out(&mut rows).await?;
        Ok(rows)
    }

    /// The shares by which something is or was open to this practitioner, the last recorded first.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn received_shares(&self) -> Result<Vec<ReceivedRow>, DeviceError> {
        self.inner.store()?.received(self.server_now()).await
    }

    /// The row of the document that a share received opens alone, or of the copy that a disclosure filed; none when it
    /// opens a whole case, or opens no more.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn shared_document(
        &self,
        received: &ReceivedRow,
    ) -> Result<Option<TimelineRow>, DeviceError> {
        match received.terms.document {
            Some(document) if received.is_disclosure => {
                self.row(received.share.filed(document)).await
            }
            Some(document) if received.stands() => self.row(document).await,
            _ => Ok(None),
        }
    }

    /// The latest moment known to be over, by the server's time or by this device's own clock.
    pub(super) fn server_now(&self) -> UnixMillis {
        self.inner.gate.server_now()
    }

    /// The teams all of whose cases are this practitioner's.
    async fn own_case_teams(&self) -> Result<BTreeSet<TeamId>, DeviceError> {
        let teams = self.teams().await?.into_iter();
        let opens = teams.filter(|team| {
            team.caseload == Caseload::WholeTeam && team.role.is_some_and(Role::opens_cases)
        });
        Ok(opens.map(|team| team.team).collect())
    }

    /// What of the device may not be shown now.
    pub(super) async fn hidden(&self) -> Result<Hidden, DeviceError> {
        let store = self.inner.store()?;
        let now = self.server_now();
        if !store.is_anything_over(now).await? {
            return Ok(Hidden::default());
        }
        let own = self.own_case_teams().await?;
        store.hidden(now, &own).await
    }

    /// A row without those of its additions that may not be shown now.
    pub(super) async fn without_hidden(
        &self,
        mut row: Option<TimelineRow>,
    ) -> Result<Option<TimelineRow>, DeviceError> {
        let hidden = self.hidden().await?;
        if let Some(row) = &mut row {
            let shown = |one: &TimelineRow| !hidden.hides(one.case, one.document);
            row.additions.retain(shown);
        }
        Ok(row)
    }

    /// On what ground a case is here; none when it is not, or is hidden.
    pub(super) async fn ground_of_case(
        &self,
        case: SpaceId,
    ) -> Result<Option<Ground>, DeviceError> {
        let store = self.inner.store()?;
        let (team, is_received) =
            shares::team_and_received(&mut *store.reader().await?, case).await?;
        if !is_received {
            // Which of the two a team's own case is, the server says by telling of it: both allow the same.
            return Ok(team.map(|_| Ground::TeamCases));
        }
        if self.hidden().await?.hides_case(case) {
            return Ok(None);
        }
        let own = self.own_case_teams().await?;
        Ok(match team {
            Some(team) if own.contains(&team) => Some(Ground::TeamCases),
            Some(_) if store.is_told_as_own(case).await? => Some(Ground::AssignedCase),
            team => team.map(|_| Ground::SharedCase),
        })
    }

    /// Whether this may be done in a case here.
    pub(super) async fn check_may(&self, case: SpaceId, act: Act) -> Result<(), DeviceError> {
        match self.ground_of_case(case).await? {
            None => Err(DeviceError::UnknownCase),
            Some(ground) if ground.allows(act) => Ok(()),
            Some(_) => Err(DeviceError::SharedForReading),
        }
    }

    /// Whether a document that is here may be written: it is not here by a share alone.
    ///
    /// # Errors
    /// `SharedForReading`; `UnknownDocument` when it is hidden.
    pub(super) async fn check_writable(&self, document: DocumentId) -> Result<(), DeviceError> {
        self.check_shown(document).await?;
        let mut tx = self.inner.store()?.snapshot().await?;
        let space = document::space_of(&mut tx, document).await?;
        drop(tx);
        let Some(space) = space else { return Ok(()) };
        if !self.inner.store()?.is_received(space).await? {
            return Ok(());
        }
        match self.ground_of_case(space).await? {
            Some(ground) if ground.allows(Act::Write) => Ok(()),
            _ => Err(DeviceError::SharedForReading),
        }
    }

    /// Whether a document may be shown now.
    ///
    /// # Errors
    /// `UnknownDocument` when the time of the share that opened it is over.
    pub(super) async fn check_shown(&self, document: DocumentId) -> Result<(), DeviceError> {
        let hidden = self.hidden().await?;
        if hidden == Hidden::default() {
            return Ok(());
        }
        let mut tx = self.inner.store()?.snapshot().await?;
        let space = document::space_of(&mut tx, document).await?;
        match space.is_some_and(|space| hidden.hides(space, document)) {
            true => Err(DeviceError::UnknownDocument),
            false => Ok(()),
        }
    }

    pub(super) async fn check_recipient(&self, to: Recipient) -> Result<(), DeviceError> {
        match to {
            Recipient::Team(team) => {
                let known = self.teams().await?.iter().any(|row| row.team == team);
                known.then_some(()).ok_or(DeviceError::UnknownTeam)
            }
            Recipient::Practitioner(one) => {
                let people = self.practitioners().await?;
                let known = people.iter().any(|row| row.practitioner == one);
                known.then_some(()).ok_or(DeviceError::UnknownPractitioner)
            }
        }
    }
}
