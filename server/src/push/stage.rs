//! Staging: what each operation is, found out before the log's lock is taken.
//!
//! A change's limits are checked from its header before it is parsed. What is wrong here is answered later,
//! after the question whether the device may write at all.

use super::render::Rendering;
use crate::sync::CoreError;
use samspor_documents::{
    guard::{self, ChangeFacts, GuardError},
    id::{DocumentId, OperationId, PractitionerId, SpaceId},
};
use samspor_protocol::{
    assignment::{Assign, Unassign},
    circle::{Join, Leave, OpenCircle},
    closing::CloseCircle,
    disclosure::{Disclose, Filed},
    fact::Seen,
    limits,
    push::{Group, OpenCase, Operation, Publish, PushRequest, Sign, kind},
    reason::Reason,
    restrict::Restrict,
    share::{Share, Withdraw},
    wire::{self, WireError},
};

/// Above this many bytes, parsing leaves the async threads.
const INLINE_BYTES_MAX: usize = 16 * 1024;

/// Why an operation is refused, with a sentence for support.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub reason: Reason,
    pub detail: &'static str,
    /// The document that took the place of the caller's own draft.
    pub by: Option<DocumentId>,
}

impl Refusal {
    pub(super) const fn new(reason: Reason, detail: &'static str) -> Self {
        Self {
            reason,
            detail,
            by: None,
        }
    }

    /// About a draft of the caller's own that became this document.
    pub(super) const fn superseded(by: DocumentId) -> Self {
        Self {
            reason: Reason::Superseded,
            detail: "the draft was published before",
            by: Some(by),
        }
    }
}

/// A group of operations, each known for what it is.
#[derive(Debug)]
pub(super) struct StagedGroup {
    pub space: SpaceId,
    pub document: Option<DocumentId>,
    pub operations: Vec<Staged>,
}

/// One operation, known for what it is.
#[derive(Debug)]
pub(super) enum Staged {
    Change {
        facts: ChangeFacts,
        body: Vec<u8>,
    },
    OpenCase {
        operation: OperationId,
        body: OpenCase,
    },
    OpenCircle {
        operation: OperationId,
        body: OpenCircle,
    },
    Join {
        operation: OperationId,
        practitioner: PractitionerId,
    },
    Leave {
        operation: OperationId,
    },
    Share {
        operation: OperationId,
        body: Share,
    },
    Withdraw {
        operation: OperationId,
        body: Withdraw,
    },
    CloseCircle {
        operation: OperationId,
        body: CloseCircle,
    },
    Disclose {
        operation: OperationId,
        body: Disclose,
        filed: Filed,
        /// Whether what was logged before is projected: found out by [`super::disclosures::wait`].
        is_projected: bool,
    },
    Assign {
        operation: OperationId,
        body: Assign,
    },
    Unassign {
        operation: OperationId,
        body: Unassign,
    },
    Publish {
        operation: OperationId,
        draft: DocumentId,
        facts: ChangeFacts,
        change: Vec<u8>,
        seen: Vec<Seen>,
    },
    Sign {
        operation: OperationId,
        body: Sign,
        /// Whether the document says the text: found out by [`super::render`], where the device may write at all.
        rendering: Option<Rendering>,
    },
    Restrict {
        operation: OperationId,
        body: Restrict,
    },
    /// To be refused, if the device may know as much.
    Bad(Refusal),
}

impl Staged {
    /// What it weighs in a group commit.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Change { body, .. } => body.len(),
            Self::Publish { change, seen, .. } => {
                change.len().saturating_add(size_of_val(seen.as_slice()))
            }
            Self::Sign { body, .. } => body.text.len(),
            Self::Restrict { body, .. } => body.ground.len().saturating_add(128),
            Self::OpenCircle { body, .. } => {
                let facts = body.participants.len().saturating_add(1);
                facts.saturating_mul(128)
            }
            Self::Share { .. } | Self::Withdraw { .. } => 2_048,
            Self::Disclose { .. } => limits::SIGNED_TEXT_BYTES_MAX,
            Self::CloseCircle { body, .. } => {
                let bytes: usize = body.lines.iter().map(String::len).sum();
                let facts = body.shared_with.len().saturating_add(1);
                bytes.saturating_add(128).saturating_mul(facts)
            }
            Self::OpenCase { .. }
            | Self::Join { .. }
            | Self::Leave { .. }
            | Self::Assign { .. }
            | Self::Unassign { .. }
            | Self::Bad(_) => 64,
        }
    }

    /// Whether it is about a space that is there already: who sees it, or its end. When it is refused, the space is there
    /// all the same.
    pub(super) const fn is_about_access(&self) -> bool {
        matches!(
            self,
            Self::Join { .. }
                | Self::Leave { .. }
                | Self::CloseCircle { .. }
                | Self::Share { .. }
                | Self::Disclose { .. }
                | Self::Withdraw { .. }
                | Self::Assign { .. }
                | Self::Unassign { .. }
        )
    }
}

