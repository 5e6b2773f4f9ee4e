//! The bytes of restrictions, in files: see `golden.rs` (`SAMSPOR_ACCEPT_GOLDEN=1 cargo test -p samspor-protocol`).

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test reads and writes its golden files, and fails by panic"
)]

use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{DocumentId, FactId, OperationId, PractitionerId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::{
    fact::{Fact, FactBody},
    push::{Answer, Group, Operation, PushRequest},
    reason::Reason,
    restrict::{Restrict, Restriction},
    wire,
};
use std::path::PathBuf;

const AT: UnixMillis = UnixMillis(1_790_000_000_123);

/// Compares a message's bytes with its file, and reads it back from them.
fn golden<T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + std::fmt::Debug>(
    name: &str,
    message: &T,
) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format!("v1-{name}.hex"));
    let bytes = wire::encode(message);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if std::env::var_os("SAMSPOR_ACCEPT_GOLDEN").is_some() {
        std::fs::write(&file, format!("{hex}\n")).expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(&file).expect("there is a golden file");
    assert_eq!(hex, golden.trim(), "the bytes of {name} changed");
    let back = wire::decode::<T>("message", &bytes).expect("reads back");
    assert_eq!(&back, message, "{name}");
}

#[test]
fn restrictions_keep_their_bytes() {
    let body = Restrict {
        restricted: true,
        ground: "Oplysningerne om far er omstridt".into(),
        at: AT,
    };
    golden("restrict", &body);
    let request = PushRequest {
        groups: vec![Group {
            space: SpaceId::from_bytes([0x11; 16]),
            document: Some(DocumentId::from_bytes([0x22; 16])),
            operations: vec![Operation::restrict(
                OperationId::from_bytes([0x77; 16]),
                &body,
            )],
        }],
    };
    golden("restrict-push", &request);
    let refused = Answer::refused(Reason::NotSigned, "the document is not signed");
    golden("not-signed", &refused);
    let told = FactBody::Restriction(Restriction {
        document: DocumentId::from_bytes([0x22; 16]),
        restricted: true,
        ground: "Oplysningerne om far er omstridt".into(),
        by: PractitionerId::from_bytes([0x44; 16]),
        at: AT,
    });
    let fact = Fact::new(
        FactId::from_bytes([0x88; 16]),
        SpaceId::from_bytes([0x11; 16]),
        2,
        &told,
    );
    golden("fact-11", &fact);
    assert_eq!(fact.read().expect("reads back"), told);
}
