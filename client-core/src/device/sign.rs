//! Signing: the text that was read becomes the record. It works with no network; only a co-signature and an export
//! ask the server, for the evidence of what was signed, and rely on nothing in it that they have not checked.
//!
//! A signature is one transaction: text, signature, unsent work and rows. From then on the document is not edited
//! here, unless the server refuses the signature.

use super::{Device, Who};
use crate::{
    engine::Failure,
    error::DeviceError,
    key::random_bytes,
    store::{
        Tx,
        document::{self, Stored},
        index,
        signed::{self, NewSignature, state},
    },
    transport::exchange::Failed,
    views::Written,
};
use samspor_documents::{
    guard,
    id::{DocumentId, OperationId, SpaceId},
    reading::Reading,
    signed::{SignedText, TextPlace},
    template::{Language, TemplateKind},
};
use samspor_protocol::{
    hash::Hash32,
    limits,
    push::Sign,
    sign::{SignatureStatement, SignedFile, SignedRecord, Verified},
    wire,
};
use std::sync::{Arc, atomic::Ordering};

/// What is signed: the bytes of a text, and what they were read from, ascending.
struct Wanted {
    document: DocumentId,
    space: SpaceId,
    text: Vec<u8>,
    heads: Vec<Hash32>,
}

/// The record of a copy that was disclosed, checked again before it leaves the device.
fn filed(who: &Who, file: &[u8]) -> Result<(SignedRecord, SignedText), DeviceError> {
    let refused = |source| DeviceError::Evidence {
        source: Some(source),
    };
    let record = SignedRecord::from_file(file).map_err(refused)?;
    let key = &who.enrolment.organisation_key;
    let verified = record.verify(Some(key)).map_err(refused)?;
    Ok((record, verified.text))
}

/// Evidence that was checked.
struct Evidence {
    record: SignedRecord,
    text: SignedText,
}

impl Device {
    /// Signs a document: its author first, others after its signed text has come. Its text is then fixed.
    ///
    /// The first signature needs no network. A co-signature asks the server for the evidence of the first one.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownDocument`, `SetAside`, `Signed` (by this practitioner already, or its text has not come
    /// back yet), `CardNeverSigned`, `ContactNeverSigned`, `DraftNeverSigned`, `NotAuthor`, `UnknownCase` (its card is not here), `Unsignable` (which names the
    /// fields), `TooLarge`, `DiskFull`. For a co-signature also `Unreachable` and what else a sync may bring,
    /// `NoEvidence`, `Evidence`. Then nothing is signed.
    pub async fn sign(&self, document: DocumentId) -> Result<(), DeviceError> {
        let who = self.who()?;
        self.check_writable(document).await?;
        let device = self.clone();
        let Some(text) = self.text_to_co_sign(&who, document).await? else {
            let work = async move { device.sign_first(&who, document).await };
            return self.saving(work).await;
        };
        let evidence = self.evidence(&who, document, Some(text)).await?;
        self.saving(async move { device.co_sign(&who, document, evidence).await })
            .await
    }

    /// The file that proves a signed document offline and years later, as `samspor verify` reads it. Asks the server
    /// for the evidence, and checks all of it first; what was disclosed is its own evidence, and asks nobody. Where its
    /// template is the organisation's own, that is attached, so that its fields are shown with labels.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownDocument`, `NotSigned`, `NoEvidence`, `Evidence`, `Unreachable` and what else a sync may
    /// bring.
    pub async fn export_signed(&self, document: DocumentId) -> Result<Vec<u8>, DeviceError> {
        let who = self.who()?;
        self.check_shown(document).await?;
        let mut tx = self.inner.store()?.snapshot().await?;
        let text = signed::text(&mut tx, document).await?;
        if text.is_none() {
            let stored = document::read(&mut tx, document).await?;
            let is_here = stored.is_some_and(|stored| !stored.is_empty());
            return Err(if is_here {
                DeviceError::NotSigned
            } else {
                DeviceError::UnknownDocument
            });
        }
        if let Some(file) = signed::record(&mut tx, document).await? {
            drop(tx);
            let (record, text) = filed(&who, &file)?;
            return self.with_template(record, &text).await;
        }
        drop(tx);
        // A text that waits here may give way to another signature; one that came damaged proves nothing.
        let told = text.filter(|text| text.signed == state::TOLD && !text.is_aside);
        let evidence = self.evidence(&who, document, told.map(|text| text.bytes));
        let Evidence { record, text } = evidence.await?;
        self.with_template(record, &text).await
    }