/// Stages a whole push.
pub(super) async fn stage(request: PushRequest) -> Result<Vec<StagedGroup>, CoreError> {
    let bytes: usize = request
        .groups
        .iter()
        .flat_map(|group| &group.operations)
        .map(|operation| operation.body.len())
        .sum();
    if bytes <= INLINE_BYTES_MAX {
        return Ok(stage_all(request));
    }
    tokio::task::spawn_blocking(move || stage_all(request))
        .await
        .map_err(|_| CoreError::Internal(None))
}

fn stage_all(request: PushRequest) -> Vec<StagedGroup> {
    request.groups.into_iter().map(stage_group).collect()
}

fn stage_group(group: Group) -> StagedGroup {
    let document = group.document;
    let stage = |operation| stage_one(document.is_some(), operation);
    StagedGroup {
        space: group.space,
        document,
        operations: group.operations.into_iter().map(stage).collect(),
    }
}

fn stage_one(in_document: bool, operation: Operation) -> Staged {
    match (operation.kind, in_document) {
        (kind::CHANGE, true) => stage_change(operation.body.into()),
        (kind::SIGN, true) => stage_sign(&operation),
        (kind::RESTRICT, true) => stage_restrict(&operation),
        (kind::OPEN_CASE, false) => stage_open_case(&operation),
        (kind::OPEN_CIRCLE, false) => stage_open_circle(&operation),
        (kind::JOIN, false) => stage_join(&operation),
        (kind::LEAVE, false) => stage_leave(&operation),
        (kind::SHARE, false) => stage_share(&operation),
        (kind::WITHDRAW, false) => stage_withdrawal(&operation),
        (kind::CLOSE_CIRCLE, false) => stage_close(&operation),
        (kind::DISCLOSE, false) => stage_disclosure(&operation),
        (kind::ASSIGN, false) => stage_assignment(&operation),
        (kind::UNASSIGN, false) => stage_unassignment(&operation),
        (kind::PUBLISH, true) => stage_publish(&operation),
        (
            kind::CHANGE
            | kind::OPEN_CASE
            | kind::OPEN_CIRCLE
            | kind::JOIN
            | kind::LEAVE
            | kind::SHARE
            | kind::WITHDRAW
            | kind::CLOSE_CIRCLE
            | kind::DISCLOSE
            | kind::ASSIGN
            | kind::UNASSIGN
            | kind::PUBLISH
            | kind::SIGN
            | kind::RESTRICT,
            _,
        ) => Staged::Bad(Refusal::new(
            Reason::Malformed,
            "this kind of operation does not stand in this kind of group",
        )),
        _ => Staged::Bad(Refusal::new(
            Reason::Unsupported,
            "this server does not know this kind of operation",
        )),
    }
}

fn stage_change(body: Vec<u8>) -> Staged {
    match guard::check_change(&body, &limits::CHANGE) {
        Ok(facts) => Staged::Change { facts, body },
        Err(error) => Staged::Bad(refusal_of(&error)),
    }
}

fn refusal_of(error: &GuardError) -> Refusal {
    match error {
        GuardError::TooLarge { .. } => {
            Refusal::new(Reason::TooLarge, "the change is over its limit in bytes")
        }
        GuardError::TooManyOperations { .. } => Refusal::new(
            Reason::TooManyOperations,
            "the change is over its limit in operations",
        ),
        _ => Refusal::new(
            Reason::Malformed,
            "not an uncompressed change that this server can read",
        ),
    }
}

fn stage_publish(operation: &Operation) -> Staged {
    let (Some(id), Ok(body)) = (operation.operation, Publish::from_body(&operation.body)) else {
        return Staged::Bad(Refusal::new(
            Reason::Malformed,
            "a publish needs an operation id and a body of its kind",
        ));
    };
    let change: Vec<u8> = body.change.into();
    match guard::check_change(&change, &limits::CHANGE) {
        Ok(facts) => Staged::Publish {
            operation: id,
            draft: body.draft,
            facts,
            change,
            seen: body.seen,
        },
        Err(error) => Staged::Bad(refusal_of(&error)),
    }
}

fn stage_sign(operation: &Operation) -> Staged {
    match (operation.operation, Sign::from_body(&operation.body)) {
        (Some(operation), Ok(body)) => Staged::Sign {
            operation,
            body,
            rendering: None,
        },
        (_, Err(WireError::TooLarge { .. })) => Staged::Bad(Refusal::new(
            Reason::TooLarge,
            "the signed text or its list of heads is over its limit",
        )),
        _ => Staged::Bad(Refusal::new(
            Reason::Malformed,
            "a signature needs an operation id and a body of its kind",
        )),
    }
}

