//! Whether a signed record in a file holds: with no network, no store and no device.

use crate::{error::SamsporError, reading::Reading, runtime::hand_over};
use samspor_documents::{
    id::{DeviceId, DocumentId, OrganisationId, PractitionerId, SpaceId},
    template::{Labels, Language},
    time::UnixMillis,
};
use samspor_protocol::{
    hash::Hash32,
    sign::{self, LabelsFrom, SignedFile, Verified},
};

/// Who signed a record. Names are not in the file.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RecordSignature {
    /// Who.
    pub signer: PractitionerId,
    /// With which device.
    pub device: DeviceId,
    /// When, by that device's clock.
    pub signed_at: UnixMillis,
}

/// What the server says of a record's coming. Only the organisation can check it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct RecordReceipt {
    /// Its place in the log.
    pub seq: u64,
    /// When the server received it.
    pub received_at: UnixMillis,
}

impl From<sign::ServerReceipt> for RecordReceipt {
    fn from(receipt: sign::ServerReceipt) -> Self {
        Self {
            seq: receipt.seq,
            received_at: receipt.received_at,
        }
    }
}

/// Where the labels come from that a record is shown with.
#[uniffi::remote(Enum)]
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

/// A signed record of which everything holds but the server's receipt, which is not looked at. What is not proven: that a
/// device was still enrolled when it signed, and that its clock was right.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VerifiedRecord {
    /// The organisation it names.
    pub organisation: OrganisationId,
    /// The organisation's public key, 32 bytes, as it stands in the file.
    pub organisation_key: Vec<u8>,
    /// Whether that is the key that was given to compare with. If none was given, the file proves only that it fits
    /// together, not whose it is.
    pub organisation_expected: bool,
    /// The case or circle.
    pub space: SpaceId,
    /// The document.
    pub document: DocumentId,
    /// Where the labels come from.
    pub labels_from: LabelsFrom,
    /// Its heading.
    pub title: Labels,
    /// What it says, line by line, in Danish.
    pub lines_da: Vec<String>,
    /// The same in English.
    pub lines_en: Vec<String>,
    /// What it says, field by field.
    pub reading: Reading,
    /// The entry that it adds to.
    pub adds_to: Option<DocumentId>,
    /// SHA-256 of the signed text.
    pub text_sha256: Vec<u8>,
    /// The first signature, then the others.
    pub signatures: Vec<RecordSignature>,
    /// The server's receipt, unchecked.
    pub receipt: Option<RecordReceipt>,
}

fn told(file: &SignedFile, verified: &Verified) -> VerifiedRecord {
    let record = &file.record;
    let place = verified.text.place();
    let sign::Labelled {
        reading,
        templates,
        from,
    } = file.labelled(&verified.text);
    let lines = |language| reading.summary(&templates, language, usize::MAX);
    let signatures = verified.signatures.iter().map(|one| RecordSignature {
        signer: one.signer,
        device: one.device,
        signed_at: one.signed_at,
    });
    VerifiedRecord {
        organisation: place.organisation,
        organisation_key: record.organisation_key.to_vec(),
        organisation_expected: verified.organisation_expected,
        space: place.space,
        document: place.document,
        labels_from: from,
        title: Labels {
            da: reading.title(&templates, Language::Danish),
            en: reading.title(&templates, Language::English),
        },
        lines_da: lines(Language::Danish),
        lines_en: lines(Language::English),
        adds_to: reading.adds_to(),
        text_sha256: Hash32::of(&record.text).0.to_vec(),
        signatures: signatures.collect(),
        receipt: record.receipt.map(Into::into),
        reading: reading.into(),
    }
}

/// Verifies the file of a signed record, as `export_signed` gives it, against the organisation's key where one is given: 32
/// bytes, which a device's identity tells. It reads with the labels of the template that ships or is attached.
///
/// # Errors
/// `Refused` with the code of the first part that does not hold (`signature_broken`, `organisation_key_differs`, …), or
/// `bad_organisation_key` for one that is none.
#[uniffi::export(default(organisation_key = None))]
pub async fn verify_record(
    file: Vec<u8>,
    organisation_key: Option<Vec<u8>>,
) -> Result<VerifiedRecord, SamsporError> {
    let key: Option<[u8; 32]> = match organisation_key {
        Some(key) => Some(
            key.try_into()
                .map_err(|_| SamsporError::argument("bad_organisation_key"))?,
        ),
        None => None,
    };
    hand_over(async move {
        let (file, verified) = SignedFile::verified(&file, key.as_ref())?;
        Ok::<_, SamsporError>(told(&file, &verified))
    })
    .await
}
