//! Disclosures: a signed entry is filed with another team, with or without a network, and stays there.

use super::Device;
use crate::{
    error::DeviceError,
    key::random_bytes,
    store::{outbox, shares, signed},
    views::NewDisclosure,
};
use samspor_documents::{
    id::{ShareId, SpaceId},
    permission::Act,
};
use samspor_protocol::{
    disclosure::Disclose,
    push::kind,
    share::{Form, Recipient, Shared, Terms},
    wire,
};

impl Device {
    /// Discloses a signed entry of a case to another team: a copy that proves itself is filed there, and stays. It is
    /// sent once everything else that waits was answered, so that what it is about is known.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownCase`, `SharedForReading`, `UnknownDocument`, `NotSigned`, `EntryRestricted`, `SetAside`, `UnknownTeam`,
    /// `ShareWithOwnTeam`, `ShareText` (which of its texts is missing or too long), `DiskFull`: then nothing is kept.
    pub async fn disclose(
        &self,
        case: SpaceId,
        new: NewDisclosure,
    ) -> Result<ShareId, DeviceError> {
        let to = Recipient::Team(new.team);
        self.check_recipient(to).await?;
        self.check_may(case, Act::Share).await?;
        if self.inner.store()?.team_of(case).await? == Some(new.team) {
            return Err(DeviceError::ShareWithOwnTeam);
        }
        self.check_disclosable(case, &new).await?;
        let terms = Terms {
            document: Some(new.document),
            to,
            about: self.about(case, new.about.as_deref()).await,
            purpose: new.purpose,
            basis: new.basis,
            consent: new.consent,
            until: None,
            shared_at: self.inner.options.clock.now(),
        };
        let share = ShareId::make(terms.shared_at, random_bytes()?);
        let body = Disclose { share, terms };
        if let Some(field) = body.fault() {
            return Err(DeviceError::ShareText { field });
        }
        let title = format!("{}: {}", body.terms.about, body.terms.purpose);
        let operation = self.about_space(case, kind::DISCLOSE, wire::encode(&body), &title)?;
        let shared = Shared {
            share,
            by: self.who()?.enrolment.practitioner,
            terms: body.terms,
            ended: None,
            form: Some(Form::Disclosure),
        };
        let name = operation
            .operation
            .ok_or(DeviceError::Damaged { what: "write" })?;
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            shares::insert_local(&mut tx, case, &shared, name).await?;
            outbox::insert(&mut tx, &operation).await?;
            tx.commit().await?;
            Ok(share)
        })
        .await
    }

    async fn check_disclosable(
        &self,
        case: SpaceId,
        new: &NewDisclosure,
    ) -> Result<(), DeviceError> {
        let document = new.document;
        let row = self.row(document).await?;
        let row = row.filter(|row| row.case == case);
        if row
            .ok_or(DeviceError::UnknownDocument)?
            .restriction
            .is_some()
        {
            return Err(DeviceError::EntryRestricted);
        }
        let mut tx = self.inner.store()?.snapshot().await?;
        match signed::text(&mut tx, document).await? {
            Some(text) if text.is_aside => Err(DeviceError::SetAside { document }),
            Some(_) => Ok(()),
            None => Err(DeviceError::NotSigned),
        }
    }
}
