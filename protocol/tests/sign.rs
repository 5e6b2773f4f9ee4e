//! Signed records: their bytes in files, and that any altered part is found and named.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test reads and writes its golden files, and fails by panic"
)]

use ed25519_dalek::SigningKey;
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, Edit, NewDocument},
    id::{DeviceId, DocumentId, OperationId, OrganisationId, PractitionerId, SpaceId},
    signed::{SignedText, TextPlace},
    template::Templates,
    time::{Moment, UnixMillis},
    value::Value,
};
use samspor_protocol::{
    certificate::{DeviceCertificate, DeviceStatement},
    feed::Receipt,
    hash::Hash32,
    limits,
    push::{Operation, Sign, kind},
    sign::{ServerReceipt, SignatureStatement, SignedRecord, TextSignature, VerifyError},
    wire,
};
use std::{path::PathBuf, sync::OnceLock};

const AT: UnixMillis = UnixMillis(1_790_000_000_123);
const ORGANISATION: OrganisationId = OrganisationId::from_bytes([0x55; 16]);
/// The document's head as it was when the bytes were written: how a document begins is no part of the wire.
const HEAD: [u8; 32] = [
    0x74, 0x5a, 0x49, 0x1e, 0x35, 0xb8, 0xbc, 0x99, 0x2b, 0xce, 0x02, 0x85, 0x9a, 0xe7, 0x88, 0x21,
    0xa6, 0x0a, 0xac, 0xc5, 0x77, 0x91, 0xc9, 0xaa, 0x21, 0x5a, 0x99, 0x2b, 0xa6, 0x13, 0x9c, 0xc5,
];

/// Compares `bytes` with the file of this name.
fn golden(name: &str, bytes: &[u8]) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format!("v1-{name}.hex"));
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if std::env::var_os("SAMSPOR_ACCEPT_GOLDEN").is_some() {
        std::fs::write(&file, hex.clone() + "\n").expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(&file).expect("there is a golden file");
    assert_eq!(hex, golden.trim(), "the bytes of {name} changed");
}

fn organisation_key() -> SigningKey {
    SigningKey::from_bytes(&[0x50; 32])
}

fn expected() -> [u8; 32] {
    organisation_key().verifying_key().to_bytes()
}

/// Practitioner, device and key number `n`.
fn signer(n: u8) -> (PractitionerId, DeviceId, SigningKey) {
    (
        PractitionerId::from_bytes([n; 16]),
        DeviceId::from_bytes([n + 0x60; 16]),
        SigningKey::from_bytes(&[n; 32]),
    )
}

fn certificate(n: u8, organisation: OrganisationId) -> DeviceCertificate {
    let (practitioner, device, key) = signer(n);
    let statement = DeviceStatement {
        organisation,
        device,
        practitioner,
        public_key: key.verifying_key().to_bytes(),
        issued_at: AT,
    };
    DeviceCertificate::issue(statement, &organisation_key())
}

fn document() -> Document {
    let (author, device, _) = signer(1);
    let new = NewDocument {
        template: "note",
        subject: SpaceId::from_bytes([0x11; 16]),
        occurred_at: Moment {
            at: AT,
            offset_minutes: 120,
        },
        fields: vec![Edit::Set {
            field: "text".to_owned(),
            value: Value::Text("Ringede. Alt vel.".to_owned()),
        }],
    };
    let authoring = Authoring {
        actor: Actor::make(device, [1; 8]),
        author,
        at: AT,
    };
    Document::create(templates(), &new, &authoring)
        .expect("a note")
        .0
}

/// The template as it was when the bytes were written: a newer version of it makes another text.
fn templates() -> &'static Templates {
    static TEMPLATES: OnceLock<Templates> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let note = include_str!("../../documents/templates/note.toml");
        Templates::read(&[("note", note)]).expect("reads")
    })
}

