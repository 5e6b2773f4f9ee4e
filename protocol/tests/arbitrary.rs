//! Decoders meet arbitrary bytes: whatever comes, they answer, without panic and within bounds.

use proptest::prelude::*;
use samspor_protocol::{
    circle::{Join, Leave, OpenCircle},
    closing::CloseCircle,
    disclosure::Disclose,
    enrol::{EnrolRequest, EnrolmentCode},
    evidence::EvidenceRequest,
    fact::{Fact, FactBody},
    feed::{FeedRequest, Page},
    frame, limits,
    push::{Group, Operation, Publish, PushRequest, PushResponse, Sign},
    quarantine::{Delivery, Receipt},
    repair::{RepairRequest, Tags},
    restrict::Restrict,
    sign::SignedRecord,
    token,
    wire::{self, WireError},
};

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..2000)
}

/// Tries every decoder; says whether any of them took the bytes.
fn decode_all(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    [
        wire::decode::<PushRequest>("push", bytes).is_ok(),
        wire::decode::<PushResponse>("push answer", bytes).is_ok(),
        Publish::from_body(bytes).is_ok(),
        wire::decode::<FeedRequest>("feed request", bytes).is_ok(),
        wire::decode::<Page>("page", bytes).is_ok(),
        wire::decode::<RepairRequest>("repair request", bytes).is_ok(),
        wire::decode::<Tags>("tags", bytes).is_ok(),
        wire::decode::<EnrolRequest>("enrolment", bytes).is_ok(),
        wire::decode::<Fact>("fact", bytes).is_ok(),
        wire::decode::<FactBody>("fact", bytes).is_ok(),
        wire::decode::<EvidenceRequest>("evidence request", bytes).is_ok(),
        Sign::from_body(bytes).is_ok(),
        Delivery::from_body(bytes).is_ok(),
        wire::decode::<Receipt>("receipt", bytes).is_ok(),
        OpenCircle::from_body(bytes).is_ok(),
        Restrict::from_body(bytes).is_ok(),
        CloseCircle::from_body(bytes).is_ok(),
        Disclose::from_body(bytes).is_ok(),
        wire::decode::<Join>("join", bytes).is_ok(),
        wire::decode::<Leave>("leave", bytes).is_ok(),
        SignedRecord::from_file(bytes).is_ok_and(|record| record.verify(None).is_ok()),
        frame::decode_page(bytes).is_ok(),
        token::Unchecked::parse(&text).is_ok(),
        EnrolmentCode::from_text(&text).is_ok(),
    ]
    .contains(&true)
}

fn push() -> Vec<u8> {
    let operations = vec![Operation::change(b"change".to_vec())];
    let space = samspor_documents::id::SpaceId::from_bytes([1; 16]);
    wire::encode(&PushRequest {
        groups: vec![Group {
            space,
            document: None,
            operations,
        }],
    })
}

proptest! {
    #[test]
    fn invariant_10_arbitrary_bytes_never_panic_a_decoder(bytes in bytes()) {
        let _ = decode_all(&bytes);
    }

    #[test]
    fn invariant_10_a_body_with_a_flipped_bit_never_panics_a_decoder(position in 0usize..200, bit in 0u8..8) {
        let mut body = push();
        let position = position % body.len();
        body[position] ^= 1 << bit;
        let _ = decode_all(&body);
    }
}

#[test]
fn invariant_10_a_length_that_is_not_there_reserves_no_memory() {
    // An array and a byte string that each declare 2^62 elements.
    for head in [
        [0x9b, 0x40, 0, 0, 0, 0, 0, 0, 0],
        [0x5b, 0x40, 0, 0, 0, 0, 0, 0, 0],
    ] {
        assert!(!decode_all(&head));
        let mut inside = vec![0x81];
        inside.extend(head);
        assert!(!decode_all(&inside));
    }
}

#[test]
fn a_body_is_taken_whole_or_not_at_all() {
    let body = push();
    assert!(
        decode_all(&body),
        "the body itself is taken: this test can fail"
    );
    for end in 0..body.len() {
        assert!(
            PushRequest::from_body(&body[..end]).is_err(),
            "cut at {end}"
        );
    }
    let mut longer = body;
    longer.push(0);
    assert!(matches!(
        PushRequest::from_body(&longer),
        Err(WireError::Trailing { .. })
    ));
}

#[test]
fn a_push_over_its_limits_is_refused_before_it_is_read() {
    let too_long = vec![0; limits::PUSH_BYTES_MAX + 1];
    assert!(matches!(
        PushRequest::from_body(&too_long),
        Err(WireError::TooLarge { .. })
    ));
    let space = samspor_documents::id::SpaceId::from_bytes([1; 16]);
    let operations = vec![Operation::change(vec![1]); limits::PUSH_OPERATIONS_MAX + 1];
    let too_many = wire::encode(&PushRequest {
        groups: vec![Group {
            space,
            document: None,
            operations,
        }],
    });
    assert!(matches!(
        PushRequest::from_body(&too_many),
        Err(WireError::TooLarge { .. })
    ));
}