    /// A record's file with its template, where that is the organisation's own and the file has room for it.
    async fn with_template(
        &self,
        record: SignedRecord,
        text: &SignedText,
    ) -> Result<Vec<u8>, DeviceError> {
        let reading = guard::guarded(|| text.reading(&self.inner.templates()))?;
        let store = self.inner.store()?;
        let template = store.template_file(&reading.template, reading.template_version);
        let mut file = SignedFile {
            record,
            template: template.await?,
        };
        let attached = file.to_file();
        if attached.len() <= limits::SIGNED_RECORD_BYTES_MAX {
            return Ok(attached);
        }
        file.template = None;
        Ok(file.to_file())
    }

    /// The text of a document that others signed, and this practitioner may sign, too; none while it is open.
    async fn text_to_co_sign(
        &self,
        who: &Who,
        document: DocumentId,
    ) -> Result<Option<Vec<u8>>, DeviceError> {
        let mut tx = self.inner.store()?.snapshot().await?;
        let Some(text) = signed::text(&mut tx, document).await? else {
            return Ok(None);
        };
        self.check_co_signature(&mut tx, who, document, &text)
            .await?;
        Ok(Some(text.bytes))
    }

    async fn check_co_signature(
        &self,
        tx: &mut Tx,
        who: &Who,
        document: DocumentId,
        text: &signed::Text,
    ) -> Result<(), DeviceError> {
        if text.is_aside {
            return Err(DeviceError::SetAside { document });
        }
        let me = who.enrolment.practitioner;
        let decoded =
            SignedText::decode(&text.bytes).map_err(|_| DeviceError::SetAside { document })?;
        let reading = guard::guarded(|| decoded.reading(&self.inner.templates()))?;
        let is_first = reading.authors.first() == Some(&me);
        if text.is_filed
            || text.signed != state::TOLD
            || is_first
            || signed::has_signed(tx, document, me).await?
        {
            return Err(DeviceError::Signed { document });
        }
        Ok(())
    }

