//! A signed record's file with the template that the record was rendered with, where that is an organisation's own.
//!
//! CBOR: `["samspor-signed-record", 2, record, template]`; without a template the format is 1 and the fourth part is not
//! there. **The template is no part of what was signed**: a record holds or does not whatever is attached. That it is the
//! organisation's, word for word, its own signature says; that the signer saw these labels, nothing does. So:
//!
//! - A template that the organisation's key confirms gives labels, of codes as well.
//! - One without a signature (it was added before there were any) gives the labels of fields, each beside the field's own
//!   name; values stand as they do without it.
//! - One that is another than the text names, is not what its signature is over, or cannot be read gives nothing.

use super::{SignedRecord, Verified, VerifyError, record::MAGIC};
use crate::{fact::TemplateFile, limits, wire};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};
use samspor_documents::{
    id::OrganisationId,
    reading::Reading,
    signed::SignedText,
    template::{Labels, Template, Templates},
};
use sha2::{Digest as _, Sha256};

const CONTEXT: &[u8] = b"samspor-template-1";
/// The format of a file without a template.
const PLAIN: u32 = 1;
/// That of one with it.
const WITH_TEMPLATE: u32 = 2;

/// A file: the record, and what is attached to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedFile {
    /// What is proven.
    pub record: SignedRecord,
    /// What it is shown with; not checked yet.
    pub template: Option<TemplateFile>,
}

/// The file as its bytes stand.
#[derive(Encode, Decode)]
struct Parts {
    #[n(0)]
    magic: String,
    #[n(1)]
    format: u32,
    #[n(2)]
    record: SignedRecord,
    #[n(3)]
    template: Option<TemplateFile>,
}

/// Where the labels come from that a record is shown with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelsFrom {
    /// The template ships with this program.
    Program,
    /// The attached template, which the organisation's key in the file confirms.
    Organisation,
    /// The attached template, which nothing confirms: fields' labels only.
    Attached,
    /// Nowhere: the template is not known here, and none is attached.
    Nowhere,
    /// Not from the attached template, which cannot be used.
    Unusable,
}

/// A text, read with what labels there are.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// What it says.
    pub reading: Reading,
    /// What it is to be shown with.
    pub templates: Templates,
    /// Where the labels come from.
    pub from: LabelsFrom,
}

impl TemplateFile {
    fn digest(&self, organisation: OrganisationId) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(CONTEXT);
        hasher.update(organisation.as_bytes());
        // No name is longer than four bytes can count.
        let length = u32::try_from(self.name.len()).unwrap_or(u32::MAX);
        hasher.update(length.to_be_bytes());
        hasher.update(self.name.as_bytes());
        hasher.update(self.version.to_be_bytes());
        hasher.update(Sha256::digest(self.text.as_bytes()));
        hasher.finalize().into()
    }

    /// The same, with the organisation's word that it is its own.
    #[must_use]
    pub fn signed(mut self, organisation: OrganisationId, organisation_key: &SigningKey) -> Self {
        let digest = self.digest(organisation);
        self.signature = Some(organisation_key.sign(&digest).to_bytes().to_vec().into());
        self
    }

    /// Whether this organisation's key signed it.
    #[must_use]
    pub fn is_signed_by(&self, organisation: OrganisationId, organisation_key: &[u8; 32]) -> bool {
        let signature = self.signature.as_ref();
        let signature = signature.and_then(|bytes| Signature::from_slice(bytes).ok());
        let key = VerifyingKey::from_bytes(organisation_key).ok();
        signature.zip(key).is_some_and(|(signature, key)| {
            key.verify_strict(&self.digest(organisation), &signature)
                .is_ok()
        })
    }
}

impl SignedFile {
    /// A file of which everything holds but the receipt, which is not looked at, and what is attached, which changes no
    /// value.
    ///
    /// # Errors
    /// As [`Self::from_file`] and [`SignedRecord::verify`].
    pub fn verified(
        bytes: &[u8],
        expected_organisation_key: Option<&[u8; 32]>,
    ) -> Result<(Self, Verified), VerifyError> {
        let file = Self::from_file(bytes)?;
        let verified = file.record.verify(expected_organisation_key)?;
        Ok((file, verified))
    }

