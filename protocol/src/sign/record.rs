//! A signed record as a file: a text with all that is needed to check it, offline and years later.
//!
//! CBOR: `["samspor-signed-record", 1, record]`, in the one encoding this build writes; with a template attached, see
//! [`super::SignedFile`]. What is proven: the
//! organisation's key certified these devices, and each signed exactly this text, read from these heads. What is not:
//! that a device was not revoked when it signed, that its clock was right, and the server's receipt, which only the
//! organisation's secret can check.

use super::{SignedFile, TextSignature};
use crate::{certificate::DeviceCertificate, feed::Receipt, hash::Hash32, limits, wire::WireError};
use minicbor::{Decode, Encode, bytes::ByteVec};
use samspor_documents::{
    id::{DeviceId, OrganisationId},
    signed::{SignedText, TextError},
    time::UnixMillis,
};

/// What such a file begins with.
pub(super) const MAGIC: &str = "samspor-signed-record";

/// A text with its signatures, their certificates, and the organisation's public key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedRecord {
    /// The canonical text: see [`samspor_documents::signed`].
    #[n(0)]
    pub text: ByteVec,
    /// What it was read from, ascending.
    #[n(1)]
    pub heads: Vec<Hash32>,
    /// The first signature: by who began the document, the text's first author.
    #[n(2)]
    pub signature: TextSignature,
    /// Those of others, over the same text and heads.
    #[n(3)]
    pub co_signatures: Vec<TextSignature>,
    /// One for each device that signed, in any order.
    #[n(4)]
    pub certificates: Vec<DeviceCertificate>,
    /// The key that signed the certificates.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub organisation_key: [u8; 32],
    /// What the server confirmed; none before the text reached it.
    #[n(6)]
    pub receipt: Option<ServerReceipt>,
}

/// That the server received a text. Kept in the file for the organisation, which alone can check it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct ServerReceipt {
    /// Its place in the organisation's log.
    #[n(0)]
    pub seq: u64,
    /// When it was received, by the server's clock.
    #[n(1)]
    pub received_at: UnixMillis,
    /// The MAC.
    #[n(2)]
    pub receipt: Receipt,
}

/// A record of which everything holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What was signed.
    pub text: SignedText,
    /// Whether the organisation's key is one the caller expected. If not, the file proves only that it fits together:
    /// anybody can make a key and call it a municipality's.
    pub organisation_expected: bool,
    /// Who signed, with which device, when: the first signature, then the co-signatures, as in the file.
    pub signatures: Vec<TextSignature>,
}

/// The part of a record that does not hold: the first one that is met, in the order of the variants. What was altered
/// is named as far as it can be told: a signature that does not hold cannot say which of the things it is over changed.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// More than a record may hold.
    #[error("the {what} is over its limit of {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, in the unit its constant names.
        limit: usize,
    },
    /// Not a file of this kind, or damaged in its form.
    #[error("not a signed record")]
    NotARecord(#[source] Option<WireError>),
    /// Of a format that this build does not read.
    #[error("the record is of format {format}; this build reads 1 and 2")]
    OtherFormat {
        /// Its format.
        format: u32,
    },
    /// Signed in the name of an organisation other than the one expected.
    #[error("the organisation's key is not the expected one")]
    OrganisationKey,
    /// The text is not a canonical one.
    #[error("the text is not a canonical text")]
    Text(#[source] TextError),
    /// There are no heads, or they do not ascend.
    #[error("the heads are not a sorted list")]
    Heads,
    /// A certificate that the organisation's key did not sign, or not as it stands.
    #[error("the certificate of device {device} is not signed by the organisation")]
    CertificateNotSigned {
        /// The device it names.
        device: DeviceId,
    },
    /// A certificate of another organisation than the text's.
    #[error("the text is of another organisation than the certificate of device {device}")]
    OtherOrganisation {
        /// The device it names.
        device: DeviceId,
        /// The organisation it names.
        certified: OrganisationId,
    },
    /// No certificate is of the device that a signature names.
    #[error("there is no certificate of device {device}, which signed")]
    NoCertificate {
        /// The device.
        device: DeviceId,
    },
    /// The device that a signature names is certified as another practitioner's than its signer.
    #[error("device {device} is another practitioner's than the signer")]
    OtherPractitioner {
        /// The device.
        device: DeviceId,
    },
    /// The device did not sign this text, these heads, at this time: one of them, or the signature, was altered.
    #[error("the signature of device {device} does not hold")]
    Signature {
        /// The device.
        device: DeviceId,
    },
    /// The first signature is not of who began the text: who signs first answers for it.
    #[error("the first signature, of device {device}, is not its author's")]
    NotTheAuthor {
        /// The device.
        device: DeviceId,
    },
}

impl VerifyError {
    /// Its code: stable, lower case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "record_too_large",
            Self::NotARecord(_) => "not_a_record",
            Self::OtherFormat { .. } => "record_format",
            Self::OrganisationKey => "organisation_key_differs",
            Self::Text(_) => "text_broken",
            Self::Heads => "heads_broken",
            Self::CertificateNotSigned { .. } => "certificate_broken",
            Self::OtherOrganisation { .. } => "organisation_differs",
            Self::NoCertificate { .. } => "certificate_missing",
            Self::OtherPractitioner { .. } => "signer_differs",
            Self::Signature { .. } => "signature_broken",
            Self::NotTheAuthor { .. } => "author_differs",
        }
    }
}