fn text() -> Vec<u8> {
    let place = TextPlace {
        organisation: ORGANISATION,
        space: SpaceId::from_bytes([0x11; 16]),
        document: DocumentId::from_bytes([0x22; 16]),
        card: None,
    };
    SignedText::new(place, &document().reading(templates()))
        .expect("nothing stands in the way")
        .encode()
}

fn sign(n: u8, text: &[u8], heads: &[Hash32]) -> TextSignature {
    let (signer, device, key) = signer(n);
    let statement = SignatureStatement {
        text_hash: Hash32::of(text),
        heads,
        signer,
        device,
        signed_at: UnixMillis(AT.0 + i64::from(n)),
    };
    statement.sign(&key)
}

/// Signed by one, co-signed by another.
fn record() -> SignedRecord {
    let text = text();
    let heads = vec![Hash32(HEAD), Hash32([0xff; 32])];
    SignedRecord {
        signature: sign(1, &text, &heads),
        co_signatures: vec![sign(2, &text, &heads)],
        certificates: vec![certificate(1, ORGANISATION), certificate(2, ORGANISATION)],
        organisation_key: expected(),
        receipt: None,
        text: text.into(),
        heads,
    }
}

#[test]
fn a_signature_and_a_signed_record_keep_their_bytes() {
    let mut record = record();
    let body = Sign {
        heads: record.heads.clone(),
        text: record.text.clone(),
        signature: record.signature.clone(),
    };
    let operation = Operation::sign(OperationId::from_bytes([0x77; 16]), &body);
    assert_eq!(operation.kind, kind::SIGN);
    golden("sign", &wire::encode(&operation));
    assert_eq!(Sign::from_body(&operation.body).expect("reads back"), body);
    record.receipt = Some(ServerReceipt {
        seq: 7,
        received_at: AT,
        receipt: Receipt([0x99; 16]),
    });
    golden("signed-record", &record.to_file());
    let read = SignedRecord::from_file(&record.to_file()).expect("reads back");
    assert_eq!(read, record);
}

#[test]
fn a_whole_record_says_who_signed_what_and_whether_the_organisation_is_the_expected_one() {
    let record = SignedRecord::from_file(&record().to_file()).expect("a record");
    let verified = record.verify(Some(&expected())).expect("it holds");
    assert_eq!(verified.text.encode(), text());
    assert!(verified.organisation_expected);
    let signers: Vec<PractitionerId> = verified.signatures.iter().map(|one| one.signer).collect();
    assert_eq!(signers, [signer(1).0, signer(2).0]);
    let unasked = record.verify(None).expect("it holds");
    assert!(!unasked.organisation_expected);
}

/// The record's answer after one change.
fn changed(change: impl FnOnce(&mut SignedRecord)) -> VerifyError {
    let mut record = record();
    change(&mut record);
    record
        .verify(Some(&expected()))
        .expect_err("the change is found")
}

/// Each bit of `length` bytes, flipped by `change`, must be answered as `is` says.
fn each_bit(
    what: &str,
    length: usize,
    change: impl Fn(&mut SignedRecord, usize, u8),
    is: fn(&VerifyError) -> bool,
) {
    for bit in 0..length * 8 {
        let error = changed(|record| change(record, bit / 8, 1 << (bit % 8)));
        assert!(is(&error), "{what}, bit {bit}: {error}");
    }
}

fn is_signature(error: &VerifyError) -> bool {
    matches!(error, VerifyError::Signature { .. })
}

fn is_certificate(error: &VerifyError) -> bool {
    matches!(error, VerifyError::CertificateNotSigned { .. })
}