    async fn sign_first(&self, who: &Who, document: DocumentId) -> Result<(), DeviceError> {
        let mut tx = self.inner.store()?.begin().await?;
        let stored = document::read(&mut tx, document)
            .await?
            .filter(|stored| !stored.is_empty())
            .ok_or(DeviceError::UnknownDocument)?;
        if stored.aside.is_some() {
            return Err(DeviceError::SetAside { document });
        }
        if stored.signed != state::OPEN {
            return Err(DeviceError::Signed { document });
        }
        if stored.space == who.enrolment.practitioner.private_space() {
            return Err(DeviceError::DraftNeverSigned);
        }
        let (text, wanted) = self.render(&mut tx, who, &stored).await?;
        let templates = self.inner.templates();
        let reading = guard::guarded(|| text.reading(&templates))?;
        let rows = index::rows_of(&reading, &templates, stored.seq);
        signed::freeze(&mut tx, document, stored.space, &wanted.text, rows).await?;
        self.queue_signature(&mut tx, who, &wanted, &reading)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The text of an open document, or what stands in its way.
    async fn render(
        &self,
        tx: &mut Tx,
        who: &Who,
        stored: &Stored,
    ) -> Result<(SignedText, Wanted), DeviceError> {
        let loaded = stored.build()?;
        let reading = guard::guarded(|| loaded.reading(&self.inner.templates()))?;
        match reading.kind {
            TemplateKind::Card => return Err(DeviceError::CardNeverSigned),
            TemplateKind::PlannedContact => return Err(DeviceError::ContactNeverSigned),
            TemplateKind::Entry | TemplateKind::Reflection => {}
        }
        if reading.authors.first() != Some(&who.enrolment.practitioner) {
            return Err(DeviceError::NotAuthor);
        }
        let place = TextPlace {
            organisation: who.enrolment.organisation,
            space: stored.space,
            document: stored.document,
            card: signed::card_at(tx, stored.space).await?,
        };
        let text = SignedText::new(place, &reading)?;
        let mut heads: Vec<Hash32> = loaded.heads().into_iter().map(Hash32).collect();
        heads.sort_unstable();
        if heads.len() > limits::SIGNED_HEADS_MAX {
            return Err(DeviceError::TooLarge {
                limit: limits::SIGNED_HEADS_MAX,
            });
        }
        let wanted = Wanted {
            document: stored.document,
            space: stored.space,
            text: text.encode(),
            heads,
        };
        Ok((text, wanted))
    }

    /// Signs what others signed, by what the evidence says of it.
    async fn co_sign(
        &self,
        who: &Who,
        document: DocumentId,
        evidence: Evidence,
    ) -> Result<(), DeviceError> {
        let mut tx = self.inner.store()?.begin().await?;
        let text = signed::text(&mut tx, document)
            .await?
            .ok_or(DeviceError::UnknownDocument)?;
        // The evidence may have told that this practitioner signed on another device.
        self.check_co_signature(&mut tx, who, document, &text)
            .await?;
        let decoded =
            SignedText::decode(&text.bytes).map_err(|_| DeviceError::SetAside { document })?;
        let reading = guard::guarded(|| decoded.reading(&self.inner.templates()))?;
        let wanted = Wanted {
            document,
            space: text.space,
            text: evidence.record.text.into(),
            heads: evidence.record.heads,
        };
        self.queue_signature(&mut tx, who, &wanted, &reading)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn queue_signature(
        &self,
        tx: &mut Tx,
        who: &Who,
        wanted: &Wanted,
        reading: &Reading,
    ) -> Result<(), DeviceError> {
        let templates = self.inner.templates();
        let signed_at = self.inner.options.clock.now();
        let statement = SignatureStatement {
            text_hash: Hash32::of(&wanted.text),
            heads: &wanted.heads,
            signer: who.enrolment.practitioner,
            device: who.device(),
            signed_at,
        };
        let body = Sign {
            signature: who.exchange.sign_text(&statement),
            heads: wanted.heads.clone(),
            text: wanted.text.clone().into(),
        };
        let new = NewSignature {
            document: wanted.document,
            space: wanted.space,
            signer: who.enrolment.practitioner,
            signed_at,
            operation: OperationId::make(signed_at, random_bytes()?),
            body: wire::encode(&body),
            queued_at: self.inner.options.token_clock.now(),
            written: Written {
                template: reading.template.clone(),
                title_da: reading.title(&templates, Language::Danish),
                title_en: reading.title(&templates, Language::English),
                occurred_at: reading.occurred_at,
                fields: Vec::new(),
                restriction: None,
            },
        };
        signed::queue(tx, new).await
    }

    /// The evidence of a signed document, all of it checked; its text must be `expected`, when one is known here.
    async fn evidence(
        &self,
        who: &Arc<Who>,
        document: DocumentId,
        expected: Option<Vec<u8>>,
    ) -> Result<Evidence, DeviceError> {
        let file = self.ask_for_evidence(who, document).await?;
        let refused = |source| DeviceError::Evidence { source };
        let record = SignedRecord::from_file(&file).map_err(|error| refused(Some(error)))?;
        let organisation_key = &who.enrolment.organisation_key;
        let verified = record.verify(Some(organisation_key));
        let Verified {
            text, signatures, ..
        } = verified.map_err(|error| refused(Some(error)))?;
        let is_same = expected.is_none_or(|expected| expected == *record.text);
        if text.place().document != document || !is_same {
            return Err(refused(None));
        }
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            if signed::text(&mut tx, document).await?.is_some() {
                signed::remember(&mut tx, document, &signatures).await?;
                tx.commit().await?;
            }
            Ok(())
        })
        .await?;
        Ok(Evidence { record, text })
    }

    /// Asks, and once more when only the clock was wrong.
    async fn ask_for_evidence(
        &self,
        who: &Who,
        document: DocumentId,
    ) -> Result<Vec<u8>, DeviceError> {
        let now = || self.inner.options.token_clock.now();
        let asked = who.exchange.evidence(now(), document).await;
        let asked = match asked {
            Err(Failed {
                failure: Failure::Clock(server),
                ..
            }) => {
                let offset = server.since(now());
                who.exchange.offset.store(offset, Ordering::Relaxed);
                who.exchange.evidence(now(), document).await
            }
            asked => asked,
        };
        asked.map_err(|failed| *failed.error)
    }
}