impl SignedRecord {
    /// The file's bytes, with nothing attached.
    #[must_use]
    pub fn to_file(&self) -> Vec<u8> {
        let file = SignedFile {
            record: self.clone(),
            template: None,
        };
        file.to_file()
    }

    /// The record in a file to which nothing is attached. Nothing in it is checked but its form: see [`Self::verify`].
    ///
    /// # Errors
    /// `TooLarge`, `NotARecord` (also where something is attached) or `OtherFormat`.
    pub fn from_file(bytes: &[u8]) -> Result<Self, VerifyError> {
        let file = SignedFile::from_file(bytes)?;
        match file.template {
            None => Ok(file.record),
            Some(_) => Err(VerifyError::NotARecord(None)),
        }
    }

    /// Checks everything that can be checked without the server.
    ///
    /// Without `expected_organisation_key` the file is only checked against the key in it: see
    /// [`Verified::organisation_expected`].
    ///
    /// # Errors
    /// `VerifyError` names the first part that does not hold.
    pub fn verify(
        &self,
        expected_organisation_key: Option<&[u8; 32]>,
    ) -> Result<Verified, VerifyError> {
        self.check_sizes()?;
        if expected_organisation_key.is_some_and(|expected| *expected != self.organisation_key) {
            return Err(VerifyError::OrganisationKey);
        }
        let text = SignedText::decode(&self.text).map_err(VerifyError::Text)?;
        let ascend = |pair: &[Hash32]| matches!(pair, [one, other] if one < other);
        if self.heads.is_empty() || !self.heads.windows(2).all(ascend) {
            return Err(VerifyError::Heads);
        }
        self.check_certificates(text.place().organisation)?;
        let text_hash = Hash32::of(&self.text);
        let signatures = self.signatures();
        signatures
            .iter()
            .try_for_each(|signature| self.check_signature(signature, text_hash))?;
        if text.authors().first() != Some(&self.signature.signer) {
            let device = self.signature.device;
            return Err(VerifyError::NotTheAuthor { device });
        }
        Ok(Verified {
            text,
            organisation_expected: expected_organisation_key.is_some(),
            signatures,
        })
    }

    /// The first signature, then the others.
    fn signatures(&self) -> Vec<TextSignature> {
        let first = std::iter::once(&self.signature);
        first.chain(&self.co_signatures).cloned().collect()
    }

    fn check_sizes(&self) -> Result<(), VerifyError> {
        let sizes = [
            ("text", self.text.len(), limits::SIGNED_TEXT_BYTES_MAX),
            ("list of heads", self.heads.len(), limits::SIGNED_HEADS_MAX),
            (
                "list of co-signatures",
                self.co_signatures.len(),
                limits::CO_SIGNATURES_MAX,
            ),
            (
                "list of certificates",
                self.certificates.len(),
                limits::CO_SIGNATURES_MAX + 1,
            ),
        ];
        match sizes.into_iter().find(|(_, size, limit)| size > limit) {
            Some((what, _, limit)) => Err(VerifyError::TooLarge { what, limit }),
            None => Ok(()),
        }
    }

    /// Every certificate, whether needed or not: a file holds nothing that does not hold.
    fn check_certificates(&self, organisation: OrganisationId) -> Result<(), VerifyError> {
        for certificate in &self.certificates {
            let statement = &certificate.statement;
            let device = statement.device;
            if !certificate.is_signed_by(&self.organisation_key) {
                return Err(VerifyError::CertificateNotSigned { device });
            }
            if statement.organisation != organisation {
                return Err(VerifyError::OtherOrganisation {
                    device,
                    certified: statement.organisation,
                });
            }
        }
        Ok(())
    }

    fn check_signature(
        &self,
        signature: &TextSignature,
        text_hash: Hash32,
    ) -> Result<(), VerifyError> {
        let device = signature.device;
        let mut certificates = self.certificates.iter().map(|one| &one.statement);
        let certified = certificates
            .find(|statement| statement.device == device)
            .ok_or(VerifyError::NoCertificate { device })?;
        if certified.practitioner != signature.signer {
            return Err(VerifyError::OtherPractitioner { device });
        }
        if !signature.holds(text_hash, &self.heads, &certified.public_key) {
            return Err(VerifyError::Signature { device });
        }
        Ok(())
    }
}