#[test]
fn one_flipped_bit_in_what_was_signed_is_found_and_the_part_is_named() {
    use VerifyError as E;
    each_bit(
        "the text",
        text().len(),
        |record, at, bit| record.text[at] ^= bit,
        |error| {
            matches!(
                error,
                E::Text(_) | E::OtherOrganisation { .. } | E::Signature { .. }
            )
        },
    );
    each_bit(
        "a head",
        32,
        |record, at, bit| record.heads[0].0[at] ^= bit,
        |error| matches!(error, E::Heads | E::Signature { .. }),
    );
    each_bit(
        "a signature",
        64,
        |record, at, bit| record.signature.signature[at] ^= bit,
        is_signature,
    );
    each_bit(
        "a co-signature",
        64,
        |record, at, bit| record.co_signatures[0].signature[at] ^= bit,
        is_signature,
    );
    each_bit(
        "when it was signed",
        8,
        |record, at, bit| record.signature.signed_at.0 ^= i64::from(bit) << (8 * at),
        is_signature,
    );
}

/// An id with a bit flipped.
fn flipped(id: &[u8; 16], at: usize, bit: u8) -> [u8; 16] {
    let mut id = *id;
    id[at] ^= bit;
    id
}

#[test]
fn one_flipped_bit_in_who_signed_is_found_and_the_part_is_named() {
    use VerifyError as E;
    each_bit(
        "the signer",
        16,
        |record, at, bit| {
            let id = &mut record.signature.signer;
            *id = PractitionerId::from_bytes(flipped(id.as_bytes(), at, bit));
        },
        |error| matches!(error, E::OtherPractitioner { .. }),
    );
    each_bit(
        "the device",
        16,
        |record, at, bit| {
            let id = &mut record.signature.device;
            *id = DeviceId::from_bytes(flipped(id.as_bytes(), at, bit));
        },
        |error| matches!(error, E::NoCertificate { .. }),
    );
    each_bit(
        "a certificate's signature",
        64,
        |record, at, bit| record.certificates[1].signature[at] ^= bit,
        is_certificate,
    );
    each_bit(
        "a certificate's key",
        32,
        |record, at, bit| record.certificates[0].statement.public_key[at] ^= bit,
        is_certificate,
    );
    each_bit(
        "the organisation's key",
        32,
        |record, at, bit| record.organisation_key[at] ^= bit,
        |error| matches!(error, E::OrganisationKey),
    );
}

#[test]
fn a_certificate_altered_in_any_field_is_not_the_organisations() {
    type Change = fn(&mut DeviceStatement);
    let cases: [(&str, Change); 4] = [
        ("organisation", |one| {
            one.organisation = OrganisationId::from_bytes([1; 16])
        }),
        ("device", |one| one.device = DeviceId::from_bytes([1; 16])),
        ("practitioner", |one| {
            one.practitioner = PractitionerId::from_bytes([9; 16])
        }),
        ("issued_at", |one| one.issued_at = UnixMillis(0)),
    ];
    for (name, change) in cases {
        let error = changed(|record| change(&mut record.certificates[0].statement));
        assert!(
            matches!(error, VerifyError::CertificateNotSigned { .. }),
            "{name}: {error}"
        );
    }
}

#[test]
fn a_part_that_is_genuine_and_of_something_else_is_named() {
    use VerifyError as E;
    let other_key = SigningKey::from_bytes(&[0x51; 32])
        .verifying_key()
        .to_bytes();
    let other = record()
        .verify(Some(&other_key))
        .expect_err("another organisation");
    assert!(matches!(other, E::OrganisationKey));
    let unasked = |change: fn(&mut SignedRecord)| {
        let mut record = record();
        change(&mut record);
        record.verify(None).expect_err("the change is found")
    };
    let error = unasked(|record| record.organisation_key[0] ^= 1);
    assert!(matches!(error, E::CertificateNotSigned { .. }), "{error}");
    let error = changed(|record| {
        record.certificates[0] = certificate(1, OrganisationId::from_bytes([0x56; 16]));
    });
    assert!(matches!(error, E::OtherOrganisation { certified, .. } if certified != ORGANISATION));
    let error = changed(|record| record.certificates[1] = certificate(3, ORGANISATION));
    assert!(matches!(error, E::NoCertificate { device } if device == signer(2).1));
    let error = changed(|record| record.signature.signer = signer(2).0);
    assert!(matches!(error, E::OtherPractitioner { .. }));
    let error = changed(|record| record.signature = sign(1, b"another text", &record.heads));
    assert!(matches!(error, E::Signature { .. }));
    let error = changed(|record| {
        std::mem::swap(&mut record.signature, &mut record.co_signatures[0]);
    });
    assert!(matches!(error, E::NotTheAuthor { device } if device == signer(2).1));
    let error = changed(|record| record.heads = vec![]);
    assert!(matches!(error, E::Heads));
    let error = changed(|record| record.heads.reverse());
    assert!(matches!(error, E::Heads), "{error}");
    let error = changed(|record| record.text.push(0));
    assert!(matches!(error, E::Text(_)));
}

