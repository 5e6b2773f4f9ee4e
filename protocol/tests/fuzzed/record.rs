//! The file of a signed entry: verified, or the part is named that does not hold.

use super::golden::golden;
use ed25519_dalek::SigningKey;
use samspor_protocol::{
    certificate::DeviceCertificate,
    hash::Hash32,
    limits,
    sign::{LabelsFrom, SignatureStatement, SignedFile, SignedRecord, TextSignature},
};

/// The first byte says whether the record stands as it is, or is signed anew, as somebody would who has keys of
/// their own: then what is behind the signatures is met, too.
pub fn run(input: &[u8]) -> bool {
    let Some((mode, bytes)) = input.split_first() else {
        return false;
    };
    let Ok(SignedFile {
        mut record,
        template,
    }) = SignedFile::from_file(bytes)
    else {
        return false;
    };
    if *mode != 0 {
        sign_anew(&mut record);
    }
    let file = record.to_file();
    if file.len() <= limits::SIGNED_RECORD_BYTES_MAX {
        assert!(
            SignedRecord::from_file(&file).expect("just written") == record,
            "another record"
        );
    }
    match record.verify(None) {
        Ok(verified) => {
            assert_eq!(
                verified.signatures.len(),
                record.co_signatures.len() + 1,
                "signatures lost"
            );
            assert!(verified.text.encode() == *record.text, "another text");
            let attached = template.is_some();
            let file = SignedFile {
                record: record.clone(),
                template,
            };
            let from = file.labelled(&verified.text).from;
            let needs_one = !matches!(from, LabelsFrom::Program | LabelsFrom::Nowhere);
            assert_eq!(needs_one, attached, "labels from elsewhere");
            let other = [9; 32];
            assert!(record.verify(Some(&other)).is_err(), "holds under any key");
        }
        Err(error) => assert!(error.to_string().len() <= 1_000, "an error without end"),
    }
    true
}

fn sign_anew(record: &mut SignedRecord) {
    let organisation = SigningKey::from_bytes(&[1; 32]);
    let device = SigningKey::from_bytes(&[2; 32]);
    record.organisation_key = organisation.verifying_key().to_bytes();
    for certificate in &mut record.certificates {
        let mut statement = certificate.statement.clone();
        statement.public_key = device.verifying_key().to_bytes();
        *certificate = DeviceCertificate::issue(statement, &organisation);
    }
    let text_hash = Hash32::of(&record.text);
    let heads = record.heads.clone();
    let sign = |one: &mut TextSignature| {
        let statement = SignatureStatement {
            text_hash,
            heads: &heads,
            signer: one.signer,
            device: one.device,
            signed_at: one.signed_at,
        };
        *one = statement.sign(&device);
    };
    sign(&mut record.signature);
    record.co_signatures.iter_mut().for_each(sign);
}

pub fn seeds() -> Vec<Vec<u8>> {
    [
        golden(&["signed-record"], &[0]),
        golden(&["signed-record"], &[1]),
        golden(&["signed-record-template"], &[0]),
        golden(&["signed-record-template"], &[1]),
    ]
    .concat()
}