fn stage_restrict(operation: &Operation) -> Staged {
    match (operation.operation, Restrict::from_body(&operation.body)) {
        (Some(operation), Ok(body)) => Staged::Restrict { operation, body },
        (_, Err(WireError::TooLarge { .. })) => Staged::Bad(Refusal::new(
            Reason::TooLarge,
            "the ground of the restriction is over its limit",
        )),
        _ => Staged::Bad(Refusal::new(
            Reason::Malformed,
            "a restriction needs an operation id, a ground and a body of its kind",
        )),
    }
}

fn stage_open_circle(operation: &Operation) -> Staged {
    match (operation.operation, OpenCircle::from_body(&operation.body)) {
        (Some(operation), Ok(body)) => Staged::OpenCircle { operation, body },
        (_, Err(WireError::TooLarge { .. })) => Staged::Bad(Refusal::new(
            Reason::TooLarge,
            "the circle names more participants or cases than it may",
        )),
        _ => Staged::Bad(Refusal::new(
            Reason::Malformed,
            "a circle's opening needs an operation id, a title of one line and a body of its kind",
        )),
    }
}

fn stage_join(operation: &Operation) -> Staged {
    match (
        operation.operation,
        wire::decode::<Join>("joining", &operation.body),
    ) {
        (Some(operation), Ok(body)) => Staged::Join {
            operation,
            practitioner: body.practitioner,
        },
        _ => Staged::Bad(Refusal::new(
            Reason::Malformed,
            "a joining needs an operation id and a body of its kind",
        )),
    }
}

fn stage_close(operation: &Operation) -> Staged {
    let malformed = "a closing needs an operation id and a body of its kind";
    match (operation.operation, CloseCircle::from_body(&operation.body)) {
        (Some(operation), Ok(body)) => Staged::CloseCircle { operation, body },
        (Some(_), Err(WireError::TooLarge { .. })) => Staged::Bad(Refusal::new(
            Reason::TooLarge,
            "a circle is closed with no more lines and teams than that",
        )),
        _ => Staged::Bad(Refusal::new(Reason::Malformed, malformed)),
    }
}

fn stage_leave(operation: &Operation) -> Staged {
    match (
        operation.operation,
        wire::decode::<Leave>("leaving", &operation.body),
    ) {
        (Some(operation), Ok(Leave {})) => Staged::Leave { operation },
        _ => Staged::Bad(Refusal::new(
            Reason::Malformed,
            "a leaving needs an operation id and a body of its kind",
        )),
    }
}

fn stage_share(operation: &Operation) -> Staged {
    match (operation.operation, Share::from_body(&operation.body)) {
        (Some(operation), Ok(body)) => Staged::Share { operation, body },
        _ => Staged::Bad(Refusal::new(
            Reason::Malformed,
            "a share needs an operation id, and a body of its kind with a purpose, a legal basis and a consent",
        )),
    }
}

fn stage_disclosure(operation: &Operation) -> Staged {
    let body = Disclose::from_body(&operation.body);
    let body = body.ok().and_then(|body| Some((body.filed()?, body)));
    match (operation.operation, body) {
        (Some(operation), Some((filed, body))) => Staged::Disclose {
            operation,
            body,
            filed,
            is_projected: false,
        },
        _ => Staged::Bad(Refusal::new(
            Reason::Malformed,
            "a disclosure needs an operation id, and a body of its kind: of one document, to a team, without an end",
        )),
    }
}

fn stage_withdrawal(operation: &Operation) -> Staged {
    match (operation.operation, Withdraw::from_body(&operation.body)) {
        (Some(operation), Ok(body)) => Staged::Withdraw { operation, body },
        _ => Staged::Bad(Refusal::new(
            Reason::Malformed,
            "a withdrawal needs an operation id and a body of its kind",
        )),
    }
}

fn stage_open_case(operation: &Operation) -> Staged {
    let (Some(id), Ok(body)) = (
        operation.operation,
        wire::decode("case opening", &operation.body),
    ) else {
        return Staged::Bad(Refusal::new(
            Reason::Malformed,
            "a case opening needs an operation id and a body of its kind",
        ));
    };
    Staged::OpenCase {
        operation: id,
        body,
    }
}

const BAD_ASSIGNMENT: Refusal = Refusal::new(
    Reason::Malformed,
    "an assignment, and its end, need an operation id and a body of its kind",
);

fn stage_assignment(operation: &Operation) -> Staged {
    match (
        operation.operation,
        wire::decode("assignment", &operation.body),
    ) {
        (Some(operation), Ok(body)) => Staged::Assign { operation, body },
        _ => Staged::Bad(BAD_ASSIGNMENT),
    }
}

fn stage_unassignment(operation: &Operation) -> Staged {
    match (
        operation.operation,
        wire::decode("end of an assignment", &operation.body),
    ) {
        (Some(operation), Ok(body)) => Staged::Unassign { operation, body },
        _ => Staged::Bad(BAD_ASSIGNMENT),
    }
}