#[test]
fn what_is_too_large_is_refused_before_it_is_looked_at() {
    type Change = fn(&mut SignedRecord);
    let cases: [(&str, Change); 4] = [
        ("text", |record| {
            record.text = vec![0; limits::SIGNED_TEXT_BYTES_MAX + 1].into();
        }),
        ("list of heads", |record| {
            record.heads = vec![Hash32([1; 32]); limits::SIGNED_HEADS_MAX + 1];
        }),
        ("list of co-signatures", |record| {
            record.co_signatures = vec![record.signature.clone(); limits::CO_SIGNATURES_MAX + 1];
        }),
        ("list of certificates", |record| {
            let one = record.certificates[0].clone();
            record.certificates = vec![one; limits::CO_SIGNATURES_MAX + 2];
        }),
    ];
    for (name, change) in cases {
        let error = changed(change);
        assert!(
            matches!(error, VerifyError::TooLarge { what, .. } if what == name),
            "{error}"
        );
    }
    let file = vec![0; limits::SIGNED_RECORD_BYTES_MAX + 1];
    assert!(matches!(
        SignedRecord::from_file(&file),
        Err(VerifyError::TooLarge { what: "file", .. })
    ));
    let body = Sign {
        heads: vec![],
        text: vec![0; limits::SIGNED_TEXT_BYTES_MAX + 1].into(),
        signature: record().signature,
    };
    assert!(Sign::from_body(&wire::encode(&body)).is_err());
}

#[test]
fn a_file_damaged_anywhere_does_not_hold() {
    let whole = record().to_file();
    let holds = |bytes: &[u8]| {
        SignedRecord::from_file(bytes).is_ok_and(|record| record.verify(Some(&expected())).is_ok())
    };
    assert!(holds(&whole), "this test can fail");
    for at in 0..whole.len() {
        assert!(!holds(&whole[..at]), "cut at {at}");
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        assert!(!holds(&bytes), "byte {at}");
    }
    assert!(matches!(
        SignedRecord::from_file(&[whole.as_slice(), &[0]].concat()),
        Err(VerifyError::NotARecord(Some(_)))
    ));
    assert!(matches!(
        SignedRecord::from_file(b"a photograph"),
        Err(VerifyError::NotARecord(_))
    ));
}

#[test]
fn a_file_of_another_format_says_so() {
    let mut bytes = record().to_file();
    let magic = b"samspor-signed-record";
    let format = 2 + magic.len();
    assert_eq!((&bytes[2..format], bytes[format]), (magic.as_slice(), 1));
    bytes[format] = 2;
    // With nothing attached there is one format.
    assert!(matches!(
        SignedRecord::from_file(&bytes),
        Err(VerifyError::NotARecord(None))
    ));
    bytes[format] = 3;
    assert!(matches!(
        SignedRecord::from_file(&bytes),
        Err(VerifyError::OtherFormat { format: 3 })
    ));
    bytes.truncate(format + 1);
    assert!(matches!(
        SignedRecord::from_file(&bytes),
        Err(VerifyError::OtherFormat { format: 3 })
    ));
}
