//! Disclosures: a signed entry is filed with another team, with or without a network, and stays there.

use super::Device;
use crate::{
    error::DeviceError,
    key::random_bytes,
    store::{
        outbox::{self, NewOperation},
        shares, signed,
    },
    views::{NewDisclosure, ShareRow},
};
use samspor_documents::{
    id::{DocumentId, OperationId, ShareId, SpaceId},
    permission::Act,
};
use samspor_protocol::{
    disclosure::Disclose,
    push::kind,
    share::{Form, Recipient, Shared, Terms},
    wire,
};
use std::collections::BTreeSet;

impl Device {
    /// Discloses a signed entry of a case to another team, with what was added to it and is signed, as far as it stands
    /// here and is not restricted: of each a copy that proves itself is filed there, and stays. They are sent once
    /// everything else that waits was answered, so that what they are about is known; each is answered on its own.
    /// Answers with the disclosures, the entry's first.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownCase`, `SharedForReading`, `UnknownDocument`, `NotSigned`, `EntryRestricted`, `SetAside`, `UnknownTeam`,
    /// `ShareWithOwnTeam`, `ShareText` (which of its texts is missing or too long), `DiskFull`: then nothing is kept.
    pub async fn disclose(
        &self,
        case: SpaceId,
        new: NewDisclosure,
    ) -> Result<Vec<ShareId>, DeviceError> {
        let to = Recipient::Team(new.team);
        self.check_recipient(to).await?;
        self.check_may(case, Act::Share).await?;
        if self.inner.store()?.team_of(case).await? == Some(new.team) {
            return Err(DeviceError::ShareWithOwnTeam);
        }
        let documents = self.to_disclose(case, new.document).await?;
        let about = self.about(case, new.about.as_deref()).await;
        let shared_at = self.inner.options.clock.now();
        let mut recorded = Vec::with_capacity(documents.len());
        for document in documents {
            let terms = Terms {
                document: Some(document),
                to,
                about: about.clone(),
                purpose: new.purpose.clone(),
                basis: new.basis.clone(),
                consent: new.consent.clone(),
                until: None,
                shared_at,
            };
            recorded.push(self.disclosure(case, terms)?);
        }
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            for (shared, operation, name) in &recorded {
                shares::insert_local(&mut tx, case, shared, *name).await?;
                outbox::insert(&mut tx, operation).await?;
            }
            tx.commit().await?;
            Ok(recorded.iter().map(|(shared, ..)| shared.share).collect())
        })
        .await
    }

    /// A disclosure, the operation that records it, and that one's name.
    fn disclosure(
        &self,
        case: SpaceId,
        terms: Terms,
    ) -> Result<(Shared, NewOperation, OperationId), DeviceError> {
        let share = ShareId::make(terms.shared_at, random_bytes()?);
        let body = Disclose { share, terms };
        if let Some(field) = body.fault() {
            return Err(DeviceError::ShareText { field });
        }
        let title = format!("{}: {}", body.terms.about, body.terms.purpose);
        let operation = self.about_space(case, kind::DISCLOSE, wire::encode(&body), &title)?;
        let name = operation
            .operation
            .ok_or(DeviceError::Damaged { what: "write" })?;
        let shared = Shared {
            share,
            by: self.who()?.enrolment.practitioner,
            terms: body.terms,
            ended: None,
            form: Some(Form::Disclosure),
        };
        Ok((shared, operation, name))
    }

    /// A signed entry, and what of its additions goes with it.
    async fn to_disclose(
        &self,
        case: SpaceId,
        document: DocumentId,
    ) -> Result<Vec<DocumentId>, DeviceError> {
        let row = self.row(document).await?;
        let row = row.filter(|row| row.case == case);
        let row = row.ok_or(DeviceError::UnknownDocument)?;
        if row.restriction.is_some() {
            return Err(DeviceError::EntryRestricted);
        }
        let mut tx = self.inner.store()?.snapshot().await?;
        match signed::text(&mut tx, document).await? {
            Some(text) if text.is_aside => return Err(DeviceError::SetAside { document }),
            Some(_) => {}
            None => return Err(DeviceError::NotSigned),
        }
        let mut documents = vec![document];
        for addition in row.additions {
            let text = signed::text(&mut tx, addition.document).await?;
            let is_signed = text.is_some_and(|text| !text.is_aside);
            if is_signed && addition.restriction.is_none() {
                documents.push(addition.document);
            }
        }
        Ok(documents)
    }

    /// Says of each disclosure which signed additions to its entry were not disclosed to the same team. What is
    /// restricted is not disclosed, and is not among them.
    pub(super) async fn note_what_is_left_out(
        &self,
        rows: &mut [ShareRow],
    ) -> Result<(), DeviceError> {
        let disclosed = rows.iter().filter(|row| row.is_disclosure);
        let disclosed: BTreeSet<(Recipient, DocumentId)> = disclosed
            .filter_map(|row| Some((row.terms.to, row.terms.document?)))
            .collect();
        let entries = disclosed.iter().map(|(_, entry)| *entry).collect();
        let store = self.inner.store()?;
        let additions = store.signed_additions(&entries, false).await?;
        for row in rows.iter_mut().filter(|row| row.is_disclosure) {
            let of_entry = additions.iter().filter(|(entry, addition)| {
                row.terms.document == Some(*entry)
                    && !disclosed.contains(&(row.terms.to, *addition))
            });
            row.without = of_entry.map(|(_, addition)| *addition).collect();
        }
        Ok(())
    }
}
