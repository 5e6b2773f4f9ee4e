//! Restricting a signed document, and lifting its restriction: in force here from the transaction that queues it.

use super::Device;
use crate::{
    error::DeviceError,
    key::random_bytes,
    store::{
        outbox::{self, NewOperation},
        restrictions,
    },
    views::{Written, WrittenRestriction},
};
use samspor_documents::{
    id::{DocumentId, OperationId, SpaceId},
    permission::Act,
};
use samspor_protocol::{
    limits,
    push::kind,
    restrict::{Restrict, is_ground},
    wire,
};

impl Device {
    /// Restricts a signed document: it stays, marked, and is left out of ordinary lists; or lifts its restriction.
    /// `false` when it says so already, on the same ground.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownDocument`, `SharedForReading`, `SetAside`, `EntryNotSigned`, `RestrictionGround`, `DiskFull`: then nothing
    /// is kept.
    pub async fn restrict(
        &self,
        document: DocumentId,
        restricted: bool,
        ground: &str,
    ) -> Result<bool, DeviceError> {
        self.who()?;
        self.check_writable(document).await?;
        if !is_ground(ground) {
            let most = limits::RESTRICTION_GROUND_CHARS_MAX;
            return Err(DeviceError::RestrictionGround { most });
        }
        let said = Restrict {
            restricted,
            ground: ground.to_owned(),
            at: self.inner.options.clock.now(),
        };
        let device = self.clone();
        self.saving(async move { device.restrict_now(document, said).await })
            .await
    }

    async fn restrict_now(
        &self,
        document: DocumentId,
        said: Restrict,
    ) -> Result<bool, DeviceError> {
        let mut tx = self.inner.store()?.begin().await?;
        let signed = restrictions::signed(&mut tx, document).await?;
        let says_so = match &signed.restricted {
            Some(ground) => said.restricted && *ground == said.ground,
            None => !said.restricted,
        };
        if says_so {
            return Ok(false);
        }
        let body = wire::encode(&said);
        let operation = NewOperation {
            space: signed.space,
            document: Some(document),
            kind: kind::RESTRICT,
            operation: Some(OperationId::make(said.at, random_bytes()?)),
            hash: None,
            draft: None,
            bytes: body.len(),
            body: Some(body),
            queued_at: self.inner.options.token_clock.now(),
            written_at: said.at,
            written: Written {
                template: signed.template,
                title_da: signed.title_da,
                title_en: signed.title_en,
                restriction: Some(WrittenRestriction {
                    restricted: said.restricted,
                    ground: said.ground,
                }),
                ..Written::default()
            },
        };
        outbox::insert(&mut tx, &operation).await?;
        restrictions::settle(&mut tx, &[document]).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// How many documents are restricted in this circle, or in this case and the other cases here that are about the
    /// same citizen: those that lists leave out.
    ///
    /// # Errors
    /// `UnknownCase`.
    pub async fn restricted_in(&self, space: SpaceId) -> Result<u64, DeviceError> {
        match self.check_may(space, Act::Read).await {
            Err(DeviceError::UnknownCase) if self.is_own_circle(space).await? => {}
            other => other?,
        }
        let hidden = self.hidden().await?;
        let mut spaces = self.inner.store()?.same_citizen(space).await?;
        spaces.retain(|space| !hidden.hides_case(*space));
        self.inner.store()?.restricted_in(&spaces).await
    }
}