    /// The file's bytes.
    #[must_use]
    pub fn to_file(&self) -> Vec<u8> {
        let format = match self.template {
            Some(_) => WITH_TEMPLATE,
            None => PLAIN,
        };
        wire::encode(&Parts {
            magic: MAGIC.to_owned(),
            format,
            record: self.record.clone(),
            template: self.template.clone(),
        })
    }

    /// What is in a file. Nothing in it is checked but its form: see [`SignedRecord::verify`].
    ///
    /// # Errors
    /// `TooLarge`, `NotARecord` or `OtherFormat`.
    pub fn from_file(bytes: &[u8]) -> Result<Self, VerifyError> {
        let too_large = |what, limit| Err(VerifyError::TooLarge { what, limit });
        if bytes.len() > limits::SIGNED_RECORD_BYTES_MAX {
            return too_large("file", limits::SIGNED_RECORD_BYTES_MAX);
        }
        // The format first: a newer one may be of another shape.
        if let Some(format) = format_of(bytes)
            && format != PLAIN
            && format != WITH_TEMPLATE
        {
            return Err(VerifyError::OtherFormat { format });
        }
        let malformed = |source| VerifyError::NotARecord(Some(source));
        let parts: Parts = wire::decode("signed record", bytes).map_err(malformed)?;
        let template = parts.template.as_ref();
        if template.is_some_and(|template| template.text.len() > limits::TEMPLATE_BYTES_MAX) {
            return too_large("template", limits::TEMPLATE_BYTES_MAX);
        }
        let file = Self {
            record: parts.record,
            template: parts.template,
        };
        // One record, one file: nothing rides along unseen.
        match file.to_file() == bytes {
            true => Ok(file),
            false => Err(VerifyError::NotARecord(None)),
        }
    }

    /// Its text, which was checked, with what labels there are. Never panics; what is attached changes no value.
    #[must_use]
    pub fn labelled(&self, text: &SignedText) -> Labelled {
        let shipped = Templates::built_in();
        let reading = text.reading(shipped);
        let plain = |reading: Reading, from| Labelled {
            reading,
            templates: shipped.clone(),
            from,
        };
        let Some(attached) = &self.template else {
            let from = match reading.template_known {
                true => LabelsFrom::Program,
                false => LabelsFrom::Nowhere,
            };
            return plain(reading, from);
        };
        let Some((templates, template)) = attached.usable(&reading) else {
            return plain(reading, LabelsFrom::Unusable);
        };
        let organisation = text.place().organisation;
        if attached.is_signed_by(organisation, &self.record.organisation_key) {
            return Labelled {
                reading: text.reading(&templates),
                templates,
                from: LabelsFrom::Organisation,
            };
        }
        // A word that does not hold was altered; and nobody's word takes the place of what ships.
        if attached.signature.is_some() || reading.template_known {
            return plain(reading, LabelsFrom::Unusable);
        }
        plain(relabelled(reading, &template), LabelsFrom::Attached)
    }
}

impl TemplateFile {
    /// The template in it, where it is the one that a reading names.
    fn usable(&self, reading: &Reading) -> Option<(Templates, Template)> {
        if self.name != reading.template || self.version != reading.template_version {
            return None;
        }
        let (templates, _) = Templates::with_own(&[self.file()]);
        let template = templates.get(&self.name, self.version)?.clone();
        templates.is_own(&template).then_some((templates, template))
    }
}

/// With the labels of a template's fields, each with the field's own name; nothing else of it.
fn relabelled(mut reading: Reading, template: &Template) -> Reading {
    for field in &mut reading.fields {
        let known = template.field(&field.name);
        field.labels = known.map(|known| Labels {
            da: beside(&known.labels.da, &field.name),
            en: beside(&known.labels.en, &field.name),
        });
    }
    reading
}

/// A label from elsewhere, on one line and no longer than a label is.
fn beside(label: &str, name: &str) -> String {
    const CHARS_MAX: usize = 80;
    let label: Vec<&str> = label.split_whitespace().collect();
    let label: String = label.join(" ").chars().take(CHARS_MAX).collect();
    format!("{label} ({name})")
}

/// The format of what looks like such a file.
fn format_of(bytes: &[u8]) -> Option<u32> {
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.array().ok()??;
    (decoder.str().ok()? == MAGIC).then_some(())?;
    decoder.u32().ok()
}
