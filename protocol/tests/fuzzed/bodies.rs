//! Bodies of requests. What was read is written in one way, reads again as the same, and keeps to its limits.

use super::golden::golden;
use minicbor::{Decode, Encode};
use samspor_documents::guard;
use samspor_protocol::{
    assignment::{Assign, Unassign},
    circle::{Join, Leave, OpenCircle},
    closing::CloseCircle,
    disclosure::Disclose,
    enrol::{EnrolRequest, EnrolResponse},
    evidence::EvidenceRequest,
    fact::FactBody,
    feed::FeedRequest,
    frame, limits,
    problem::Problem,
    push::{OpenCase, Operation, Publish, PushRequest, PushResponse, Sign, kind},
    quarantine::Delivery,
    repair::{RepairRequest, Tags},
    restrict::Restrict,
    share::{Share, Withdraw},
    wire::{self, WireError},
};

/// One body of this kind: whether it is one. What it says is written again, once, and stays.
fn whole<T: for<'b> Decode<'b, ()> + Encode<()>>(body: &[u8]) -> bool {
    let Ok(message) = wire::decode::<T>("body", body) else {
        return false;
    };
    stays(&message)
}

fn stays<T: for<'b> Decode<'b, ()> + Encode<()>>(message: &T) -> bool {
    let bytes = wire::encode(message);
    let again: T = wire::decode("body", &bytes).expect("what was encoded decodes");
    assert!(
        wire::encode(&again) == bytes,
        "another encoding of the same message"
    );
    true
}

fn read<T: for<'b> Decode<'b, ()> + Encode<()>>(message: Result<T, WireError>) -> bool {
    message.is_ok_and(|message| stays(&message))
}

/// An operation's body, as the server takes it.
fn body_of(kind: u8, body: &[u8]) -> bool {
    match kind {
        kind::CHANGE => guard::check_change(body, &limits::CHANGE).is_ok(),
        kind::OPEN_CASE => whole::<OpenCase>(body),
        kind::OPEN_CIRCLE => read(OpenCircle::from_body(body)),
        kind::JOIN => whole::<Join>(body),
        kind::LEAVE => whole::<Leave>(body),
        kind::SHARE => read(Share::from_body(body)),
        kind::WITHDRAW => read(Withdraw::from_body(body)),
        kind::PUBLISH => read(Publish::from_body(body)),
        kind::SIGN => read(Sign::from_body(body)),
        kind::RESTRICT => read(Restrict::from_body(body)),
        kind::CLOSE_CIRCLE => read(CloseCircle::from_body(body)),
        kind::DISCLOSE => read(Disclose::from_body(body)),
        kind::ASSIGN => whole::<Assign>(body),
        kind::UNASSIGN => whole::<Unassign>(body),
        _ => false,
    }
}

/// The first byte says whether the rest travels packed or plain.
pub fn push(input: &[u8]) -> bool {
    let Some((mode, body)) = input.split_first() else {
        return false;
    };
    let packed = if *mode == 0 {
        body.to_vec()
    } else {
        frame::pack(body.to_vec())
    };
    let Ok(plain) = frame::unpack(&packed, limits::PUSH_BYTES_MAX) else {
        return false;
    };
    assert!(
        plain.len() <= limits::PUSH_BYTES_MAX,
        "a push over its limit"
    );
    let Ok(request) = PushRequest::from_body(&plain) else {
        return false;
    };
    assert!(
        request.operations() <= limits::PUSH_OPERATIONS_MAX,
        "too many operations"
    );
    for operation in request.groups.iter().flat_map(|group| &group.operations) {
        body_of(operation.kind, &operation.body);
    }
    stays(&request)
}

pub fn push_seeds() -> Vec<Vec<u8>> {
    const PUSHES: &[&str] = &[
        "push-request",
        "assign-push",
        "circle-push",
        "restrict-push",
        "share-push",
    ];
    [golden(PUSHES, &[0]), golden(PUSHES, &[1])].concat()
}

/// The first byte is the operation's kind.
pub fn operation(input: &[u8]) -> bool {
    input
        .split_first()
        .is_some_and(|(kind, body)| body_of(*kind, body))
}

/// Every golden body under every kind, and those of whole operations as they are.
pub fn operation_seeds() -> Vec<Vec<u8>> {
    const BODIES: &[&str] = &[
        "assign", "unassign", "close", "disclose", "join", "leave", "open", "publish", "restrict",
        "share", "sign", "withdraw",
    ];
    let bodies = golden(BODIES, &[]);
    let operations = bodies
        .iter()
        .filter_map(|bytes| wire::decode::<Operation>("operation", bytes).ok());
    let whole = operations.map(|one| [&[one.kind], one.body.as_slice()].concat());
    let guessed = bodies.iter().flat_map(|bytes| {
        (kind::OPEN_CASE..=kind::UNASSIGN).map(|kind| [&[kind], bytes.as_slice()].concat())
    });
    whole
        .chain(guessed)
        .filter(|seed| operation(seed))
        .collect()
}

/// The first byte says what the rest is taken for.
pub fn request(input: &[u8]) -> bool {
    let Some((which, body)) = input.split_first() else {
        return false;
    };
    match which % 10 {
        0 => whole::<FeedRequest>(body),
        1 => whole::<RepairRequest>(body),
        2 => whole::<EvidenceRequest>(body),
        3 => {
            let request = wire::decode::<EnrolRequest>("enrolment", body);
            request.is_ok_and(|request| {
                let _ = request.is_proven();
                stays(&request)
            })
        }
        4 => Delivery::from_body(body).is_ok_and(|(delivery, plain)| {
            assert!(
                plain.len() <= limits::QUARANTINE_BYTES_MAX,
                "a delivery over its limit"
            );
            let _ = delivery.items();
            stays(&delivery)
        }),
        5 => whole::<PushResponse>(body),
        6 => whole::<EnrolResponse>(body),
        7 => whole::<Tags>(body),
        8 => whole::<Problem>(body),
        _ => whole::<FactBody>(body),
    }
}

pub fn request_seeds() -> Vec<Vec<u8>> {
    const NAMES: &[&str] = &[
        "feed-request",
        "repair",
        "evidence-request",
        "enrol-request",
        "quarantine-delivery",
        "push-response",
        "enrol-response",
        "tags",
        "problem",
        "fact-",
    ];
    let named = (0..).zip(NAMES);
    named
        .flat_map(|(which, name)| golden(&[name], &[which]))
        .collect()
}
